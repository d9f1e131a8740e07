//! The judge by itself: predictions that no model has made, each event with a clause of its own, and who is blamed for what.
//!
//! A line of a prediction is a clause and the event that it demands. With `!` it is a clause and the event that it forbids
//! at that place, with `!!` at every later place, too; `CLAUSE+OTHER` says that OTHER is broken where the data go on.
//! `>` begins a step. All flags are demanded by FLAGS, whether a channel accepts by ACCEPTS, and what an exception says by
//! TEXT; a wait has its call, its time, and what it asks for, such as `d:r`.

use asyncore_conformance::judge::{How, Judgement, judge};
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::model::{Expected, Guard, Pattern, Prediction, WaitWhy};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::Kind;
use asyncore_spec::trace::{Event, Trace, What};
use asyncore_spec::view::Observed;
use asyncore_spec::wait::Conditions;
use rstest::rstest;

fn trace(text: &str) -> Trace {
    let mut steps = 0;
    let numbered = text.lines().map(|line| match line {
        ">" => {
            steps += 1;
            format!("> {steps}\n")
        }
        line => format!("{line}\n"),
    });
    let text: String = numbered.collect();
    text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn event(line: &str) -> Event {
    let mut trace = trace(&format!(">\n{}", line.trim_start()));
    let depth = (line.len() - line.trim_start().len()) / 2;
    let event = trace.steps[0].pop().expect("a line is an event");
    Event { depth: u16::try_from(depth).expect("it is not deep"), ..event }
}

fn pattern(event: &Event) -> Pattern {
    match &event.what {
        What::Hook { on, hook, .. } => Pattern::Hook(*on, *hook),
        What::Socket { on, call, .. } => Pattern::Socket(*on, *call),
        What::Raised { .. } => Pattern::Raised,
        What::Wait { .. } => Pattern::AnyWait,
        What::Printed { .. } => Pattern::Printed,
        other => panic!("nothing forbids {other:?}"),
    }
}

/// Gives each channel that may be asked a clause for each condition.
fn wait_why() -> Box<WaitWhy> {
    let (d, e) = (Name::of("d"), Name::of("e"));
    let (read, write) = (Conditions::READ, Conditions::WRITE);
    let asked = [(d, read, "d:r"), (d, write, "d:w"), (e, read, "e:r"), (e, write, "e:w")];
    Box::new(WaitWhy {
        free: Vec::new(),
        call: ClauseId::new("CALL"),
        timeout: ClauseId::new("TIME"),
        asked: asked.map(|(name, condition, clause)| (name, condition, ClauseId::new(clause))).into(),
    })
}

fn prediction(text: &'static str) -> Prediction {
    let mut prediction = Prediction { chats: vec![Name::of("c")], ..Prediction::default() };
    for line in text.lines() {
        let Some((clause, line)) = line.split_once(": ") else {
            prediction.steps += 1;
            continue;
        };
        let (event, step) = (event(line), prediction.steps - 1);
        if let Some(clause) = clause.strip_prefix('!') {
            let lasting = clause.starts_with('!');
            let clause = ClauseId::new(clause.trim_start_matches('!'));
            let (at, depth) = (prediction.events.len(), event.depth);
            prediction.guards.push(Guard {
                at,
                step,
                pattern: pattern(&event),
                clause,
                instead_of: None,
                depth,
                lasting,
            });
            continue;
        }
        let (demand, longer) = clause.split_once('+').map_or((clause, None), |(demand, longer)| (demand, Some(longer)));
        prediction.events.push(Expected {
            step,
            demand: ClauseId::new(demand),
            instead_of: None,
            flags: ClauseId::new("FLAGS"),
            accepting: ClauseId::new("ACCEPTS"),
            longer: longer.map(ClauseId::new),
            text: matches!(event.what, What::Raised { .. }).then(|| ClauseId::new("TEXT")),
            wait: matches!(event.what, What::Wait { .. }).then(wait_why),
            event,
        });
    }
    prediction
}

fn everything() -> Observed {
    Kind::ALL.iter().copied().collect()
}

/// Shows who is blamed, how, and in which step.
fn blamed(judgement: &Judgement) -> String {
    let shown = judgement.departures.iter().map(|d| format!("{} {:?} {}", d.clause, d.how, d.step + 1));
    shown.collect::<Vec<_>>().join(", ")
}

fn held(judgement: &Judgement) -> String {
    let mut held: Vec<_> = judgement.held.iter().map(|id| id.as_str()).collect();
    held.sort_unstable();
    held.join(" ")
}

const LINE: &str = ">\nC: c.collect_incoming_data \"abc\"\nF: c.found_terminator\nR: -> true";
const CALLS: &str = ">\nA: c.handle_read\nB: c.handle_write\nC: c.handle_close\nD: c.handle_connect";

#[rstest]
#[case::nothing(LINE, ">\nc.collect_incoming_data \"abc\"\nc.found_terminator\n-> true", "")]
#[case::missing(CALLS, ">\nc.handle_read\nc.handle_close\nc.handle_connect", "B Missing 1")]
#[case::missing_at_the_end(CALLS, ">\nc.handle_read\nc.handle_write\nc.handle_close", "D Missing 1")]
#[case::all_missing(CALLS, ">", "A Missing 1")]
#[case::altered(LINE, ">\nc.collect_incoming_data \"abd\"\nc.found_terminator\n-> true", "C Altered 1")]
#[case::altered_result(LINE, ">\nc.collect_incoming_data \"abc\"\nc.found_terminator\n-> false", "R Altered 1")]
#[case::raised(LINE, ">\nc.collect_incoming_data \"abc\"\nc.found_terminator\nraised os EIO", "R Missing 1")]
#[case::deeper(CALLS, ">\nc.handle_read\n  c.handle_write\nc.handle_close\nc.handle_connect", "B Altered 1")]
#[case::twice(CALLS, ">\nc.handle_read\nc.handle_read\nc.handle_write\nc.handle_close\nc.handle_connect", "A Extra 1")]
#[case::swapped(CALLS, ">\nc.handle_write\nc.handle_read\nc.handle_close\nc.handle_connect", "A Missing 1")]
#[case::too_early(CALLS, ">\nc.handle_connect\nc.handle_read\nc.handle_write\nc.handle_close", "D Extra 1")]
#[case::unheard_of(
    CALLS,
    ">\nc.handle_read\nc.handle_expt\nc.handle_write\nc.handle_close\nc.handle_connect",
    "EVENT-13 Extra 1"
)]
#[case::of_no_chat(
    CALLS,
    ">\nc.handle_read\nd.handle_error os EIO\nc.handle_write\nc.handle_close\nc.handle_connect",
    "ERROR-5 Extra 1"
)]
#[case::at_the_end(
    LINE,
    ">\nc.collect_incoming_data \"abc\"\nc.found_terminator\n-> true\n-> true",
    "INPUT-38 Extra 1"
)]
#[case::a_step_late(">\nA: c.handle_read\n>", ">\n>\nc.handle_read", "A Missing 1")]
#[case::a_step_early(">\n>\nA: c.handle_read", ">\nc.handle_read\n>", "A Extra 1")]
#[case::flags(CALLS, ">\nc.handle_read []\nc.handle_write\nc.handle_close\nc.handle_connect", "FLAGS Flags 1")]
#[case::accepting(
    CALLS,
    ">\nc.handle_read [connected accepting]\nc.handle_write\nc.handle_close\nc.handle_connect",
    "ACCEPTS Flags 1"
)]
#[case::both_flags(
    CALLS,
    ">\nc.handle_read [accepting]\nc.handle_write\nc.handle_close\nc.handle_connect",
    "FLAGS Flags 1"
)]
#[case::flags_and_depth(
    CALLS,
    ">\nc.handle_read\n  c.handle_write []\nc.handle_close\nc.handle_connect",
    "B Altered 1"
)]
fn who_is_blamed(#[case] predicted: &'static str, #[case] actual: &str, #[case] expected: &str) {
    assert_eq!(blamed(&judge(&prediction(predicted), &trace(actual), &everything())), expected);
}

