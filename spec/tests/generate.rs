//! The generators: total, within what is declared, small when shrunk, and about every clause.

mod any;

use std::collections::{BTreeMap, BTreeSet};

use asyncore_spec::check::MOST_LINES;
use asyncore_spec::clause::clauses;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::feature::{Feature, Features};
use asyncore_spec::generate::{Family, MOST_RECORDS, Record, Repertoire, decode, from_bytes, scenarios};
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::peer::PeerAct;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, Hook, Scenario};
use asyncore_spec::trace::What;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use rstest::rstest;

/// How many scenarios of each family are made to count by.
const CASES: usize = 3000;

/// Clauses that no generated scenario is about yet, by profile, with the reason. Each entry is a debt.
const UNREACHED: &[(Profile, &str, &str)] = &[];

fn exercised(profile: Profile) -> BTreeMap<ClauseId, usize> {
    let mut times = BTreeMap::new();
    for (family, repertoire) in any::families().filter(|(_, repertoire)| repertoire.profile == profile) {
        for scenario in any::generated(family, &repertoire, CASES) {
            let named: BTreeSet<_> = predict(&scenario, &Settings::of(profile)).exercised().collect();
            named.into_iter().for_each(|id| *times.entry(id).or_default() += 1);
        }
    }
    times
}

#[rstest]
fn every_clause_is_exercised(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
    let times = exercised(profile);
    let applies = clauses().iter().filter(|clause| clause.applies(profile, profile.release()));
    let unreached: Vec<_> = applies.map(|clause| clause.id).filter(|id| !times.contains_key(id)).collect();
    let known = UNREACHED.iter().filter(|(of, ..)| *of == profile);
    let known: Vec<_> = known.map(|(_, id, _)| *id).collect();
    let unreached: Vec<_> = unreached.iter().map(|id| id.as_str()).collect();
    assert_eq!(unreached, known, "{profile}: what no generated scenario is about, and what is known to be so");
    eprintln!("{profile}: the rarest are {:?}", rarest(&times));
}

fn rarest(times: &BTreeMap<ClauseId, usize>) -> Vec<(usize, ClauseId)> {
    let mut rarest: Vec<_> = times.iter().map(|(id, times)| (*times, *id)).collect();
    rarest.sort_unstable();
    rarest.truncate(20);
    rarest
}

fn features() -> impl Strategy<Value = Features> {
    let one = prop::collection::vec(any::<bool>(), Feature::ALL.len());
    one.prop_map(|chosen| {
        Feature::ALL.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(feature, _)| *feature).collect()
    })
}

/// Any part of what a profile knows, now and then nearly all of it.
fn repertoire() -> impl Strategy<Value = Repertoire> {
    let missing =
        prop_oneof![features(), prop::sample::select(Feature::ALL).prop_map(|feature| Features::from([feature]))];
    (prop::sample::select(Profile::ALL), missing).prop_map(|(profile, missing)| {
        let mut repertoire = Repertoire::all(profile);
        repertoire.features.retain(|feature| !missing.contains(feature));
        repertoire
    })
}

fn records() -> impl Strategy<Value = (Record, Vec<Record>)> {
    (any::<Record>(), prop::collection::vec(any::<Record>(), 0..4 * MOST_RECORDS))
}

#[test]
fn scenarios_draw_on_what_is_declared() {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let drawn = (repertoire(), records());
    let mut found: BTreeMap<Feature, Scenario> = BTreeMap::new();
    for _ in 0..2000 {
        let (repertoire, (head, records)) = drawn.new_tree(&mut runner).expect("nothing is rejected").current();
        for family in Family::ALL.iter().filter(|family| repertoire.allows(**family)) {
            let scenario = decode(*family, &repertoire, head, &records);
            for feature in scenario.needs().difference(&repertoire.features) {
                let smallest = found.entry(*feature).or_insert_with(|| scenario.clone());
                if scenario.to_string().len() < smallest.to_string().len() {
                    *smallest = scenario.clone();
                }
            }
        }
    }
    let report: String = found.iter().map(|(feature, scenario)| format!("{feature}:\n{scenario}\n")).collect();
    assert_eq!(report, "", "needed though not declared");
}

proptest! {
    #![proptest_config(any::cases(1500))]

    #[test]
    fn decoding_is_total(repertoire in repertoire(), (head, records) in records()) {
        for family in Family::ALL {
            let scenario = decode(*family, &repertoire, head, &records);
            prop_assert_eq!(scenario.check(), Ok(()), "{}", scenario);
        }
    }

    #[test]
    fn any_bytes_are_a_scenario(profile in prop::sample::select(Profile::ALL), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let repertoire = Repertoire::all(profile);
        let families: Vec<_> = Family::ALL.iter().copied().filter(|family| repertoire.allows(*family)).collect();
        let scenario = from_bytes(&repertoire, &families, &bytes);
        prop_assert_eq!(scenario.check(), Ok(()), "{}", scenario);
    }

    #[test]
    fn the_bytes_of_a_fuzzer_are_the_records_of_a_property((head, records) in records()) {
        let repertoire = Repertoire::all(Profile::Py311);
        let bytes: Vec<u8> = [0].into_iter().chain(head).chain(records.concat()).collect();
        let decoded = decode(Family::Framing, &repertoire, head, &records);
        prop_assert_eq!(from_bytes(&repertoire, &[Family::Framing], &bytes), decoded);
    }
}

