//! A port that does otherwise on purpose, and says what it does: it is held to that, and nothing hides behind it.

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::Subject;
use asyncore_spec::profile::Profile;
use rstest::rstest;

use crate::interpreters::newest;
use crate::subjects::{broken, file, python, start};

/// `handle_expt` is never called.
const SAID: &str = "
[[deviation]]
clause = \"EVENT-13\"
reason = \"urgent data are of no use here\"
change = \"dropped\"
event = \"handle_expt\"

[[deviation]]
clause = \"FILE-9\"
reason = \"urgent data are of no use here\"
change = \"dropped\"
event = \"handle_expt\"
";

const DEAF: [&str; 4] = ["asyncore", "dispatcher.handle_expt_event", "self.handle_expt()", "pass"];
const MUTE: [&str; 4] =
    ["asyncore", "dispatcher.handle_read", "self.log_info('unhandled read event', 'warning')", "pass"];

fn judged(spoiled: &[[&str; 4]]) -> Option<Outcome> {
    let interpreter = newest(3)?;
    let mut python = python(interpreter);
    python.adapter = Some(file("spoil/spoiled.py"));
    let changes = serde_json::to_string(spoiled).expect("text can be written as JSON");
    let environment = [
        ("SPOIL_TEXT", changes.into()),
        ("SPOIL_CODE", "".into()),
        ("SPOIL_ALONE", "0".into()),
        ("SPOIL_SCRIPTED", "1".into()),
    ];
    let mut subject = start(&python, &environment).unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("deviations.toml");
    std::fs::write(&path, SAID).expect("a file can be written");
    let deviations = Deviations::load(&path).expect("the file is in order");
    let plan = Plan {
        subject: python.title(),
        profile: Profile::Py311,
        follows: subject.identity().follows.parse().expect("it follows a release"),
        chosen: "it is what the test asks for".to_owned(),
        selected: Selection::default(),
        cases: 300,
        seed: 0,
        fail_fast: false,
        excused: deviations.excused().collect(),
        changes: deviations.changes(),
    };
    let mut outcome = run(&mut subject, &plan, &mut Silent);
    deviations.apply(&mut outcome);
    Some(outcome)
}

#[rstest]
#[case::what_it_says(&[DEAF], &[])]
#[case::and_another_fault(&[DEAF, MUTE], &["EVENT-15"])]
fn a_port_is_held_to_what_it_says(#[case] spoiled: &[[&str; 4]], #[case] expected: &[&str]) {
    let Some(outcome) = judged(spoiled) else {
        println!("not run, as there is no Python 3");
        return;
    };
    let found: Vec<_> = broken(&outcome).into_iter().map(|found| found.clause.id.as_str()).collect();
    assert_eq!(found, expected);
    assert_eq!(outcome.totals().excused, 2);
    assert_eq!(outcome.status(true), if expected.is_empty() { Status::Held } else { Status::Short });
}

#[test]
fn a_port_that_does_not_do_what_it_says_falls_short() {
    let Some(outcome) = judged(&[]) else {
        println!("not run, as there is no Python 3");
        return;
    };
    let found: Vec<_> = broken(&outcome).into_iter().map(|found| found.clause.id.as_str()).collect();
    assert!(found.contains(&"EVENT-13") && found.contains(&"FILE-9"), "{found:?}");
    assert_eq!(outcome.status(false), Status::Short);
}
