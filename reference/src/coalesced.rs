//! Output sent together: what a program opts into, and asynchat never does.
//!
//! While a read is handled, pushes are only queued; then, and whenever else something is sent,
//! data that follow each other in the fifo go in one piece.

use std::cell::Cell;

use crate::channel::Channel;
use crate::core::Core;
use crate::exception::Exception;
use crate::fifo::Fifo;
use crate::item::Item;
use crate::pool;
use crate::profile::Queue;

thread_local! {
    /// Room to join data in, for all channels of a thread.
    static JOINED: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Handles a read by `handle`, and sends once what that has queued.
pub(crate) fn around<C: Channel + ?Sized>(
    channel: &C,
    handle: impl FnOnce() -> Result<(), Exception>,
) -> Result<(), Exception> {
    let core = channel.core();
    if core.policy.queue == Queue::Merged {
        return handle();
    }
    let within = core.corked.replace(true);
    let handled = handle();
    core.corked.set(within);
    handled?;
    if within || !core.queued() { Ok(()) } else { channel.initiate_send() }
}

/// Sends the data at the head of the fifo, as many as fit into one piece.
pub(crate) fn send<C: Channel + ?Sized>(channel: &C, core: &Core) -> Result<(), Exception> {
    let mut joined = JOINED.take();
    joined.clear();
    join(core, &mut joined);
    let sent = match channel.send(&joined) {
        Err(error @ Exception::Os(_)) => channel.handle_error(&error).map(|()| 0),
        sent => sent,
    };
    let empty = joined.is_empty();
    JOINED.set(joined);
    match sent? {
        0 if !empty => {}
        sent => drop_sent(core, sent),
    }
    Ok(())
}

/// Joins data up to something else, or up to the size of one send.
fn join(core: &Core, joined: &mut Vec<u8>) {
    let size = core.ac_out_buffer_size();
    for item in core.fifo().iter() {
        let Item::Data(data) = item else { break };
        let room = size - joined.len();
        joined.extend_from_slice(&data[..data.len().min(room)]);
        if joined.len() == size {
            break;
        }
    }
}

/// Removes what was sent from the fifo as it is now, and the empty data behind it.
fn drop_sent(core: &Core, mut sent: usize) {
    loop {
        let first = core.change_fifo(Fifo::pop);
        match first {
            Some(Item::Data(data)) if data.len() <= sent => {
                sent -= data.len();
                pool::recycle(data);
            }
            Some(Item::Data(mut data)) => {
                data.drop_front(sent);
                return core.change_fifo(|fifo| fifo.push_front(Item::Data(data)));
            }
            Some(other) => return core.change_fifo(|fifo| fifo.push_front(other)),
            None => return,
        }
    }
}
