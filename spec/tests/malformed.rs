//! What is no scenario and no trace says where it stops being one, and what would have been right there.

use asyncore_spec::text::{ParseError, parse_events, parse_example, parse_scenario, parse_trace};
use rstest::rstest;

const START: &str = "a word, a number, a quoted string of ASCII with escapes, or one of `-> : ; [ ] . |`";
const CHANNEL: &str = "the name of a channel (a lower-case identifier of at most 12 characters)";
const PRODUCER: &str = "the name of a producer (a lower-case identifier of at most 12 characters)";
const HOOK: &str = "the name of a hook, such as `found_terminator`";
const STEP: &str = "a line of the set-up or a step, such as `chat` or `recv`";
const OPTION: &str = "`terminator`, `in`, `out`, `unconnected`, `bare`, `gather`, `use_encoding`, `map` or `fd`";
const DISPATCHER: &str = "`with_send`, `file`, `no_socket`, `peer`, `socket`, `map`, `fd`, `reads`, `readable`, `writable`, \
                          `object` or `later`";
const MAP: &str = "the name of a map (a lower-case identifier of at most 12 characters)";
const SOCKET: &str = "the name of a socket (a lower-case identifier of at most 12 characters)";
const CALL: &str = "the name of a call of the socket, such as `connect`";
const ERRNO: &str = "the symbolic name of an error number, such as `EPIPE`";
const TRUTH: &str = "`true` or `false`";
const TIME: &str = "a time, such as `30s`, or `none`";
const UNIT: &str = "a unit of time: `s`, `ms` or `us`";
const CONDITIONS: &str = "conditions: some of the letters `rwxehn`";
const BYTES: &str = "a number of bytes (a whole number, 0 or more)";
const TRANSPORT: &str = "`tcp4`, `tcp6`, `unix`, `udp` or `pipe`";
const PEER: &str = "`connects`, `sends`, `urgent`, `reads`, `ends`, `closes`, `resets` or `refuses`";
const WAIT: &str = "`select`, `poll` or `sleep`";
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
#[case::no_such_call("> 1\nc.socket.peek 1", 2, 10, "the name of a call of the socket, such as `recv`", "`peek`")]
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