const PIECES: &str =
    ">\nA: c.handle_read\nC: c.collect_incoming_data \"abc\"\nF: c.found_terminator\nD: c.handle_write";

#[rstest]
#[case::two(
    "c.collect_incoming_data \"a\"\nc.collect_incoming_data \"bc\"\nc.found_terminator\nc.handle_write",
    "INPUT-51 Pieces 1"
)]
#[case::other_data(
    "c.collect_incoming_data \"a\"\nc.collect_incoming_data \"bd\"\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
#[case::empty(
    "c.collect_incoming_data \"\"\nc.collect_incoming_data \"abc\"\nc.found_terminator\nc.handle_write",
    "INPUT-1 Extra 1"
)]
#[case::then_missing(
    "c.collect_incoming_data \"a\"\nc.collect_incoming_data \"bc\"\nc.handle_write",
    "INPUT-51 Pieces 1, F Missing 1"
)]
#[case::nothing_and_then_something_else(
    "c.collect_incoming_data \"abc\"\nc.collect_incoming_data \"\"\nc.handle_expt\nc.handle_write",
    "F Missing 1"
)]
#[case::nothing_and_then_missing(
    "c.collect_incoming_data \"abc\"\nc.collect_incoming_data \"\"\nc.found_terminator\nc.handle_expt",
    "INPUT-1 Extra 1, D Missing 1"
)]
#[case::nothing_and_the_rest_behind_something(
    "c.collect_incoming_data \"\"\nc.handle_expt\nc.collect_incoming_data \"abc\"\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
