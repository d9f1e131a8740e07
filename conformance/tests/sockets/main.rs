//! Scenarios on real sockets, above all with subjects that lie: each is `examples/fake_sockets` with another fault.

#![cfg(unix)]

mod awaits;
mod lies;
mod lowered;
#[path = "../programs/mod.rs"]
mod programs;

use std::time::Duration;

use asyncore_conformance::judge::Judgement;
use asyncore_conformance::process::{Command, ProcessSubject};
use asyncore_conformance::real::{self, Patience, Performance, Realised};
use asyncore_conformance::subject::Subject;
use asyncore_spec::model::Settings;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;

/// For what is meant to be waited for in vain.
const SHORT: Duration = Duration::from_secs(1);
/// For what is not: only a machine that stands still gets there.
const LONG: Duration = Duration::from_secs(120);

fn parse(text: &str) -> Scenario {
    let scenario: Scenario = text.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(scenario.check(), Ok(()));
    scenario
}

/// Starts one of the example subjects with arguments.
#[track_caller]
fn start(example: &str, arguments: &[&str], timeout: Duration) -> ProcessSubject {
    let mut command = Command::new(format!("cmd:{example}"), programs::example(example));
    command.args = arguments.iter().map(Into::into).collect();
    command.timeout = timeout;
    ProcessSubject::start(command).unwrap_or_else(|error| panic!("{error}"))
}

fn patient() -> Patience {
    Patience { act: LONG, ..Patience::default() }
}

#[track_caller]
fn realised(performance: Performance) -> Realised {
    match performance {
        Performance::Realised(realised) => realised,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn reason(performance: Performance) -> String {
    match performance {
        Performance::Error { reason, .. } => reason,
        other => panic!("not an error: {other:?}"),
    }
}

fn judged(subject: &dyn Subject, realised: &Realised) -> Judgement {
    real::judge_realised(realised, &Settings::of(Profile::Py311), &subject.identity().observes).1
}
