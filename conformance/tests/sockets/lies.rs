//! A subject that is right, and one for each way to be wrong.

use asyncore_conformance::real::{Patience, Performance, perform};
use asyncore_conformance::subject::Subject;
use asyncore_spec::text::print_trace_of;
use rstest::rstest;

use super::{LONG, SHORT, judged, parse, patient, realised, reason, start};

const TALK: &str = r#"
over tcp4
dispatcher c
peer c sends "hello"
receive c 5
send c "answer"
peer c reads 6
close c
"#;

#[test]
fn a_subject_that_is_right_agrees_with_the_model() {
    let mut subject = start("fake_sockets", &[], LONG);
    let realised = realised(perform(&mut subject, &parse(TALK), &patient()));
    insta::assert_snapshot!(print_trace_of(&realised.scenario, &realised.trace));
    assert_eq!(judged(&subject, &realised).departures, []);
}

#[test]
fn a_subject_that_is_noisy_is_understood_all_the_same() {
    let mut subject = start("fake_sockets", &["is noisy"], LONG);
    let realised = realised(perform(&mut subject, &parse(TALK), &patient()));
    assert_eq!(judged(&subject, &realised).departures, []);
}

#[rstest]
#[case::invented(
    "makes bytes up",
    "it says that `c` received 6 bytes that are not those that the peer sent, which were 5"
)]
#[case::altered("alters bytes", "it says that `c` received 5 bytes that are not those that the peer sent")]
#[case::too_few("sends less than it says", "`c` did not send the 6 bytes that its peer was to read: 1 are missing")]
#[case::nothing("sends nothing", "`c` did not send the 6 bytes that its peer was to read: 6 are missing")]
#[case::others("sends something else", "it says that `c` sent 6 bytes, and the peer saw 14 others")]
#[case::other_place("ignores its port", "`c` did not connect to the place that it was told, an address of IPv4")]
#[case::dead_at_once("dies in begin", "it ended with exit status 7")]
#[case::dead("dies in a step", "it ended with exit status 7")]
#[case::dead_at_last("dies in the end", "it ended with exit status 7")]
#[case::hanging("hangs in a step", "it gave no answer within 1s")]
#[case::stalled("stalls in the middle of a line", "it gave no answer within 1s")]
#[case::flooding("floods its standard output", "it wrote a line that is no answer: `and so on`")]
#[case::shouting("floods its standard error", "it gave no answer within 1s")]
#[case::sending("sends for ever", "`c` sends and sends: more than any scenario lets it")]
#[case::failing("says error in a step", "cannot do that")]
#[case::another_answer("answers begin with stepped", "it gave `stepped` to request 1 when `began` was due")]
#[case::another_number("has lost an end", "it gave `ended` to request")]
#[case::open_sockets("leaves sockets open", "it left the connection of `c` open at the end")]
fn a_lie_is_an_error_of_the_subject(#[case] fault: &str, #[case] expected: &str) {
    let in_vain = ["hangs in a step", "stalls in the middle of a line", "floods its standard error"];
    let timeout = if in_vain.contains(&fault) { SHORT } else { LONG };
    let mut subject = start("fake_sockets", &[fault], timeout);
    let patience = Patience { act: SHORT, hook: SHORT, ..Patience::default() };
    let without_close = TALK.replace("close c\n", "");
    let reason = reason(perform(&mut subject, &parse(&without_close), &patience));
    assert!(reason.contains(expected), "{reason}");
    // It is asked again after that, on a new process if need be.
    let again = perform(&mut subject, &parse(&without_close), &patience);
    assert!(matches!(again, Performance::Error { .. }), "{again:?}");
}

/// What the peer has not been told to read it reads at the end.
#[test]
fn bytes_that_never_came_are_missed_at_the_end() {
    let mut subject = start("fake_sockets", &["sends less than it says"], LONG);
    let scenario = parse("over tcp4\ndispatcher c\nsend c \"answer\"\nclose c\n");
    let reason = reason(perform(&mut subject, &scenario, &patient()));
    assert_eq!(reason, "it says that `c` sent 6 bytes, and the peer saw 5 others");
}

#[rstest]
#[case::missing_step("lacks a step", TALK, "no such step")]
#[case::no_loop("", "over tcp4\ndispatcher c\nawait c.handle_read\n", "there is no loop")]
#[case::no_ipv6("", "over tcp6\ndispatcher c\nsend c \"x\"\n", "there is nothing but IPv4")]
fn what_the_subject_lacks_is_no_error(#[case] fault: &str, #[case] text: &str, #[case] expected: &str) {
    let mut subject = start("fake_sockets", &[fault], LONG);
    let performance = perform(&mut subject, &parse(text), &patient());
    assert_eq!(performance, Performance::Unsupported { reason: expected.to_owned() });
    assert_eq!(subject.restarts(), 0);
    assert_eq!(subject.identity().name, "fake sockets");
}

#[rstest]
#[case::unconnected("peer s sends \"x\"", "the peer has not connected `s` yet")]
#[case::after_the_end("peer c closes\npeer c sends \"x\"", "the connection of `c` is closed already")]
fn what_the_peer_cannot_do_is_no_error(#[case] steps: &str, #[case] expected: &str) {
    let mut subject = start("fake_sockets", &[], LONG);
    let scenario = parse(&format!("over tcp4\ndispatcher c\nsocket s\n{steps}\n"));
    let performance = perform(&mut subject, &scenario, &patient());
    assert_eq!(performance, Performance::Unsupported { reason: expected.to_owned() });
}

#[rstest]
#[case::nobody("", "it has not said where `c` is bound, so that nobody can connect to it")]
#[case::deserted(
    "is bound where nobody listens",
    "nobody can connect to where it says that `c` is bound: Connection refused"
)]
#[case::elsewhere(
    "is bound elsewhere",
    "it says that `c` is bound to 192.0.2.1:9, which is no address of a loopback interface"
)]
fn a_place_that_is_none_cannot_be_connected_to(#[case] fault: &str, #[case] expected: &str) {
    let mut subject = start("fake_sockets", &[fault], LONG);
    let scenario = parse("over tcp4\nsocket s\ndispatcher c\npeer c connects s\n");
    let reason = reason(perform(&mut subject, &scenario, &patient()));
    assert!(reason.starts_with(expected), "{reason}");
}
