//! One rule of the model, broken in one way wherever it is applied.

use std::collections::BTreeSet;

use asyncore_spec::change::Fault;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::model::tree::{Node, fell, grow, happens, swap};
use asyncore_spec::model::{Expected, Guard, Pattern, Prediction};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::{Arg, Event, Flags, Reply, Stream, Trace, What};
use asyncore_spec::value::Value;
use asyncore_spec::wait::{Timeout, Told, WaitCall};

use super::alter;
use crate::ordered::ORDER;

/// Is a clause and the way in which it is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mutation {
    /// The clause.
    pub clause: ClauseId,
    /// The way.
    pub fault: Fault,
}

/// Is what became of a prediction.
#[derive(Debug)]
pub(super) struct Mutated {
    pub(super) trace: Trace,
    /// The clauses that may be blamed: the broken one; where two events have changed places, the other's; where one
    /// comes too early, once more or from nowhere, those that rule it out there, and that of what should have come; where
    /// they change places in the wake of an accident, that of the accident.
    pub(super) blamed: BTreeSet<ClauseId>,
    /// In how many places the rule was broken.
    pub(super) places: usize,
}

impl Mutation {
    /// Breaks the rule everywhere in a prediction.
    pub(super) fn apply(self, prediction: &Prediction) -> Mutated {
        let mut work = Work { mutation: self, prediction, blamed: BTreeSet::from([self.clause]), places: 0 };
        let trace = if self.fault == Fault::Extra {
            work.insert_all()
        } else {
            let mut steps = grow(prediction);
            steps.iter_mut().for_each(|step| work.change(step));
            laid(steps, prediction.steps)
        };
        Mutated { trace, blamed: work.blamed, places: work.places }
    }
}

struct Work<'a> {
    mutation: Mutation,
    prediction: &'a Prediction,
    blamed: BTreeSet<ClauseId>,
    places: usize,
}