#[test]
fn no_byte_too_many_or_too_few_is_an_error() {
    for (family, repertoire) in any::families() {
        for length in (0..12).chain([4 * (4 * MOST_RECORDS + 1) + 1, 100_000]) {
            for fill in [0, 1, 127, 128, 254, 255] {
                let scenario = from_bytes(&repertoire, &[family], &vec![fill; length]);
                assert_eq!(scenario.check(), Ok(()), "{scenario}");
                assert!(scenario.needs().is_subset(&repertoire.features), "{scenario}");
                assert!(scenario.steps.len() <= MOST_LINES / 2, "{scenario}");
            }
        }
    }
}

/// Features of real sockets, which no generator draws on yet: a generated scenario is scripted. Each entry is a debt.
const UNDRAWN: &[Feature] = &[Feature::Tcp4, Feature::Tcp6, Feature::UnixSockets, Feature::Udp, Feature::Pipe];

/// A subject is asked for what it declares; and nothing that can be declared is in vain.
#[test]
fn every_feature_is_needed_by_some_scenario() {
    let mut needed = Features::new();
    for (family, repertoire) in any::families() {
        for scenario in any::generated(family, &repertoire, 1000) {
            let needs = scenario.needs();
            assert!(needs.is_subset(&repertoire.features), "{}: {scenario}", family.name());
            let wanted: Features = family.needs().iter().copied().collect();
            assert!(!wanted.is_disjoint(&needs) || scenario.steps.is_empty(), "{}: {scenario}", family.name());
            needed.extend(needs);
        }
    }
    let idle: Vec<_> = Feature::ALL.iter().copied().filter(|feature| !needed.contains(feature)).collect();
    assert_eq!(idle, UNDRAWN, "what no generated scenario needs, and what is known to be so");
}

/// Under poll 2.5 takes urgent data for something to read, and closes a channel that then has nothing.
#[test]
fn nothing_is_awaited_of_a_channel_that_urgent_data_close() {
    let repertoire = Repertoire::all(Profile::Py25);
    let mut urgent = 0;
    for scenario in any::generated(Family::Sockets, &repertoire, 3000) {
        let mut closed = Vec::new();
        for step in &scenario.steps {
            match step {
                Action::Peer { on, does: PeerAct::Urgent { .. } } => closed.push(*on),
                Action::Await { on, use_poll: true, .. } => assert!(!closed.contains(on), "{on}\n{scenario}"),
                _ => {}
            }
        }
        urgent += closed.len();
    }
    assert!(urgent > 10, "only {urgent}");
}

/// The lowest numbers are the plainest scenario, which is where shrinking ends.
#[test]
fn zeros_decode_to_plain_lines() {
    let all = |family| decode(family, &Repertoire::all(Profile::Py27), [0; 4], &[[0; 4]]).to_string();
    let scenarios: String =
        Family::ALL.iter().map(|family| format!("# {}\n{}\n", family.name(), all(*family))).collect();
    insta::assert_snapshot!(scenarios);
}

fn calls(scenario: &Scenario, profile: Profile, wanted: Hook) -> bool {
    let prediction = predict(scenario, &Settings::of(profile));
    prediction.events.iter().any(|expected| matches!(expected.event.what, What::Hook { hook, .. } if hook == wanted))
}

/// Looks for a scenario in which a hook is called, and makes it as small as proptest can.
fn smallest(family: Family, profile: Profile, wanted: Hook, seed: u8) -> Scenario {
    let config = Config { cases: 3000, max_shrink_iters: 10_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let found = runner.run(&scenarios(family, Repertoire::all(profile)), |scenario| {
        if calls(&scenario, profile, wanted) { Err(TestCaseError::fail("it is called")) } else { Ok(()) }
    });
    match found {
        Err(TestError::Fail(_, scenario)) => scenario,
        other => panic!("{} never calls {}: {other:?}", family.name(), wanted.name()),
    }
}

#[rstest]
#[case::an_error(Family::Framing, Hook::HandleError)]
#[case::an_error_of_sending(Family::Queue, Hook::HandleError)]
#[case::a_close(Family::Reentrancy, Hook::HandleClose)]
#[case::a_producer(Family::Python, Hook::More)]
#[case::a_connection(Family::Dispatcher, Hook::HandleConnect)]
#[case::a_connection_accepted(Family::Dispatcher, Hook::HandleAccepted)]
#[case::a_pass(Family::Loop, Hook::HandleWrite)]
#[case::a_map_that_is_closed(Family::Map, Hook::Close)]
fn what_is_found_shrinks_to_a_few_steps(#[case] family: Family, #[case] wanted: Hook) {
    let found: Vec<_> = (0..30).map(|seed| smallest(family, Profile::Py311, wanted, seed)).collect();
    let small = found.iter().filter(|scenario| scenario.steps.len() <= 3).count();
    let longest = found.iter().max_by_key(|scenario| scenario.steps.len()).expect("there are thirty");
    assert!(small >= 27, "only {small} of {} have at most three steps; the longest is\n{longest}", found.len());
}
