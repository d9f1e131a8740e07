//! `asyncore.loop` and what it is made of.
//!
//! A pass asks every channel of the map what it waits for, waits, and hands out what came. The set
//! of channels that are asked is what the map held when the pass began; each event goes to the
//! channel that stands under the descriptor when its turn comes. What is asked and which handlers
//! an event becomes are decided in `dispatch.rs`.

use crate::channel::{Channel, Wishes};
use crate::dispatch::{self, Discipline};
use crate::errno::EBADF;
use crate::exception::Exception;
use crate::flags::Flags;
use crate::map::Map;
use crate::profile::CloseAll;
use crate::system::{AskedList, Ready};

/// How a loop runs: the arguments of `asyncore.loop`, with its defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loop {
    /// How many seconds a pass waits at most; `None` for ever.
    pub timeout: Option<f64>,
    /// Whether passes are made by [`poll2`], or else by [`poll`].
    pub use_poll: bool,
    /// How many passes there are at most, a part of one counting as one; `None` for no limit.
    pub count: Option<f64>,
}

impl Default for Loop {
    fn default() -> Self {
        Self { timeout: Some(30.0), use_poll: false, count: None }
    }
}

impl Loop {
    /// Makes passes over `map` until it is empty or the count is used up.
    ///
    /// # Errors
    /// What leaves a pass: see [`poll`] and [`poll2`].
    pub fn run(self, map: &Map) -> Result<(), Exception> {
        let mut count = self.count.unwrap_or(f64::INFINITY);
        while !map.is_empty() && count > 0.0 {
            if self.use_poll {
                poll2(self.timeout, map)?;
            } else {
                poll(self.timeout, map)?;
            }
            count -= 1.0;
        }
        Ok(())
    }
}

/// Makes one pass as `select` would: all that can be read, then all that can be written, then all
/// urgent data.
///
/// Waits `timeout` seconds at most; `None` for ever. When no channel waits for anything, sleeps.
///
/// # Errors
/// What a predicate raises; what the wait raises: `EBADF` for a descriptor that is closed but in
/// the map, `TypeError` for sleeping for ever, `ValueError` (until 2.7 `EINVAL`) for a negative
/// time; what [`read`], [`write()`] and [`expt`] let through.
pub fn poll(timeout: Option<f64>, map: &Map) -> Result<(), Exception> {
    if map.is_empty() {
        return Ok(());
    }
    let asked = ask(map, Discipline::Select)?;
    if asked.is_empty() {
        return sleep(timeout, map);
    }
    let mut ready = map.take_ready();
    let waited = map.system().select(&asked, timeout, &mut ready);
    forgive(map, waited)?;
    hand_out(map, &ready, Flags::IN, read)?;
    hand_out(map, &ready, Flags::OUT, write)?;
    hand_out(map, &ready, Flags::PRI, expt)?;
    map.give_ready(ready);
    Ok(())
}

fn hand_out(
    map: &Map,
    ready: &[Ready],
    flag: Flags,
    handle: fn(&dyn Channel) -> Result<(), Exception>,
) -> Result<(), Exception> {
    for event in ready.iter().filter(|event| event.flags.any(flag)) {
        if let Some(channel) = map.get(event.fd) {
            handle(&*channel)?;
        }
    }
    Ok(())
}

/// Makes one pass as a poll object would: descriptor by descriptor all that is reported of it.
///
/// Waits `timeout` seconds at most, cut to milliseconds; `None`, or a negative time, for ever.
///
/// # Errors
/// What a predicate raises; what the wait raises; what [`readwrite`] lets through.
pub fn poll2(timeout: Option<f64>, map: &Map) -> Result<(), Exception> {
    let timeout = timeout.map(dispatch::milliseconds).transpose()?;
    if map.is_empty() {
        return Ok(());
    }
    let asked = ask(map, Discipline::Poll)?;
    let mut ready = map.take_ready();
    let waited = map.system().poll(&asked, timeout, &mut ready);
    forgive(map, waited)?;
    for event in &ready {
        if let Some(channel) = map.get(event.fd) {
            readwrite(&*channel, event.flags)?;
        }
    }
    map.give_ready(ready);
    Ok(())
}

/// Is [`poll2`], by its older name.
pub fn poll3(timeout: Option<f64>, map: &Map) -> Result<(), Exception> {
    poll2(timeout, map)
}

