//! The text form: what is printed parses again to the same value, and comments, space and other spellings mean nothing.

mod any;

use asyncore_spec::clause::clauses;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Hook, Scenario};
use asyncore_spec::text::{
    ParseError, parse_events, parse_example, parse_scenario, parse_trace, print_events, print_trace_of,
};
use asyncore_spec::trace::{Arg, Event, Flags, Trace, What};
use asyncore_spec::value::{Bytes, Value};
use asyncore_spec::wait::Timeout;
use proptest::prelude::*;
use rstest::rstest;

#[track_caller]
fn survives(scenario: &Scenario) {
    let text = scenario.to_string();
    match parse_scenario(&text) {
        Ok(parsed) => assert_eq!(parsed, *scenario, "{text}"),
        Err(error) => panic!("{error}\n{text}"),
    }
}

#[test]
fn every_generated_scenario_survives() {
    for (family, repertoire) in any::families() {
        any::generated(family, &repertoire, 200).iter().for_each(survives);
    }
}

proptest! {
    #![proptest_config(any::cases(150))]

    #[test]
    fn any_scenario_survives(scenario in any::scenario()) {
        survives(&scenario);
    }

    #[test]
    fn any_trace_survives(trace in any::trace()) {
        let text = trace.to_string();
        let parsed = parse_trace(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(&parsed, &trace, "{}", text);
        let flat: Vec<_> = trace.events().map(|(_, event)| event.clone()).collect();
        prop_assert_eq!(parse_events(&print_events(&flat)), Ok(flat));
    }

    #[test]
    fn a_scenario_with_its_trace_is_an_example(scenario in any::checked(), trace in any::trace()) {
        let text = format!("# both\n{scenario}----\n{trace}");
        let example = parse_example(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        let events: Vec<_> = trace.events().map(|(_, event)| event.clone()).collect();
        prop_assert_eq!((example.scenario, example.expected), (scenario, Some(events)));
    }

    #[test]
    fn a_trace_is_read_under_the_lines_of_its_scenario(scenario in any::checked(), trace in any::trace()) {
        prop_assert_eq!(parse_trace(&print_trace_of(&scenario, &trace)), Ok(trace));
    }

    #[test]
    fn the_parsers_take_any_text(text in prop_oneof![".{0,80}", "[ -~\n]{0,80}", spoiled()]) {
        let lines = text.lines().count() + 1;
        let error = |at: Option<ParseError>| at.is_none_or(|e| (1..=lines).contains(&e.line) && e.column >= 1);
        prop_assert!(error(parse_scenario(&text).err()));
        prop_assert!(error(parse_trace(&text).err()));
        prop_assert!(error(parse_events(&text).err()));
        prop_assert!(error(parse_example(&text).err()));
    }

    #[test]
    fn what_parses_prints_and_parses_again(text in spoiled()) {
        if let Ok(scenario) = parse_scenario(&text) {
            survives(&scenario);
        }
    }
}

/// A scenario with characters of it taken out, doubled or replaced.
fn spoiled() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(
        &["\"", "\\", "\\x", "-", "->", "[", "]", "1.", "9999999999", " ", "\n", ";", ":", "é", "\t", "c"][..],
    );
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, piece), 0..3);
    (any::checked(), edits).prop_map(|(scenario, edits)| {
        let mut text: Vec<char> = scenario.to_string().chars().collect();
        for (at, length, piece) in edits {
            let from = at.index(text.len() + 1);
            let to = (from + length).min(text.len());
            text.splice(from..to, piece.chars());
        }
        text.into_iter().collect()
    })
}

#[test]
fn the_examples_of_the_clauses_are_written_as_they_are_printed() {
    for example in clauses().iter().flat_map(|clause| &clause.examples) {
        let written: String = example
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .flat_map(|line| [line, "\n"])
            .collect();
        assert_eq!(written, format!("{}----\n{}", example.scenario, print_events(&example.expected)));
    }
}

#[test]
fn an_example_without_the_dividing_line_expects_nothing() {
    let example = parse_example("chat c\n# only this\nhandle_read c\n").expect("it is an example");
    assert_eq!((example.scenario.setup.len(), example.scenario.steps.len(), example.expected), (1, 1, None));
    let example = parse_example("chat c\n----\n").expect("it is an example");
    assert_eq!(example.expected, Some(Vec::new()));
}

#[test]
fn comments_blank_lines_and_space_mean_nothing() {
    let dense = "chat c terminator \"\\n\"\nrecv c \"a\"\n";
    let loose = "\n  # a comment\nchat  c\tterminator \"\\n\"   \r\n\n   recv c \"a\"\n#\n\n";
    assert_eq!(parse_scenario(loose), parse_scenario(dense));
}

#[rstest]
#[case::raw(r#""it's \"q\" \\ #;""#, b"it's \"q\" \\ #;")]
#[case::named(r#""\r\n\t\0\'\"\\""#, b"\r\n\t\0'\"\\")]
#[case::hex(r#""\x00\xfF\x7f""#, b"\x00\xff\x7f")]
#[case::empty(r#""""#, b"")]
fn escapes_are_read(#[case] text: &str, #[case] bytes: &[u8]) {
    let scenario = parse_scenario(&format!("fifo_push f {text}")).expect("it is a step");
    let [Action::FifoPush { item, .. }] = &scenario.steps[..] else { panic!("one step") };
    assert_eq!(*item, Value::bytes(bytes));
}

