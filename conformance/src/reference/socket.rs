//! Scripted sockets and producers for the reference.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use asyncore_reference::{Address, Exception, Producer, SimpleProducer, Socket};
use asyncore_spec::exception::Errno;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Ending, Hook, Input, Outcome};
use asyncore_spec::trace::{Reply, SocketCall, What};
use asyncore_spec::value::{Bytes, Value};

use super::convert;
use super::world::World;

/// Plays what a scenario says that a socket does.
pub(super) struct ScriptedSocket {
    pub(super) world: Weak<World>,
    pub(super) name: Name,
    pub(super) inputs: RefCell<VecDeque<Input>>,
    pub(super) outcomes: RefCell<VecDeque<Outcome>>,
    closed: Cell<bool>,
}

impl ScriptedSocket {
    pub(super) fn new(world: Weak<World>, name: Name) -> Self {
        Self { world, name, inputs: RefCell::default(), outcomes: RefCell::default(), closed: Cell::new(false) }
    }

    fn record(&self, call: SocketCall, arg: Option<Value>, reply: &Result<Value, Errno>) {
        let reply = match reply {
            Ok(value) => Reply::Value { value: value.clone() },
            Err(errno) => Reply::Raised { exception: asyncore_spec::exception::Exception::Os { errno: *errno } },
        };
        if let Some(world) = self.world.upgrade() {
            world.record(What::Socket { on: self.name, call, arg, reply });
        }
    }

    /// Takes the next input, at most `max` bytes of it.
    fn next_input(&self, max: usize) -> Result<Vec<u8>, Errno> {
        if self.closed.get() {
            return Err(Errno::EBADF);
        }
        let mut inputs = self.inputs.borrow_mut();
        match inputs.front_mut() {
            None => Err(Errno::EAGAIN),
            Some(Input::Eof) => Ok(Vec::new()),
            Some(Input::Fail { errno }) => {
                let errno = *errno;
                inputs.pop_front();
                Err(errno)
            }
            Some(Input::Data { hex: Bytes(data) }) if data.len() > max => Ok(data.drain(..max).collect()),
            Some(Input::Data { hex }) => {
                let data = std::mem::take(&mut hex.0);
                inputs.pop_front();
                Ok(data)
            }
        }
    }

    /// Says how much of `length` bytes the next send takes.
    fn next_outcome(&self, length: usize) -> Result<usize, Errno> {
        if self.closed.get() {
            return Err(Errno::EBADF);
        }
        match self.outcomes.borrow_mut().pop_front() {
            None | Some(Outcome::All) => Ok(length),
            Some(Outcome::Take { bytes }) => Ok(length.min(bytes as usize)),
            Some(Outcome::Fail { errno }) => Err(errno),
        }
    }
}

fn whole(number: usize) -> Value {
    Value::int(i64::try_from(number).unwrap_or(i64::MAX))
}

impl Socket for ScriptedSocket {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let reply = self.next_input(max);
        self.record(SocketCall::Recv, Some(whole(max)), &reply.as_ref().map(Value::bytes).map_err(|errno| *errno));
        let data = reply.map_err(convert::os)?;
        into.extend_from_slice(&data);
        Ok(data.len())
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        let reply = self.next_outcome(data.len());
        self.record(SocketCall::Send, Some(Value::bytes(data)), &reply.map(whole));
        reply.map_err(convert::os)
    }

    fn close(&self) -> Result<(), Exception> {
        self.closed.set(true);
        self.record(SocketCall::Close, None, &Ok(Value::None));
        Ok(())
    }

    fn connect(&self, _: &Address) -> Result<i32, Exception> {
        Ok(0)
    }

    fn take_error(&self) -> Result<i32, Exception> {
        Ok(0)
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Ok(Address::Unix("peer".into()))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        Ok(())
    }
}

/// Records the calls of a producer's `more`.
pub(super) struct ScriptedProducer {
    pub(super) world: Weak<World>,
    pub(super) name: Name,
    pub(super) source: Source,
}

/// Is where a producer takes its data from.
pub(super) enum Source {
    /// The results that the scenario lists.
    Own(RefCell<VecDeque<Vec<u8>>>),
    /// The reference's own class.
    Simple(SimpleProducer),
}

impl Producer for ScriptedProducer {
    fn more(&self) -> Result<Vec<u8>, Exception> {
        let Some(world) = self.world.upgrade() else { return Ok(Vec::new()) };
        let next = || match &self.source {
            Source::Own(results) => Ok(results.borrow_mut().pop_front().unwrap_or_default()),
            Source::Simple(simple) => simple.more(),
        };
        world.hook((self.name, Hook::More), None, None, next, Vec::new)
    }
}

/// Says what follows a reaction's actions.
pub(super) fn ending(ending: &Ending) -> Result<bool, Exception> {
    match ending {
        Ending::Normal => Ok(true),
        Ending::Return => Ok(false),
        Ending::Raise { exception } => Err(convert::raised(exception)),
    }
}

/// Is a producer behind the pointer type that the reference takes.
pub(super) type SharedProducer = Rc<ScriptedProducer>;
