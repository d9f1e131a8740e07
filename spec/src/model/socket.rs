//! Scripted sockets: what each call on them gives.

use std::collections::VecDeque;

use super::machine::{Machine, Outcome, Thrown};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::scenario::{Input, Outcome as SendOutcome};
use crate::trace::SocketCall;
use crate::value::{Bytes, Value};

#[derive(Debug, Default)]
pub(super) struct Socket {
    pub(super) inputs: VecDeque<Input>,
    pub(super) sends: VecDeque<SendOutcome>,
    pub(super) closed: bool,
}

impl Socket {
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
}

fn os(errno: Errno) -> Exception {
    Exception::Os { errno }
}

impl Machine<'_> {
    pub(super) fn socket_recv(&mut self, chan: Name, size: usize, demand: ClauseId) -> Outcome<Vec<u8>> {
        let reply = self.chat(chan).socket.recv(size);
        let shown = reply.as_ref().map(Value::bytes).map_err(|errno| os(*errno));
        let asked = Value::int(i64::try_from(size).unwrap_or(i64::MAX));
        self.socket_event(chan, SocketCall::Recv, Some(asked), &shown, demand);
        reply.map_err(|errno| Thrown { exception: os(errno), why: demand })
    }

    pub(super) fn socket_send(&mut self, chan: Name, data: &[u8], demand: ClauseId) -> Outcome<usize> {
        let reply = self.chat(chan).socket.send(data.len());
        let shown = reply.map(|taken| Value::int(i64::try_from(taken).unwrap_or(i64::MAX))).map_err(os);
        self.socket_event(chan, SocketCall::Send, Some(Value::bytes(data)), &shown, demand);
        reply.map_err(|errno| Thrown { exception: os(errno), why: demand })
    }

    pub(super) fn socket_close(&mut self, chan: Name) {
        let closed = std::mem::replace(&mut self.chat(chan).socket.closed, true);
        let demand = ClauseId::new(if closed { "CLOSE-3" } else { "CLOSE-2" });
        self.socket_event(chan, SocketCall::Close, None, &Ok(Value::None), demand);
    }
}
