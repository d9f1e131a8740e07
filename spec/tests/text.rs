//! The text form: what is printed parses again to the same value, and what does not parse says where and why.

mod any;

use asyncore_spec::check::Problem;
use asyncore_spec::clause::clauses;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, ChatOptions, Hook, Input, Scenario, Setup};
use asyncore_spec::text::{
    ParseError, parse_events, parse_example, parse_scenario, parse_trace, print_events, print_trace_of,
};
use asyncore_spec::trace::{Arg, Event, Flags, Trace, What};
use asyncore_spec::value::{Bytes, Value};
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

const START: &str = "a word, a number, a quoted string of ASCII with escapes, or one of `-> : ; [ ] .`";
const CHANNEL: &str = "the name of a channel (a lower-case identifier of at most 12 characters)";
const PRODUCER: &str = "the name of a producer (a lower-case identifier of at most 12 characters)";
const HOOK: &str = "the name of a hook, such as `found_terminator`";
const STEP: &str = "a line of the set-up or a step, such as `chat` or `recv`";
const OPTION: &str = "`terminator`, `in`, `out`, `unconnected`, `bare`, `gather` or `use_encoding`";
const END: &str = "the end of the line";

#[rstest]
#[case::not_a_token("chat c\nrecv c €\n", 2, 8, START, "`\\u{20ac}`")]
#[case::open_quote("recv c \"abc", 1, 8, START, "`\\\"`")]
#[case::unknown_escape(r#"recv c "\q""#, 1, 8, START, "`\\\"`")]
#[case::half_a_byte(r#"recv c "\x1""#, 1, 8, START, "`\\\"`")]
#[case::too_great("set_terminator c 9223372036854775808", 1, 18, START, "`9`")]
#[case::no_word("\"a\"", 1, 1, "a line of the set-up or a step", "a quoted string")]
#[case::no_such_step("chat c\n\n# it flies\nfly c", 4, 1, STEP, "`fly`")]
#[case::no_such_fifo_step("fifo_drop f", 1, 1, "a step, such as `fifo_pop`", "`fifo_drop`")]
#[case::set_up_too_late("chat c\nclose c\nchat d\n", 3, 1, "a step (the set-up comes before the first step)", "`chat`")]
#[case::no_name("handle_read", 1, 12, CHANNEL, END)]
#[case::capital_name("handle_read C", 1, 13, CHANNEL, "`C`")]
#[case::long_name("handle_read abcdefghijklm", 1, 13, CHANNEL, "`abcdefghijklm`")]
#[case::more_than_a_step("close c c", 1, 9, END, "`c`")]
#[case::no_data("recv c", 1, 7, "data (a quoted string), `EOF`, or the name of an error number", END)]
#[case::empty_data(
    "recv c \"\"",
    1,
    8,
    "at least one byte of data (the end of the stream is `EOF`)",
    "a quoted string"
)]
#[case::no_errno("recv c EWHAT", 1, 8, "data (a quoted string), `EOF`, or the name of an error number", "`EWHAT`")]
#[case::nothing_to_push("push c", 1, 7, "the data (a quoted string, a number, `none`, or another value)", END)]
#[case::no_terminator(
    "set_terminator c ->",
    1,
    18,
    "the terminator (a quoted string, a number, `none`, or another value)",
    "`->`"
)]
#[case::no_producer("push_with_producer c", 1, 21, PRODUCER, END)]
#[case::no_option("chat c terminator \"a\" fast", 1, 23, OPTION, "`fast`")]
#[case::no_size("chat c in -1", 1, 11, "ac_in_buffer_size (a whole number, 0 or more)", "`-1`")]
#[case::great_size("chat c out 4294967296", 1, 12, "ac_out_buffer_size (a whole number, 0 or more)", "`4294967296`")]
#[case::decimal_size(
    "simple_producer p \"a\" size 1.5",
    1,
    28,
    "the size (a whole number, 0 or more)",
    "a decimal number"
)]
#[case::no_producer_data("simple_producer p 5", 1, 19, "the data (a quoted string)", "`5`")]
#[case::no_list("fifo f \"a\"", 1, 8, "`[`", "a quoted string")]
#[case::open_list("fifo f [\"a\"", 1, 12, "a value or `]`", END)]
#[case::no_text("fifo_push f text 1", 1, 18, "the text (a quoted string)", "`1`")]
#[case::not_utf_8("fifo_push f text \"\\xff\"", 1, 18, "text that is UTF-8", "a quoted string")]
#[case::no_outcome("sends c all some", 1, 13, "a number of bytes, `all`, or the name of an error number", "`some`")]
#[case::negative_outcome("sends c -1", 1, 9, "a number of bytes (a whole number, 0 or more)", "`-1`")]
#[case::no_dot("on c found_terminator 1: return", 1, 6, "`.`", "`found_terminator`")]
#[case::no_such_hook("on c.lost 1: return", 1, 6, HOOK, "`lost`")]
#[case::zeroth("on c.recv 0: return", 1, 11, "which call, counted from 1", "`0`")]
#[case::no_colon("on c.recv 1 return", 1, 13, "`:`", "`return`")]
#[case::nothing_after_semicolon("on c.recv 1: close c;", 1, 22, "an action, `return` or `raise`", END)]
#[case::no_semicolon("on c.recv 1: close c return", 1, 22, "`;`", "`return`")]
#[case::after_the_ending("on c.recv 1: return; close c", 1, 20, END, "`;`")]
#[case::no_exception(
    "on c.recv 1: raise ValueError",
    1,
    20,
    "an exception: `exit`, `interrupt`, `os ERRNO` or `other`",
    "`ValueError`"
)]
#[case::no_errno_raised(
    "on c.recv 1: raise os 5",
    1,
    23,
    "the symbolic name of an error number, such as `EPIPE`",
    "`5`"
)]
#[case::set_up_in_a_reaction("on c.recv 1: chat d", 1, 14, STEP, "`chat`")]
fn a_malformed_scenario_says_where_and_why(
    #[case] text: &str,
    #[case] line: usize,
    #[case] column: usize,
    #[case] expected: &str,
    #[case] found: &str,
) {
    assert_eq!(parse_scenario(text), Err(error(line, column, expected, found)));
}

