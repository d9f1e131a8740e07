//! The model run as subjects that are right, but not as the release itself is.

use asyncore_spec::model::{Settings, Taking, predict, predict_in_order};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::{Event, Trace, What};

use super::modelled::Modelled;
use crate::subject::{Identity, Run, Subject};

/// Does what the model predicts, with buffers of other sizes.
pub(super) struct OtherSizes {
    identity: Identity,
    settings: Settings,
}

impl OtherSizes {
    pub(super) fn new(profile: Profile) -> Self {
        let (ac_in_buffer_size, ac_out_buffer_size) = (5, 3);
        let settings = Settings { ac_in_buffer_size, ac_out_buffer_size, ..Settings::of(profile) };
        let identity = Identity { ac_in_buffer_size, ac_out_buffer_size, ..Modelled::identity_of(profile) };
        Self { identity, settings }
    }
}

impl Subject for OtherSizes {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let trace = |scenario: &Scenario| predict(scenario, &self.settings).trace();
        scenarios.iter().map(|scenario| Run::Trace { trace: trace(scenario), printed: String::new() }).collect()
    }
}

/// Asks, serves, closes and names its channels the other way round.
pub(super) struct Backwards {
    identity: Identity,
    settings: Settings,
}

impl Backwards {
    pub(super) fn new(profile: Profile) -> Self {
        Self { identity: Modelled::identity_of(profile), settings: Settings::of(profile) }
    }

    fn perform(&self, scenario: &Scenario) -> Trace {
        let turned = turned(&predict(scenario, &self.settings).trace());
        predict_in_order(scenario, &self.settings, &turned, Taking::ALL[0], false).trace()
    }
}

impl Subject for Backwards {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let run = |scenario| Run::Trace { trace: self.perform(scenario), printed: String::new() };
        scenarios.iter().map(run).collect()
    }
}

/// Turns round what lies between any two waits, so that what came first comes last.
fn turned(trace: &Trace) -> Trace {
    let is_wait = |event: &Event| matches!(event.what, What::Wait { .. });
    let turn = |events: &Vec<Event>| {
        let mut events = events.clone();
        events.split_mut(is_wait).for_each(<[Event]>::reverse);
        events
    };
    Trace { steps: trace.steps.iter().map(turn).collect() }
}