#[case::more_before_something(
    "c.collect_incoming_data \"abcd\"\nc.handle_expt\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
#[case::other_flags_before_something(
    "c.collect_incoming_data \"abc\" []\nc.handle_expt\nc.found_terminator\nc.handle_write",
    "FLAGS Flags 1"
)]
#[case::the_rest_in_another_step(
    "c.collect_incoming_data \"a\"\nc.handle_expt\n>\nc.collect_incoming_data \"bc\"\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
#[case::the_rest_on_another_channel(
    "c.collect_incoming_data \"a\"\nc.handle_expt\ne.collect_incoming_data \"bc\"\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
#[case::with_something_between(
    "c.collect_incoming_data \"a\"\nc.handle_expt\nc.collect_incoming_data \"bc\"\nc.found_terminator\nc.handle_write",
    "INPUT-51 Pieces 1"
)]
#[case::lost_with_something_between(
    "c.collect_incoming_data \"a\"\nc.handle_expt\nc.collect_incoming_data \"b\"\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
#[case::of_another_channel(
    "c.collect_incoming_data \"a\"\ne.collect_incoming_data \"bc\"\nc.found_terminator\nc.handle_write",
    "C Altered 1"
)]
fn data_in_pieces(#[case] actual: &str, #[case] expected: &str) {
    let actual = trace(&format!(">\nc.handle_read\n{actual}"));
    assert_eq!(blamed(&judge(&prediction(PIECES), &actual, &everything())), expected);
}

/// An expected piece that does not come is missing, whatever is joined.
#[test]
fn an_empty_piece_is_expected() {
    let predicted = ">\nC: c.collect_incoming_data \"abc\"\nE: c.collect_incoming_data \"\"\nF: c.found_terminator";
    let actual = trace(">\nc.collect_incoming_data \"abc\"\nc.handle_expt\nc.found_terminator");
    assert_eq!(blamed(&judge(&prediction(predicted), &actual, &everything())), "E Missing 1");
}