/// Asks every channel what it waits for and lists those that wait for something.
fn ask(map: &Map, discipline: Discipline) -> Result<AskedList, Exception> {
    let policy = map.policy();
    let flags = Wishes::table(|readable, writable, accepting| {
        let writer = writable && (policy.accepting.writable || !accepting);
        match discipline {
            Discipline::Select => dispatch::select_asks(readable, writable, writer),
            Discipline::Poll => dispatch::poll_asks(readable, writer, policy.waiting.extra),
        }
    });
    let channels = map.snapshot();
    let mut asking = map.take_asking();
    asking.begin(channels.edition());
    let mut raised = None;
    for (place, slot) in channels.iter().enumerate() {
        let Some(wishes) = slot.value.wishes(&mut raised) else { break };
        asking.note(place, flags[wishes.index()]);
    }
    if let Some(exception) = raised {
        return Err(exception);
    }
    let asked = asking.finish(&channels);
    map.give_asking(asking);
    Ok(asked)
}

fn sleep(timeout: Option<f64>, map: &Map) -> Result<(), Exception> {
    match timeout {
        Some(seconds) => map.system().sleep(seconds),
        None => Err(Exception::other("TypeError", map.policy().waiting.sleep_none)),
    }
}

/// Takes an interrupted wait for one in which nothing came, where the release does.
fn forgive(map: &Map, waited: Result<(), Exception>) -> Result<(), Exception> {
    match waited {
        Err(Exception::Os(errno)) if map.policy().waiting.ignored.contains(&errno) => Ok(()),
        waited => waited,
    }
}

/// Calls `handle_read_event`, and `handle_error` with what that raises.
///
/// # Errors
/// `ExitNow`, from 2.6 on interrupts as well, and whatever `handle_error` raises.
pub fn read(channel: &dyn Channel) -> Result<(), Exception> {
    caught(channel, channel.handle_read_event())
}

/// Calls `handle_write_event`, and `handle_error` with what that raises.
///
/// # Errors
/// Those of [`read`].
pub fn write(channel: &dyn Channel) -> Result<(), Exception> {
    caught(channel, channel.handle_write_event())
}

/// Calls `handle_expt_event`, and `handle_error` with what that raises (`asyncore._exception`).
///
/// # Errors
/// Those of [`read`].
pub fn expt(channel: &dyn Channel) -> Result<(), Exception> {
    caught(channel, channel.handle_expt_event())
}

fn caught(channel: &dyn Channel, result: Result<(), Exception>) -> Result<(), Exception> {
    match result {
        Err(error) if !dispatch::leaves(channel.core().policy.dispatch, &error) => channel.handle_error(&error),
        result => result,
    }
}

/// Calls the handlers for what `poll` reports of a descriptor, all on the same channel.
///
/// Reading, writing, urgent data, trouble. In 2.5 urgent data are read, and trouble is
/// `handle_expt_event`; later trouble is `handle_close`. An exception ends the list; from 2.6 on
/// one that means a lost connection is answered by `handle_close`, any other by `handle_error`.
///
/// # Errors
/// `ExitNow`, from 2.6 on interrupts as well, and whatever `handle_error`, or `handle_close` in
/// the place of it, raises.
pub fn readwrite(channel: &dyn Channel, flags: Flags) -> Result<(), Exception> {
    let policy = channel.core().policy;
    let handlers = dispatch::handlers(policy.dispatch, flags);
    match handlers.into_iter().flatten().try_for_each(|handler| handler.call(channel)) {
        Err(Exception::Os(errno)) if policy.disconnects.contains(&errno) => channel.handle_close(),
        result => caught(channel, result),
    }
}

/// Closes every channel and empties the map.
///
/// In 2.5 the channels' sockets are closed, behind their backs, and `ignore_all` has no meaning.
///
/// # Errors
/// From 2.6 on what `close` raises, except `EBADF` (in 2.7 that of a file alone), and with
/// `ignore_all` only what leaves the loop; in 2.5 every error of a socket's `close`. The map is
/// then not emptied.
pub fn close_all(map: &Map, ignore_all: bool) -> Result<(), Exception> {
    let how = map.policy().close_all;
    for channel in map.channels() {
        if how == CloseAll::Sockets {
            channel.core().need_socket("close")?.close()?;
        } else if let Err(error) = channel.close() {
            let bad_file = match &error {
                Exception::File(errno) => *errno == EBADF,
                Exception::Os(errno) => how == CloseAll::Channels && *errno == EBADF,
                _ => false,
            };
            if !bad_file && (!ignore_all || dispatch::leaves(map.policy().dispatch, &error)) {
                return Err(error);
            }
        }
    }
    map.clear();
    Ok(())
}