#[rstest]
#[case::int("-9223372036854775808", Value::int(i64::MIN))]
#[case::tenths("-0.5", Value::Float { tenths: -5 })]
#[case::lists("[[] [1 none] \"a\"]", Value::List {
    items: vec![
        Value::List { items: Vec::new() },
        Value::List { items: vec![Value::int(1), Value::None] },
        Value::bytes("a"),
    ],
})]
#[case::text("text \"\\xc3\\xa9\"", Value::Text { value: "é".to_owned() })]
#[case::bytearray("bytearray \"a\"", Value::Bytearray { hex: Bytes::of("a") })]
fn values_are_read(#[case] text: &str, #[case] value: Value) {
    let scenario = parse_scenario(&format!("set_terminator c {text}")).expect("it is a step");
    let [Action::SetTerminator { terminator, .. }] = &scenario.steps[..] else { panic!("one step") };
    assert_eq!(*terminator, value);
}

#[test]
fn another_name_of_an_error_number_is_read() {
    let scenario = parse_scenario("sends c EWOULDBLOCK EAGAIN\nrecv c EWOULDBLOCK").expect("it is a scenario");
    assert_eq!(scenario.to_string(), "sends c EAGAIN EAGAIN\nrecv c EAGAIN\n");
}

#[test]
fn the_least_decimal_is_carried() {
    let step = Action::FifoPush { fifo: Name::of("f"), item: Value::Float { tenths: i32::MIN } };
    let scenario = Scenario { setup: Vec::new(), steps: vec![step] };
    assert_eq!(parse_scenario(&scenario.to_string()), Ok(scenario));
}

#[rstest]
#[case("none")]
#[case("raised")]
#[case("list")]
#[case("waits")]
#[case("prints")]
#[case("map")]
#[case("timeout")]
#[case("count")]
#[case("fails")]
#[case("use_poll")]
fn a_word_that_begins_a_value_or_an_event_is_no_name(#[case] word: &str) {
    assert!(word.parse::<Name>().is_err());
}

#[test]
fn a_list_in_a_callback_is_told_from_flags() {
    let what = hook("c", Hook::FoundTerminator, Some(Value::List { items: Vec::new() }));
    let trace = Trace { steps: vec![vec![Event { depth: 0, what }]] };
    assert_eq!(parse_trace(&trace.to_string()), Ok(trace));
}

fn hook(on: &str, hook: Hook, value: Option<Value>) -> What {
    let arg = value.map(|value| Arg::Value { value });
    What::Hook { on: Name::of(on), hook, arg, flags: Some(Flags::CONNECTED) }
}

#[rstest]
#[case::seconds("30s", Timeout::seconds(30))]
#[case::milliseconds("1500ms", Timeout::Micros { value: 1_500_000 })]
#[case::microseconds("-1us", Timeout::Micros { value: -1 })]
#[case::for_ever("none", Timeout::Never)]
fn times_are_read(#[case] text: &str, #[case] time: Timeout) {
    let scenario = parse_scenario(&format!("poll timeout {text} d:r")).expect("it is a step");
    let [Action::Poll { timeout, .. }] = &scenario.steps[..] else { panic!("one step") };
    assert_eq!(*timeout, Some(time));
}

#[test]
fn conditions_are_read_in_any_order() {
    let scenario = parse_scenario("poll d:nhexwr").expect("it is a step");
    assert_eq!(scenario.to_string(), "poll d:rwxehn\n");
}

/// A name may be a word that has a meaning elsewhere in its line.
#[rstest]
#[case("socket socket fd 3")]
#[case("dispatcher later socket socket map fd later")]
#[case("poll os:r exit:w")]
#[case("loop count 1 | none_:r | other:rw")]
#[case("look handle_read connected")]
#[case("create_socket inet inet stream")]
fn a_word_of_the_text_form_is_a_name_where_a_name_stands(#[case] line: &str) {
    let scenario = parse_scenario(line).expect("it is a line");
    assert_eq!(scenario.to_string(), format!("{line}\n"));
}

#[rstest]
#[case::select("waits select 30s [a:rwx b:r] -> a:r")]
#[case::nothing("waits poll none [] -> none")]
#[case::raised("waits select 0s [os:r] -> os EBADF")]
#[case::a_channel_called_os("waits poll 1900us [os:r] -> os:re")]
#[case::sleep("waits sleep 2s")]
#[case::a_sleep_that_raised("waits sleep 2s [] -> exit")]
#[case::printed("prints err \"log: \\xc3\\xa9\\n\"")]
#[case::a_text("c.handle_error os EIO system [connecting]")]
fn events_of_the_loop_are_written_as_they_print(#[case] line: &str) {
    let events = parse_events(line).expect("it is an event");
    assert_eq!(print_events(&events), format!("{line}\n"));
}
