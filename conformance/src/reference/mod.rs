//! The in-process adapter of the reference implementation.

mod channel;
mod convert;
mod socket;
mod world;

use asyncore_reference::Profile as Release;
use asyncore_spec::feature::Feature;
use asyncore_spec::generate::Repertoire;
use asyncore_spec::model::Settings;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::trace::Trace;

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
        let features = Repertoire::all(profile).features.into_iter().filter(|feature| *feature != Feature::Python);
        let identity = Identity {
            name: "asyncore-reference".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            follows: profile.release().to_string(),
            because: format!("it was made to follow {profile}"),
            features: features.collect(),
            observes: Kind::ALL.iter().copied().collect(),
            ac_in_buffer_size: settings.ac_in_buffer_size,
            ac_out_buffer_size: settings.ac_out_buffer_size,
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
        let world = match World::new(scenario, self.release) {
            Ok(world) => world,
            Err(exception) => {
                return Run::Error { reason: format!("the set-up raised: {exception}"), stderr: String::new() };
            }
        };
        let steps = scenario.steps.iter().map(|step| world.step(step)).collect();
        world.dissolve();
        Run::Trace { trace: Trace { steps }, printed: String::new() }
    }
}

/// Turns a panic of the subject into an error of the subject.
fn contain(run: impl FnOnce() -> Run) -> Run {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Run::Error { reason: format!("the subject panicked: {}", text.unwrap_or("no message")), stderr: String::new() }
    })
}

impl Subject for ReferenceSubject {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        scenarios.iter().map(|scenario| contain(|| self.run_one(scenario))).collect()
    }
}
