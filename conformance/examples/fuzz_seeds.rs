//! Writes inputs for the fuzz targets to begin with: `cargo run -p asyncore-conformance --example fuzz_seeds`.
//!
//! They go to `fuzz/corpus/`, one folder for each target, where `cargo fuzz` looks for them.

use std::path::Path;

use asyncore_conformance::protocol::{Answer, Request};
use asyncore_spec::clause::clauses;
use asyncore_spec::model::{Settings, predict};

/// An input of a target, with the name of its file.
type Seed = (String, Vec<u8>);

/// Every target with its inputs.
pub(crate) fn seeds() -> Vec<(&'static str, Vec<Seed>)> {
    vec![
        ("prefix", prefix()),
        ("framing", framing()),
        ("queue", ramps(2)),
        ("passes", ramps(4)),
        ("text", text()),
        ("json", json()),
    ]
}

fn prefix() -> Vec<Seed> {
    let pairs: [(&str, &str); 5] =
        [("\r\n", "qwerty\r"), ("\r\n", "qwerty\r\n"), ("abab", "xaba"), ("aab", "aaaa"), ("", "a")];
    let seed = |(needle, haystack): (&str, &str)| {
        [&[u8::try_from(needle.len()).expect("it is short")], needle.as_bytes(), haystack.as_bytes()].concat()
    };
    numbered(pairs.into_iter().map(seed))
}

/// Streams for each release: the kind and length of the terminator, the number of cuts, terminator, cuts, stream.
fn framing() -> Vec<Seed> {
    let streams: [&[u8]; 3] = [
        b"\x01\x01\x02\r\n\x05\x01GET / HTTP/1.0\r\nHost: a\r\n\r\nbody\r",
        b"\x01\x03\x03abab\x01\x01\x02abaababab",
        b"\x00\x03\x02\x02\x05abcdefghijklm",
    ];
    let each = (0..3).flat_map(|release| streams.into_iter().map(move |stream| [&[release], stream].concat()));
    let mut all = numbered(each);
    all.extend(ramps(2));
    all
}

/// Bytes that rise in different steps, after each profile and family.
fn ramps(families: u8) -> Vec<Seed> {
    let starts = (0_u8..3).flat_map(|profile| (0..families).map(move |family| [profile, family]));
    let all = starts.flat_map(|start| {
        [0_u8, 1, 37, 101].map(|step| {
            let rest: Vec<u8> = (0_u8..44).map(|at| at.wrapping_mul(step)).collect();
            [&start[..], &rest].concat()
        })
    });
    all.enumerate().map(|(at, bytes)| (format!("ramp-{at}"), bytes)).collect()
}

fn numbered(seeds: impl Iterator<Item = Vec<u8>>) -> Vec<Seed> {
    seeds.enumerate().map(|(at, bytes)| (at.to_string(), bytes)).collect()
}

/// The examples of the clauses as they stand in the text.
fn text() -> Vec<Seed> {
    let examples = clauses().iter().flat_map(|clause| clause.examples.iter().enumerate().map(move |e| (clause.id, e)));
    examples.map(|(id, (at, example))| (format!("{id}-{at}"), example.text.clone().into_bytes())).collect()
}

/// The examples as requests, and what the model predicts for them as answers.
fn json() -> Vec<Seed> {
    let write = |value: serde_json::Result<Vec<u8>>| value.expect("messages can be written");
    let mut seeds = Vec::new();
    for (id, example) in
        clauses().iter().flat_map(|clause| clause.examples.iter().map(move |example| (clause.id, example)))
    {
        let settings = Settings::of(example.profiles[0]);
        let trace = predict(&example.scenario, &settings).trace();
        let request = Request::Run { id: 1, scenario: example.scenario.clone() };
        let answer = Answer::Ok { id: 1, trace: trace.clone(), printed: String::new() };
        let messages = [
            ("scenario", write(serde_json::to_vec(&example.scenario))),
            ("trace", write(serde_json::to_vec(&trace))),
            ("request", write(serde_json::to_vec(&request))),
            ("answer", write(serde_json::to_vec(&answer))),
        ];
        let at = seeds.len();
        seeds.extend(messages.map(|(kind, bytes)| (format!("{id}-{at}-{kind}"), bytes)));
    }
    seeds
}

#[allow(dead_code, reason = "a test includes this file")]
fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (target, seeds) in seeds() {
        let folder = corpus.join(target);
        std::fs::create_dir_all(&folder)?;
        for (name, bytes) in &seeds {
            std::fs::write(folder.join(name), bytes)?;
        }
        println!("{target}: {} seeds", seeds.len());
    }
    Ok(())
}
