//! What every channel does of itself: send, receive, close, tell of errors.

use super::Pattern;
use super::channel::Sort;
use super::machine::{Call, Machine, Outcome, Thrown, id, thrown};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::Hook;
use crate::trace::SocketCall;
use crate::value::Value;

/// How many bytes of its buffer a `dispatcher_with_send` sends at a time: until 3.3, and from 3.4 on.
const OLD_PIECE: usize = 512;
const PIECE: usize = 65536;

impl Machine<'_> {
    /// Says whether the errors of the 2.6 and later releases hold.
    pub(super) fn modern(&self) -> bool {
        self.profile != Profile::Py25
    }

    /// Says whether `recv` and `send` take this error for a lost connection.
    pub(super) fn lost(&self, errno: Errno, sending: bool) -> bool {
        match errno {
            Errno::ECONNRESET | Errno::ENOTCONN | Errno::ESHUTDOWN => self.modern() || !sending,
            Errno::ECONNABORTED | Errno::EPIPE | Errno::EBADF => self.modern(),
            _ => false,
        }
    }

    /// Chooses between the clause of asynchat and that of asyncore.
    fn of_chat(&mut self, chan: Name, chat: &'static str, other: &'static str) -> ClauseId {
        id(if self.chan(chan).is_chat() { chat } else { other })
    }

    /// Calls `handle_close`, whose own body is to close.
    pub(super) fn handle_close(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        self.forbid_collecting(chan);
        let call = Call::of(chan, Hook::HandleClose, demand, id("ERROR-3"));
        self.hook(
            call,
            |machine| {
                if machine.chan(chan).is_chat() {
                    machine.forbid_hooks(chan, &[Hook::LogInfo], id("CLOSE-19"));
                    machine.forbid_collecting(chan);
                    return machine.close(chan, id("CLOSE-1"));
                }
                machine.warn(chan, "unhandled close event", id("CLOSE-11"))?;
                machine.close(chan, id("CLOSE-10"))
            },
            (),
        )
    }

    /// Calls `handle_close`, and notes that a second call would break the same clause.
    fn handle_close_once(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let demand = self.told_before(chan, demand);
        self.handle_close(chan, demand)?;
        if !self.chan(chan).is_chat() {
            self.gave = Some(demand);
            self.forbid_hooks(chan, &[Hook::HandleClose], demand);
            self.forbid(Pattern::Raised, demand);
        }
        Ok(())
    }

    /// Names the clause by which the end of a connection is told; it is another one where it has been told before.
    fn told_before(&mut self, chan: Name, demand: ClauseId) -> ClauseId {
        if self.chan(chan).is_chat() || self.closed(chan) || !std::mem::replace(&mut self.chan(chan).base.told, true) {
            return demand;
        }
        self.accident(id("IO-28"));
        id("IO-28")
    }

    fn forbid_collecting(&mut self, chan: Name) {
        let it = self.chan(chan);
        if !it.buffer.is_empty() && !it.consuming {
            self.forbid_hooks(chan, &[Hook::CollectIncomingData], id("INPUT-21"));
        }
    }

    pub(super) fn close(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::Close, demand, id("ERROR-3"));
        self.hook(call, |machine| machine.close_now(chan, demand), ())
    }

    fn close_now(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let modern = self.modern();
        let it = self.chan(chan);
        if modern {
            let why = if it.connecting { "CLOSE-17" } else { "CLOSE-5" };
            if it.base.accepting {
                it.base.accepting_why = id("CLOSE-17");
            }
            it.connected = false;
            it.connecting = false;
            it.base.accepting = false;
            it.flags_why = id(why);
        } else {
            it.flags_why = id("CLOSE-4");
            if it.base.accepting {
                it.base.accepting_why = id("CLOSE-4");
            }
        }
        if !it.is_chat() && !it.out.is_empty() {
            it.out_why = id("IO-26");
            self.forbid_hooks(chan, &[Hook::Send, Hook::InitiateSend], id("IO-22"));
        }
        let it = self.chan(chan);
        it.base.addr_why = id("CLOSE-15");
        it.base.socket_why = id("CLOSE-15");
        if !modern && it.base.socket.is_none() {
            self.accident(id("CLOSE-13"));
            return thrown("AttributeError", id("CLOSE-13"));
        }
        let map = it.base.map;
        let further = it.base.fd.filter(|fd| {
            let elsewhere = |(number, other): (usize, &super::map::Map)| number != map && other.get(*fd) == Some(chan);
            self.maps.iter().enumerate().any(elsewhere)
        });
        self.del_channel(chan, map, id("CLOSE-6"));
        if further.is_some() {
            self.maps.iter_mut().enumerate().filter(|(at, _)| *at != map).for_each(|(_, map)| map.why = id("CLOSE-16"));
            self.accident(id("CLOSE-16"));
        }
        let Some(socket) = self.chan(chan).base.socket else {
            if self.profile == Profile::Py311 {
                self.forbid(Pattern::Raised, id("CLOSE-12"));
                return Ok(());
            }
            self.accident(id("CLOSE-13"));
            return thrown("AttributeError", id("CLOSE-13"));
        };
        let file = self.is_file(chan);
        if file && modern && self.socket(socket).closed {
            self.forbid(Pattern::Socket(socket, SocketCall::Close), id("FILE-5"));
            return Ok(());
        }
        let again = self.socket(socket).closed;
        let why = match () {
            () if again => id("CLOSE-18"),
            () if demand == id("CLOSE-10") => demand,
            () => id("CLOSE-2"),
        };
        let result = self.socket_close(chan, socket, why);
        if again && result.is_err() {
            self.accident(why);
        }
        self.forbid(Pattern::Socket(socket, SocketCall::Close), id("CLOSE-2"));
        self.forbid_hooks(chan, &[Hook::HandleClose], id(if again { "CLOSE-3" } else { "CLOSE-2" }));
        match result {
            // On Python 2 the error of a file is no error of a socket.
            Err(Thrown { exception: Exception::Os { errno: Errno::ENOTCONN | Errno::EBADF, .. }, of_file, .. })
                if modern && !(of_file && self.profile == Profile::Py27) =>
            {
                self.forbid(Pattern::Raised, id("CLOSE-7"));
                self.maps[map].why = id("CLOSE-7");
                Ok(())
            }
            Err(thrown) => {
                let closed = matches!(thrown.exception, Exception::Os { errno: Errno::ENOTCONN | Errno::EBADF, .. });
                let why = id(if closed && !modern { "CLOSE-9" } else { "CLOSE-8" });
                self.maps[map].why = why;
                Err(Thrown { why, ..thrown })
            }
            Ok(()) => {
                if again {
                    self.forbid(Pattern::Raised, id("CLOSE-3"));
                }
                Ok(())
            }
        }
    }

    /// Calls `handle_error` for an exception.
    pub(super) fn handle_error(&mut self, chan: Name, exception: &Exception, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleError, demand, id("ERROR-3")).for_exception(exception);
        self.hook(
            call,
            |machine| {
                let why = id(if machine.modern() { "ERROR-1" } else { "ERROR-2" });
                machine.log_info(chan, "error", why)?;
                if machine.modern() {
                    machine.handle_close(chan, why)
                } else {
                    machine.forbid_hooks(chan, &[Hook::HandleClose], why);
                    machine.close(chan, why)
                }
            },
            (),
        )
    }

    fn log_info(&mut self, chan: Name, kind: &str, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::LogInfo, demand, id("ERROR-3")).with(Value::bytes(kind));
        self.hook(call, |_| Ok(()), ())
    }

    /// Logs a warning.
    pub(super) fn warn(&mut self, chan: Name, text: &str, demand: ClauseId) -> Outcome<()> {
        self.log_info(chan, &format!("warning: {text}"), demand)
    }

    /// Asks what `readable` gives; a channel that is no chat shows the call.
    pub(super) fn readable(&mut self, chan: Name, demand: ClauseId) -> Outcome<(bool, ClauseId)> {
        let it = self.chan(chan);
        if it.is_chat() {
            let fits = it.buffer.len() <= it.ac_in;
            let (apart, odd) = (it.is_apart(), it.odd_input);
            return Ok(match self.modern() {
                true => (true, id(if apart { "INPUT-55" } else { "INPUT-34" })),
                false => (fits, odd.unwrap_or(id("INPUT-35"))),
            });
        }
        let call = Call::of(chan, Hook::Readable, demand, id("POLL-19"));
        let skipped = (false, id("EVENT-19"));
        self.hook(call, |machine| Ok((machine.chan(chan).base.readable.unwrap_or(true), id("EVENT-19"))), skipped)
    }

    /// Asks what `writable` gives; a channel that is no chat shows the call.
    pub(super) fn writable(&mut self, chan: Name, demand: ClauseId) -> Outcome<(bool, ClauseId)> {
        if self.chan(chan).is_chat() {
            return Ok(self.chat_writable(chan));
        }
        let call = Call::of(chan, Hook::Writable, demand, id("POLL-19"));
        self.hook(
            call,
            |machine| {
                let kept = id(if machine.closed(chan) { "IO-26" } else { "IO-15" });
                let it = machine.chan(chan);
                let own = match it.base.sort {
                    Sort::WithSend if it.connected => (!it.out.is_empty(), kept),
                    Sort::WithSend => (true, id("IO-15")),
                    _ => (true, id("EVENT-19")),
                };
                Ok(it.base.writable.map_or(own, |value| (value, id("EVENT-19"))))
            },
            (false, id("EVENT-19")),
        )
    }

    /// Calls `recv`, which takes a lost connection for the end of the stream.
    pub(super) fn recv(&mut self, chan: Name, size: usize) -> Outcome<Vec<u8>> {
        let asked = Value::int(i64::try_from(size).unwrap_or(i64::MAX));
        if self.closed(chan) && !self.chan(chan).is_chat() {
            self.accident(id(if self.modern() { "IO-11" } else { "CLOSE-15" }));
        }
        if size == 0 && !self.chan(chan).is_chat() {
            self.accident(id("IO-27"));
        }
        let demand = self.of_chat(chan, "INPUT-33", "IO-6");
        let escape = self.of_chat(chan, "INPUT-49", "ERROR-5");
        let call = Call::of(chan, Hook::Recv, demand, escape).with(asked);
        self.hook(call, |machine| machine.dispatcher_recv(chan, size), Vec::new())
    }

    fn dispatcher_recv(&mut self, chan: Name, size: usize) -> Outcome<Vec<u8>> {
        let demand = self.of_chat(chan, "INPUT-33", "IO-6");
        let ended = if self.is_file(chan) { id("FILE-10") } else { self.of_chat(chan, "INPUT-20", "IO-7") };
        let after = self.closed(chan) && !self.chan(chan).is_chat();
        let received = match self.socket_recv(chan, size, demand) {
            // The end of the stream: handle_close is called where errors are still caught.
            Ok(data) if data.is_empty() => self.handle_close_once(chan, ended).map(|()| data),
            other => other,
        };
        match received {
            Err(Thrown { exception: Exception::Os { errno, .. }, of_file, .. })
                if self.lost(errno, false) && !(of_file && self.profile != Profile::Py311) =>
            {
                let demand = match (self.modern(), self.is_file(chan)) {
                    _ if after => id("IO-11"),
                    (true, true) => id("FILE-13"),
                    (true, false) => self.of_chat(chan, "INPUT-25", "IO-8"),
                    (false, _) => self.of_chat(chan, "INPUT-26", "IO-9"),
                };
                self.handle_close_once(chan, demand).map(|()| Vec::new())
            }
            Err(thrown @ Thrown { exception: Exception::Os { .. }, .. }) if !self.chan(chan).is_chat() => {
                let why = match self.profile {
                    _ if !self.is_file(chan) => "IO-10",
                    Profile::Py311 => "FILE-11",
                    _ => "FILE-12",
                };
                self.forbid_hooks(chan, &[Hook::HandleClose, Hook::HandleError], id(why));
                Err(Thrown { why: id(why), ..thrown })
            }
            other => other,
        }
    }

    /// Calls `send`, which takes a lost connection for a close.
    pub(super) fn send(&mut self, chan: Name, data: &[u8], demand: ClauseId) -> Outcome<usize> {
        let escape = self.of_chat(chan, "OUTPUT-13", "ERROR-5");
        let call = Call::of(chan, Hook::Send, demand, escape).with(Value::bytes(data));
        self.hook(call, |machine| machine.dispatcher_send(chan, data, demand), 0)
    }

    pub(super) fn dispatcher_send(&mut self, chan: Name, data: &[u8], demand: ClauseId) -> Outcome<usize> {
        // That a push sends at once is one matter, that its data reach the socket is another.
        let reaches = if demand == id("OUTPUT-2") { id("OUTPUT-1") } else { demand };
        let chat = self.chan(chan).is_chat();
        let file = self.is_file(chan);
        let after = self.closed(chan) && !chat;
        match self.socket_send(chan, data, reaches) {
            Err(Thrown { of_file: true, exception, .. }) if self.profile != Profile::Py311 => {
                Err(Thrown { exception, why: id("FILE-12"), of_file: true })
            }
            Err(Thrown { exception: Exception::Os { errno: Errno::EAGAIN, .. }, .. }) => {
                let why = if file { id("FILE-11") } else { self.of_chat(chan, "OUTPUT-9", "IO-2") };
                self.forbid_hooks(chan, &[Hook::HandleError, Hook::HandleClose], why);
                if !chat {
                    self.gave = Some(why);
                    self.forbid(Pattern::Raised, why);
                }
                self.forbid_sending(chan);
                Ok(0)
            }
            Err(Thrown { exception: Exception::Os { errno, .. }, .. }) if self.lost(errno, true) => {
                self.chan(chan).lost = true;
                let why = match () {
                    () if after => id("IO-11"),
                    () if file => id("FILE-13"),
                    () => self.of_chat(chan, "OUTPUT-11", "IO-3"),
                };
                self.forbid_hooks(chan, &[Hook::HandleError], why);
                self.handle_close_once(chan, why).map(|()| 0)
            }
            Err(thrown @ Thrown { exception: Exception::Os { .. }, .. }) if !chat => {
                let Exception::Os { errno, .. } = thrown.exception else { unreachable!("matched above") };
                let lost = matches!(
                    errno,
                    Errno::ECONNRESET
                        | Errno::ENOTCONN
                        | Errno::ESHUTDOWN
                        | Errno::ECONNABORTED
                        | Errno::EPIPE
                        | Errno::EBADF
                );
                let why = id(if lost { "IO-4" } else { "IO-5" });
                self.forbid_hooks(chan, &[Hook::HandleClose, Hook::HandleError], why);
                Err(Thrown { why, ..thrown })
            }
            other => {
                self.forbid_sending(chan);
                other
            }
        }
    }

    /// Notes that one send has been one call of the socket.
    fn forbid_sending(&mut self, chan: Name) {
        let it = self.chan(chan);
        if let (false, Some(socket)) = (it.is_chat(), it.base.socket) {
            self.forbid(Pattern::Socket(socket, SocketCall::Send), id("IO-29"));
        }
    }

    /// Calls `initiate_send`, whatever the class makes of it.
    pub(super) fn initiate_send(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let escape = self.of_chat(chan, "ERROR-3", "ERROR-5");
        let demand = if self.chan(chan).is_chat() { demand } else { self.sends_by(chan, demand) };
        let call = Call::of(chan, Hook::InitiateSend, demand, escape);
        self.hook(
            call,
            |machine| match (machine.chan(chan).base.sort, machine.modern()) {
                (Sort::Chat, true) => machine.send_again(chan),
                (Sort::Chat, false) => machine.send_buffer(chan),
                _ => machine.send_out_buffer(chan, demand),
            },
            (),
        )
    }

    // dispatcher_with_send

    /// Adds to the buffer of a `dispatcher_with_send` and sends from it.
    pub(super) fn buffered_send(&mut self, chan: Name, data: &[u8]) -> Outcome<()> {
        let call = Call::of(chan, Hook::Send, id("IO-12"), id("ERROR-5")).with(Value::bytes(data));
        self.hook(
            call,
            |machine| {
                let it = machine.chan(chan);
                it.out.extend_from_slice(data);
                it.out_why = id("IO-12");
                machine.initiate_send(chan, id("IO-12")).map(|()| 0)
            },
            0,
        )?;
        Ok(())
    }

    /// Names the clause by which the buffer is sent: without data or without a connection it is another one.
    fn sends_by(&mut self, chan: Name, demand: ClauseId) -> ClauseId {
        let it = self.chan(chan);
        let (empty, unconnected) = (it.out.is_empty(), !it.connected);
        if !empty && !unconnected {
            return demand;
        }
        let why = id(if empty { "IO-25" } else { "IO-17" });
        // Whoever sends nothing leaves what the socket would have answered to the next send.
        let socket = self.chan(chan).base.socket;
        if unconnected || socket.is_some_and(|socket| !self.socket(socket).sends.is_empty()) {
            self.accident(why);
        }
        why
    }

    /// Sends the beginning of the buffer of a `dispatcher_with_send`.
    pub(super) fn send_out_buffer(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let short = self.profile != Profile::Py311;
        let size = if short { OLD_PIECE } else { PIECE };
        let it = self.chan(chan);
        let piece = it.out[..it.out.len().min(size)].to_vec();
        let long = it.out.len() > size;
        let by_accident = demand == id("IO-25") || demand == id("IO-17");
        let why = id(match () {
            () if by_accident => demand.as_str(),
            () if long && short => "IO-13",
            () if !short && it.out.len() > OLD_PIECE => "IO-24",
            () if it.out_why == id("IO-12") || it.out.is_empty() => demand.as_str(),
            () => it.out_why.as_str(),
        });
        let sent = self.dispatcher_send(chan, &piece, why);
        let modern = self.modern();
        let it = self.chan(chan);
        if sent.is_err() {
            it.out_why = id("IO-14");
        }
        let sent = sent?;
        it.out.drain(..sent.min(it.out.len()));
        let lost = std::mem::take(&mut it.lost) && modern;
        it.out_why = id(if lost { "IO-18" } else { "IO-14" });
        Ok(())
    }
}
