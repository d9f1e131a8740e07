//! One run of one scenario: the things it sets up, and who they are.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use asyncore_reference::{Channel, Exception, Fifo, FileWrapper, Map, Profile, Socket, System};
use asyncore_spec::dispatcher::DispatcherOptions;
use asyncore_spec::name::Name;
use asyncore_spec::value::Value;

use super::dispatcher::Dispatcher;
use super::producer::ScriptedProducer;
use super::real::Conversation;
use super::record::Record;
use super::socket::Recorded;
use super::waits::{RealWaits, Waits};

/// Scenarios are checked before they run, so that whatever they name is there.
pub(super) const CHECKED: &str = "scenarios are checked before they run";

/// A fifo under test, and the list that its constructor was given.
pub(super) type FifoUnderTest = (Name, RefCell<Fifo<Value>>, Vec<Value>);

/// A channel that has been constructed.
pub(super) struct Constructed {
    pub(super) name: Name,
    pub(super) channel: Rc<dyn Channel>,
    /// The same, if it is no `async_chat`.
    pub(super) dispatcher: Option<Rc<Dispatcher>>,
}

/// Holds everything that exists while a scenario runs.
pub(super) struct World {
    pub(super) profile: Profile,
    pub(super) record: Record,
    pub(super) waits: Waits,
    pub(super) channels: RefCell<Vec<Constructed>>,
    /// The dispatchers of the set-up, constructed or not.
    pub(super) dispatchers: RefCell<Vec<(Name, DispatcherOptions)>>,
    /// Sockets and files by the names of what they belong to, and by their own.
    pub(super) sockets: RefCell<Vec<(Name, Rc<Recorded>)>>,
    pub(super) wrappers: RefCell<Vec<(Name, Rc<FileWrapper>)>>,
    pub(super) producers: RefCell<Vec<Rc<ScriptedProducer>>>,
    pub(super) fifos: RefCell<Vec<FifoUnderTest>>,
    /// Who has, or had, which descriptor.
    owned: RefCell<Vec<(Name, i32)>>,
    /// The channel whose `create_socket` is under way.
    pub(super) creating: Cell<Option<Name>>,
    /// The maps by name; that without one is the default map.
    maps: RefCell<Vec<(Option<Name>, Map)>>,
    /// What a scenario on real sockets has besides.
    pub(super) conversation: Option<Conversation>,
    numbers: Cell<i32>,
}

/// The descriptors that nobody chose begin here, above all that a scenario can choose.
const FIRST_NUMBER: i32 = 1 << 20;

/// Is a world that lets go of everything when it is dropped, as the parts hold each other.
pub(super) struct Held(pub(super) Rc<World>);

impl Drop for Held {
    fn drop(&mut self) {
        let world = &self.0;
        world.waits.forget();
        drop((
            world.maps.take(),
            world.channels.take(),
            world.sockets.take(),
            world.wrappers.take(),
            world.producers.take(),
        ));
    }
}

impl World {
    pub(super) fn new(profile: Profile, conversation: Option<Conversation>) -> Rc<Self> {
        Rc::new(Self {
            profile,
            record: Record::default(),
            waits: Waits::default(),
            channels: RefCell::default(),
            dispatchers: RefCell::default(),
            sockets: RefCell::default(),
            wrappers: RefCell::default(),
            producers: RefCell::default(),
            fifos: RefCell::default(),
            owned: RefCell::default(),
            creating: Cell::new(None),
            maps: RefCell::default(),
            conversation,
            numbers: Cell::new(FIRST_NUMBER),
        })
    }

    /// Gives a descriptor's number that nothing else has.
    pub(super) fn next_number(&self) -> i32 {
        self.numbers.replace(self.numbers.get() + 1)
    }

    /// Gives the channel of a name, if it has been constructed.
    pub(super) fn channel(&self, name: Name) -> Option<Rc<dyn Channel>> {
        let channels = self.channels.borrow();
        channels.iter().find(|known| known.name == name).map(|known| Rc::clone(&known.channel))
    }

    /// Gives the dispatcher of a name, if it has been constructed.
    pub(super) fn dispatcher(&self, name: Name) -> Option<Rc<Dispatcher>> {
        let channels = self.channels.borrow();
        channels.iter().find(|known| known.name == name)?.dispatcher.clone()
    }

    /// Gives the socket or file that belongs to a name.
    pub(super) fn script(&self, name: Name) -> Option<Rc<Recorded>> {
        let sockets = self.sockets.borrow();
        sockets.iter().find(|(other, _)| *other == name).map(|(_, socket)| Rc::clone(socket))
    }

    /// Gives the socket of a name, which a scripted one always has.
    pub(super) fn socket(&self, name: Name) -> Result<Rc<Recorded>, Exception> {
        let problem = || match &self.conversation {
            Some(conversation) => conversation.fail(format!("{name} is no socket yet")),
            None => Exception::other("Unsupported", format!("{name} has no socket")),
        };
        self.script(name).ok_or_else(problem)
    }

    pub(super) fn wrapper(&self, name: Name) -> Option<Rc<FileWrapper>> {
        let wrappers = self.wrappers.borrow();
        wrappers.iter().find(|(other, _)| *other == name).map(|(_, wrapper)| Rc::clone(wrapper))
    }

    pub(super) fn producer(&self, name: Name) -> Rc<ScriptedProducer> {
        let producers = self.producers.borrow();
        Rc::clone(producers.iter().find(|producer| producer.name == name).expect(CHECKED))
    }

    /// Finds what records behind a socket that the reference gave back.
    pub(super) fn recorded(&self, socket: &Rc<dyn Socket>) -> Option<Rc<Recorded>> {
        let sockets = self.sockets.borrow();
        let same = |known: &Rc<Recorded>| std::ptr::addr_eq(Rc::as_ptr(known), Rc::as_ptr(socket));
        sockets.iter().find(|(_, known)| same(known)).map(|(_, known)| Rc::clone(known))
    }

    /// Gives a map, which is made when it is first spoken of; none means the default one.
    pub(super) fn map(self: &Rc<Self>, name: Option<Name>) -> Map {
        let mut maps = self.maps.borrow_mut();
        if let Some((_, map)) = maps.iter().find(|(other, _)| *other == name) {
            return map.clone();
        }
        let system: Rc<dyn System> = match &self.conversation {
            None => Rc::clone(self) as Rc<dyn System>,
            Some(_) => Rc::new(RealWaits::new(self)),
        };
        let map = Map::with_system(self.profile, system);
        maps.push((name, map.clone()));
        map
    }

    /// Names a channel.
    pub(super) fn name_of(&self, channel: &dyn Channel) -> Option<Name> {
        let channels = self.channels.borrow();
        let same = |known: &&Constructed| std::ptr::addr_eq(Rc::as_ptr(&known.channel), channel);
        channels.iter().find(same).map(|known| known.name)
    }

    /// Notes that a channel has a descriptor.
    pub(super) fn owns(&self, name: Name, number: i32) {
        self.owned.borrow_mut().push((name, number));
    }

    /// Names the channel constructed last of those that have, or had, a descriptor.
    pub(super) fn last_with(&self, number: i32) -> Option<Name> {
        let (channels, owned) = (self.channels.borrow(), self.owned.borrow());
        channels.iter().rev().map(|known| known.name).find(|name| owned.contains(&(*name, number)))
    }
}
