//! The output queue of 2.5: one buffer, refilled from the fifo before each send.
//!
//! Refilling happens whether connected or not, takes at most one piece, and is an overridable
//! method of its own.

use std::rc::Rc;

use crate::channel::Channel;
use crate::exception::Exception;
use crate::fifo::Fifo;
use crate::item::Item;
use crate::producer::SimpleProducer;

/// Queues a producer of `data` and sends once.
pub(crate) fn push(channel: &dyn Channel, data: &[u8]) -> Result<(), Exception> {
    let producer = Rc::new(SimpleProducer::new(data));
    channel.core().change_fifo(|fifo| fifo.push(producer.into()));
    channel.initiate_send()
}

/// Refills the buffer if it has room, and sends from its front.
pub(crate) fn initiate_send(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    let size = core.ac_out_buffer_size();
    let buffered = core.output().len();
    if buffered < size {
        channel.refill_buffer()?;
    }
    let buffer = core.output();
    if buffer.is_empty() || !core.connected() {
        return Ok(());
    }
    match channel.send(&buffer[..buffer.len().min(size)]) {
        Ok(sent) => {
            drop(buffer);
            core.drop_sent(sent);
            Ok(())
        }
        Err(error @ Exception::Os(_)) => channel.handle_error(&error),
        Err(error) => Err(error),
    }
}

/// Moves one piece from the head of the fifo to the buffer, or closes the channel.
pub(crate) fn refill_buffer(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    loop {
        let first = core.fifo().peek().cloned();
        match first {
            None => return Ok(()),
            Some(Item::Close) => {
                if !core.output().is_empty() {
                    return Ok(());
                }
                drop(core.change_fifo(Fifo::pop));
                return channel.close();
            }
            Some(Item::Data(data)) => {
                drop(core.change_fifo(Fifo::pop));
                core.change_output(|buffer| buffer.extend(&data));
                return Ok(());
            }
            Some(Item::Producer(producer)) => {
                let data = producer.more()?;
                if !data.is_empty() {
                    core.change_output(|buffer| buffer.extend(&data));
                    return Ok(());
                }
                // Whatever is first by now goes; it may be dropped only after the borrow.
                drop(core.change_fifo(Fifo::pop));
            }
        }
    }
}
