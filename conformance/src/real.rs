//! Scenarios on real sockets: run step by step with the runner as the peer, then judged.
//!
//! Theory of operation. The kernel decides how much a call moves and when a descriptor is ready, so that no trace can be
//! predicted beforehand. A scenario is *realised*: its awaits become the passes that it took. The model then follows the
//! trace of that, taking from it what the kernel chose, and predicts all the rest. What the kernel is said to have chosen
//! is held against what the peer knows itself: bytes that it never sent, or that never came, are a lie of the subject.

pub mod awaited;
pub mod lower;
pub mod lowered;
#[cfg(unix)]
mod lowering;
#[cfg(unix)]
mod plausible;
#[cfg(unix)]
mod realise;
#[cfg(unix)]
mod spent;
mod unhurried;
pub mod written;

use std::time::Duration;

use asyncore_spec::feature::Feature;
use asyncore_spec::model::{Prediction, Settings, predict, predict_following};
use asyncore_spec::peer::Transport;
use asyncore_spec::scenario::{Scenario, Setup};
use asyncore_spec::trace::{Event, Trace, What};
use asyncore_spec::view::{Observed, observe};
use serde::{Deserialize, Serialize};

use crate::judge::{Departure, How, Judgement};
use crate::ordered::judge_scenario;
use crate::protocol::LoopKind;
use crate::session::Refusal;
use crate::subject::{Identity, Subject};
use awaited::Awaited;
use lower::Lowered;
use lowered::Sighting;

/// Says how long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long the subject may take for its part of something that the peer does.
    pub act: Duration,
    /// How long a hook is awaited.
    pub hook: Duration,
    /// How long a pass of an await waits at most.
    pub pass: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { act: Duration::from_secs(5), hook: Duration::from_secs(10), pass: Duration::from_millis(500) }
    }
}

/// Is what became of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Realised {
    /// The scenario with its awaits expanded to the passes that there were.
    pub scenario: Scenario,
    /// What was observed, what the peer read among it.
    pub trace: Trace,
    /// What the subject printed.
    pub printed: String,
    /// What was awaited in vain, if something was; nothing was done after that.
    pub in_vain: Option<Awaited>,
}

/// Is what came of performing a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Performance {
    /// It was performed, to its end or to something awaited in vain.
    Realised(Realised),
    /// This machine lacks something for it.
    Absent {
        /// What is missing.
        reason: String,
    },
    /// The subject lacks something for it, or the scenario makes no sense.
    Unsupported {
        /// What is missing.
        reason: String,
    },
    /// The subject failed, or lied.
    Error {
        /// What happened.
        reason: String,
        /// The end of what the subject wrote on its standard error.
        stderr: String,
    },
    /// It was not performed, because the subject had failed too often before.
    GivenUp {
        /// How it had failed.
        reason: String,
    },
}

impl From<Refusal> for Performance {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unsupported { reason } => Self::Unsupported { reason },
            Refusal::Error { reason, stderr } => Self::Error { reason, stderr },
            Refusal::GivenUp { reason } => Self::GivenUp { reason },
        }
    }
}

/// Gives what the sockets of a scenario are, where they are real.
#[must_use]
pub fn transport(scenario: &Scenario) -> Option<Transport> {
    scenario.setup.iter().find_map(|setup| match setup {
        Setup::Over { transport } => Some(*transport),
        _ => None,
    })
}

/// Performs a scenario on real sockets.
#[cfg(unix)]
pub fn perform(subject: &mut dyn Subject, scenario: &Scenario, patience: &Patience) -> Performance {
    realise::perform(subject, scenario, patience)
}

/// Performs a scenario on real sockets, which only Unix has as this program knows them.
#[cfg(not(unix))]
pub fn perform(_: &mut dyn Subject, _: &Scenario, _: &Patience) -> Performance {
    Performance::Absent { reason: "this machine is no Unix".to_owned() }
}

