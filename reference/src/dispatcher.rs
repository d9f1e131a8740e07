//! `asyncore.dispatcher`: what its methods do where nobody overrides them.
//!
//! Each function is the method of that name. A type that overrides a method calls the function
//! here to do what it would have done (`super`).

use crate::channel::Channel;
use crate::errno::{EALREADY, EINPROGRESS, EISCONN, EWOULDBLOCK};
use crate::exception::Exception;
use crate::profile::Connecting;
use crate::socket::Address;

/// Logs a warning that nobody reads.
pub fn handle_read(channel: &dyn Channel) -> Result<(), Exception> {
    channel.log_info("unhandled read event", "warning")
}

/// Logs a warning that nobody writes.
pub fn handle_write(channel: &dyn Channel) -> Result<(), Exception> {
    channel.log_info("unhandled write event", "warning")
}

/// Logs a warning that nobody asked for the connection.
pub fn handle_connect(channel: &dyn Channel) -> Result<(), Exception> {
    channel.log_info("unhandled connect event", "warning")
}

/// Logs a warning and closes the channel.
pub fn handle_close(channel: &dyn Channel) -> Result<(), Exception> {
    channel.log_info("unhandled close event", "warning")?;
    channel.close()
}

/// Logs the exception and closes the channel: by `handle_close`, or in 2.5 by `close`.
pub fn handle_error(channel: &dyn Channel, exception: &Exception) -> Result<(), Exception> {
    let core = channel.core();
    let message = format!("uncaptured python exception, closing channel {core} ({exception})");
    channel.log_info(&message, "error")?;
    if core.policy.error_handles_close { channel.handle_close() } else { channel.close() }
}

/// Prints `kind: message` on standard output, unless the release silences that kind.
pub fn log_info(channel: &dyn Channel, message: &str, kind: &str) -> Result<(), Exception> {
    if !channel.core().policy.silenced.contains(&kind) {
        println!("{kind}: {message}");
    }
    Ok(())
}

/// Starts to connect; an immediate success is reported before this returns.
///
/// # Errors
/// The error number, if the attempt failed at once, and whatever the callbacks raise.
pub fn connect(channel: &dyn Channel, address: &Address) -> Result<(), Exception> {
    let core = channel.core();
    let by_event = core.policy.connecting == Connecting::Event;
    core.set_connected(false);
    if by_event {
        core.set_connecting(true);
    }
    match core.need_socket("connect_ex")?.connect(address)? {
        EINPROGRESS | EALREADY | EWOULDBLOCK => {
            if by_event {
                core.set_addr(address.clone());
            }
            Ok(())
        }
        0 | EISCONN => {
            core.set_addr(address.clone());
            if by_event {
                return channel.handle_connect_event();
            }
            core.set_connected(true);
            channel.handle_connect()
        }
        errno => Err(Exception::Os(errno)),
    }
}

/// Reports that the attempt to connect has ended: calls `handle_connect`, then sets `connected`.
///
/// # Errors
/// The socket's pending error, which this clears; 2.5 has no such method.
pub fn handle_connect_event(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    if core.policy.connecting == Connecting::Direct {
        return Err(Exception::no_attribute("dispatcher", "handle_connect_event"));
    }
    match core.need_socket("getsockopt")?.take_error()? {
        0 => {}
        errno => return Err(Exception::Os(errno)),
    }
    channel.handle_connect()?;
    core.set_connected(true);
    core.set_connecting(false);
    Ok(())
}

/// Appends at most `max` received bytes to `into`; at the end of the stream calls `handle_close`.
///
/// Returns how many bytes came, 0 after `handle_close`. An error of `handle_close` itself that
/// looks like a disconnect calls it once more, as in asyncore.
pub fn recv<C: Channel + ?Sized>(channel: &C, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
    let core = channel.core();
    let failed = match core.need_socket("recv")?.recv(max, into) {
        Ok(0) => match channel.handle_close() {
            Ok(()) => return Ok(0),
            Err(error) => error,
        },
        Ok(count) => return Ok(count),
        Err(error) => error,
    };
    lost(channel.as_channel(), failed, core.policy.recv_disconnects)
}

/// Sends what the socket takes and returns how many bytes that was, 0 when it is not ready.
///
/// From 2.7 on an error that means a lost connection calls `handle_close` and returns 0.
pub fn send<C: Channel + ?Sized>(channel: &C, data: &[u8]) -> Result<usize, Exception> {
    let core = channel.core();
    match core.need_socket("send")?.send(data) {
        Ok(sent) => Ok(sent),
        Err(Exception::Os(EWOULDBLOCK)) => Ok(0),
        Err(error) => lost(channel.as_channel(), error, core.policy.send_disconnects),
    }
}

/// Calls `handle_close` for an error that means a lost connection, and passes on any other.
#[cold]
fn lost(channel: &dyn Channel, error: Exception, disconnects: &[i32]) -> Result<usize, Exception> {
    match error {
        Exception::Os(errno) if disconnects.contains(&errno) => channel.handle_close().map(|()| 0),
        error => Err(error),
    }
}

/// Closes the socket; the channel can be closed again, and its socket stays where it is.
///
/// Does not call `handle_close`.
pub fn close(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    let policy = &core.policy.closing;
    if policy.resets_flags {
        core.set_connected(false);
        core.set_connecting(false);
    }
    if policy.without_socket && core.socket().is_none() {
        return Ok(());
    }
    match core.need_socket("close")?.close() {
        Err(Exception::Os(errno)) if policy.ignored.contains(&errno) => Ok(()),
        closed => closed,
    }
}
