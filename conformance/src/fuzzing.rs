//! The properties that the fuzz targets check: each takes any bytes, and panics when it does not hold.
//!
//! A fuzz target is one line over a function of this module, so that the same property runs in the project's tests too.
//! What a property is about can be handed in, so that a test can see it fail on something else than the reference.

mod stream;

use asyncore_reference::find_prefix_at_end;
use asyncore_spec::generate::{Family, Repertoire, from_bytes};
use asyncore_spec::law;
use asyncore_spec::model::predict;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::text::{parse_events, parse_example, parse_scenario, parse_trace, print_events, print_trace_of};
use asyncore_spec::trace::Trace;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::judge::judge;
use crate::protocol::{Answer, Request};
use crate::reference::ReferenceSubject;
use crate::subject::{Run, Subject};

pub use stream::{Frame, Message, frame, splits_make_no_difference};

/// `find_prefix_at_end` of the reference gives what its definition says.
pub fn prefix(data: &[u8]) {
    prefix_is_defined(find_prefix_at_end, data);
}

/// The first byte says how long the needle is; it and the haystack follow.
pub fn prefix_is_defined(find: impl Fn(&[u8], &[u8]) -> isize, data: &[u8]) {
    let (length, rest) = data.split_first().map_or((0, data), |(length, rest)| (usize::from(*length), rest));
    let (needle, haystack) = rest.split_at(length.min(rest.len()));
    let defined = match needle.len() {
        0 => -1,
        length => (0..length).rev().find(|&n| haystack.ends_with(&needle[..n])).map_or(0, usize::cast_signed),
    };
    let found = find(haystack, needle);
    assert_eq!(found, defined, "\"{}\" at the end of \"{}\"", needle.escape_ascii(), haystack.escape_ascii());
}

/// A stream gives the same messages however it is split, and the reference frames as the model does.
pub fn framing(data: &[u8]) {
    splits_make_no_difference(frame, data);
    with_profile(data, |profile, rest| agrees(&mut ReferenceSubject::new(profile), profile, &[Family::Framing], rest));
}

/// The reference sends as the model does, its callbacks calling it back.
pub fn queue(data: &[u8]) {
    let families = [Family::Queue, Family::Reentrancy];
    with_profile(data, |profile, rest| agrees(&mut ReferenceSubject::new(profile), profile, &families, rest));
}

/// The reference's dispatchers, maps, files and passes of the loop do as the model predicts.
pub fn passes(data: &[u8]) {
    let families = [Family::Dispatcher, Family::Loop, Family::Map, Family::File];
    with_profile(data, |profile, rest| agrees(&mut ReferenceSubject::new(profile), profile, &families, rest));
}

/// Lets the first byte choose the profile.
fn with_profile(data: &[u8], check: impl FnOnce(Profile, &[u8])) {
    let (first, rest) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
    check(Profile::ALL[usize::from(first) % Profile::ALL.len()], rest);
}

/// A subject does with the scenario of these bytes what the model predicts, and breaks no law.
pub fn agrees(subject: &mut dyn Subject, profile: Profile, families: &[Family], data: &[u8]) {
    let repertoire = Repertoire { profile, features: subject.identity().features.clone() };
    let scenario = from_bytes(&repertoire, families, data);
    let settings = subject.identity().settings(profile);
    let observed = subject.identity().observes.clone();
    let trace = match subject.run(std::slice::from_ref(&scenario)).pop() {
        Some(Run::Trace { trace, .. }) => trace,
        // What is generated may need more than is declared; then it is not run.
        Some(Run::Unsupported { .. }) if !scenario.needs().is_subset(&repertoire.features) => return,
        other => panic!("{profile}: {other:?}\n{scenario}"),
    };
    let prediction = predict(&scenario, &settings);
    let departures = judge(&prediction, &trace, &observed).departures;
    assert!(
        departures.is_empty(),
        "{profile}: {departures:?}\n{scenario}---- expected\n{}---- actual\n{}",
        print_trace_of(&scenario, &prediction.trace()),
        print_trace_of(&scenario, &trace)
    );
    if prediction.unspecified.is_none() {
        let broken = law::apply(&scenario, &settings, &trace, &observed).broken;
        assert!(broken.is_empty(), "{profile}: {broken:?}\n{scenario}");
    }
}

/// The parsers of the text form take any text, and what parses prints and parses again.
pub fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(scenario) = parse_scenario(text) {
        assert_eq!(parse_scenario(&scenario.to_string()), Ok(scenario));
    }
    if let Ok(trace) = parse_trace(text) {
        assert_eq!(parse_trace(&trace.to_string()), Ok(trace));
    }
    if let Ok(events) = parse_events(text) {
        assert_eq!(parse_events(&print_events(&events)), Ok(events));
    }
    if let Ok(example) = parse_example(text) {
        let below = example.expected.as_ref().map_or(String::new(), |events| format!("----\n{}", print_events(events)));
        assert_eq!(parse_example(&format!("{}{below}", example.scenario)), Ok(example));
    }
}

/// The readers of the JSON form take any bytes, and what is read is written and read again.
pub fn json(data: &[u8]) {
    survives::<Scenario>(data);
    survives::<Trace>(data);
    survives::<Request>(data);
    survives::<Answer>(data);
}

/// What is read as a `T`, if anything is, is written and read again.
pub fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(data) else { return };
    let written = serde_json::to_string(&value).expect("whatever was read can be written");
    let read = serde_json::from_str::<T>(&written);
    assert_eq!(read.as_ref().ok(), Some(&value), "{read:?} of {written}");
}
