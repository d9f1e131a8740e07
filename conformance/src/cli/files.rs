//! The files that reports are written to.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Trouble;

/// Is a report that the command line asks for: `json=FILE` or `record=FILE`.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) format: Format,
    pub(crate) path: PathBuf,
}

/// Is what kind of report is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A report for programs.
    Json,
    /// A recording, to be judged again.
    Record,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const SHAPE: &str = "a report is asked for as `json=FILE`, a recording as `record=FILE`";
        let Some((name, file)) = text.split_once('=') else { return Err(SHAPE.to_owned()) };
        let format = match name {
            "json" => Format::Json,
            "record" => Format::Record,
            other => return Err(format!("there is no report format `{other}`; {SHAPE}")),
        };
        if file.is_empty() {
            Err(format!("the file is missing; {SHAPE}"))
        } else {
            Ok(Self { format, path: file.into() })
        }
    }
}

/// Is a file that a report is written to, again and again as the run goes on.
pub(crate) struct ReportFile {
    path: PathBuf,
    file: File,
}

impl ReportFile {
    /// Creates the file, so that what cannot be written is known before the run begins.
    pub(crate) fn create(path: &Path) -> Result<Self, Trouble> {
        let file = File::create(path).map_err(|error| Self::trouble(path, &error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Replaces what the file holds.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Trouble> {
        let file = &mut self.file;
        let written = file.rewind().and_then(|()| file.set_len(0)).and_then(|()| file.write_all(text.as_bytes()));
        written.map_err(|error| Self::trouble(&self.path, &error))
    }

    /// Gives the open file.
    pub(crate) fn into_inner(self) -> File {
        self.file
    }

    pub(crate) fn trouble(path: &Path, error: &std::io::Error) -> Trouble {
        Trouble::new(format_args!("the report `{}` cannot be written: {error}; name a file that can", path.display()))
    }
}
