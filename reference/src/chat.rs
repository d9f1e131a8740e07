//! `asynchat.async_chat`: what its methods do where nobody overrides them.
//!
//! Each function is the method of that name. A type that overrides a method calls the function
//! here to do what it would have done (`super`). What async_chat inherits is in
//! [`dispatcher`](crate::dispatcher).
//!
//! The functions that every message passes through are generic over the channel, so that the
//! methods of one type call each other directly; the others take `&dyn Channel` and are compiled
//! once.

use crate::buffer::Buffer;
use crate::channel::Channel;
use crate::core::Core;
use crate::exception::Exception;
use crate::item::Item;
use crate::profile::Queue;
use crate::terminator::Terminator;
use crate::{input, output, output25, pool};

/// Reads once and calls `collect_incoming_data` and `found_terminator` for what came.
///
/// # Errors
/// `AttributeError` when there is data and no terminator was ever set; whatever the callbacks
/// raise. After an exception of `collect_incoming_data` the same data is collected again at the
/// next read; after one of `found_terminator` it is not.
pub fn handle_read<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    input::handle_read(channel)
}

/// Calls `initiate_send`.
pub fn handle_write<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    channel.initiate_send()
}

/// Closes the channel without a word.
pub fn handle_close(channel: &dyn Channel) -> Result<(), Exception> {
    channel.close()
}

/// Raises: a program must say what to do with data.
pub fn collect_incoming_data(_channel: &dyn Channel, _data: &[u8]) -> Result<(), Exception> {
    Err(not_implemented())
}

/// Raises: a program must say what to do with a complete piece of input.
pub fn found_terminator(_channel: &dyn Channel) -> Result<(), Exception> {
    Err(not_implemented())
}

/// Sets the terminator, which governs what is already buffered as well.
///
/// # Errors
/// `ValueError` for a negative number under `Py311`; earlier releases take it, and cut from the
/// end of the buffer.
pub fn set_terminator(channel: &dyn Channel, terminator: Terminator) -> Result<(), Exception> {
    let core = channel.core();
    if matches!(terminator, Terminator::Count(..0)) && !core.policy.negative_terminator {
        let message = "the number of received bytes must be positive";
        return Err(Exception::other("ValueError", message));
    }
    core.terminator.replace(Some(terminator));
    Ok(())
}

/// Returns the terminator; a number is what remains of it.
///
/// # Errors
/// `AttributeError` when none was ever set.
pub fn get_terminator<C: Channel + ?Sized>(channel: &C) -> Result<Terminator, Exception> {
    channel.core().terminator().ok_or_else(|| Exception::no_attribute("async_chat", "terminator"))
}

/// Queues a copy of `data` and calls `initiate_send`.
///
/// # Errors
/// Whatever `initiate_send` raises. From 2.7 on `ValueError` when the output size is 0.
pub fn push<C: Channel + ?Sized>(channel: &C, data: &[u8]) -> Result<(), Exception> {
    match channel.core().policy.queue {
        Queue::Merged => output25::push(channel.as_channel(), data),
        Queue::Head => output::push(channel, data),
    }
}

/// Queues anything that can be queued and calls `initiate_send`.
pub fn push_with_producer(channel: &dyn Channel, item: Item) -> Result<(), Exception> {
    let core = channel.core();
    core.change_fifo(|fifo| fifo.push(item));
    if core.corked.get() { Ok(()) } else { channel.initiate_send() }
}

/// Queues the end of the channel; it is noticed by a later `initiate_send`.
pub fn close_when_done(channel: &dyn Channel) -> Result<(), Exception> {
    channel.core().change_fifo(|fifo| fifo.push(Item::Close));
    Ok(())
}

/// Sends at most once, at most `ac_out_buffer_size` bytes, and only while connected.
///
/// # Errors
/// Whatever a producer raises, and what `send` raises that is not a system error; a system error
/// goes to `handle_error`.
pub fn initiate_send<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    match channel.core().policy.queue {
        Queue::Merged => output25::initiate_send(channel.as_channel()),
        Queue::Head => output::initiate_send(channel),
    }
}

/// Moves one piece of the fifo to the output buffer.
///
/// # Errors
/// Whatever a producer raises; `AttributeError` from 2.7 on, which has no such method.
pub fn refill_buffer(channel: &dyn Channel) -> Result<(), Exception> {
    match channel.core().policy.queue {
        Queue::Merged => output25::refill_buffer(channel),
        Queue::Head => Err(Exception::no_attribute("async_chat", "refill_buffer")),
    }
}

/// Tells whether the channel wants to read: always, except in 2.5 with a full buffer.
#[inline]
pub fn readable<C: Channel + ?Sized>(channel: &C) -> Result<bool, Exception> {
    let core = channel.core();
    Ok(!core.policy.input_limited || has_room(core))
}

#[cold]
fn has_room(core: &Core) -> bool {
    core.input.borrow().bytes().len() <= core.ac_in_buffer_size()
}

/// Tells whether the channel has something to send, or waits to be connected.
#[inline]
pub fn writable<C: Channel + ?Sized>(channel: &C) -> Result<bool, Exception> {
    let core = channel.core();
    Ok(has_something_to_do(core) || core.policy.queue == Queue::Merged && has_output(core))
}

/// Is [`writable`] from 2.6 on.
#[inline]
pub(crate) fn has_something_to_do(core: &Core) -> bool {
    !core.connected() || core.queued()
}

#[cold]
fn has_output(core: &Core) -> bool {
    !core.output().is_empty()
}

/// Forgets everything that came and everything that was to be sent, a pending end included.
pub fn discard_buffers(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    core.input.borrow_mut().clear();
    pool::give_storage(core.input.borrow_mut().settle());
    core.change_output(|buffer| *buffer = Buffer::default());
    drop(core.get_data());
    drop(core.change_fifo(std::mem::take));
    Ok(())
}

fn not_implemented() -> Exception {
    Exception::other("NotImplementedError", "must be implemented in subclass")
}
