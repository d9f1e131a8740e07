//! Scripted sockets and files: what each call on them gives.

use std::collections::VecDeque;

use super::machine::{Machine, Outcome, Thrown, id, thrown};
use crate::clause_id::ClauseId;
use crate::dispatcher::CallReply;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::peer::PeerAct;
use crate::scenario::{Action, Input, Outcome as SendOutcome};
use crate::trace::SocketCall;
use crate::value::{Bytes, Value};

/// The address that scripted sockets connect to.
pub(super) const PEER: &str = "peer";

/// The address that scripted sockets are bound to.
pub(super) const LOCAL: &str = "local";

#[derive(Debug)]
pub(super) struct Socket {
    pub(super) name: Name,
    pub(super) inputs: VecDeque<Input>,
    pub(super) sends: VecDeque<SendOutcome>,
    pub(super) closed: bool,
    /// The number of its descriptor.
    pub(super) fd: u32,
    /// The error of the look for its peer, if it fails.
    pub(super) peer: Option<Errno>,
    pub(super) blocking: bool,
    /// The clause that says why it blocks or does not.
    pub(super) blocking_why: ClauseId,
    pub(super) replies: Vec<(SocketCall, VecDeque<CallReply>)>,
    /// Whether its close failed.
    pub(super) close_failed: bool,
}

impl Socket {
    pub(super) fn new(name: Name, fd: u32, peer: Option<Errno>) -> Self {
        Self {
            name,
            inputs: VecDeque::new(),
            sends: VecDeque::new(),
            closed: false,
            fd,
            peer,
            blocking: true,
            blocking_why: id("CONNECT-25"),
            replies: Vec::new(),
            close_failed: false,
        }
    }

    fn recv(&mut self, size: usize) -> Result<Vec<u8>, Errno> {
        if self.closed {
            return Err(Errno::EBADF);
        }
        match self.inputs.pop_front() {
            None => Err(Errno::EAGAIN),
            Some(Input::Fail { errno }) => Err(errno),
            Some(Input::Eof) => {
                self.inputs.push_front(Input::Eof);
                Ok(Vec::new())
            }
            Some(Input::Data { hex: Bytes(mut data) }) => {
                let rest = data.split_off(size.min(data.len()));
                if !rest.is_empty() {
                    self.inputs.push_front(Input::Data { hex: Bytes(rest) });
                }
                Ok(data)
            }
        }
    }

    fn send(&mut self, length: usize) -> Result<usize, Errno> {
        if self.closed {
            return Err(Errno::EBADF);
        }
        match self.sends.pop_front() {
            None | Some(SendOutcome::All) => Ok(length),
            Some(SendOutcome::Take { bytes }) => Ok(length.min(bytes as usize)),
            Some(SendOutcome::Fail { errno }) => Err(errno),
        }
    }

    /// Says whether its next look for a pending error will find one.
    pub(super) fn pending_error(&self) -> bool {
        let replies = self.replies.iter().find(|(of, _)| *of == SocketCall::Getsockopt);
        replies.is_some_and(|(_, replies)| matches!(replies.front(), Some(CallReply::Fail { .. })))
    }

    /// Takes the next reply to a call, if one is left.
    fn reply(&mut self, call: SocketCall) -> Option<CallReply> {
        self.replies.iter_mut().find(|(of, _)| *of == call)?.1.pop_front()
    }

    /// Says with which error the next such call fails, if it does.
    fn failure(&mut self, call: SocketCall) -> Option<Errno> {
        if self.closed && call != SocketCall::Close {
            return Some(Errno::EBADF);
        }
        match self.reply(call) {
            Some(CallReply::Fail { errno }) => Some(errno),
            _ => None,
        }
    }
}

fn os(errno: Errno) -> Exception {
    Exception::os(errno)
}

/// Is what an accepting socket gave.
pub(super) enum Accepted {
    Socket(Name),
    Nothing,
}

