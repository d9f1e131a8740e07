//! The report for people.

use std::io::{self, Write};

use super::style::FAINT;
use super::{Report, closing, disagreement, failure, files, groups, header};
use crate::outcome::Verdict;

/// The width of a report that is not written to a terminal, in characters.
pub const WIDTH: usize = 100;

/// Writes the report on one outcome. It holds colours; let it pass through `anstream`.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    header::write(out, report, width)?;
    writeln!(out)?;
    header::write_areas(out, report)?;
    writeln!(out)?;
    let failures: Vec<_> = report
        .outcome
        .broken()
        .into_iter()
        .filter(|found| found.verdict == Verdict::Fail)
        .filter(|found| report.counts(found))
        .collect();
    if failures.len() > 1 {
        writeln!(
            out,
            "{FAINT}{} clauses fall short. The first is the likeliest cause; others may follow from it.{FAINT:#}\n",
            failures.len()
        )?;
    }
    disagreement::write(out, report, width)?;
    for found in failures {
        failure::write(out, report, found, width)?;
        writeln!(out)?;
    }
    groups::write_faults(out, report, width)?;
    write_lenient(out, report, width)?;
    files::write(out, report.outcome, width)?;
    groups::write_rest(out, report, width)?;
    closing::write_counts(out, report)?;
    closing::write_verdict(out, report, width)
}

/// Writes one line for each of several reports.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_summary(out: &mut dyn Write, reports: &[Report<'_>]) -> io::Result<()> {
    closing::write_summary(out, reports)
}

/// Writes the departures that do not make the run fall short.
fn write_lenient(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    let mut lenient = report
        .outcome
        .broken()
        .into_iter()
        .filter(|found| found.verdict == Verdict::Fail)
        .filter(|found| !report.counts(found))
        .peekable();
    if lenient.peek().is_some() {
        writeln!(
            out,
            "{FAINT}The departures that follow do not make the run fall short; with --strict they do.{FAINT:#}\n"
        )?;
    }
    for found in lenient {
        failure::write_short(out, report, found, width)?;
        writeln!(out)?;
    }
    Ok(())
}
