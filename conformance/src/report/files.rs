//! Files of scenarios that broke a clause, or were not run.

use std::io::{self, Write};

use super::layout::{plain, write_headed};
use super::style::{BAD, NOTE};
use crate::outcome::{FileOutcome, Outcome};

/// Names every file of which there is something to say.
pub(super) fn write(out: &mut dyn Write, outcome: &Outcome, width: usize) -> io::Result<()> {
    let mut any = false;
    for FileOutcome { file, broke, not_run, .. } in &outcome.files {
        if !broke.is_empty() {
            let clauses: Vec<_> = broke.iter().map(|clause| clause.as_str()).collect();
            let text = format!(": `{}` breaks {}", plain(file), clauses.join(", "));
            write_headed(out, "File", BAD, &text, width)?;
        }
        for reason in not_run {
            let text = format!(": `{}` was not run to its end: {}", plain(file), plain(reason));
            write_headed(out, "File", NOTE, &text, width)?;
        }
        any |= !broke.is_empty() || !not_run.is_empty();
    }
    if any { writeln!(out) } else { Ok(()) }
}
