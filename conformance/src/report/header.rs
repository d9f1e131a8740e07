//! The head of a terminal report: who was judged, as what, and area by area how it went.

use std::io::{self, Write};

use super::Report;
use super::layout::{count, plain};
use super::style::{BAD, FAINT, GOOD, NOTE, STRONG};
use crate::outcome::{ClauseOutcome, Verdict};

/// Writes who was judged, as what, and with which scenarios.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    let outcome = report.outcome;
    let who = &outcome.identity;
    let seed = outcome.seed;
    let files = match outcome.files.len() {
        0 => String::new(),
        number => format!(" those of {},", count(number, "file")),
    };
    let changes: Vec<_> = outcome.clauses.iter().filter_map(|found| found.change.as_ref()).collect();
    let changes: Vec<_> = changes.into_iter().map(|followed| followed.change.to_string()).collect();
    let changed =
        (!changes.is_empty()).then(|| ("Changed", format!("{}, as the deviations file says", changes.join("; "))));
    let lines = [
        ("Subject", outcome.subject.clone()),
        ("", format!("{} {} ({})", who.name, who.version, who.language)),
        ("Follows", format!("{}: {}", who.follows, who.because)),
        ("Profile", format!("{}, held to release {}: {}", outcome.profile, outcome.follows, outcome.chosen)),
        (
            "Scenarios",
            format!("the clauses' examples,{files} and {} in each family, seed {seed}", count(outcome.cases, "case")),
        ),
    ];
    for (name, text) in lines.into_iter().chain(changed) {
        let text = plain(&text);
        let lines = textwrap::wrap(&text, width - 12);
        for (at, line) in lines.iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            writeln!(out, "{STRONG}{name:<10}{STRONG:#}  {line}")?;
        }
    }
    Ok(())
}

/// Writes one line for each area.
pub(super) fn write_areas(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let clauses = &report.outcome.clauses;
    let area = |found: &ClauseOutcome| found.clause.id.area();
    let width = clauses.iter().map(|found| area(found).len()).max().unwrap_or(0);
    for clauses in clauses.chunk_by(|one, next| area(one) == area(next)) {
        let area = area(&clauses[0]);
        let counts = counts(clauses).join("   ");
        writeln!(out, "  {STRONG}{area:<width$}{STRONG:#}  {:>11}   {counts}", count(clauses.len(), "clause"))?;
    }
    Ok(())
}

/// Says how many clauses had which verdict; verdicts that none had are left out.
fn counts(clauses: &[ClauseOutcome]) -> Vec<String> {
    let kinds = [
        ("passed", GOOD, (|v| matches!(v, Verdict::Pass)) as fn(&Verdict) -> bool),
        ("failed", BAD, |v| matches!(v, Verdict::Fail)),
        ("in error", BAD, |v| matches!(v, Verdict::Error { .. })),
        ("unexcused", BAD, |v| matches!(v, Verdict::Unexcused { .. })),
        ("excused", NOTE, |v| matches!(v, Verdict::Excused { .. })),
        ("unsupported", NOTE, |v| matches!(v, Verdict::Unsupported { .. })),
        ("not executed", NOTE, |v| matches!(v, Verdict::NotExecuted { .. })),
        ("excluded", FAINT, |v| matches!(v, Verdict::Excluded)),
        ("not applicable", FAINT, |v| matches!(v, Verdict::NotApplicable { .. })),
    ];
    let counted = kinds.into_iter().map(|(name, style, is)| {
        let number = clauses.iter().filter(|clause| is(&clause.verdict)).count();
        (number, format!("{style}{number:>3} {name}{style:#}"))
    });
    counted.filter(|(number, _)| *number > 0).map(|(_, text)| text).collect()
}
