//! Makes a failing scenario smaller, across whatever boundary the subject lies behind.
//!
//! Two ways, one after the other. The generator's own tree is simplified as proptest does it. Then lines, bytes and
//! options of the scenario itself are taken away one at a time, a whole batch at once, until nothing can be taken away.
//! A smaller scenario counts only if it breaks the same clause.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::law;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::scenario::{Action, ChatOptions, Ending, Input, Scenario, Setup};
use asyncore_spec::trace::Trace;
use asyncore_spec::value::{Bytes, Value};

use super::gather::Tree;
use super::ledger::{Found, entry_size};
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
        let judgement = judge(&predict(scenario, self.settings), trace, observed);
        let by_law = self.best.departure.as_ref().is_some_and(|d| d.expected.is_none() && d.actual.is_none());
        if by_law && !judgement.departures.is_empty() {
            let broken = law::apply(scenario, self.settings, trace, observed).broken;
            let violation = broken.into_iter().find(|violation| violation.clause == self.clause)?;
            return Some(Departure {
                clause: violation.clause,
                how: How::Altered,
                step: violation.step,
                expected: None,
                actual: None,
            });
        }
        judgement.departures.into_iter().find(|departure| departure.clause == self.clause)
    }
}

/// Gives every scenario that is smaller by one thing.
fn reductions(scenario: &Scenario) -> Vec<Scenario> {
    let mut smaller = Vec::new();
    for at in 0..scenario.steps.len() {
        let mut without = scenario.clone();
        without.steps.remove(at);
        smaller.push(without);
    }
    for at in 0..scenario.setup.len() {
        let mut without = scenario.clone();
        let removed = without.setup.remove(at);
        if let Setup::Producer { name, .. } | Setup::SimpleProducer { name, .. } | Setup::Chat { name, .. } = removed {
            // What speaks of it goes with it.
            without.steps.retain(|step| !step.to_string().split(' ').any(|word| word == name.as_str()));
            without.setup.retain(|setup| !setup.to_string().split([' ', '.']).any(|word| word == name.as_str()));
        }
        smaller.push(without);
        for setup in lesser_setup(&scenario.setup[at]) {
            let mut with = scenario.clone();
            with.setup[at] = setup;
            smaller.push(with);
        }
    }
    for at in 0..scenario.steps.len() {
        for step in lesser_action(&scenario.steps[at]) {
            let mut with = scenario.clone();
            with.steps[at] = step;
            smaller.push(with);
        }
    }
    smaller
}

fn lesser_setup(setup: &Setup) -> Vec<Setup> {
    match setup {
        Setup::Chat { name, options } => {
            lesser_options(options).into_iter().map(|options| Setup::Chat { name: *name, options }).collect()
        }
        Setup::Producer { name, results, falsy } => {
            let drop = |at| results.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, r)| r.clone()).collect();
            let fewer = (0..results.len()).map(|at| Setup::Producer { name: *name, results: drop(at), falsy: *falsy });
            let shorter = results.iter().enumerate().flat_map(|(at, result)| {
                lesser_value(result).into_iter().map(move |value| {
                    let mut results = results.clone();
                    results[at] = value;
                    Setup::Producer { name: *name, results, falsy: *falsy }
                })
            });
            fewer.chain(shorter).chain(falsy.then(|| Setup::Producer { name: *name, results: results.clone(), falsy: false })).collect()
        }
        Setup::SimpleProducer { name, data, buffer_size } => lesser_bytes(data)
            .into_iter()
            .map(|data| Setup::SimpleProducer { name: *name, data, buffer_size: *buffer_size })
            .collect(),
        Setup::Fifo { name, items: Some(items) } => {
            let drop = |at| items.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, r)| r.clone()).collect();
            let fewer = (0..items.len()).map(|at| Setup::Fifo { name: *name, items: Some(drop(at)) });
            std::iter::once(Setup::Fifo { name: *name, items: None }).chain(fewer).collect()
        }
        Setup::Fifo { .. } => Vec::new(),
        Setup::Sends { chan, outcomes } => (0..outcomes.len())
            .map(|at| {
                let mut outcomes = outcomes.clone();
                outcomes.remove(at);
                Setup::Sends { chan: *chan, outcomes }
            })
            .collect(),
        Setup::Reaction { on, hook, nth, actions, ending } => {
            let with = |actions: Vec<Action>, nth: u32, ending: &Ending| Setup::Reaction {
                on: *on,
                hook: *hook,
                nth,
                actions,
                ending: ending.clone(),
            };
            let mut lesser = Vec::new();
            for at in 0..actions.len() {
                let mut fewer = actions.clone();
                fewer.remove(at);
                lesser.push(with(fewer, *nth, ending));
                for action in lesser_action(&actions[at]) {
                    let mut changed = actions.clone();
                    changed[at] = action;
                    lesser.push(with(changed, *nth, ending));
                }
            }
            if *nth > 1 {
                lesser.push(with(actions.clone(), nth - 1, ending));
            }
            if *ending != Ending::Normal {
                lesser.push(with(actions.clone(), *nth, &Ending::Normal));
            }
            lesser
        }
    }
}

