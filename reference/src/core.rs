//! The state of a channel, in cells.
//!
//! The one rule: no cell is borrowed while anything outside this crate runs. Accessors copy out
//! or clone, and whatever leaves a cell is dropped after the borrow has ended, because dropping a
//! producer or a socket may run the program's code.

use std::cell::{Cell, OnceCell, Ref, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use crate::buffer::Buffer;
use crate::channel::Channel;
use crate::exception::Exception;
use crate::fifo::Fifo;
use crate::framer::Framer;
use crate::item::Item;
use crate::map::{Map, WeakMap};
use crate::profile::{Attaching, Peerless, Policy, Profile, Queue};
use crate::socket::{Address, Family, Kind, Socket};
use crate::terminator::Terminator;

/// Says which functions a channel's methods are, where it does not override them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `asyncore.dispatcher`: the functions of [`dispatcher`](crate::dispatcher).
    Dispatcher,
    /// `asyncore.dispatcher_with_send`: those of [`with_send`](crate::with_send), and of
    /// [`dispatcher`](crate::dispatcher) for the rest.
    WithSend,
    /// `asyncore.file_dispatcher`: a dispatcher made by [`file`](crate::file).
    File,
    /// `asynchat.async_chat`: the functions of [`chat`](crate::chat).
    Chat,
}

impl Class {
    /// Returns the name of the class in Python.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dispatcher => "dispatcher",
            Self::WithSend => "dispatcher_with_send",
            Self::File => "file_dispatcher",
            Self::Chat => "async_chat",
        }
    }
}

/// Holds what every channel has: the attributes of asyncore's and asynchat's objects.
// In this order, and so aligned: what each pass looks at in every channel, from `short_predicates`
// to `policy`, never stands in two cache lines. With thousands of channels a pass takes its time to
// fetch these.
#[repr(C, align(16))]
pub struct Core {
    /// Whether it is a chat from 2.6 on, whose predicates look at two flags and no buffer.
    pub(crate) short_predicates: bool,
    connected: Cell<bool>,
    accepting: Cell<bool>,
    /// Whether there is something in the fifo.
    queued: Cell<bool>,
    class: Class,
    connecting: Cell<bool>,
    closing: Cell<bool>,
    pub(crate) coalescing: Cell<bool>,
    pub(crate) policy: &'static Policy,
    producer_fifo: RefCell<Fifo<Item>>,
    fileno: Cell<Option<i32>>,
    socket: RefCell<Option<Rc<dyn Socket>>>,
    ac_in_buffer_size: Cell<usize>,
    ac_out_buffer_size: Cell<usize>,
    pub(crate) terminator: Cell<Option<Terminator>>,
    pub(crate) input: RefCell<Framer>,
    incoming: Cell<Buffer>,
    /// What a `dispatcher_with_send` has to send, and the output buffer of asynchat in 2.5.
    out_buffer: Cell<Buffer>,
    addr: Cell<Option<Address>>,
    family_and_type: Cell<Option<(Family, Kind)>>,
    /// Whether a read is going on at whose end everything is sent.
    pub(crate) corked: Cell<bool>,
    debug: Cell<bool>,
    map: WeakMap,
    this: OnceCell<Weak<dyn Channel>>,
}

impl Core {
    /// Creates a channel without a socket, for the default map of the thread.
    ///
    /// It becomes part of the map when it has a socket; see [`dispatcher::init`](crate::dispatcher::init).
    pub fn new(class: Class, profile: Profile) -> Self {
        let policy = profile.policy();
        let short_predicates = class == Class::Chat && policy.queue == Queue::Head && !policy.input_limited;
        Self {
            short_predicates,
            connected: Cell::new(false),
            accepting: Cell::new(false),
            queued: Cell::new(false),
            class,
            connecting: Cell::new(false),
            closing: Cell::new(false),
            coalescing: Cell::new(false),
            policy,
            producer_fifo: RefCell::default(),
            fileno: Cell::new(None),
            socket: RefCell::default(),
            ac_in_buffer_size: Cell::new(policy.ac_in_buffer_size),
            ac_out_buffer_size: Cell::new(policy.ac_out_buffer_size),
            terminator: Cell::default(),
            input: RefCell::default(),
            incoming: Cell::default(),
            out_buffer: Cell::default(),
            addr: Cell::default(),
            family_and_type: Cell::new(None),
            corked: Cell::new(false),
            debug: Cell::new(false),
            map: WeakMap::Default(profile),
            this: OnceCell::new(),
        }
    }

