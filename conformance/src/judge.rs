//! Judges a trace: finds where it departs from what the model predicts, and which clause that breaks.
//!
//! Rules. Both traces are first reduced to what the subject can observe. A missing or altered event is blamed on the clause
//! that demands it. An event too many, or too early, is blamed on the clause that forbids it at that place. Where the only
//! difference is how collected data are cut into pieces, the clause on pieces is blamed, and judging goes on with the
//! pieces joined. Nothing is judged after the first departure, nor where the spec stops speaking.

mod allowed;
mod asked;
mod rests;
mod unforeseen;
mod waits;

use asyncore_spec::clause::is_must;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::exception::{ErrorText, Exception};
use asyncore_spec::law::Violation;
use asyncore_spec::model::{Expected, Guard, Prediction, WaitWhy};
use asyncore_spec::scenario::{Hook, Kind};
use asyncore_spec::trace::{Arg, Event, SocketCall, Trace, What};
use asyncore_spec::value::Value;
use asyncore_spec::view::{Observed, absorb, collected, forget, keep_numbered};
use asyncore_spec::wait::{Conditions, Ready, Timeout, WaitCall};

use rests::rests_on;
use unforeseen::{general, of_dispatcher};

/// The clause that a method raises only where another one says so.
const NOTHING_RAISES: ClauseId = ClauseId::new("ERROR-4");

/// The clause on the pieces in which data are collected.
const PIECES: ClauseId = ClauseId::new("INPUT-51");

/// Is the first place where a trace departs from the prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The clause that is broken.
    pub clause: ClauseId,
    /// The clause that would be, if what came before had not been an accident, or the one that it rests on: if that one is
    /// broken elsewhere, too, it is not to blame.
    pub instead_of: Option<ClauseId>,
    /// In which way.
    pub how: How,
    /// The step, counted from 0.
    pub step: usize,
    /// The event that was expected there, if one was.
    pub expected: Option<Event>,
    /// The event that was there, if one was.
    pub actual: Option<Event>,
}

impl Departure {
    /// Tells of a broken law as of a departure.
    #[must_use]
    pub fn of_law(violation: &Violation) -> Self {
        Self {
            clause: violation.clause,
            instead_of: None,
            how: How::Law,
            step: violation.step,
            expected: None,
            actual: None,
        }
    }
}

/// Is the way in which a trace departs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// An expected event is not there.
    Missing,
    /// There is an event that should not be there, or not yet.
    Extra,
    /// The event is there, with other data, another result or inside another call.
    Altered,
    /// The event is there, with other flags.
    Flags,
    /// The data are right, but cut into other pieces.
    Pieces,
    /// The trace as a whole breaks a law.
    Law,
}

/// Is what judging one trace gives.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Judgement {
    /// The departures: none, one, or one of pieces and another.
    pub departures: Vec<Departure>,
    /// The clauses that were seen to hold, once for each time.
    pub held: Vec<ClauseId>,
    /// How many events agree before the first departure other than of pieces; the greatest number if all do.
    pub reached: usize,
}

/// Judges a trace against a prediction, as far as the subject can observe.
#[must_use]
pub fn judge(prediction: &Prediction, trace: &Trace, observed: &Observed) -> Judgement {
    if Kind::ALL.iter().all(|kind| matches!(kind, Kind::Texts | Kind::Peer) || observed.contains(kind))
        && prediction.unspecified.is_none()
        && agrees(prediction, trace)
    {
        let held = prediction.exercised().collect();
        return Judgement { departures: Vec::new(), held, reached: usize::MAX };
    }
    let sides = Sides::new(prediction, trace, observed);
    let Some(at) = sides.first_difference() else {
        return Judgement { departures: Vec::new(), held: sides.held(usize::MAX), reached: usize::MAX };
    };
    if sides.is_cut(at) {
        return Judgement { departures: vec![sides.pieces(at)], held: sides.held(at), reached: at };
    }
    let joined = sides.joined();
    let further = joined.first_difference();
    let only_pieces = match further {
        None => true,
        Some(joined_at) => joined.is_after(joined_at, &sides, at),
    };
    let mut departures = Vec::new();
    if only_pieces {
        departures.push(sides.pieces(at));
        if !prediction.counts_pieces {
            departures.extend(further.map(|at| joined.departure(at)));
        }
    } else {
        departures.push(sides.departure(at));
    }
    let reached = if only_pieces { further.map_or(usize::MAX, |further| further.max(at)) } else { at };
    Judgement { departures, held: sides.held(at), reached }
}

