//! The model run as a subject.

use std::collections::BTreeSet;

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::feature::Feature;
use asyncore_spec::law;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario};

use super::mutation::Mutation;
use crate::protocol::LoopKind;
use crate::subject::{Identity, Run, Subject};

/// Does what the model predicts, but for one rule.
#[derive(Debug)]
pub struct Modelled {
    identity: Identity,
    settings: Settings,
    mutation: Mutation,
    /// In how many places the rule was broken so far.
    pub(super) places: usize,
    /// The clauses that may be blamed for what was done so far.
    pub(super) blamed: BTreeSet<ClauseId>,
}

impl Modelled {
    /// Makes the subject that breaks one rule of a profile.
    #[must_use]
    pub fn new(profile: Profile, mutation: Mutation) -> Self {
        let settings = Settings::of(profile);
        let identity = Self::identity_of(profile);
        Self { identity, settings, mutation, places: 0, blamed: BTreeSet::from([mutation.clause]) }
    }

    /// Says what the model can do: everything that is done with scripted sockets.
    pub(super) fn identity_of(profile: Profile) -> Identity {
        let settings = Settings::of(profile);
        Identity {
            name: "the model".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            follows: profile.release().to_string(),
            because: "it is the model".to_owned(),
            features: Feature::ALL.iter().copied().filter(|feature| !feature.is_of_real_sockets()).collect(),
            observes: Kind::ALL.iter().copied().collect(),
            ac_in_buffer_size: settings.ac_in_buffer_size,
            ac_out_buffer_size: settings.ac_out_buffer_size,
            loops: LoopKind::Pass,
            scripted: true,
        }
    }

    fn perform(&mut self, scenario: &Scenario) -> Run {
        let mutated = self.mutation.apply(&predict(scenario, &self.settings));
        self.places += mutated.places;
        self.blamed.extend(mutated.blamed);
        if mutated.places > 0 {
            let laws = law::apply(scenario, &self.settings, &mutated.trace, &self.identity.observes);
            self.blamed.extend(laws.broken.iter().map(|violation| violation.clause));
        }
        Run::Trace { trace: mutated.trace, printed: String::new() }
    }
}

impl Subject for Modelled {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        scenarios.iter().map(|scenario| self.perform(scenario)).collect()
    }
}
