//! `asyncore.dispatcher`: what its methods do where nobody overrides them.
//!
//! Each function is the method of that name. A type that overrides a method calls the function
//! here to do what it would have done (`super`).

use std::rc::Rc;

use crate::channel::Channel;
use crate::core::Core;
use crate::errno::{EALREADY, EINPROGRESS, EISCONN, EWOULDBLOCK};
use crate::exception::Exception;
use crate::map::Map;
use crate::profile::Connecting;
use crate::socket::{Accepted, Address, Family, Kind, Socket};

/// Makes a channel of a program's type, as `dispatcher.__init__` does.
///
/// With a socket the channel enters its map, the socket is made non-blocking, and the channel
/// counts as connected if the socket has a peer; under [`Profile::Py25`](crate::Profile::Py25) it
/// does in any case. Without one, `create_socket` or `set_socket` comes later.
///
/// The map keeps the channel alive from then on; what is returned need not be kept.
///
/// # Errors
/// Those of the socket; then the channel is not in the map, except in 2.5.
pub fn init<C: Channel + 'static>(channel: C, socket: Option<Rc<dyn Socket>>) -> Result<Rc<C>, Exception> {
    let channel = Rc::new(channel);
    know_itself(&channel);
    if let Some(socket) = socket {
        Core::attach(&*channel, &socket)?;
    }
    Ok(channel)
}

pub(crate) fn know_itself<C: Channel + 'static>(channel: &Rc<C>) {
    let this = Rc::downgrade(channel);
    channel.core().set_this(this);
}

/// Puts the channel into `map`, by default its own, under its descriptor.
///
/// What stood there is replaced. [`close`] takes the channel out of its own map only.
///
/// # Errors
/// `TypeError` for a channel without a descriptor; `RuntimeError` if the channel's map is gone, or
/// if the channel was not made by an `init`.
pub fn add_channel(channel: &dyn Channel, map: Option<&Map>) -> Result<(), Exception> {
    let core = channel.core();
    let map = map.cloned().map_or_else(|| own_map(core), Ok)?;
    let Some(fd) = core.fileno() else {
        return Err(Exception::other("TypeError", "argument must be an int, or have a fileno() method."));
    };
    let Some(this) = core.this() else {
        return Err(Exception::other("RuntimeError", "the channel was not made by dispatcher::init"));
    };
    drop(map.insert(fd, this));
    Ok(())
}

fn own_map(core: &Core) -> Result<Map, Exception> {
    core.map().ok_or_else(|| Exception::other("RuntimeError", "the channel's map is gone"))
}

/// Removes from `map`, by default the channel's own, whatever stands under its descriptor.
///
/// The channel has no descriptor from then on.
pub fn del_channel(channel: &dyn Channel, map: Option<&Map>) -> Result<(), Exception> {
    let core = channel.core();
    let map = map.cloned().or_else(|| core.map());
    let removed = map.zip(core.fileno()).and_then(|(map, fd)| map.remove(fd));
    core.set_fileno(None);
    drop(removed);
    Ok(())
}

/// Creates a socket, makes it non-blocking, and makes it the channel's.
///
/// A socket that the channel had stays in the map.
///
/// # Errors
/// Those of the system.
pub fn create_socket(channel: &dyn Channel, family: Family, kind: Kind) -> Result<(), Exception> {
    let core = channel.core();
    core.set_family_and_type(family, kind);
    let map = own_map(core)?;
    let socket = map.system().socket(family, kind)?;
    match core.policy.connecting {
        Connecting::Event => {
            socket.set_nonblocking()?;
            channel.set_socket(socket)
        }
        Connecting::Direct => {
            core.set_socket(Rc::clone(&socket));
            socket.set_nonblocking()?;
            core.set_fileno(Some(socket.fileno()?));
            channel.add_channel(None)
        }
    }
}

/// Makes a socket the channel's and puts the channel into its map.
///
/// # Errors
/// Those of `fileno` and `add_channel`.
pub fn set_socket(channel: &dyn Channel, socket: Rc<dyn Socket>) -> Result<(), Exception> {
    let core = channel.core();
    core.set_socket(socket);
    core.set_fileno(Some(core.need_socket("fileno")?.fileno()?));
    channel.add_channel(None)
}

/// Lets the address be used again at once, if the system lets it.
///
/// # Errors
/// What is not a system error.
pub fn set_reuse_addr(channel: &dyn Channel) -> Result<(), Exception> {
    match channel.core().need_socket("setsockopt")?.set_reuse_addr() {
        Err(Exception::Os(_)) => Ok(()),
        result => result,
    }
}

/// Makes the channel accept connections.
///
/// # Errors
/// Those of the socket; the channel counts as accepting nevertheless.
pub fn listen(channel: &dyn Channel, backlog: i32) -> Result<(), Exception> {
    let core = channel.core();
    core.set_accepting(true);
    core.need_socket("listen")?.listen(backlog)
}

