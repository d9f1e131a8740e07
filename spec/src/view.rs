//! Views: how much of a trace a clause speaks of, and how much of it a subject can observe.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

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

/// Is what a subject can observe: kinds of event, less the calls of methods that it does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub struct Observed {
    kinds: BTreeSet<Kind>,
    missing: BTreeSet<Hook>,
}

/// Is how it is written: the kinds alone, where no method is missing.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Kinds(BTreeSet<Kind>),
    Less { kinds: BTreeSet<Kind>, missing: BTreeSet<Hook> },
}

impl From<Form> for Observed {
    fn from(form: Form) -> Self {
        match form {
            Form::Kinds(kinds) => Self { kinds, missing: BTreeSet::new() },
            Form::Less { kinds, missing } => Self { kinds, missing },
        }
    }
}

impl From<Observed> for Form {
    fn from(Observed { kinds, missing }: Observed) -> Self {
        if missing.is_empty() { Self::Kinds(kinds) } else { Self::Less { kinds, missing } }
    }
}

impl FromIterator<Kind> for Observed {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self { kinds: kinds.into_iter().collect(), missing: BTreeSet::new() }
    }
}

impl<const N: usize> From<[Kind; N]> for Observed {
    fn from(kinds: [Kind; N]) -> Self {
        kinds.into_iter().collect()
    }
}

impl Observed {
    /// Takes from it the calls of methods that the subject does not have.
    #[must_use]
    pub fn without(self, missing: impl IntoIterator<Item = Hook>) -> Self {
        Self { missing: missing.into_iter().collect(), ..self }
    }

    /// Adds a kind of event.
    #[must_use]
    pub fn with(mut self, kind: Kind) -> Self {
        self.kinds.insert(kind);
        self
    }

    /// Takes a kind of event from it.
    pub fn remove(&mut self, kind: &Kind) {
        self.kinds.remove(kind);
    }

    /// Says whether events of a kind are observed.
    #[must_use]
    pub fn contains(&self, kind: &Kind) -> bool {
        self.kinds.contains(kind)
    }

    /// Says whether calls of a method are observed.
    #[must_use]
    pub fn sees_calls_of(&self, hook: Hook) -> bool {
        self.contains(&hook.kind()) && !self.missing.contains(&hook)
    }

    /// Says whether an event is observed.
    #[must_use]
    pub fn sees(&self, event: &Event) -> bool {
        match event.what {
            What::Hook { hook, .. } => self.sees_calls_of(hook),
            _ => self.contains(&event.kind()),
        }
    }

    /// Gives the kinds of event.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// Gives the methods that the subject does not have.
    pub fn missing(&self) -> impl Iterator<Item = Hook> {
        self.missing.iter().copied()
    }
}

/// Gives a trace as a subject that observes only some of it would have recorded it.
#[must_use]
pub fn observe(trace: &Trace, observed: &Observed) -> Trace {
    let steps = trace.steps.iter().map(|events| {
        let mut events = keep(events, |event| observed.sees(event));
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
