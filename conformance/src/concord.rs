//! Holds the two judges against each other: what the model finds in order breaks no law.
//!
//! The model finds a trace in order up to its first departure, or up to where the spec stops speaking. That much of the
//! scenario with that much of the trace is a conforming run of its own, so no law may be broken there. If one is, the
//! model or the law is wrong: the suite is at fault, and nothing is known of the subject.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::law::{self, Law, Laws, Seen};
use asyncore_spec::model::Prediction;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;
use asyncore_spec::view::observe;

use crate::judge::Judgement;

/// Is a trace that one judge finds in order and the other does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The clause whose law is broken.
    pub law: ClauseId,
    /// What the law says.
    pub why: String,
    /// The step in which the law is broken, counted from 0.
    pub step: usize,
    /// How many steps the model finds in order.
    pub steps: usize,
    /// The scenario.
    pub scenario: Scenario,
    /// What was observed.
    pub trace: Trace,
    /// In how many traces the same law and the model disagree.
    pub times: u64,
}

/// Says how many steps of a trace the model finds in order.
#[must_use]
pub fn steps_in_order(prediction: &Prediction, judgement: &Judgement) -> usize {
    let departed = judgement.departures.iter().map(|departure| departure.step).min();
    let silent = prediction.unspecified.map(|(number, _)| {
        // The step in which the spec stops speaking is that of the event before, or a later one.
        number.checked_sub(1).and_then(|last| prediction.events.get(last)).map_or(0, |last| last.step)
    });
    departed.into_iter().chain(silent).min().unwrap_or(usize::MAX)
}

/// Finds the laws that are broken within the steps that the model finds in order; `laws` is what they say of all of it.
#[must_use]
pub fn disagreements(list: &[Law], seen: &Seen<'_>, laws: &Laws, steps: usize) -> Vec<Disagreement> {
    let whole = steps >= seen.scenario.steps.len();
    if whole && laws.broken.is_empty() {
        return Vec::new();
    }
    let steps = steps.min(seen.scenario.steps.len());
    let scenario = Scenario { setup: seen.scenario.setup.clone(), steps: seen.scenario.steps[..steps].to_vec() };
    let mut trace = observe(seen.trace, seen.observed);
    trace.steps.truncate(steps);
    let broken = law::apply_these(list, &Seen { scenario: &scenario, trace: &trace, ..*seen }).broken;
    let disagree = broken.into_iter().map(|violation| Disagreement {
        law: violation.clause,
        why: violation.why,
        step: violation.step,
        steps,
        scenario: scenario.clone(),
        trace: trace.clone(),
        times: 1,
    });
    disagree.collect()
}
