//! The object that a program writes, and how its methods find their class.

use std::rc::Rc;

use crate::core::{Class, Core};
use crate::exception::Exception;
use crate::item::Item;
use crate::map::Map;
use crate::socket::{Accepted, Address, Family, Kind, Socket};
use crate::terminator::Terminator;
use crate::{chat, dispatcher, with_send};

/// Turns a channel into a trait object, so that what a default calls may be overridden.
///
/// Implemented for every channel; there is nothing to write.
pub trait AsChannel {
    /// Returns this channel as the base class sees it.
    fn as_channel(&self) -> &dyn Channel;
}

impl<T: Channel> AsChannel for T {
    #[inline]
    fn as_channel(&self) -> &dyn Channel {
        self
    }
}

/// A channel: asyncore's dispatcher or a class derived from it.
///
/// A type holds a [`Core`] and overrides what it likes; the rest is what its [`Class`] does. The
/// base classes call every method of this trait through the trait, exactly where asyncore calls
/// the method of `self`, so an override is seen everywhere. To call the base class from an
/// override, call the function of that name in [`dispatcher`], [`with_send`] or [`chat`].
///
/// Methods take `&self`, and no part of the channel is borrowed while one runs: any method of any
/// channel may be called from any other.
///
/// A method that returns a `Result` may raise anything, and the caller passes it on, with the
/// exceptions that the functions name. asynchat's methods on a plain dispatcher raise
/// `AttributeError`.
pub trait Channel: AsChannel {
    /// Returns the channel's state.
    fn core(&self) -> &Core;

    /// Is called when there is something to read.
    fn handle_read(&self) -> Result<(), Exception> {
        match self.core().class() {
            Class::Chat => chat::handle_read(self),
            _ => dispatcher::handle_read(self.as_channel()),
        }
    }

    /// Is called when there is room to write.
    fn handle_write(&self) -> Result<(), Exception> {
        match self.core().class() {
            Class::Chat => chat::handle_write(self),
            Class::WithSend => with_send::handle_write(self.as_channel()),
            _ => dispatcher::handle_write(self.as_channel()),
        }
    }

    /// Is called when the other end has closed the connection or it was lost.
    fn handle_close(&self) -> Result<(), Exception> {
        match self.core().class() {
            Class::Chat => chat::handle_close(self.as_channel()),
            _ => dispatcher::handle_close(self.as_channel()),
        }
    }

    /// Is called when there are urgent data.
    fn handle_expt(&self) -> Result<(), Exception> {
        dispatcher::handle_expt(self.as_channel())
    }

    /// Is called when there is a connection to accept.
    fn handle_accept(&self) -> Result<(), Exception> {
        dispatcher::handle_accept(self.as_channel())
    }

    /// Is called with a connection that was accepted; from 3.2 on.
    fn handle_accepted(&self, socket: Rc<dyn Socket>, _addr: &Address) -> Result<(), Exception> {
        dispatcher::handle_accepted(self.as_channel(), &*socket)
    }

    /// Is called by the loop when there is something to read, or to accept.
    fn handle_read_event(&self) -> Result<(), Exception> {
        dispatcher::handle_read_event(self)
    }

    /// Is called by the loop when there is room to write.
    fn handle_write_event(&self) -> Result<(), Exception> {
        dispatcher::handle_write_event(self)
    }

    /// Is called by the loop when there are urgent data.
    fn handle_expt_event(&self) -> Result<(), Exception> {
        dispatcher::handle_expt_event(self.as_channel())
    }

    /// Is called with an exception that nobody handled.
    fn handle_error(&self, exception: &Exception) -> Result<(), Exception> {
        dispatcher::handle_error(self.as_channel(), exception)
    }

    /// Is called when the connection has been made.
    fn handle_connect(&self) -> Result<(), Exception> {
        dispatcher::handle_connect(self.as_channel())
    }

    /// Is called when the attempt to connect has ended, well or badly.
    fn handle_connect_event(&self) -> Result<(), Exception> {
        dispatcher::handle_connect_event(self.as_channel())
    }

