//! Channels that call each other back, A to B to A, do so on every interpreter exactly as on the reference.

use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::{Run, Subject};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::text::{parse_scenario, print_trace_of};
use asyncore_spec::trace::{Trace, What};
use rstest::rstest;

use crate::interpreters::{Modules, having};
use crate::subjects::python;

fn trace(subject: &mut dyn Subject, scenario: &Scenario) -> Trace {
    match subject.run(std::slice::from_ref(scenario)).remove(0) {
        Run::Trace { trace, .. } => trace,
        other => panic!("{}: {other:?}\n{scenario}", subject.identity().name),
    }
}

/// Says whether, inside a call of a method of one channel, one of the other runs, and inside that one of the first.
fn comes_back(trace: &Trace) -> bool {
    let mut open = Vec::new();
    trace.events().any(|(_, event)| {
        let What::Hook { on, .. } = &event.what else { return false };
        open.truncate(event.depth as usize);
        open.push(*on);
        open.windows(2).filter(|pair| pair[0] != pair[1]).count() >= 2
    })
}

#[rstest]
#[case::answers_to_an_answer(
    r#"
chat a terminator "\n"
chat b terminator "\n"
on a.found_terminator 1: recv b "question\n"
on b.found_terminator 1: push a "answer"
recv a "go\n"
"#
)]
#[case::closes_the_caller(
    r#"
chat a terminator "\n"
chat b terminator "\n"
sends b EPIPE
on a.collect_incoming_data 1: push b "x"
on b.handle_close 1: close a
recv a "one\ntwo\n"
push a "late"
"#
)]
#[case::reads_on_in_the_caller(
    r#"
chat a terminator "\n"
chat b terminator "\n"
on a.found_terminator 1: recv b "b\n"
on b.collect_incoming_data 1: recv a "c\nd\n"
recv a "a\nrest\n"
handle_read a
"#
)]
#[case::changes_the_callers_terminator(
    r#"
chat a terminator "\n"
chat b terminator 2
on a.found_terminator 1: recv b "xy"
on b.found_terminator 1: set_terminator a 3; handle_read a
recv a "one\ntwothree"
get_terminator a
"#
)]
#[case::discards_what_the_caller_holds(
    r#"
chat a terminator "\n"
chat b terminator none
on a.found_terminator 1: recv b "stop"
on b.collect_incoming_data 1: discard_buffers a; recv a "x\n"
recv a "one\ntwo\n"
handle_read a
"#
)]
#[case::fails_inside_the_other(
    r#"
chat a terminator "\n"
chat b terminator "\n"
sends b EIO
on a.found_terminator 1: push b "x"
on b.handle_error 1: push a "sorry"; close_when_done a; handle_write a
recv a "go\nagain\n"
handle_write b
"#
)]
#[case::raises_through_both(
    r#"
chat a terminator "\n"
chat b terminator "\n"
on a.found_terminator 1: recv b "b\n"
on b.found_terminator 1: recv a "c"
on a.collect_incoming_data 2: raise other
recv a "a\n"
recv b "d\n"
recv a "e\n"
"#
)]
#[case::a_producer_of_one_asks_the_other(
    r#"
chat a terminator "\n"
chat b terminator "\n"
producer p "from p"
on p.more 1: recv b "line\n"
on b.found_terminator 1: push a "from b"
push_with_producer a p
handle_write a
handle_write a
"#
)]
fn calls_come_back_as_they_do_in_the_reference(#[case] text: &str) {
    let scenario = parse_scenario(text.trim_start()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    scenario.check().unwrap_or_else(|problem| panic!("{problem:?}\n{text}"));
    for interpreter in having(Modules::Public) {
        let profile = if interpreter.version.0 == 2 { Profile::Py27 } else { Profile::Py311 };
        let expected = trace(&mut ReferenceSubject::new(profile), &scenario);
        assert!(comes_back(&expected), "{}", print_trace_of(&scenario, &expected));
        let mut subject = python(interpreter).start().unwrap_or_else(|error| panic!("{error}"));
        let actual = trace(&mut subject, &scenario);
        let shown = |trace| print_trace_of(&scenario, trace);
        assert_eq!(
            actual,
            expected,
            "{}:\n{}",
            interpreter.path.display(),
            shown(&actual) + "\n----\n" + &shown(&expected)
        );
    }
}
