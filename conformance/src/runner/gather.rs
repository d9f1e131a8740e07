//! Collects the scenarios of a run: examples and generated ones.

use std::collections::HashSet;

use asyncore_spec::clause::clauses;
use asyncore_spec::generate::{Family, Repertoire, scenarios};
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::scenario::Scenario;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Plan, family_seed};
use crate::outcome::Origin;
use crate::subject::Identity;

/// Is a tree of ever smaller scenarios.
pub(super) type Tree = Box<dyn ValueTree<Value = Scenario>>;

/// Is a scenario to be run, with where it came from and, if it was generated, how to make it smaller.
pub(super) struct Candidate {
    pub(super) scenario: Scenario,
    pub(super) origin: Origin,
    pub(super) tree: Option<Tree>,
}

/// Gives the examples that the subject can run, of the clauses that apply to it.
pub(super) fn examples(plan: &Plan, identity: &Identity) -> Vec<Candidate> {
    let clauses = clauses().iter().filter(|clause| clause.applies(plan.profile, plan.follows));
    let examples = clauses.flat_map(|clause| clause.examples.iter().map(move |example| (clause.id, example)));
    let fits = examples.filter(|(id, example)| {
        example.profiles.contains(&plan.profile)
            && example.scenario.needs().is_subset(&identity.features)
            && plan.selected.contains(*id)
    });
    let candidate = |(id, example): (_, &asyncore_spec::clause::ClauseExample)| Candidate {
        scenario: example.scenario.clone(),
        origin: Origin::Example(id),
        tree: None,
    };
    fits.map(candidate).collect()
}

/// Gives every scenario of a run on scripted sockets.
pub(super) fn everything(plan: &Plan, identity: &Identity) -> Vec<Scenario> {
    let repertoire = Repertoire { profile: plan.profile, features: identity.features.clone() };
    let families = Family::ALL.iter().copied().filter(|family| repertoire.allows(*family));
    let generated = families.flat_map(|family| Generated::new(family, &repertoire, plan).batch(plan.cases as usize));
    examples(plan, identity).into_iter().chain(generated).map(|candidate| candidate.scenario).collect()
}

/// Generates the scenarios of one family, no scenario twice.
pub(super) struct Generated<'a> {
    family: Family,
    strategy: BoxedStrategy<Scenario>,
    runner: TestRunner,
    left: u32,
    seen: HashSet<u64>,
    plan: &'a Plan,
    settings: Settings,
    /// Whether every clause is selected.
    everything: bool,
}

impl<'a> Generated<'a> {
    pub(super) fn new(family: Family, repertoire: &Repertoire, plan: &'a Plan) -> Self {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &family_seed(plan.seed, family));
        Self {
            family,
            strategy: scenarios(family, repertoire.clone()).boxed(),
            runner: TestRunner::new_with_rng(Config::default(), rng),
            left: plan.cases,
            seen: HashSet::new(),
            plan,
            settings: Settings::of(plan.profile),
            everything: clauses().iter().all(|clause| plan.selected.contains(clause.id)),
        }
    }

    /// Gives up to `most` scenarios; none when all are done.
    pub(super) fn batch(&mut self, most: usize) -> Vec<Candidate> {
        let mut batch = Vec::new();
        while self.left > 0 && batch.len() < most {
            self.left -= 1;
            let Ok(tree) = self.strategy.new_tree(&mut self.runner) else { break };
            let scenario = tree.current();
            if self.is_new(&scenario) && self.is_wanted(&scenario) {
                let origin = Origin::Generated(self.family.name());
                batch.push(Candidate { scenario, origin, tree: Some(Box::new(tree)) });
            }
        }
        batch
    }

    fn is_new(&mut self, scenario: &Scenario) -> bool {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        scenario.hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }

    /// Says whether a scenario exercises a selected clause.
    fn is_wanted(&self, scenario: &Scenario) -> bool {
        let selected = &self.plan.selected;
        self.everything || predict(scenario, &self.settings).exercised().any(|id| selected.contains(id))
    }
}
