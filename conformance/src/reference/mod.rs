//! The in-process adapter of the reference implementation.

mod act;
mod ask;
mod chat;
mod convert;
mod dispatcher;
mod producer;
mod real;
mod record;
mod script;
mod session;
mod setup;
mod socket;
mod waits;
mod world;

use asyncore_reference::Profile as Release;
use asyncore_spec::feature::Feature;
use asyncore_spec::generate::Repertoire;
use asyncore_spec::model::Settings;
use asyncore_spec::peer::Transport;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario, Setup};
use asyncore_spec::trace::Trace;

use crate::protocol::{LoopKind, Places};
use crate::session::{Begun, Refusal};
use crate::subject::{Identity, Run, Subject};
use world::World;

/// Is the reference implementation, following one profile.
#[derive(Debug)]
pub struct ReferenceSubject {
    identity: Identity,
    release: Release,
}

impl ReferenceSubject {
    /// Makes the subject that follows `profile`.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        let release = match profile {
            Profile::Py25 => Release::Py25,
            Profile::Py27 => Release::Py27,
            Profile::Py311 => Release::Py311,
        };
        let settings = Settings::of(profile);
        let features = Repertoire::all(profile).features.into_iter().filter(|feature| is_had(*feature));
        let identity = Identity {
            name: "asyncore-reference".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            follows: profile.release().to_string(),
            because: format!("it was made to follow {profile}"),
            features: features.collect(),
            observes: Kind::ALL.iter().copied().filter(|kind| !matches!(kind, Kind::Texts | Kind::Peer)).collect(),
            ac_in_buffer_size: settings.ac_in_buffer_size,
            ac_out_buffer_size: settings.ac_out_buffer_size,
            loops: LoopKind::Pass,
            scripted: true,
        };
        Self { identity, release }
    }

    fn run_one(&self, scenario: &Scenario) -> Run {
        if let Err(problem) = scenario.check() {
            return Run::Error { reason: problem.to_string(), stderr: String::new() };
        }
        if let Some(missing) = scenario.needs().difference(&self.identity.features).next() {
            return Run::Unsupported { reason: format!("the feature `{missing}`") };
        }
        if scenario.setup.iter().any(|setup| matches!(setup, Setup::Over { .. })) {
            return Run::Unsupported { reason: "a scenario on real sockets is a conversation".to_owned() };
        }
        let held = match World::set_up(scenario, self.release, None) {
            Ok(held) => held,
            Err(exception) => {
                return Run::Error { reason: format!("the set-up raised: {exception}"), stderr: String::new() };
            }
        };
        let steps = scenario.steps.iter().map(|step| held.0.step(step)).collect();
        Run::Trace { trace: Trace { steps }, printed: String::new() }
    }
}

/// Says whether the reference has a feature, on this machine.
fn is_had(feature: Feature) -> bool {
    let transport = match feature {
        Feature::Python => return false,
        Feature::Tcp4 => Transport::Tcp4,
        Feature::Tcp6 => Transport::Tcp6,
        Feature::UnixSockets => Transport::Unix,
        Feature::Udp => Transport::Udp,
        Feature::Pipe => Transport::Pipe,
        _ => return true,
    };
    real::is_there(transport)
}

/// Turns a panic of the subject into what it says.
fn contain<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("the subject panicked: {}", text.unwrap_or("no message"))
    })
}

impl Subject for ReferenceSubject {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let run = |scenario| contain(|| self.run_one(scenario));
        let failed = |reason| Run::Error { reason, stderr: String::new() };
        scenarios.iter().map(|scenario| run(scenario).unwrap_or_else(failed)).collect()
    }

    fn begin(&mut self, scenario: &Scenario, places: &Places) -> Result<Begun<'_>, Refusal> {
        session::begin(self.release, scenario, places)
    }
}