impl Machine<'_> {
    pub(super) fn socket(&mut self, name: Name) -> &mut Socket {
        let at = self.sockets.iter().position(|socket| socket.name == name);
        &mut self.sockets[at.expect("scenarios are checked before they are predicted")]
    }

    /// Says whether the channel's socket is closed.
    pub(super) fn closed(&mut self, chan: Name) -> bool {
        let socket = self.chan(chan).base.socket;
        socket.is_some_and(|socket| self.socket(socket).closed)
    }

    /// Gives the channel's socket; without one every call on it fails, as the language chooses.
    pub(super) fn need_socket(&mut self, chan: Name) -> Outcome<Name> {
        if self.wrappers.iter().any(|wrapper| wrapper.name == chan) {
            return Ok(chan);
        }
        match self.chan(chan).base.socket {
            Some(socket) => Ok(socket),
            None => {
                self.unspecified("what becomes of a call on no socket is the language's affair");
                thrown("AttributeError", id("ERROR-4"))
            }
        }
    }

    fn raise<T>(&self, chan: Name, errno: Errno, why: ClauseId) -> Outcome<T> {
        Err(Thrown { exception: os(errno), why, of_file: self.is_file(chan) })
    }

    /// Gives what the kernel replied, where the socket is real.
    fn heard(&mut self, socket: Name, call: SocketCall) -> Option<Result<&Value, Errno>> {
        if !self.recording {
            return None;
        }
        self.oracle.as_mut()?.reply(socket, call)
    }

    /// Says with which error a call fails, if it does.
    fn failure(&mut self, socket: Name, call: SocketCall) -> Option<Errno> {
        match self.heard(socket, call) {
            Some(heard) => heard.err(),
            None => self.socket(socket).failure(call),
        }
    }

    /// Says whether a file is closed and has forgotten its descriptor, so that nothing reaches it any more.
    fn is_gone(&mut self, chan: Name, socket: Name) -> bool {
        self.modern() && self.is_file(chan) && self.socket(socket).closed
    }

    /// Gives the channel's socket, where the call is one that a file does not know.
    fn need_real_socket(&mut self, chan: Name) -> Outcome<Name> {
        if self.is_file(chan) {
            self.unspecified("a file is no socket: what becomes of such a call is the language's affair");
            return thrown("AttributeError", id("ERROR-4"));
        }
        self.need_socket(chan)
    }

    pub(super) fn socket_recv(&mut self, chan: Name, size: usize, demand: ClauseId) -> Outcome<Vec<u8>> {
        let socket = self.need_socket(chan)?;
        if self.is_gone(chan, socket) {
            return self.raise(chan, Errno::EBADF, demand);
        }
        let reply = match self.heard(socket, SocketCall::Recv) {
            Some(Ok(Value::Bytes { hex })) => Ok(hex.0.clone()),
            Some(Err(errno)) => Err(errno),
            _ => self.socket(socket).recv(size),
        };
        let shown = reply.as_ref().map(Value::bytes).map_err(|errno| os(*errno));
        let asked = Value::int(i64::try_from(size).unwrap_or(i64::MAX));
        self.socket_event(socket, SocketCall::Recv, Some(asked), &shown, demand);
        reply.or_else(|errno| self.raise(chan, errno, demand))
    }

    pub(super) fn socket_send(&mut self, chan: Name, data: &[u8], demand: ClauseId) -> Outcome<usize> {
        let socket = self.need_socket(chan)?;
        if self.is_gone(chan, socket) {
            return self.raise(chan, Errno::EBADF, demand);
        }
        let reply = match self.heard(socket, SocketCall::Send) {
            Some(Ok(Value::Int { value })) => Ok(usize::try_from(*value).unwrap_or(0).min(data.len())),
            Some(Err(errno)) => Err(errno),
            _ => self.socket(socket).send(data.len()),
        };
        let shown = reply.map(|taken| Value::int(i64::try_from(taken).unwrap_or(i64::MAX))).map_err(os);
        self.socket_event(socket, SocketCall::Send, Some(Value::bytes(data)), &shown, demand);
        reply.or_else(|errno| self.raise(chan, errno, demand))
    }

    /// Closes a socket; it is closed even when that fails.
    pub(super) fn socket_close(&mut self, chan: Name, socket: Name, demand: ClauseId) -> Outcome<()> {
        let failure = self.failure(socket, SocketCall::Close);
        self.socket(socket).closed = true;
        let shown = failure.map_or(Ok(Value::None), |errno| Err(os(errno)));
        self.socket_event(socket, SocketCall::Close, None, &shown, demand);
        failure.map_or(Ok(()), |errno| self.raise(chan, errno, demand))
    }

    /// Makes a call that gives nothing or raises.
    pub(super) fn socket_call(
        &mut self,
        chan: Name,
        call: SocketCall,
        arg: Option<Value>,
        demand: ClauseId,
    ) -> Outcome<()> {
        let socket = if call == SocketCall::Dup { chan } else { self.need_real_socket(chan)? };
        let failure = self.failure(socket, call);
        let shown = failure.map_or(Ok(Value::None), |errno| Err(os(errno)));
        self.socket_event(socket, call, arg, &shown, demand);
        failure.map_or(Ok(()), |errno| self.raise(chan, errno, demand))
    }

    /// Makes a call that gives an error number, or none.
    pub(super) fn socket_errno(
        &mut self,
        chan: Name,
        call: SocketCall,
        arg: Option<Value>,
        demand: ClauseId,
    ) -> Outcome<Option<Errno>> {
        let socket = self.need_real_socket(chan)?;
        if self.socket(socket).closed && call == SocketCall::Getsockopt {
            self.socket_event(socket, call, arg, &Err(os(Errno::EBADF)), demand);
            return self.raise(chan, Errno::EBADF, demand);
        }
        let heard = self.heard(socket, call).map(|heard| heard.cloned());
        let unasked = call == SocketCall::Getsockopt && self.recording && self.oracle.is_some();
        let failure = match &heard {
            Some(Ok(Value::Bytes { hex })) => std::str::from_utf8(hex).ok().and_then(Errno::by_name),
            Some(_) => None,
            None if unasked => self.went(chan),
            None => self.socket(socket).failure(call),
        };
        let shown = Ok(failure.map_or(Value::None, |errno| Value::bytes(errno.name())));
        self.socket_event(socket, call, arg, &shown, demand);
        Ok(failure)
    }

    /// Says how a real connection went where nobody asked its socket: as the peer had it, or as the trace shows.
    fn went(&mut self, chan: Name) -> Option<Errno> {
        if self.chan(chan).base.error_read {
            self.unspecified("nobody asked whether the connection still has an error");
            return None;
        }
        let oracle = self.oracle.as_ref()?;
        let did = |act: fn(&PeerAct) -> bool| {
            let steps = self.scenario.steps.iter().take(oracle.step());
            steps.into_iter().any(|step| matches!(step, Action::Peer { on, does } if *on == chan && act(does)))
        };
        let shown = oracle.failure(chan);
        if did(|act| matches!(act, PeerAct::Refuses)) {
            return shown.or(Some(Errno::ECONNREFUSED));
        }
        shown.filter(|_| did(|act| matches!(act, PeerAct::Resets | PeerAct::Ends | PeerAct::Closes)))
    }

    pub(super) fn socket_accept(&mut self, chan: Name, demand: ClauseId) -> Outcome<Accepted> {
        let socket = self.need_real_socket(chan)?;
        let reply = if let Some(heard) = self.heard(socket, SocketCall::Accept) {
            Some(match heard {
                Ok(Value::Bytes { hex }) => match std::str::from_utf8(hex).ok().and_then(|name| name.parse().ok()) {
                    Some(socket) => CallReply::Gives { socket },
                    None => CallReply::Nothing,
                },
                Ok(_) => CallReply::Nothing,
                Err(errno) => CallReply::Fail { errno },
            })
        } else if self.socket(socket).closed {
            Some(CallReply::Fail { errno: Errno::EBADF })
        } else {
            self.socket(socket).reply(SocketCall::Accept)
        };
        if let Some(CallReply::Gives { socket: new }) = reply
            && !self.sockets.iter().any(|socket| socket.name == new)
        {
            self.unspecified("the scenario has no name for the connection that was accepted");
            return self.raise(chan, Errno::EAGAIN, demand);
        }
        let (shown, given) = match reply {
            Some(CallReply::Gives { socket }) => (Ok(Value::bytes(socket.as_str())), Ok(Accepted::Socket(socket))),
            Some(CallReply::Nothing) => (Ok(Value::None), Ok(Accepted::Nothing)),
            Some(CallReply::Fail { errno }) => (Err(os(errno)), Err(errno)),
            Some(CallReply::Ok) | None => (Err(os(Errno::EAGAIN)), Err(Errno::EAGAIN)),
        };
        self.socket_event(socket, SocketCall::Accept, None, &shown, demand);
        given.or_else(|errno| self.raise(chan, errno, demand))
    }

    /// Asks the system for a socket; the channel's own one unless the scenario says which.
    pub(super) fn socket_create(&mut self, chan: Name, arg: Value, demand: ClauseId) -> Outcome<Name> {
        let own = self.own_socket(chan);
        let reply = self.socket(chan).reply(SocketCall::Create);
        let (shown, given) = match reply {
            Some(CallReply::Gives { socket }) => (Ok(Value::bytes(socket.as_str())), Ok(socket)),
            Some(CallReply::Fail { errno }) => (Err(os(errno)), Err(errno)),
            _ if own != chan => (Ok(Value::bytes(own.as_str())), Ok(own)),
            _ => (Ok(Value::None), Ok(chan)),
        };
        self.socket_event(chan, SocketCall::Create, Some(arg), &shown, demand);
        given.or_else(|errno| self.raise(chan, errno, id("CONNECT-30")))
    }
}
