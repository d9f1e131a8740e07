//! A loop without a kernel: what waits report and what sockets do is written down beforehand.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use asyncore_reference::{
    Accepted, Address, AskedList, Channel, Class, Core, Exception, Family, Flags, Kind, Map, Profile, Ready, Socket,
    System, chat, dispatcher, file, with_send,
};

use crate::support::{Log, name, quote};

/// Waits as it was told, and records what it was asked.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) log: Log,
    /// What the waits were asked, in order.
    pub(crate) lists: RefCell<Vec<AskedList>>,
    reports: RefCell<VecDeque<Result<Vec<Ready>, Exception>>>,
    sockets: RefCell<VecDeque<Rc<Plug>>>,
}

impl World {
    /// Creates a world and an empty map in it.
    pub(crate) fn new(profile: Profile) -> (Rc<Self>, Map) {
        let world = Rc::new(Self::default());
        let map = Map::with_system(profile, Rc::clone(&world) as Rc<dyn System>);
        (world, map)
    }

    /// Sets what the next wait that has nothing set will report.
    pub(crate) fn report(&self, ready: &[(i32, Flags)]) {
        let ready = ready.iter().map(|&(fd, flags)| Ready { fd, flags }).collect();
        self.reports.borrow_mut().push_back(Ok(ready));
    }

    pub(crate) fn wait_fails(&self, errno: i32) {
        self.reports.borrow_mut().push_back(Err(Exception::Os(errno)));
    }

    /// Makes a socket under a descriptor that the program chooses.
    pub(crate) fn plug(&self, fd: i32) -> Rc<Plug> {
        Rc::new(Plug { fd, log: self.log.clone(), ..Plug::default() })
    }

    /// Sets what the next `create_socket` will get.
    pub(crate) fn creates(&self, plug: &Rc<Plug>) {
        self.sockets.borrow_mut().push_back(Rc::clone(plug));
    }

    /// Returns the calls since the last time without the waits, and forgets them all.
    pub(crate) fn calls(&self) -> String {
        let calls = self.log.take();
        let wait = |line: &&str| line.starts_with("select") || line.starts_with("poll");
        calls.lines().filter(|line| !wait(line)).collect::<Vec<_>>().join(" | ")
    }

    fn next(&self, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        let report = self.reports.borrow_mut().pop_front();
        ready.extend(report.unwrap_or(Ok(Vec::new()))?);
        Ok(())
    }
}

impl System for World {
    fn select(&self, list: &AskedList, timeout: Option<f64>, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        let of = |flag| list.iter().filter(|asked| asked.flags.any(flag)).map(|asked| asked.fd).collect::<Vec<_>>();
        let (r, w, e) = (of(Flags::IN), of(Flags::OUT), of(Flags::PRI));
        self.log.add(format!("select {r:?} {w:?} {e:?} {timeout:?}"));
        self.lists.borrow_mut().push(list.clone());
        self.next(ready)
    }

    fn poll(&self, list: &AskedList, timeout: Option<i64>, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        let asked = list.iter().map(|asked| format!(" {}:{}", asked.fd, asked.flags)).collect::<String>();
        self.log.add(format!("poll{asked} {timeout:?}"));
        self.lists.borrow_mut().push(list.clone());
        self.next(ready)
    }

    fn sleep(&self, seconds: f64) -> Result<(), Exception> {
        self.log.add(format!("sleep {seconds}"));
        Ok(())
    }

    fn socket(&self, family: Family, kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
        self.log.add(format!("socket {family:?} {kind:?}"));
        Ok(self.sockets.borrow_mut().pop_front().expect("a socket was made"))
    }
}

type Outcomes<T> = RefCell<VecDeque<Result<T, Exception>>>;

/// A socket, or a file, that does what it was told.
#[derive(Default)]
pub(crate) struct Plug {
    fd: i32,
    log: Log,
    pub(crate) peer: Cell<Option<i32>>,
    pub(crate) error: Cell<i32>,
    pub(crate) fails: RefCell<HashMap<&'static str, VecDeque<Exception>>>,
    pub(crate) recvs: Outcomes<&'static str>,
    pub(crate) sends: Outcomes<usize>,
    pub(crate) accepts: Outcomes<Rc<Self>>,
    pub(crate) duplicates: RefCell<Vec<Rc<Self>>>,
}

