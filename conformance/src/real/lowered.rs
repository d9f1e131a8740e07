//! Lowered scenarios: what is expected of them, and how that compares with what was seen from outside.
//!
//! Two things are compared, channel by channel: the *stream*, which is what was collected between terminators, and the
//! *wire*, which is what the peer read, up to the end. Where they first differ, the clause is blamed that demands the
//! event that should have been there.

use std::collections::BTreeMap;

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::model::Expected;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Hook, Kind, Setup};
use asyncore_spec::trace::{Arg, Event, SocketCall, Trace, What};
use asyncore_spec::value::{Bytes, Value};
use asyncore_spec::view::{Observed, collected};
use serde::{Deserialize, Serialize};

use super::lower::Lowered;
use crate::judge::{Departure, How, Judgement};

/// Is what was seen of a lowered scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// What the subject observed and what its peers read, for each step that was done.
    pub steps: Vec<Vec<Event>>,
    /// What was told or read after the last step only.
    pub rest: Vec<Event>,
    /// What the subject printed.
    pub printed: String,
}

impl Sighting {
    fn events(&self) -> impl Iterator<Item = &Event> {
        self.steps.iter().flatten().chain(&self.rest)
    }
}

/// Is what is compared of a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lane {
    Stream,
    Wire,
}

impl Lane {
    /// Names the clause that is broken by what is too much.
    fn general(self) -> ClauseId {
        ClauseId::new(match self {
            Self::Stream => "INPUT-1",
            Self::Wire => "OUTPUT-1",
        })
    }
}

/// Is one element of a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Element {
    /// A byte that was collected, or that the peer read.
    Byte(u8),
    /// A terminator, or the end of the connection.
    Mark,
}

/// Gives what an event adds to a lane of its channel, whether it is one of the prediction or one that was seen.
fn elements(event: &Event, lane: Lane) -> Vec<Element> {
    let bytes = |bytes: &[u8]| bytes.iter().copied().map(Element::Byte).collect();
    match (lane, &event.what) {
        (Lane::Stream, What::Hook { hook: Hook::FoundTerminator, .. })
        | (Lane::Wire, What::Socket { call: SocketCall::Close, .. }) => vec![Element::Mark],
        (Lane::Stream, _) => bytes(collected(event).unwrap_or_default()),
        (Lane::Wire, What::Socket { call: SocketCall::Send, arg: Some(Value::Bytes { hex }), .. }) => bytes(hex),
        (Lane::Wire, What::Seen { hex, ended, .. }) => {
            let mut all: Vec<Element> = bytes(hex);
            all.extend(ended.then_some(Element::Mark));
            all
        }
        (Lane::Wire, _) => Vec::new(),
    }
}

/// Makes one event of the elements that something begins with: bytes, or one mark.
fn event_of(all: &[Element], on: Name, lane: Lane) -> Option<Event> {
    let byte = |element: &Element| match element {
        Element::Byte(byte) => Some(*byte),
        Element::Mark => None,
    };
    let data: Vec<u8> = all.iter().map_while(byte).collect();
    let ended = data.is_empty();
    let hook = |hook, arg| What::Hook { on, hook, arg, flags: None };
    let what = match (lane, ended) {
        _ if all.is_empty() => return None,
        (Lane::Wire, _) => What::Seen { on, hex: Bytes::of(data), ended },
        (Lane::Stream, true) => hook(Hook::FoundTerminator, None),
        (Lane::Stream, false) => hook(Hook::CollectIncomingData, Some(Arg::Value { value: Value::bytes(data) })),
    };
    Some(Event { depth: 0, what })
}

impl Lowered {
    /// Names the channels.
    pub fn channels(&self) -> Vec<Name> {
        let chats = self.plain.setup.iter().filter_map(|line| match line {
            Setup::Chat { name, .. } => Some(*name),
            _ => None,
        });
        chats.collect()
    }

    /// Gives what is expected of the first so many steps of the lowered scenario.
    fn expected(&self, steps: usize) -> impl Iterator<Item = &Expected> {
        let until = steps.checked_sub(1).map_or(0, |last| self.upto[last.min(self.upto.len() - 1)]);
        self.prediction.events.iter().filter(move |expected| expected.step < until && !self.ends_again(expected))
    }

