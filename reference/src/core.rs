//! The state of a channel, in cells.
//!
//! The one rule: no cell is borrowed while anything outside this crate runs. Accessors copy out
//! or clone, and whatever leaves a cell is dropped after the borrow has ended, because dropping a
//! producer or a socket may run the program's code.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use crate::buffer::Buffer;
use crate::exception::Exception;
use crate::fifo::Fifo;
use crate::framer::Framer;
use crate::item::{Data, Item};
use crate::profile::{Peerless, Policy, Profile};
use crate::socket::{Address, Socket};
use crate::terminator::Terminator;

/// Says which functions a channel's methods are, where it does not override them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `asyncore.dispatcher`: the functions of [`dispatcher`](crate::dispatcher).
    Dispatcher,
    /// `asynchat.async_chat`: the functions of [`chat`](crate::chat).
    Chat,
}

/// Holds what every channel has: the attributes of asyncore's and asynchat's objects.
pub struct Core {
    class: Class,
    pub(crate) policy: &'static Policy,
    socket: RefCell<Option<Rc<dyn Socket>>>,
    addr: RefCell<Option<Address>>,
    connected: Cell<bool>,
    connecting: Cell<bool>,
    ac_in_buffer_size: Cell<usize>,
    ac_out_buffer_size: Cell<usize>,
    pub(crate) terminator: RefCell<Option<Terminator>>,
    pub(crate) input: RefCell<Framer>,
    incoming: RefCell<Vec<u8>>,
    pub(crate) producer_fifo: RefCell<Fifo<Item>>,
    /// The output buffer of 2.5, which later releases do without.
    pub(crate) ac_out_buffer: RefCell<Buffer>,
    scratch: Cell<Vec<u8>>,
    spare: Cell<Option<Data>>,
}

/// Storage of sent data beyond this many bytes is not kept for the next push.
const SPARE_LIMIT: usize = 4096;

impl Core {
    /// Creates a channel without a socket.
    pub fn new(class: Class, profile: Profile) -> Self {
        let policy = profile.policy();
        Self {
            class,
            policy,
            socket: RefCell::default(),
            addr: RefCell::default(),
            connected: Cell::new(false),
            connecting: Cell::new(false),
            ac_in_buffer_size: Cell::new(policy.ac_in_buffer_size),
            ac_out_buffer_size: Cell::new(policy.ac_out_buffer_size),
            terminator: RefCell::default(),
            input: RefCell::default(),
            incoming: RefCell::default(),
            producer_fifo: RefCell::default(),
            ac_out_buffer: RefCell::default(),
            scratch: Cell::default(),
            spare: Cell::default(),
        }
    }

    /// Creates a channel around a socket, which is made non-blocking.
    ///
    /// The channel counts as connected if the socket has a peer; under [`Profile::Py25`] it does
    /// in any case.
    ///
    /// # Errors
    /// Those of `set_nonblocking`, and from 2.7 on those of `peer_name` that say more than that
    /// there is no peer.
    pub fn with_socket(class: Class, profile: Profile, socket: Rc<dyn Socket>) -> Result<Self, Exception> {
        let core = Self::new(class, profile);
        socket.set_nonblocking()?;
        core.connected.set(true);
        match socket.peer_name() {
            Ok(addr) => core.set_addr(addr),
            Err(error) => core.forgive_peerless(error)?,
        }
        core.set_socket(socket);
        Ok(core)
    }

    fn forgive_peerless(&self, error: Exception) -> Result<(), Exception> {
        match (self.policy.peerless, error) {
            (Peerless::Connected, Exception::Os(_)) => Ok(()),
            (Peerless::Unconnected(errnos), Exception::Os(errno)) if errnos.contains(&errno) => {
                self.connected.set(false);
                Ok(())
            }
            (_, error) => Err(error),
        }
    }

    /// Returns the class.
    #[inline]
    pub fn class(&self) -> Class {
        self.class
    }

    /// Tells whether the channel is connected.
    #[inline]
    pub fn connected(&self) -> bool {
        self.connected.get()
    }

    /// Sets the flag that [`Core::connected`] reads, as programs do that connect on their own.
    pub fn set_connected(&self, connected: bool) {
        self.connected.set(connected);
    }

    /// Tells whether a connection is being made; always false under [`Profile::Py25`].
    pub fn connecting(&self) -> bool {
        self.connecting.get()
    }

