//! Subjects in Python: the adapter that the binary carries, run by any interpreter.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::belongings::Scratch;
use crate::process::{Command, ProcessSubject, Start, StartError};

/// The adapter's source.
pub const ADAPTER: &str = include_str!("../adapters/asyncore_adapter.py");

/// The name that an adapter of one's own imports it by, and `.py`.
const FILE: &str = "asyncore_adapter.py";

/// The exit status by which the adapter says that it cannot import the modules to be tested.
const NO_MODULES: i32 = 3;

/// Describes a subject in Python. The environment is honoured, `PYTHONPATH` included.
#[derive(Clone, Debug)]
pub struct Python {
    /// The interpreter; without a path separator the operating system looks it up on `PATH`.
    pub interpreter: OsString,
    /// The module to import as asyncore; the adapter's choice when absent.
    pub asyncore: Option<String>,
    /// The module to import as asynchat; the adapter's choice when absent.
    pub asynchat: Option<String>,
    /// A program to run instead of the adapter, which may import it as `asyncore_adapter`.
    pub adapter: Option<PathBuf>,
    /// How long an answer may take; zero means for ever.
    pub timeout: Duration,
    /// A file that every line in both directions is written to.
    pub transcript: Option<PathBuf>,
}

impl Python {
    /// Describes the standard modules of an interpreter.
    pub fn new(interpreter: impl Into<OsString>) -> Self {
        Self {
            interpreter: interpreter.into(),
            asyncore: None,
            asynchat: None,
            adapter: None,
            timeout: Command::TIMEOUT,
            transcript: None,
        }
    }

    /// Gives what the subject is called on the command line.
    #[must_use]
    pub fn title(&self) -> String {
        format!("python:{}", self.interpreter.display())
    }

    /// Writes the adapter to a directory of its own, and gives the command that runs it. The directory lives as long
    /// as the command and its clones.
    ///
    /// # Errors
    ///
    /// When the adapter cannot be written.
    pub fn command(&self) -> io::Result<Command> {
        let scratch = Scratch::new("asyncore-conformance-")?;
        std::fs::write(scratch.path().join(FILE), ADAPTER)?;
        let modules = [("asyncore", &self.asyncore), ("asynchat", &self.asynchat)];
        let mut command = Command::new(self.title(), self.interpreter.clone());
        command.args = vec![self.adapter.clone().unwrap_or_else(|| scratch.path().join(FILE)).into()];
        for (role, name) in modules {
            if let Some(name) = name {
                command.args.extend(["--module".into(), format!("{role}={name}").into()]);
            }
        }
        command.environment = self.environment(scratch.path());
        command.timeout = self.timeout;
        command.transcript.clone_from(&self.transcript);
        command.no_modules_status = Some(NO_MODULES);
        command.scratch = Some(Arc::new(scratch));
        Ok(command)
    }

    /// Starts the subject.
    ///
    /// # Errors
    ///
    /// As [`ProcessSubject::start`]; a module that cannot be imported is [`Start::NoModules`].
    pub fn start(&self) -> Result<ProcessSubject, StartError> {
        let command =
            self.command().map_err(|error| StartError { title: self.title(), why: Start::Scratch { error } })?;
        ProcessSubject::start(command)
    }

    fn environment(&self, adapter_directory: &Path) -> Vec<(OsString, OsString)> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let mut environment = Vec::new();
        if set("PYTHONDONTWRITEBYTECODE").is_none() {
            environment.push(("PYTHONDONTWRITEBYTECODE".into(), "1".into()));
        }
        if self.adapter.is_some() {
            let mut path = adapter_directory.as_os_str().to_owned();
            if let Some(callers) = set("PYTHONPATH") {
                path.push(if cfg!(windows) { ";" } else { ":" });
                path.push(callers);
            }
            environment.push(("PYTHONPATH".into(), path));
        }
        environment
    }
}