    /// Says whether a connection is closed that has been closed before, which its peer cannot see.
    fn ends_again(&self, expected: &Expected) -> bool {
        let closes = |event: &Event| matches!(event.what, What::Socket { call: SocketCall::Close, .. });
        let on = expected.event.on();
        let mut closed = self.prediction.events.iter().filter(|other| closes(&other.event) && other.event.on() == on);
        closes(&expected.event) && closed.next().is_some_and(|first| !std::ptr::eq(first, expected))
    }

    /// Gives what is expected of a lane.
    fn wanted(&self, steps: usize, on: Name, lane: Lane) -> Vec<Element> {
        let events = self.expected(steps).map(|expected| &expected.event).filter(|event| event.on() == Some(on));
        events.flat_map(|event| elements(event, lane)).collect()
    }

    /// Says how many elements a channel's stream has after so many steps, if all is well.
    pub fn stream_length(&self, steps: usize, on: Name) -> usize {
        self.wanted(steps, on, Lane::Stream).len()
    }

    /// Says how many bytes the peer has seen after so many steps, if all is well.
    pub fn wire_length(&self, steps: usize, on: Name) -> usize {
        self.wanted(steps, on, Lane::Wire).iter().filter(|element| **element != Element::Mark).count()
    }

    /// Says whether a channel has closed its connection after so many steps, if all is well.
    pub fn closes(&self, steps: usize, on: Name) -> bool {
        self.wanted(steps, on, Lane::Wire).contains(&Element::Mark)
    }

    /// Says whether the same comes out of another way to lower a scenario.
    pub(super) fn gives_the_same(&self, other: &Self) -> bool {
        let lanes = |on: Name| [(on, Lane::Stream), (on, Lane::Wire)];
        let all = |lowered: &Self, (on, lane)| lowered.wanted(lowered.upto.len(), on, lane);
        self.channels().into_iter().flat_map(lanes).all(|lane| all(self, lane) == all(other, lane))
    }

    /// Finds the step of the lowered scenario that a step of the plain one belongs to.
    fn step_of(&self, plain: usize) -> usize {
        self.upto.iter().position(|until| plain < *until).unwrap_or_else(|| self.upto.len().saturating_sub(1))
    }

    /// Judges what was seen. The steps that were not done any more are no matter.
    #[must_use]
    pub fn judge(&self, sighting: &Sighting, observed: &Observed) -> Judgement {
        let mut judgement = Judgement::default();
        for on in self.channels() {
            if observed.contains(&Kind::Callbacks) {
                self.compare(sighting, on, Lane::Stream, &mut judgement);
            }
            self.compare(sighting, on, Lane::Wire, &mut judgement);
        }
        judgement.departures.truncate(1);
        judgement
    }

    /// Compares a lane with what is expected of it, event by event.
    fn compare(&self, sighting: &Sighting, on: Name, lane: Lane, judgement: &mut Judgement) {
        // What is sent is what the peer saw of it, whatever the subject says besides.
        let told = |event: &&Event| !matches!(event.what, What::Socket { .. });
        let events = sighting.events().filter(|event| event.on() == Some(on)).filter(told);
        let actual: Vec<Element> = events.flat_map(|event| elements(event, lane)).collect();
        let mut there = actual.as_slice();
        for expected in self.expected(sighting.steps.len()).filter(|expected| expected.event.on() == Some(on)) {
            let wanted = elements(&expected.event, lane);
            if wanted.is_empty() {
                continue;
            }
            let Some(after) = there.strip_prefix(wanted.as_slice()) else {
                judgement.departures.push(self.departure(expected, &wanted, there, lane));
                return;
            };
            judgement.held.push(expected.demand);
            there = after;
        }
        if let Some(extra) = event_of(there, on, lane) {
            let step = sighting.steps.len().saturating_sub(1);
            let (clause, how) = (lane.general(), How::Extra);
            judgement.departures.push(Departure {
                clause,
                instead_of: None,
                how,
                step,
                expected: None,
                actual: Some(extra),
            });
        }
    }

