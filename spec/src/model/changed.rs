//! Changes of the model: where a subject does otherwise on purpose, what follows from that is predicted, too.
//!
//! An event that is dropped is not there, nor is what it sets off; one that is doubled sets it off twice. What comes early
//! or late changes places with its neighbour when all is predicted. What may come in addition is noted for the judge.

use super::machine::{Call, Machine, Outcome};
use super::tree::{Node, fell, grow, swap};
use super::{Expected, Guard, Pattern, Prediction};
use crate::change::{Change, Fault, Other, Sort};
use crate::clause_id::ClauseId;
use crate::name::Name;
use crate::scenario::{Hook, Setup};
use crate::trace::{Arg, What};
use crate::value::Value;

impl<'a> Machine<'a> {
    fn change(&self, clause: ClauseId, fault: Fault, is_about: impl Fn(&Change) -> bool) -> Option<&'a Change> {
        let changes: &'a [Change] = &self.settings.changes;
        let so = |change: &&Change| change.clause == clause && change.fault == fault && is_about(change);
        changes.iter().find(so).filter(|_| self.recording)
    }

    /// Says whether an event of a clause is changed so, and notes it.
    fn is_changed(&mut self, clause: ClauseId, fault: Fault, is_about: impl Fn(&Change) -> bool) -> bool {
        let changed = self.change(clause, fault, is_about).is_some();
        if changed {
            self.prediction.note_change(clause);
        }
        changed
    }

    /// Calls a hook as often as the changes have it.
    pub(super) fn hook_as_changed<T>(
        &mut self,
        call: &Call,
        body: impl Fn(&mut Self) -> Outcome<T>,
        skipped: T,
    ) -> Outcome<T> {
        if self.is_dropped(call) {
            self.forbid(Pattern::Hook(call.on, call.hook), call.demand);
            return Ok(skipped);
        }
        if self.is_call_changed(call, Fault::Doubled) {
            self.call_hook(call.clone(), &body)?;
        }
        Ok(self.call_hook(call.clone(), &body)?.unwrap_or(skipped))
    }

    /// Says whether a call is not made.
    pub(super) fn is_dropped(&mut self, call: &Call) -> bool {
        self.is_call_changed(call, Fault::Dropped)
    }

    fn is_call_changed(&mut self, call: &Call, fault: Fault) -> bool {
        let hook = Sort::Hook(call.hook);
        self.is_changed(call.demand, fault, |change| change.event.is_none_or(|sort| sort == hook))
    }

    /// Gives an event as often, and with what in it, as the changes have it.
    pub(super) fn as_changed(&mut self, what: What, demand: ClauseId) -> Vec<What> {
        let calls = matches!(what, What::Hook { .. });
        if !calls && self.is_changed(demand, Fault::Dropped, |change| change.is_about(&what)) {
            self.forbid_like(&what, demand);
            return Vec::new();
        }
        let altered = self.change(demand, Fault::Altered, |change| change.is_about(&what));
        let what = match altered.and_then(|change| change.to.as_ref()) {
            Some(to) => self.altered(&what, to, demand),
            None => what,
        };
        let occurs = matches!(what, What::Socket { .. } | What::Printed { .. });
        let doubled = occurs && self.is_changed(demand, Fault::Doubled, |change| change.is_about(&what));
        vec![what; 1 + usize::from(doubled)]
    }

    fn altered(&mut self, what: &What, to: &Other, demand: ClauseId) -> What {
        let other = altered(what, to);
        if other != *what {
            self.prediction.note_change(demand);
        }
        other
    }

    fn forbid_like(&mut self, what: &What, clause: ClauseId) {
        let pattern = match what {
            What::Socket { on, call, .. } => Pattern::Socket(*on, *call),
            What::Raised { .. } => Pattern::Raised,
            What::Wait { .. } => Pattern::AnyWait,
            What::Printed { .. } => Pattern::Printed,
            What::Hook { .. } | What::Result { .. } | What::Seen { .. } => return,
        };
        self.forbid(pattern, clause);
    }

    /// Notes what may come although a clause rules it out; says whether that is so.
    pub(super) fn allow(&mut self, guard: Guard) -> bool {
        if !self.is_changed(guard.clause, Fault::Extra, |change| {
            change.event.is_none_or(|sort| may_be(guard.pattern, sort))
        }) {
            return false;
        }
        if let Pattern::Hook(on, hook) | Pattern::Empty(on, hook) = guard.pattern
            && self.reacts(on, hook)
        {
            self.unspecified("a call that may come or not would use up a reaction");
        }
        self.prediction.allowed.push(guard);
        true
    }

    fn reacts(&self, thing: Name, which: Hook) -> bool {
        let of_it = |setup: &Setup| matches!(setup, Setup::Reaction { on, hook, .. } if (*on, *hook) == (thing, which));
        self.scenario.setup.iter().any(of_it)
    }

    /// Puts what comes early or late in its place.
    pub(super) fn put_in_place(&mut self) {
        let moving = |change: &&Change| matches!(change.fault, Fault::Early | Fault::Late);
        for change in self.settings.changes.iter().filter(moving) {
            put_in_place(&mut self.prediction, change);
        }
    }
}