    /// Puts the channel into a map other than the default one; nothing is registered yet.
    ///
    /// The channel does not keep the map alive.
    pub fn in_map(mut self, map: &Map) -> Self {
        self.map = WeakMap::from(map);
        self
    }

    /// Creates a channel around a socket that belongs to no map, for a program without a loop.
    ///
    /// The socket is made non-blocking. The channel counts as connected if the socket has a peer;
    /// under [`Profile::Py25`] it does in any case.
    ///
    /// # Errors
    /// Those of `set_nonblocking`, and from 2.7 on those of `peer_name` that say more than that
    /// there is no peer.
    pub fn with_socket(class: Class, profile: Profile, socket: Rc<dyn Socket>) -> Result<Self, Exception> {
        let core = Self::new(class, profile);
        socket.set_nonblocking()?;
        core.meet_peer(&*socket)?;
        core.set_socket(socket);
        Ok(core)
    }

    /// Does what a constructor does with a socket that it is given.
    pub(crate) fn attach(channel: &dyn Channel, socket: &Rc<dyn Socket>) -> Result<(), Exception> {
        let core = channel.core();
        match core.policy.attaching {
            Attaching::RegistersFirst => {
                channel.set_socket(Rc::clone(socket))?;
                socket.set_nonblocking()?;
            }
            Attaching::RegistersLast => {
                socket.set_nonblocking()?;
                channel.set_socket(Rc::clone(socket))?;
            }
        }
        core.meet_peer(&**socket).or_else(|error| {
            channel.del_channel(None)?;
            Err(error)
        })
    }

