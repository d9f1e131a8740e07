//! The output queue from 2.6 on: what is sent is the head of the fifo.
//!
//! Entries are addressed by their place, not by what they are: after a call that may have changed
//! the fifo, "the head" is whatever stands there then.

use crate::channel::Channel;
use crate::coalesced;
use crate::core::Core;
use crate::exception::Exception;
use crate::fifo::{Fifo, index_error};
use crate::item::{Data, Item};
use crate::pool;
use crate::producer::Producer;

/// Queues a copy of `data`, in pieces of the output size, and sends once.
pub(crate) fn push<C: Channel + ?Sized>(channel: &C, data: &[u8]) -> Result<(), Exception> {
    let core = channel.core();
    if data.len() <= core.ac_out_buffer_size() {
        let copy = Item::Data(pool::copy(data));
        core.change_fifo(|fifo| fifo.push(copy));
    } else {
        push_pieces(core, data)?;
    }
    if core.corked.get() { Ok(()) } else { channel.initiate_send() }
}

fn push_pieces(core: &Core, data: &[u8]) -> Result<(), Exception> {
    let size = core.ac_out_buffer_size();
    if size == 0 {
        return Err(Exception::other("ValueError", core.policy.zero_step));
    }
    core.change_fifo(|fifo| data.chunks(size).for_each(|piece| fifo.push(piece.into())));
    Ok(())
}

/// Asks producers until there is data, and sends once.
pub(crate) fn initiate_send<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    let core = channel.core();
    while core.connected() {
        let first = core.fifo().peek().cloned();
        match first {
            None => break,
            Some(Item::Close) => {
                drop(pop_first(core)?);
                return channel.handle_close();
            }
            Some(Item::Producer(producer)) => ask(core, &*producer)?,
            Some(Item::Data(_)) if core.coalescing.get() => return coalesced::send(channel, core),
            Some(Item::Data(data)) => return send_first(channel, core, data),
        }
    }
    Ok(())
}

/// Puts the producer's next piece at the head; a producer that is exhausted leaves it.
fn ask(core: &Core, producer: &dyn Producer) -> Result<(), Exception> {
    let data = producer.more()?;
    if data.is_empty() {
        return pop_first(core).map(drop);
    }
    core.change_fifo(|fifo| fifo.push_front(data.into()));
    Ok(())
}

fn send_first<C: Channel + ?Sized>(channel: &C, core: &Core, first: Data) -> Result<(), Exception> {
    if first.is_empty() {
        drop(pop_first(core)?);
    }
    let size = core.ac_out_buffer_size();
    let offered = first.len().min(size);
    let sent = match channel.send(&first[..offered]) {
        Err(error @ Exception::Os(_)) => return channel.handle_error(&error),
        sent => sent?,
    };
    if sent == 0 {
        return Ok(());
    }
    let head = pop_first(core)?;
    if sent < offered || size < first.len() {
        put_back(core, head, first, sent);
    } else {
        drop(head);
        pool::recycle(first);
    }
    Ok(())
}

/// Puts what is left of `first` in the place of `head`, which mostly is `first` itself.
fn put_back(core: &Core, head: Item, mut first: Data, sent: usize) {
    // Data goes at once, so that nobody else holds `first` and it is cut without a copy.
    let other = match head {
        Item::Data(data) => {
            drop(data);
            None
        }
        other => Some(other),
    };
    first.drop_front(sent);
    core.change_fifo(|fifo| fifo.push_front(Item::Data(first)));
    drop(other);
}

#[inline]
fn pop_first(core: &Core) -> Result<Item, Exception> {
    core.change_fifo(Fifo::pop).ok_or_else(index_error)
}
