//! What a scenario says that a socket or file does.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use asyncore_reference::{Address, Exception, Socket};
use asyncore_spec::dispatcher::CallReply;
use asyncore_spec::exception::Errno;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Input, Outcome};
use asyncore_spec::trace::SocketCall;
use asyncore_spec::value::Bytes;

use super::convert;

/// Says what a socket or file does; the descriptors of one file share it.
#[derive(Default)]
pub(super) struct Script {
    pub(super) inputs: RefCell<VecDeque<Input>>,
    pub(super) outcomes: RefCell<VecDeque<Outcome>>,
    replies: RefCell<Vec<(SocketCall, VecDeque<CallReply>)>>,
    pub(super) peer: Cell<Option<Errno>>,
    pub(super) nonblocking: Cell<bool>,
}

impl Script {
    /// Adds what it does with one call.
    pub(super) fn add_replies(&self, call: SocketCall, replies: &[CallReply]) {
        let mut all = self.replies.borrow_mut();
        match all.iter_mut().find(|(other, _)| *other == call) {
            Some((_, queue)) => queue.extend(replies),
            None => all.push((call, replies.iter().copied().collect())),
        }
    }

    /// Takes the next reply to a call.
    pub(super) fn next_reply(&self, call: SocketCall) -> Option<CallReply> {
        let mut all = self.replies.borrow_mut();
        all.iter_mut().find(|(other, _)| *other == call)?.1.pop_front()
    }

    /// Takes the next reply to a call that gives nothing, or an error number.
    fn next_errno(&self, call: SocketCall) -> Result<(), Errno> {
        match self.next_reply(call) {
            Some(CallReply::Fail { errno }) => Err(errno),
            _ => Ok(()),
        }
    }

    /// Takes the next input, at most `max` bytes of it, and appends it.
    fn next_input(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Errno> {
        let mut inputs = self.inputs.borrow_mut();
        match inputs.front_mut() {
            None => Err(Errno::EAGAIN),
            Some(Input::Eof) => Ok(0),
            Some(Input::Fail { errno }) => {
                let errno = *errno;
                inputs.pop_front();
                Err(errno)
            }
            Some(Input::Data { hex: Bytes(data) }) => {
                let count = data.len().min(max);
                into.extend(data.drain(..count));
                if data.is_empty() {
                    inputs.pop_front();
                }
                Ok(count)
            }
        }
    }

    /// Says how much of `length` bytes the next send takes.
    fn next_outcome(&self, length: usize) -> Result<usize, Errno> {
        match self.outcomes.borrow_mut().pop_front() {
            None | Some(Outcome::All) => Ok(length),
            Some(Outcome::Take { bytes }) => Ok(length.min(bytes as usize)),
            Some(Outcome::Fail { errno }) => Err(errno),
        }
    }
}

/// Is one descriptor that does what a script says.
pub(super) struct Scripted {
    pub(super) script: Rc<Script>,
    number: i32,
    /// Whether it is a file's.
    is_file: bool,
    closed: Cell<bool>,
}

impl Scripted {
    pub(super) fn new(script: Rc<Script>, number: i32, is_file: bool) -> Self {
        Self { script, number, is_file, closed: Cell::new(false) }
    }

    pub(super) fn check(&self) -> Result<(), Exception> {
        if self.closed.get() { Err(convert::os(Errno::EBADF)) } else { Ok(()) }
    }

    /// Takes the next reply to a call of an open socket.
    fn call(&self, call: SocketCall) -> Result<(), Exception> {
        self.check()?;
        self.script.next_errno(call).map_err(convert::os)
    }

    /// Names the socket that the next `accept` gives.
    pub(super) fn next_accepted(&self) -> Result<Name, Exception> {
        self.check()?;
        match self.script.next_reply(SocketCall::Accept) {
            Some(CallReply::Gives { socket }) => Ok(socket),
            Some(CallReply::Fail { errno }) => Err(convert::os(errno)),
            _ => Err(convert::os(Errno::EAGAIN)),
        }
    }

    /// Makes another descriptor of the same file.
    pub(super) fn duplicate(&self, number: i32) -> Result<Self, Exception> {
        self.call(SocketCall::Dup)?;
        Ok(Self::new(Rc::clone(&self.script), number, self.is_file))
    }
}

impl Socket for Scripted {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        self.check()?;
        self.script.next_input(max, into).map_err(convert::os)
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        self.check()?;
        self.script.next_outcome(data.len()).map_err(convert::os)
    }

    fn close(&self) -> Result<(), Exception> {
        self.closed.set(true);
        self.script.next_errno(SocketCall::Close).map_err(convert::os)
    }

    fn connect(&self, _: &Address) -> Result<i32, Exception> {
        Ok(self.call(SocketCall::Connect).err().and_then(|error| error.errno()).unwrap_or_default())
    }

    fn take_error(&self) -> Result<i32, Exception> {
        self.check()?;
        Ok(self.script.next_errno(SocketCall::Getsockopt).err().map_or(0, convert::number))
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        self.script.peer.get().map_or(Ok(convert::PEER), |errno| Err(convert::os(errno)))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        if self.is_file {
            self.check()?;
        }
        self.script.nonblocking.set(true);
        Ok(())
    }

    fn fileno(&self) -> Result<i32, Exception> {
        Ok(if self.closed.get() { -1 } else { self.number })
    }

    fn local_name(&self) -> Result<Address, Exception> {
        Ok(convert::LOCAL)
    }

    fn bind(&self, _: &Address) -> Result<(), Exception> {
        self.call(SocketCall::Bind)
    }

    fn listen(&self, _: i32) -> Result<(), Exception> {
        self.call(SocketCall::Listen)
    }

    fn set_reuse_addr(&self) -> Result<(), Exception> {
        self.call(SocketCall::Setsockopt)
    }
}
