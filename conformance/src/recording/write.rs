//! Writes recordings.

use std::io::{self, Write};

use serde::Serialize;

use super::line::{End, Header, Judged, Line, Subject, Written};
use crate::digest::Digest;
use crate::outcome::Outcome;
use crate::report::json::Unusable;
use crate::runner::tape::{Heard, Tape};

/// Writes a recording line by line, as the run goes on.
pub struct Recorder {
    out: Box<dyn Write>,
    lines: u64,
    digest: Digest,
    /// What went wrong first; nothing is written after that.
    error: Option<io::Error>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("lines", &self.lines).field("error", &self.error).finish_non_exhaustive()
    }
}

impl Recorder {
    /// Begins a recording. What cannot be written is told by the next call that gives a result.
    #[must_use]
    pub fn new(out: Box<dyn Write>) -> Self {
        let mut recorder = Self { out, lines: 0, digest: Digest::default(), error: None };
        recorder.write(&Line::Recording(Header::own()));
        recorder
    }

    /// Begins a subject.
    pub fn begin(&mut self, subject: Subject) {
        self.write(&Line::Subject(Box::new(subject)));
    }

    /// Ends a subject with what was found about it.
    ///
    /// # Errors
    ///
    /// When something could not be written.
    pub fn judged(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.write(&Line::Judged(Judged::of(outcome)));
        self.check()
    }

    /// Notes a subject that could not be judged.
    pub fn unusable(&mut self, unusable: &Unusable) {
        self.write(&Line::Unusable(unusable.clone()));
    }

    /// Ends the recording.
    ///
    /// # Errors
    ///
    /// When something could not be written.
    pub fn end(&mut self) -> io::Result<()> {
        self.write(&Line::End(End { lines: self.lines, digest: self.digest }));
        self.check()?;
        self.out.flush()
    }

    fn check(&mut self) -> io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }

    fn write(&mut self, line: &impl Serialize) {
        if self.error.is_none() {
            self.error = self.try_write(line).err();
        }
    }

    fn try_write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.digest.add(&text);
        self.lines += 1;
        self.out.write_all(&text)
    }
}

impl Tape for Recorder {
    fn hear(&mut self, heard: &Heard) {
        self.write(&Written::Heard(heard));
    }
}