impl Work<'_> {
    fn is_meant(&self, node: &Node) -> bool {
        node.expected.demand == self.mutation.clause
    }

    fn change(&mut self, siblings: &mut Vec<Node>) {
        match self.mutation.fault {
            Fault::Dropped => self.drop_from(siblings),
            Fault::Doubled => self.double_in(siblings),
            Fault::Early | Fault::Late => self.swap_in(siblings),
            Fault::Altered => {
                let clause = self.mutation.clause;
                siblings.iter_mut().for_each(|node| self.places += alter::alter(&mut node.expected, clause));
            }
            Fault::Extra => {}
        }
        siblings.iter_mut().for_each(|node| self.change(&mut node.inside));
    }

    /// Lets the clauses be blamed that rule out an event where it now comes.
    fn blame_guards(&mut self, expected: &Expected) {
        self.blame_guards_of(expected.step, &expected.event);
    }

    fn blame_guards_of(&mut self, step: usize, event: &Event) {
        let guards = self.prediction.guards.iter();
        let guards = guards.filter(|guard| guard.step == step && guard.pattern.matches(event));
        self.blamed.extend(guards.map(|guard| guard.clause));
    }

    /// Lets the clause be blamed on an accident that befalls the same step.
    fn blame_accident(&mut self, step: usize) {
        let Some((at, accident)) = self.prediction.accident else { return };
        if self.prediction.events.get(at).is_some_and(|event| event.step == step) {
            self.blamed.insert(accident);
        }
    }

    fn drop_from(&mut self, siblings: &mut Vec<Node>) {
        let before = siblings.len();
        siblings.retain(|node| node.expected.demand != self.mutation.clause);
        self.places += before - siblings.len();
    }

    fn double_in(&mut self, siblings: &mut Vec<Node>) {
        let mut doubled = Vec::with_capacity(siblings.len());
        let mut nodes = siblings.drain(..).peekable();
        while let Some(node) = nodes.next() {
            if self.is_meant(&node) && happens(&node.expected) {
                self.places += 1;
                self.blame_guards(&node.expected);
                self.blamed.extend(nodes.peek().map(|next| next.expected.demand));
                doubled.push(node.clone());
            }
            doubled.push(node);
        }
        drop(nodes);
        *siblings = doubled;
    }

    /// Lets the events of the clause change places with the next one, or with the one before.
    fn swap_in(&mut self, siblings: &mut [Node]) {
        let Mutation { clause, fault } = self.mutation;
        swap(siblings, |expected| expected.demand == clause, fault, &mut |first, second| {
            let other = if fault == Fault::Late { second } else { first };
            self.blamed.insert(other.expected.demand);
            if first.expected.event.on() != second.expected.event.on() {
                // Another order among channels, and perhaps nothing more.
                self.blamed.insert(ORDER);
            }
            self.blame_guards(&second.expected);
            self.blame_accident(other.expected.step);
            self.places += 1;
        });
    }

    /// Inserts what the clause rules out wherever it does.
    fn insert_all(&mut self) -> Trace {
        let prediction = self.prediction;
        let mut steps: Vec<Vec<Event>> = vec![Vec::new(); prediction.steps];
        let clause = self.mutation.clause;
        let anyone = prediction.events.iter().find_map(|expected| expected.event.on()).unwrap_or_else(|| Name::of("d"));
        let mut guards: Vec<&Guard> = prediction.guards.iter().filter(|guard| guard.clause == clause).collect();
        guards.dedup_by_key(|guard| (guard.at, guard.pattern));
        let mut guards = guards.into_iter().peekable();
        for (number, expected) in prediction.events.iter().enumerate() {
            while let Some(guard) = guards.next_if(|guard| guard.at <= number) {
                self.insert(guard, anyone, &mut steps);
            }
            steps[expected.step].push(expected.event.clone());
        }
        guards.for_each(|guard| self.insert(guard, anyone, &mut steps));
        Trace { steps }
    }

    /// Gives what a guard rules out, on `anyone` if that does not matter.
    fn example(&self, guard: &Guard, anyone: Name) -> What {
        let hook = |on, hook: Hook, arg| What::Hook { on, hook, arg, flags: self.flags_before(guard.at, on, hook) };
        let data = |bytes: &str| Some(Arg::Value { value: Value::bytes(bytes) });
        match guard.pattern {
            Pattern::Hook(on, which) => hook(on, which, data("?").filter(|_| which == Hook::CollectIncomingData)),
            Pattern::AnyHook(which) => hook(anyone, which, None),
            Pattern::Empty(on, which) => hook(on, which, data("")),
            Pattern::Socket(on, call) => {
                What::Socket { on, call, arg: None, reply: Reply::Value { value: Value::None } }
            }
            Pattern::Raised => What::Raised { exception: Exception::os(Errno::ENOBUFS) },
            Pattern::AnyWait => What::Wait {
                call: WaitCall::Select,
                timeout: Timeout::Micros { value: 0 },
                asked: Vec::new(),
                told: Told::Ready { ready: Vec::new() },
            },
            Pattern::Printed => What::Printed { to: Stream::Err, text: "?".to_owned() },
        }
    }

    /// Gives the flags that the channel was last seen with.
    fn flags_before(&self, at: usize, channel: Name, hook: Hook) -> Option<Flags> {
        let before = self.prediction.events[..at.min(self.prediction.events.len())].iter().rev();
        let seen = before.filter_map(|expected| match expected.event.what {
            What::Hook { on, flags: Some(flags), .. } if on == channel => Some(flags),
            _ => None,
        });
        let flags = { seen }.next().unwrap_or(Flags::CONNECTED);
        hook.carries_flags().then_some(flags)
    }

    /// Puts an event that a guard rules out at the end of its step, as it is so far.
    fn insert(&mut self, guard: &Guard, anyone: Name, steps: &mut [Vec<Event>]) {
        let Some(step) = steps.get_mut(guard.step) else { return };
        let ended = |event: &Event| event.depth == 0 && matches!(event.what, What::Result { .. } | What::Raised { .. });
        if step.last().is_some_and(ended) {
            return;
        }
        let depth = if guard.pattern == Pattern::Raised { 0 } else { guard.depth };
        let event = Event { depth, what: self.example(guard, anyone) };
        step.push(event.clone());
        let instead = self.prediction.events.get(guard.at).filter(|expected| expected.step == guard.step);
        self.blamed.extend(instead.map(|expected| expected.demand));
        self.blame_guards_of(guard.step, &event);
        self.places += 1;
    }
}

/// Gives the trace that trees stand for.
fn laid(trees: Vec<Vec<Node>>, steps: usize) -> Trace {
    let mut trace = Trace { steps: vec![Vec::new(); steps] };
    fell(trees).into_iter().for_each(|(_, expected)| trace.steps[expected.step].push(expected.event));
    trace
}
