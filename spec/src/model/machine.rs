//! Interprets a scenario: the set-up, the steps, the hooks with their reactions.

use super::channel::{Channel, Sort};
use super::fifo::Fifo;
use super::map::Map;
use super::oracle::Oracle;
use super::order::Order;
use super::producer::Producer;
use super::python::Wrapper;
use super::socket::Socket;
use super::{Expected, Guard, Pattern, Prediction, Settings, WaitWhy};
use crate::clause_id::ClauseId;
use crate::exception::{ErrorText, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Ending, Hook, Scenario, Setup};
use crate::trace::{Arg, Event, Reply, SocketCall, What};
use crate::value::Value;

pub(super) const fn id(text: &'static str) -> ClauseId {
    ClauseId::new(text)
}

/// Is an exception on its way out, with the clause that says that it comes out.
#[derive(Debug, Clone)]
pub(super) struct Thrown {
    pub(super) exception: Exception,
    pub(super) why: ClauseId,
    /// Whether it is the error of a file or of a wait, which on Python 2 is no error of a socket.
    pub(super) of_file: bool,
}

impl Thrown {
    pub(super) fn new(exception: Exception, why: ClauseId) -> Self {
        Self { exception, why, of_file: false }
    }
}

pub(super) type Outcome<T> = Result<T, Thrown>;

pub(super) fn thrown<T>(class: &str, why: ClauseId) -> Outcome<T> {
    Err(Thrown::new(Exception::class(class), why))
}

