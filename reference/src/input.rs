//! `async_chat.handle_read`: from received bytes to callbacks.
//!
//! A callback may change anything: the terminator, the buffer, the connection. So the terminator
//! is asked for anew for each cut; a cut that was decided stands, whatever its callbacks do; and
//! what it drops, it drops from the buffer as it is after them.

use std::rc::Rc;

use crate::channel::Channel;
use crate::coalesced;
use crate::core::Core;
use crate::exception::Exception;
use crate::framer::Cut;
use crate::pool;
use crate::terminator::Terminator;

/// Reads once, then makes the calls that the terminators in the buffer ask for.
pub(crate) fn handle_read<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    let core = channel.core();
    let max = core.ac_in_buffer_size();
    let mut storage = pool::take_storage(max);
    let received = channel.recv(max, Rc::make_mut(&mut storage));
    match received {
        Ok(_) => pool::give_storage(core.input.borrow_mut().accept(storage)),
        Err(_) => pool::give_storage(Some(storage)),
    }
    let handled = match received {
        Ok(_) if core.coalescing.get() => coalesced::around(channel, || deliver(channel, core)),
        Ok(_) => deliver(channel, core),
        Err(error) => failed(channel.as_channel(), error),
    };
    // So that a channel which waits for more does not keep room for a whole read.
    pool::give_storage(core.input.borrow_mut().settle());
    handled
}

#[cold]
fn failed(channel: &dyn Channel, error: Exception) -> Result<(), Exception> {
    match error {
        Exception::Os(errno) if channel.core().policy.read_ignores.contains(&errno) => Ok(()),
        Exception::Os(_) => channel.handle_error(&error),
        error => Err(error),
    }
}

fn deliver<C: Channel + ?Sized>(channel: &C, core: &Core) -> Result<(), Exception> {
    while !core.input.borrow().is_empty() {
        let terminator = channel.get_terminator()?;
        let mut input = core.input.borrow_mut();
        let (cut, bytes) = (input.cut(&terminator), input.view());
        drop(input);
        match cut {
            Cut::Found { at, len } => {
                // Nothing before the terminator is nothing to report.
                if at > 0 {
                    channel.collect_incoming_data(&bytes[..at])?;
                }
                core.input.borrow_mut().drop_front(at + len);
                channel.found_terminator()?;
            }
            Cut::Held(0) | Cut::Everything => {
                channel.collect_incoming_data(&bytes)?;
                core.input.borrow_mut().clear();
            }
            Cut::Held(held) => {
                if held < bytes.len() {
                    channel.collect_incoming_data(&bytes[..bytes.len() - held])?;
                    core.input.borrow_mut().keep_back(held);
                }
                return Ok(());
            }
            Cut::Part => {
                channel.collect_incoming_data(&bytes)?;
                core.input.borrow_mut().clear();
                count_down(core, bytes.len())?;
            }
            Cut::Whole(count) => {
                channel.collect_incoming_data(&bytes[..slice_index(count, bytes.len())])?;
                let mut input = core.input.borrow_mut();
                let from = slice_index(count, input.bytes().len());
                input.drop_front(from);
                drop(input);
                core.terminator.replace(Some(Terminator::Count(0)));
                channel.found_terminator()?;
            }
        }
    }
    Ok(())
}

/// Subtracts from the terminator as it is now, which a callback may just have set.
fn count_down(core: &Core, collected: usize) -> Result<(), Exception> {
    let operand = match core.terminator() {
        Some(Terminator::Count(count)) => {
            let collected = i64::try_from(collected).expect("a buffer is shorter than 2**63");
            core.terminator.set(Some(Terminator::Count(count.saturating_sub(collected))));
            return Ok(());
        }
        Some(Terminator::Bytes(_)) => "bytes",
        Some(Terminator::None) => "NoneType",
        None => return Err(Exception::no_attribute("async_chat", "terminator")),
    };
    let message = format!("unsupported operand type(s) for -: '{operand}' and 'int'");
    Err(Exception::other("TypeError", message))
}

/// Turns a slice bound into an index, as Python does: a negative one counts from the end.
fn slice_index(bound: i64, len: usize) -> usize {
    let distance = usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX);
    if bound < 0 { len.saturating_sub(distance) } else { len.min(distance) }
}
