//! Subjects that cannot be used, or that do not do what they should. None of them passes.

use std::time::Duration;

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::process::{Start, StartError};
use asyncore_conformance::python::Python;
use asyncore_conformance::subject::Subject;
use rstest::rstest;

use crate::interpreters::{Modules, all, newest_of_each};
use crate::subjects::{file, judge, python, start};

#[test]
fn an_interpreter_that_is_not_there_is_named() {
    let error = Python::new("/nonexistent").start().expect_err("there is no such interpreter");
    assert!(matches!(error.why, Start::NotFound { .. }), "{error:?}");
    assert!(error.to_string().starts_with("the subject `python:/nonexistent` cannot be used: "), "{error}");
}

#[test]
fn an_interpreter_without_asyncore_says_so() {
    for interpreter in all().iter().filter(|interpreter| interpreter.modules != Some(Modules::Public)) {
        let error = Python::new(interpreter.path.clone()).start().expect_err("it has no asyncore");
        let Start::NoModules { message } = &error.why else { panic!("{error:?}") };
        assert!(message.contains("asyncore"), "{message}");
    }
}

#[test]
fn a_module_that_is_not_there_is_named() {
    for interpreter in newest_of_each() {
        let python = Python { asynchat: Some("no_such_module".to_owned()), ..python(interpreter) };
        let error = python.start().expect_err("there is no such module");
        assert!(matches!(&error.why, Start::NoModules { message } if message.contains("no_such_module")), "{error}");
    }
}

/// How long an answer may take. Starting an interpreter on a busy machine must fit in, too.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs interpreters whose adapter misbehaves. One that hangs costs its time again and again, so it is one alone.
fn misbehaving(how: &str) -> Vec<(Outcome, u32)> {
    let run = |interpreter| {
        let adapter = Some(file("bad/misbehaving.py"));
        let python = Python { adapter, timeout: PATIENCE, ..python(interpreter) };
        let mut subject = start(&python, &[("MISBEHAVE", how.into())])?;
        let outcome = judge(&mut subject, 20);
        Ok::<_, StartError>((outcome, subject.restarts()))
    };
    let most = if how == "hang" { 1 } else { usize::MAX };
    let runs: Result<Vec<_>, _> = newest_of_each().into_iter().rev().take(most).map(run).collect();
    runs.unwrap_or_else(|error| panic!("{how}: {error}"))
}

#[test]
fn where_nothing_is_supported_the_run_could_not_be_done() {
    for (outcome, restarts) in misbehaving("unsupported") {
        assert_eq!(outcome.status(false), Status::NotDone);
        assert_eq!(outcome.executed(), 0);
        assert_eq!(outcome.scenarios, 0);
        assert!(outcome.refused.iter().any(|(reason, _)| reason.contains("not today")), "{:?}", outcome.refused);
        assert_eq!(restarts, 0);
    }
}

#[rstest]
#[case::hangs("hang")]
#[case::crashes("crash")]
#[case::raises("raise")]
fn a_failure_in_the_middle_is_an_error_and_the_rest_goes_on(#[case] how: &str) {
    for (outcome, _) in misbehaving(how) {
        assert_eq!(outcome.status(false), Status::Short, "{how}");
        let totals = outcome.totals();
        assert!(totals.error > 0, "{how}: {totals:?}");
        assert!(totals.pass > totals.error, "{how}: {totals:?}");
        assert_eq!(totals.fail, 0, "{how}: {totals:?}");
        for found in outcome.clauses.iter().filter(|found| matches!(found.verdict, Verdict::Error { .. })) {
            let scenario = &found.failure.as_ref().expect("the scenario is told").scenario;
            assert!(scenario.to_string().contains("EPIPE"), "{how}, {}: {scenario}", found.clause.id);
        }
    }
}

#[test]
fn what_a_subject_prints_does_not_disturb_it() {
    for (outcome, restarts) in misbehaving("print") {
        assert_eq!(outcome.status(true), Status::Held);
        assert_eq!(restarts, 0);
    }
}

#[test]
fn what_a_subject_printed_is_kept() {
    let scenario = asyncore_spec::text::parse_scenario("chat c terminator \"\\n\"\nrecv c \"a\"\n").expect("it parses");
    for interpreter in newest_of_each() {
        let python = Python { adapter: Some(file("bad/misbehaving.py")), ..python(interpreter) };
        let mut subject = start(&python, &[("MISBEHAVE", "print".into())]).unwrap_or_else(|error| panic!("{error}"));
        let run = subject.run(std::slice::from_ref(&scenario)).remove(0);
        let asyncore_conformance::subject::Run::Trace { printed, .. } = run else { panic!("{run:?}") };
        assert_eq!(printed, "so much to say\n");
    }
}