    pub(crate) fn set_connecting(&self, connecting: bool) {
        self.connecting.set(connecting);
    }

    /// Returns the address of the other end, if it is known.
    pub fn addr(&self) -> Option<Address> {
        self.addr.borrow().clone()
    }

    pub(crate) fn set_addr(&self, addr: Address) {
        self.addr.replace(Some(addr));
    }

    /// Returns the socket, which stays here when the channel has been closed.
    #[inline]
    pub fn socket(&self) -> Option<Rc<dyn Socket>> {
        self.socket.borrow().clone()
    }

    /// Puts a socket in the place of the one there was, which is not closed.
    pub fn set_socket(&self, socket: Rc<dyn Socket>) {
        self.socket.replace(Some(socket));
    }

    /// Returns the socket, or what Python raises for a method `name` of `None`.
    #[inline]
    pub(crate) fn need_socket(&self, name: &str) -> Result<Rc<dyn Socket>, Exception> {
        self.socket().ok_or_else(|| Exception::no_attribute("NoneType", name))
    }

    /// Returns how many bytes a read asks for at most.
    #[inline]
    pub fn ac_in_buffer_size(&self) -> usize {
        self.ac_in_buffer_size.get()
    }

    /// Sets how many bytes a read asks for at most.
    pub fn set_ac_in_buffer_size(&self, bytes: usize) {
        self.ac_in_buffer_size.set(bytes);
    }

    /// Returns how many bytes a send offers at most.
    #[inline]
    pub fn ac_out_buffer_size(&self) -> usize {
        self.ac_out_buffer_size.get()
    }

    /// Sets how many bytes a send offers at most.
    pub fn set_ac_out_buffer_size(&self, bytes: usize) {
        self.ac_out_buffer_size.set(bytes);
    }

    /// Returns a copy of the input that has come and has not been consumed.
    pub fn ac_in_buffer(&self) -> Vec<u8> {
        self.input.borrow().bytes().to_vec()
    }

    /// Returns a copy of the output buffer, which only [`Profile::Py25`] fills.
    pub fn ac_out_buffer(&self) -> Vec<u8> {
        self.ac_out_buffer.borrow().to_vec()
    }

    /// Returns a copy of the producer fifo; its data and producers are shared.
    pub fn producer_fifo(&self) -> Fifo<Item> {
        self.producer_fifo.borrow().clone()
    }

    /// Adds to the bytes that [`Core::get_data`] will return (`_collect_incoming_data`).
    pub fn collect(&self, data: &[u8]) {
        self.incoming.borrow_mut().extend_from_slice(data);
    }

    /// Takes the bytes that [`Core::collect`] has gathered (`_get_data`).
    pub fn get_data(&self) -> Vec<u8> {
        self.incoming.take()
    }

    /// Lends storage for one read; a read within that read gets new storage.
    #[inline]
    pub(crate) fn take_scratch(&self) -> Vec<u8> {
        self.scratch.take()
    }

    #[inline]
    pub(crate) fn give_scratch(&self, mut scratch: Vec<u8>) {
        scratch.clear();
        self.scratch.set(scratch);
    }

    /// Copies data for the fifo, into the storage of data that has been sent if there is any.
    #[inline]
    pub(crate) fn copy(&self, bytes: &[u8]) -> Data {
        let mut data = self.spare.take().unwrap_or_default();
        data.refill(bytes);
        data
    }

    /// Keeps the storage of data that has been sent for the next copy.
    #[inline]
    pub(crate) fn recycle(&self, data: Data) {
        if data.capacity() <= SPARE_LIMIT {
            self.spare.set(Some(data));
        }
    }
}

/// Prints as asyncore's objects do, without the identity: `<async_chat connected 127.0.0.1:80>`.
impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.class {
            Class::Dispatcher => "<dispatcher",
            Class::Chat => "<async_chat",
        })?;
        if self.connected() {
            f.write_str(" connected")?;
        }
        if let Some(addr) = self.addr() {
            write!(f, " {addr}")?;
        }
        f.write_str(">")
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("class", &self.class)
            .field("addr", &self.addr)
            .field("connected", &self.connected)
            .field("connecting", &self.connecting)
            .field("terminator", &self.terminator)
            .field("input", &self.input)
            .field("producer_fifo", &self.producer_fifo)
            .finish_non_exhaustive()
    }
}
