//! The properties of the fuzz targets hold over a few hundred inputs and over their seeds, and each can fail.

#[path = "../examples/fuzz_seeds.rs"]
mod fuzz_seeds;

use std::panic::{AssertUnwindSafe, catch_unwind};

use asyncore_conformance::fuzzing;
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::{Identity, Run, Subject};
use asyncore_reference::{Profile as Release, Terminator, find_prefix_at_end};
use asyncore_spec::generate::Family;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use rstest::rstest;
use serde::{Deserialize, Serialize};

/// Any bytes, often of few kinds, so that terminators and their beginnings are frequent.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let few = prop::sample::select(&b"ab\r\n\x00\x01\x02\x03"[..]);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..120), prop::collection::vec(few, 0..120)]
}

fn cases() -> Config {
    Config { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn prefixes_are_as_defined(data in bytes()) {
        fuzzing::prefix(&data);
    }

    #[test]
    fn framing_is_as_the_model_predicts_however_streams_are_split(data in bytes()) {
        fuzzing::framing(&data);
    }

    #[test]
    fn sending_is_as_the_model_predicts(data in bytes()) {
        fuzzing::queue(&data);
    }

    #[test]
    fn passes_are_as_the_model_predicts(data in bytes()) {
        fuzzing::passes(&data);
    }

    #[test]
    fn any_text_and_any_json_is_taken(data in bytes()) {
        fuzzing::text(&data);
        fuzzing::json(&data);
    }
}

#[rstest]
#[case::prefix("prefix", fuzzing::prefix)]
#[case::framing("framing", fuzzing::framing)]
#[case::queue("queue", fuzzing::queue)]
#[case::passes("passes", fuzzing::passes)]
#[case::text("text", fuzzing::text)]
#[case::json("json", fuzzing::json)]
fn the_property_holds_for_its_seeds(#[case] target: &str, #[case] property: fn(&[u8])) {
    let seeds = fuzz_seeds::seeds().into_iter().find(|(name, _)| *name == target).expect("every target has seeds").1;
    assert!(seeds.len() >= 5);
    for (name, bytes) in seeds {
        let held = catch_unwind(|| property(&bytes));
        assert!(held.is_ok(), "{target} fails for its seed {name}");
        for length in 0..bytes.len().min(40) {
            property(&bytes[..length]);
        }
    }
}

/// Says whether a property fails for one of the seeds of a target.
fn fails(target: &str, property: impl Fn(&[u8])) -> bool {
    let seeds = fuzz_seeds::seeds().into_iter().find(|(name, _)| *name == target).expect("every target has seeds").1;
    seeds.iter().any(|(_, bytes)| catch_unwind(AssertUnwindSafe(|| property(bytes))).is_err())
}

#[rstest]
#[case::counting_a_whole_needle(|haystack: &[u8], needle: &[u8]| {
    if !needle.is_empty() && haystack.ends_with(needle) { needle.len().cast_signed() } else { find_prefix_at_end(haystack, needle) }
})]
#[case::the_shortest_prefix(|haystack: &[u8], needle: &[u8]| {
    if needle.is_empty() { return -1; }
    (1..needle.len()).find(|&n| haystack.ends_with(&needle[..n])).map_or(0, usize::cast_signed)
})]
#[case::nothing_for_nothing(|haystack: &[u8], needle: &[u8]| find_prefix_at_end(haystack, needle).max(0))]
fn a_wrong_prefix_is_noticed(#[case] find: fn(&[u8], &[u8]) -> isize) {
    assert!(fails("prefix", |data| fuzzing::prefix_is_defined(find, data)));
    assert!(!fails("prefix", |data| fuzzing::prefix_is_defined(find_prefix_at_end, data)));
}

/// Forgets at the end of each chunk what was held back.
fn forgetful(release: Release, terminator: &Terminator, chunks: &[&[u8]]) -> Vec<fuzzing::Message> {
    let mut messages = vec![Vec::new()];
    for chunk in chunks {
        let mut framed = fuzzing::frame(release, terminator, &[chunk]).into_iter();
        messages.last_mut().expect("there is a last one").extend(framed.next().unwrap_or_default());
        messages.extend(framed);
    }
    messages
}

/// Loses the first byte of all.
fn lossy(release: Release, terminator: &Terminator, chunks: &[&[u8]]) -> Vec<fuzzing::Message> {
    let mut chunks = chunks.to_vec();
    if let Some(first) = chunks.first_mut() {
        *first = first.get(1..).unwrap_or_default();
    }
    fuzzing::frame(release, terminator, &chunks)
}

#[rstest]
#[case::held_back_data_are_forgotten(forgetful)]
#[case::a_byte_is_lost(lossy)]
fn wrong_framing_is_noticed(#[case] frame: fuzzing::Frame) {
    assert!(fails("framing", |data| fuzzing::splits_make_no_difference(frame, data)));
}

/// The reference with something done to every trace.
struct Spoiled(ReferenceSubject, fn(&mut Vec<asyncore_spec::trace::Event>));

impl Subject for Spoiled {
    fn identity(&self) -> &Identity {
        self.0.identity()
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let mut runs = self.0.run(scenarios);
        for run in &mut runs {
            if let Run::Trace { trace, .. } = run {
                trace.steps.iter_mut().for_each(self.1);
            }
        }
        runs
    }
}

#[rstest]
#[case::an_event_is_missing(|events: &mut Vec<_>| _ = events.pop())]
#[case::an_event_is_doubled(|events: &mut Vec<_>| events.extend(events.last().cloned()))]
#[case::events_change_places(|events: &mut Vec<_>| events.reverse())]
fn a_wrong_trace_is_noticed(#[case] spoil: fn(&mut Vec<asyncore_spec::trace::Event>)) {
    let families = [Family::Queue, Family::Reentrancy];
    let check = |spoil| {
        move |data: &[u8]| {
            let mut subject = Spoiled(ReferenceSubject::new(Profile::Py27), spoil);
            fuzzing::agrees(&mut subject, Profile::Py27, &families, data);
        }
    };
    assert!(fails("queue", check(spoil)));
    assert!(!fails("queue", check(|_| {})), "the traces are right as they are");
}

/// Loses a field when it is written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Lossy {
    #[serde(default, skip_serializing)]
    id: u64,
}

#[test]
fn json_that_loses_something_is_noticed() {
    assert!(fails("json", fuzzing::survives::<Lossy>));
}
