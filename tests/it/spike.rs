//! One scripted scenario, three ways: modelled, run on the reference, and judged when the trace has been altered.

use asyncore_conformance::judge::{How, judge};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::{Run, Subject};
use asyncore_spec::model::{Prediction, Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::text::print_events;
use asyncore_spec::trace::Trace;
use asyncore_spec::view::{Observed, View, observe};
use rstest::rstest;

/// A line in two reads, an answer that the socket takes in two parts, and the end of the stream.
const SCENARIO: &str = r#"
chat c terminator "\r\n" out 8
sends c 2
on c.found_terminator 1: push c "ok\r\n"
recv c "GET /\r"
recv c "\n"
close_when_done c
handle_write c
handle_write c
recv c EOF
"#;

fn scenario() -> Scenario {
    SCENARIO.parse().expect("it is a scenario")
}

fn predicted() -> Prediction {
    predict(&scenario(), &Settings::of(Profile::Py311))
}

fn everything() -> Observed {
    Kind::ALL.iter().copied().collect()
}

fn run() -> Trace {
    match ReferenceSubject::new(Profile::Py311).run(&[scenario()]).pop() {
        Some(Run::Trace { trace, .. }) => trace,
        other => panic!("the reference runs it: {other:?}"),
    }
}

#[test]
fn the_reference_does_what_the_model_predicts() {
    assert_eq!(run(), predicted().trace());
    let judgement = judge(&predicted(), &run(), &everything());
    assert_eq!(judgement.departures, []);
    let held: Vec<_> = judgement.held.iter().map(|id| id.as_str()).collect();
    for clause in ["INPUT-3", "INPUT-4", "OUTPUT-2", "OUTPUT-8", "OUTPUT-15", "CLOSE-1"] {
        assert!(held.contains(&clause), "{clause} is seen to hold: {held:?}");
    }
}

#[rstest]
#[case::wire(
    View::Wire,
    r#"
c.socket.send "ok\r\n" -> 2
c.socket.send "\r\n" -> 2
c.socket.close
c.socket.close
"#
)]
#[case::stream(View::Stream, "c.collect_incoming_data \"GET /\"\nc.found_terminator\n")]
#[case::callbacks(
    View::Callbacks,
    r#"
c.collect_incoming_data "GET /"
c.found_terminator
c.handle_close
c.handle_close []
"#
)]
fn a_view_shows_a_part_of_it(#[case] view: View, #[case] shown: &str) {
    assert_eq!(print_events(&view.project(&run())), shown.trim_start_matches('\n'));
}

/// In each case one piece of the trace's text is replaced by another.
#[rstest]
#[case::terminator_missed("c.found_terminator\n", "", "INPUT-3", How::Missing)]
#[case::prefix_not_held_back("data \"GET /\"", "data \"GET /\\r\"", "INPUT-4", How::Altered)]
#[case::collected_in_pieces("data \"GET /\"", "data \"GET\"\nc.collect_incoming_data \" /\"", "INPUT-51", How::Pieces)]
#[case::empty_data("c.found_terminator\n", "c.collect_incoming_data \"\"\nc.found_terminator\n", "INPUT-2", How::Extra)]
#[case::rest_not_sent("c.socket.send \"\\r\\n\" -> 2", "c.socket.send \"ok\\r\\n\" -> 4", "OUTPUT-8", How::Altered)]
#[case::another_send(
    "    c.socket.send \"\\r\\n\" -> 2\n",
    "    c.socket.send \"\\r\\n\" -> 2\n  c.send \"\"\n",
    "OUTPUT-4",
    How::Extra
)]
#[case::closed_at_once("> 3\n", "> 3\nc.handle_close\n", "OUTPUT-16", How::Extra)]
#[case::still_connected("c.handle_close []", "c.handle_close", "CLOSE-5", How::Flags)]
#[case::closed_in_silence("  c.handle_close\n    c.close\n", "  c.close\n", "OUTPUT-15", How::Missing)]
fn an_altered_trace_is_blamed(#[case] right: &str, #[case] wrong: &str, #[case] clause: &str, #[case] how: How) {
    let text = run().to_string();
    assert_eq!(text.matches(right).count(), 1, "{right} stands once in\n{text}");
    let altered: Trace = text.replace(right, wrong).parse().expect("it is a trace");
    let judgement = judge(&predicted(), &altered, &everything());
    let blamed: Vec<_> = judgement.departures.iter().map(|d| (d.clause.as_str(), d.how)).collect();
    assert_eq!(blamed, [(clause, how)], "\n{altered}");
}

#[test]
fn what_a_subject_cannot_observe_is_not_held_against_it() {
    let wire = Observed::from([Kind::Socket]);
    let judgement = judge(&predicted(), &observe(&run(), &wire), &wire);
    assert_eq!(judgement.departures, []);
    let held: Vec<_> = judgement.held.iter().map(|id| id.as_str()).collect();
    assert!(held.contains(&"OUTPUT-8") && !held.contains(&"INPUT-3") && !held.contains(&"CLOSE-5"), "{held:?}");
}
