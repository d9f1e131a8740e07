//! Classes: overriding, calling the base class, and deriving from a derived class.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Class, Core, Exception, Profile, chat, dispatcher, errno};
use rstest::rstest;

use crate::support::{Log, Recorder};

/// A class in the middle: its methods are functions, as those of the base classes are.
mod logged {
    use super::*;

    pub(super) trait Logged: Channel {
        fn calls(&self) -> &Log;
    }

    pub(super) fn handle_close(channel: &dyn Logged) -> Result<(), Exception> {
        channel.calls().add("logged.handle_close");
        chat::handle_close(channel.as_channel())
    }

    pub(super) fn close(channel: &dyn Logged) -> Result<(), Exception> {
        channel.calls().add("logged.close");
        dispatcher::close(channel.as_channel())
    }
}

struct Leaf {
    core: Core,
    log: Log,
}

impl logged::Logged for Leaf {
    fn calls(&self) -> &Log {
        &self.log
    }
}

impl Channel for Leaf {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.log.add("leaf.handle_close");
        logged::handle_close(self)
    }

    fn close(&self) -> Result<(), Exception> {
        self.log.add("leaf.close");
        logged::close(self)
    }

    fn log_info(&self, message: &str, kind: &str) -> Result<(), Exception> {
        self.log.add(format!("{kind}: {message}"));
        Ok(())
    }
}

fn leaf(class: Class, profile: Profile) -> Leaf {
    Leaf { core: Core::new(class, profile), log: Log::default() }
}

#[test]
fn a_base_class_calls_what_the_leaf_overrides() {
    let leaf = leaf(Class::Chat, Py311);
    leaf.log.outcome(leaf.close_when_done());
    leaf.core.set_connected(true);
    leaf.log.outcome(leaf.handle_write());
    leaf.log.check("leaf.handle_close\n logged.handle_close\n leaf.close\n logged.close");
}

#[test]
fn an_override_is_seen_through_a_trait_object() {
    let leaf: Rc<dyn Channel> = Rc::new(leaf(Class::Chat, Py311));
    assert_eq!(leaf.handle_close(), Ok(()));
}

#[test]
fn a_plain_dispatcher_warns() {
    let leaf = leaf(Class::Dispatcher, Py311);
    for method in [Channel::handle_read, Channel::handle_write, Channel::handle_connect] {
        leaf.log.outcome(method(&leaf));
    }
    leaf.log.outcome(dispatcher::handle_close(&leaf));
    leaf.log.check(
        "
        warning: unhandled read event
        warning: unhandled write event
        warning: unhandled connect event
        warning: unhandled close event
        leaf.close
        logged.close
        ",
    );
    assert_eq!((leaf.readable(), leaf.writable()), (Ok(true), Ok(true)));
    assert_eq!(leaf.push(b"x").map_err(|error| error.class()), Err("AttributeError"));
}

#[test]
fn a_bare_chat_says_what_is_missing() {
    let leaf = leaf(Class::Chat, Py311);
    let missing = Err(Exception::other("NotImplementedError", "must be implemented in subclass"));
    assert_eq!(leaf.collect_incoming_data(b"x"), missing);
    assert_eq!(leaf.found_terminator(), missing);
}

#[rstest]
#[case::py25(Py25, "leaf.close\n logged.close\n raised AttributeError")]
#[case::py27(Py27, "leaf.handle_close\n logged.handle_close\n leaf.close\n logged.close\n raised AttributeError")]
#[case::py311(Py311, "leaf.handle_close\n logged.handle_close\n leaf.close\n logged.close")]
fn an_error_is_logged_and_closes(#[case] profile: Profile, #[case] calls: &str) {
    let leaf = leaf(Class::Chat, profile);
    leaf.log.outcome(leaf.handle_error(&Exception::other("ValueError", "bad")));
    let logged = "error: uncaptured python exception, closing channel <async_chat> (ValueError: bad)";
    leaf.log.check(&format!("{logged}\n {calls}"));
}

#[test]
fn incoming_data_is_gathered_and_discarded() {
    let core = Core::new(Class::Chat, Py311);
    core.collect(b"ab");
    core.collect(b"cd");
    assert_eq!(core.get_data(), b"abcd");
    assert_eq!(core.get_data(), b"");
}

#[test]
fn other_exceptions_pass_through() {
    let a = Recorder::new(Py311, "a");
    a.on("send", |_| Err(Exception::ExitNow));
    assert_eq!(a.push(b"x"), Err(Exception::ExitNow));
    assert_eq!(a.fifo(), "\"x\"");
    a.recv_fails(errno::EIO);
    a.on("error", |_| Err(Exception::Interrupt));
    assert_eq!(a.handle_read(), Err(Exception::Interrupt));
}
