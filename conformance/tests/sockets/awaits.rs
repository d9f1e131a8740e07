//! Awaits, on the reference: what they become, and what is said of one in vain.

use std::time::Duration;

use asyncore_conformance::judge::How;
use asyncore_conformance::real::{Patience, Performance, perform, written};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::Subject;
use asyncore_spec::generate::{Family, Repertoire, scenarios};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, Scenario};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rstest::rstest;

use super::{judged, parse, patient, realised};

#[rstest]
fn the_reference_agrees_with_the_model(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
    let mut subject = ReferenceSubject::new(profile);
    for (name, scenario) in written::scenarios().chain(generated(&subject, profile)) {
        if !scenario.needs().is_subset(&subject.identity().features) {
            continue;
        }
        let performed = perform(&mut subject, &scenario, &patient());
        // A machine may lack IPv6.
        if matches!(performed, Performance::Absent { .. }) {
            continue;
        }
        let realised = realised(performed);
        assert_eq!(realised.in_vain, None, "{name}\n{scenario}");
        let settings = subject.identity().settings(profile);
        let (_, judgement) =
            asyncore_conformance::real::judge_realised(&realised, &settings, &subject.identity().observes);
        assert_eq!(judgement.departures, [], "{name}\n{scenario}");
    }
}

/// Gives some generated scenarios, always the same.
fn generated(subject: &ReferenceSubject, profile: Profile) -> Vec<(&'static str, Scenario)> {
    let repertoire = Repertoire { profile, features: subject.identity().features.clone() };
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = scenarios(Family::Sockets, repertoire);
    let mut scenario = || strategy.new_tree(&mut runner).expect("every record decodes").current();
    (0..150).map(|_| ("generated", scenario())).collect()
}

#[test]
fn an_await_becomes_passes() {
    let mut subject = ReferenceSubject::new(Profile::Py311);
    let scenario = parse("over tcp4\nchat c terminator \"\\n\"\npeer c sends \"x\\n\"\nawait c.found_terminator\n");
    let realised = realised(perform(&mut subject, &scenario, &patient()));
    assert!(realised.scenario.steps[1..].iter().all(|step| matches!(step, Action::Poll { .. })));
    assert_eq!(realised.scenario.steps.len(), realised.trace.steps.len());
    assert_eq!(judged(&subject, &realised).departures, []);
}

#[test]
fn what_is_awaited_in_vain_is_missing() {
    let mut subject = ReferenceSubject::new(Profile::Py311);
    let scenario = parse("over tcp4\nchat c terminator \"\\n\"\nawait c.found_terminator\nclose c\n");
    let moment = Duration::from_millis(100);
    let patience = Patience { hook: moment, pass: moment, ..patient() };
    let realised = realised(perform(&mut subject, &scenario, &patience));
    let departures = judged(&subject, &realised).departures;
    assert_eq!(departures.len(), 1);
    assert_eq!((departures[0].clause.as_str(), departures[0].how), ("INPUT-1", How::Missing));
    assert_eq!(realised.scenario.steps.get(departures[0].step), scenario.steps.first());
}

/// Judges under a release what became of a scenario whose last line awaits something in vain.
fn departures_in_vain(profile: Profile, scenario: &str) -> Vec<String> {
    let mut subject = ReferenceSubject::new(profile);
    let moment = Duration::from_millis(100);
    let patience = Patience { hook: moment, pass: moment, ..patient() };
    let realised = realised(perform(&mut subject, &parse(scenario), &patience));
    assert!(realised.in_vain.is_some(), "{}", realised.scenario);
    let settings = subject.identity().settings(profile);
    let (_, judgement) = asyncore_conformance::real::judge_realised(&realised, &settings, &subject.identity().observes);
    judgement.departures.iter().map(|departure| departure.clause.as_str().to_owned()).collect()
}

#[rstest]
#[case::closed_by_a_step("over tcp4\nchat c\nclose c\nawait c.recv\n", &[])]
#[case::closed_by_its_peer("over tcp4\nchat c\nchat d\npeer c ends\nawait c.handle_close\nawait c.recv\n", &[])]
#[case::another_is_closed("over tcp4\nchat c\nchat d\nclose c\nawait d.recv\n", &["INPUT-33"])]
#[case::not_made_yet("over tcp4\nchat c\nsocket s\ndispatcher d socket s later\nawait d.handle_read\n", &["EVENT-1"])]
#[case::nothing_is_said("over tcp4\nchat c\ndispatcher d no_socket\nsend d \"x\"\nawait c.recv\n", &[])]
fn what_cannot_come_any_more_is_not_missing(#[case] scenario: &str, #[case] missing: &[&str]) {
    assert_eq!(departures_in_vain(Profile::Py311, scenario), missing);
}

/// 2.5 takes urgent data for something to read, finds nothing, and closes the channel.
#[test]
fn what_the_release_itself_closes_is_never_called_again() {
    let scenario = "over tcp4\ndispatcher c reads 5 writable false\npeer c urgent \"!\"\npoll2 timeout 5s\n\
                    peer c sends \"x\"\nawait c.handle_read use_poll\n";
    assert_eq!(departures_in_vain(Profile::Py25, scenario), [""; 0]);
}
