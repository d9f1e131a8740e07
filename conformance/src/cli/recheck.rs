//! The command `recheck`: judges a recorded run again, without its subjects.

use std::io::{self, Write};

use asyncore_conformance::evidence;
use asyncore_conformance::outcome::Status;
use asyncore_conformance::recording::{Header, Recorded, Recording};
use asyncore_conformance::report::json;
use asyncore_conformance::report::layout::{count, write_headed};
use asyncore_conformance::report::style::NOTE;
use asyncore_conformance::report::{Report, terminal};

use super::Trouble;
use super::arguments::Recheck;
use super::files::{Format, ReportFile};
use super::out::Out;

pub(crate) fn recheck(arguments: &Recheck, out: &mut Out) -> Result<Status, Trouble> {
    if arguments.report.iter().any(|wanted| wanted.format == Format::Record) {
        return Err(Trouble::new("a recording cannot be recorded again; copy the file, or ask for `json=FILE`"));
    }
    evidence::all()?;
    let recording = Recording::load(&arguments.file)?;
    let files: Vec<_> =
        arguments.report.iter().map(|wanted| ReportFile::create(&wanted.path)).collect::<Result<_, _>>()?;
    let (judged, unusable) = recording.judge()?;
    for (at, one) in judged.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        terminal::write(out, &one.report(), Out::width())?;
    }
    let reports: Vec<Report<'_>> = judged.iter().map(Recorded::report).collect();
    if reports.len() > 1 {
        writeln!(out)?;
        terminal::write_summary(out, &reports)?;
    }
    for one in &unusable {
        Trouble::new(&one.reason).tell();
    }
    writeln!(out)?;
    write_comparison(out, &recording, &judged)?;
    let text = json::to_string(&reports, json::Unused { subjects: &unusable, files: &[] }, true);
    files.into_iter().try_for_each(|mut file| file.write(&text))?;
    let worst = judged.iter().map(Recorded::status).max().filter(|_| unusable.is_empty());
    Ok(worst.unwrap_or(Status::NotDone))
}

/// Says whether the spec is the one of the recording, and which verdicts are others now.
fn write_comparison(out: &mut Out, recording: &Recording, judged: &[Recorded]) -> io::Result<()> {
    let Header { tool, spec, digest, .. } = recording.header();
    let same = if recording.is_of_another_spec() {
        format!("the spec has changed since: it was {spec}, digest {digest}, of asyncore-conformance {tool}")
    } else {
        format!("by the same clauses: spec {spec}, digest {digest}")
    };
    write_headed(out, "Judged again", NOTE, &format!(", {same}"), Out::width())?;
    let changed: Vec<_> = judged.iter().map(|one| (one, one.changed())).collect();
    let number: usize = changed.iter().map(|(_, list)| list.len()).sum();
    if number == 0 {
        return writeln!(out, "  Every verdict is what it was.");
    }
    writeln!(out, "  {} now:", count(number, "other verdict"))?;
    for (one, list) in changed {
        for (clause, then, now) in list {
            writeln!(out, "  {} {}: {clause} was {then} and is {now}", one.outcome.subject, one.outcome.profile)?;
        }
    }
    Ok(())
}
