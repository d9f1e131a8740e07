//! Questions that a pass asks in another order, or more than once.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::{Event, What};

use super::{Item, Sides};

/// The clause on how often, and in which order, a pass asks.
pub(super) const ONCE: ClauseId = ClauseId::new("POLL-32");

impl Sides<'_> {
    /// Says whether a question comes too often or too early here, and what was expected comes all the same.
    pub(super) fn asks_otherwise(&self, at: usize, expected: &Item, actual: &Item) -> bool {
        if !is_question(&actual.event) || self.guard(at, &actual.event).map(|guard| guard.clause) != Some(ONCE) {
            return false;
        }
        let of_step = |item: &&Item| item.step == expected.step;
        let later = self.actual[at..].iter().take_while(of_step);
        if is_wait(&expected.event) {
            // Who leaves out a wait asks again, too, but waits less often.
            let waits = self.expected[at..].iter().take_while(of_step).filter(|item| is_wait(&item.event)).count();
            return later.filter(|item| is_wait(&item.event)).count() == waits;
        }
        { later }.take_while(|item| !is_wait(&item.event)).any(|item| item.event == expected.event)
    }
}

fn is_question(event: &Event) -> bool {
    matches!(event.what, What::Hook { hook: Hook::Readable | Hook::Writable, .. })
}

fn is_wait(event: &Event) -> bool {
    matches!(event.what, What::Wait { .. })
}