#[rstest]
#[case::no_dispatcher(
    "dispatcher",
    11,
    "the name of a dispatcher (a lower-case identifier of at most 12 characters)",
    END
)]
#[case::no_option("dispatcher d fast", 14, DISPATCHER, "`fast`")]
#[case::no_wrapper(
    "file_wrapper",
    13,
    "the name of a file_wrapper (a lower-case identifier of at most 12 characters)",
    END
)]
#[case::no_map("map none", 5, MAP, "`none`")]
#[case::no_socket("socket S", 8, SOCKET, "`S`")]
#[case::no_map_of_a_chat("chat c map", 11, MAP, END)]
#[case::great_descriptor("chat c fd 65536", 11, "the number of a descriptor (at most 65535)", "`65536`")]
#[case::no_descriptor("dispatcher d fd x", 17, "the number of a descriptor (a whole number, 0 or more)", "`x`")]
#[case::no_error("dispatcher d peer", 18, ERRNO, END)]
#[case::no_such_error("socket s peer EWHAT", 15, ERRNO, "`EWHAT`")]
#[case::reads_nothing("dispatcher d reads", 19, BYTES, END)]
#[case::no_truth("dispatcher d readable yes", 23, TRUTH, "`yes`")]
#[case::nobody_replies(
    "replies",
    8,
    "the name of a channel or socket (a lower-case identifier of at most 12 characters)",
    END
)]
#[case::no_call("replies d", 10, CALL, END)]
#[case::no_such_call("replies d knock", 11, CALL, "`knock`")]
#[case::no_reply(
    "replies d connect 5",
    19,
    "the name of a socket, `ok`, `none`, or the name of an error number (a lower-case identifier of at most 12 characters)",
    "`5`"
)]
#[case::no_attribute("look d", 7, "an attribute, such as `connected`", END)]
#[case::no_such_attribute("look d backlog", 8, "an attribute, such as `connected`", "`backlog`")]
#[case::no_error_number("strerror x", 10, "an error number", "`x`")]
#[case::no_unit("poll timeout 5", 15, UNIT, END)]
#[case::no_such_unit("poll timeout 5h", 15, UNIT, "`h`")]
#[case::no_time("poll timeout soon", 14, TIME, "`soon`")]
#[case::great_time("poll timeout 9223372036854775807s", 33, "a time that is not that long", "`s`")]
#[case::no_count("loop count", 11, "a number of passes", END)]
#[case::great_count("loop count 214748365", 12, "a number of passes", "`214748365`")]
#[case::no_failure("poll fails", 11, ERRNO, END)]
#[case::no_colon("poll d", 7, "`:`", END)]
#[case::no_conditions("poll d:", 8, CONDITIONS, END)]
#[case::no_such_condition("poll d:rq", 8, CONDITIONS, "`rq`")]
#[case::nothing_to_dispatch("readwrite d", 12, CONDITIONS, END)]
#[case::no_backlog("listen d", 9, "the backlog (a whole number, 0 or more)", END)]
#[case::no_bytes("send d 5", 8, "the data (a quoted string)", "`5`")]
#[case::no_number_of_bytes("receive d", 10, BYTES, END)]
#[case::no_message("log d", 6, "the message (a quoted string)", END)]
#[case::message_not_utf_8("log d \"\\xff\"", 7, "text that is UTF-8", "a quoted string")]
#[case::no_type("log_info d \"a\"", 15, "the type (a quoted string)", END)]
#[case::no_truth_to_set("set_readable d", 15, TRUTH, END)]
#[case::no_socket_to_set("set_socket d", 13, SOCKET, END)]
#[case::nothing_arrives("arrive d", 9, "data (a quoted string), `EOF`, or the name of an error number", END)]
#[case::no_map_to_add_to("add_channel d map", 18, MAP, END)]
#[case::more_than_a_step("close_all all", 11, END, "`all`")]
#[case::no_bar("loop d:r", 6, END, "`d`")]
#[case::no_colon_after_a_bar("loop | d:r |x", 14, "`:`", END)]
#[case::no_transport("over", 5, TRANSPORT, END)]
#[case::no_such_transport("over ip", 6, TRANSPORT, "`ip`")]
#[case::no_peer("peer", 5, "the name of a channel or socket (a lower-case identifier of at most 12 characters)", END)]
#[case::peer_does_nothing("peer d", 7, PEER, END)]
#[case::no_such_act("peer d waves", 8, PEER, "`waves`")]
#[case::no_urgent_byte("peer d urgent \"\"", 15, "one byte", "a quoted string")]
#[case::no_number_to_read("peer d reads", 13, BYTES, END)]
#[case::no_hook_awaited("await d", 8, "`.`", END)]
#[case::no_such_hook_awaited("await d.flight", 9, "the name of a hook, such as `handle_read`", "`flight`")]
fn a_malformed_line_of_asyncore_says_where_and_why(
    #[case] text: &str,
    #[case] column: usize,
    #[case] expected: &str,
    #[case] found: &str,
) {
    assert_eq!(parse_scenario(text), Err(error(1, column, expected, found)));
}

#[rstest]
#[case::no_wait("waits", 6, WAIT, END)]
#[case::no_such_wait("waits epoll 1s", 7, WAIT, "`epoll`")]
#[case::no_time("waits select", 13, TIME, END)]
#[case::not_asked("waits select 1s", 16, "`[`", END)]
#[case::open_list("waits select 1s [d:r", 21, "`]`", END)]
#[case::not_told("waits select 1s []", 19, "`->`", END)]
#[case::no_stream("prints log \"a\"", 8, "`out` or `err`", "`log`")]
#[case::nothing_printed("prints out 5", 12, "what is printed (a quoted string)", "`5`")]
#[case::printed_not_utf_8("prints out \"\\xff\"", 12, "text that is UTF-8", "a quoted string")]
#[case::nothing_seen("d.peer", 7, "what the peer read (a quoted string)", END)]
#[case::no_such_text("raised os EIO long", 15, END, "`long`")]
fn a_malformed_event_of_asyncore_says_where_and_why(
    #[case] text: &str,
    #[case] column: usize,
    #[case] expected: &str,
    #[case] found: &str,
) {
    assert_eq!(parse_events(text), Err(error(1, column, expected, found)));
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
fn lists_end_somewhere() {
    let deep = format!("fifo_push f {}", "[".repeat(20_000));
    assert_eq!(parse_scenario(&deep), Err(error(1, 45, "at most 32 lists within each other", "`[`")));
}