fn agrees(prediction: &Prediction, trace: &Trace) -> bool {
    let mut expected = prediction.events.iter();
    let same = trace.events().all(|(step, event)| expected.next().is_some_and(|e| e.step == step && e.event == *event));
    same && expected.next().is_none()
}

/// Is one event of either side.
#[derive(Clone, Debug)]
struct Item {
    step: usize,
    /// The number of the event in the whole prediction or trace.
    number: usize,
    event: Event,
}

/// Holds both traces, reduced to what the subject observes.
struct Sides<'a> {
    prediction: &'a Prediction,
    observed: &'a Observed,
    expected: Vec<Item>,
    actual: Vec<Item>,
    /// The end of what is expected lies where the spec stops speaking.
    open: bool,
}

impl<'a> Sides<'a> {
    fn new(prediction: &'a Prediction, trace: &Trace, observed: &'a Observed) -> Self {
        let mut expected = Vec::new();
        let mut from = 0;
        while from < prediction.events.len() {
            let step = prediction.events[from].step;
            let to = from + prediction.events[from..].iter().take_while(|e| e.step == step).count();
            let events = prediction.events[from..to].iter().map(|e| &e.event);
            expected.extend(reduce(events, step, from, observed));
            from = to;
        }
        let mut actual = Vec::new();
        let mut from = 0;
        for (step, events) in trace.steps.iter().enumerate() {
            actual.extend(reduce(events, step, from, observed));
            from += events.len();
        }
        waits::settle(prediction, &expected, &mut actual);
        let mut sides = Self { prediction, observed, expected, actual, open: prediction.unspecified.is_some() };
        if !prediction.allowed.is_empty() {
            sides.leave_out_allowed();
        }
        sides
    }

    /// Gives the numbers of the expected events between which the place `at` lies.
    fn window(&self, at: usize) -> (usize, usize) {
        let after = at.checked_sub(1).map_or(0, |before| self.expected[before].number + 1);
        (after, self.expected.get(at).map_or(self.prediction.events.len(), |item| item.number))
    }

    /// Joins adjoining collections on both sides.
    fn joined(&self) -> Self {
        Self { expected: join(&self.expected), actual: join(&self.actual), ..*self }
    }

    fn first_difference(&self) -> Option<usize> {
        let common = common(&self.expected, &self.actual);
        let ended = common == self.expected.len() && (self.open || common == self.actual.len());
        (!ended).then_some(common)
    }

    /// Says whether the place `at` here lies after the place `other_at` of the sides that are not joined.
    fn is_after(&self, at: usize, other: &Self, other_at: usize) -> bool {
        let place = |items: &[Item], at: usize| items.get(at).map_or(usize::MAX, |item| item.number);
        let expected = place(&self.expected, at) > place(&other.expected, other_at);
        let actual = place(&self.actual, at) > place(&other.actual, other_at);
        let collects = |items: &[Item]| items.get(other_at).is_some_and(|item| collected(&item.event).is_some());
        (collects(&other.expected) || collects(&other.actual)) && expected && actual
    }

    /// Says whether the data expected at a place come there too, but in pieces with other events between them.
    ///
    /// The pieces may have set off other reactions: nothing can be said of what follows.
    fn is_cut(&self, at: usize) -> bool {
        let (Some(expected), Some(actual)) = (self.expected.get(at), self.actual.get(at)) else { return false };
        let (Some(whole), Some(first)) = (collected(&expected.event), collected(&actual.event)) else { return false };
        let alike = |item: &&Item| item.step == actual.step && item.event.on() == actual.event.on();
        let later = self.actual[at..].iter().filter(alike);
        let pieces: Vec<u8> = later.filter_map(|item| collected(&item.event)).flatten().copied().collect();
        let between = self.actual.get(at + 1).is_some_and(|item| collected(&item.event).is_none());
        let begun = !first.is_empty() && first.len() < whole.len() && whole.starts_with(first);
        begun && (self.prediction.counts_pieces || between && pieces.starts_with(whole))
    }

