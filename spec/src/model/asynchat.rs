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
            self.chan(chan).terminator_why = id("INPUT-41");
            return super::machine::thrown("ValueError", id("INPUT-41"));
        }
        let use_encoding = self.chan(chan).use_encoding;
        let profile = self.profile;
        if let Some(why) = super::input::oddity(terminator, profile, use_encoding) {
            self.forbid(Pattern::Raised, why);
            if self.chan(chan).reading {
                self.odd_reading.get_or_insert(why);
            }
        }
        let it = self.chan(chan);
        it.sets += 1;
        it.terminator = Some(encoded(terminator, use_encoding));
        it.terminator_why = set_by(Some(terminator), profile, use_encoding);
        Ok(())
    }

    pub(super) fn discard_buffers(&mut self, chan: Name) {
        if self.chan(chan).sending {
            self.accident(id("OUTPUT-24"));
        }
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