    /// Is called with data as it comes.
    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        need_chat(self.core(), "collect_incoming_data")?;
        chat::collect_incoming_data(self.as_channel(), data)
    }

    /// Is called when the terminator has come, after the data before it was collected.
    fn found_terminator(&self) -> Result<(), Exception> {
        need_chat(self.core(), "found_terminator")?;
        chat::found_terminator(self.as_channel())
    }

    /// Puts the channel into a map, by default its own.
    fn add_channel(&self, map: Option<&Map>) -> Result<(), Exception> {
        dispatcher::add_channel(self.as_channel(), map)
    }

    /// Takes the channel out of a map, by default its own.
    fn del_channel(&self, map: Option<&Map>) -> Result<(), Exception> {
        dispatcher::del_channel(self.as_channel(), map)
    }

    /// Creates the channel's socket.
    fn create_socket(&self, family: Family, kind: Kind) -> Result<(), Exception> {
        dispatcher::create_socket(self.as_channel(), family, kind)
    }

    /// Makes a socket the channel's and puts the channel into its map.
    fn set_socket(&self, socket: Rc<dyn Socket>) -> Result<(), Exception> {
        dispatcher::set_socket(self.as_channel(), socket)
    }

    /// Lets the address be used again at once.
    fn set_reuse_addr(&self) -> Result<(), Exception> {
        dispatcher::set_reuse_addr(self.as_channel())
    }

    /// Makes the channel accept connections, of which about `backlog` may wait.
    fn listen(&self, backlog: i32) -> Result<(), Exception> {
        dispatcher::listen(self.as_channel(), backlog)
    }

    /// Gives the channel an address.
    fn bind(&self, address: &Address) -> Result<(), Exception> {
        dispatcher::bind(self.as_channel(), address)
    }

    /// Accepts a connection, if there is one.
    fn accept(&self) -> Result<Option<Accepted>, Exception> {
        dispatcher::accept(self.as_channel())
    }

    /// Connects to `address`, or starts to.
    fn connect(&self, address: &Address) -> Result<(), Exception> {
        dispatcher::connect(self.as_channel(), address)
    }

    /// Appends at most `max` received bytes to `into` and returns how many; 0 at the end.
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        dispatcher::recv(self, max, into)
    }

    /// Sends what it can of `data` and returns how many bytes went.
    ///
    /// A `dispatcher_with_send` keeps what did not go and tells nothing, so the length of `data` is
    /// returned.
    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        match self.core().class() {
            Class::WithSend => with_send::send(self.as_channel(), data).map(|()| data.len()),
            _ => dispatcher::send(self, data),
        }
    }

    /// Closes the channel.
    fn close(&self) -> Result<(), Exception> {
        dispatcher::close(self.as_channel())
    }

    /// Tells whether the channel wants to read; what it raises leaves the loop.
    #[inline]
    fn readable(&self) -> Result<bool, Exception> {
        if self.core().short_predicates {
            return Ok(true);
        }
        match self.core().class() {
            Class::Chat => chat::readable(self),
            _ => Ok(true),
        }
    }

    /// Tells whether the channel wants to write; what it raises leaves the loop.
    #[inline]
    fn writable(&self) -> Result<bool, Exception> {
        if self.core().short_predicates {
            return Ok(chat::has_something_to_do(self.core()));
        }
        match self.core().class() {
            Class::Chat => chat::writable(self),
            Class::WithSend => with_send::writable(self.as_channel()),
            _ => Ok(true),
        }
    }

    /// Asks [`Channel::readable`], then [`Channel::writable`], for the loop: one call by way of the
    /// trait object instead of three, because here the others are known. What one of them raises is
    /// put into `raised`, so that an answer needs no memory.
    #[doc(hidden)]
    fn wishes(&self, raised: &mut Option<Exception>) -> Option<Wishes> {
        // Two copies of the same, so that in the first, which is for nearly all channels of a loop,
        // the predicates of asynchat are a few instructions without a call.
        if self.core().short_predicates { Wishes::of(self, raised) } else { Wishes::of_others(self, raised) }
    }

    /// Queues data to be sent, and sends.
    fn push(&self, data: &[u8]) -> Result<(), Exception> {
        need_chat(self.core(), "push")?;
        chat::push(self, data)
    }

    /// Queues a producer, or anything else that can be queued, and sends.
    fn push_with_producer(&self, item: Item) -> Result<(), Exception> {
        need_chat(self.core(), "push_with_producer")?;
        chat::push_with_producer(self.as_channel(), item)
    }

    /// Closes the channel once everything queued has been sent.
    fn close_when_done(&self) -> Result<(), Exception> {
        need_chat(self.core(), "close_when_done")?;
        chat::close_when_done(self.as_channel())
    }

    /// Sends the next piece of what is queued.
    fn initiate_send(&self) -> Result<(), Exception> {
        if self.core().class() == Class::WithSend {
            return with_send::initiate_send(self.as_channel());
        }
        need_chat(self.core(), "initiate_send")?;
        chat::initiate_send(self)
    }

    /// Moves the next piece of what is queued to the output buffer; in 2.5 alone.
    fn refill_buffer(&self) -> Result<(), Exception> {
        need_chat(self.core(), "refill_buffer")?;
        chat::refill_buffer(self.as_channel())
    }

    /// Sets what ends a piece of input.
    fn set_terminator(&self, terminator: Terminator) -> Result<(), Exception> {
        need_chat(self.core(), "set_terminator")?;
        chat::set_terminator(self.as_channel(), terminator)
    }

    /// Returns what ends a piece of input.
    fn get_terminator(&self) -> Result<Terminator, Exception> {
        need_chat(self.core(), "get_terminator")?;
        chat::get_terminator(self)
    }

    /// Forgets all input and output that is waiting.
    fn discard_buffers(&self) -> Result<(), Exception> {
        need_chat(self.core(), "discard_buffers")?;
        chat::discard_buffers(self.as_channel())
    }

    /// Takes a message that is worth keeping, a hit for instance.
    fn log(&self, message: &str) -> Result<(), Exception> {
        dispatcher::log(message);
        Ok(())
    }

    /// Takes a message of some kind: `info`, `warning`, `error`.
    fn log_info(&self, message: &str, kind: &str) -> Result<(), Exception> {
        dispatcher::log_info(self.as_channel(), message, kind)
    }
}

