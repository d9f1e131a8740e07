//! One broken clause: what it says, how it was broken, and how to see it again.

use std::io::{self, Write};

use anstyle::Style;
use asyncore_spec::clause::Clause;

use super::columns::{Column, Table};
use super::layout::{count, plain, write_headed, write_wrapped};
use super::sentence::sentence;
use super::style::{BAD, FAINT, NOTE};
use super::{Report, command};
use crate::evidence;
use crate::outcome::{ClauseOutcome, Failure, Origin};
use crate::real::transport;

/// Writes the whole story.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, found: &ClauseOutcome, width: usize) -> io::Result<()> {
    write_title(out, "FAIL", BAD, found.clause, width)?;
    write_text(out, found.clause, width)?;
    write_evidence(out, found.clause, width)?;
    if let Some(followed) = &found.change {
        let text = format!("The deviations file says `{}`; the subject does not do that.", followed.change);
        write_wrapped(out, &text, "  ", width)?;
    }
    let Some(failure) = &found.failure else {
        return writeln!(out, "\n  Broken by {}.", count(found.broken, "scenario"));
    };
    writeln!(out)?;
    write_departure(out, failure, found, width)?;
    writeln!(out)?;
    let expected = Column::new("expected", &failure.expected);
    let mut actual = Column::new("actual", &failure.actual);
    if let Some(departure) = &failure.departure {
        actual = actual.marked(departure, &expected);
    }
    Table { scenario: &failure.scenario, columns: &[expected, actual], width }.write(out)?;
    write_words(out, "The subject printed", &failure.printed)?;
    write_words(out, "Its standard error ends with", &failure.stderr)?;
    write_again(out, report, failure)?;
    writeln!(out, "{}", command::explain(found.clause.id))
}

/// Writes what matters of a departure that does not make the run fall short.
pub(super) fn write_short(
    out: &mut dyn Write,
    report: &Report<'_>,
    found: &ClauseOutcome,
    width: usize,
) -> io::Result<()> {
    write_title(out, "NOTE", NOTE, found.clause, width)?;
    let Some(failure) = &found.failure else {
        return writeln!(out, "  Broken by {}.", count(found.broken, "scenario"));
    };
    write_departure(out, failure, found, width)?;
    write_again(out, report, failure)
}

/// Writes a scenario at which the subject failed altogether.
pub(super) fn write_error(out: &mut dyn Write, report: &Report<'_>, failure: &Failure) -> io::Result<()> {
    write_words(out, "The subject printed", &failure.printed)?;
    write_words(out, "Its standard error ends with", &failure.stderr)?;
    write_again(out, report, failure)
}

fn write_title(out: &mut dyn Write, word: &str, style: Style, clause: &Clause, width: usize) -> io::Result<()> {
    let Clause { id, level, title, .. } = clause;
    write_headed(out, word, style, &format!(" {id} · {level} — {title}"), width)
}

/// Writes what the clause obliges to, where it comes from and what a manual printed instead.
fn write_text(out: &mut dyn Write, clause: &Clause, width: usize) -> io::Result<()> {
    let paragraphs = clause.text.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
    let told = |paragraph: &String| paragraph.starts_with("Source:") || paragraph.starts_with("*Erratum.*");
    let (told, obligation): (Vec<_>, Vec<_>) = paragraphs.partition(told);
    for paragraph in obligation.iter().take(1).chain(&told) {
        write_wrapped(out, &paragraph.replace("*Erratum.*", "Erratum:"), "  ", width)?;
    }
    Ok(())
}

/// Writes which real implementations were seen to obey the clause.
fn write_evidence(out: &mut dyn Write, clause: &Clause, width: usize) -> io::Result<()> {
    let told = evidence::told(evidence::all().unwrap_or_default(), clause);
    if told.seen.is_empty() { Ok(()) } else { write_wrapped(out, &format!("Seen in {told}."), "  ", width) }
}

fn write_departure(out: &mut dyn Write, failure: &Failure, found: &ClauseOutcome, width: usize) -> io::Result<()> {
    let how = failure.departure.as_ref().map_or_else(
        || "The subject failed before it could be judged.".to_owned(),
        |departure| sentence(&failure.scenario, departure),
    );
    write_wrapped(out, &how, "  ", width)?;
    let times = count(found.broken, "scenario");
    let text = format!("Broken by {times}; the smallest one found comes from {}.", origin(failure));
    for line in textwrap::wrap(&text, width.saturating_sub(2)) {
        writeln!(out, "  {FAINT}{line}{FAINT:#}")?;
    }
    Ok(())
}

/// Says where a scenario comes from, and what was made of it.
fn origin(failure: &Failure) -> String {
    let origin = match failure.origin {
        Origin::Example(clause) => format!("an example of {clause}"),
        Origin::Generated(family) => format!("the family `{family}`"),
        Origin::Written(name) => format!("the scenario `{name}` on real sockets"),
        Origin::File(ref file) => format!("the file `{file}`"),
    };
    let is_lowered = transport(&failure.scenario).is_some() && transport(failure.again()).is_none();
    if is_lowered { format!("{origin}, which was made fit for real sockets") } else { origin }
}

/// Writes what a subject printed, if it printed anything.
fn write_words(out: &mut dyn Write, heading: &str, words: &str) -> io::Result<()> {
    let words = plain(words);
    if words.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {heading}:")?;
    words.lines().try_for_each(|line| writeln!(out, "    {line}"))
}

fn write_again(out: &mut dyn Write, report: &Report<'_>, failure: &Failure) -> io::Result<()> {
    let outcome = report.outcome;
    writeln!(out, "\n  To see it again:\n")?;
    command::write_replay(out, failure.again(), &outcome.subject, outcome.profile, report.options)
}
