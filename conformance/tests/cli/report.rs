use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::report::{Report, json, terminal};

use crate::demo;

fn report(outcome: &Outcome) -> Report<'_> {
    Report { outcome, strict: false, floor: None, options: &[] }
}

fn plain(report: &Report<'_>, width: usize) -> String {
    let mut out = Vec::new();
    terminal::write(&mut out, report, width).expect("memory can be written");
    let coloured = String::from_utf8(out).expect("a report is text");
    anstream::adapter::strip_str(&coloured).to_string()
}

#[test]
fn the_report_tells_the_whole_story() {
    insta::assert_snapshot!(plain(&report(&demo::outcome()), 100));
}

#[test]
fn with_strict_every_departure_is_told_in_full() {
    let outcome = demo::outcome();
    let options = ["--timeout".to_owned(), "2.5".to_owned()];
    let report = Report { strict: true, floor: Some(9), options: &options, ..report(&outcome) };
    insta::assert_snapshot!(plain(&report, 72));
}

#[test]
fn that_nothing_was_executed_is_said_plainly() {
    let mut outcome = demo::outcome();
    for found in &mut outcome.clauses {
        found.verdict = Verdict::NotExecuted { reason: "no scenario exercised it".to_owned() };
        (found.checks, found.broken, found.failure) = (0, 0, None);
    }
    (outcome.scenarios, outcome.examples, outcome.refused) = (0, 0, Vec::new());
    outcome.files.clear();
    assert_eq!(report(&outcome).status(), Status::NotDone);
    insta::assert_snapshot!(plain(&report(&outcome), 100));
}

#[test]
fn a_listed_deviation_that_nothing_exercised_is_not_executed() {
    let mut outcome = demo::outcome();
    outcome.clauses.retain(|found| found.clause.id.as_str() == "CLOSING-6");
    assert_eq!(report(&outcome).status(), Status::NotDone);
}

#[test]
fn fewer_clauses_than_demanded_fall_short() {
    let mut outcome = demo::outcome();
    outcome.clauses.retain(|found| found.verdict == Verdict::Pass);
    let with_floor = |floor| Report { floor: Some(floor), ..report(&outcome) }.status();
    assert_eq!((with_floor(1), with_floor(2)), (Status::Held, Status::Short));
}

#[test]
fn several_reports_are_summed_up() {
    let bad = demo::outcome();
    let mut good = demo::outcome();
    good.clauses.retain(|found| found.verdict == Verdict::Pass);
    let mut out = Vec::new();
    terminal::write_summary(&mut out, &[report(&bad), report(&good)]).expect("memory can be written");
    let text = String::from_utf8(out).expect("a summary is text");
    insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

#[test]
fn the_report_for_programs_holds_everything() {
    insta::assert_snapshot!(json::to_string(&[report(&demo::outcome())], json::Unused::default(), true));
}
