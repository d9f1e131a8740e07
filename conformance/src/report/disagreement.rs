//! Traces on which the model and a law disagree: faults of the suite.

use std::io::{self, Write};

use super::columns::{Column, Table};
use super::layout::{count, write_headed, write_wrapped};
use super::style::BAD;
use super::{Report, command};
use crate::concord::Disagreement;

/// Writes all of them.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, width: usize) -> io::Result<()> {
    report.outcome.disagreements.iter().try_for_each(|found| write_one(out, report, found, width))
}

fn write_one(out: &mut dyn Write, report: &Report<'_>, found: &Disagreement, width: usize) -> io::Result<()> {
    let law = found.law;
    let heading = format!(": the model finds this trace in order, and the law of {law} does not");
    write_headed(out, "INTERNAL ERROR", BAD, &heading, width)?;
    let what = format!(
        "The law says of step {}: {}. One of the two is wrong; this is a fault of the suite, not of the subject. They \
         disagree about {}; this is the smallest.",
        found.step + 1,
        found.why,
        count(found.times, "trace")
    );
    write_wrapped(out, &what, "  ", width)?;
    writeln!(out)?;
    let actual = Column::new("actual, as the model has it", &found.trace);
    Table { scenario: &found.scenario, columns: &[actual], width }.write(out)?;
    writeln!(out, "\n  To see it again:\n")?;
    let outcome = report.outcome;
    command::write_replay(out, &found.scenario, &outcome.subject, outcome.profile, report.options)?;
    writeln!(out, "{}\n", command::explain(law))
}
