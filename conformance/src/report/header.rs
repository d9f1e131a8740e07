//! The head of a terminal report: who was judged, as what, and area by area how it went.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::layout::count;
use super::style::{BAD, FAINT, GOOD, NOTE, STRONG};
use super::{Report, layout};
use crate::outcome::{ClauseOutcome, Verdict};
use crate::suggest::areas;

/// Writes who was judged, as what, and with which scenarios.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    let outcome = report.outcome;
    let who = &outcome.identity;
    let seed = outcome.seed;
    let lines = [
        ("Subject", outcome.subject.clone()),
        ("", format!("{} {}, in {}", who.name, who.version, language(&who.language))),
        ("Follows", format!("{}: {}", who.follows, who.because)),
        ("Profile", format!("{}, held to release {}: {}", outcome.profile, outcome.follows, outcome.chosen)),
        ("Scenarios", format!("the clauses' examples, and {} in each family, seed {seed}", count(outcome.cases, "case"))),
    ];
    for (name, text) in lines {
        let lines = textwrap::wrap(&text, width - 12);
        for (at, line) in lines.iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            writeln!(out, "{STRONG}{name:<10}{STRONG:#}  {line}")?;
        }
    }
    Ok(())
}

/// Gives a language's name as it is written in prose.
fn language(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(|| "an unnamed language".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// Writes one line for each area.
pub(super) fn write_areas(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut by_area: BTreeMap<&str, Vec<&ClauseOutcome>> = BTreeMap::new();
    for clause in report.outcome.clauses.iter().filter(|clause| !clause.clause.withdrawn) {
        by_area.entry(clause.clause.id.area()).or_default().push(clause);
    }
    let width = by_area.keys().map(|area| area.len()).max().unwrap_or(0);
    for area in areas() {
        let Some(clauses) = by_area.get(area) else { continue };
        let counts = counts(clauses).join("   ");
        writeln!(out, "  {STRONG}{area:<width$}{STRONG:#}  {:>11}   {counts}", layout::count(clauses.len(), "clause"))?;
    }
    Ok(())
}

/// Says how many clauses had which verdict; verdicts that none had are left out.
fn counts(clauses: &[&ClauseOutcome]) -> Vec<String> {
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
        (number, format!("{style}{number} {name}{style:#}"))
    });
    counted.filter(|(number, _)| *number > 0).map(|(_, text)| text).collect()
}