/// Where reactions are tied to the number of a collection, nothing is said of what follows.
#[rstest]
#[case::two("c.collect_incoming_data \"a\"\nc.collect_incoming_data \"bc\"\nc.handle_write", "INPUT-51 Pieces 1")]
#[case::whole("c.collect_incoming_data \"abc\"\nc.handle_write", "F Missing 1")]
#[case::others("c.collect_incoming_data \"x\"\nc.collect_incoming_data \"bc\"\nc.handle_write", "C Altered 1")]
#[case::nothing("c.collect_incoming_data \"\"\nc.collect_incoming_data \"abc\"\nc.handle_write", "INPUT-1 Extra 1")]
fn pieces_that_are_counted(#[case] actual: &str, #[case] expected: &str) {
    let prediction = Prediction { counts_pieces: true, ..prediction(PIECES) };
    let actual = trace(&format!(">\nc.handle_read\n{actual}"));
    assert_eq!(blamed(&judge(&prediction, &actual, &everything())), expected);
}

const SENDS: &str = ">\nS+L: c.socket.send \"ab\" -> 2\nT: c.socket.send \"cd\" -> 2\nZ: c.socket.close";

#[rstest]
#[case::longer("c.socket.send \"abc\" -> 3\nc.socket.send \"d\" -> 1\nc.socket.close", "L Altered 1")]
#[case::shorter("c.socket.send \"a\" -> 1\nc.socket.send \"cd\" -> 2\nc.socket.close", "S Altered 1")]
#[case::as_long("c.socket.send \"ab\" -> 1\nc.socket.send \"cd\" -> 2\nc.socket.close", "S Altered 1")]
#[case::another_beginning("c.socket.send \"xbc\" -> 3\nc.socket.send \"cd\" -> 2\nc.socket.close", "S Altered 1")]
#[case::no_other_clause("c.socket.send \"ab\" -> 2\nc.socket.send \"cde\" -> 3\nc.socket.close", "T Altered 1")]
#[case::missing("c.socket.send \"cd\" -> 2\nc.socket.close", "S Missing 1")]
#[case::both_missing("c.socket.close", "S Missing 1")]
#[case::again(
    "c.socket.send \"ab\" -> 2\nc.socket.send \"ab\" -> 2\nc.socket.send \"cd\" -> 2\nc.socket.close",
    "S Extra 1"
)]
#[case::how_a_pending_error_is_learnt_of_is_nobodys_business(
    "c.socket.send \"ab\" -> 2\nc.socket.getsockopt -> 0\nc.socket.send \"cd\" -> 2\nc.socket.close",
    ""
)]
fn data_that_go_on(#[case] actual: &str, #[case] expected: &str) {
    assert_eq!(blamed(&judge(&prediction(SENDS), &trace(&format!(">\n{actual}")), &everything())), expected);
}

const RAISES: &str = ">\nA: c.handle_read\nX: raised os EIO\n>\nB: c.handle_write\n!ERROR-4: raised os EIO\n!G: raised os EIO\nC: c.handle_close\n>\nD: c.handle_expt\n!ERROR-4: raised os EIO\nE: c.handle_connect";

#[rstest]
#[case::as_expected(
    "c.handle_read\nraised os EIO",
    "c.handle_write\nc.handle_close",
    "c.handle_expt\nc.handle_connect",
    ""
)]
#[case::another(
    "c.handle_read\nraised os EPIPE",
    "c.handle_write\nc.handle_close",
    "c.handle_expt\nc.handle_connect",
    "X Altered 1"
)]
#[case::a_result(
    "c.handle_read\n-> 1",
    "c.handle_write\nc.handle_close",
    "c.handle_expt\nc.handle_connect",
    "X Altered 1"
)]
#[case::something_else_first(
    "c.handle_read\nc.handle_expt\nraised os EIO",
    "c.handle_write\nc.handle_close",
    "c.handle_expt\nc.handle_connect",
    "X Missing 1"
)]
#[case::where_a_clause_forbids_it(
    "c.handle_read\nraised os EIO",
    "c.handle_write\nraised os EIO",
    "c.handle_expt\nc.handle_connect",
    "G Extra 2"
)]
#[case::where_nothing_else_does(
    "c.handle_read\nraised os EIO",
    "c.handle_write\nc.handle_close",
    "c.handle_expt\nraised os EIO",
    "E Missing 3"
)]
fn exceptions(#[case] first: &str, #[case] second: &str, #[case] third: &str, #[case] expected: &str) {
    let actual = trace(&format!(">\n{first}\n>\n{second}\n>\n{third}"));
    assert_eq!(blamed(&judge(&prediction(RAISES), &actual, &everything())), expected);
}

