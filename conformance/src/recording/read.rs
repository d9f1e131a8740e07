//! Reads recordings, and judges what they hold.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::FORMAT;
use super::line::{End, Header, Judged, Line, Recorded, Subject};
use crate::digest::{Digest, of_spec};
use crate::report::json::Unusable;
use crate::runner;
use crate::runner::tape::Heard;

/// Is a recording that is whole.
#[derive(Clone, Debug)]
pub struct Recording {
    path: PathBuf,
    text: String,
    header: Header,
}

/// Says why a file is no recording that can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingError {
    path: PathBuf,
    message: String,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the recording `{}` {}", self.path.display(), self.message)
    }
}

impl std::error::Error for RecordingError {}

/// Is a subject with what was heard of it.
struct Section {
    subject: Subject,
    heard: Vec<Heard>,
}

impl Recording {
    /// Reads a file and sees that it is whole.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is no recording, or not one of this format, or was cut short or changed.
    pub fn load(path: &Path) -> Result<Self, RecordingError> {
        let fail = |message: String| RecordingError { path: path.to_owned(), message };
        let text = std::fs::read(path).map_err(|error| fail(format!("cannot be read: {error}")))?;
        let text = String::from_utf8(text).map_err(|_| fail(NONE.to_owned()))?;
        let header = header(&text).map_err(fail)?;
        check_whole(&text).map_err(fail)?;
        Ok(Self { path: path.to_owned(), text, header })
    }

    /// Says what wrote it.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Says whether the spec was another one.
    #[must_use]
    pub fn is_of_another_spec(&self) -> bool {
        self.header.digest != of_spec()
    }

    /// Judges all of it again; also gives the subjects that could not be judged.
    ///
    /// # Errors
    ///
    /// When a line is none that a recording has there.
    pub fn judge(&self) -> Result<(Vec<Recorded>, Vec<Unusable>), RecordingError> {
        let (mut judged, mut unusable) = (Vec::new(), Vec::new());
        let mut section: Option<Section> = None;
        for (at, line) in self.text.lines().enumerate().skip(1) {
            let fail = |message: String| RecordingError {
                path: self.path.clone(),
                message: format!("cannot be judged, line {}: {message}", at + 1),
            };
            let line: Line = serde_json::from_str(line).map_err(|error| fail(error.to_string()))?;
            match (line, &mut section) {
                (Line::Subject(subject), None) => section = Some(Section { subject: *subject, heard: Vec::new() }),
                (Line::Heard(heard), Some(section)) => section.heard.push(heard),
                (Line::Judged(then), Some(_)) => judged.extend(section.take().map(|section| section.judge(then))),
                (Line::Unusable(one), None) => unusable.push(one),
                (Line::End(_), None) => {}
                _ => return Err(fail("it stands where no such line belongs".to_owned())),
            }
        }
        let judged: Option<Vec<_>> = judged.into_iter().collect();
        let strange = || RecordingError { path: self.path.clone(), message: "names a release that is none".to_owned() };
        Ok((judged.ok_or_else(strange)?, unusable))
    }
}

impl Section {
    fn judge(self, then: Judged) -> Option<Recorded> {
        let Self { subject, heard } = self;
        let plan = subject.plan()?;
        let outcome = runner::run_again(subject.identity().clone(), &plan, heard, Duration::ZERO);
        Some(Recorded::new(outcome, subject, then))
    }
}

const NONE: &str = "is none; `run --report record=FILE` writes one";

/// Reads the first line. Of another format nothing but its number is asked for.
fn header(text: &str) -> Result<Header, String> {
    let first = text.lines().next().unwrap_or_default();
    let line: Value = serde_json::from_str(first).map_err(|_| NONE.to_owned())?;
    let Some(format) = line["recording"]["format"].as_u64() else { return Err(NONE.to_owned()) };
    if format != u64::from(FORMAT) {
        let tool = line["recording"]["tool"].as_str().unwrap_or("another version");
        return Err(format!(
            "has the format {format}, and this program reads {FORMAT}; judge it with asyncore-conformance {tool}, or \
             record it again"
        ));
    }
    match serde_json::from_str(first) {
        Ok(Line::Recording(header)) => Ok(header),
        _ => Err(NONE.to_owned()),
    }
}

/// Holds the lines against what the last one says of them.
fn check_whole(text: &str) -> Result<(), String> {
    let short = || "was cut short: its last line is missing; record it again".to_owned();
    let body = text.strip_suffix('\n').ok_or_else(short)?;
    let (before, last) = body.rsplit_once('\n').ok_or_else(short)?;
    let Ok(Line::End(End { lines, digest })) = serde_json::from_str(last) else { return Err(short()) };
    let before = format!("{before}\n");
    let mut found = Digest::default();
    found.add(before.as_bytes());
    let counted = before.lines().count() as u64;
    if counted != lines {
        return Err(format!("has {counted} lines where it says {lines}; record it again"));
    }
    if found != digest {
        return Err("was changed after it was written: its digest is another one; record it again".to_owned());
    }
    Ok(())
}
