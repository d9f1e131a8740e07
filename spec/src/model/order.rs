//! In which order channels are taken, where that follows a trace.
//!
//! Which of several channels is asked, served, closed or named first is of no concern to whoever has channels that are
//! independent of each other, and not every map keeps an order. What happens on each channel then is, so the model can
//! take the order from a trace and predict all the rest.

use super::machine::Machine;
use crate::name::Name;
use crate::scenario::{DispatchBy, Hook};
use crate::trace::{Event, SocketCall, Trace, What};
use crate::value::Value;

/// Says where the order of a pass is read off, and how it goes through what is ready under select.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taking {
    /// Whether the channels were asked as the wait has them; else as `readable` and `writable` were called, which is not
    /// seen of every channel.
    pub as_waited_for: bool,
    /// Whether channel by channel is served, as under poll; else all that can be read first, then all that can be written,
    /// as the release does.
    pub by_channel: bool,
}

impl Taking {
    /// Every way, the nearest to the release first.
    pub const ALL: [Self; 4] = [
        Self { as_waited_for: false, by_channel: false },
        Self { as_waited_for: true, by_channel: false },
        Self { as_waited_for: false, by_channel: true },
        Self { as_waited_for: true, by_channel: true },
    ];
}

/// Reads the order of channels from a trace, step by step and pass by pass.
pub(super) struct Order<'a> {
    trace: &'a Trace,
    taking: Taking,
    step: usize,
    passes: usize,
}

impl<'a> Order<'a> {
    pub(super) fn new(trace: &'a Trace, taking: Taking) -> Self {
        Self { trace, taking, step: 0, passes: 0 }
    }

    /// Goes on to a step.
    pub(super) fn begin(&mut self, step: usize) {
        (self.step, self.passes) = (step, 0);
    }

    fn events(&self) -> &'a [Event] {
        self.trace.steps.get(self.step).map_or(&[], Vec::as_slice)
    }

    /// Gives the channels that the wait of this number was asked for.
    fn waited_for(&self, number: usize) -> Vec<Name> {
        let waits = self.events().iter().filter_map(|event| match &event.what {
            What::Wait { asked, .. } => Some(asked),
            _ => None,
        });
        { waits }.nth(number).map_or_else(Vec::new, |asked| asked.iter().map(|ready| ready.name).collect())
    }

    /// Gives the events between two waits of the step; all of them where there are no waits to be seen.
    fn between_waits(&self, number: usize) -> &'a [Event] {
        let events = self.events();
        let is_wait = |event: &Event| matches!(event.what, What::Wait { .. });
        if !events.iter().any(is_wait) {
            return events;
        }
        events.split(is_wait).nth(number).unwrap_or_default()
    }
}

/// Sorts what has a place; what has none stays where it is.
fn sorted<T: Clone>(items: Vec<T>, place: impl Fn(&T) -> Option<usize>) -> Vec<T> {
    let mut placed: Vec<(usize, T)> = items.iter().filter_map(|item| Some((place(item)?, item.clone()))).collect();
    placed.sort_by_key(|(place, _)| *place);
    let mut placed = placed.into_iter().map(|(_, item)| item);
    let fill = |item: T| if place(&item).is_some() { placed.next().unwrap_or(item) } else { item };
    items.into_iter().map(fill).collect()
}

/// Sorts by where something first stands among events; what was never served had left the map when its turn came.
fn served<T>(mut items: Vec<T>, events: &[Event], is_of: impl Fn(&T, &Event) -> bool) -> Vec<T> {
    items.sort_by_cached_key(|item| events.iter().position(|event| is_of(item, event)).unwrap_or(usize::MAX));
    items
}

/// Sorts what can be seen by where it first stands among events.
fn sorted_by<T: Clone>(items: Vec<T>, events: &[Event], is_of: impl Fn(&T, &Event) -> bool) -> Vec<T> {
    sorted(items, |item| events.iter().position(|event| is_of(item, event)))
}

