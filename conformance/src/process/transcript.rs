//! The record of a conversation: every line in both directions, for people who look for a fault in an adapter.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::start_error::Start;

/// Writes down what is said, if anybody wants to know.
#[derive(Clone, Debug)]
pub(super) struct Transcript(Option<Arc<Mutex<File>>>);

impl Transcript {
    pub(super) fn create(path: Option<&Path>) -> Result<Self, Start> {
        let file =
            path.map(|path| File::create(path).map_err(|error| Start::Transcript { path: path.to_owned(), error }));
        Ok(Self(file.transpose()?.map(|file| Arc::new(Mutex::new(file)))))
    }

    /// Writes down a line to the child.
    pub(super) fn said(&self, line: &[u8]) {
        self.write(b"> ", line);
    }

    /// Writes down a line from the child.
    pub(super) fn heard(&self, line: &[u8]) {
        self.write(b"< ", line);
    }

    /// Writes down something that happened.
    pub(super) fn note(&self, what: fmt::Arguments<'_>) {
        self.write(b"# ", what.to_string().replace('\n', "\n# ").as_bytes());
    }

    fn write(&self, mark: &[u8], line: &[u8]) {
        let Some(file) = &self.0 else { return };
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        // A transcript that can no longer be written must not change what is being tested.
        let _ = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&[mark, line, b"\n"].concat());
    }
}
