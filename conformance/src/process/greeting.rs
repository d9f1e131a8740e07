//! The first words: who are you, and do you say yes to everything?

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::child::Child;
use super::command::Command;
use super::failure::{Failure, show};
use super::start_error::Start;
use crate::protocol::{Answer, Hello, PROTOCOL, Request};

/// The number of the request that must not be answered `ok`.
pub(super) const LIE_ID: u64 = 0;

/// Asks the child who it is.
pub(super) fn greet(child: &mut Child, command: &Command) -> Result<Hello, Start> {
    let nonce = nonce();
    child.send(&Request::Hello { protocol: PROTOCOL, nonce: nonce.clone() });
    match child.answer() {
        Ok(Answer::Hello(hello)) => check(hello, &nonce),
        Ok(other) => {
            let failure = Failure::OutOfTurn { due: "an answer to `hello`".to_owned(), instead: describe(&other) };
            let stderr = last_words(child, command, &failure);
            Err(Start::Hello { failure, stderr })
        }
        Err(failure) => Err(start_failure(child, command, failure)),
    }
}

/// Ends a child that failed, and gives the end of what it wrote on standard error.
/// One that says something wrong may be about to explain itself there; one that says nothing has had its time.
fn last_words(child: &mut Child, command: &Command, failure: &Failure) -> String {
    let late = matches!(failure, Failure::Late { .. });
    child.stop(if late { Duration::ZERO } else { command.limits.grace });
    child.stderr()
}

fn start_failure(child: &mut Child, command: &Command, failure: Failure) -> Start {
    let stderr = last_words(child, command, &failure);
    match &failure {
        Failure::OtherProtocol { found } => Start::Protocol { found: *found },
        Failure::Ended { status: Some(status), .. }
            if status.code().is_some() && status.code() == command.no_modules_status =>
        {
            let message = stderr.trim_end().lines().next_back().unwrap_or("the modules cannot be imported").to_owned();
            Start::NoModules { message }
        }
        _ => Start::Hello { failure, stderr },
    }
}

fn check(hello: Hello, nonce: &str) -> Result<Hello, Start> {
    if hello.protocol != PROTOCOL {
        return Err(Start::Protocol { found: hello.protocol });
    }
    if hello.nonce != nonce {
        return Err(Start::Nonce { found: show(hello.nonce.as_bytes()) });
    }
    Ok(hello)
}

/// Asks the child for a step that does not exist.
pub(super) fn catch_lie(child: &mut Child, command: &Command, nonce: &str) -> Result<(), Start> {
    let step = format!("nosuch_{nonce}");
    child.send_json(&serde_json::json!({
        "type": "run", "id": LIE_ID, "scenario": { "setup": [], "steps": [{ "do": step }] },
    }));
    let failure = match child.answer() {
        Ok(Answer::Unsupported { id: LIE_ID, .. } | Answer::Error { id: LIE_ID, .. }) => return Ok(()),
        Ok(Answer::Ok { .. }) => return Err(Start::YesSayer),
        Ok(other) => Failure::OutOfTurn { due: format!("the answer to request {LIE_ID}"), instead: describe(&other) },
        Err(failure) => failure,
    };
    let stderr = last_words(child, command, &failure);
    Err(Start::Probe { failure, stderr })
}

/// Names an answer in a few words.
pub(super) fn describe(answer: &Answer) -> String {
    match answer {
        Answer::Hello(_) => "an answer to `hello`".to_owned(),
        Answer::Ok { id, .. } => format!("`ok` to request {id}"),
        Answer::Began { id, .. } => format!("`began` to request {id}"),
        Answer::Stepped { id, .. } => format!("`stepped` to request {id}"),
        Answer::Ended { id, .. } => format!("`ended` to request {id}"),
        Answer::Unsupported { id, reason } => format!("`unsupported` to request {id} (`{}`)", show(reason.as_bytes())),
        Answer::Error { id, reason } => format!("`error` to request {id} (`{}`)", show(reason.as_bytes())),
    }
}

/// Makes a text that no adapter can know. Every hasher of this kind has keys of its own.
fn nonce() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}
