//! Runs Python's programs as children, under the program that records them.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use super::stimulus::Running;
use super::tape::Tape;
use crate::interpreters::Interpreter;
use crate::subjects::file;

/// Ends a child that has not ended by itself.
struct Guard(Arc<Mutex<Child>>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut child = self.0.lock().expect("nobody panics while it is locked");
        // It may have ended, and has then been waited for or not.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Starts a program of `tests/python/examples`, to be recorded, whose loop waits by `select` or by `poll`.
pub(crate) fn start(interpreter: &Interpreter, how: &str, program: &str, arguments: &[String], pause: &str) -> Running {
    let mut command = Command::new(&interpreter.path);
    // No compiled files among the sources, nothing held back, and no warning that the modules are old.
    command.args(["-B", "-u", "-W", "ignore"]).arg(file("examples/record.py")).args([how, pause, program]);
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the interpreter runs");
    let (input, output) = (child.stdin.take().expect("it is a pipe"), child.stdout.take().expect("it is a pipe"));
    let errors = child.stderr.take().expect("it is a pipe");
    let child = Arc::new(Mutex::new(child));
    let tape = Tape::default();
    thread::spawn({
        let tape = tape.clone();
        move || listen(output, &tape)
    });
    thread::spawn({
        let tape = tape.clone();
        move || resume(input, &tape)
    });
    thread::spawn({
        let (tape, child) = (tape.clone(), Arc::clone(&child));
        move || {
            copy(errors, &tape);
            let status = child.lock().expect("nobody panics while it is locked").wait().expect("it is a child");
            if !status.success() {
                tape.add(status.to_string());
            }
            tape.end();
        }
    });
    Running { tape, _guard: Some(Box::new(Guard(child))) }
}

/// Copies the lines of standard error, where the recording is.
fn copy(errors: impl Read, tape: &Tape) {
    for line in BufReader::new(errors).lines() {
        tape.add(line.expect("it is text"));
    }
}

/// Looks in standard output for where the program listens; what else it prints is its own affair.
fn listen(output: impl Read, tape: &Tape) {
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line.expect("it is a pipe")).into_owned();
        if let Some(address) = line.strip_prefix("listening on ") {
            tape.listens(address.trim().parse().expect("an address"));
        }
    }
}

/// Lets the program go on when the test says so.
fn resume(mut input: impl Write, tape: &Tape) {
    tape.wait_to_be_resumed();
    // A program that has ended does not need to go on.
    let _ = input.write_all(b"\n");
}
