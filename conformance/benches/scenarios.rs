//! How many scripted scenarios a second the suite puts the reference through, on one core.
//!
//! `generated` makes each scenario, runs it, predicts its trace and judges it, as `run` does; `prepared` leaves out the
//! making. An item is a scenario.

use asyncore_conformance::judge::judge;
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::{Run, Subject};
use asyncore_spec::generate::{Family, Repertoire, scenarios};
use asyncore_spec::model::predict;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use divan::counter::ItemsCount;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many scenarios of each family are made.
const CASES: usize = 500;

fn main() {
    divan::main();
}

fn make(profile: Profile, subject: &ReferenceSubject) -> Vec<Scenario> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let repertoire = Repertoire { profile, features: subject.identity().features.clone() };
    let families = Family::ALL.iter().filter(|family| repertoire.allows(**family));
    let strategies = families.map(|family| scenarios(*family, repertoire.clone()));
    let made = strategies.flat_map(|strategy| {
        let runner = &mut runner;
        let trees = (0..CASES).map(|_| strategy.new_tree(runner).expect("the strategies reject nothing"));
        trees.map(|tree| tree.current()).collect::<Vec<_>>()
    });
    made.collect()
}

/// Runs and judges; gives how many traces departed.
fn put_through(profile: Profile, subject: &mut ReferenceSubject, scenarios: &[Scenario]) -> usize {
    let settings = subject.identity().settings(profile);
    let observed = subject.identity().observes.clone();
    let runs = subject.run(scenarios);
    let departs = |(scenario, run): (&Scenario, &Run)| match run {
        Run::Trace { trace, .. } => !judge(&predict(scenario, &settings), trace, &observed).departures.is_empty(),
        _ => true,
    };
    scenarios.iter().zip(&runs).filter(|pair| departs(*pair)).count()
}

#[divan::bench(args = Profile::ALL)]
fn prepared(bencher: divan::Bencher<'_, '_>, profile: &Profile) {
    let mut subject = ReferenceSubject::new(*profile);
    let made = make(*profile, &subject);
    bencher.counter(ItemsCount::new(made.len())).bench_local(|| put_through(*profile, &mut subject, &made));
}

#[divan::bench(args = Profile::ALL)]
fn generated(bencher: divan::Bencher<'_, '_>, profile: &Profile) {
    let mut subject = ReferenceSubject::new(*profile);
    let number = make(*profile, &subject).len();
    bencher.counter(ItemsCount::new(number)).bench_local(|| {
        let made = make(*profile, &subject);
        put_through(*profile, &mut subject, &made)
    });
}