#[rstest]
#[case::odd_indentation("> 1\n c.close", 2, 2, "an even number of spaces of indentation", "`c`")]
#[case::before_the_first_step("c.close\n", 1, 1, "a line that starts with `>` and begins the first step", "`c`")]
#[case::no_event("> 1\nclose c", 2, 7, "`.`", "`c`")]
#[case::no_such_hook("> 1\nc.flies", 2, 3, HOOK, "`flies`")]
#[case::no_result("> 1\n->", 2, 3, "the result (a quoted string, a number, `none`, or another value)", END)]
#[case::no_exception(
    "> 1\nc.handle_error [?]",
    2,
    16,
    "an exception: `exit`, `interrupt`, `os ERRNO` or `other`",
    "`[`"
)]
#[case::no_such_flag(
    "> 1\nc.handle_close [closed]",
    2,
    17,
    "`connected`, `accepting`, `connecting` or `]`",
    "`closed`"
)]
#[case::flags_of_none("> 1\nc.close [?]", 2, 9, "the end of the line", "`[`")]
#[case::no_such_call("> 1\nc.socket.peek 1", 2, 10, "`recv`, `send` or `close`", "`peek`")]
#[case::no_reply(
    "> 1\nc.socket.recv 1 -> EIO",
    2,
    20,
    "an exception: `exit`, `interrupt`, `os ERRNO` or `other`",
    "`EIO`"
)]
#[case::more_than_an_event("> 1\nc.found_terminator 1 2", 2, 22, END, "`2`")]
fn a_malformed_trace_says_where_and_why(
    #[case] text: &str,
    #[case] line: usize,
    #[case] column: usize,
    #[case] expected: &str,
    #[case] found: &str,
) {
    assert_eq!(parse_trace(text), Err(error(line, column, expected, found)));
}

#[test]
fn an_example_counts_its_lines_from_its_own_beginning() {
    let wrong = parse_example("chat c\nclose c\n----\nc.close\nc.flies\n");
    assert_eq!(wrong, Err(error(5, 3, HOOK, "`flies`")));
    assert_eq!(parse_example("chat\n----\n"), Err(error(1, 5, CHANNEL, END)));
}

#[test]
fn an_error_is_one_sentence() {
    let wrong = parse_scenario("recv c").expect_err("there are no data");
    insta::assert_snapshot!(wrong, @"line 1, column 7: expected data (a quoted string), `EOF`, or the name of an error number, found the end of the line");
}

fn error(line: usize, column: usize, expected: &str, found: &str) -> ParseError {
    ParseError { line, column, expected: expected.to_owned(), found: found.to_owned() }
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
fn a_word_that_begins_a_value_or_an_event_is_no_name(#[case] word: &str) {
    assert!(word.parse::<Name>().is_err());
}

#[test]
fn receiving_no_data_is_no_scenario() {
    let chat = Setup::Chat { name: Name::of("c"), options: ChatOptions::default() };
    let step = Action::Recv { chan: Name::of("c"), input: Input::Data { hex: Bytes::default() } };
    let scenario = Scenario { setup: vec![chat], steps: vec![step] };
    assert_eq!(scenario.check(), Err(Problem::NoData(Name::of("c"))));
}

#[test]
fn lists_end_somewhere() {
    let deep = format!("fifo_push f {}", "[".repeat(20_000));
    assert_eq!(parse_scenario(&deep), Err(error(1, 45, "at most 32 lists within each other", "`[`")));
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
