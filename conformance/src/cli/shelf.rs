//! The folder that failing scenarios are saved in. Nothing that is there is ever overwritten.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use asyncore_conformance::outcome::{ClauseOutcome, Failure};
use asyncore_conformance::report::Report;
use asyncore_conformance::report::case::{body, failing, file_name, text};

use super::Trouble;
use super::out::Out;

/// Is the folder.
#[derive(Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
}

/// Is what became of a scenario that was to be saved.
enum Kept {
    Saved(PathBuf),
    /// The same scenario stands in this file.
    Was(PathBuf),
}

impl Shelf {
    /// Makes the folder if it is not there, so that what cannot be written is known before the run begins.
    pub(crate) fn open(folder: &Path) -> Result<Self, Trouble> {
        let shelf = Self { folder: folder.to_owned() };
        let made = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        made.map_err(|error| shelf.trouble(folder, &error))?;
        Ok(shelf)
    }

    /// Saves the smallest scenario of every failing clause, and tells where.
    pub(crate) fn save(&self, out: &mut Out, report: &Report<'_>) -> Result<(), Trouble> {
        let mut any = false;
        for (found, failure) in failing(report) {
            any = true;
            match self.keep(report, found, failure)? {
                Kept::Saved(path) => writeln!(out, "Saved      {}", path.display())?,
                Kept::Was(path) => writeln!(out, "Saved      {}, where it was already", path.display())?,
            }
        }
        if !any {
            writeln!(out, "Saved      nothing, as no clause failed")?;
        }
        Ok(())
    }

    /// Saves one scenario under the first name that is free, unless it is there already.
    fn keep(&self, report: &Report<'_>, found: &ClauseOutcome, failure: &Failure) -> Result<Kept, Trouble> {
        for number in 1.. {
            let path = self.folder.join(file_name(report, found, number));
            let text = text(report, found, failure, &path.display().to_string());
            match create(&path, &text) {
                Ok(()) => return Ok(Kept::Saved(path)),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(self.trouble(&path, &error)),
                Err(_) if holds(&path, &text) => return Ok(Kept::Was(path)),
                Err(_) => {}
            }
        }
        unreachable!("numbers do not end")
    }

    fn trouble(&self, path: &Path, error: &io::Error) -> Trouble {
        let (path, folder) = (path.display(), self.folder.display());
        Trouble::new(format_args!("`{path}` cannot be written: {error}; name a folder in place of `{folder}` that can"))
    }
}

/// Writes a new file. One that could not be written to its end is not left behind.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// Says whether a file holds the scenario of a text, whatever is said about it.
fn holds(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|there| body(&there).eq(body(text)))
}
