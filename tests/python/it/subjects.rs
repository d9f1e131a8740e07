//! Starts an interpreter and runs the suite on it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use asyncore_conformance::outcome::{ClauseOutcome, Outcome};
use asyncore_conformance::process::{ProcessSubject, StartError};
use asyncore_conformance::python::Python;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::Subject;
use asyncore_spec::profile::{Profile, Release};

use crate::interpreters::{Interpreter, Modules};

/// Gives a file of this package.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Describes the modules of an interpreter, public or private.
pub(crate) fn python(interpreter: &Interpreter) -> Python {
    let mut python = Python::new(interpreter.path.clone());
    if interpreter.modules == Some(Modules::Private) {
        python.asyncore = Some("test.support.asyncore".to_owned());
        python.asynchat = Some("test.support.asynchat".to_owned());
    }
    python
}

/// Starts a subject with more in its environment.
pub(crate) fn start(python: &Python, environment: &[(&str, OsString)]) -> Result<ProcessSubject, StartError> {
    let mut command = python.command().expect("the adapter can be written");
    command.environment.extend(environment.iter().map(|(name, value)| ((*name).into(), value.clone())));
    ProcessSubject::start(command)
}

/// Runs all of the suite under the profile nearest to the release that the subject follows.
pub(crate) fn judge(subject: &mut dyn Subject, cases: u32) -> Outcome {
    let follows: Release = subject.identity().follows.parse().expect("it follows a release");
    let plan = Plan {
        subject: subject.identity().name.clone(),
        profile: Profile::nearest(follows),
        follows,
        chosen: "the nearest to the release that the subject follows".to_owned(),
        selected: Selection::default(),
        cases,
        seed: 0,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    run(subject, &plan, &mut Silent)
}

/// Gives the clauses that were broken, in the order in which the report tells them.
pub(crate) fn broken(outcome: &Outcome) -> Vec<&ClauseOutcome> {
    outcome.broken()
}
