//! Views: how much of a trace a clause speaks of, and how much of it a subject can observe.

use std::collections::BTreeSet;
use std::fmt;

use crate::exception::Exception;
use crate::scenario::{Hook, Kind};
use crate::trace::{Arg, Event, SocketCall, Trace, What};
use crate::value::Value;

/// Is how much of a trace a clause speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum View {
    /// What reached the socket: sends and closes.
    Wire,
    /// What was collected between terminators within a step, joined; terminators; results.
    Stream,
    /// Every callback, and results.
    Callbacks,
    /// Everything.
    Exact,
}

impl View {
    /// Every view, coarsest first.
    pub const ALL: &'static [Self] = &[Self::Wire, Self::Stream, Self::Callbacks, Self::Exact];

    /// Gives the view's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Stream => "stream",
            Self::Callbacks => "callbacks",
            Self::Exact => "exact",
        }
    }

    /// Finds a view by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|view| view.name() == name)
    }

    /// Says whether an event is in the view.
    #[must_use]
    pub fn shows(self, event: &Event) -> bool {
        match self {
            Self::Wire => matches!(event.what, What::Socket { call: SocketCall::Send | SocketCall::Close, .. }),
            Self::Stream => match event.what {
                What::Hook { hook, .. } => matches!(hook, Hook::CollectIncomingData | Hook::FoundTerminator),
                What::Result { .. } | What::Raised { .. } => true,
                What::Socket { .. } | What::Wait { .. } | What::Printed { .. } | What::Seen { .. } => false,
            },
            Self::Callbacks => matches!(event.kind(), Kind::Callbacks | Kind::Results),
            Self::Exact => true,
        }
    }

    /// Gives the events of a trace that are in the view, in order.
    #[must_use]
    pub fn project(self, trace: &Trace) -> Vec<Event> {
        let steps = trace.steps.iter().flat_map(|events| {
            let mut events = keep(events, |event| self.shows(event));
            if self == Self::Stream {
                join(&mut events);
            }
            events
        });
        steps.collect()
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Keeps some events; their depth counts only the calls that are kept too.
pub fn keep(events: &[Event], wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
    keep_numbered(events, wanted).into_iter().map(|(_, event)| event).collect()
}

/// Keeps some events, each with its number among all.
pub fn keep_numbered<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    wanted: impl Fn(&Event) -> bool,
) -> Vec<(usize, Event)> {
    let mut stack: Vec<(u16, bool)> = Vec::new();
    let mut kept = Vec::new();
    for (number, event) in events.into_iter().enumerate() {
        while stack.last().is_some_and(|(depth, _)| *depth >= event.depth) {
            stack.pop();
        }
        let want = wanted(event);
        if want {
            let depth = stack.iter().filter(|(_, kept)| *kept).count();
            let depth = u16::try_from(depth).unwrap_or(u16::MAX);
            kept.push((number, Event { depth, what: event.what.clone() }));
        }
        if matches!(event.what, What::Hook { .. }) {
            stack.push((event.depth, want));
        }
    }
    kept
}

/// Joins collections of one channel that follow each other.
pub fn join(events: &mut Vec<Event>) {
    events.dedup_by(|next, event| absorb(event, next));
}

/// Takes the data of the next event into this one, if both are collections of one channel.
pub fn absorb(event: &mut Event, next: &Event) -> bool {
    let all = match (collected(event), collected(next)) {
        (Some(data), Some(more)) if event.depth == next.depth && event.on() == next.on() => [data, more].concat(),
        _ => return false,
    };
    if let What::Hook { arg, .. } = &mut event.what {
        *arg = Some(Arg::Value { value: Value::bytes(all) });
    }
    true
}

/// Gives the data of a call of `collect_incoming_data`.
#[must_use]
pub fn collected(event: &Event) -> Option<&[u8]> {
    match &event.what {
        What::Hook {
            hook: Hook::CollectIncomingData, arg: Some(Arg::Value { value: Value::Bytes { hex } }), ..
        } => Some(hex),
        _ => None,
    }
}

/// Is the set of kinds of event that a subject can observe.
pub type Observed = BTreeSet<Kind>;

/// Gives a trace as a subject that observes only some kinds would have recorded it.
#[must_use]
pub fn observe(trace: &Trace, observed: &Observed) -> Trace {
    let steps = trace.steps.iter().map(|events| {
        let mut events = keep(events, |event| observed.contains(&event.kind()));
        events.iter_mut().for_each(|event| forget(event, observed));
        events
    });
    Trace { steps: steps.collect() }
}

/// Takes from an event what a subject cannot observe of it.
pub fn forget(event: &mut Event, observed: &Observed) {
    match &mut event.what {
        What::Hook { arg, flags, .. } => {
            if !observed.contains(&Kind::Flags) {
                *flags = None;
            }
            if let Some(Arg::Exception { exception }) = arg {
                forget_details(exception, observed);
            }
        }
        What::Raised { exception } => forget_details(exception, observed),
        _ => {}
    }
}

fn forget_details(exception: &mut Exception, observed: &Observed) {
    match exception {
        Exception::Other { class } if !observed.contains(&Kind::Classes) => *class = None,
        Exception::Os { text, .. } if !observed.contains(&Kind::Texts) => *text = None,
        _ => {}
    }
}
