//! Ports that are right in their own way are not accused, and what is promised is seen where it is broken.
//!
//! The ports are in `fair/`. Each is the interpreter's own asyncore or asynchat, read where it is installed, with a few words
//! replaced; only what lies beneath the documented interface is otherwise.

use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::python::Python;
use asyncore_spec::clause::Level;
use asyncore_spec::feature::Feature;
use asyncore_spec::hook::Hook;
use asyncore_spec::scenario::Kind;
use rstest::rstest;

use crate::interpreters::newest;
use crate::subjects::{broken, file, judge, python, start};

/// How many scenarios are generated for each family.
const CASES: u32 = 60;

/// Says which module of the two a port is.
#[derive(Clone, Copy, Debug)]
enum Role {
    Asyncore,
    Asynchat,
}

/// Describes a port; none where there is no Python 3 to read it from.
fn port(role: Role, name: &str) -> Option<Python> {
    let usual = python(newest(3)?);
    let name = Some(name.to_owned());
    Some(match role {
        Role::Asyncore => Python { asyncore: name, ..usual },
        Role::Asynchat => Python { asynchat: name, ..usual },
    })
}

fn judged(python: &Python) -> Outcome {
    let environment = [("PYTHONPATH", file("fair").into()), ("PYTHONDONTWRITEBYTECODE", "1".into())];
    let mut subject = start(python, &environment).unwrap_or_else(|error| panic!("{error}"));
    judge(&mut subject, CASES)
}

/// Names the clauses of a level that are broken.
fn of_level(outcome: &Outcome, level: Level) -> Vec<&'static str> {
    broken(outcome)
        .into_iter()
        .map(|found| found.clause)
        .filter(|it| it.level == level)
        .map(|it| it.id.as_str())
        .collect()
}

#[rstest]
#[case::a_package(Role::Asyncore, "package")]
#[case::private_names(Role::Asyncore, "renamed")]
#[case::another_buffer(Role::Asyncore, "buffered")]
#[case::events_without_methods(Role::Asyncore, "inlined")]
#[case::recv_into(Role::Asyncore, "into")]
#[case::connect_that_raises(Role::Asyncore, "raising")]
#[case::another_question(Role::Asyncore, "asking")]
#[case::negative_times(Role::Asyncore, "negative")]
#[case::only_what_manuals_name(Role::Asynchat, "flushing")]
#[case::byte_by_byte(Role::Asynchat, "pieces")]
#[case::channels_backwards(Role::Asyncore, "backwards")]
#[case::channel_by_channel(Role::Asyncore, "apiece")]
#[case::a_question_asked_twice(Role::Asyncore, "twice")]
#[case::close_once(Role::Asyncore, "once")]
#[case::nothing_urgent_for_listeners(Role::Asyncore, "listening")]
fn a_port_that_is_right_in_its_own_way_is_not_accused(#[case] role: Role, #[case] name: &str) {
    let Some(python) = port(role, name) else { return };
    let outcome = judged(&python);
    assert_eq!(of_level(&outcome, Level::Must), [""; 0], "{name}");
    assert_eq!(outcome.status(false), Status::Held, "{name}");
    assert!(outcome.totals().pass > 250, "{name}: {:?}", outcome.totals());
}

#[rstest]
#[cfg_attr(target_os = "linux", case::epoll("elsewhere_epoll"))]
#[case::selectors("elsewhere_selectors")]
#[case::asyncio("elsewhere_asyncio")]
fn who_waits_elsewhere_is_held_to_all_but_the_loop(#[case] name: &str) {
    let Some(python) = port(Role::Asyncore, name) else { return };
    let outcome = judged(&python);
    assert_eq!(of_level(&outcome, Level::Must), [""; 0], "{name}");
    assert_eq!(outcome.status(false), Status::Held, "{name}");
    assert!(!outcome.identity.features.contains(&Feature::Loop), "{name}");
    assert!(!outcome.identity.observes.contains(&Kind::Waits), "{name}");
    assert!(outcome.identity.because.contains("waits where no stand-in is"), "{name}: {}", outcome.identity.because);
    assert!(outcome.sockets > 50, "{name} is held to what it sends on real sockets, too: {}", outcome.sockets);
}

#[test]
fn files_that_cannot_be_scripted_are_left_out() {
    let Some(python) = port(Role::Asyncore, "filing") else { return };
    let outcome = judged(&python);
    assert_eq!(of_level(&outcome, Level::Must), [""; 0]);
    assert_eq!(outcome.status(false), Status::Held);
    assert!(!outcome.identity.features.contains(&Feature::File));
}

#[test]
fn methods_that_are_not_there_are_said_to_be_missing() {
    for (role, name, missing) in [
        (Role::Asynchat, "flushing", &[Hook::InitiateSend][..]),
        (Role::Asyncore, "buffered", &[Hook::InitiateSend]),
        (
            Role::Asyncore,
            "inlined",
            &[Hook::HandleReadEvent, Hook::HandleWriteEvent, Hook::HandleExptEvent, Hook::HandleConnectEvent],
        ),
    ] {
        let Some(python) = port(role, name) else { return };
        let observed = judged(&python).identity.observes;
        assert_eq!(observed.missing().collect::<Vec<_>>(), missing, "{name}");
    }
}

#[test]
fn a_terminator_that_is_refused_is_no_failure_of_the_subject() {
    let Some(python) = port(Role::Asynchat, "strict") else { return };
    let outcome = judged(&python);
    assert_eq!(outcome.totals().error, 0);
    assert_eq!(of_level(&outcome, Level::Must), [""; 0]);
    assert!(of_level(&outcome, Level::Quirk).contains(&"INPUT-39"));
}

#[test]
fn without_the_loop_no_scenario_asks_for_passes() {
    let Some(interpreter) = newest(3) else { return };
    let python = Python { adapter: Some(file("fair/without_loop.py")), ..python(interpreter) };
    let mut subject = start(&python, &[]).unwrap_or_else(|error| panic!("{error}"));
    let outcome = judge(&mut subject, CASES);
    assert_eq!(outcome.status(true), Status::Held, "{:?}", of_level(&outcome, Level::Must));
}

#[rstest]
#[case::another_exception("renewed", "ERROR-6")]
#[case::no_bytes("viewed", "IO-6")]
#[case::a_map_that_forgets("forgetful", "MAP-3")]
fn what_is_promised_and_broken_is_seen(#[case] name: &str, #[case] clause: &str) {
    let Some(python) = port(Role::Asyncore, name) else { return };
    let outcome = judged(&python);
    let found = of_level(&outcome, Level::Must);
    assert!(found.contains(&clause), "{name}: {found:?}");
}
