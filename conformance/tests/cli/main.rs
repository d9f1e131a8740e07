//! The command line and the reports, as people and programs see them.

mod bad_input;
mod bad_subjects;
mod cases;
mod commands;
mod demo;
mod deviations;
#[cfg(unix)]
mod interrupted;
mod issue;
#[path = "../programs/mod.rs"]
mod programs;
mod recheck;
mod report;
mod run;
#[cfg(unix)]
mod scarce;
mod script;

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Gives the program with arguments, and with what would colour its output taken away.
fn program<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asyncore-conformance"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

/// Runs a command line to its end.
#[track_caller]
fn run(line: &str) -> Output {
    let words = shlex::split(line).expect("the quotes are closed");
    program(words).output().expect("the program starts")
}

/// Runs a command line with a text on standard input.
#[track_caller]
fn run_with(line: &str, input: &str) -> Output {
    let words = shlex::split(line).expect("the quotes are closed");
    let command = &mut program(words);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("the program reads");
    child.wait_with_output().expect("the program ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are text")
}
