//! The recording `async_chat`: the leaf class, which overrides hooks, records the call and then calls super.

use asyncore_reference::{Channel, Core, Exception, chat, dispatcher};
use asyncore_spec::scenario::Hook;

use super::record::{Tag, bytes, error, message, size};

/// Is an `async_chat` whose overridable methods record their calls.
pub(super) struct Chat {
    pub(super) tag: Tag,
    pub(super) core: Core,
    /// Whether collect_incoming_data and found_terminator are left as the class has them.
    pub(super) bare: bool,
    /// Whether collect_incoming_data gathers.
    pub(super) gather: bool,
}

type Outcome<T> = Result<T, Exception>;

impl Chat {
    /// Records a call without argument or result.
    fn plain(&self, hook: Hook, body: impl FnOnce() -> Outcome<()>) -> Outcome<()> {
        self.tag.hook(self, hook, None, body, || ())
    }
}

impl Channel for Chat {
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
        self.tag.hook(self, Hook::CollectIncomingData, bytes(data), gather, || ())
    }

    fn found_terminator(&self) -> Outcome<()> {
        if self.bare {
            return chat::found_terminator(self);
        }
        self.plain(Hook::FoundTerminator, || Ok(()))
    }

    fn handle_connect(&self) -> Outcome<()> {
        self.plain(Hook::HandleConnect, || dispatcher::handle_connect(self))
    }

    fn handle_close(&self) -> Outcome<()> {
        self.plain(Hook::HandleClose, || chat::handle_close(self))
    }

    fn handle_error(&self, exception: &Exception) -> Outcome<()> {
        let body = || dispatcher::handle_error(self, exception);
        self.tag.hook(self, Hook::HandleError, error(exception), body, || ())
    }

    fn log_info(&self, text: &str, kind: &str) -> Outcome<()> {
        self.tag.hook(self, Hook::LogInfo, message(text, kind), || Ok(()), || ())
    }

    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Outcome<usize> {
        self.tag.hook(self, Hook::Recv, size(max), || dispatcher::recv(self, max, into), || 0)
    }

    fn send(&self, data: &[u8]) -> Outcome<usize> {
        self.tag.hook(self, Hook::Send, bytes(data), || dispatcher::send(self, data), || 0)
    }

    fn close(&self) -> Outcome<()> {
        self.plain(Hook::Close, || dispatcher::close(self))
    }

    fn initiate_send(&self) -> Outcome<()> {
        self.plain(Hook::InitiateSend, || chat::initiate_send(self))
    }

    fn refill_buffer(&self) -> Outcome<()> {
        self.plain(Hook::RefillBuffer, || chat::refill_buffer(self))
    }
}
