//! The output queue from 2.6 on: what is sent is the head of the fifo.
//!
//! Entries are addressed by their place, not by what they are: after a call that may have changed
//! the fifo, "the head" is whatever stands there then.

use crate::channel::Channel;
use crate::core::Core;
use crate::exception::Exception;
use crate::fifo::index_error;
use crate::item::{Data, Item};

/// Queues a copy of `data`, in pieces of the output size, and sends once.
pub(crate) fn push<C: Channel + ?Sized>(channel: &C, data: &[u8]) -> Result<(), Exception> {
    let core = channel.core();
    let size = core.ac_out_buffer_size();
    if data.len() <= size {
        let copy = Item::Data(core.copy(data));
        core.producer_fifo.borrow_mut().push(copy);
    } else if size == 0 {
        return Err(Exception::other("ValueError", core.policy.zero_step));
    } else {
        let mut fifo = core.producer_fifo.borrow_mut();
        data.chunks(size).for_each(|piece| fifo.push(piece.into()));
    }
    channel.initiate_send()
}

/// Asks producers until there is data, and sends once.
pub(crate) fn initiate_send<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    let core = channel.core();
    while core.connected() {
        let first = core.producer_fifo.borrow().peek().cloned();
        match first {
            None => break,
            Some(Item::Close) => {
                drop(pop_first(core)?);
                return channel.handle_close();
            }
            Some(Item::Producer(producer)) => match producer.more()? {
                data if data.is_empty() => drop(pop_first(core)?),
                data => core.producer_fifo.borrow_mut().push_front(data.into()),
            },
            Some(Item::Data(data)) => return send_first(channel, core, data),
        }
    }
    Ok(())
}

fn send_first<C: Channel + ?Sized>(
    channel: &C,
    core: &Core,
    mut first: Data,
) -> Result<(), Exception> {
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
    if sent == offered && first.len() <= size {
        drop(head);
        core.recycle(first);
        return Ok(());
    }
    // Data goes at once, so that nobody else holds `first` and it is cut without a copy.
    let other = match head {
        Item::Data(data) => {
            drop(data);
            None
        }
        other => Some(other),
    };
    first.drop_front(sent);
    core.producer_fifo.borrow_mut().push_front(Item::Data(first));
    drop(other);
    Ok(())
}

#[inline]
fn pop_first(core: &Core) -> Result<Item, Exception> {
    let first = core.producer_fifo.borrow_mut().pop();
    first.ok_or_else(index_error)
}