impl Plug {
    /// Makes a method fail, once.
    pub(crate) fn fail(&self, method: &'static str, error: impl Into<Exception>) {
        self.fails.borrow_mut().entry(method).or_default().push_back(error.into());
    }

    fn call(&self, method: &'static str, shown: &str) -> Result<(), Exception> {
        self.log.add(format!("{}.{method}{shown}", self.fd));
        let failure = self.fails.borrow_mut().get_mut(method).and_then(VecDeque::pop_front);
        failure.map_or(Ok(()), Err)
    }
}

fn eagain() -> Exception {
    Exception::Os(asyncore_reference::errno::EAGAIN)
}

impl Socket for Plug {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        self.call("recv", "")?;
        let data = self.recvs.borrow_mut().pop_front().unwrap_or_else(|| Err(eagain()))?;
        assert!(data.len() <= max);
        into.extend_from_slice(data.as_bytes());
        Ok(data.len())
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        self.call("send", &format!(" {}", quote(&data[..data.len().min(20)])))?;
        self.sends.borrow_mut().pop_front().unwrap_or(Ok(data.len()))
    }

    fn close(&self) -> Result<(), Exception> {
        self.call("close", "")
    }

    fn connect(&self, _address: &Address) -> Result<i32, Exception> {
        self.call("connect", "")?;
        Ok(self.error.get())
    }

    fn take_error(&self) -> Result<i32, Exception> {
        self.call("take_error", "")?;
        Ok(self.error.take())
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        match self.peer.get() {
            None => Ok(Address::Unix("peer".into())),
            Some(errno) => Err(Exception::Os(errno)),
        }
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        self.call("set_nonblocking", "")
    }

    fn fileno(&self) -> Result<i32, Exception> {
        Ok(self.fd)
    }

    fn bind(&self, address: &Address) -> Result<(), Exception> {
        self.call("bind", &format!(" {address}"))
    }

    fn listen(&self, backlog: i32) -> Result<(), Exception> {
        self.call("listen", &format!(" {backlog}"))
    }

    fn accept(&self) -> Result<Accepted, Exception> {
        self.call("accept", "")?;
        let socket = self.accepts.borrow_mut().pop_front().unwrap_or_else(|| Err(eagain()))?;
        Ok((socket, Address::Unix("client".into())))
    }

    fn set_reuse_addr(&self) -> Result<(), Exception> {
        self.call("set_reuse_addr", "")
    }

    fn dup(&self) -> Result<Rc<dyn Socket>, Exception> {
        self.call("dup", "")?;
        let duplicate = Rc::new(Self { fd: self.fd + 100, log: self.log.clone(), ..Self::default() });
        self.duplicates.borrow_mut().push(Rc::clone(&duplicate));
        Ok(duplicate)
    }
}

/// What a node does, besides recording, when a method is called.
type Reaction = Box<dyn Fn(&Node) -> Result<(), Exception>>;

/// A channel that records what is called, and then does what it was told, or what its class does.
pub(crate) struct Node {
    core: Core,
    pub(crate) name: &'static str,
    log: Log,
    /// What `readable` and `writable` say, where the class is not asked.
    pub(crate) wants: Cell<(Option<bool>, Option<bool>)>,
    /// Whether predicates are recorded.
    pub(crate) asked: Cell<bool>,
    reactions: RefCell<HashMap<&'static str, VecDeque<Reaction>>>,
}

impl Node {
    /// Makes a node that is in no map yet.
    pub(crate) fn bare(class: Class, name: &'static str, world: &World, map: &Map) -> Self {
        Self {
            core: Core::new(class, map.profile()).in_map(map),
            name,
            log: world.log.clone(),
            wants: Cell::default(),
            asked: Cell::new(false),
            reactions: RefCell::default(),
        }
    }

    /// Makes a dispatcher with a connected socket, and forgets what that took.
    pub(crate) fn new(name: &'static str, fd: i32, world: &World, map: &Map) -> Rc<Self> {
        Self::of(Class::Dispatcher, name, &world.plug(fd), world, map)
    }

