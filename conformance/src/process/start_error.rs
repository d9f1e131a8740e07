//! Why a subject could not be started, and what to do about it.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;

use super::failure::Failure;
use crate::protocol::PROTOCOL;

/// Says which subject could not be started and why.
#[derive(Debug)]
pub struct StartError {
    /// What the subject is called.
    pub title: String,
    /// Why.
    pub why: Start,
}

/// Is a reason for which a subject cannot be started.
#[derive(Debug)]
pub enum Start {
    /// There is no such program.
    NotFound {
        /// The program.
        program: OsString,
    },
    /// There is such a file, but not what its first line says should read it.
    NoInterpreter {
        /// The file.
        program: OsString,
    },
    /// The operating system does not let it be executed.
    NotExecutable {
        /// The program.
        program: OsString,
        /// What the operating system says.
        error: io::Error,
    },
    /// Something else went wrong before there was a process.
    Spawn {
        /// The program.
        program: OsString,
        /// What the operating system says.
        error: io::Error,
    },
    /// The transcript cannot be written.
    Transcript {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The files that the subject needs cannot be written.
    Scratch {
        /// What the operating system says.
        error: io::Error,
    },
    /// The modules to be tested cannot be imported.
    NoModules {
        /// What the adapter says.
        message: String,
    },
    /// It failed before it had said who it is.
    Hello {
        /// How.
        failure: Failure,
        /// The end of what it wrote on standard error.
        stderr: String,
    },
    /// It failed when it was asked for a step that does not exist.
    Probe {
        /// How.
        failure: Failure,
        /// The end of what it wrote on standard error.
        stderr: String,
    },
    /// It speaks another version of the protocol.
    Protocol {
        /// Which.
        found: u32,
    },
    /// It did not give back the text of the request.
    Nonce {
        /// What it gave.
        found: String,
    },
    /// It answered `ok` to a step that does not exist.
    YesSayer,
    /// Started again, it says that it is somebody else.
    Changed,
}

impl StartError {
    /// Says whether the program runs and speaks, but lies: an error of the subject, not of whoever started it.
    #[must_use]
    pub fn is_lie(&self) -> bool {
        matches!(self.why, Start::Nonce { .. } | Start::YesSayer | Start::Changed)
    }
}

impl std::error::Error for StartError {}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the subject `{}` cannot be used: {}", self.title, self.why)
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { program } => {
                write!(
                    f,
                    "there is no program `{}`; name one that is installed, or give its full path",
                    program.display()
                )
            }
            Self::NoInterpreter { program } => write!(
                f,
                "`{}` exists, but the interpreter that its first line names does not; install that or correct the line",
                program.display()
            ),
            Self::NotExecutable { program, error } => write!(
                f,
                "`{0}` cannot be executed ({error}); make it executable (chmod +x) or name the interpreter in front of it",
                program.display()
            ),
            Self::Spawn { program, error } => write!(f, "`{}` cannot be started: {error}", program.display()),
            Self::Transcript { path, error } => {
                write!(f, "the transcript `{}` cannot be written: {error}; name a file that can", path.display())
            }
            Self::Scratch { error } => {
                write!(
                    f,
                    "the adapter cannot be written to a temporary directory: {error}; set TMPDIR to one with room"
                )
            }
            Self::NoModules { message } => f.write_str(message),
            Self::Hello { failure, stderr } => {
                write!(f, "instead of saying who it is, it {failure}; {}", failure.remedy())?;
                write_stderr(f, stderr)
            }
            Self::Probe { failure, stderr } => {
                write!(f, "asked for a step that does not exist, it {failure}; {UNKNOWN}")?;
                write_stderr(f, stderr)
            }
            Self::Protocol { found } => write!(
                f,
                "it speaks version {found} of the protocol, this program speaks version {PROTOCOL}; use an adapter and a suite \
                 of the same release"
            ),
            Self::Nonce { found } => write!(
                f,
                "it gave back the nonce {found:?} instead of the one in the request; `hello` must be answered when it \
                 is asked, with the request's own text"
            ),
            Self::YesSayer => {
                write!(
                    f,
                    "it answers ok to a step that does not exist, so nothing that it says can be believed; {UNKNOWN}"
                )
            }
            Self::Changed => f.write_str(
                "started again, it answers `hello` differently; what a subject is and can must not change within a run",
            ),
        }
    }
}

const UNKNOWN: &str = "an adapter answers `unsupported` to what it does not know";

fn write_stderr(f: &mut fmt::Formatter<'_>, stderr: &str) -> fmt::Result {
    const LINES: usize = 10;
    let lines: Vec<&str> = stderr.trim_end().lines().collect();
    if lines.is_empty() {
        return Ok(());
    }
    f.write_str("\nits standard error ends with:")?;
    lines[lines.len().saturating_sub(LINES)..].iter().try_for_each(|line| write!(f, "\n    {line}"))
}
