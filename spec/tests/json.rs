//! The JSON form: what goes to a subject and comes back loses nothing, and what is not understood is refused.

mod any;

use asyncore_spec::dispatcher::{Attribute, CallReply, Class, Family as SocketFamily, Given, SocketType};
use asyncore_spec::exception::Exception;
use asyncore_spec::feature::Feature;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, DispatchBy, Ending, Hook, Input, Item, Kind, Method, Outcome, Scenario, Setup};
use asyncore_spec::trace::{Arg, Event, Flags, Reply, SocketCall, Stream, Trace};
use asyncore_spec::value::{Bytes, Value};
use asyncore_spec::wait::{Conditions, Ready, Report, Timeout, Told, WaitCall};
use proptest::prelude::*;
use rstest::rstest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("it can be written");
    let speaks = ["\"type\":\"text\"", "\"ev\":\"printed\"", "\"do\":\"log"].iter().any(|part| text.contains(part));
    assert!(text.is_ascii() || speaks, "only text is written as it is: {text}");
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
#[case::action(is::<Action>, json!({"do": "shutdown", "chan": "c"}))]
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
#[case::hook(is::<Hook>, json!("handle_flight"))]
#[case::call(is::<SocketCall>, json!("shutdown"))]
#[case::kind(is::<Kind>, json!("signals"))]
#[case::feature(is::<Feature>, json!("flight"))]
#[case::text(is::<Exception>, json!({"kind": "os", "errno": "EPIPE", "text": "Broken pipe"}))]
#[case::class(is::<Class>, json!("server"))]
#[case::given(is::<Given>, json!({"is": "closed"}))]
#[case::call_reply(is::<CallReply>, json!({"is": "some"}))]
#[case::family(is::<SocketFamily>, json!("ipx"))]
#[case::socket_type(is::<SocketType>, json!("raw"))]
#[case::attribute(is::<Attribute>, json!("backlog"))]
#[case::method(is::<Method>, json!("handle_read"))]
#[case::dispatch(is::<DispatchBy>, json!("_exception"))]
#[case::report(is::<Report>, json!({"is": "timeout"}))]
#[case::timeout(is::<Timeout>, json!({"is": "millis", "value": 1}))]
#[case::told(is::<Told>, json!({"is": "nothing"}))]
#[case::wait(is::<WaitCall>, json!("epoll"))]
#[case::stream(is::<Stream>, json!("log"))]
#[case::conditions(is::<Conditions>, json!("rz"))]
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
#[case::socket(is::<Setup>, json!({"is": "socket", "name": "s", "fd": 5}))]
#[case::wrapper(is::<Setup>, json!({"is": "wrapper", "name": "w"}))]
#[case::map(is::<Setup>, json!({"is": "map", "name": "m"}))]
#[case::replies(is::<Setup>, json!({"is": "replies", "on": "d", "call": "connect", "replies": []}))]
#[case::given(is::<Given>, json!({"is": "peerless", "errno": "EIO"}))]
#[case::call_reply(is::<CallReply>, json!({"is": "gives", "socket": "s"}))]
#[case::poll(is::<Action>, json!({"do": "poll", "use_poll": true, "report": {"is": "ready", "ready": []}}))]
#[case::report(is::<Report>, json!({"is": "fail", "errno": "EBADF"}))]
#[case::ready(is::<Ready>, json!({"name": "d", "conditions": "r"}))]
#[case::timeout(is::<Timeout>, json!({"is": "micros", "value": 1}))]
#[case::told(is::<Told>, json!({"is": "raised", "exception": {"kind": "exit"}}))]
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
#[case::no_condition(is::<Ready>, json!({"name": "d", "conditions": ""}))]
#[case::no_reports(is::<Action>, json!({"do": "loop", "use_poll": false}))]
#[case::no_report(is::<Action>, json!({"do": "poll", "use_poll": false}))]
#[case::great_descriptor(is::<Setup>, json!({"is": "socket", "name": "s", "fd": 65536}))]
#[case::no_attribute(is::<Action>, json!({"do": "look", "chan": "d"}))]
#[case::told_nothing(is::<Event>, json!({"ev": "wait", "call": "select", "timeout": {"is": "never"}}))]
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

#[test]
fn the_shortest_form_of_a_loop_is_written() {
    let scenario: Scenario = "map m\nsocket s\ndispatcher d no_socket map m reads 4\nreplies d connect EINPROGRESS\n\
                              create_socket d inet\npoll map m d:rw\nloop use_poll timeout 2s count 1 | d:w | fails EBADF\n\
                              look d connected\n"
        .parse()
        .expect("a scenario");
    insta::assert_snapshot!(serde_json::to_string_pretty(&scenario).expect("it can be written"));
}
