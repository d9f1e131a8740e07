//! The adapter trait: what lets the suite drive a subject.

use asyncore_spec::feature::Features;
use asyncore_spec::model::Settings;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;
use asyncore_spec::view::Observed;
use serde::{Deserialize, Serialize};

use crate::protocol::{Hello, LoopKind, Places};
use crate::session::{Begun, Refusal};

/// Is an implementation under test, in process or behind a pipe.
pub trait Subject {
    /// Says who the subject is and what it supports.
    fn identity(&self) -> &Identity;

    /// Runs scenarios, each on a fresh subject, and gives back what was observed: one [`Run`] for each, in order.
    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run>;

    /// Begins a scenario on real sockets: sets everything up, connecting to the places where the peers are.
    ///
    /// # Errors
    ///
    /// When the subject has no real sockets, which is what this method says unless it is overridden, or fails.
    fn begin(&mut self, scenario: &Scenario, places: &Places) -> Result<Begun<'_>, Refusal> {
        let _ = (scenario, places);
        Err(Refusal::Unsupported { reason: "its channels cannot be made on real sockets".to_owned() })
    }
}

/// Says who a subject is and what it can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What the subject is called.
    pub name: String,
    /// The subject's own version.
    pub version: String,
    /// The language it is written in.
    pub language: String,
    /// The release of CPython whose behaviour it follows, as it says.
    pub follows: String,
    /// How it is known which release it follows.
    pub because: String,
    /// What it can be asked to do.
    pub features: Features,
    /// Which kinds of event it can observe, less the calls of methods that it does not have.
    pub observes: Observed,
    /// The default `ac_in_buffer_size` in bytes.
    pub ac_in_buffer_size: usize,
    /// The default `ac_out_buffer_size` in bytes.
    pub ac_out_buffer_size: usize,
    /// How its loop can be driven.
    pub loops: LoopKind,
    /// Whether it takes scripted sockets.
    pub scripted: bool,
}

impl Identity {
    /// Gives what the model must know of the subject when it is judged under a profile.
    #[must_use]
    pub fn settings(&self, profile: Profile) -> Settings {
        let Self { ac_in_buffer_size, ac_out_buffer_size, .. } = *self;
        Settings { ac_in_buffer_size, ac_out_buffer_size, ..Settings::of(profile) }
    }
}

impl From<Hello> for Identity {
    fn from(hello: Hello) -> Self {
        Self {
            name: hello.name,
            version: hello.version,
            language: hello.language,
            follows: hello.follows,
            because: hello.because,
            features: hello.features.into_iter().collect(),
            observes: hello.observes.into_iter().collect::<Observed>().without(hello.missing),
            ac_in_buffer_size: hello.ac_in_buffer_size as usize,
            ac_out_buffer_size: hello.ac_out_buffer_size as usize,
            loops: hello.loops,
            scripted: hello.scripted,
        }
    }
}

/// Is what came of running one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// It ran to its end.
    Trace {
        /// What was observed.
        trace: Trace,
        /// What the subject printed meanwhile.
        printed: String,
    },
    /// The subject says that it lacks something.
    Unsupported {
        /// What is missing.
        reason: String,
    },
    /// The subject failed: it died, hung, answered out of turn, or said that it could not go on.
    Error {
        /// What happened.
        reason: String,
        /// The end of what the subject wrote on its standard error.
        stderr: String,
    },
    /// It was not run, because the subject had failed too often before.
    GivenUp {
        /// How it had failed.
        reason: String,
    },
}
