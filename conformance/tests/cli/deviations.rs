use asyncore_conformance::deviations::{Deviation, Deviations};
use asyncore_conformance::outcome::{Outcome, Verdict};

use crate::demo;

fn listing(clause: &str) -> (Deviations, Outcome) {
    let outcome = demo::outcome();
    let found =
        outcome.clauses.iter().find(|found| found.clause.id.as_str() == clause).expect("it is in the small spec");
    let entry = Deviation { clause: found.clause.id, reason: "on purpose".to_owned(), link: None, change: None };
    (Deviations { executed: None, entries: vec![entry] }, outcome)
}

fn applied(clause: &str) -> Verdict {
    let (deviations, mut outcome) = listing(clause);
    deviations.apply(&mut outcome);
    outcome.clauses.into_iter().find(|found| found.clause.id.as_str() == clause).expect("it is still there").verdict
}

#[test]
fn a_departure_is_excused() {
    assert_eq!(applied("FRAMING-2"), Verdict::Excused { reason: "on purpose".to_owned() });
}

#[test]
fn a_listed_clause_that_held_is_unexcused() {
    assert_eq!(applied("FRAMING-1"), Verdict::Unexcused { reason: "on purpose".to_owned() });
}

#[test]
fn a_listed_clause_that_was_not_executed_is_unexcused() {
    let reason = "was not executed: the subject does not declare terminator.count".to_owned();
    assert_eq!(applied("FRAMING-4"), Verdict::Unexcused { reason });
}

#[test]
fn an_error_of_the_subject_is_never_excused() {
    assert!(matches!(applied("CLOSING-1"), Verdict::Error { .. }));
}

#[test]
fn an_excluded_clause_stays_excluded() {
    assert_eq!(applied("CLOSING-5"), Verdict::Excluded);
}