    fn expected_at(&self, at: usize) -> Option<&'a Expected> {
        self.expected.get(at).map(|item| &self.prediction.events[item.number])
    }

    fn departure(&self, at: usize) -> Departure {
        let expected = self.expected.get(at);
        let actual = self.actual.get(at);
        let (how, clause) = match (expected, actual) {
            (Some(_), None) => (How::Missing, self.demand(at)),
            (None, Some(extra)) => (How::Extra, self.forbidden(at, &extra.event)),
            (Some(expected), Some(actual)) => self.differ(at, expected, actual),
            (None, None) => unreachable!("the sides differ here"),
        };
        self.report(at, how, clause)
    }

    fn report(&self, at: usize, how: How, clause: ClauseId) -> Departure {
        let step = |items: &[Item]| items.get(at).map(|item| item.step);
        let step = match (step(&self.expected), step(&self.actual)) {
            (Some(e), Some(a)) => e.min(a),
            (e, a) => e.or(a).unwrap_or(0),
        };
        let instead_of = match how {
            How::Extra => self.actual.get(at).and_then(|extra| self.guard(at, &extra.event)).and_then(|g| g.instead_of),
            _ => self.expected_at(at).filter(|expected| expected.demand == clause).and_then(|e| e.instead_of),
        };
        let instead_of = instead_of.or_else(|| rests_on(clause));
        Departure {
            clause,
            instead_of,
            how,
            step,
            expected: self.expected.get(at).map(|item| item.event.clone()),
            actual: self.actual.get(at).map(|item| item.event.clone()),
        }
    }

    fn pieces(&self, at: usize) -> Departure {
        if let Some(extra) = self.actual.get(at)
            && collected(&extra.event).is_some_and(<[u8]>::is_empty)
        {
            return self.report(at, How::Extra, self.forbidden(at, &extra.event));
        }
        self.report(at, How::Pieces, PIECES)
    }

    fn demand(&self, at: usize) -> ClauseId {
        self.expected_at(at).map_or(PIECES, |expected| expected.demand)
    }

    fn differ(&self, at: usize, expected: &Item, actual: &Item) -> (How, ClauseId) {
        if actual.step > expected.step {
            return (How::Missing, self.demand(at));
        }
        if actual.step < expected.step {
            return (How::Extra, self.forbidden(at, &actual.event));
        }
        if only_flags(&expected.event, &actual.event) {
            let accepts = only_accepting(&expected.event, &actual.event);
            let why = |e: &Expected| if accepts { e.accepting } else { e.flags };
            let flags = self.expected_at(at).map_or(PIECES, why);
            return (How::Flags, flags);
        }
        if let Some(clause) = self.waits_differ(at, &expected.event, &actual.event) {
            return (How::Altered, clause);
        }
        if self.asks_otherwise(at, expected, actual) {
            return (How::Extra, asked::ONCE);
        }
        if let Some(clause) = only_text(&expected.event, &actual.event) {
            return (How::Altered, clause);
        }
        if self.comes_instead(at, expected, actual) {
            return (How::Missing, self.demand(at));
        }
        let altered = common(&self.expected[at + 1..], &self.actual[at + 1..]);
        let extra = common(&self.expected[at..], &self.actual[at + 1..]);
        let missing = common(&self.expected[at + 1..], &self.actual[at..]);
        if same_shape(&expected.event, &actual.event) && altered >= extra.max(missing) {
            let longer =
                self.expected_at(at).and_then(|e| e.longer).filter(|_| goes_on(&expected.event, &actual.event));
            return (How::Altered, longer.unwrap_or_else(|| self.demand(at)));
        }
        let comes_later = self.comes_later(at);
        if comes_later || extra > missing || (extra == missing && self.guard(at, &actual.event).is_some()) {
            return (How::Extra, self.forbidden(at, &actual.event));
        }
        (How::Missing, self.demand(at))
    }

    /// Says whether what is expected does come within the step, behind what is not expected in it at all.
    fn comes_later(&self, at: usize) -> bool {
        let (expected, actual) = (&self.expected[at], &self.actual[at]);
        let later = |items: &[Item], wanted: &Item| {
            let mut rest = items[at + 1..].iter().take_while(|item| item.step == wanted.step);
            rest.any(|item| item.event == wanted.event)
        };
        later(&self.actual, expected) && !later(&self.expected, actual)
    }

    /// Says whether an exception that did not come out, or one that nobody speaks of, hides what was expected.
    ///
    /// What came in the place of an exception follows from its absence; and an exception in the place of an event says
    /// that the event could not be, unless a clause says of that very place that nothing is raised.
    fn comes_instead(&self, at: usize, expected: &Item, actual: &Item) -> bool {
        let raises = |event: &Event| matches!(event.what, What::Raised { .. });
        match (raises(&expected.event), raises(&actual.event)) {
            (true, false) => !matches!(actual.event.what, What::Result { .. }),
            (false, true) => {
                let guard = self.guard(at, &actual.event);
                guard.is_none_or(|guard| guard.clause == NOTHING_RAISES)
            }
            _ => false,
        }
    }

    /// Names the clause that is broken where one wait differs from another.
    fn waits_differ(&self, at: usize, expected: &Event, actual: &Event) -> Option<ClauseId> {
        let why = self.expected_at(at)?.wait.as_deref()?;
        let (expected, actual) = (waits::settled(&expected.what, &why.free), waits::settled(&actual.what, &why.free));
        let What::Wait { call, timeout, asked, .. } = &expected else { return None };
        let What::Wait { call: other_call, timeout: other_timeout, asked: others, .. } = &actual else {
            return None;
        };
        // Whoever sleeps took it that there was nothing to wait for.
        if call != other_call && ![call, other_call].contains(&&WaitCall::Sleep) {
            return Some(why.call);
        }
        let of = |all: &[Ready], name| {
            all.iter().filter(|ready| ready.name == name).fold(Conditions::NONE, |set, ready| set.or(ready.conditions))
        };
        let differs = |(name, condition, _): &&(_, Conditions, _)| {
            of(asked, *name).has(*condition) != of(others, *name).has(*condition)
        };
        if let Some((.., clause)) = why.asked.iter().find(differs) {
            return Some(*clause);
        }
        if asked != others {
            return Some(ClauseId::new(if asked.len() == others.len() { "POLL-2" } else { "POLL-9" }));
        }
        Some(match (timeout, other_timeout) {
            _ if timeout == other_timeout => ClauseId::new("POLL-28"),
            (Timeout::Micros { value }, Timeout::Micros { value: other })
                if *call == WaitCall::Poll && *other == value / 1_000_000 * 1000 =>
            {
                ClauseId::new("POLL-22")
            }
            _ => why.timeout,
        })
    }

    /// Finds the clause that forbids an event between the expected event `at` and the one before it.
    fn guard(&self, at: usize, extra: &Event) -> Option<&'a Guard> {
        let (after, until) = self.window(at);
        let step = self.actual.get(at).map(|item| item.step);
        let mut all = self.prediction.guards.iter().filter(|guard| guard.at <= until && guard.pattern.matches(extra));
        let near = all.clone().filter(|guard| guard.at >= after && Some(guard.step) == step);
        if matches!(extra.what, What::Raised { .. }) {
            // An exception comes out of everything it was raised in; a clause that speaks of it goes before the general one.
            let of_its_own = near.clone().rfind(|guard| guard.clause != NOTHING_RAISES);
            return of_its_own.or_else(|| near.clone().next());
        }
        let inside = near.clone().find(|guard| guard.depth == extra.depth);
        inside.or_else(|| near.clone().next()).or_else(|| all.find(|guard| guard.lasting))
    }

    fn forbidden(&self, at: usize, extra: &Event) -> ClauseId {
        // What a step raised or gave says nothing about another step.
        let of_a_call = matches!(extra.what, What::Hook { .. } | What::Socket { .. });
        let step = self.actual.get(at).map(|item| item.step);
        let same = |item: &&Item| of_a_call && item.event.what == extra.what;
        let here = |item: &&Item| Some(item.step) == step && same(item);
        let (before, after) = self.expected.split_at(at.min(self.expected.len()));
        // It comes early, or again: above all for something of its own step.
        let alike = || {
            let near = after.iter().find(here).or_else(|| before.iter().rfind(here));
            let any = near.or_else(|| after.iter().find(same)).or_else(|| before.iter().rfind(same));
            any.map(|item| self.prediction.events[item.number].demand)
        };
        let of_chat = extra.on().is_none_or(|on| self.prediction.chats.contains(&on));
        let general = || self.unless_accident(at, if of_chat { general(extra) } else { of_dispatcher(extra) });
        self.guard(at, extra).map(|guard| guard.clause).or_else(alike).unwrap_or_else(general)
    }

    /// Names the accident in the place of a clause that must hold, where everything follows from one.
    fn unless_accident(&self, at: usize, clause: ClauseId) -> ClauseId {
        let (_, until) = self.window(at);
        let accident = self.prediction.accident.filter(|(from, _)| *from <= until && is_must(clause));
        accident.map_or(clause, |(_, accident)| accident)
    }

    /// Names the clauses that held before the place `at`.
    fn held(&self, at: usize) -> Vec<ClauseId> {
        let mut held: Vec<_> = self
            .expected
            .iter()
            .take(at)
            .flat_map(|item| {
                let expected = &self.prediction.events[item.number];
                let flags = self
                    .observed
                    .contains(&Kind::Flags)
                    .then_some([expected.flags, expected.accepting])
                    .into_iter()
                    .flatten();
                let text = expected.text.filter(|_| self.observed.contains(&Kind::Texts));
                let waits = expected.wait.as_deref().into_iter().flat_map(WaitWhy::clauses);
                std::iter::once(expected.demand).chain(flags).chain(expected.longer).chain(text).chain(waits)
            })
            .collect();
        let until = self.expected.get(at).map_or(usize::MAX, |item| item.number);
        let until = if at == usize::MAX { usize::MAX } else { until.min(self.reached(at)) };
        let guards = self.prediction.guards.iter().chain(self.prediction.allowed_by_changes());
        let passed = guards.filter(|guard| guard.at < until && self.sees(guard.pattern));
        held.extend(passed.map(|guard| guard.clause));
        held
    }

    /// Gives the number of the expected event after the last one that agreed.
    fn reached(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|before| self.expected.get(before)).map_or(0, |item| item.number + 1)
    }

    fn sees(&self, pattern: asyncore_spec::model::Pattern) -> bool {
        use asyncore_spec::model::Pattern;
        let kind = match pattern {
            Pattern::Hook(_, hook) | Pattern::AnyHook(hook) | Pattern::Empty(_, hook) => {
                return self.observed.sees_calls_of(hook);
            }
            Pattern::Socket(..) => Kind::Socket,
            Pattern::Raised => Kind::Results,
            Pattern::AnyWait => Kind::Waits,
            Pattern::Printed => Kind::Log,
        };
        self.observed.contains(&kind)
    }
}