fn lesser_options(options: &ChatOptions) -> Vec<ChatOptions> {
    let mut lesser = Vec::new();
    let mut change = |change: &dyn Fn(&mut ChatOptions)| {
        let mut changed = options.clone();
        change(&mut changed);
        if changed != *options {
            lesser.push(changed);
        }
    };
    change(&|options| options.ac_in_buffer_size = None);
    change(&|options| options.ac_out_buffer_size = None);
    change(&|options| options.unconnected = false);
    change(&|options| options.bare = false);
    change(&|options| options.gather = false);
    if let Some(terminator) = &options.terminator {
        for simple in [Value::None, Value::bytes("\n"), Value::bytes("\r\n")] {
            if simple.to_string().len() < terminator.to_string().len() {
                change(&|options| options.terminator = Some(simple.clone()));
            }
        }
        for value in lesser_value(terminator) {
            change(&|options| options.terminator = Some(value.clone()));
        }
    }
    lesser
}

fn lesser_action(action: &Action) -> Vec<Action> {
    match action {
        Action::Recv { chan, input: Input::Data { hex } } => {
            let shorter = lesser_bytes(hex).into_iter().filter(|hex| !hex.is_empty());
            shorter.map(|hex| Action::Recv { chan: *chan, input: Input::Data { hex } }).collect()
        }
        Action::Push { chan, data } => {
            lesser_value(data).into_iter().map(|data| Action::Push { chan: *chan, data }).collect()
        }
        Action::SetTerminator { chan, terminator } => {
            lesser_value(terminator).into_iter().map(|terminator| Action::SetTerminator { chan: *chan, terminator }).collect()
        }
        Action::FindPrefixAtEnd { haystack, needle } => {
            let haystacks = lesser_value(haystack).into_iter().map(|haystack| (haystack, needle.clone()));
            let needles = lesser_value(needle).into_iter().map(|needle| (haystack.clone(), needle));
            let pairs = haystacks.chain(needles);
            pairs.map(|(haystack, needle)| Action::FindPrefixAtEnd { haystack, needle }).collect()
        }
        _ => Vec::new(),
    }
}

fn lesser_value(value: &Value) -> Vec<Value> {
    match value {
        Value::Bytes { hex } => lesser_bytes(hex).into_iter().map(|hex| Value::Bytes { hex }).collect(),
        Value::Bytearray { hex } => lesser_bytes(hex).into_iter().map(|hex| Value::Bytearray { hex }).collect(),
        Value::Memoryview { hex } => lesser_bytes(hex).into_iter().map(|hex| Value::Memoryview { hex }).collect(),
        Value::Int { value } if *value > 0 => {
            let mut numbers = vec![value / 2, value - 1];
            numbers.dedup();
            numbers.into_iter().map(Value::int).collect()
        }
        _ => Vec::new(),
    }
}

/// Gives the bytes without one half, and, if they are few, without each one.
fn lesser_bytes(bytes: &Bytes) -> Vec<Bytes> {
    let half = bytes.len() / 2;
    let mut shorter = vec![Bytes::of(&bytes[..half]), Bytes::of(&bytes[half..])];
    if bytes.len() <= 64 {
        shorter.extend((0..bytes.len()).map(|at| {
            let mut rest = bytes.0.clone();
            rest.remove(at);
            Bytes(rest)
        }));
    } else {
        shorter.push(Bytes::of(&bytes[..bytes.len() - bytes.len() / 8]));
        shorter.push(Bytes::of(&bytes[..bytes.len() - 1]));
    }
    shorter.retain(|other| other.len() < bytes.len());
    shorter
}