/// What a pass wants to know of a channel.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Wishes(u8);

impl Wishes {
    const NONE: Self = Self(0);
    const READS: Self = Self(1);
    const WRITES: Self = Self(2);
    const ACCEPTS: Self = Self(4);

    /// Returns what `of` makes of every possible answer: readable, writable, accepting.
    pub(crate) fn table<R>(of: impl Fn(bool, bool, bool) -> R) -> [R; 8] {
        std::array::from_fn(|all| of(all & 1 != 0, all & 2 != 0, all & 4 != 0))
    }

    /// Returns the place in that table.
    #[inline]
    pub(crate) fn index(self) -> usize {
        usize::from(self.0 & 7)
    }

    #[inline(always)]
    fn of<C: Channel + ?Sized>(channel: &C, raised: &mut Option<Exception>) -> Option<Self> {
        let readable = Self::READS.when(answer(channel.readable(), raised)?);
        let writable = Self::WRITES.when(answer(channel.writable(), raised)?);
        let accepting = Self::ACCEPTS.when(channel.core().accepting());
        Some(Self(readable.0 | writable.0 | accepting.0))
    }

    #[inline(never)]
    fn of_others<C: Channel + ?Sized>(channel: &C, raised: &mut Option<Exception>) -> Option<Self> {
        Self::of(channel, raised)
    }

    #[inline]
    const fn when(self, condition: bool) -> Self {
        if condition { self } else { Self::NONE }
    }
}

/// Returns what a predicate answers, or puts aside what it raises.
#[inline]
fn answer(result: Result<bool, Exception>, raised: &mut Option<Exception>) -> Option<bool> {
    result.map_err(|exception| *raised = Some(exception)).ok()
}

#[inline]
fn need_chat(core: &Core, method: &str) -> Result<(), Exception> {
    match core.class() {
        Class::Chat => Ok(()),
        class => Err(Exception::no_attribute(class.name(), method)),
    }
}