    /// Tells where a lane departs: `wanted` is what is expected, and it goes on with something else.
    fn departure(&self, expected: &Expected, wanted: &[Element], there: &[Element], lane: Lane) -> Departure {
        let Some(on) = expected.event.on() else { unreachable!("what has no channel has no lane") };
        let step = self.step_of(expected.step);
        let event = event_of(wanted, on, lane);
        if wanted.starts_with(there) {
            let clause = expected.demand;
            return Departure {
                clause,
                instead_of: None,
                how: How::Missing,
                step,
                expected: event,
                actual: event_of(there, on, lane),
            };
        }
        if lane == Lane::Wire && wanted == [Element::Mark] {
            let (clause, how) = (lane.general(), How::Extra);
            return Departure {
                clause,
                instead_of: None,
                how,
                step,
                expected: event,
                actual: event_of(there, on, lane),
            };
        }
        let actual = event_of(&there[..wanted.len().min(there.len())], on, lane);
        Departure { clause: expected.demand, instead_of: None, how: How::Altered, step, expected: event, actual }
    }

    /// Gives what is expected as a trace of the lowered scenario.
    #[must_use]
    pub fn expected_trace(&self, observed: &Observed) -> Trace {
        let mut steps: Vec<Vec<Event>> = vec![Vec::new(); self.upto.len()];
        for expected in self.expected(self.upto.len()).filter(|_| observed.contains(&Kind::Callbacks)) {
            steps[self.step_of(expected.step)].extend(collects(&expected.event));
        }
        for (step, events) in steps.iter_mut().enumerate() {
            events.extend(self.channels().into_iter().filter_map(|on| self.seen_in(step, on)));
        }
        Trace { steps }
    }

    /// Gives what the peer is to read after a step.
    fn seen_in(&self, step: usize, on: Name) -> Option<Event> {
        let before = self.wanted(step, on, Lane::Wire).len();
        let all = self.wanted(step + 1, on, Lane::Wire);
        let mut event = event_of(all.get(before..)?, on, Lane::Wire)?;
        if let What::Seen { ended, .. } = &mut event.what {
            *ended = all[before..].contains(&Element::Mark);
        }
        Some(event)
    }

    /// Gives what was seen as a trace of the lowered scenario. What was told after the last step stands where it is
    /// expected, as nobody knows when it was.
    #[must_use]
    pub fn trace(&self, sighting: &Sighting, observed: &Observed) -> Trace {
        let callbacks = |event: &Event| collects(event).filter(|_| observed.contains(&Kind::Callbacks));
        let seen = |event: &&Event| matches!(event.what, What::Seen { .. });
        let mut steps: Vec<Vec<Event>> = vec![Vec::new(); self.upto.len()];
        let mut lengths = BTreeMap::<Name, usize>::new();
        for (step, event) in self.placed(sighting) {
            if let (Some(on), Some(event)) = (event.on(), callbacks(event)) {
                let length = lengths.entry(on).or_default();
                let late = || (0..self.upto.len()).find(|at| self.stream_length(at + 1, on) > *length);
                steps[step.or_else(late).unwrap_or(self.upto.len() - 1)].push(event.clone());
                *length += elements(&event, Lane::Stream).len();
            }
        }
        for (step, event) in self.placed(sighting).filter(|(_, event)| seen(event)) {
            steps[step.unwrap_or(self.upto.len() - 1)].push(event.clone());
        }
        Trace { steps }
    }

    /// Gives the events that were seen, each with its step where that is known.
    fn placed<'a>(&self, sighting: &'a Sighting) -> impl Iterator<Item = (Option<usize>, &'a Event)> {
        let last = self.upto.len().saturating_sub(1);
        let known = sighting.steps.iter().enumerate();
        let known = known.flat_map(move |(step, events)| events.iter().map(move |event| (Some(step.min(last)), event)));
        known.chain(sighting.rest.iter().map(|event| (None, event)))
    }
}

/// Gives an event as it is shown, where it belongs to the stream.
fn collects(event: &Event) -> Option<Event> {
    event_of(&elements(event, Lane::Stream), event.on()?, Lane::Stream)
}

/// Measures what an event adds to a stream.
pub(super) fn length(event: &Event) -> usize {
    elements(event, Lane::Stream).len()
}
