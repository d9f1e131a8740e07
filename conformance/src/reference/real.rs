//! Real sockets and files: where they come from, and whose they are.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use asyncore_reference::{Address, Exception, Family, Kind, NativeSystem, Profile, Socket, System};
use asyncore_spec::dispatcher::{CallReply, Given};
use asyncore_spec::name::Name;
use asyncore_spec::peer::Transport;
use asyncore_spec::scenario::{Scenario, Setup};
use asyncore_spec::trace::SocketCall;
use asyncore_spec::value::Value;

use super::socket::{Line, Recorded};
use super::world::World;
use crate::protocol::{Place, Places};

/// Is a real socket or file.
pub(super) struct Real {
    socket: Rc<dyn Socket>,
    /// Whether nobody said that it shall not block; the descriptors of one file share it.
    pub(super) blocking: Rc<Cell<bool>>,
    /// Whether it has been bound, or listens, or has an address all the same, as datagrams have.
    pub(super) bound: Cell<bool>,
}

impl Real {
    pub(super) fn new(socket: Rc<dyn Socket>) -> Self {
        Self { socket, blocking: Rc::new(Cell::new(true)), bound: Cell::new(false) }
    }

    pub(super) fn socket(&self) -> &dyn Socket {
        &*self.socket
    }

    /// Makes another descriptor of the same file.
    pub(super) fn duplicate(&self) -> Result<Self, Exception> {
        let duplicate = self.socket().dup()?;
        Ok(Self { blocking: Rc::clone(&self.blocking), ..Self::new(duplicate) })
    }

    /// Gives a socket that was accepted: until somebody says so it blocks, but never for long.
    pub(super) fn accept(&self) -> Result<(Self, Address), Exception> {
        let (socket, address) = self.socket().accept()?;
        socket.set_nonblocking()?;
        Ok((Self::new(socket), address))
    }
}

/// Holds what a scenario on real sockets has besides the things of every scenario.
pub(super) struct Conversation {
    transport: Transport,
    places: Places,
    /// The connections that are to be accepted: by whom, and their names.
    expected: RefCell<Vec<(Name, Name)>>,
    /// How many connections nobody has a name for.
    unnamed: Cell<u32>,
    /// Why the scenario cannot go on.
    pub(super) problem: RefCell<Option<String>>,
}

impl Conversation {
    /// Makes that of a scenario; none if its sockets are scripted ones.
    pub(super) fn of(scenario: &Scenario, places: &Places) -> Option<Self> {
        let transport = scenario.setup.iter().find_map(|setup| match setup {
            Setup::Over { transport } => Some(*transport),
            _ => None,
        })?;
        let expected = scenario.setup.iter().flat_map(|setup| match setup {
            Setup::Replies { on, call: SocketCall::Accept, replies } => named(*on, replies),
            _ => Vec::new(),
        });
        Some(Self {
            transport,
            places: places.clone(),
            expected: RefCell::new(expected.collect()),
            unnamed: Cell::new(0),
            problem: RefCell::default(),
        })
    }

    /// Notes why the scenario cannot go on, and gives an exception that says so.
    pub(super) fn fail(&self, problem: String) -> Exception {
        let exception = Exception::other("Unsupported", problem.clone());
        self.problem.borrow_mut().get_or_insert(problem);
        exception
    }

    /// Gives the address of a channel's peer.
    pub(super) fn peer(&self, name: Name) -> Result<Address, Exception> {
        let place = self.places.get(&name).ok_or_else(|| self.fail(format!("there is no place for {name}")))?;
        Ok(address_of(place))
    }

    /// Gives the address that a channel is bound to.
    pub(super) fn local(&self, name: Name) -> Result<Address, Exception> {
        self.peer(name).map(local_of)
    }

