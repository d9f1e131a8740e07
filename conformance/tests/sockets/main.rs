//! Scenarios on real sockets, above all with subjects that lie: each is `examples/fake_sockets` with another fault.

#![cfg(unix)]

mod awaits;
mod lies;
mod lowered;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
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
    let mut command = Command::new(format!("cmd:{example}"), program(example));
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
    real::judge_realised(realised, &Settings::of(Profile::Py311), &subject.identity().observes)
}

/// Finds a program that `cargo test` builds beside this one, and has it built where cargo was asked for less than all.
fn program(example: &str) -> PathBuf {
    static PROFILE: LazyLock<PathBuf> = LazyLock::new(|| {
        let test = std::env::current_exe().expect("the test has a path");
        let profile = test.parent().and_then(Path::parent).expect("the test is in PROFILE/deps");
        let built = |example| profile.join("examples").join(example).exists();
        if !["fake_sockets", "line_server"].into_iter().all(built) {
            build_examples(profile);
        }
        profile.to_owned()
    });
    PROFILE.join("examples").join(example)
}

fn build_examples(profile: &Path) {
    let name = profile.file_name().and_then(|name| name.to_str()).expect("the directory is named after the profile");
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--examples", "--profile", if name == "debug" { "dev" } else { name }]);
    cargo.arg("--target-dir").arg(profile.parent().expect("the profile is in the target directory"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(cargo.status().is_ok_and(|status| status.success()), "run this first: cargo build --examples");
}
