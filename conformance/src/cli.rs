//! The commands, and how the program ends.

mod arguments;
mod cases;
mod evidence;
mod explain;
mod files;
mod list;
mod new_file;
mod out;
mod pose;
mod profiles;
mod progress;
mod recheck;
mod recordings;
mod replay;
mod run;
mod selftest;
mod shelf;
mod signals;
mod subjects;

use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use asyncore_conformance::outcome::Status;
use asyncore_conformance::report::style::BAD;
use clap::Parser;

use arguments::{Arguments, Command};
use out::Out;

/// Does what the command line says.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Whoever asked for help and does not read it needs no complaint.
            let _ = error.print();
            return if error.use_stderr() { exit(Status::NotDone) } else { ExitCode::SUCCESS };
        }
    };
    signals::listen();
    let mut out = Out::new();
    let done = perform(&arguments.command, &mut out).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    exit(done.unwrap_or_else(|trouble| {
        trouble.tell();
        Status::NotDone
    }))
}

fn perform(command: &Command, out: &mut Out) -> Result<Status, Trouble> {
    match command {
        Command::Run(arguments) => run::run(arguments, out),
        Command::List(arguments) => list::list(arguments, out),
        Command::Explain(arguments) => explain::explain(arguments, out),
        Command::Replay(arguments) => replay::replay(arguments, out),
        Command::Selftest(arguments) => selftest::selftest(arguments, out),
        Command::Pose { kind } => pose::pose(kind),
        Command::Recheck(arguments) => recheck::recheck(arguments, out),
    }
}

fn exit(status: Status) -> ExitCode {
    ExitCode::from(status as u8)
}

/// Says why something could not be done, and what would help.
#[derive(Debug)]
pub(crate) struct Trouble(String);

impl Trouble {
    fn new(message: impl fmt::Display) -> Self {
        Self(message.to_string())
    }

    /// Tells it on standard error.
    fn tell(&self) {
        anstream::eprintln!("{BAD}error{BAD:#}: {self}");
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}