    /// Gives the word for an address: whatever is nobody's own is a peer's.
    pub(super) fn word(&self, address: &Address) -> &'static str {
        let local = self.places.values().any(|place| local_of(address_of(place)) == *address);
        if local { "local" } else { "peer" }
    }

    /// Names the connection that a channel has accepted.
    fn next_accepted(&self, by: Name, taken: impl Fn(Name) -> bool) -> Name {
        let mut expected = self.expected.borrow_mut();
        if let Some(at) = expected.iter().position(|(listener, _)| *listener == by) {
            return expected.remove(at).1;
        }
        loop {
            self.unnamed.set(self.unnamed.get() + 1);
            let name = Name::of(&format!("s{}", self.unnamed.get()));
            if !taken(name) {
                return name;
            }
        }
    }

    fn family_and_kind(&self) -> (Family, Kind) {
        match self.transport {
            Transport::Tcp6 => (Family::Inet6, Kind::Stream),
            Transport::Unix => (Family::Unix, Kind::Stream),
            Transport::Udp => (Family::Inet, Kind::Dgram),
            Transport::Tcp4 | Transport::Pipe => (Family::Inet, Kind::Stream),
        }
    }

    /// Makes the socket that a channel's constructor is given; none if it is given none.
    fn open(&self, name: Name, given: Given) -> Result<Option<Rc<dyn Socket>>, Exception> {
        let (family, kind) = self.family_and_kind();
        if given == Given::Nothing {
            return Ok(None);
        }
        let socket = NativeSystem::new(Profile::Py311).socket(family, kind)?;
        if given == Given::Connected {
            match socket.connect(&self.peer(name)?)? {
                0 => {}
                errno => return Err(Exception::Os(errno)),
            }
        }
        Ok(Some(socket))
    }

    /// Opens the reading end of a channel's pipe.
    fn open_pipe(&self, name: Name) -> Result<Rc<dyn Socket>, Exception> {
        let Some(Place::Pipe { path }) = self.places.get(&name) else {
            return Err(self.fail(format!("there is no pipe for {name}")));
        };
        open_pipe(path)
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        for place in self.places.values() {
            if let Address::Unix(path) = local_of(address_of(place)) {
                // It is there only if the channel was bound.
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

/// Opens the reading end of a named pipe, without waiting for one who writes.
#[cfg(unix)]
fn open_pipe(path: &str) -> Result<Rc<dyn Socket>, Exception> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = std::fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    Ok(Rc::new(asyncore_reference::NativeFile::new(file)))
}

#[cfg(not(unix))]
fn open_pipe(path: &str) -> Result<Rc<dyn Socket>, Exception> {
    Err(Exception::other("Unsupported", path))
}

fn named(by: Name, replies: &[CallReply]) -> Vec<(Name, Name)> {
    let named = replies.iter().filter_map(|reply| match reply {
        CallReply::Gives { socket } => Some((by, *socket)),
        _ => None,
    });
    named.collect()
}

fn address_of(place: &Place) -> Address {
    match place {
        Place::Inet { host, port } => Address::Ip((*host, *port).into()),
        Place::Inet6 { host, port } => Address::Ip((*host, *port).into()),
        Place::Unix { path } | Place::Pipe { path } => Address::Unix(path.into()),
    }
}

/// Gives what a channel is bound to whose peer is at an address.
fn local_of(peer: Address) -> Address {
    match peer {
        Address::Ip(mut address) => {
            address.set_port(0);
            Address::Ip(address)
        }
        Address::Unix(path) => {
            let mut path = path.into_os_string();
            path.push(".bound");
            Address::Unix(path.into())
        }
    }
}

/// Describes an address; none for a socket that has not been given one.
fn place_at(address: &Address) -> Option<Place> {
    use std::net::SocketAddr;
    match address {
        Address::Ip(SocketAddr::V4(address)) if address.port() != 0 => {
            Some(Place::Inet { host: *address.ip(), port: address.port() })
        }
        Address::Ip(SocketAddr::V6(address)) if address.port() != 0 => {
            Some(Place::Inet6 { host: *address.ip(), port: address.port() })
        }
        Address::Unix(path) => {
            let path = path.to_str().filter(|path| !path.is_empty())?;
            Some(Place::Unix { path: path.to_owned() })
        }
        Address::Ip(_) => None,
    }
}

/// Says whether a transport can be used on this machine.
pub(super) fn is_there(transport: Transport) -> bool {
    cfg!(unix)
        && (transport != Transport::Tcp6 || std::net::TcpListener::bind((std::net::Ipv6Addr::LOCALHOST, 0)).is_ok())
}

impl World {
    /// Makes the real socket or file that a line of the set-up needs.
    pub(super) fn prepare_real(self: &Rc<Self>, conversation: &Conversation, setup: &Setup) -> Result<(), Exception> {
        use asyncore_spec::dispatcher::Class;
        let (name, socket) = match setup {
            Setup::Chat { name, options } => {
                // One that is not connected gives up at once where it would wait for a connection.
                let given = if options.unconnected { Given::Peerless { errno: ENOTCONN } } else { Given::Connected };
                (*name, conversation.open(*name, given)?)
            }
            Setup::Dispatcher { name, options } if options.class == Class::File => {
                (*name, Some(conversation.open_pipe(*name)?))
            }
            Setup::Dispatcher { name, options } if options.on.is_none() => {
                (*name, conversation.open(*name, options.given)?)
            }
            Setup::Wrapper { name } => (*name, Some(conversation.open_pipe(*name)?)),
            Setup::Socket { name, peer: Some(errno), .. } => {
                (*name, conversation.open(*name, Given::Peerless { errno: *errno })?)
            }
            Setup::Socket { name, .. } => (*name, self.open_for_owner(conversation, *name)?),
            _ => return Ok(()),
        };
        if let Some(socket) = socket {
            self.add_real(name, socket);
        }
        Ok(())
    }

    /// Connects a socket of the scenario that nobody accepts and on which a channel is made.
    fn open_for_owner(
        self: &Rc<Self>,
        conversation: &Conversation,
        name: Name,
    ) -> Result<Option<Rc<dyn Socket>>, Exception> {
        let accepted = conversation.expected.borrow().iter().any(|(_, socket)| *socket == name);
        let owner =
            self.dispatchers.borrow().iter().find(|(_, options)| options.on == Some(name)).map(|(name, _)| *name);
        match owner.filter(|owner| !accepted && conversation.places.contains_key(owner)) {
            Some(owner) => conversation.open(owner, Given::Connected),
            None => Ok(None),
        }
    }

    /// Makes a real socket that of a name, in the place of any before it.
    pub(super) fn add_real(self: &Rc<Self>, name: Name, socket: Rc<dyn Socket>) -> Rc<Recorded> {
        let real = Real::new(socket);
        real.bound.set(self.conversation.as_ref().is_some_and(|it| it.transport == Transport::Udp));
        self.add_line(name, Line::Real(real))
    }

    fn add_line(self: &Rc<Self>, name: Name, line: Line) -> Rc<Recorded> {
        let recorded = Rc::new(Recorded::new(self, name, line));
        self.sockets.borrow_mut().insert(0, (name, Rc::clone(&recorded)));
        recorded
    }

    /// Makes what was accepted the socket that the scenario means.
    pub(super) fn accepted_by(self: &Rc<Self>, by: Name, real: Real) -> Rc<Recorded> {
        let taken = |name| self.script(name).is_some();
        let name = self.conversation.as_ref().map(|conversation| conversation.next_accepted(by, taken));
        self.add_line(name.unwrap_or(by), Line::Real(real))
    }

    /// Gives the word for an address.
    pub(super) fn address(&self, address: &Address) -> Value {
        Value::bytes(match &self.conversation {
            Some(conversation) => conversation.word(address),
            None if *address == super::convert::PEER => "peer",
            None if *address == super::convert::LOCAL => "local",
            None => "other",
        })
    }

    /// Closes a descriptor of which only the duplicate is used, as a program does that hands a file over.
    pub(super) fn release(&self, name: Name) -> Result<(), Exception> {
        let recorded = self.socket(name)?;
        match recorded.real() {
            Some(real) if self.profile != Profile::Py25 => real.socket().close(),
            _ => Ok(()),
        }
    }

    /// Lists where channels are bound now.
    pub(super) fn bound(&self) -> Places {
        let channels = self.channels.borrow();
        let places = channels.iter().filter_map(|known| {
            let recorded = self.recorded(&known.channel.core().socket()?)?;
            let real = recorded.real().filter(|real| real.bound.get())?;
            Some((known.name, place_at(&real.socket().local_name().ok()?)?))
        });
        places.collect()
    }
}

const ENOTCONN: asyncore_spec::exception::Errno = asyncore_spec::exception::Errno::ENOTCONN;
