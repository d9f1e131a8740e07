//! Laws: what holds of every trace of a conforming subject, whatever the model says.
//!
//! A law looks at the scenario's words and at the trace, never at the model. On a trace that the model predicts, no law
//! is broken; a test holds them to that. A law that speaks of events which the subject cannot observe is passed over.

mod auxiliary;
mod loops;
mod stream;
mod wire;

use crate::clause_id::ClauseId;
use crate::model::{Settings, predict};
use crate::scenario::Scenario;
use crate::trace::Trace;
use crate::view::Observed;

/// Says where a trace breaks a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The clause that the law stands for.
    pub clause: ClauseId,
    /// The step, counted from 0.
    pub step: usize,
    /// What is wrong, in one sentence.
    pub why: String,
}

/// Is what the laws say of one trace.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Laws {
    /// The clauses whose laws applied and held.
    pub held: Vec<ClauseId>,
    /// The laws that are broken.
    pub broken: Vec<Violation>,
}

/// Is what one law says: nothing if it does not apply, and else whether it is broken: in which step, and why.
pub type Saying = Option<Result<(), (usize, String)>>;

/// Is what a law may look at.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was done.
    pub scenario: &'a Scenario,
    /// What is known of the subject.
    pub settings: &'a Settings,
    /// What was observed.
    pub trace: &'a Trace,
    /// Which kinds of event the subject observes.
    pub observed: &'a Observed,
}

/// Is a law with its clause.
pub type Law = (&'static str, fn(&Seen<'_>) -> Saying);

/// Every law with its clause.
pub const LAWS: &[Law] = &[
    ("PREFIX-1", auxiliary::prefix_is_longest),
    ("FIFO-1", auxiliary::fifo_keeps_order),
    ("PRODUCER-1", auxiliary::pieces_make_the_whole),
    ("PRODUCER-9", wire::pieces_are_sent_at_once),
    ("INPUT-1", stream::lines_are_what_was_received),
    ("INPUT-2", stream::no_empty_data),
    ("INPUT-11", stream::counts_are_exact),
    ("INPUT-14", stream::all_is_collected),
    ("OUTPUT-1", wire::sent_in_order),
    ("OUTPUT-5", wire::sends_are_short),
    ("OUTPUT-8", wire::rest_comes_next),
    ("OUTPUT-28", wire::nothing_after_close),
    ("CONNECT-16", loops::not_connected_inside_handle_connect),
    ("IO-14", loops::buffered_in_order),
    ("ERROR-6", loops::exit_is_no_error),
    ("LOOP-2", loops::no_more_passes_than_count),
    ("POLL-32", loops::predicates_are_asked_once),
    ("POLL-28", loops::only_reported_events),
    ("FILE-5", loops::wrappers_close_once),
];

/// Names the clauses that have a law.
pub fn clauses() -> impl Iterator<Item = ClauseId> {
    LAWS.iter().map(|(id, _)| ClauseId::new(id))
}

/// Holds a trace against every law.
#[must_use]
pub fn apply(scenario: &Scenario, settings: &Settings, trace: &Trace, observed: &Observed) -> Laws {
    apply_these(LAWS, &Seen { scenario, settings, trace, observed })
}

/// Holds what was seen against some laws.
///
/// Where the subject does otherwise on purpose, a law says nothing if it is about that, or if the changed model itself
/// breaks it; and none does where something may come that need not.
#[must_use]
pub fn apply_these(laws: &[Law], seen: &Seen<'_>) -> Laws {
    let changes = &seen.settings.changes;
    if changes.is_empty() {
        return ask(laws, seen);
    }
    let prediction = predict(seen.scenario, seen.settings);
    if !prediction.allowed.is_empty() {
        return Laws::default();
    }
    let broken = ask(laws, &Seen { trace: &prediction.trace(), ..*seen }).broken;
    let silent = |id: ClauseId| {
        changes.iter().any(|change| change.clause == id) || broken.iter().any(|violation| violation.clause == id)
    };
    let fair: Vec<Law> = laws.iter().filter(|(id, _)| !silent(ClauseId::new(id))).copied().collect();
    ask(&fair, seen)
}

fn ask(laws: &[Law], seen: &Seen<'_>) -> Laws {
    let mut said = Laws::default();
    for (id, law) in laws {
        let clause = ClauseId::new(id);
        match law(seen) {
            None => {}
            Some(Ok(())) => said.held.push(clause),
            Some(Err((step, why))) => said.broken.push(Violation { clause, step, why }),
        }
    }
    said
}