    pub(crate) fn of(class: Class, name: &'static str, plug: &Rc<Plug>, world: &World, map: &Map) -> Rc<Self> {
        let node = dispatcher::init(Self::bare(class, name, world, map), Some(Rc::clone(plug) as Rc<dyn Socket>));
        world.log.take();
        node.expect("the plug does not fail")
    }

    /// Adds a reaction to the next call of a method that has none.
    pub(crate) fn on(&self, method: &'static str, reaction: impl Fn(&Self) -> Result<(), Exception> + 'static) {
        let mut reactions = self.reactions.borrow_mut();
        reactions.entry(method).or_default().push_back(Box::new(reaction));
    }

    /// Makes the next call of a method raise.
    pub(crate) fn raises(&self, method: &'static str, exception: Exception) {
        self.on(method, move |_| Err(exception.clone()));
    }

    fn call(
        &self,
        method: &'static str,
        shown: &str,
        otherwise: impl FnOnce() -> Result<(), Exception>,
    ) -> Result<(), Exception> {
        self.log.add(format!("{}.{method}{shown}", self.name));
        let reaction = self.reactions.borrow_mut().get_mut(method).and_then(VecDeque::pop_front);
        reaction.map_or_else(otherwise, |reaction| reaction(self))
    }

    fn predicate(&self, method: &'static str) -> Result<(), Exception> {
        if self.asked.get() {
            self.log.add(format!("{}.{method}", self.name));
        }
        let reaction = self.reactions.borrow_mut().get_mut(method).and_then(VecDeque::pop_front);
        reaction.map_or(Ok(()), |reaction| reaction(self))
    }

    fn is_chat(&self) -> bool {
        self.core.class() == Class::Chat
    }
}

impl Channel for Node {
    fn core(&self) -> &Core {
        &self.core
    }

    fn readable(&self) -> Result<bool, Exception> {
        self.predicate("readable")?;
        self.wants.get().0.map_or_else(|| if self.is_chat() { chat::readable(self) } else { Ok(true) }, Ok)
    }

    fn writable(&self) -> Result<bool, Exception> {
        self.predicate("writable")?;
        self.wants.get().1.map_or_else(
            || match self.core.class() {
                Class::Chat => chat::writable(self),
                Class::WithSend => with_send::writable(self),
                _ => Ok(true),
            },
            Ok,
        )
    }

    fn handle_read(&self) -> Result<(), Exception> {
        self.call("handle_read", "", || if self.is_chat() { chat::handle_read(self) } else { Ok(()) })
    }

    fn handle_write(&self) -> Result<(), Exception> {
        self.call("handle_write", "", || match self.core.class() {
            Class::Chat => chat::handle_write(self),
            Class::WithSend => with_send::handle_write(self),
            _ => Ok(()),
        })
    }

    fn handle_expt(&self) -> Result<(), Exception> {
        self.call("handle_expt", "", || Ok(()))
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.call("handle_close", "", || self.close())
    }

    fn handle_error(&self, exception: &Exception) -> Result<(), Exception> {
        self.call("handle_error", &format!(" {}", name(exception)), || Ok(()))
    }

    fn handle_connect(&self) -> Result<(), Exception> {
        self.call("handle_connect", &format!(" {}", self.core.connected()), || Ok(()))
    }

    fn handle_accept(&self) -> Result<(), Exception> {
        self.call("handle_accept", "", || dispatcher::handle_accept(self))
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, addr: &Address) -> Result<(), Exception> {
        self.call("handle_accepted", &format!(" {addr}"), || dispatcher::handle_accepted(self, &*socket))
    }

    fn close(&self) -> Result<(), Exception> {
        self.call("close", "", || dispatcher::close(self))
    }

    fn log_info(&self, message: &str, kind: &str) -> Result<(), Exception> {
        self.log.add(format!("{kind}: {message}"));
        Ok(())
    }
}

/// Makes a node around a file.
pub(crate) fn around(plug: &Rc<Plug>, world: &World, map: &Map) -> Result<Rc<Node>, Exception> {
    file::init(Node::bare(Class::File, "f", world, map), Rc::clone(plug) as Rc<dyn Socket>)
}
