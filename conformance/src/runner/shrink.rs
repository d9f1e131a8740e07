//! Makes a failing scenario smaller, across whatever boundary the subject lies behind.
//!
//! Two ways, one after the other. The generator's own tree is simplified as proptest does it. Then lines, bytes and
//! options of the scenario itself are taken away one at a time, a whole batch at once, until nothing can be taken away.
//! A smaller scenario counts only if it breaks the same clause.

use std::time::{Duration, Instant};

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::law;
use asyncore_spec::model::Settings;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;

use super::gather::Tree;
use super::ledger::{Found, entry_size};
use super::reduce::reductions;
use super::tape::Came;
use crate::judge::{Departure, How};
use crate::ordered::judge_scenario;
use crate::outcome::Failure;
use crate::real::{self, Patience, Performance, Realised};
use crate::subject::{Identity, Run, Subject};

/// How often the generator's tree is asked for something simpler.
const MOST_SIMPLIFICATIONS: usize = 200;

/// How many rounds of taking away there are at most.
const MOST_ROUNDS: usize = 60;

/// How long making one failure on real sockets smaller may take.
const MOST_TIME: Duration = Duration::from_secs(3);

/// What comes late while a failure is made smaller is given up soon: the scenario stays larger then.
const HURRY: Patience =
    Patience { act: Duration::from_secs(1), hook: Duration::from_millis(200), pass: Duration::from_millis(100) };

/// Makes a failure as small as it can be.
pub(super) fn minimise(subject: &mut dyn Subject, settings: &Settings, clause: ClauseId, found: Found) -> Found {
    if found.error.is_some() {
        // A subject that dies or hangs costs a restart each time; its scenario stays as it was found.
        return found;
    }
    let identity = subject.identity().clone();
    let best = Best { identity: &identity, settings, clause, failure: found.failure };
    let mut shrinker = Shrinker { subject, best, until: None };
    if shrinker.best.failure.written.is_some() {
        if shrinker.best.failure.is_in_vain() {
            // What is awaited in vain is awaited long, and a smaller scenario may await what never comes.
            return Found { failure: shrinker.best.failure, tree: None, error: None };
        }
        shrinker.until = Some(Instant::now() + MOST_TIME);
    }
    if let Some(tree) = found.tree {
        shrinker.simplify(tree);
    }
    shrinker.take_away();
    Found { failure: shrinker.best.failure, tree: None, error: None }
}

/// Takes a scenario with what came of it in the place of a failure, if it is as small and breaks the same clause.
pub(super) fn adopt(
    identity: &Identity,
    settings: &Settings,
    clause: ClauseId,
    found: Found,
    scenario: &Scenario,
    came: Came,
) -> Found {
    if found.error.is_some() {
        return found;
    }
    let mut best = Best { identity, settings, clause, failure: found.failure };
    match came {
        Came::Scripted(run) => _ = best.accept(scenario, run),
        Came::Performed(Performance::Realised(realised)) => _ = best.accept_really(scenario, realised),
        Came::Performed(_) | Came::Lowered { .. } => {}
    }
    Found { failure: best.failure, tree: None, error: None }
}

struct Shrinker<'a> {
    subject: &'a mut dyn Subject,
    best: Best<'a>,
    /// Until when to go on, where a scenario takes its time.
    until: Option<Instant>,
}

impl Shrinker<'_> {
    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    fn simplify(&mut self, mut tree: Tree) {
        let mut goes_on = tree.simplify();
        for _ in 0..MOST_SIMPLIFICATIONS {
            if !goes_on || self.is_late() {
                return;
            }
            let broke = self.try_one(&tree.current());
            goes_on = if broke { tree.simplify() } else { tree.complicate() };
        }
    }

    fn take_away(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let smaller = reductions(self.best.failure.again());
            if self.is_late() || !self.try_all(smaller) {
                return;
            }
        }
    }

    fn try_one(&mut self, scenario: &Scenario) -> bool {
        if self.until.is_some() {
            return self.try_really(scenario);
        }
        let runs = self.subject.run(std::slice::from_ref(scenario));
        runs.into_iter().next().is_some_and(|run| self.best.accept(scenario, run))
    }

    /// Runs all of them and keeps the smallest that still breaks the clause.
    fn try_all(&mut self, mut scenarios: Vec<Scenario>) -> bool {
        let features = &self.best.identity.features;
        scenarios.retain(|scenario| scenario.check().is_ok() && scenario.needs().is_subset(features));
        scenarios.sort_by_key(entry_size);
        if self.until.is_some() {
            return scenarios.iter().any(|scenario| !self.is_late() && self.try_really(scenario));
        }
        let runs = self.subject.run(&scenarios);
        scenarios.iter().zip(runs).any(|(scenario, run)| self.best.accept(scenario, run))
    }

    /// Tries a scenario on real sockets.
    fn try_really(&mut self, scenario: &Scenario) -> bool {
        match real::perform(self.subject, scenario, &HURRY) {
            Performance::Realised(realised) => self.best.accept_really(scenario, realised),
            _ => false,
        }
    }
}

/// Is the smallest failure so far. What it takes in its place, it takes for what came of it, and asks no subject.
struct Best<'a> {
    identity: &'a Identity,
    settings: &'a Settings,
    clause: ClauseId,
    failure: Failure,
}

impl Best<'_> {
    fn accept_really(&mut self, scenario: &Scenario, realised: Realised) -> bool {
        if realised.in_vain.is_some() || entry_size(scenario) > entry_size(self.failure.again()) {
            return false;
        }
        let (_, judgement) = real::judge_realised(&realised, self.settings, &self.identity.observes);
        let Some(departure) = judgement.departures.into_iter().find(|departure| departure.clause == self.clause) else {
            return false;
        };
        let Realised { scenario: became, trace, printed, .. } = realised;
        self.failure.written = Some(scenario.clone());
        self.failure.scenario = became;
        self.failure.actual = trace;
        self.failure.printed = printed;
        self.failure.departure = Some(departure);
        true
    }

    fn accept(&mut self, scenario: &Scenario, run: Run) -> bool {
        let Run::Trace { trace, printed } = run else { return false };
        let Some(departure) = self.breaks(scenario, &trace) else { return false };
        if entry_size(scenario) > entry_size(self.failure.again()) {
            return true;
        }
        self.failure.written = None;
        self.failure.scenario = scenario.clone();
        self.failure.actual = trace;
        self.failure.printed = printed;
        self.failure.departure = Some(departure);
        true
    }

    fn breaks(&self, scenario: &Scenario, trace: &Trace) -> Option<Departure> {
        let observed = &self.identity.observes;
        if self.failure.departure.as_ref().is_some_and(|departure| departure.how == How::Law) {
            let broken = law::apply(scenario, self.settings, trace, observed).broken;
            return broken.iter().find(|violation| violation.clause == self.clause).map(Departure::of_law);
        }
        let (_, judgement) = judge_scenario(scenario, self.settings, trace, observed);
        judgement.departures.into_iter().find(|departure| departure.clause == self.clause)
    }
}