    fn meet_peer(&self, socket: &dyn Socket) -> Result<(), Exception> {
        self.connected.set(true);
        match (socket.peer_name(), self.policy.peerless) {
            (Ok(addr), _) => self.set_addr(addr),
            (Err(Exception::Os(_)), Peerless::Connected) => {}
            (Err(Exception::Os(errno)), Peerless::Unconnected(errnos)) if errnos.contains(&errno) => {
                self.connected.set(false);
            }
            (Err(error), _) => return Err(error),
        }
        Ok(())
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

    /// Tells whether the channel listens.
    #[inline]
    pub fn accepting(&self) -> bool {
        self.accepting.get()
    }

    /// Sets the flag that [`Core::accepting`] reads, as programs do that listen on their own.
    pub fn set_accepting(&self, accepting: bool) {
        self.accepting.set(accepting);
    }

    /// Returns a flag that asyncore has and never sets.
    pub fn closing(&self) -> bool {
        self.closing.get()
    }

    /// Sets the flag that [`Core::closing`] reads.
    pub fn set_closing(&self, closing: bool) {
        self.closing.set(closing);
    }

    /// Tells whether a `dispatcher_with_send` reports what it sends.
    pub fn debug(&self) -> bool {
        self.debug.get()
    }

    /// Sets the flag that [`Core::debug`] reads.
    pub fn set_debug(&self, debug: bool) {
        self.debug.set(debug);
    }

    /// Returns the descriptor by which the channel stands in the map, if it does (`_fileno`).
    #[inline]
    pub fn fileno(&self) -> Option<i32> {
        self.fileno.get()
    }

    pub(crate) fn set_fileno(&self, fileno: Option<i32>) {
        self.fileno.set(fileno);
    }

    /// Returns what `create_socket` was asked for.
    pub fn family_and_type(&self) -> Option<(Family, Kind)> {
        self.family_and_type.get()
    }

    pub(crate) fn set_family_and_type(&self, family: Family, kind: Kind) {
        self.family_and_type.set(Some((family, kind)));
    }

    /// Returns the channel's map (`_map`); `None` when it is gone.
    pub fn map(&self) -> Option<Map> {
        self.map.upgrade()
    }

    /// Makes the channel known to itself, so that it can put itself into a map.
    pub(crate) fn set_this(&self, this: Weak<dyn Channel>) {
        // A channel that is initialised again stays the one it is.
        let _ = self.this.set(this);
    }

    /// Returns the channel itself; `None` if it was not made by an `init`.
    pub fn this(&self) -> Option<Rc<dyn Channel>> {
        self.this.get()?.upgrade()
    }

    /// Makes asynchat send what is queued together, which it does not do by itself.
    ///
    /// While a read is handled pushes are only queued, and at its end, as at every other time,
    /// entries of the fifo are sent in one piece of at most `ac_out_buffer_size` bytes. The other
    /// end gets the same bytes; `send` is called less often, with more. Under [`Profile::Py25`],
    /// which merges by itself, nothing changes.
    pub fn set_coalescing(&self, coalescing: bool) {
        self.coalescing.set(coalescing);
    }

    /// Returns the address of the other end, if it is known.
    pub fn addr(&self) -> Option<Address> {
        copy_of(&self.addr)
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
        drop(self.socket.replace(Some(socket)));
    }

    /// Returns the socket, or what Python raises for a method `name` of `None`.
    #[inline]
    pub(crate) fn need_socket(&self, name: &str) -> Result<Rc<dyn Socket>, Exception> {
        self.socket().ok_or_else(|| Exception::no_attribute("NoneType", name))
    }

    /// Returns the terminator, if one was ever set.
    #[inline]
    pub(crate) fn terminator(&self) -> Option<Terminator> {
        copy_of(&self.terminator)
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

    /// Returns a copy of asynchat's output buffer, which only [`Profile::Py25`] fills.
    pub fn ac_out_buffer(&self) -> Vec<u8> {
        self.out_buffer()
    }

    /// Returns a copy of what a `dispatcher_with_send` has to send.
    pub fn out_buffer(&self) -> Vec<u8> {
        self.output().to_vec()
    }

    /// Returns a view of what a `dispatcher_with_send` has to send, or of 2.5's output buffer.
    pub(crate) fn output(&self) -> Buffer {
        self.change_output(|buffer| buffer.clone())
    }

    /// Changes that; nobody else runs meanwhile.
    pub(crate) fn change_output<R>(&self, change: impl FnOnce(&mut Buffer) -> R) -> R {
        let mut buffer = self.out_buffer.take();
        let result = change(&mut buffer);
        self.out_buffer.set(buffer);
        result
    }

    /// Drops what was sent of that, and storage that is not needed.
    pub(crate) fn drop_sent(&self, sent: usize) {
        self.change_output(|buffer| {
            buffer.drop_front(sent);
            drop(buffer.settle());
        });
    }

    /// Returns a copy of the producer fifo; its data and producers are shared.
    pub fn producer_fifo(&self) -> Fifo<Item> {
        self.producer_fifo.borrow().clone()
    }

    /// Returns the fifo to look at; nobody else runs meanwhile.
    #[inline]
    pub(crate) fn fifo(&self) -> Ref<'_, Fifo<Item>> {
        self.producer_fifo.borrow()
    }

    /// Tells whether there is something in the fifo.
    #[inline]
    pub(crate) fn queued(&self) -> bool {
        self.queued.get()
    }

    /// Changes the fifo; nobody else runs meanwhile, and what leaves it is returned to be dropped.
    #[inline]
    pub(crate) fn change_fifo<R>(&self, change: impl FnOnce(&mut Fifo<Item>) -> R) -> R {
        let mut fifo = self.producer_fifo.borrow_mut();
        let result = change(&mut fifo);
        self.queued.set(!fifo.is_empty());
        result
    }

    /// Adds to the bytes that [`Core::get_data`] will return (`_collect_incoming_data`).
    pub fn collect(&self, data: &[u8]) {
        let mut incoming = self.incoming.take();
        incoming.extend(data);
        self.incoming.set(incoming);
    }

    /// Takes the bytes that [`Core::collect`] has gathered (`_get_data`).
    pub fn get_data(&self) -> Vec<u8> {
        self.incoming.take().into_vec()
    }
}

/// Returns a clone of what a cell holds; making one runs no code of the program.
#[inline]
fn copy_of<T: Clone>(cell: &Cell<Option<T>>) -> Option<T> {
    let value = cell.take();
    cell.set(value.clone());
    value
}

/// Prints as asyncore's objects do, without the identity: `<async_chat connected 127.0.0.1:80>`.
impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addr = self.addr();
        write!(f, "<{}", self.class.name())?;
        if self.accepting() && addr.is_some() {
            f.write_str(" listening")?;
        } else if self.connected() {
            f.write_str(" connected")?;
        }
        if let Some(addr) = addr {
            write!(f, " {addr}")?;
        }
        f.write_str(">")
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("class", &self.class)
            .field("addr", &self.addr())
            .field("connected", &self.connected)
            .field("connecting", &self.connecting)
            .field("accepting", &self.accepting)
            .field("fileno", &self.fileno)
            .field("terminator", &self.terminator())
            .field("input", &self.input)
            .field("producer_fifo", &self.producer_fifo)
            .finish_non_exhaustive()
    }
}
