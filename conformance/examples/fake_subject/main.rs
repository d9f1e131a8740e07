//! The smallest subject: an adapter for a library that has nothing but `find_prefix_at_end`.
//!
//!     asyncore-conformance run --subject "cmd:target/debug/examples/fake_subject"
//!
//! It is an example of an adapter in Rust. An adapter in another language reads the same lines and writes the same lines;
//! `schema/request.json` and `schema/answer.json` say what they look like. With arguments it misbehaves in the way that
//! they name (`misbehave`), for the tests of the suite itself.

mod misbehave;

use std::io::{self, BufRead, Write};

use asyncore_conformance::protocol::{Answer, Hello, LoopKind, PROTOCOL, Request};
use asyncore_spec::feature::Feature;
use asyncore_spec::scenario::{Action, Kind, Scenario};
use asyncore_spec::trace::{Event, Trace, What};
use asyncore_spec::value::Value;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.is_empty() {
        return misbehave::main(&arguments);
    }
    let mut output = io::stdout();
    for line in io::stdin().lock().lines() {
        let mut answer = serde_json::to_string(&answer(&line?))?;
        answer.push('\n');
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

/// Answers one line. What is not understood is not supported.
fn answer(line: &str) -> Answer {
    match serde_json::from_str(line) {
        Ok(Request::Hello { nonce, .. }) => Answer::Hello(hello(nonce)),
        Ok(Request::Run { id, scenario }) => run(id, &scenario),
        Ok(Request::Begin { id, .. } | Request::Step { id, .. } | Request::Settle { id } | Request::End { id }) => {
            Answer::Unsupported { id, reason: "there are no sockets".to_owned() }
        }
        Err(error) => Answer::Unsupported { id: id(line), reason: error.to_string() },
    }
}

/// Finds the number of a request that is not understood otherwise.
fn id(line: &str) -> u64 {
    let request: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
    request["id"].as_u64().unwrap_or(0)
}

/// Says who this is.
fn hello(nonce: String) -> Hello {
    Hello {
        protocol: PROTOCOL,
        nonce,
        name: "fake subject".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        language: "Rust".to_owned(),
        follows: "3.11".to_owned(),
        because: "it says so itself".to_owned(),
        features: vec![Feature::Prefix],
        observes: vec![Kind::Results],
        missing: Vec::new(),
        ac_in_buffer_size: 65536,
        ac_out_buffer_size: 65536,
        batch: 8,
        loops: LoopKind::Pass,
        scripted: true,
    }
}

/// Runs a scenario, each on a fresh subject; this one has no state to make afresh.
fn run(id: u64, scenario: &Scenario) -> Answer {
    if !scenario.setup.is_empty() {
        return Answer::Unsupported { id, reason: "there are no channels, producers or fifos".to_owned() };
    }
    match scenario.steps.iter().map(step).collect() {
        Ok(steps) => Answer::Ok { id, trace: Trace { steps }, printed: String::new() },
        Err(reason) => Answer::Unsupported { id, reason },
    }
}

/// Does a step and gives the events that were observed meanwhile.
fn step(action: &Action) -> Result<Vec<Event>, String> {
    let Action::FindPrefixAtEnd { haystack: Value::Bytes { hex: haystack }, needle: Value::Bytes { hex: needle } } =
        action
    else {
        return Err(format!("there is nothing to do {action:?} with"));
    };
    let length = find_prefix_at_end(haystack, needle) as i64;
    Ok(vec![Event { depth: 0, what: What::Result { value: Value::Int { value: length } } }])
}

/// Is the library under test.
fn find_prefix_at_end(haystack: &[u8], needle: &[u8]) -> usize {
    (1..needle.len()).rev().find(|&length| haystack.ends_with(&needle[..length])).unwrap_or(0)
}
