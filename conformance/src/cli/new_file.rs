//! A file that a run writes at its end: a bug report, a draft of deviations. It overwrites nothing.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Trouble;
use super::shelf::create;

/// Is a file which is not there yet.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    /// What it will be: `bug report`.
    what: &'static str,
}

impl NewFile {
    /// Refuses a file that is there, and one that cannot be made, before the run begins.
    pub(crate) fn new(path: &Path, what: &'static str) -> Result<Self, Trouble> {
        let file = Self { path: path.to_owned(), what };
        if path.symlink_metadata().is_ok() {
            return Err(file.trouble(&ErrorKind::AlreadyExists.into()));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        tempfile::tempfile_in(folder).map_err(|error| file.trouble(&error))?;
        Ok(file)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes all of it.
    pub(crate) fn write(&self, text: &str) -> Result<(), Trouble> {
        create(&self.path, text).map_err(|error| self.trouble(&error))
    }

    fn trouble(&self, error: &io::Error) -> Trouble {
        let Self { path, what } = self;
        let path = path.display();
        if error.kind() == ErrorKind::AlreadyExists {
            return Trouble::new(format_args!(
                "`{path}` is there already, and a {what} overwrites nothing; name another file or move this one away"
            ));
        }
        Trouble::new(format_args!("the {what} `{path}` cannot be written: {error}; name a file that can"))
    }
}
