//! One run of one scenario: the things it sets up, and the record of what happens to them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use asyncore_reference::{
    Address, Channel, Class, Core, Exception, Fifo, Item as Queued, Producer, Profile, SimpleProducer,
    find_prefix_at_end,
};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, ChatOptions, Ending, Hook, Item, Scenario, Setup};
use asyncore_spec::trace::{Arg, Event, Flags, What};
use asyncore_spec::value::Value;

use super::channel::Recorder;
use super::convert;
use super::socket::{ScriptedProducer, ScriptedSocket, SharedProducer, Source, ending};

/// A fifo under test, and the list that its constructor was given.
type FifoUnderTest = (Name, RefCell<Fifo<Value>>, Vec<Value>);

/// A reaction: where, which call, what.
struct Reaction {
    hook: (Name, Hook),
    nth: u32,
    actions: Vec<Action>,
    ending: Ending,
}

/// Holds everything that exists while a scenario runs.
#[derive(Default)]
pub(super) struct World {
    channels: RefCell<Vec<Rc<Recorder>>>,
    producers: RefCell<Vec<SharedProducer>>,
    fifos: RefCell<Vec<FifoUnderTest>>,
    reactions: RefCell<Vec<Reaction>>,
    calls: RefCell<Vec<((Name, Hook), u32)>>,
    events: RefCell<Vec<Event>>,
    depth: Cell<u16>,
}

impl World {
    /// Sets up what the scenario names.
    pub(super) fn new(scenario: &Scenario, profile: Profile) -> Result<Rc<Self>, Exception> {
        let world = Rc::new(Self::default());
        for setup in &scenario.setup {
            world.set_up(setup, profile)?;
        }
        Ok(world)
    }

    /// Lets go of everything, as the parts hold each other.
    pub(super) fn dissolve(&self) {
        self.channels.take();
        self.producers.take();
    }

    fn set_up(self: &Rc<Self>, setup: &Setup, profile: Profile) -> Result<(), Exception> {
        match setup {
            Setup::Chat { name, options } => {
                let channel = self.make_channel(*name, options, profile)?;
                self.channels.borrow_mut().push(channel);
            }
            Setup::Producer { name, results, .. } => {
                let bytes = results.iter().map(|result| match result {
                    Value::Bytes { hex } => hex.0.clone(),
                    _ => Vec::new(),
                });
                self.add_producer(*name, Source::Own(RefCell::new(bytes.collect())));
            }
            Setup::SimpleProducer { name, data, buffer_size } => {
                let simple = match buffer_size {
                    Some(size) => SimpleProducer::with_buffer_size(data.0.clone(), *size as usize),
                    None => SimpleProducer::new(data.0.clone()),
                };
                self.add_producer(*name, Source::Simple(simple));
            }
            Setup::Fifo { name, items } => {
                let given = items.clone().unwrap_or_default();
                self.fifos.borrow_mut().push((*name, RefCell::new(Fifo::from(&given[..])), given));
            }
            Setup::Sends { chan, outcomes } => self.channel(*chan).socket.outcomes.borrow_mut().extend(outcomes),
            Setup::Reaction { on, hook, nth, actions, ending } => self.reactions.borrow_mut().push(Reaction {
                hook: (*on, *hook),
                nth: *nth,
                actions: actions.clone(),
                ending: ending.clone(),
            }),
        }
        Ok(())
    }

    fn make_channel(
        self: &Rc<Self>,
        name: Name,
        options: &ChatOptions,
        profile: Profile,
    ) -> Result<Rc<Recorder>, Exception> {
        let socket = Rc::new(ScriptedSocket::new(Rc::downgrade(self), name));
        let core = if options.unconnected {
            let core = Core::new(Class::Chat, profile);
            core.set_socket(socket.clone());
            core
        } else {
            Core::with_socket(Class::Chat, profile, socket.clone())?
        };
        if let Some(size) = options.ac_in_buffer_size {
            core.set_ac_in_buffer_size(size as usize);
        }
        if let Some(size) = options.ac_out_buffer_size {
            core.set_ac_out_buffer_size(size as usize);
        }
        let ChatOptions { bare, gather, .. } = *options;
        let channel = Rc::new(Recorder { world: Rc::downgrade(self), name, core, socket, bare, gather });
        if let Some(terminator) = &options.terminator {
            channel.set_terminator(convert::terminator(terminator))?;
        }
        Ok(channel)
    }

    fn add_producer(self: &Rc<Self>, name: Name, source: Source) {
        let producer = ScriptedProducer { world: Rc::downgrade(self), name, source };
        self.producers.borrow_mut().push(Rc::new(producer));
    }

    fn channel(&self, name: Name) -> Rc<Recorder> {
        let channels = self.channels.borrow();
        let found = channels.iter().find(|channel| channel.name == name);
        Rc::clone(found.expect("scenarios are checked before they run"))
    }

    fn producer(&self, name: Name) -> SharedProducer {
        let producers = self.producers.borrow();
        let found = producers.iter().find(|producer| producer.name == name);
        Rc::clone(found.expect("scenarios are checked before they run"))
    }

    /// Runs one step and gives its events.
    pub(super) fn step(&self, action: &Action) -> Vec<Event> {
        if let Err(raised) = self.act(action) {
            self.depth.set(0);
            self.record(What::Raised { exception: convert::exception(&raised) });
        }
        self.events.take()
    }

    /// Records an event at the present depth.
    pub(super) fn record(&self, what: What) {
        self.events.borrow_mut().push(Event { depth: self.depth.get(), what });
    }

