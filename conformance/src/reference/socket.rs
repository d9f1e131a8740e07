//! Sockets and files that record the calls that reach them.

use std::rc::Rc;

use asyncore_reference::{Accepted, Address, Exception, Socket};
use asyncore_spec::name::Name;
use asyncore_spec::trace::{Reply, SocketCall, What};
use asyncore_spec::value::Value;

use super::convert::{self, whole};
use super::real::Real;
use super::script::{Script, Scripted};
use super::world::World;

/// Is what stands behind a socket or file of a scenario.
pub(super) enum Line {
    /// What the scenario says.
    Scripted(Scripted),
    /// What the operating system does.
    Real(Real),
}

/// Records the calls that reach a socket or file, and passes them on.
pub(super) struct Recorded {
    world: Rc<World>,
    pub(super) name: Name,
    line: Line,
}

impl Recorded {
    pub(super) fn new(world: &Rc<World>, name: Name, line: Line) -> Self {
        Self { world: Rc::clone(world), name, line }
    }

    /// Calls what stands behind.
    fn call<R>(&self, call: impl FnOnce(&dyn Socket) -> R) -> R {
        match &self.line {
            Line::Scripted(scripted) => call(scripted),
            Line::Real(real) => call(real.socket()),
        }
    }

    /// Gives the real socket, if it is one.
    pub(super) fn real(&self) -> Option<&Real> {
        match &self.line {
            Line::Scripted(_) => None,
            Line::Real(real) => Some(real),
        }
    }

    /// Gives the script, if there is one.
    pub(super) fn script(&self) -> Option<&Script> {
        match &self.line {
            Line::Scripted(scripted) => Some(&scripted.script),
            Line::Real(_) => None,
        }
    }

    /// Says whether it blocks.
    pub(super) fn blocking(&self) -> bool {
        match &self.line {
            Line::Scripted(scripted) => !scripted.script.nonblocking.get(),
            Line::Real(real) => real.blocking.get(),
        }
    }

    fn record(&self, call: SocketCall, arg: Option<Value>, reply: Result<Value, &Exception>) {
        let reply = match reply {
            Ok(value) => Reply::Value { value },
            Err(raised) => Reply::Raised { exception: convert::exception(raised) },
        };
        self.world.record(What::Socket { on: self.name, call, arg, reply });
    }

    /// Records a call that gives nothing.
    fn plain(&self, call: SocketCall, arg: Option<Value>, result: Result<(), Exception>) -> Result<(), Exception> {
        self.record(call, arg, result.as_ref().map(|()| Value::None));
        result
    }

    /// Notes that it has an address, where a call succeeded that gives one.
    fn note_address(&self, result: &Result<(), Exception>) {
        if let Line::Real(real) = &self.line {
            real.bound.set(real.bound.get() || result.is_ok());
        }
    }

    fn accept_line(&self) -> Result<(Rc<Self>, Address), Exception> {
        match &self.line {
            Line::Scripted(scripted) => Ok((self.world.socket(scripted.next_accepted()?)?, convert::PEER)),
            Line::Real(real) => {
                let (accepted, address) = real.accept()?;
                Ok((self.world.accepted_by(self.name, accepted), address))
            }
        }
    }
}

impl Socket for Recorded {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let before = into.len();
        let result = self.call(|line| line.recv(max, into));
        let came = result.as_ref().map(|_| Value::bytes(&into[before..]));
        self.record(SocketCall::Recv, Some(whole(max)), came);
        result
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        let result = self.call(|line| line.send(data));
        self.record(SocketCall::Send, Some(Value::bytes(data)), result.as_ref().map(|sent| whole(*sent)));
        result
    }

    fn close(&self) -> Result<(), Exception> {
        let result = self.call(|line| line.close());
        self.plain(SocketCall::Close, None, result)
    }

    fn connect(&self, address: &Address) -> Result<i32, Exception> {
        let result = self.call(|line| line.connect(address));
        let arg = self.world.address(address);
        self.record(SocketCall::Connect, Some(arg), result.as_ref().map(|number| convert::error_number(*number)));
        result
    }

    fn take_error(&self) -> Result<i32, Exception> {
        let result = self.call(|line| line.take_error());
        self.record(SocketCall::Getsockopt, None, result.as_ref().map(|number| convert::error_number(*number)));
        result
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        self.call(|line| line.peer_name())
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        self.call(|line| line.set_nonblocking())?;
        if let Line::Real(real) = &self.line {
            real.blocking.set(false);
        }
        Ok(())
    }

    fn fileno(&self) -> Result<i32, Exception> {
        self.call(|line| line.fileno())
    }

    fn local_name(&self) -> Result<Address, Exception> {
        self.call(|line| line.local_name())
    }

    fn bind(&self, address: &Address) -> Result<(), Exception> {
        let result = self.call(|line| line.bind(address));
        self.note_address(&result);
        self.plain(SocketCall::Bind, Some(self.world.address(address)), result)
    }

    fn listen(&self, backlog: i32) -> Result<(), Exception> {
        let result = self.call(|line| line.listen(backlog));
        self.note_address(&result);
        self.plain(SocketCall::Listen, Some(Value::int(i64::from(backlog))), result)
    }

    fn accept(&self) -> Result<Accepted, Exception> {
        let result = self.accept_line();
        let gave = result.as_ref().map(|(socket, _)| Value::bytes(socket.name.as_str()));
        self.record(SocketCall::Accept, None, gave);
        result.map(|(socket, address)| (socket as Rc<dyn Socket>, address))
    }

    fn set_reuse_addr(&self) -> Result<(), Exception> {
        if let Line::Scripted(scripted) = &self.line {
            // The option is read before it is set, which is not recorded.
            scripted.check()?;
        }
        let result = self.call(|line| line.set_reuse_addr());
        self.plain(SocketCall::Setsockopt, Some(Value::bool(true)), result)
    }

    fn dup(&self) -> Result<Rc<dyn Socket>, Exception> {
        let result = match &self.line {
            Line::Scripted(scripted) => scripted.duplicate(self.world.next_number()).map(Line::Scripted),
            Line::Real(real) => real.duplicate().map(Line::Real),
        };
        self.record(SocketCall::Dup, None, result.as_ref().map(|_| Value::None));
        Ok(Rc::new(Self::new(&self.world, self.name, result?)))
    }
}
