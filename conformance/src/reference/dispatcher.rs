//! The recording channel of every class but `async_chat`.

use std::cell::Cell;
use std::rc::Rc;

use asyncore_reference::{Accepted, Address, Channel, Class, Core, Exception, Profile, Socket, dispatcher, with_send};
use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::Arg;
use asyncore_spec::value::Value;

use super::record::{Tag, bytes, error, message, size};

/// Is a channel whose overridable methods record their calls.
pub(super) struct Dispatcher {
    pub(super) tag: Tag,
    pub(super) core: Core,
    /// With how many bytes `handle_read` calls `recv`, in place of what the class does.
    pub(super) reads: Option<usize>,
    /// What `readable` gives; what the class gives if it is none.
    pub(super) readable: Cell<Option<bool>>,
    /// What `writable` gives.
    pub(super) writable: Cell<Option<bool>>,
}

type Outcome<T> = Result<T, Exception>;

impl Dispatcher {
    /// Records a call without argument or result.
    fn plain(&self, hook: Hook, body: impl FnOnce() -> Outcome<()>) -> Outcome<()> {
        self.tag.hook(self, hook, None, body, || ())
    }

    fn is(&self, class: Class) -> bool {
        self.core.class() == class
    }

    fn follows(&self, profile: Profile) -> bool {
        self.tag.world.profile == profile
    }

    /// Sends, and gives what the method of the class gives: a `dispatcher_with_send`, nothing.
    pub(super) fn sends(&self, data: &[u8]) -> Outcome<Option<usize>> {
        let body = || match self.core.class() {
            Class::WithSend => with_send::send(self, data).map(|()| None),
            _ => dispatcher::send(self, data).map(Some),
        };
        self.tag.hook(self, Hook::Send, bytes(data), body, || Some(0))
    }
}

impl Channel for Dispatcher {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_read(&self) -> Outcome<()> {
        self.plain(Hook::HandleRead, || match self.reads {
            Some(max) => self.recv(max, &mut Vec::new()).map(|_| ()),
            None => dispatcher::handle_read(self),
        })
    }

    fn handle_write(&self) -> Outcome<()> {
        self.plain(Hook::HandleWrite, || match self.core.class() {
            Class::WithSend => with_send::handle_write(self),
            _ => dispatcher::handle_write(self),
        })
    }

    fn handle_close(&self) -> Outcome<()> {
        self.plain(Hook::HandleClose, || dispatcher::handle_close(self))
    }

    fn handle_expt(&self) -> Outcome<()> {
        self.plain(Hook::HandleExpt, || dispatcher::handle_expt(self))
    }

    fn handle_accept(&self) -> Outcome<()> {
        self.plain(Hook::HandleAccept, || dispatcher::handle_accept(self))
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, addr: &Address) -> Outcome<()> {
        let body = || dispatcher::handle_accepted(self, &*socket);
        if !self.follows(Profile::Py311) {
            return body();
        }
        let arg = Arg::Value { value: self.tag.world.accepted(&socket, addr) };
        self.tag.hook(self, Hook::HandleAccepted, Some(arg), body, || ())
    }

    fn handle_read_event(&self) -> Outcome<()> {
        self.plain(Hook::HandleReadEvent, || dispatcher::handle_read_event(self))
    }

    fn handle_write_event(&self) -> Outcome<()> {
        self.plain(Hook::HandleWriteEvent, || dispatcher::handle_write_event(self))
    }

    fn handle_expt_event(&self) -> Outcome<()> {
        self.plain(Hook::HandleExptEvent, || dispatcher::handle_expt_event(self))
    }

    fn handle_error(&self, exception: &Exception) -> Outcome<()> {
        let body = || dispatcher::handle_error(self, exception);
        self.tag.hook(self, Hook::HandleError, error(exception), body, || ())
    }

    fn handle_connect(&self) -> Outcome<()> {
        self.plain(Hook::HandleConnect, || dispatcher::handle_connect(self))
    }

    fn handle_connect_event(&self) -> Outcome<()> {
        if self.follows(Profile::Py25) {
            return dispatcher::handle_connect_event(self);
        }
        self.plain(Hook::HandleConnectEvent, || dispatcher::handle_connect_event(self))
    }

    fn accept(&self) -> Outcome<Option<Accepted>> {
        self.tag.hook(self, Hook::Accept, None, || dispatcher::accept(self), || None)
    }

    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Outcome<usize> {
        self.tag.hook(self, Hook::Recv, size(max), || dispatcher::recv(self, max, into), || 0)
    }

    fn send(&self, data: &[u8]) -> Outcome<usize> {
        self.sends(data).map(|sent| sent.unwrap_or(data.len()))
    }

    fn close(&self) -> Outcome<()> {
        self.plain(Hook::Close, || dispatcher::close(self))
    }

    fn readable(&self) -> Outcome<bool> {
        let body = || Ok(self.readable.get().unwrap_or(true));
        self.tag.hook(self, Hook::Readable, None, body, || false)
    }

    fn writable(&self) -> Outcome<bool> {
        let body = || match self.writable.get() {
            Some(truth) => Ok(truth),
            None if self.is(Class::WithSend) => with_send::writable(self),
            None => Ok(true),
        };
        self.tag.hook(self, Hook::Writable, None, body, || false)
    }

    fn initiate_send(&self) -> Outcome<()> {
        if self.is(Class::WithSend) {
            return self.plain(Hook::InitiateSend, || with_send::initiate_send(self));
        }
        Err(Exception::other("AttributeError", "only a dispatcher_with_send has initiate_send"))
    }

    fn log_info(&self, text: &str, kind: &str) -> Outcome<()> {
        self.tag.hook(self, Hook::LogInfo, message(text, kind), || Ok(()), || ())
    }
}

impl super::world::World {
    /// Gives what `accept` gave: the names of the socket and of the address.
    pub(super) fn accepted(&self, socket: &Rc<dyn Socket>, addr: &Address) -> Value {
        let name = self.recorded(socket).map_or_else(|| "unknown".to_owned(), |socket| socket.name.to_string());
        Value::List { items: vec![Value::bytes(name), self.address(addr)] }
    }
}