const GUARDED: &str = ">\nA: c.handle_read\n!N: c.handle_expt\nB: c.handle_write\n!!L: c.handle_accept\nC: c.handle_close\n!I:   c.close\n!O: c.close\n>\nD: c.handle_connect\nE: c.handle_read";

#[rstest]
#[case::at_its_place("c.handle_read\nc.handle_expt\nc.handle_write\nc.handle_close", "N Extra 1")]
#[case::before_its_place("c.handle_expt\nc.handle_read\nc.handle_write\nc.handle_close", "EVENT-13 Extra 1")]
#[case::behind_its_place("c.handle_read\nc.handle_write\nc.handle_expt\nc.handle_close", "EVENT-13 Extra 1")]
#[case::lasting("c.handle_read\nc.handle_write\nc.handle_close\nc.handle_accept", "L Extra 1")]
#[case::before_it_lasts("c.handle_read\nc.handle_accept\nc.handle_write\nc.handle_close", "EVENT-3 Extra 1")]
#[case::inside("c.handle_read\nc.handle_write\nc.handle_close\n  c.close", "I Extra 1")]
#[case::outside("c.handle_read\nc.handle_write\nc.handle_close\nc.close", "O Extra 1")]
fn what_is_forbidden(#[case] first: &str, #[case] expected: &str) {
    let actual = trace(&format!(">\n{first}\n>\nc.handle_connect\nc.handle_read"));
    assert_eq!(blamed(&judge(&prediction(GUARDED), &actual, &everything())), expected);
}

#[rstest]
#[case::at_the_same_place("c.close", "CLOSE-2 Extra 2")]
#[case::lasting("c.handle_accept", "L Extra 2")]
fn what_is_forbidden_in_another_step(#[case] extra: &str, #[case] expected: &str) {
    let first = ">\nc.handle_read\nc.handle_write\nc.handle_close";
    let actual = trace(&format!("{first}\n>\n{extra}\nc.handle_connect\nc.handle_read"));
    assert_eq!(blamed(&judge(&prediction(GUARDED), &actual, &everything())), expected);
}

const POLLS: &str = ">\nW: waits poll 1500ms [d:r e:rw] -> none\nA: d.handle_read_event";
const SELECTS: &str = ">\nW: waits select 1500ms [d:r e:rw] -> none\nA: d.handle_read_event";
const SLEEPS: &str = ">\nW: waits sleep 1s\nA: d.handle_read_event";

#[rstest]
#[case::another_call(POLLS, "select 1500ms [d:r e:rw] -> none", "CALL Altered 1")]
#[case::one_more(POLLS, "poll 1500ms [d:rw e:rw] -> none", "d:w Altered 1")]
#[case::one_less(POLLS, "poll 1500ms [d:r e:r] -> none", "e:w Altered 1")]
#[case::in_two_parts(POLLS, "poll 1500ms [d:r e:r e:w] -> none", "POLL-9 Altered 1")]
#[case::another_order(POLLS, "poll 1500ms [e:rw d:r] -> none", "POLL-2 Altered 1")]
#[case::a_stranger(POLLS, "poll 1500ms [d:r e:rw f:r] -> none", "POLL-9 Altered 1")]
#[case::another_answer(POLLS, "poll 1500ms [d:r e:rw] -> d:r", "POLL-28 Altered 1")]
#[case::another_time(POLLS, "poll 2s [d:r e:rw] -> none", "TIME Altered 1")]
#[case::no_unit(POLLS, "poll 1ms [d:r e:rw] -> none", "POLL-22 Altered 1")]
#[case::for_ever(POLLS, "poll none [d:r e:rw] -> none", "TIME Altered 1")]
#[case::select_has_no_unit(SELECTS, "select 1ms [d:r e:rw] -> none", "TIME Altered 1")]
#[case::sleeping_instead(SELECTS, "sleep 1500ms", "d:r Altered 1")]
#[case::sleeping_instead_of_writing(
    ">\nW: waits select 1s [e:w] -> none\nA: d.handle_read_event",
    "sleep 1s",
    "e:w Altered 1"
)]
#[case::selecting_instead(SLEEPS, "select 1s [d:r] -> none", "d:r Altered 1")]
#[case::selecting_nothing(SLEEPS, "select 1s [] -> none", "")]
#[case::polling_instead(SLEEPS, "poll 1s [d:r] -> none", "d:r Altered 1")]
#[case::sleeping_longer(SLEEPS, "sleep 2s", "TIME Altered 1")]
fn a_wait(#[case] predicted: &'static str, #[case] actual: &str, #[case] expected: &str) {
    let actual = trace(&format!(">\nwaits {actual}\nd.handle_read_event"));
    assert_eq!(blamed(&judge(&prediction(predicted), &actual, &everything())), expected);
}

