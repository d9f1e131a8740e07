//! Strategies for scenarios and traces that the generators of the spec never make.

#![allow(dead_code, unused_imports, reason = "every test uses a part of it")]

mod asyncore;
mod chat;
mod checked;
mod event;
mod names;
mod peer;
mod value;

use asyncore_spec::exception::Exception;
use asyncore_spec::generate::{Family, Repertoire, scenarios};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, Ending, Hook, Scenario, Setup};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};

pub(crate) use checked::checked;
pub(crate) use event::trace;
use names::Names;
pub(crate) use value::value;

/// Settings of a property: so many cases, the same ones each time.
pub(crate) fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() }
}

fn hook() -> impl Strategy<Value = Hook> {
    prop::sample::select(Hook::ALL)
}

fn ending(exception: impl Strategy<Value = Exception> + 'static) -> impl Strategy<Value = Ending> {
    prop_oneof![
        3 => Just(Ending::Normal),
        1 => Just(Ending::Return),
        1 => exception.prop_map(|exception| Ending::Raise { exception }),
    ]
}

/// Any action.
fn action(names: &Names) -> BoxedStrategy<Action> {
    prop_oneof![2 => chat::action(names), 3 => asyncore::action(names)].boxed()
}

/// Any line of the set-up.
fn setup(names: &Names) -> impl Strategy<Value = Setup> + use<> {
    let on = prop_oneof![names.channel.clone(), names.producer.clone()];
    let actions = prop::collection::vec(action(names), 0..3);
    prop_oneof![
        2 => chat::setup(names),
        3 => asyncore::setup(names),
        1 => (on, hook(), 1..=u32::MAX, actions, ending(value::exception()))
            .prop_map(|(on, hook, nth, actions, ending)| Setup::Reaction { on, hook, nth, actions, ending }),
    ]
}

/// Any scenario that can be written down, whether it makes sense or not.
pub(crate) fn scenario() -> impl Strategy<Value = Scenario> {
    let names = Names::any();
    let setup = prop::collection::vec(prop_oneof![9 => setup(&names), 1 => peer::setup()], 0..6);
    let action = prop_oneof![9 => action(&names), 1 => peer::action(&names)];
    (setup, prop::collection::vec(action, 0..6)).prop_map(|(setup, steps)| Scenario { setup, steps })
}

/// Gives so many scenarios of a family, the same ones each time.
pub(crate) fn generated(family: Family, repertoire: &Repertoire, cases: usize) -> Vec<Scenario> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = scenarios(family, repertoire.clone());
    let one = || strategy.new_tree(&mut runner).expect("every input gives a scenario").current();
    std::iter::repeat_with(one).take(cases).collect()
}

/// Every family with every profile under which it can be run.
pub(crate) fn families() -> impl Iterator<Item = (Family, Repertoire)> {
    Profile::ALL.iter().flat_map(|profile| {
        let repertoire = Repertoire::all(*profile);
        let families = Family::ALL.iter().filter(move |family| Repertoire::all(*profile).allows(**family));
        families.map(move |family| (*family, repertoire.clone()))
    })
}
