//! A running child: lines to it, lines from it, its end.
//!
//! Three threads keep any pipe from filling up: one writes requests, one reads answers, one reads standard error.

use std::io;
use std::io::Write;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::command::Command;
use super::exit::Process;
use super::failure::{Failure, show};
use super::lines::{self, Line};
use super::pipe::Hold;
use super::start_error::Start;
use super::tail::{self, Tail};
use super::transcript::Transcript;
use crate::protocol::{Answer, PROTOCOL, Request};

/// How many bytes of requests are written at once, if that many wait.
const WRITTEN_AT_ONCE: usize = 1 << 16;

/// Is a child and the threads that talk to it.
#[derive(Debug)]
pub(super) struct Child {
    process: Process,
    transcript: Transcript,
    timeout: Option<Duration>,
    grace: Duration,
    limit: usize,
    /// Dropped to close the child's standard input.
    requests: Option<Sender<Vec<u8>>>,
    lines: Option<Receiver<Line>>,
    tail: Tail,
    hold: Option<Hold>,
    threads: Vec<JoinHandle<()>>,
}

impl Child {
    pub(super) fn spawn(command: &Command, transcript: Transcript) -> Result<Self, Start> {
        transcript.note(format_args!("start: {:?} {:?}", command.program, command.args));
        let mut child = command.spawn().map_err(|error| spawn_error(command, error))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else { unreachable!("all three are piped") };
        let failed = |error| Start::Spawn { program: command.program.clone(), error };
        // From here on the process is ended whatever happens.
        let process = Process::new(child, command.own_group()).map_err(failed)?;
        let hold = Hold::new().map_err(failed)?;
        let (mut writer, reader, errors) =
            (hold.writer(stdin).map_err(failed)?, hold.reader(stdout), hold.reader(stderr));

        let (requests, to_write) = channel();
        let (to_read, lines) = sync_channel(lines::WAITING);
        let (tail, tail_reader) = tail::tail();
        let mut child = Self {
            process,
            transcript,
            timeout: Some(command.timeout).filter(|timeout| !timeout.is_zero()),
            grace: command.limits.grace,
            limit: command.limits.line,
            requests: Some(requests),
            lines: Some(lines),
            tail,
            hold: Some(hold),
            threads: Vec::new(),
        };
        let limit = child.limit;
        child.thread("requests", move || write(&mut writer, &to_write)).map_err(failed)?;
        child.thread("answers", move || lines::read(reader, limit, &to_read)).map_err(failed)?;
        child.thread("standard error", move || tail_reader.read(errors)).map_err(failed)?;
        Ok(child)
    }

    fn thread(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.threads.push(std::thread::Builder::new().name(format!("subject's {name}")).spawn(work)?);
        Ok(())
    }

    /// Sends a request.
    pub(super) fn send(&self, request: &Request) {
        self.send_json(request);
    }

    /// Sends something that need not be a request.
    pub(super) fn send_json(&self, request: &impl serde::Serialize) {
        let mut line = serde_json::to_vec(request).expect("a request can be written as JSON");
        line.push(b'\n');
        self.transcript.said(&line);
        if let Some(requests) = &self.requests {
            // When nobody writes any more, the child is gone, and reading from it will tell.
            let _ = requests.send(line);
        }
    }

    /// Waits for the next answer.
    pub(super) fn answer(&mut self) -> Result<Answer, Failure> {
        match self.line() {
            Ok(Line::Whole(line)) => {
                self.transcript.heard(&line);
                serde_json::from_slice(&line).map_err(|error| not_an_answer(&line, &error))
            }
            Ok(Line::Endless(line)) => Err(Failure::Flood { limit: self.limit, shown: show(&line) }),
            Ok(Line::End(rest)) => Err(self.ended(&rest)),
            Err(timeout) => Err(Failure::Late { timeout }),
        }
    }

    fn line(&self) -> Result<Line, Duration> {
        let Some(lines) = &self.lines else { return Ok(Line::End(Vec::new())) };
        let line = match self.timeout {
            None => lines.recv().ok(),
            Some(timeout) => match lines.recv_timeout(timeout) {
                Err(RecvTimeoutError::Timeout) => return Err(timeout),
                line => line.ok(),
            },
        };
        Ok(line.unwrap_or(Line::End(Vec::new())))
    }

    /// Finds out what the end of the child's standard output means.
    fn ended(&mut self, rest: &[u8]) -> Failure {
        if self.process.wait(self.grace) {
            let status = self.stop(Duration::ZERO);
            return Failure::Ended { status, unfinished: show(rest) };
        }
        Failure::Closed
    }

    /// Gives the end of what the child wrote on standard error.
    pub(super) fn stderr(&self) -> String {
        self.tail.text()
    }

    /// Ends the child: closes its standard input, waits for it as long as this, kills it, and leaves nothing behind.
    pub(super) fn stop(&mut self, patience: Duration) -> Option<ExitStatus> {
        self.requests = None;
        self.lines = None;
        self.process.wait(patience);
        let status = self.process.end();
        if self.hold.is_some() {
            // All who had a right to the pipes are dead, so standard error is read to its end. Others are not waited for.
            self.tail.wait(self.grace);
            self.hold = None;
            let threads = self.threads.drain(..);
            if cfg!(unix) {
                threads.for_each(|thread| _ = thread.join());
            }
        }
        status
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.stop(self.grace);
    }
}

/// Writes lines, several at once if several wait, until there are no more to come or nobody reads them.
fn write(to: &mut impl Write, lines: &Receiver<Vec<u8>>) {
    while let Ok(mut bytes) = lines.recv() {
        while bytes.len() < WRITTEN_AT_ONCE {
            let Ok(line) = lines.try_recv() else { break };
            bytes.extend_from_slice(&line);
        }
        if to.write_all(&bytes).is_err() {
            return;
        }
    }
}

/// An answer of another version of the protocol may well have other fields.
fn not_an_answer(line: &[u8], error: &serde_json::Error) -> Failure {
    #[derive(serde::Deserialize)]
    struct Versioned {
        protocol: u32,
    }
    match serde_json::from_slice(line) {
        Ok(Versioned { protocol }) if protocol != PROTOCOL => Failure::OtherProtocol { found: protocol },
        _ => Failure::Garbage { shown: show(line), why: error.to_string() },
    }
}

fn spawn_error(command: &Command, error: io::Error) -> Start {
    let program = command.program.clone();
    let path = std::path::Path::new(&program);
    match error.kind() {
        io::ErrorKind::NotFound if path.components().count() > 1 && path.exists() => Start::NoInterpreter { program },
        io::ErrorKind::NotFound => Start::NotFound { program },
        io::ErrorKind::PermissionDenied => Start::NotExecutable { program, error },
        // ENOEXEC has no kind of its own.
        _ if cfg!(unix) && error.raw_os_error() == Some(8) => Start::NotExecutable { program, error },
        _ => Start::Spawn { program, error },
    }
}