#[rstest]
#[case::symbolic("X: raised os EIO symbol", "raised os EIO system", "CONNECT-12 Altered 1")]
#[case::none_instead_of_symbolic("X: raised os EIO symbol", "raised os EIO", "CONNECT-12 Altered 1")]
#[case::of_the_system("X: raised os EIO system", "raised os EIO symbol", "CONNECT-19 Altered 1")]
#[case::another_number("X: raised os EIO system", "raised os EPIPE symbol", "X Altered 1")]
#[case::none_expected("X: raised os EIO", "raised os EIO symbol", "X Altered 1")]
#[case::told("X: c.handle_error os EIO system", "c.handle_error os EIO symbol", "CONNECT-19 Altered 1")]
fn what_an_error_says(#[case] predicted: &'static str, #[case] actual: &str, #[case] expected: &str) {
    let predicted: &'static str = format!(">\n{predicted}").leak();
    assert_eq!(blamed(&judge(&prediction(predicted), &trace(&format!(">\n{actual}")), &everything())), expected);
}

/// What no rule forbids in particular breaks a clause of its kind, of chats or of other channels.
#[rstest]
#[case("handle_close", "INPUT-20", "IO-7")]
#[case("handle_error os EIO", "INPUT-27", "ERROR-5")]
#[case("handle_connect", "CONNECT-3", "CONNECT-16")]
#[case("log_info \"info: x\"", "CLOSE-19", "CLOSE-11")]
#[case("recv 5", "INPUT-33", "IO-6")]
#[case("socket.recv 5 -> \"\"", "INPUT-33", "IO-6")]
#[case("send \"x\"", "OUTPUT-4", "IO-1")]
#[case("socket.send \"x\" -> 1", "OUTPUT-4", "IO-1")]
#[case("initiate_send", "OUTPUT-29", "IO-12")]
#[case("handle_expt", "EVENT-13", "EVENT-13")]
#[case("socket.close", "CLOSE-2", "CLOSE-2")]
fn what_nothing_forbids(#[case] extra: &str, #[case] of_chat: &str, #[case] of_dispatcher: &str) {
    for (on, clause) in [("c", of_chat), ("d", of_dispatcher)] {
        let actual = trace(&format!(">\nc.handle_read\n{on}.{extra}\nc.handle_write"));
        let judgement = judge(&prediction(">\nA: c.handle_read\nB: c.handle_write"), &actual, &everything());
        assert_eq!(blamed(&judgement), format!("{clause} Extra 1"));
    }
}

const HELD: &str = ">\n!G: c.handle_expt\nA: c.handle_read\n!H: c.handle_expt\nB+L: c.socket.send \"ab\" -> 2\n!I: c.socket.close\nC: c.handle_write\n>\nW: waits poll 1s [d:r] -> none\n!J: c.handle_expt";

const WHOLE: &str = ">\nc.handle_read\nc.socket.send \"ab\" -> 2\nc.handle_write\n>\nwaits poll 1s [d:r] -> none";