fn reduce<'e>(events: impl IntoIterator<Item = &'e Event>, step: usize, from: usize, observed: &Observed) -> Vec<Item> {
    let kept = keep_numbered(events, |event| observed.sees(event) && !is_unjudged(event));
    let items = kept.into_iter().map(|(number, mut event)| {
        forget(&mut event, observed);
        never_negative(&mut event);
        Item { step, number: from + number, event }
    });
    items.collect()
}

/// `poll` of the system waits for ever for any time below zero: which one it was is nobody's concern.
fn never_negative(event: &mut Event) {
    if let What::Wait { call: WaitCall::Poll, timeout, .. } = &mut event.what
        && matches!(timeout, Timeout::Micros { value } if *value < 0)
    {
        *timeout = Timeout::Never;
    }
}

fn join(items: &[Item]) -> Vec<Item> {
    let mut items = items.to_vec();
    items.dedup_by(|next, item| item.step == next.step && absorb(&mut item.event, &next.event));
    items
}

/// Counts how many events agree from the beginning.
fn common(expected: &[Item], actual: &[Item]) -> usize {
    expected.iter().zip(actual).take_while(|(e, a)| e.step == a.step && e.event == a.event).count()
}

fn only_flags(expected: &Event, actual: &Event) -> bool {
    match (&expected.what, &actual.what) {
        (What::Hook { on, hook, arg, .. }, What::Hook { on: o, hook: h, arg: a, .. }) => {
            expected.depth == actual.depth && (on, hook, arg) == (o, h, a)
        }
        _ => false,
    }
}

