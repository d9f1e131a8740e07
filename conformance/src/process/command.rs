//! How to start a subject, and how much patience to have with it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::belongings::{self, Scratch};

/// Describes a program that speaks the protocol. The whole environment is inherited.
#[derive(Clone, Debug)]
pub struct Command {
    /// What the subject is called in messages, as the user wrote it: `python:python3`.
    pub title: String,
    /// The program; without a path separator it is looked up by the operating system.
    pub program: OsString,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// What the environment has besides.
    pub environment: Vec<(OsString, OsString)>,
    /// How long an answer may take; zero means for ever, and leaves the terminal to the child, for a debugger.
    pub timeout: Duration,
    /// A file that every line in both directions is written to.
    pub transcript: Option<PathBuf>,
    /// When to lose patience.
    pub limits: Limits,
    /// The exit status by which the program says, before it speaks, that it lacks the modules to be tested.
    pub(crate) no_modules_status: Option<i32>,
    /// A directory that must live as long as the command does.
    pub(crate) scratch: Option<Arc<Scratch>>,
}

/// Says how much a misbehaving subject is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How often it is started again without an answer in between.
    pub restarts_in_a_row: u32,
    /// How often it is started again in all.
    pub restarts: u32,
    /// How many answers may come too late in all.
    pub late: u32,
    /// The greatest length of an answer in bytes.
    pub line: usize,
    /// How long it may take to end by itself once it should.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { restarts_in_a_row: 3, restarts: 20, late: 4, line: 16 << 20, grace: Duration::from_secs(2) }
    }
}

impl Command {
    /// How long an answer may take unless something else is said.
    pub const TIMEOUT: Duration = Duration::from_secs(5);

    /// Describes a program without arguments.
    pub fn new(title: impl Into<String>, program: impl Into<OsString>) -> Self {
        Self {
            title: title.into(),
            program: program.into(),
            args: Vec::new(),
            environment: Vec::new(),
            timeout: Self::TIMEOUT,
            transcript: None,
            limits: Limits::default(),
            no_modules_status: None,
            scratch: None,
        }
    }

    /// Says whether the child gets a process group of its own, so that whatever it starts can be ended with it.
    /// A debugger needs the terminal, which belongs to the runner's group.
    pub(super) fn own_group(&self) -> bool {
        !self.timeout.is_zero()
    }

    pub(super) fn spawn(&self) -> std::io::Result<std::process::Child> {
        use std::process::Stdio;

        let mut command = std::process::Command::new(&self.program);
        command.args(&self.args).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        if self.own_group() {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        belongings::spawn(&mut command, self.own_group())
    }
}