#[rstest]
#[case::all(
    WHOLE,
    "A ACCEPTS ACCEPTS ACCEPTS ACCEPTS B C CALL FLAGS FLAGS FLAGS FLAGS G H I J L TIME W d:r d:w e:r e:w"
)]
#[case::to_the_first_departure(
    ">\nc.handle_read\nc.socket.send \"ab\" -> 2\n>",
    "A ACCEPTS ACCEPTS B FLAGS FLAGS G H L"
)]
#[case::nothing(">\nc.handle_write\n>", "")]
fn what_holds(#[case] actual: &str, #[case] expected: &str) {
    assert_eq!(held(&judge(&prediction(HELD), &trace(actual), &everything())), expected);
}

/// What a subject does not observe is neither expected nor held.
#[rstest]
#[case::no_flags(Kind::Flags, "A B C CALL G H I J L TIME W d:r d:w e:r e:w")]
#[case::no_sockets(Kind::Socket, "A ACCEPTS ACCEPTS ACCEPTS C CALL FLAGS FLAGS FLAGS G H J TIME W d:r d:w e:r e:w")]
#[case::no_waits(Kind::Waits, "A ACCEPTS ACCEPTS ACCEPTS B C FLAGS FLAGS FLAGS G H I J L")]
#[case::no_callbacks(Kind::Callbacks, "ACCEPTS ACCEPTS B CALL FLAGS FLAGS I L TIME W d:r d:w e:r e:w")]
fn what_cannot_be_observed(#[case] kind: Kind, #[case] expected: &str) {
    let mut observed = everything();
    observed.remove(&kind);
    let actual = asyncore_spec::view::observe(&trace(WHOLE), &observed);
    let judgement = judge(&prediction(HELD), &actual, &observed);
    assert_eq!((blamed(&judgement), held(&judgement)), (String::new(), expected.to_owned()));
}

/// Where the spec stops speaking, anything may follow, and what was due before is due.
#[rstest]
#[case::anything(">\nc.handle_read\nc.handle_expt\nc.handle_expt", "")]
#[case::nothing(">\nc.handle_read", "")]
#[case::less(">", "A Missing 1")]
fn silence(#[case] actual: &str, #[case] expected: &str) {
    let prediction = Prediction { unspecified: Some((1, "it is a test")), ..prediction(">\nA: c.handle_read") };
    assert_eq!(blamed(&judge(&prediction, &trace(actual), &everything())), expected);
}

/// What is shown beside a departure is what stood there.
#[test]
fn a_departure_shows_both_sides() {
    let actual = trace(">\nc.handle_read\nc.handle_expt\nc.handle_close\nc.handle_connect");
    let judgement = judge(&prediction(CALLS), &actual, &everything());
    let [departure] = &judgement.departures[..] else { panic!("{judgement:?}") };
    assert_eq!((departure.how, departure.clause.as_str()), (How::Missing, "B"));
    let shown = [&departure.expected, &departure.actual].map(|event| event.as_ref().map(ToString::to_string));
    assert_eq!(shown, [Some("c.handle_write".to_owned()), Some("c.handle_expt".to_owned())]);
}

/// What an error says holds wherever it was observed, whatever else was not.
#[rstest]
#[case::all_is_observed(None, "ACCEPTS FLAGS TEXT X")]
#[case::no_sockets(Some(Kind::Socket), "ACCEPTS FLAGS TEXT X")]
#[case::no_texts(Some(Kind::Texts), "ACCEPTS FLAGS X")]
fn what_an_error_says_holds(#[case] unobserved: Option<Kind>, #[case] expected: &str) {
    let mut observed = everything();
    unobserved.iter().for_each(|kind| observed.remove(kind));
    let actual = asyncore_spec::view::observe(&trace(">\nraised os EIO symbol"), &observed);
    let judgement = judge(&prediction(">\nX: raised os EIO symbol"), &actual, &observed);
    assert_eq!((blamed(&judgement), held(&judgement)), (String::new(), expected.to_owned()));
}