impl Machine<'_> {
    /// Puts the channels of a pass that begins in the order in which they were asked.
    pub(super) fn in_order_asked(&mut self, entries: Vec<(u32, Name)>) -> Vec<(u32, Name)> {
        let Some(order) = &mut self.order else { return entries };
        let number = order.passes;
        order.passes += 1;
        if order.taking.as_waited_for {
            let names = order.waited_for(number);
            return sorted(entries, |(_, name)| names.iter().position(|other| other == name));
        }
        sorted_by(entries, order.between_waits(number), |(_, name), event| match event.what {
            What::Hook { on, hook: Hook::Readable | Hook::Writable, .. } => on == *name,
            _ => false,
        })
    }

    /// Puts channels that are ready in the order in which they were served.
    pub(super) fn in_order_served<T>(&self, ready: Vec<T>, name: impl Fn(&T) -> Name) -> Vec<T> {
        let Some(order) = &self.order else { return ready };
        let depth = self.depth();
        served(ready, order.between_waits(order.passes), |item, event| {
            event.depth == depth && event.on() == Some(name(item)) && !is_asking(event)
        })
    }

    /// Puts the events of channels that are ready in the order in which they were dispatched.
    pub(super) fn in_order_dispatched<T>(
        &self,
        tasks: Vec<(DispatchBy, T)>,
        name: impl Fn(&T) -> Name,
    ) -> Vec<(DispatchBy, T)> {
        let Some(order) = &self.order else { return tasks };
        if order.taking.by_channel {
            return self.in_order_served(tasks, |(_, item)| name(item));
        }
        let depth = self.depth();
        let mut ordered = Vec::with_capacity(tasks.len());
        let mut rest = tasks;
        while let Some((by, _)) = rest.first() {
            let by = *by;
            let (phase, later) = rest.into_iter().partition(|(other, _)| *other == by);
            rest = later;
            ordered.extend(served(phase, order.between_waits(order.passes), |(_, item), event| {
                event.depth == depth && event.on() == Some(name(item)) && is_of_phase(event, by)
            }));
        }
        ordered
    }

    /// Puts the channels of a map in the order in which they were closed.
    pub(super) fn in_order_closed(&self, members: Vec<Name>) -> Vec<Name> {
        let Some(order) = &self.order else { return members };
        served(members, order.events(), |name, event| match event.what {
            What::Hook { on, hook: Hook::Close, .. } | What::Socket { on, call: SocketCall::Close, .. } => on == *name,
            _ => false,
        })
    }

    /// Puts names in the order in which they were given, if they are the same.
    pub(super) fn in_order_given(&self, names: Vec<Value>) -> Vec<Value> {
        let Some(order) = &self.order else { return names };
        let lists = order.events().iter().filter_map(|event| match &event.what {
            What::Result { value: Value::List { items } } => Some(items),
            _ => None,
        });
        let times = |of: &[Value], name: &Value| of.iter().filter(|other| *other == name).count();
        let is_same = |given: &&Vec<Value>| {
            given.len() == names.len() && names.iter().all(|name| times(given, name) == times(&names, name))
        };
        { lists }.find(is_same).cloned().unwrap_or(names)
    }
}

fn is_asking(event: &Event) -> bool {
    matches!(event.what, What::Hook { hook: Hook::Readable | Hook::Writable, .. })
}

/// Says whether an event is what serving one condition sets off.
fn is_of_phase(event: &Event, by: DispatchBy) -> bool {
    let reads = matches!(
        event.what,
        What::Hook {
            hook: Hook::HandleReadEvent
                | Hook::HandleRead
                | Hook::HandleAccept
                | Hook::Recv
                | Hook::CollectIncomingData
                | Hook::FoundTerminator,
            ..
        } | What::Socket { call: SocketCall::Recv | SocketCall::Accept, .. }
    );
    let writes = matches!(
        event.what,
        What::Hook { hook: Hook::HandleWriteEvent | Hook::HandleWrite | Hook::InitiateSend | Hook::Send, .. }
            | What::Socket { call: SocketCall::Send, .. }
    );
    match by {
        DispatchBy::Read => reads,
        DispatchBy::Write => writes,
        DispatchBy::Exception => !reads && !writes && !is_asking(event),
    }
}