/// Says whether two events' flags differ in nothing but `accepting`.
fn only_accepting(expected: &Event, actual: &Event) -> bool {
    let (What::Hook { flags: Some(expected), .. }, What::Hook { flags: Some(actual), .. }) =
        (&expected.what, &actual.what)
    else {
        return false;
    };
    (expected.connected, expected.connecting) == (actual.connected, actual.connecting)
}

/// Names the clause that is broken where two exceptions differ in nothing but what they say.
fn only_text(expected: &Event, actual: &Event) -> Option<ClauseId> {
    let raised = |event: &Event| match &event.what {
        What::Raised { exception } | What::Hook { arg: Some(Arg::Exception { exception }), .. } => {
            Some(exception.clone())
        }
        _ => None,
    };
    match (raised(expected)?, raised(actual)?) {
        (Exception::Os { errno, text: Some(text) }, Exception::Os { errno: other, text: said })
            if errno == other && Some(text) != said =>
        {
            Some(ClauseId::new(if text == ErrorText::Symbol { "CONNECT-12" } else { "CONNECT-19" }))
        }
        _ => None,
    }
}

/// Says whether an event is of no concern: how a port learns of a pending error is its own affair.
fn is_unjudged(event: &Event) -> bool {
    matches!(event.what, What::Socket { call: SocketCall::Getsockopt, .. } | What::Seen { .. })
}

