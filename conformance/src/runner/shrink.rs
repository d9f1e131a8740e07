//! Makes a failing scenario smaller, across whatever boundary the subject lies behind.
//!
//! Two ways, one after the other. The generator's own tree is simplified as proptest does it. Then lines, bytes and
//! options of the scenario itself are taken away one at a time, a whole batch at once, until nothing can be taken away.
//! A smaller scenario counts only if it breaks the same clause.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::law;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;

use super::gather::Tree;
use super::ledger::{Found, entry_size};
use super::reduce::reductions;
use crate::judge::{Departure, How, judge};
use crate::outcome::Failure;
use crate::subject::{Run, Subject};

/// How often the generator's tree is asked for something simpler.
const MOST_SIMPLIFICATIONS: usize = 200;

/// How many rounds of taking away there are at most.
const MOST_ROUNDS: usize = 60;

/// Makes a failure as small as it can be.
pub(super) fn minimise(subject: &mut dyn Subject, settings: &Settings, clause: ClauseId, found: Found) -> Found {
    if found.error.is_some() {
        // A subject that dies or hangs costs a restart each time; its scenario stays as it was found.
        return found;
    }
    let mut shrinker = Shrinker { subject, settings, clause, best: found.failure };
    if let Some(tree) = found.tree {
        shrinker.simplify(tree);
    }
    shrinker.take_away();
    Found { failure: shrinker.best, tree: None, error: None }
}

struct Shrinker<'a> {
    subject: &'a mut dyn Subject,
    settings: &'a Settings,
    clause: ClauseId,
    best: Failure,
}

impl Shrinker<'_> {
    fn simplify(&mut self, mut tree: Tree) {
        let mut goes_on = tree.simplify();
        for _ in 0..MOST_SIMPLIFICATIONS {
            if !goes_on {
                return;
            }
            let broke = self.try_one(&tree.current());
            goes_on = if broke { tree.simplify() } else { tree.complicate() };
        }
    }

    fn take_away(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let smaller = reductions(&self.best.scenario);
            if !self.try_all(smaller) {
                return;
            }
        }
    }

    fn try_one(&mut self, scenario: &Scenario) -> bool {
        let runs = self.subject.run(std::slice::from_ref(scenario));
        runs.into_iter().next().is_some_and(|run| self.accept(scenario, run))
    }

    /// Runs all of them and keeps the smallest that still breaks the clause.
    fn try_all(&mut self, mut scenarios: Vec<Scenario>) -> bool {
        let features = &self.subject.identity().features;
        scenarios.retain(|scenario| scenario.check().is_ok() && scenario.needs().is_subset(features));
        scenarios.sort_by_key(entry_size);
        let runs = self.subject.run(&scenarios);
        scenarios.iter().zip(runs).any(|(scenario, run)| self.accept(scenario, run))
    }

    fn accept(&mut self, scenario: &Scenario, run: Run) -> bool {
        let Run::Trace { trace, printed } = run else { return false };
        let Some(departure) = self.breaks(scenario, &trace) else { return false };
        if entry_size(scenario) > entry_size(&self.best.scenario) {
            return true;
        }
        self.best.scenario = scenario.clone();
        self.best.actual = trace;
        self.best.printed = printed;
        self.best.departure = Some(departure);
        true
    }

    fn breaks(&self, scenario: &Scenario, trace: &Trace) -> Option<Departure> {
        let observed = &self.subject.identity().observes;
        if self.best.departure.as_ref().is_some_and(|departure| departure.how == How::Law) {
            let broken = law::apply(scenario, self.settings, trace, observed).broken;
            return broken.iter().find(|violation| violation.clause == self.clause).map(Departure::of_law);
        }
        let judgement = judge(&predict(scenario, self.settings), trace, observed);
        judgement.departures.into_iter().find(|departure| departure.clause == self.clause)
    }
}