pub(super) struct Machine<'a> {
    pub(super) profile: Profile,
    pub(super) settings: &'a Settings,
    pub(super) prediction: Prediction,
    pub(super) scenario: &'a Scenario,
    pub(super) chans: Vec<Channel>,
    /// What the kernel did, where the sockets are real.
    pub(super) oracle: Option<Oracle<'a>>,
    /// The order in which channels are taken, where it follows a trace.
    pub(super) order: Option<Order<'a>>,
    pub(super) sockets: Vec<Socket>,
    pub(super) maps: Vec<Map>,
    pub(super) wrappers: Vec<Wrapper>,
    /// The clause by which the last `send` or `recv` of a dispatcher gave what it gave, where it is an unusual one.
    pub(super) gave: Option<ClauseId>,
    /// The clause by which the last `accept` gave nothing.
    pub(super) nothing_accepted: ClauseId,
    pub(super) producers: Vec<Producer>,
    pub(super) fifos: Vec<Fifo>,
    /// Whether events are recorded: they are not while the set-up is made.
    pub(super) recording: bool,
    /// How many channels were constructed.
    pub(super) constructions: u32,
    /// How many numbers of descriptors were given out.
    pub(super) numbers: u32,
    calls: Vec<(Name, Hook, u32)>,
    step: usize,
    depth: u16,
    stopped: bool,
    /// The clause that is broken by sending more than the data of the send under way.
    pub(super) longer: Option<ClauseId>,
    /// The accident that everything from here on follows from.
    taint: Option<ClauseId>,
    /// The accident that everything after the step under way follows from.
    taint_to_come: Option<ClauseId>,
    /// The clause on an odd terminator that the `handle_read` under way follows from.
    pub(super) odd_reading: Option<ClauseId>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(scenario: &'a Scenario, settings: &'a Settings, oracle: Option<Oracle<'a>>) -> Self {
        let counts_pieces =
            scenario.setup.iter().any(|setup| matches!(setup, Setup::Reaction { hook: Hook::CollectIncomingData, .. }));
        let chats = scenario.setup.iter().filter_map(|setup| match setup {
            Setup::Chat { name, .. } => Some(*name),
            _ => None,
        });
        let chats = chats.collect();
        let prediction = Prediction { steps: scenario.steps.len(), chats, counts_pieces, ..Prediction::default() };
        let mut machine = Self {
            profile: settings.profile,
            settings,
            prediction,
            scenario,
            chans: Vec::new(),
            oracle,
            order: None,
            sockets: Vec::new(),
            maps: vec![Map::new(None)],
            wrappers: Vec::new(),
            gave: None,
            nothing_accepted: id("ACCEPT-7"),
            recording: true,
            constructions: 0,
            numbers: 0,
            producers: Vec::new(),
            fifos: Vec::new(),
            calls: Vec::new(),
            step: 0,
            depth: 0,
            stopped: false,
            longer: None,
            taint: None,
            taint_to_come: None,
            odd_reading: None,
        };
        machine.set_up();
        machine
    }

    pub(super) fn run(&mut self) {
        for (at, step) in self.scenario.steps.iter().enumerate() {
            self.step = at;
            if let Some(oracle) = &mut self.oracle {
                oracle.begin(at);
            }
            if let Some(order) = &mut self.order {
                order.begin(at);
            }
            match self.act(step) {
                Ok(()) => self.forbid_raising(),
                Err(thrown) => self.emit(What::Raised { exception: thrown.exception }, thrown.why, None),
            }
            if self.stopped {
                return;
            }
            if let Some(clause) = self.taint_to_come.take() {
                self.accident(clause);
            }
        }
    }

    /// Says how many recorded calls are under way.
    pub(super) fn depth(&self) -> u16 {
        self.depth
    }

    /// Records an event and the clause that demands it.
    pub(super) fn emit(&mut self, what: What, demand: ClauseId, flags: Option<[ClauseId; 2]>) {
        if self.stopped || !self.recording {
            return;
        }
        let all = if self.settings.changes.is_empty() { vec![what] } else { self.as_changed(what, demand) };
        all.into_iter().for_each(|what| self.record(what, demand, flags));
    }

    fn record(&mut self, what: What, demand: ClauseId, flags: Option<[ClauseId; 2]>) {
        let sends = matches!(what, What::Hook { hook: Hook::Send, .. } | What::Socket { call: SocketCall::Send, .. });
        let own = demand;
        let demand = self.excused(own);
        let [connected, accepting] = flags.unwrap_or([demand; 2]);
        let event = Event { depth: self.depth, what };
        let text = text_of(&event.what).map(|clause| self.excused(clause));
        let longer = match demand {
            demand if demand == id("INPUT-33") => Some(id("INPUT-54")),
            _ => self.longer.filter(|_| sends && self.taint.is_none()),
        };
        self.prediction.events.push(Expected {
            step: self.step,
            event,
            demand,
            instead_of: (demand != own).then_some(own),
            flags: connected,
            accepting,
            longer,
            text,
            wait: None,
        });
    }

    /// Records a wait and the clauses that demand its parts.
    pub(super) fn emit_wait(&mut self, what: What, why: WaitWhy) {
        let before = self.prediction.events.len();
        self.emit(what, why.call, None);
        let why = WaitWhy {
            call: self.excused(why.call),
            timeout: self.excused(why.timeout),
            asked: why.asked.into_iter().map(|(name, of, clause)| (name, of, self.excused(clause))).collect(),
            free: why.free,
        };
        if let Some(expected) = self.prediction.events.get_mut(before) {
            expected.wait = Some(Box::new(why));
        }
    }

    /// Notes that a clause forbids a further event here.
    pub(super) fn forbid(&mut self, pattern: Pattern, clause: ClauseId) {
        if self.stopped || !self.recording {
            return;
        }
        let at = self.prediction.events.len();
        let own = clause;
        let clause = self.excused(own);
        let instead_of = (clause != own).then_some(own);
        let guard = Guard { at, step: self.step, pattern, clause, instead_of, depth: self.depth, lasting: false };
        if self.settings.changes.is_empty() || !self.allow(guard) {
            self.prediction.guards.push(guard);
        }
    }

    /// Notes that an event may come here, although a clause speaks of none.
    pub(super) fn allow_here(&mut self, pattern: Pattern, clause: ClauseId) {
        if self.stopped || !self.recording {
            return;
        }
        let at = self.prediction.events.len();
        let (step, depth) = (self.step, self.depth);
        let guard = Guard { at, step, pattern, clause, instead_of: None, depth, lasting: false };
        self.prediction.allowed.push(guard);
    }

    /// Notes that a clause forbids an event from here on.
    pub(super) fn forbid_for_good(&mut self, pattern: Pattern, clause: ClauseId) {
        self.forbid(pattern, clause);
        if let Some(guard) = self.prediction.guards.last_mut().filter(|_| !self.stopped) {
            guard.lasting = true;
        }
    }

    /// Notes that the step under way has no reason to raise; an accident is one, but for an empty entry.
    fn forbid_raising(&mut self) {
        let taint = self.taint.take();
        let accident = taint.filter(|why| *why != id("OUTPUT-14"));
        self.forbid(Pattern::Raised, accident.unwrap_or(id("ERROR-4")));
        if let Some(guard) = self.prediction.guards.last_mut().filter(|_| accident.is_some()) {
            guard.instead_of = Some(id("ERROR-4"));
        }
        self.taint = taint;
    }

    /// Names the clause to blame: in the wake of an accident, the accident's in the place of one that must hold.
    fn excused(&self, clause: ClauseId) -> ClauseId {
        match self.taint.or(self.odd_reading) {
            Some(accident) if crate::clause::is_must(clause) => accident,
            _ => clause,
        }
    }

    /// Says that from here on everything follows from an accident: what differs is blamed on its clause alone.
    ///
    /// A port that does not share the accident must not be accused of breaking what comes after it.
    pub(super) fn accident(&mut self, clause: ClauseId) {
        let accident = *self.taint.get_or_insert(clause);
        self.prediction.accident.get_or_insert((self.prediction.events.len(), accident));
    }

    /// Says that what comes after the step under way follows from an accident; what the step itself gives does not.
    pub(super) fn accident_to_come(&mut self, clause: ClauseId) {
        self.taint_to_come.get_or_insert(clause);
    }

    /// Notes that a clause forbids these hooks of a thing here.
    pub(super) fn forbid_hooks(&mut self, on: Name, hooks: &[Hook], clause: ClauseId) {
        hooks.iter().for_each(|hook| self.forbid(Pattern::Hook(on, *hook), clause));
    }

    /// Stops predicting: the spec does not say what happens from here on.
    pub(super) fn unspecified(&mut self, why: &'static str) {
        if !self.stopped {
            self.stopped = true;
            self.prediction.unspecified = Some((self.prediction.events.len(), why));
        }
    }

    pub(super) fn chan(&mut self, name: Name) -> &mut Channel {
        let at = self.chans.iter().position(|it| it.name == name);
        &mut self.chans[at.expect("scenarios are checked before they are predicted")]
    }

    pub(super) fn producer(&mut self, name: Name) -> &mut Producer {
        let at = self.producers.iter().position(|producer| producer.name == name);
        &mut self.producers[at.expect("scenarios are checked before they are predicted")]
    }

    /// Says whether the `more` of some producer is under way.
    pub(super) fn asking(&self) -> bool {
        self.producers.iter().any(|producer| producer.asked)
    }

    pub(super) fn fifo(&mut self, name: Name) -> &mut Fifo {
        let at = self.fifos.iter().position(|fifo| fifo.name == name);
        &mut self.fifos[at.expect("scenarios are checked before they are predicted")]
    }

    /// Calls a hook: records it, lets it react, and then does what the class does.
    ///
    /// `skipped` is what the call gives when the reaction returns without the class's own method.
    pub(super) fn hook<T>(&mut self, call: Call, body: impl Fn(&mut Self) -> Outcome<T>, skipped: T) -> Outcome<T> {
        if !call.hook.is_of_chat() && call.hook != Hook::More && self.chan(call.on).base.sort == Sort::Chat {
            // No event, but what it sets off.
            return if self.is_dropped(&call) { Ok(skipped) } else { body(self) };
        }
        if self.settings.changes.is_empty() {
            return Ok(self.call_hook(call, &body)?.unwrap_or(skipped));
        }
        self.hook_as_changed(&call, body, skipped)
    }

    /// Calls a hook once; gives nothing if the class's own method was not reached.
    pub(super) fn call_hook<T>(&mut self, call: Call, body: &impl Fn(&mut Self) -> Outcome<T>) -> Outcome<Option<T>> {
        let Call { on, hook, arg, demand, escape } = call;
        let (flags, why) = if hook.carries_flags() {
            let it = self.chan(on);
            (Some(it.flags()), Some([it.flags_why, it.base.accepting_why]))
        } else {
            (None, None)
        };
        self.emit(What::Hook { on, hook, arg, flags }, demand, why);
        self.depth += 1;
        let result = match self.react(on, hook, escape) {
            Ok(true) => body(self).map(Some),
            Ok(false) => Ok(None),
            Err(thrown) => Err(thrown),
        };
        self.depth -= 1;
        result
    }

    /// Does what the scenario says that this call of the hook does; says whether the class's own method follows.
    fn react(&mut self, on: Name, hook: Hook, escape: ClauseId) -> Outcome<bool> {
        let nth = self.count(on, hook);
        let scenario = self.scenario;
        let reaction = scenario.setup.iter().find_map(|setup| match setup {
            Setup::Reaction { on: o, hook: h, nth: n, actions, ending } if (*o, *h, *n) == (on, hook, nth) => {
                Some((actions, ending))
            }
            _ => None,
        });
        let Some((actions, ending)) = reaction else { return Ok(true) };
        actions.iter().try_for_each(|action| self.act(action))?;
        match ending {
            Ending::Normal => Ok(true),
            Ending::Return => Ok(false),
            Ending::Raise { exception } => Err(Thrown::new(exception.clone(), escape)),
        }
    }

    fn count(&mut self, on: Name, hook: Hook) -> u32 {
        match self.calls.iter_mut().find(|(o, h, _)| (*o, *h) == (on, hook)) {
            Some((_, _, nth)) => {
                *nth += 1;
                *nth
            }
            None => {
                self.calls.push((on, hook, 1));
                1
            }
        }
    }

    /// Records a call that reaches a socket.
    pub(super) fn socket_event(
        &mut self,
        on: Name,
        call: SocketCall,
        arg: Option<Value>,
        reply: &Result<Value, Exception>,
        demand: ClauseId,
    ) {
        let reply = match reply {
            Ok(value) => Reply::Value { value: value.clone() },
            Err(exception) => Reply::Raised { exception: exception.clone() },
        };
        self.emit(What::Socket { on, call, arg, reply }, demand, None);
    }

    pub(super) fn result(&mut self, value: Value, demand: ClauseId) {
        self.emit(What::Result { value }, demand, None);
    }
}

/// Names the clause that says what an exception in an event says.
fn text_of(what: &What) -> Option<ClauseId> {
    let (What::Raised { exception } | What::Hook { arg: Some(Arg::Exception { exception }), .. }) = what else {
        return None;
    };
    match exception {
        Exception::Os { text: Some(ErrorText::Symbol), .. } => Some(id("CONNECT-12")),
        Exception::Os { text: Some(_), .. } => Some(id("CONNECT-19")),
        _ => None,
    }
}

/// Describes one call of a hook.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) on: Name,
    pub(super) hook: Hook,
    pub(super) arg: Option<Arg>,
    /// The clause that demands the call.
    pub(super) demand: ClauseId,
    /// The clause that says what becomes of an exception that it raises.
    pub(super) escape: ClauseId,
}

impl Call {
    pub(super) fn of(on: Name, hook: Hook, demand: ClauseId, escape: ClauseId) -> Self {
        Self { on, hook, arg: None, demand, escape }
    }

    pub(super) fn with(self, value: Value) -> Self {
        Self { arg: Some(Arg::Value { value }), ..self }
    }

    pub(super) fn for_exception(self, exception: &Exception) -> Self {
        Self { arg: Some(Arg::Exception { exception: exception.clone() }), ..self }
    }
}
