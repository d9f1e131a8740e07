//! The recording channel: the leaf class, which overrides every hook, records the call and then calls super.

use std::rc::{Rc, Weak};

use asyncore_reference::{Channel, Core, Exception, chat, dispatcher};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::{Arg, Flags};
use asyncore_spec::value::Value;

use super::convert;
use super::socket::ScriptedSocket;
use super::world::World;

/// Is a channel whose overridable methods record their calls.
pub(super) struct Recorder {
    pub(super) world: Weak<World>,
    pub(super) name: Name,
    pub(super) core: Core,
    pub(super) socket: Rc<ScriptedSocket>,
    /// Whether collect_incoming_data and found_terminator are left as the class has them.
    pub(super) bare: bool,
    /// Whether collect_incoming_data gathers.
    pub(super) gather: bool,
}

type Outcome<T> = Result<T, Exception>;

impl Recorder {
    fn flags(&self) -> Flags {
        Flags { connected: self.core.connected(), accepting: false, connecting: self.core.connecting() }
    }

    fn hook<T>(
        &self,
        hook: Hook,
        arg: Option<Arg>,
        body: impl FnOnce() -> Outcome<T>,
        skipped: impl FnOnce() -> T,
    ) -> Outcome<T> {
        let Some(world) = self.world.upgrade() else { return body() };
        let flags = hook.carries_flags().then(|| self.flags());
        world.hook((self.name, hook), arg, flags, body, skipped)
    }
}

fn bytes(data: &[u8]) -> Option<Arg> {
    Some(Arg::Value { value: Value::bytes(data) })
}

impl Channel for Recorder {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Outcome<()> {
        if self.bare {
            return chat::collect_incoming_data(self, data);
        }
        let gather = || {
            if self.gather {
                self.core.collect(data);
            }
            Ok(())
        };
        self.hook(Hook::CollectIncomingData, bytes(data), gather, || ())
    }

    fn found_terminator(&self) -> Outcome<()> {
        if self.bare {
            return chat::found_terminator(self);
        }
        self.hook(Hook::FoundTerminator, None, || Ok(()), || ())
    }

    fn handle_connect(&self) -> Outcome<()> {
        self.hook(Hook::HandleConnect, None, || dispatcher::handle_connect(self), || ())
    }

    fn handle_close(&self) -> Outcome<()> {
        self.hook(Hook::HandleClose, None, || chat::handle_close(self), || ())
    }

    fn handle_error(&self, exception: &Exception) -> Outcome<()> {
        let arg = Arg::Exception { exception: convert::exception(exception) };
        self.hook(Hook::HandleError, Some(arg), || dispatcher::handle_error(self, exception), || ())
    }

    fn log_info(&self, _: &str, kind: &str) -> Outcome<()> {
        self.hook(Hook::LogInfo, bytes(kind.as_bytes()), || Ok(()), || ())
    }

    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Outcome<usize> {
        let asked = Arg::Value { value: Value::int(i64::try_from(max).unwrap_or(i64::MAX)) };
        self.hook(Hook::Recv, Some(asked), || dispatcher::recv(self, max, into), || 0)
    }

    fn send(&self, data: &[u8]) -> Outcome<usize> {
        self.hook(Hook::Send, bytes(data), || dispatcher::send(self, data), || 0)
    }

    fn close(&self) -> Outcome<()> {
        self.hook(Hook::Close, None, || dispatcher::close(self), || ())
    }

    fn initiate_send(&self) -> Outcome<()> {
        self.hook(Hook::InitiateSend, None, || chat::initiate_send(self), || ())
    }

    fn refill_buffer(&self) -> Outcome<()> {
        self.hook(Hook::RefillBuffer, None, || chat::refill_buffer(self), || ())
    }
}