/// Lowers a scripted scenario to the first transport with streams that a subject has.
#[must_use]
pub fn lower_for(identity: &Identity, scenario: &Scenario, settings: &Settings) -> Option<Lowered> {
    let known =
        [(Transport::Tcp4, Feature::Tcp4), (Transport::Unix, Feature::UnixSockets), (Transport::Tcp6, Feature::Tcp6)];
    let (transport, _) = known.into_iter().find(|(_, feature)| identity.features.contains(feature))?;
    match identity.loops {
        LoopKind::Free => unhurried::lower_unhurried(scenario, transport, settings),
        LoopKind::Pass | LoopKind::Settle => lower::lower(scenario, transport, settings),
    }
}

/// Performs a lowered scenario with whatever loop the subject has.
///
/// # Errors
///
/// When it cannot be performed to its end; never [`Performance::Realised`].
#[cfg(unix)]
pub fn perform_lowered(
    subject: &mut dyn Subject,
    lowered: &Lowered,
    patience: &Patience,
) -> Result<Sighting, Performance> {
    lowering::perform(subject, lowered, patience)
}

/// Performs a lowered scenario, which only Unix can as this program knows how.
///
/// # Errors
///
/// Always.
#[cfg(not(unix))]
pub fn perform_lowered(
    subject: &mut dyn Subject,
    lowered: &Lowered,
    patience: &Patience,
) -> Result<Sighting, Performance> {
    Err(perform(subject, &lowered.scenario, patience))
}

/// Predicts the trace of a scenario; where its sockets are real, what the kernel chose is taken from a trace.
#[must_use]
pub fn predict_beside(scenario: &Scenario, settings: &Settings, trace: &Trace) -> Prediction {
    match transport(scenario) {
        Some(_) => predict_following(scenario, settings, trace),
        None => predict(scenario, settings),
    }
}

/// Gives a predicted trace as it is shown beside an actual one: what a peer read is taken from that, as the kernel chose
/// how much it was, and what it was is held against the subject's word before.
#[must_use]
pub fn shown_beside(prediction: &Prediction, trace: &Trace, observed: &Observed) -> Trace {
    let mut expected = observe(&prediction.trace(), observed);
    let read = |event: &&Event| matches!(event.what, What::Seen { .. });
    for (events, actual) in expected.steps.iter_mut().zip(&trace.steps) {
        events.extend(actual.iter().filter(read).cloned());
    }
    expected
}

/// Judges what became of a scenario. A hook that was awaited in vain is missing, unless something else explains it, the
/// spec has stopped speaking before, or it cannot come any more: a channel that has rightly left its map is never called
/// again.
#[must_use]
pub fn judge_realised(realised: &Realised, settings: &Settings, observed: &Observed) -> (Prediction, Judgement) {
    let (prediction, mut judgement) = judge_scenario(&realised.scenario, settings, &realised.trace, observed);
    // What is awaited need not come where the subject does otherwise on purpose.
    let meant = |awaited: &Awaited| {
        let awaited = awaited.clause(settings.profile);
        !prediction.changed.is_empty() || settings.changes.iter().any(|change| change.clause == awaited)
    };
    let can_come = |awaited: &Awaited| prediction.unspecified.is_none() && !prediction.gone.contains(&awaited.on);
    let is_missing = |awaited: &Awaited| judgement.departures.is_empty() && can_come(awaited) && !meant(awaited);
    let in_vain = realised.in_vain.filter(is_missing);
    if let Some(awaited) = in_vain {
        let step = realised.scenario.steps.len().saturating_sub(1);
        let what = What::Hook { on: awaited.on, hook: awaited.hook, arg: None, flags: None };
        judgement.departures.push(Departure {
            instead_of: None,
            clause: awaited.clause(settings.profile),
            how: How::Missing,
            step,
            expected: Some(Event { depth: 0, what }),
            actual: None,
        });
    }
    (prediction, judgement)
}