/// Says whether what a guard rules out may be of a sort.
fn may_be(pattern: Pattern, sort: Sort) -> bool {
    match pattern {
        Pattern::Hook(_, hook) | Pattern::AnyHook(hook) | Pattern::Empty(_, hook) => sort == Sort::Hook(hook),
        Pattern::Socket(_, call) => sort == Sort::Socket(call),
        Pattern::Raised => sort == Sort::Raised,
        Pattern::AnyWait => sort == Sort::Waits,
        Pattern::Printed => sort == Sort::Prints,
    }
}

fn altered(what: &What, to: &Other) -> What {
    match (what.clone(), to) {
        (What::Hook { on, hook, arg: Some(Arg::Value { .. }), flags }, Other::Value(value)) => {
            What::Hook { on, hook, arg: Some(Arg::Value { value: value.clone() }), flags }
        }
        (What::Hook { on, hook, arg: Some(Arg::Exception { .. }), flags }, Other::Exception(exception)) => {
            What::Hook { on, hook, arg: Some(Arg::Exception { exception: exception.clone() }), flags }
        }
        (What::Socket { on, call, arg: Some(_), reply }, Other::Value(value)) => {
            What::Socket { on, call, arg: Some(value.clone()), reply }
        }
        (What::Result { .. } | What::Raised { .. }, Other::Value(value)) => What::Result { value: value.clone() },
        (What::Result { .. } | What::Raised { .. }, Other::Exception(exception)) => {
            What::Raised { exception: exception.clone() }
        }
        (What::Printed { to: stream, .. }, Other::Value(Value::Text { value })) => {
            What::Printed { to: stream, text: value.clone() }
        }
        (What::Printed { to: stream, .. }, Other::Value(Value::Bytes { hex })) => {
            What::Printed { to: stream, text: String::from_utf8_lossy(hex).into_owned() }
        }
        (what, _) => what,
    }
}

fn put_in_place(prediction: &mut Prediction, change: &Change) {
    let mut trees = grow(prediction);
    let mut moved = false;
    trees.iter_mut().for_each(|step| put_siblings(step, change, &mut moved));
    if !moved {
        return;
    }
    prediction.note_change(change.clause);
    let (numbers, events): (Vec<_>, Vec<_>) = fell(trees).into_iter().unzip();
    let mut place = vec![events.len(); events.len() + 1];
    numbers.into_iter().enumerate().for_each(|(at, number)| place[number] = at);
    prediction.guards.iter_mut().for_each(|guard| guard.at = place[guard.at]);
    prediction.guards.sort_by_key(|guard| guard.at);
    prediction.events = events;
}

fn put_siblings(siblings: &mut [Node], change: &Change, moved: &mut bool) {
    let is_meant = |expected: &Expected| expected.demand == change.clause && change.is_about(&expected.event.what);
    swap(siblings, is_meant, change.fault, &mut |_, _| *moved = true);
    siblings.iter_mut().for_each(|node| put_siblings(&mut node.inside, change, moved));
}
