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