    /// Records the call of a hook, lets it react, and then does what the class does.
    pub(super) fn hook<T>(
        &self,
        hook: (Name, Hook),
        arg: Option<Arg>,
        flags: Option<Flags>,
        body: impl FnOnce() -> Result<T, Exception>,
        skipped: impl FnOnce() -> T,
    ) -> Result<T, Exception> {
        self.record(What::Hook { on: hook.0, hook: hook.1, arg, flags });
        let depth = self.depth.get();
        self.depth.set(depth + 1);
        let result = self.react(hook).and_then(|goes_on| if goes_on { body() } else { Ok(skipped()) });
        self.depth.set(depth);
        result
    }

    /// Does what the scenario says that this call does; says whether the class's own method follows.
    fn react(&self, hook: (Name, Hook)) -> Result<bool, Exception> {
        if self.reactions.borrow().is_empty() {
            return Ok(true);
        }
        let nth = self.count(hook);
        let found = self
            .reactions
            .borrow()
            .iter()
            .find(|r| r.hook == hook && r.nth == nth)
            .map(|reaction| (reaction.actions.clone(), reaction.ending.clone()));
        let Some((actions, end)) = found else { return Ok(true) };
        actions.iter().try_for_each(|action| self.act(action))?;
        ending(&end)
    }

    fn count(&self, hook: (Name, Hook)) -> u32 {
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

    fn result(&self, value: Value) {
        self.record(What::Result { value });
    }

    fn act(&self, action: &Action) -> Result<(), Exception> {
        match action {
            Action::Recv { chan, input } => {
                let channel = self.channel(*chan);
                channel.socket.inputs.borrow_mut().push_back(input.clone());
                channel.handle_read()
            }
            Action::HandleRead { chan } => self.channel(*chan).handle_read(),
            Action::HandleWrite { chan } => self.channel(*chan).handle_write(),
            Action::Push { chan, data: Value::Bytes { hex } } => self.channel(*chan).push(hex),
            Action::PushWithProducer { chan, producer: Item::Producer { name } } => {
                self.channel(*chan).push_with_producer(Queued::from(self.producer(*name)))
            }
            Action::CloseWhenDone { chan } => self.channel(*chan).close_when_done(),
            Action::InitiateSend { chan } => self.channel(*chan).initiate_send(),
            Action::RefillBuffer { chan } => self.channel(*chan).refill_buffer(),
            Action::SetTerminator { chan, terminator } => {
                self.channel(*chan).set_terminator(convert::terminator(terminator))
            }
            Action::DiscardBuffers { chan } => self.channel(*chan).discard_buffers(),
            Action::Close { chan } => self.channel(*chan).close(),
            Action::Connect { chan } => self.channel(*chan).connect(&Address::Unix("peer".into())),
            _ => {
                let value = self.ask(action)?;
                if let Some(value) = value {
                    self.result(value);
                }
                Ok(())
            }
        }
    }

    /// Does the actions that give something back.
    fn ask(&self, action: &Action) -> Result<Option<Value>, Exception> {
        Ok(Some(match action {
            Action::GetTerminator { chan } => convert::value(&self.channel(*chan).get_terminator()?),
            Action::Readable { chan } => Value::bool(self.channel(*chan).readable()),
            Action::Writable { chan } => Value::bool(self.channel(*chan).writable()),
            Action::GetData { chan } => Value::bytes(self.channel(*chan).core.get_data()),
            Action::BufferSizes { chan } => {
                let core = &self.channel(*chan).core;
                let sizes = [core.ac_in_buffer_size(), core.ac_out_buffer_size()];
                Value::List { items: sizes.map(|size| Value::int(i64::try_from(size).unwrap_or(i64::MAX))).to_vec() }
            }
            Action::More { producer } => Value::bytes(self.producer(*producer).more()?),
            Action::FindPrefixAtEnd {
                haystack: Value::Bytes { hex: haystack },
                needle: Value::Bytes { hex: needle },
            } => Value::int(find_prefix_at_end(haystack, needle) as i64),
            _ => return self.ask_fifo(action),
        }))
    }

    fn ask_fifo(&self, action: &Action) -> Result<Option<Value>, Exception> {
        let (Action::FifoPush { fifo, .. }
        | Action::FifoPop { fifo }
        | Action::FifoFirst { fifo }
        | Action::FifoIsEmpty { fifo }
        | Action::FifoLen { fifo }
        | Action::FifoGiven { fifo }) = action
        else {
            return Err(Exception::other("Unsupported", "the reference has no such values"));
        };
        let fifos = self.fifos.borrow();
        let (_, fifo, given) =
            fifos.iter().find(|(name, ..)| name == fifo).expect("scenarios are checked before they run");
        Ok(Some(match action {
            Action::FifoPush { item, .. } => {
                fifo.borrow_mut().push(item.clone());
                return Ok(None);
            }
            Action::FifoPop { .. } => match fifo.borrow_mut().pop() {
                Some(item) => Value::List { items: vec![Value::int(1), item] },
                None => Value::List { items: vec![Value::int(0), Value::None] },
            },
            Action::FifoFirst { .. } => fifo.borrow().first()?.clone(),
            Action::FifoIsEmpty { .. } => Value::bool(fifo.borrow().is_empty()),
            Action::FifoLen { .. } => Value::int(i64::try_from(fifo.borrow().len()).unwrap_or(i64::MAX)),
            _ => Value::List { items: given.clone() },
        }))
    }
}
