//! A scenario that breaks a clause as a file: the scenario's text form below lines that say where it comes from.

use asyncore_spec::scenario::{Scenario, Setup};

use super::layout::plain;
use super::sentence::sentence;
use super::{Report, command};
use crate::outcome::{ClauseOutcome, Failure, Verdict};
use crate::real::written::PLACEHOLDERS;

/// Gives the clauses that were broken, each with the smallest scenario that breaks it.
pub fn failing<'a>(report: &Report<'a>) -> impl Iterator<Item = (&'a ClauseOutcome, &'a Failure)> + use<'a> {
    let broken = report.outcome.broken().into_iter();
    broken.filter_map(|found| found.failure.as_ref().map(|failure| (found, failure)))
}

/// Gives the name of a clause's file; further ones for the same clause have a number.
#[must_use]
pub fn file_name(report: &Report<'_>, found: &ClauseOutcome, number: u32) -> String {
    let (clause, profile) = (found.clause.id, report.outcome.profile);
    if number < 2 { format!("{clause}.{profile}.scn") } else { format!("{clause}.{profile}.{number}.scn") }
}

/// Gives the text of the file, which says how the file of that name is replayed.
#[must_use]
pub fn text(report: &Report<'_>, found: &ClauseOutcome, failure: &Failure, file: &str) -> String {
    let (outcome, clause) = (report.outcome, found.clause);
    let (over, scenario) = without_transport(failure.again());
    let told = [
        format!("{} · {} — {}", clause.id, clause.level, clause.title),
        what_happened(found, failure),
        format!("Profile: {}", outcome.profile),
        format!("Subject: {}", outcome.subject),
        format!("Replay:  {}", command::replay(file, &outcome.subject, outcome.profile, report.options)),
    ];
    let comments = told.iter().flat_map(|text| comment(text)).collect::<String>();
    format!("{}{comments}{scenario}", over.unwrap_or_default())
}

/// Gives what counts of a file's text: the scenario, and the transports if its first line names them.
pub fn body(text: &str) -> impl Iterator<Item = &str> {
    let counts = |(at, line): &(usize, &str)| !line.starts_with('#') || *at == 0 && line.starts_with("# over");
    text.lines().enumerate().filter(counts).map(|(_, line)| line)
}

/// Says how the clause was broken.
pub(super) fn what_happened(found: &ClauseOutcome, failure: &Failure) -> String {
    match (&failure.departure, &found.verdict) {
        (Some(departure), _) => sentence(&failure.scenario, departure),
        (None, Verdict::Error { reason }) => format!("The subject failed: {}.", plain(reason)),
        (None, _) => "The subject failed before it could be judged.".to_owned(),
    }
}

/// Makes lines of a text comments.
fn comment(text: &str) -> Vec<String> {
    plain(text).lines().map(|line| format!("# {line}\n")).collect()
}

/// Takes the transport out of a scenario on real sockets, for the first line to name it. In data that a first line of
/// this kind would change it stays where it is.
fn without_transport(scenario: &Scenario) -> (Option<String>, Scenario) {
    let mut rest = scenario.clone();
    match scenario.setup.first() {
        Some(Setup::Over { transport }) if !PLACEHOLDERS.iter().any(|word| scenario.to_string().contains(word)) => {
            rest.setup.remove(0);
            (Some(format!("# over {}\n", transport.name())), rest)
        }
        _ => (None, rest),
    }
}
