//! The record of what happens, and how calls of hooks react.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use asyncore_reference::{Channel, Exception};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Ending, Hook};
use asyncore_spec::trace::{Arg, Event, Flags, What};
use asyncore_spec::value::Value;

use super::convert;
use super::world::World;

/// Is a hook of something.
pub(super) type On = (Name, Hook);

/// A reaction: where, which call, what.
pub(super) struct Reaction {
    pub(super) hook: On,
    pub(super) nth: u32,
    pub(super) actions: Vec<Action>,
    pub(super) ending: Ending,
}

/// Holds the events of a step, how deep in recorded calls it is, and how calls react.
#[derive(Default)]
pub(super) struct Record {
    pub(super) events: RefCell<Vec<Event>>,
    depth: Cell<u16>,
    pub(super) reactions: RefCell<Vec<Reaction>>,
    calls: RefCell<Vec<(On, u32)>>,
}

impl Record {
    /// Takes the reaction to this call, if there is one; a call happens once.
    fn reaction(&self, hook: On) -> Option<(Vec<Action>, Ending)> {
        if self.reactions.borrow().is_empty() {
            return None;
        }
        let nth = self.count(hook);
        let mut reactions = self.reactions.borrow_mut();
        let found = reactions.iter_mut().find(|reaction| reaction.hook == hook && reaction.nth == nth)?;
        Some((std::mem::take(&mut found.actions), std::mem::take(&mut found.ending)))
    }

    fn count(&self, hook: On) -> u32 {
        let mut calls = self.calls.borrow_mut();
        match calls.iter_mut().find(|(other, _)| *other == hook) {
            Some((_, nth)) => {
                *nth += 1;
                *nth
            }
            None => {
                calls.push((hook, 1));
                1
            }
        }
    }
}

impl World {
    /// Runs one step and gives its events.
    pub(super) fn step(self: &Rc<Self>, action: &Action) -> Vec<Event> {
        if let Err(raised) = self.act(action) {
            self.record(What::Raised { exception: convert::exception(&raised) });
        }
        self.record.events.take()
    }

    /// Records an event at the present depth.
    pub(super) fn record(&self, what: What) {
        self.record.events.borrow_mut().push(Event { depth: self.record.depth.get(), what });
    }

    /// Records what an action gave back.
    pub(super) fn result(&self, value: Value) {
        self.record(What::Result { value });
    }

    /// Records the call of a hook, lets it react, and then does what the class does.
    pub(super) fn hook<T>(
        self: &Rc<Self>,
        hook: On,
        arg: Option<Arg>,
        flags: Option<Flags>,
        body: impl FnOnce() -> Result<T, Exception>,
        skipped: impl FnOnce() -> T,
    ) -> Result<T, Exception> {
        self.record(What::Hook { on: hook.0, hook: hook.1, arg, flags });
        let depth = self.record.depth.get();
        self.record.depth.set(depth + 1);
        let result = self.react(hook).and_then(|goes_on| if goes_on { body() } else { Ok(skipped()) });
        self.record.depth.set(depth);
        result
    }

    /// Does what the scenario says that this call does; says whether the class's own method follows.
    fn react(self: &Rc<Self>, hook: On) -> Result<bool, Exception> {
        let Some((actions, ending)) = self.record.reaction(hook) else { return Ok(true) };
        actions.iter().try_for_each(|action| self.act(action))?;
        match ending {
            Ending::Normal => Ok(true),
            Ending::Return => Ok(false),
            Ending::Raise { exception } => Err(convert::raised(&exception)),
        }
    }
}

/// Is what every recording channel knows: who it is, and where it records.
pub(super) struct Tag {
    pub(super) world: Rc<World>,
    pub(super) name: Name,
}

impl Tag {
    /// Records the call of a hook of a channel; see [`World::hook`].
    pub(super) fn hook<T>(
        &self,
        channel: &impl Channel,
        hook: Hook,
        arg: Option<Arg>,
        body: impl FnOnce() -> Result<T, Exception>,
        skipped: impl FnOnce() -> T,
    ) -> Result<T, Exception> {
        let core = channel.core();
        let (connected, accepting, connecting) = (core.connected(), core.accepting(), core.connecting());
        let flags = hook.carries_flags().then_some(Flags { connected, accepting, connecting });
        self.world.hook((self.name, hook), arg, flags, body, skipped)
    }
}

/// Makes the argument of a hook that is given data.
pub(super) fn bytes(data: &[u8]) -> Option<Arg> {
    Some(Arg::Value { value: Value::bytes(data) })
}

/// Makes the argument of a hook that is given a size.
pub(super) fn size(max: usize) -> Option<Arg> {
    Some(Arg::Value { value: convert::whole(max) })
}

/// Makes the argument of `handle_error`.
pub(super) fn error(exception: &Exception) -> Option<Arg> {
    Some(Arg::Exception { exception: convert::exception(exception) })
}

/// Makes the argument of `log_info`: the type and, for a warning, the message.
pub(super) fn message(message: &str, kind: &str) -> Option<Arg> {
    match kind {
        "warning" => bytes(format!("warning: {message}").as_bytes()),
        _ => bytes(kind.as_bytes()),
    }
}
