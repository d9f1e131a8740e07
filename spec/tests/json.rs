//! The JSON form: what goes to a subject and comes back loses nothing, and what is not understood is refused.

mod any;

use asyncore_spec::exception::Exception;
use asyncore_spec::feature::Feature;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Ending, Hook, Input, Item, Kind, Outcome, Scenario, Setup};
use asyncore_spec::trace::{Arg, Event, Flags, Reply, SocketCall, Trace};
use asyncore_spec::value::{Bytes, Value};
use proptest::prelude::*;
use rstest::rstest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("it can be written");
    assert!(text.is_ascii() || text.contains("\"type\":\"text\""), "only text is written as it is: {text}");
    match serde_json::from_str::<T>(&text) {
        Ok(back) => assert_eq!(back, *value, "{text}"),
        Err(error) => panic!("{error}: {text}"),
    }
}

#[test]
fn every_generated_scenario_survives() {
    for (family, repertoire) in any::families() {
        any::generated(family, &repertoire, 100).iter().for_each(survives);
    }
}

proptest! {
    #![proptest_config(any::cases(400))]

    #[test]
    fn any_scenario_survives(scenario in any::scenario()) {
        survives(&scenario);
    }

    #[test]
    fn any_trace_survives(trace in any::trace()) {
        survives(&trace);
    }

    #[test]
    fn bytes_are_two_digits_each(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        prop_assert_eq!(serde_json::to_value(Bytes::of(&bytes)).expect("it can be written"), json!(hex));
        let upper = serde_json::from_value::<Bytes>(json!(hex.to_uppercase())).expect("capitals are digits too");
        prop_assert_eq!(upper.0, bytes);
    }
}

#[test]
fn no_byte_is_lost() {
    let all = Bytes((0..=255).collect());
    survives(&Value::Bytes { hex: all.clone() });
    survives(&Trace {
        steps: vec![vec![Event { depth: 0, what: asyncore_spec::trace::What::Result { value: Value::bytes(&*all) } }]],
    });
    assert!(serde_json::to_string(&all).expect("it can be written").starts_with("\"000102"));
}

#[rstest]
#[case::odd("0")]
#[case::no_digit("0g")]
#[case::space("0 1")]
#[case::sign("+1")]
#[case::prefix("0x00")]
#[case::wide("é")]
fn what_is_not_pairs_of_digits_is_no_bytes(#[case] hex: &str) {
    assert!(serde_json::from_value::<Bytes>(json!(hex)).is_err());
}

#[rstest]
#[case::empty("")]
#[case::capital("C")]
#[case::digit("1c")]
#[case::long("abcdefghijklm")]
#[case::nul("c\0")]
#[case::wide("é")]
fn what_is_no_identifier_is_no_name(#[case] name: &str) {
    assert!(serde_json::from_value::<Name>(json!(name)).is_err());
    assert!(name.parse::<Name>().is_err());
}

/// Says whether a JSON value is one of this type.
fn is<T: DeserializeOwned>(value: serde_json::Value) -> bool {
    serde_json::from_value::<T>(value).is_ok()
}

#[rstest]
#[case::setup(is::<Setup>, json!({"is": "server", "name": "c"}))]
#[case::action(is::<Action>, json!({"do": "listen", "chan": "c"}))]
#[case::outcome(is::<Outcome>, json!({"is": "some"}))]
#[case::input(is::<Input>, json!({"is": "oob"}))]
#[case::ending(is::<Ending>, json!({"is": "yield"}))]
#[case::item(is::<Item>, json!({"is": "file"}))]
#[case::value(is::<Value>, json!({"type": "dict"}))]
#[case::exception(is::<Exception>, json!({"kind": "warning"}))]
#[case::errno(is::<Exception>, json!({"kind": "os", "errno": "EWHAT"}))]
#[case::number(is::<Exception>, json!({"kind": "os", "errno": 32}))]
#[case::arg(is::<Arg>, json!({"is": "file"}))]
#[case::reply(is::<Reply>, json!({"is": "nothing"}))]
#[case::event(is::<Event>, json!({"ev": "sleep"}))]
#[case::hook(is::<Hook>, json!("handle_accept"))]
#[case::call(is::<SocketCall>, json!("listen"))]
#[case::kind(is::<Kind>, json!("waits"))]
#[case::feature(is::<Feature>, json!("flight"))]
fn an_unknown_variant_is_refused(#[case] is: fn(serde_json::Value) -> bool, #[case] value: serde_json::Value) {
    assert!(!is(value));
}

#[rstest]
#[case::scenario(is::<Scenario>, json!({"setup": [], "steps": []}))]
#[case::chat(is::<Setup>, json!({"is": "chat", "name": "c", "bare": true}))]
#[case::producer(is::<Setup>, json!({"is": "producer", "name": "p", "results": []}))]
#[case::action(is::<Action>, json!({"do": "close", "chan": "c"}))]
#[case::outcome(is::<Outcome>, json!({"is": "take", "bytes": 1}))]
#[case::input(is::<Input>, json!({"is": "data", "hex": "61"}))]
#[case::ending(is::<Ending>, json!({"is": "raise", "exception": {"kind": "exit"}}))]
#[case::item(is::<Item>, json!({"is": "producer", "name": "p"}))]
#[case::value(is::<Value>, json!({"type": "int", "value": 1}))]
#[case::exception(is::<Exception>, json!({"kind": "os", "errno": "EPIPE"}))]
#[case::arg(is::<Arg>, json!({"is": "value", "value": {"type": "none"}}))]
#[case::reply(is::<Reply>, json!({"is": "value", "value": {"type": "none"}}))]
#[case::flags(is::<Flags>, json!({"connected": true}))]
fn an_unknown_field_is_refused(#[case] is: fn(serde_json::Value) -> bool, #[case] mut value: serde_json::Value) {
    assert!(is(value.clone()), "it is one without the field");
    value["more"] = json!(1);
    assert!(!is(value));
}

#[rstest]
#[case::action(is::<Action>, json!({"do": "push", "chan": "c"}))]
#[case::setup(is::<Setup>, json!({"is": "producer", "name": "p"}))]
#[case::value(is::<Value>, json!({"type": "bytes"}))]
#[case::tag(is::<Value>, json!({"hex": "61"}))]
#[case::event(is::<Event>, json!({"ev": "socket", "on": "c", "call": "close"}))]
#[case::negative(is::<Outcome>, json!({"is": "take", "bytes": -1}))]
#[case::fraction(is::<Value>, json!({"type": "int", "value": 1.5}))]
fn a_missing_or_wrong_field_is_refused(#[case] is: fn(serde_json::Value) -> bool, #[case] value: serde_json::Value) {
    assert!(!is(value));
}

/// What a default leaves out stays out, so that an adapter needs to know less.
#[test]
fn the_shortest_form_is_written() {
    let scenario: Scenario = "chat c terminator \"\\n\"\nproducer p \"a\"\non c.recv 1: close c\nrecv c \"a\"\n"
        .parse()
        .expect("a scenario");
    let json = serde_json::to_string_pretty(&scenario).expect("it can be written");
    insta::assert_snapshot!(json);
}
