//! Clauses that were not simply passed or broken, grouped by the reason.

use std::io::{self, Write};

use anstyle::Style;

use super::layout::{count, plain, write_headed, write_wrapped};
use super::style::{BAD, FAINT, NOTE, STRONG};
use super::{Report, failure};
use crate::outcome::{ClauseOutcome, Outcome, Verdict};

/// Is clauses that share a verdict and its reason.
struct Group<'a> {
    reason: &'a str,
    clauses: Vec<&'a ClauseOutcome>,
}

/// Groups the clauses whose verdict `of` picks, by reason, in the order in which the reasons turn up.
fn groups<'a>(outcome: &'a Outcome, of: impl Fn(&'a ClauseOutcome) -> Option<&'a str>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for clause in &outcome.clauses {
        let Some(reason) = of(clause) else { continue };
        match groups.iter_mut().find(|group| group.reason == reason) {
            Some(group) => group.clauses.push(clause),
            None => groups.push(Group { reason, clauses: vec![clause] }),
        }
    }
    groups
}

/// Writes what makes the run fall short without being a departure: errors of the subject and wrong entries of the
/// deviations file.
pub(super) fn write_faults(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    let errors = groups(report.outcome, |clause| match &clause.verdict {
        Verdict::Error { reason } => Some(reason),
        _ => None,
    });
    for group in errors {
        write_heading(out, "ERROR", BAD, &format!("the subject failed: {}", group.reason), width)?;
        write_names(out, &group, width)?;
        if let Some(found) = group.clauses.iter().find_map(|clause| clause.failure.as_ref()) {
            failure::write_error(out, report, found)?;
        }
        writeln!(out)?;
    }
    let unexcused = groups(report.outcome, |clause| match &clause.verdict {
        Verdict::Unexcused { reason } => Some(reason),
        _ => None,
    });
    for group in unexcused {
        let held = group.clauses.iter().all(|clause| clause.is_executed());
        let why = if held && group.clauses.iter().all(|clause| clause.change.is_some()) {
            group.reason.to_owned()
        } else if held {
            format!("it held, although the file says: {}", group.reason)
        } else {
            format!("it {}", group.reason)
        };
        let heading = format!("listed in the deviations file, but {why}; remove the entry");
        write_heading(out, "UNEXCUSED", BAD, &heading, width)?;
        write_names(out, &group, width)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Picks the reason of one kind of verdict.
type Reason = fn(&Verdict) -> Option<&str>;

/// Writes what was not judged, or was excused, and why.
pub(super) fn write_rest(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    let kinds: [(&str, Style, Reason); 4] = [
        ("Excused", NOTE, |verdict| match verdict {
            Verdict::Excused { reason } => Some(reason),
            _ => None,
        }),
        ("Unsupported", NOTE, |verdict| match verdict {
            Verdict::Unsupported { reason } => Some(reason),
            _ => None,
        }),
        ("Not executed", NOTE, |verdict| match verdict {
            Verdict::NotExecuted { reason } => Some(reason),
            _ => None,
        }),
        ("Not applicable", FAINT, |verdict| match verdict {
            Verdict::NotApplicable { reason } => Some(reason),
            _ => None,
        }),
    ];
    let mut any = false;
    for (name, style, reason) in kinds {
        for group in groups(report.outcome, |clause| reason(&clause.verdict)) {
            write_heading(out, name, style, group.reason, width)?;
            write_names(out, &group, width)?;
            any = true;
        }
    }
    for (reason, number) in &report.outcome.refused {
        let heading = format!("{}, although what they need was declared: {reason}", count(*number, "scenario"));
        write_heading(out, "Refused", NOTE, &heading, width)?;
        any = true;
    }
    for (reason, number) in &report.outcome.absent {
        let heading = format!("{} on real sockets: {reason}", count(*number, "scenario"));
        write_heading(out, "Unsupported", NOTE, &heading, width)?;
        any = true;
    }
    if any { writeln!(out) } else { Ok(()) }
}

fn write_heading(out: &mut dyn Write, name: &str, style: Style, text: &str, width: usize) -> io::Result<()> {
    write_headed(out, name, style, &format!(": {}", plain(text)), width)
}

fn write_names(out: &mut dyn Write, group: &Group<'_>, width: usize) -> io::Result<()> {
    let names: Vec<_> = group.clauses.iter().map(|clause| clause.clause.id.as_str()).collect();
    // Names are not broken at their hyphens.
    let names = names.join(" ").replace('-', "\u{2011}");
    let mut text = Vec::new();
    write_wrapped(&mut text, &names, "  ", width)?;
    write!(out, "{STRONG}{}{STRONG:#}", String::from_utf8_lossy(&text).replace('\u{2011}', "-"))
}
