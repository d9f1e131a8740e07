//! A run can be repeated: the same seed gives the same verdicts and the same scenarios.

use asyncore_conformance::outcome::{Outcome, Verdict};

use crate::interpreters::newest_of_each;
use crate::spoil::{self, Module, Spoiling};
use crate::subjects::broken;

const SPOILING: Spoiling =
    Spoiling::text("one byte is not collected", &[(Module::Asynchat, "if index > 0:", "if index > 1:")], &["INPUT-1"]);

/// Everything that a report says of the clauses but the time it took.
fn found(outcome: &Outcome) -> Vec<(&str, Verdict, u64, u64)> {
    let clauses = outcome.clauses.iter();
    clauses.map(|found| (found.clause.id.as_str(), found.verdict.clone(), found.checks, found.broken)).collect()
}

/// The story of each failure.
fn failures(outcome: &Outcome) -> Vec<String> {
    broken(outcome).iter().map(|found| format!("{}: {:?}", found.clause.id, found.failure)).collect()
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for interpreter in newest_of_each() {
        let [one, other] = [spoil::run(interpreter, &SPOILING), spoil::run(interpreter, &SPOILING)];
        assert_eq!(found(&one), found(&other));
        assert_eq!(failures(&one), failures(&other));
        assert!(!failures(&one).is_empty());
        assert_eq!(one.scenarios, other.scenarios);
    }
}
