//! Subjects behind a pipe: a child process that speaks the [protocol](crate::protocol).
//!
//! A child is believed only as far as it can be checked: it gives back a text that it could not know, and it refuses a
//! step that does not exist. It may die, hang, flood, or answer what nobody asked; that costs it the scenario at hand,
//! never the run: it is killed with everything it started, started anew, and the rest of the scenarios goes on.
//!
//! Which scenario is to blame does not depend on timing. With several requests under way nobody can tell which of them
//! a child died of, as adapters may keep answers back; so those are run again one by one (`batch`).

mod batch;
mod child;
mod command;
mod exit;
mod failure;
mod greeting;
mod lines;
mod pipe;
mod session;
mod start_error;
mod tail;
mod transcript;

use std::time::Duration;

use asyncore_spec::scenario::Scenario;

pub use self::command::{Command, Limits};
pub use self::failure::Failure;
pub use self::start_error::{Start, StartError};

use self::child::Child;
use self::transcript::Transcript;
use crate::protocol::{Hello, Places};
use crate::session::{Begun, Refusal};
use crate::subject::{Identity, Run, Subject};

/// Is a subject in a process of its own.
#[derive(Debug)]
pub struct ProcessSubject {
    command: Command,
    transcript: Transcript,
    /// What the child said first; the later ones must say the same.
    hello: Hello,
    identity: Identity,
    child: Option<Child>,
    /// The number of the next request; those of a child never repeat.
    next_id: u64,
    restarts: u32,
    /// Restarts since the last answer.
    in_a_row: u32,
    /// How many answers did not come in time.
    late: u32,
    last_failure: String,
    given_up: Option<String>,
}

impl ProcessSubject {
    /// Starts a subject, asks who it is, and finds out whether it answers `ok` to anything at all.
    ///
    /// # Errors
    ///
    /// When the program cannot be started or does not speak the protocol; the error says what to do about it.
    pub fn start(command: Command) -> Result<Self, StartError> {
        let failed = |why| StartError { title: command.title.clone(), why };
        let transcript = Transcript::create(command.transcript.as_deref()).map_err(failed)?;
        let (mut child, hello) = start_child(&command, &transcript).map_err(failed)?;
        greeting::catch_lie(&mut child, &command, &hello.nonce).map_err(failed)?;
        let identity = Identity::from(hello.clone());
        Ok(Self {
            command,
            transcript,
            hello,
            identity,
            child: Some(child),
            next_id: greeting::LIE_ID + 1,
            restarts: 0,
            in_a_row: 0,
            late: 0,
            last_failure: String::new(),
            given_up: None,
        })
    }

    /// Counts how often the subject had to be started again.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// Gives the command that the subject was started with.
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Gives a living child, a new one if need be.
    fn living(&mut self) -> Result<&mut Child, String> {
        while self.child.is_none() {
            if let Some(reason) = self.reason_to_give_up() {
                return Err(reason);
            }
            self.restarts += 1;
            self.in_a_row += 1;
            match self.start_again() {
                Ok(child) => self.child = Some(child),
                Err(why) => self.last_failure = StartError { title: self.command.title.clone(), why }.to_string(),
            }
        }
        Ok(self.child.as_mut().expect("there is a child"))
    }

    fn start_again(&self) -> Result<Child, Start> {
        let (child, hello) = start_child(&self.command, &self.transcript)?;
        let same = Hello { nonce: self.hello.nonce.clone(), ..hello } == self.hello;
        if same { Ok(child) } else { Err(Start::Changed) }
    }

    fn reason_to_give_up(&mut self) -> Option<String> {
        if self.given_up.is_none() {
            let Limits { restarts_in_a_row, restarts, late, .. } = self.command.limits;
            if self.late >= late {
                self.given_up = Some(format!(
                    "given up after {late} answer{} that did not come in time",
                    if late == 1 { "" } else { "s" }
                ));
                return self.given_up.clone();
            }
            let how = if self.in_a_row >= restarts_in_a_row {
                " without an answer in between"
            } else if self.restarts >= restarts {
                ""
            } else {
                return None;
            };
            let count = if how.is_empty() { self.restarts } else { self.in_a_row };
            let plural = if count == 1 { "" } else { "s" };
            self.given_up =
                Some(format!("given up after {count} restart{plural}{how}; the last time, {}", self.last_failure));
        }
        self.given_up.clone()
    }

    /// Ends the child, of which nothing good is to be expected, and gives the end of what it wrote on standard error.
    fn kill(&mut self, reason: &str) -> String {
        reason.clone_into(&mut self.last_failure);
        let Some(mut child) = self.child.take() else { return String::new() };
        child.stop(Duration::ZERO);
        self.transcript.note(format_args!("stopped: {reason}"));
        child.stderr()
    }
}

fn start_child(command: &Command, transcript: &Transcript) -> Result<(Child, Hello), Start> {
    let mut child = Child::spawn(command, transcript.clone())?;
    let hello = greeting::greet(&mut child, command)?;
    Ok((child, hello))
}

impl Subject for ProcessSubject {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        batch::run(self, scenarios)
    }

    fn begin(&mut self, scenario: &Scenario, places: &Places) -> Result<Begun<'_>, Refusal> {
        session::begin(self, scenario, places)
    }
}