/// Says whether two events differ in no more than data, result and depth.
fn same_shape(expected: &Event, actual: &Event) -> bool {
    match (&expected.what, &actual.what) {
        (What::Hook { on, hook, .. }, What::Hook { on: o, hook: h, .. }) => (on, hook) == (o, h),
        (What::Socket { on, call, .. }, What::Socket { on: o, call: c, .. }) => (on, call) == (o, c),
        (What::Result { .. } | What::Raised { .. }, What::Result { .. } | What::Raised { .. }) => true,
        _ => false,
    }
}

/// Says whether an event's data begin with the expected data and go on, or it asks for fewer bytes than expected.
fn goes_on(expected: &Event, actual: &Event) -> bool {
    if let (Some(expected), Some(actual)) = (size(expected), size(actual)) {
        return actual < expected;
    }
    match (data(expected), data(actual)) {
        (Some(expected), Some(actual)) => actual.len() > expected.len() && actual.starts_with(expected),
        _ => false,
    }
}

/// Gives the size that a read asks for.
fn size(event: &Event) -> Option<i64> {
    match &event.what {
        What::Hook { hook: Hook::Recv, arg: Some(Arg::Value { value: Value::Int { value } }), .. }
        | What::Socket { call: SocketCall::Recv, arg: Some(Value::Int { value }), .. } => Some(*value),
        _ => None,
    }
}

fn data(event: &Event) -> Option<&[u8]> {
    match &event.what {
        What::Hook { arg: Some(Arg::Value { value: Value::Bytes { hex } }), .. }
        | What::Socket { arg: Some(Value::Bytes { hex }), .. } => Some(hex),
        _ => None,
    }
}
