//! The model: a pure function from a scenario and a profile to the trace that a conforming subject gives.
//!
//! Theory of operation. [`predict`] interprets the scenario on plain values: no sockets, no time. Every event it
//! predicts carries the clause that *demands* it; between events it notes which clauses *forbid* which further events
//! there. Both are written where the rule is applied, so that a departure can be blamed without guessing. The model is
//! written for clarity; it shares no code with the reference implementation, not even the terminator scan.

mod act;
mod asynchat;
mod changed;
mod channel;
mod close_all;
mod construct;
mod dispatch;
mod dispatcher;
mod event;
mod fifo;
mod input;
mod machine;
mod map;
mod oracle;
mod order;
mod output;
mod output25;
mod prefix;
mod producer;
mod python;
mod queue;
mod setup;
mod socket;
pub mod tree;
mod wait;

pub use order::Taking;

use crate::change::Change;
use crate::clause_id::ClauseId;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Hook, Scenario};
use crate::trace::{Arg, Event, SocketCall, Trace, What};
use crate::value::Value;
use crate::wait::Conditions;

/// Holds what the model must know of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The release whose behaviour the subject follows.
    pub profile: Profile,
    /// The subject's default `ac_in_buffer_size` in bytes.
    pub ac_in_buffer_size: usize,
    /// The subject's default `ac_out_buffer_size` in bytes.
    pub ac_out_buffer_size: usize,
    /// What the subject does otherwise on purpose.
    pub changes: Vec<Change>,
}

impl Settings {
    /// Gives the settings of CPython itself.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        let size = if profile == Profile::Py311 { 65536 } else { 4096 };
        Self { profile, ac_in_buffer_size: size, ac_out_buffer_size: size, changes: Vec::new() }
    }
}

/// Is one predicted event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The step it belongs to, counted from 0.
    pub step: usize,
    /// The event.
    pub event: Event,
    /// The clause that demands it.
    pub demand: ClauseId,
    /// The clause that would, if what came before had not been an accident.
    pub instead_of: Option<ClauseId>,
    /// The clause that says whether the channel is connected or connecting at that moment.
    pub flags: ClauseId,
    /// The clause that says whether the channel accepts at that moment.
    pub accepting: ClauseId,
    /// The clause that is broken if the event's data go on behind what is expected, or it asks for fewer, where that is
    /// another one.
    pub longer: Option<ClauseId>,
    /// The clause that says what the exception in the event says, where the module itself makes it.
    pub text: Option<ClauseId>,
    /// The clauses that demand the parts of a wait, where the event is one.
    pub wait: Option<Box<WaitWhy>>,
}

/// Says which clauses demand the parts of a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitWhy {
    /// That there is a wait, and by which call.
    pub call: ClauseId,
    /// How long it lasts at most.
    pub timeout: ClauseId,
    /// For each channel that was asked, and each condition: why it is waited for, or is not.
    pub asked: Vec<(Name, Conditions, ClauseId)>,
    /// The channels of which it is not judged whether their exceptional conditions are waited for.
    pub free: Vec<Name>,
}

impl WaitWhy {
    /// Names the clauses of all parts.
    pub fn clauses(&self) -> impl Iterator<Item = ClauseId> + '_ {
        [self.call, self.timeout].into_iter().chain(self.asked.iter().map(|(_, _, clause)| *clause))
    }
}

/// Says that a further event would break a clause at some place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The place: before the event of this number, counted over the whole trace.
    pub at: usize,
    /// The step it belongs to, counted from 0.
    pub step: usize,
    /// The forbidden event.
    pub pattern: Pattern,
    /// The clause that forbids it.
    pub clause: ClauseId,
    /// The clause that would, if what came before had not been an accident.
    pub instead_of: Option<ClauseId>,
    /// How many recorded calls the place lies inside of.
    pub depth: u16,
    /// Whether it stays forbidden at every later place.
    pub lasting: bool,
}

/// Describes events without their arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A call of a hook of this thing.
    Hook(Name, Hook),
    /// A call of this hook, on whatever thing.
    AnyHook(Hook),
    /// A call of this hook of this thing with empty data.
    Empty(Name, Hook),
    /// A call that reaches the socket of this channel.
    Socket(Name, SocketCall),
    /// A step that raises.
    Raised,
    /// A wait.
    AnyWait,
    /// Something that is printed.
    Printed,
}

