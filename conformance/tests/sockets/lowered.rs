//! Ports without scripted sockets, with each kind of loop: held to framing and output by what their peers see.

use std::collections::HashSet;

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::report::{Report, terminal};
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_spec::profile::Profile;
use rstest::rstest;

use super::{LONG, start};

fn outcome(arguments: &[&str], cases: u32) -> Outcome {
    let mut subject = start("line_server", arguments, LONG);
    let plan = Plan {
        subject: "line server".to_owned(),
        profile: Profile::Py311,
        follows: Profile::Py311.release(),
        chosen: "it is a test".to_owned(),
        selected: Selection::default(),
        cases,
        seed: 3,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    run(&mut subject, &plan, &mut Silent)
}

fn broken(outcome: &Outcome) -> Vec<String> {
    let broken = |verdict: &Verdict| matches!(verdict, Verdict::Fail | Verdict::Error { .. });
    let names = outcome.clauses.iter().filter(|found| broken(&found.verdict));
    names.map(|found| format!("{} {:?} {:?}", found.clause.id, found.verdict, found.failure)).collect()
}

#[rstest]
#[case::stepped(&["pass"])]
#[case::settling(&["settle"])]
#[case::running(&["free"])]
#[case::behind(&["free", "dawdles"])]
fn a_port_with_nothing_but_sockets_is_judged(#[case] arguments: &[&str]) {
    let outcome = outcome(arguments, 60);
    assert_eq!(broken(&outcome), Vec::<String>::new());
    assert_eq!((&outcome.refused, &outcome.absent), (&Vec::new(), &Vec::new()));
    assert_eq!(outcome.status(false), Status::Held);
    assert!(outcome.sockets >= 40, "{} scenarios", outcome.sockets);
    assert_eq!(outcome.sockets, outcome.scenarios);
    let passed: Vec<_> = outcome.clauses.iter().filter(|found| found.verdict == Verdict::Pass).collect();
    for area in ["INPUT-", "OUTPUT-"] {
        assert!(passed.iter().any(|found| found.clause.id.as_str().starts_with(area)), "nothing about {area}");
    }
}

#[rstest]
#[case::lost("loses a byte", "INPUT-1")]
#[case::silent("skips terminators", "INPUT-1")]
#[case::doubled("sends twice", "OUTPUT-1")]
#[case::open("never closes", "CLOSE-2")]
fn what_is_wrong_is_seen_from_outside(
    #[case] fault: &str,
    #[case] clause: &str,
    #[values("pass", "settle", "free")] loops: &str,
) {
    let broken = broken(&outcome(&[loops, fault], 15));
    assert!(broken.iter().any(|name| name.starts_with(&format!("{clause} "))), "{broken:#?}");
}

/// Nobody knows whether a loop that runs by itself was only slow: what was awaited is named, and no clause.
#[test]
fn what_a_loop_by_itself_has_not_done_in_time_is_an_error() {
    let outcome = outcome(&["free", "never closes"], 15);
    let verdicts = outcome.clauses.iter().map(|found| &found.verdict);
    assert_eq!(verdicts.clone().filter(|verdict| **verdict == Verdict::Fail).count(), 0);
    let reason = verdicts.filter_map(|verdict| match verdict {
        Verdict::Error { reason } => Some(reason.as_str()),
        _ => None,
    });
    let said = "within 5s after `close_when_done c` it had not closed the connection of `c`";
    assert_eq!(reason.collect::<HashSet<_>>(), HashSet::from([said]));
    assert_eq!(outcome.status(false), Status::Short);
}

#[test]
fn a_failure_shows_what_was_done_and_seen_and_nothing_else() {
    let outcome = outcome(&["pass", "sends twice"], 15);
    let report = Report { outcome: &outcome, strict: false, floor: None, options: &[] };
    let mut out = Vec::new();
    terminal::write(&mut out, &report, 200).expect("memory can be written");
    let text = anstream::adapter::strip_str(&String::from_utf8(out).expect("a report is text")).to_string();
    assert!(!text.contains("handle_write") && !text.contains("probe"), "{text}");
    assert!(text.contains(".peer \""), "{text}");
    assert!(text.contains("which was made fit for real sockets"), "{text}");
}
