//! Classes: what is overridden is called, its base class can be called, and calls may come back through another channel.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use asyncore_reference::{Channel, Class, Core, Exception, Profile, chat, dispatcher};
use rstest::rstest;

/// What was called, in order.
type Log = Rc<RefCell<Vec<&'static str>>>;

/// A user's class: it overrides one method and calls what it overrides.
struct Session {
    core: Core,
    log: Log,
}

impl Channel for Session {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.log.borrow_mut().push("session");
        chat::handle_close(self)
    }
}

#[test]
fn an_override_calls_the_class_that_it_overrides() {
    let session = Session { core: Core::new(Class::Chat, Profile::Py311), log: Log::default() };
    session.core.set_connected(true);
    session.close_when_done().and_then(|()| session.handle_write()).expect("nothing raises");
    assert_eq!(*session.log.borrow(), ["session"]);
    assert!(!session.core.connected(), "async_chat's own handle_close has closed it");
}

/// A class that overrides nothing but its log.
struct Plain {
    core: Core,
    log: Log,
}

impl Channel for Plain {
    fn core(&self) -> &Core {
        &self.core
    }

    fn log_info(&self, _: &str, kind: &str) -> Result<(), Exception> {
        assert_eq!(kind, "warning");
        self.log.borrow_mut().push("warning");
        Ok(())
    }
}

#[rstest]
#[case::async_chat_closes_in_silence(Class::Chat, &[])]
#[case::a_dispatcher_warns_that_nobody_handles_it(Class::Dispatcher, &["warning"])]
fn what_is_not_overridden_is_what_the_class_does(#[case] class: Class, #[case] logged: &[&str]) {
    let plain = Plain { core: Core::new(class, Profile::Py311), log: Log::default() };
    plain.core.set_connected(true);
    let channel: &dyn Channel = &plain;
    channel.handle_close().expect("nothing raises");
    assert!(!plain.core.connected());
    assert_eq!(*plain.log.borrow(), logged);
}

/// A class three deep: async_chat, a class in the middle whose methods are functions, and a leaf.
mod middle {
    use super::{Channel, Exception, chat, dispatcher};

    pub(super) trait Middle: Channel {
        fn note(&self, line: &'static str);
    }

    pub(super) fn handle_close(channel: &dyn Middle) -> Result<(), Exception> {
        channel.note("middle.handle_close");
        chat::handle_close(channel.as_channel())
    }

    pub(super) fn close(channel: &dyn Middle) -> Result<(), Exception> {
        channel.note("middle.close");
        dispatcher::close(channel.as_channel())
    }
}

struct Leaf(Session);

impl middle::Middle for Leaf {
    fn note(&self, line: &'static str) {
        self.0.log.borrow_mut().push(line);
    }
}

impl Channel for Leaf {
    fn core(&self) -> &Core {
        &self.0.core
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.0.log.borrow_mut().push("leaf.handle_close");
        middle::handle_close(self)
    }

    fn close(&self) -> Result<(), Exception> {
        self.0.log.borrow_mut().push("leaf.close");
        middle::close(self)
    }
}

#[test]
fn every_class_of_three_is_called_on_the_way_up_and_each_call_begins_at_the_leaf() {
    let log = Log::default();
    let leaf: Rc<dyn Channel> =
        Rc::new(Leaf(Session { core: Core::new(Class::Chat, Profile::Py311), log: Rc::clone(&log) }));
    leaf.handle_close().expect("nothing raises");
    assert_eq!(*log.borrow(), ["leaf.handle_close", "middle.handle_close", "leaf.close", "middle.close"]);
}

/// One end of a proxy: when it closes, it closes the other, which on its way calls it back.
struct End {
    core: Core,
    name: &'static str,
    other: RefCell<Weak<Self>>,
    log: Log,
    depth: Cell<u8>,
}

impl Channel for End {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.log.borrow_mut().push(self.name);
        self.depth.set(self.depth.get() + 1);
        if let Some(other) = self.other.borrow().upgrade().filter(|_| self.depth.get() == 1) {
            other.handle_close()?;
        }
        chat::handle_close(self)
    }

    fn close(&self) -> Result<(), Exception> {
        self.log.borrow_mut().push("close");
        dispatcher::close(self)
    }
}

#[test]
fn a_channel_is_called_back_while_it_is_on_the_stack() {
    let log = Log::default();
    let end = |name| {
        let core = Core::new(Class::Chat, Profile::Py311);
        Rc::new(End { core, name, other: RefCell::default(), log: Rc::clone(&log), depth: Cell::default() })
    };
    let (a, b) = (end("a"), end("b"));
    *a.other.borrow_mut() = Rc::downgrade(&b);
    *b.other.borrow_mut() = Rc::downgrade(&a);
    a.handle_close().expect("nothing raises");
    assert_eq!(*log.borrow(), ["a", "b", "a", "close", "close", "close"]);
}
