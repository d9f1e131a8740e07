//! The file of a bug report.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use asyncore_conformance::report::Report;
use asyncore_conformance::report::issue::issue;

use super::Trouble;
use super::out::Out;
use super::shelf::create;

/// Is the file, which is not there yet.
#[derive(Debug)]
pub(crate) struct IssueFile {
    path: PathBuf,
}

impl IssueFile {
    /// Refuses a file that is there, and one that cannot be made, before the run begins.
    pub(crate) fn new(path: &Path) -> Result<Self, Trouble> {
        let file = Self { path: path.to_owned() };
        if path.symlink_metadata().is_ok() {
            return Err(file.trouble(&ErrorKind::AlreadyExists.into()));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        tempfile::tempfile_in(folder).map_err(|error| file.trouble(&error))?;
        Ok(file)
    }

    /// Writes what the first subject that breaks a clause breaks, and tells so.
    pub(crate) fn write(&self, out: &mut Out, reports: &[Report<'_>]) -> Result<(), Trouble> {
        let path = self.path.display();
        let Some(text) = reports.iter().find_map(issue) else {
            writeln!(out, "Issue      none, as no clause failed; `{path}` was not written")?;
            return Ok(());
        };
        create(&self.path, &text).map_err(|error| self.trouble(&error))?;
        writeln!(out, "Issue      {path}")?;
        Ok(())
    }

    fn trouble(&self, error: &io::Error) -> Trouble {
        let path = self.path.display();
        if error.kind() == ErrorKind::AlreadyExists {
            return Trouble::new(format_args!(
                "`{path}` is there already, and a bug report overwrites nothing; name another file or move this one away"
            ));
        }
        Trouble::new(format_args!("the bug report `{path}` cannot be written: {error}; name a file that can"))
    }
}
