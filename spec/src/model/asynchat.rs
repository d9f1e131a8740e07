//! The state of asynchat that is set from outside: the terminator and the buffers.

use super::Pattern;
use super::channel::{encoded, set_by};
use super::machine::{Machine, Outcome, id};
use crate::name::Name;
use crate::profile::Profile;
use crate::value::Value;

impl Machine<'_> {
    pub(super) fn set_terminator(&mut self, chan: Name, terminator: &Value) -> Outcome<()> {
        if self.profile == Profile::Py311 && matches!(terminator, Value::Int { value } if *value < 0) {
            return super::machine::thrown("ValueError", id("INPUT-41"));
        }
        if let Some(why) = super::input::oddity(terminator) {
            self.forbid(Pattern::Raised, why);
            self.accident(why);
        }
        if matches!(terminator, Value::Text { .. }) && self.chan(chan).use_encoding {
            self.accident(id("INPUT-53"));
        }
        let it = self.chan(chan);
        it.sets += 1;
        it.terminator = Some(encoded(terminator, it.use_encoding));
        it.terminator_why = set_by(Some(terminator), it.use_encoding);
        Ok(())
    }

    pub(super) fn discard_buffers(&mut self, chan: Name) {
        let it = self.chan(chan);
        it.input_discarded = !it.buffer.is_empty();
        it.buffer.clear();
        it.buffer_why = None;
        it.discarded = !it.fifo.is_empty() || !it.out.is_empty();
        it.fifo.clear();
        it.out.clear();
        // The 2.5 generation has no `incoming` to empty.
        it.incoming.clear();
    }
}
