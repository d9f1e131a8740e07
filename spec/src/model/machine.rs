//! Interprets a scenario: the set-up, the steps, the hooks with their reactions.

use super::chat::Chat;
use super::fifo::Fifo;
use super::producer::Producer;
use super::{Expected, Guard, Pattern, Prediction, Settings};
use crate::clause_id::ClauseId;
use crate::exception::Exception;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, Ending, Hook, Item, Scenario, Setup};
use crate::trace::{Arg, Event, Flags, Reply, SocketCall, What};
use crate::value::Value;

pub(super) const fn id(text: &'static str) -> ClauseId {
    ClauseId::new(text)
}

/// Is an exception on its way out, with the clause that says that it comes out.
#[derive(Debug, Clone)]
pub(super) struct Thrown {
    pub(super) exception: Exception,
    pub(super) why: ClauseId,
}

pub(super) type Outcome<T> = Result<T, Thrown>;

pub(super) fn thrown<T>(class: &str, why: ClauseId) -> Outcome<T> {
    Err(Thrown { exception: Exception::class(class), why })
}

pub(super) struct Machine<'a> {
    pub(super) profile: Profile,
    pub(super) settings: &'a Settings,
    pub(super) prediction: Prediction,
    scenario: &'a Scenario,
    chats: Vec<Chat>,
    producers: Vec<Producer>,
    fifos: Vec<Fifo>,
    calls: Vec<(Name, Hook, u32)>,
    step: usize,
    depth: u16,
    stopped: bool,
    /// The clause that is broken by sending more than the data of the send under way.
    pub(super) longer: Option<ClauseId>,
    /// The accident that everything from here on follows from.
    taint: Option<ClauseId>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(scenario: &'a Scenario, settings: &'a Settings) -> Self {
        let counts_pieces =
            scenario.setup.iter().any(|setup| matches!(setup, Setup::Reaction { hook: Hook::CollectIncomingData, .. }));
        let prediction = Prediction { steps: scenario.steps.len(), counts_pieces, ..Prediction::default() };
        let mut machine = Self {
            profile: settings.profile,
            settings,
            prediction,
            scenario,
            chats: Vec::new(),
            producers: Vec::new(),
            fifos: Vec::new(),
            calls: Vec::new(),
            step: 0,
            depth: 0,
            stopped: false,
            longer: None,
            taint: None,
        };
        scenario.setup.iter().for_each(|setup| machine.set_up(setup));
        machine
    }

    fn set_up(&mut self, setup: &Setup) {
        match setup {
            Setup::Chat { name, options } => {
                if options.use_encoding && matches!(options.terminator, Some(Value::Text { .. })) {
                    self.accident(id("INPUT-53"));
                }
                self.chats.push(Chat::new(*name, options, self.settings));
            }
            Setup::Producer { name, results, falsy } => self.producers.push(Producer::own(*name, results, *falsy)),
            Setup::SimpleProducer { name, data, buffer_size } => {
                self.producers.push(Producer::simple(*name, data, *buffer_size));
            }
            Setup::Fifo { name, items } => self.fifos.push(Fifo::new(*name, items.as_deref())),
            Setup::Sends { chan, outcomes } => {
                if let Some(chat) = self.chats.iter_mut().find(|chat| chat.name == *chan) {
                    chat.socket.sends.extend(outcomes);
                }
            }
            Setup::Reaction { .. } => {}
        }
    }

    pub(super) fn run(&mut self) {
        for (at, step) in self.scenario.steps.iter().enumerate() {
            self.step = at;
            match self.act(step) {
                Ok(()) => self.forbid_raising(),
                Err(thrown) => self.emit(What::Raised { exception: thrown.exception }, thrown.why, None),
            }
            if self.stopped {
                return;
            }
        }
    }

    /// Records an event and the clause that demands it.
    pub(super) fn emit(&mut self, what: What, demand: ClauseId, flags: Option<ClauseId>) {
        if self.stopped {
            return;
        }
        let sends = matches!(what, What::Hook { hook: Hook::Send, .. } | What::Socket { call: SocketCall::Send, .. });
        let demand = self.excused(demand);
        let event = Event { depth: self.depth, what };
        let longer = self.longer.filter(|_| sends && self.taint.is_none());
        self.prediction.events.push(Expected {
            step: self.step,
            event,
            demand,
            flags: flags.unwrap_or(demand),
            longer,
        });
    }

    /// Notes that a clause forbids a further event here.
    pub(super) fn forbid(&mut self, pattern: Pattern, clause: ClauseId) {
        if self.stopped {
            return;
        }
        let at = self.prediction.events.len();
        let clause = self.excused(clause);
        let depth = self.depth;
        self.prediction.guards.push(Guard { at, step: self.step, pattern, clause, depth, lasting: false });
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
        self.forbid(Pattern::Raised, taint.filter(|why| *why != id("OUTPUT-14")).unwrap_or(id("ERROR-4")));
        self.taint = taint;
    }

    /// Names the clause to blame: in the wake of an accident, the accident's in the place of one that must hold.
    fn excused(&self, clause: ClauseId) -> ClauseId {
        match self.taint {
            Some(accident) if crate::clause::is_must(clause) => accident,
            _ => clause,
        }
    }

    /// Says that from here on everything follows from an accident: what differs is blamed on its clause alone.
    ///
    /// A port that does not share the accident must not be accused of breaking what comes after it.
    pub(super) fn accident(&mut self, clause: ClauseId) {
        self.taint.get_or_insert(clause);
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

    pub(super) fn chat(&mut self, name: Name) -> &mut Chat {
        let at = self.chats.iter().position(|chat| chat.name == name);
        &mut self.chats[at.expect("scenarios are checked before they are predicted")]
    }

    pub(super) fn producer(&mut self, name: Name) -> &mut Producer {
        let at = self.producers.iter().position(|producer| producer.name == name);
        &mut self.producers[at.expect("scenarios are checked before they are predicted")]
    }

    /// Says whether the `more` of some producer is under way.
    pub(super) fn asking(&self) -> bool {
        self.producers.iter().any(|producer| producer.asked)
    }

    fn fifo(&mut self, name: Name) -> &mut Fifo {
        let at = self.fifos.iter().position(|fifo| fifo.name == name);
        &mut self.fifos[at.expect("scenarios are checked before they are predicted")]
    }

    /// Calls a hook: records it, lets it react, and then does what the class does.
    ///
    /// `skipped` is what the call gives when the reaction returns without the class's own method.
    pub(super) fn hook<T>(&mut self, call: Call, body: impl FnOnce(&mut Self) -> Outcome<T>, skipped: T) -> Outcome<T> {
        let Call { on, hook, arg, demand, escape } = call;
        let (flags, why) = if hook.carries_flags() {
            let chat = self.chat(on);
            (Some(chat.flags()), Some(chat.flags_why))
        } else {
            (None, None)
        };
        self.emit(What::Hook { on, hook, arg, flags }, demand, why);
        self.depth += 1;
        let result = match self.react(on, hook, escape) {
            Ok(true) => body(self),
            Ok(false) => Ok(skipped),
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
            Ending::Raise { exception } => Err(Thrown { exception: exception.clone(), why: escape }),
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

    fn result(&mut self, value: Value, demand: ClauseId) {
        self.emit(What::Result { value }, demand, None);
    }

    /// Does one action of the scenario.
    fn act(&mut self, action: &Action) -> Outcome<()> {
        match action {
            Action::Recv { chan, input } => {
                self.chat(*chan).socket.inputs.push_back(input.clone());
                self.handle_read(*chan)
            }
            Action::HandleRead { chan } => self.handle_read(*chan),
            Action::HandleWrite { chan } => self.handle_write(*chan),
            Action::Push { chan, data } => self.push(*chan, data),
            Action::PushWithProducer { chan, producer: Item::Producer { name } } => self.push_producer(*chan, *name),
            Action::PushWithProducer { chan, producer: Item::Value { value } } => self.push_value(*chan, value),
            Action::CloseWhenDone { chan } => {
                self.close_when_done(*chan);
                Ok(())
            }
            Action::InitiateSend { chan } => self.initiate_send(*chan, id("OUTPUT-21")),
            Action::RefillBuffer { chan } => self.refill_buffer(*chan, id("OUTPUT-39")),
            Action::SetTerminator { chan, terminator } => self.set_terminator(*chan, terminator),
            Action::GetTerminator { chan } => self.get_terminator(*chan),
            Action::DiscardBuffers { chan } => {
                self.discard_buffers(*chan);
                Ok(())
            }
            Action::Close { chan } => self.close(*chan, id("CLOSE-2")),
            Action::Connect { chan } => self.connect(*chan),
            Action::Readable { chan } => {
                let (value, why) = self.readable(*chan);
                self.result(Value::bool(value), why);
                Ok(())
            }
            Action::Writable { chan } => {
                let (value, why) = self.writable(*chan);
                self.result(Value::bool(value), why);
                Ok(())
            }
            Action::GetData { chan } => {
                let data = std::mem::take(&mut self.chat(*chan).incoming);
                self.result(Value::bytes(data), id("INPUT-45"));
                Ok(())
            }
            Action::BufferSizes { chan } => {
                let sizes = self.chat(*chan).sizes.map(|size| Value::int(i64::from(size)));
                self.result(Value::List { items: sizes.to_vec() }, id("INPUT-52"));
                Ok(())
            }
            Action::More { producer } => self.call_more(*producer),
            Action::FindPrefixAtEnd { haystack, needle } => self.find_prefix(haystack, needle),
            _ => self.fifo_act(action),
        }
    }

    fn get_terminator(&mut self, chan: Name) -> Outcome<()> {
        let chat = self.chat(chan);
        // What is shown while data are being collected depends on when they are counted.
        let counted = chat.collecting && matches!(chat.terminator, Some(Value::Int { .. }));
        let why = if counted { id("INPUT-18") } else { chat.terminator_why };
        match chat.terminator.clone() {
            Some(value) => {
                self.result(value, why);
                Ok(())
            }
            None => thrown("AttributeError", id("INPUT-32")),
        }
    }

    fn call_more(&mut self, producer: Name) -> Outcome<()> {
        let why = self.producer(producer).why();
        let value = self.more(producer, why)?;
        self.result(value, why);
        Ok(())
    }

    fn find_prefix(&mut self, haystack: &Value, needle: &Value) -> Outcome<()> {
        match super::prefix::find(haystack, needle) {
            Some((length, why)) => self.result(Value::int(length), why),
            None => self.unspecified("the spec speaks of strings of one type only"),
        }
        Ok(())
    }

    fn fifo_act(&mut self, action: &Action) -> Outcome<()> {
        let (value, why) = match action {
            Action::FifoPush { fifo, item } => {
                self.fifo(*fifo).push(item.clone());
                return Ok(());
            }
            Action::FifoPop { fifo } => self.fifo(*fifo).pop(),
            Action::FifoFirst { fifo } => self.fifo(*fifo).first()?,
            Action::FifoIsEmpty { fifo } => self.fifo(*fifo).is_empty(),
            Action::FifoLen { fifo } => self.fifo(*fifo).len(),
            Action::FifoGiven { fifo } => self.fifo(*fifo).given(),
            _ => unreachable!("every other action is handled before"),
        };
        self.result(value, why);
        Ok(())
    }
}

/// Describes one call of a hook.
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

impl Chat {
    pub(super) fn flags(&self) -> Flags {
        Flags { connected: self.connected, accepting: false, connecting: self.connecting }
    }
}