/// Gives the channel's socket an address, which becomes the channel's.
///
/// # Errors
/// Those of the socket; the channel has the address nevertheless.
pub fn bind(channel: &dyn Channel, address: &Address) -> Result<(), Exception> {
    let core = channel.core();
    core.set_addr(address.clone());
    core.need_socket("bind")?.bind(address)
}

/// Accepts a connection; `None` if there is none, or none any more.
///
/// # Errors
/// Those of the socket that mean something else.
pub fn accept(channel: &dyn Channel) -> Result<Option<Accepted>, Exception> {
    let core = channel.core();
    let policy = &core.policy.accepting;
    match core.need_socket("accept")?.accept() {
        Ok(pair) => Ok(Some(pair)),
        Err(Exception::Os(errno)) if policy.ignored.contains(&errno) => Ok(None),
        Err(error) if policy.ignores_type_error && error.is_a("TypeError") => Ok(None),
        Err(error) => Err(error),
    }
}

/// Calls the handler for something to read: `handle_accept` if the channel accepts, and else
/// `handle_read`, before it `handle_connect_event` if the channel is connecting.
///
/// In 2.5 an accepting channel becomes connected; one that is not connected calls
/// `handle_connect` and then is.
pub fn handle_read_event<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    let core = channel.core();
    if core.accepting() {
        if core.policy.connecting == Connecting::Direct {
            core.set_connected(true);
        }
        return channel.handle_accept();
    }
    if !core.connected() {
        connected_by_event(channel)?;
    }
    channel.handle_read()
}

/// Calls `handle_write`, before it `handle_connect_event` if the channel is connecting; nothing
/// for a channel that accepts.
///
/// In 2.5 a channel that is not connected, accepting or not, calls `handle_connect` and then is.
pub fn handle_write_event<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    let core = channel.core();
    if core.accepting() && core.policy.connecting == Connecting::Event {
        return Ok(());
    }
    if !core.connected() {
        connected_by_event(channel)?;
    }
    channel.handle_write()
}

fn connected_by_event<C: Channel + ?Sized>(channel: &C) -> Result<(), Exception> {
    let core = channel.core();
    match core.policy.connecting {
        Connecting::Event if core.connecting() => channel.handle_connect_event(),
        Connecting::Event => Ok(()),
        Connecting::Direct => {
            channel.handle_connect()?;
            core.set_connected(true);
            Ok(())
        }
    }
}

/// Calls `handle_close` if the socket has a pending error, and else `handle_expt`; in 2.5 always
/// `handle_expt`.
///
/// # Errors
/// Those of the socket, and whatever the handler raises.
pub fn handle_expt_event(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    if core.policy.connecting == Connecting::Event && core.need_socket("getsockopt")?.take_error()? != 0 {
        return channel.handle_close();
    }
    channel.handle_expt()
}

/// Logs a warning that nobody wants urgent data.
pub fn handle_expt(channel: &dyn Channel) -> Result<(), Exception> {
    channel.log_info(channel.core().policy.expt_message, "warning")
}

/// Accepts a connection and calls `handle_accepted`; until 2.7 only logs a warning.
pub fn handle_accept(channel: &dyn Channel) -> Result<(), Exception> {
    if !channel.core().policy.accepting.by_default {
        return channel.log_info("unhandled accept event", "warning");
    }
    match channel.accept()? {
        Some((socket, addr)) => channel.handle_accepted(socket, &addr),
        None => Ok(()),
    }
}

/// Closes the accepted connection and logs a warning that nobody wants it.
///
/// # Errors
/// Those of the socket; `AttributeError` until 2.7, which has no such method.
pub fn handle_accepted(channel: &dyn Channel, socket: &dyn Socket) -> Result<(), Exception> {
    if !channel.core().policy.accepting.by_default {
        return Err(Exception::no_attribute("dispatcher", "handle_accepted"));
    }
    socket.close()?;
    channel.log_info("unhandled accepted event", "warning")
}

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

/// Prints `log: message` on standard error.
pub fn log(message: &str) {
    eprintln!("log: {message}");
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

/// Takes the channel out of its map and closes the socket, which stays where it is.
///
/// Does not call `handle_close`. The channel can be closed again.
///
/// # Errors
/// Those of the socket, except from 2.6 on `ENOTCONN` and `EBADF`; until 2.7 `AttributeError` for
/// a channel without a socket.
pub fn close(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    let policy = &core.policy.closing;
    if policy.resets_flags {
        core.set_connected(false);
        core.set_accepting(false);
        core.set_connecting(false);
    }
    channel.del_channel(None)?;
    if policy.without_socket && core.socket().is_none() {
        return Ok(());
    }
    match core.need_socket("close")?.close() {
        Err(Exception::Os(errno)) if policy.ignored.contains(&errno) => Ok(()),
        closed => closed,
    }
}
