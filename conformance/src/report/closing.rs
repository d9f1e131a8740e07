//! The end of a terminal report: the counts, and the verdict in one line.

use std::io::{self, Write};

use asyncore_spec::clause::Level;

use super::Report;
use super::layout::{count, write_headed};
use super::style::{BAD, GOOD, NOTE, STRONG};
use crate::outcome::{ClauseOutcome, Status, Verdict};

/// Writes the counts.
pub(super) fn write_counts(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let outcome = report.outcome;
    let totals = outcome.totals();
    let executed = report.outcome.executed();
    let clauses = outcome.clauses.len();
    let idle = idle_unexcused(report);
    let held = totals.unexcused - idle;
    writeln!(
        out,
        "{STRONG}Clauses{STRONG:#}    {executed} of {clauses} executed: {} passed, {} failed, {} in error, {} excused, {held} unexcused",
        totals.pass, totals.fail, totals.error, totals.excused
    )?;
    writeln!(
        out,
        "           {} not executed: {} unsupported, {} excluded, {} not applicable, {} never exercised{}",
        clauses - executed,
        totals.unsupported,
        totals.excluded,
        totals.not_applicable,
        totals.not_executed,
        if idle > 0 { format!(", {idle} listed as deviating") } else { String::new() }
    )?;
    let files = if outcome.files.is_empty() { String::new() } else { format!(", {} from files", outcome.from_files()) };
    let sockets = if outcome.sockets > 0 { format!(", {} on real sockets", outcome.sockets) } else { String::new() };
    writeln!(
        out,
        "{STRONG}Checks{STRONG:#}     {} in {}, {} of them from the clauses' examples{files}{sockets}, in {:.1} s",
        totals.checks,
        count(outcome.scenarios, "scenario"),
        outcome.examples,
        outcome.elapsed.as_secs_f64()
    )?;
    if let (Some(floor), true) = (report.floor, report.is_below_floor()) {
        writeln!(
            out,
            "{BAD}Too few{BAD:#}    {executed} clauses were executed; the deviations file demands at least {floor}"
        )?;
    }
    Ok(())
}

/// Counts the listed deviations that nothing exercised.
fn idle_unexcused(report: &Report<'_>) -> usize {
    let listed = report.outcome.clauses.iter().filter(|clause| matches!(clause.verdict, Verdict::Unexcused { .. }));
    listed.filter(|clause| !clause.is_executed()).count()
}

/// Writes the verdict.
pub(super) fn write_verdict(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    let (word, style) = word(report.status());
    let text = format!(": {}", verdict(report));
    write!(out, "{STRONG}Verdict{STRONG:#}    ")?;
    write_headed(out, word, style, &text, width.saturating_sub("Verdict    ".len()))
}

/// Gives the word for how a run ends, and its colour.
pub(super) fn word(status: Status) -> (&'static str, anstyle::Style) {
    match status {
        Status::Held => ("HELD", GOOD),
        Status::Short => ("FELL SHORT", BAD),
        Status::NotDone => ("NOT DONE", BAD),
    }
}

/// Says in one sentence how the run ends.
pub(super) fn verdict(report: &Report<'_>) -> String {
    let what = if report.strict { "every clause" } else { "every MUST" };
    let notes = notes(report);
    match report.status() {
        Status::NotDone if !report.outcome.disagreements.is_empty() => format!(
            "internal error: the two judges disagree about {}; nothing is said of this subject until that is settled.",
            count(report.outcome.disagreements.len(), "law")
        ),
        Status::NotDone => "0 clauses were executed, so nothing is known about this subject.".to_owned(),
        Status::Held if notes.is_empty() => format!("{what} that was executed held."),
        Status::Held => format!("{what} that was executed held; {notes}."),
        Status::Short => format!(
            "{}.",
            [shortfalls(report), notes].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
        ),
    }
}

fn shortfalls(report: &Report<'_>) -> String {
    let totals = report.outcome.totals();
    let mut parts = Vec::new();
    let failed =
        report.outcome.clauses.iter().filter(|clause| clause.verdict == Verdict::Fail && report.counts(clause)).count();
    let broken = if report.strict { "clause" } else { "MUST" };
    let parts_of = [
        (failed, format!("{} broken", count(failed, broken))),
        (totals.error, format!("{} in error", count(totals.error, "clause"))),
        (totals.unexcused, format!("{} listed as deviating without cause", count(totals.unexcused, "clause"))),
    ];
    parts.extend(parts_of.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| text));
    if report.is_below_floor() {
        parts.push("too few clauses executed".to_owned());
    }
    parts.join(", ")
}

/// Says which departures do not make the run fall short.
fn notes(report: &Report<'_>) -> String {
    let lenient = |clause: &&ClauseOutcome| clause.verdict == Verdict::Fail && !report.counts(clause);
    let number =
        |level| report.outcome.clauses.iter().filter(lenient).filter(|clause| clause.clause.level == level).count();
    let levels = [Level::Should, Level::Quirk, Level::Unspecified].map(|level| (number(level), level.name()));
    let told: Vec<_> = levels.into_iter().filter(|(n, _)| *n > 0).map(|(n, name)| count(n, name)).collect();
    if told.is_empty() {
        String::new()
    } else {
        format!("{} departed from, which counts with --strict only", told.join(" and "))
    }
}

/// Writes one line for each of several reports.
pub(super) fn write_summary(out: &mut dyn Write, reports: &[Report<'_>]) -> io::Result<()> {
    writeln!(out, "{NOTE}Summary{NOTE:#}")?;
    let width = reports.iter().map(|report| report.outcome.subject.chars().count()).max().unwrap_or(0);
    for report in reports {
        let (word, style) = word(report.status());
        let (subject, profile) = (&report.outcome.subject, report.outcome.profile.name());
        writeln!(out, "  {subject:<width$}  {profile:<5}  {style}{word}{style:#}: {}", verdict(report))?;
    }
    Ok(())
}
