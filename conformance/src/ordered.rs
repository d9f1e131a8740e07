//! Judges a trace with its channels in whatever order it takes them.
//!
//! The order among channels is one clause, and a departure from it is to hide nothing: where a trace agrees further with
//! what the model predicts in the order of that trace, it is judged by that, and the order is one departure more.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::model::{Prediction, Settings, Taking, predict_in_order};
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;
use asyncore_spec::view::Observed;

use crate::judge::{Departure, Judgement, judge};
use crate::real::{predict_beside, transport};

/// The clause on the order among channels.
pub const ORDER: ClauseId = ClauseId::new("POLL-2");

/// So many events may agree in another order by chance, where a call is left out.
const CHANCE: usize = 2;

/// Judges a trace; also gives the prediction that it was held against.
#[must_use]
pub fn judge_scenario(
    scenario: &Scenario,
    settings: &Settings,
    trace: &Trace,
    observed: &Observed,
) -> (Prediction, Judgement) {
    let plain = predict_beside(scenario, settings, trace);
    let judgement = judge(&plain, trace, observed);
    let Some(first) = judgement.departures.first().cloned() else { return (plain, judgement) };
    let real = transport(scenario).is_some();
    let in_order = |taking| {
        let prediction = predict_in_order(scenario, settings, trace, taking, real);
        (prediction.events != plain.events).then(|| {
            let judgement = judge(&prediction, trace, observed);
            (prediction, judgement)
        })
    };
    let tried = Taking::ALL.into_iter().filter_map(in_order);
    // Of those that agree equally far the first is the nearest to what the release does.
    let best = tried.reduce(|best, other| if other.1.reached > best.1.reached { other } else { best });
    let is_better = |ordered: &Judgement| {
        ordered.departures.is_empty() || ordered.reached > judgement.reached.saturating_add(CHANCE)
    };
    match best.filter(|(_, ordered)| is_better(ordered)) {
        Some((prediction, mut ordered)) => {
            ordered.departures.push(Departure { clause: ORDER, instead_of: None, ..first });
            (prediction, ordered)
        }
        None => (plain, judgement),
    }
}