impl Pattern {
    /// Says whether an event is of this description.
    #[must_use]
    pub fn matches(self, event: &Event) -> bool {
        match (self, &event.what) {
            (Self::Hook(name, wanted), What::Hook { on, hook, .. }) => name == *on && wanted == *hook,
            (Self::AnyHook(wanted), What::Hook { hook, .. }) => wanted == *hook,
            (Self::Empty(name, wanted), What::Hook { on, hook, arg: Some(Arg::Value { value }), .. }) => {
                name == *on && wanted == *hook && *value == Value::bytes("")
            }
            (Self::Socket(name, wanted), What::Socket { on, call, .. }) => name == *on && wanted == *call,
            (Self::Raised, What::Raised { .. })
            | (Self::AnyWait, What::Wait { .. })
            | (Self::Printed, What::Printed { .. }) => true,
            _ => false,
        }
    }
}

/// Holds what the model predicts for a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Prediction {
    /// How many steps the scenario has.
    pub steps: usize,
    /// The events, in order.
    pub events: Vec<Expected>,
    /// What is forbidden where, in order of place.
    pub guards: Vec<Guard>,
    /// The channels that are chats; the clauses on asynchat are about them alone.
    pub chats: Vec<Name>,
    /// Whether a reaction is tied to the number of a collection, so that other pieces set off other reactions.
    pub counts_pieces: bool,
    /// The number of the event before which the spec stops speaking, and why.
    pub unspecified: Option<(usize, &'static str)>,
    /// The number of the event from which on everything follows from an accident, and the clause on that.
    pub accident: Option<(usize, ClauseId)>,
    /// What may come in addition, although a clause rules it out, in order of place.
    pub allowed: Vec<Guard>,
    /// The clauses that were changed somewhere.
    pub changed: Vec<ClauseId>,
    /// The channels that had a descriptor and are in no map at the end: no pass calls anything of them any more.
    pub gone: Vec<Name>,
}

impl Prediction {
    /// Gives the predicted trace.
    #[must_use]
    pub fn trace(&self) -> Trace {
        let mut steps = vec![Vec::new(); self.steps];
        for expected in &self.events {
            steps[expected.step].push(expected.event.clone());
        }
        Trace { steps }
    }

    fn note_change(&mut self, clause: ClauseId) {
        if !self.changed.contains(&clause) {
            self.changed.push(clause);
        }
    }

    /// Gives what may come because the subject does otherwise on purpose.
    pub fn allowed_by_changes(&self) -> impl Iterator<Item = &Guard> {
        self.allowed.iter().filter(|guard| self.changed.contains(&guard.clause))
    }

    /// Names every clause that the scenario exercises: those that demand an event and those that forbid one.
    pub fn exercised(&self) -> impl Iterator<Item = ClauseId> + '_ {
        let demands = self.events.iter().flat_map(|expected| {
            [Some(expected.demand), Some(expected.flags), Some(expected.accepting), expected.longer, expected.text]
                .into_iter()
                .flatten()
        });
        let waits = self.events.iter().filter_map(|expected| expected.wait.as_deref()).flat_map(WaitWhy::clauses);
        demands.chain(waits).chain(self.guards.iter().chain(self.allowed_by_changes()).map(|guard| guard.clause))
    }
}

/// Predicts the trace of a scenario.
#[must_use]
pub fn predict(scenario: &Scenario, settings: &Settings) -> Prediction {
    let mut machine = machine::Machine::new(scenario, settings, None);
    machine.run();
    machine.note_gone();
    machine.put_in_place();
    machine.prediction
}

/// Predicts the trace of a scenario, with the channels in the order in which a trace has them; where the sockets are real,
/// what the kernel chose is taken from the trace, too.
#[must_use]
pub fn predict_in_order(
    scenario: &Scenario,
    settings: &Settings,
    trace: &Trace,
    taking: Taking,
    real: bool,
) -> Prediction {
    let oracle = real.then(|| oracle::Oracle::new(trace));
    let mut machine = machine::Machine::new(scenario, settings, oracle);
    machine.order = Some(order::Order::new(trace, taking));
    machine.run();
    machine.note_gone();
    machine.put_in_place();
    machine.prediction
}

/// Predicts the trace of a scenario on real sockets: what the kernel chose is taken from the trace of the run.
#[must_use]
pub fn predict_following(scenario: &Scenario, settings: &Settings, trace: &Trace) -> Prediction {
    let mut machine = machine::Machine::new(scenario, settings, Some(oracle::Oracle::new(trace)));
    machine.run();
    machine.note_gone();
    machine.put_in_place();
    machine.prediction
}
