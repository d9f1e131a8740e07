//! Events, and what the handlers do unless they are overridden.

use super::Pattern;
use super::channel::Sort;
use super::machine::{Call, Machine, Outcome, Thrown, id};
use super::socket::{Accepted, LOCAL, PEER};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, ErrorText, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::Hook;
use crate::trace::SocketCall;
use crate::value::Value;

/// Every handler of an event, and what leads to one.
pub(super) const HANDLERS: &[Hook] = &[
    Hook::HandleReadEvent,
    Hook::HandleWriteEvent,
    Hook::HandleExptEvent,
    Hook::HandleConnectEvent,
    Hook::HandleRead,
    Hook::HandleWrite,
    Hook::HandleExpt,
    Hook::HandleConnect,
    Hook::HandleAccept,
    Hook::HandleClose,
    Hook::Recv,
];

impl Machine<'_> {
    pub(super) fn handle_read_event(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleReadEvent, demand, id("ERROR-5"));
        self.hook(call, |machine| machine.read_event(chan), ())
    }

    fn read_event(&mut self, chan: Name) -> Outcome<()> {
        if self.chan(chan).base.accepting {
            return self.accept_event(chan);
        }
        let connecting = [Hook::HandleConnect, Hook::HandleConnectEvent];
        let other = [Hook::HandleAccept, Hook::HandleWrite, Hook::HandleExpt];
        let demand = match self.before_handler(chan)? {
            Some(demand) => demand,
            None if self.chan(chan).connected => {
                self.forbid_hooks(chan, &connecting, id("EVENT-1"));
                id("EVENT-1")
            }
            None => {
                self.forbid_hooks(chan, &connecting, id("EVENT-6"));
                id("EVENT-6")
            }
        };
        self.forbid_hooks(chan, &other, demand);
        self.handle_read(chan, demand)?;
        self.forbid_hooks(chan, &[Hook::HandleRead, Hook::HandleConnect, Hook::HandleWrite, Hook::HandleExpt], demand);
        Ok(())
    }

    fn accept_event(&mut self, chan: Name) -> Outcome<()> {
        let quiet = [Hook::HandleRead, Hook::HandleConnect, Hook::HandleConnectEvent, Hook::Recv];
        self.forbid_hooks(chan, &quiet, id("EVENT-3"));
        let modern = self.modern();
        let it = self.chan(chan);
        if !modern && !it.connected {
            it.connected = true;
            it.flags_why = id("EVENT-11");
            self.accident(id("EVENT-11"));
        } else if modern && !it.connected && !it.connecting {
            it.flags_why = id("EVENT-10");
        }
        self.handle_accept(chan, id("EVENT-3"))?;
        self.forbid_hooks(chan, &[Hook::HandleAccept, Hook::HandleRead], id("EVENT-3"));
        Ok(())
    }

    /// Does what the first event on an unconnected channel does first; gives the clause that demands the handler then.
    fn before_handler(&mut self, chan: Name) -> Outcome<Option<ClauseId>> {
        if self.chan(chan).connected {
            return Ok(None);
        }
        if self.chan(chan).base.socket.is_none() {
            self.unspecified("no clause speaks of an event on a channel without a socket");
        }
        if self.closed(chan) {
            self.accident(id("CLOSE-15"));
        }
        if !self.modern() {
            let refused = self.pending_error(chan);
            let why = id(if refused { "CONNECT-18" } else { "EVENT-9" });
            if refused {
                self.accident(why);
            }
            self.handle_connect(chan, why, id("ERROR-5"))?;
            let it = self.chan(chan);
            it.connected = true;
            it.flags_why = why;
            return Ok(Some(why));
        }
        if !self.chan(chan).connecting {
            return Ok(None);
        }
        if self.chan(chan).flags_why == id("CONNECT-31") {
            self.accident(id("CONNECT-31"));
        }
        self.handle_connect_event(chan, id("EVENT-8"), "CONNECT-16")?;
        self.forbid_hooks(chan, &[Hook::HandleConnect, Hook::HandleConnectEvent], id("CONNECT-16"));
        Ok(Some(id("EVENT-8")))
    }

    /// Says whether the socket has an error that nobody has read.
    fn pending_error(&mut self, chan: Name) -> bool {
        let Some(socket) = self.chan(chan).base.socket else { return false };
        self.socket(socket).pending_error()
    }

    pub(super) fn handle_connect_event(&mut self, chan: Name, demand: ClauseId, connects: &'static str) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleConnectEvent, demand, id("ERROR-5"));
        self.hook(call, |machine| machine.connect_event(chan, connects), ())
    }

    fn connect_event(&mut self, chan: Name, connects: &'static str) -> Outcome<()> {
        if !self.modern() {
            self.unspecified("this release has no handle_connect_event");
            return Ok(());
        }
        if self.is_file(chan) {
            return self.connect_file(chan);
        }
        if let (true, Some(socket)) = (self.oracle.is_some(), self.chan(chan).base.socket) {
            // How a port learns of a pending error is its own affair: it may connect once more.
            self.allow_here(Pattern::Socket(socket, SocketCall::Connect), id("CONNECT-14"));
        }
        let error = self.socket_errno(chan, SocketCall::Getsockopt, None, id("CONNECT-14"))?;
        if let Some(errno) = error {
            self.forbid_hooks(chan, &[Hook::HandleConnect, Hook::HandleRead, Hook::HandleWrite], id("CONNECT-14"));
            self.chan(chan).base.error_read = true;
            let exception = Exception::Os { errno, text: Some(ErrorText::System) };
            return Err(Thrown::new(exception, id("CONNECT-14")));
        }
        let connects = if std::mem::take(&mut self.chan(chan).base.error_read) {
            self.accident(id("CONNECT-15"));
            id("CONNECT-15")
        } else {
            id(connects)
        };
        let was_open = !self.closed(chan);
        if self.chan(chan).connecting {
            self.chan(chan).flags_why = connects;
        }
        let result = self.handle_connect(chan, connects, id("CONNECT-5"));
        if result.is_err() {
            self.chan(chan).flags_why = id("CONNECT-31");
            self.accident_to_come(id("CONNECT-31"));
        }
        result?;
        let closed = was_open && self.closed(chan);
        let it = self.chan(chan);
        it.connected = true;
        it.connecting = false;
        it.flags_why = connects;
        if closed {
            it.flags_why = id("CONNECT-17");
            self.accident(id("CONNECT-17"));
        }
        Ok(())
    }

    /// Tells a file of a connection: that it has no pending error is all that a clause says.
    fn connect_file(&mut self, chan: Name) -> Outcome<()> {
        if self.closed(chan) {
            self.unspecified("no clause speaks of the connection of a closed file");
        }
        let told = self.handle_connect(chan, id("FILE-9"), id("CONNECT-5"));
        if told.is_err() || self.closed(chan) {
            self.unspecified("no clause says what a file is when its handle_connect raises or closes");
        }
        told
    }

    pub(super) fn handle_write_event(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleWriteEvent, demand, id("ERROR-5"));
        self.hook(call, |machine| machine.write_event(chan), ())
    }

    fn write_event(&mut self, chan: Name) -> Outcome<()> {
        let accepting = self.chan(chan).base.accepting;
        if accepting && self.modern() {
            let quiet = [Hook::HandleWrite, Hook::HandleConnect, Hook::HandleConnectEvent, Hook::HandleAccept];
            self.forbid_hooks(chan, &quiet, id("EVENT-4"));
            return Ok(());
        }
        if accepting {
            self.accident(id("EVENT-5"));
        }
        let connecting = [Hook::HandleConnect, Hook::HandleConnectEvent];
        let demand = match self.before_handler(chan)? {
            Some(demand) => demand,
            None if self.chan(chan).connected => {
                self.forbid_hooks(chan, &connecting, id("EVENT-2"));
                id("EVENT-2")
            }
            None => {
                self.forbid_hooks(chan, &connecting, id("EVENT-7"));
                id("EVENT-7")
            }
        };
        let demand = if accepting { id("EVENT-5") } else { demand };
        let other = [Hook::HandleAccept, Hook::HandleRead, Hook::HandleExpt];
        self.forbid_hooks(chan, &other, demand);
        self.handle_write(chan, demand)?;
        self.forbid_hooks(chan, &[Hook::HandleWrite, Hook::HandleConnect, Hook::HandleRead], demand);
        Ok(())
    }

    pub(super) fn handle_expt_event(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleExptEvent, demand, id("ERROR-5"));
        self.hook(call, |machine| machine.expt_event(chan), ())
    }

    fn expt_event(&mut self, chan: Name) -> Outcome<()> {
        if !self.modern() {
            return self.handle_expt(chan, id("EVENT-14"));
        }
        let error = if self.is_file(chan) {
            None
        } else {
            self.socket_errno(chan, SocketCall::Getsockopt, None, id("EVENT-12"))?
        };
        if error.is_some() {
            self.chan(chan).base.error_read = true;
            self.forbid_hooks(chan, &[Hook::HandleExpt, Hook::HandleError, Hook::HandleConnect], id("EVENT-12"));
            self.handle_close(chan, id("EVENT-12"))?;
            self.forbid_hooks(chan, &[Hook::HandleClose, Hook::HandleExpt], id("EVENT-12"));
            return Ok(());
        }
        let demand = id(if self.is_file(chan) { "FILE-9" } else { "EVENT-13" });
        self.forbid_hooks(chan, &[Hook::HandleClose, Hook::HandleError], demand);
        self.handle_expt(chan, demand)?;
        self.forbid_hooks(chan, &[Hook::HandleExpt, Hook::HandleClose], demand);
        Ok(())
    }

    // The handlers

    pub(super) fn handle_read(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        if self.chan(chan).is_chat() {
            return self.chat_handle_read(chan);
        }
        let call = Call::of(chan, Hook::HandleRead, demand, id("ERROR-5"));
        self.hook(
            call,
            |machine| match machine.chan(chan).base.reads {
                Some(size) => machine.recv(chan, size as usize).map(drop),
                None => machine.warn(chan, "unhandled read event", id("EVENT-15")),
            },
            (),
        )
    }

    pub(super) fn handle_write(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        if self.chan(chan).is_chat() {
            return self.chat_handle_write(chan);
        }
        let call = Call::of(chan, Hook::HandleWrite, demand, id("ERROR-5"));
        self.hook(
            call,
            |machine| {
                if machine.chan(chan).base.sort == Sort::WithSend {
                    machine.initiate_send(chan, id("IO-16"))
                } else {
                    machine.warn(chan, "unhandled write event", id("EVENT-16"))
                }
            },
            (),
        )
    }

    pub(super) fn handle_expt(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleExpt, demand, id("ERROR-5"));
        self.hook(
            call,
            |machine| {
                let text = if machine.modern() { "unhandled incoming priority event" } else { "unhandled exception" };
                machine.warn(chan, text, id("EVENT-17"))
            },
            (),
        )
    }

    pub(super) fn handle_connect(&mut self, chan: Name, demand: ClauseId, escape: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleConnect, demand, escape);
        self.hook(call, |machine| machine.warn(chan, "unhandled connect event", id("EVENT-18")), ())
    }

    pub(super) fn handle_accept(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleAccept, demand, id("ERROR-5"));
        self.hook(call, |machine| machine.accept_one(chan), ())
    }

    fn accept_one(&mut self, chan: Name) -> Outcome<()> {
        if self.profile != Profile::Py311 {
            self.forbid_hooks(chan, &[Hook::Accept], id("ACCEPT-16"));
            return self.warn(chan, "unhandled accept event", id("ACCEPT-16"));
        }
        let Some(socket) = self.accept(chan, id("ACCEPT-12"))? else {
            self.forbid_hooks(chan, &[Hook::HandleAccepted, Hook::HandleError, Hook::Accept], id("ACCEPT-13"));
            self.forbid(Pattern::Raised, id("ACCEPT-13"));
            return Ok(());
        };
        self.handle_accepted(chan, socket, id("ACCEPT-12"))?;
        self.forbid_hooks(chan, &[Hook::Accept, Hook::HandleAccepted], id("ACCEPT-18"));
        if let Some(listener) = self.chan(chan).base.socket {
            self.forbid(Pattern::Socket(listener, SocketCall::Accept), id("ACCEPT-18"));
        }
        Ok(())
    }

    pub(super) fn handle_accepted(&mut self, chan: Name, socket: Name, demand: ClauseId) -> Outcome<()> {
        if self.profile != Profile::Py311 {
            self.unspecified("this release has no handle_accepted");
            return Ok(());
        }
        let call = Call::of(chan, Hook::HandleAccepted, demand, id("ERROR-5")).with(pair(socket));
        self.hook(
            call,
            |machine| {
                machine.forbid_hooks(chan, &[Hook::LogInfo], id("ACCEPT-15"));
                machine.socket_close(chan, socket, id("ACCEPT-14"))?;
                machine.warn(chan, "unhandled accepted event", id("ACCEPT-15"))
            },
            (),
        )
    }

    // What a listening channel does

    pub(super) fn listen(&mut self, chan: Name, backlog: u32) -> Outcome<()> {
        if backlog == 0 {
            self.unspecified("no clause says what a backlog of 0 becomes");
        }
        let joined = self.is_joined(chan);
        let it = self.chan(chan);
        it.base.accepting = true;
        it.base.accepting_why = id("ACCEPT-1");
        let arg = Some(Value::int(i64::from(backlog)));
        let result = self.socket_call(chan, SocketCall::Listen, arg, id("ACCEPT-1"));
        if joined && result.is_ok() {
            self.unspecified("no system listens on a socket that is connected or connects");
        }
        result.map_err(|thrown| {
            self.chan(chan).base.accepting_why = id("ACCEPT-2");
            self.accident_to_come(id("ACCEPT-2"));
            Thrown { why: id("ACCEPT-5"), ..thrown }
        })
    }

    /// Says whether a scripted socket stands for one that is connected, or that connects.
    fn is_joined(&mut self, chan: Name) -> bool {
        let it = self.chan(chan);
        let counts = (it.connected || it.connecting) && !it.base.accepting;
        let Some(socket) = it.base.socket.filter(|_| counts) else { return false };
        let socket = self.socket(socket);
        !socket.closed && socket.peer.is_none() && self.oracle.is_none()
    }

    pub(super) fn bind(&mut self, chan: Name) -> Outcome<()> {
        let base = &mut self.chan(chan).base;
        base.addr = Some(LOCAL);
        base.addr_why = id("ACCEPT-3");
        let result = self.socket_call(chan, SocketCall::Bind, Some(Value::bytes(LOCAL)), id("ACCEPT-3"));
        result.map_err(|thrown| {
            self.chan(chan).base.addr_why = id("ACCEPT-4");
            Thrown { why: id("ACCEPT-5"), ..thrown }
        })
    }

    pub(super) fn set_reuse_addr(&mut self, chan: Name) -> Outcome<()> {
        if self.closed(chan) && !self.is_file(chan) {
            return Ok(());
        }
        match self.socket_call(chan, SocketCall::Setsockopt, Some(Value::bool(true)), id("ACCEPT-17")) {
            Err(Thrown { exception: Exception::Os { .. }, .. }) => {
                self.forbid(Pattern::Raised, id("ACCEPT-17"));
                Ok(())
            }
            other => other,
        }
    }

    /// Calls `accept`; gives the new socket, or none.
    pub(super) fn accept(&mut self, chan: Name, demand: ClauseId) -> Outcome<Option<Name>> {
        let call = Call::of(chan, Hook::Accept, demand, id("ERROR-5"));
        self.hook(
            call,
            |machine| {
                let modern = machine.modern();
                let nothing = match machine.socket_accept(chan, id("ACCEPT-6")) {
                    Ok(Accepted::Socket(socket)) => {
                        // The default map is as it was.
                        machine.maps[0].why = id("ACCEPT-6");
                        return Ok(Some(socket));
                    }
                    Ok(Accepted::Nothing) if modern => "ACCEPT-9",
                    Ok(Accepted::Nothing) => return super::machine::thrown("TypeError", id("ACCEPT-10")),
                    Err(Thrown { exception: Exception::Os { errno: Errno::EAGAIN, .. }, .. }) => "ACCEPT-7",
                    Err(thrown @ Thrown { exception: Exception::Os { errno: Errno::ECONNABORTED, .. }, .. }) => {
                        if !modern {
                            return Err(Thrown { why: id("ACCEPT-11"), ..thrown });
                        }
                        "ACCEPT-8"
                    }
                    Err(thrown) => return Err(Thrown { why: id("ACCEPT-10"), ..thrown }),
                };
                machine.nothing_accepted = id(nothing);
                machine.forbid_hooks(chan, &[Hook::HandleAccepted, Hook::HandleError], id(nothing));
                machine.forbid(Pattern::Raised, id(nothing));
                Ok(None)
            },
            None,
        )
    }

    // Connecting

    pub(super) fn connect(&mut self, chan: Name) -> Outcome<()> {
        let modern = self.modern();
        let joined = !self.chan(chan).connecting && self.is_joined(chan);
        let accepting = self.chan(chan).base.accepting;
        let it = self.chan(chan);
        it.connected = false;
        it.connecting = modern;
        it.base.error_read = false;
        it.base.told = false;
        it.flags_why = id(if modern { "CONNECT-6" } else { "CONNECT-2" });
        let demand = it.flags_why;
        let error = self.socket_errno(chan, SocketCall::Connect, Some(Value::bytes(PEER)), demand)?;
        if accepting || joined && error != Some(Errno::EISCONN) {
            self.unspecified("no system connects a socket that is connected or listens");
        }
        match error {
            Some(Errno::EINPROGRESS | Errno::EALREADY | Errno::EAGAIN) => {
                let base = &mut self.chan(chan).base;
                base.addr_why = id(if modern { "CONNECT-8" } else { "CONNECT-9" });
                if modern {
                    base.addr = Some(PEER);
                }
                self.forbid_hooks(
                    chan,
                    &[Hook::HandleConnect, Hook::HandleConnectEvent, Hook::HandleError],
                    id("CONNECT-7"),
                );
                self.forbid(Pattern::Raised, id("CONNECT-7"));
                Ok(())
            }
            None => self.connected_at_once(chan, if modern { "CONNECT-1" } else { "CONNECT-2" }),
            Some(Errno::EISCONN) => self.connected_at_once(chan, "CONNECT-10"),
            Some(errno) => {
                self.forbid_hooks(
                    chan,
                    &[Hook::HandleConnect, Hook::HandleConnectEvent, Hook::HandleError, Hook::HandleClose],
                    id("CONNECT-11"),
                );
                if modern {
                    self.chan(chan).flags_why = id("CONNECT-13");
                    self.chan(chan).base.addr_why = id("CONNECT-13");
                    self.accident_to_come(id("CONNECT-13"));
                }
                let exception = Exception::Os { errno, text: Some(ErrorText::Symbol) };
                Err(Thrown::new(exception, id("CONNECT-11")))
            }
        }
    }

    fn connected_at_once(&mut self, chan: Name, why: &'static str) -> Outcome<()> {
        let modern = self.modern();
        let base = &mut self.chan(chan).base;
        base.addr = Some(PEER);
        base.addr_why = id(if why == "CONNECT-1" { "CONNECT-8" } else { why });
        if modern {
            self.chan(chan).flags_why = id("CONNECT-1");
            return self.handle_connect_event(chan, id(why), why);
        }
        let it = self.chan(chan);
        it.connected = true;
        it.flags_why = id("CONNECT-2");
        self.handle_connect(chan, id(why), id("CONNECT-2"))
    }
}

/// Makes the pair of a new socket and the address of its peer.
pub(super) fn pair(socket: Name) -> Value {
    Value::List { items: vec![Value::bytes(socket.as_str()), Value::bytes(PEER)] }
}
