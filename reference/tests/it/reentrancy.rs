//! Channels that call themselves and each other back.
//!
//! Every expected list was observed: the same channels, as subclasses of asynchat's async_chat
//! over a stand-in socket, on CPython 3.11.7 and 2.7.18 (one list for both) and, for `Py25`, on
//! supervisor 4.3's copy of the 2.5 modules.

use std::cell::RefCell;
use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Exception, Item, Producer, Profile, chat, errno};
use rstest::rstest;

use crate::support::{Log, Recorder};

/// A reads a line and pushes to B, whose send fails and closes A from within.
fn proxy(profile: Profile) -> (Rc<Recorder>, Rc<Recorder>, Log) {
    let log = Log::default();
    let a = Recorder::with_log(profile, "a", &log);
    let b = Recorder::with_log(profile, "b", &log);
    b.send_fails(errno::EPIPE);
    b.on("close", {
        let a = Rc::clone(&a);
        move |b| {
            chat::handle_close(b)?;
            a.handle_close()
        }
    });
    a.terminate("\r\n");
    for _ in 0..2 {
        let b = Rc::clone(&b);
        a.on("found", move |_| b.push(b"line"));
    }
    a.recvs("one\r\ntwo\r\n");
    (a, b, log)
}

#[rstest]
fn a_proxy_is_closed_from_within_its_own_push(#[values(Py27, Py311)] profile: Profile) {
    let (a, b, log) = proxy(profile);
    a.read();
    log.check(
        r#"
        a.collect_incoming_data "one"
        a.found_terminator
        b.handle_close
        b.close
        b.socket.close
        a.handle_close
        a.close
        a.socket.close
        a.collect_incoming_data "two"
        a.found_terminator
        "#,
    );
    assert!(!a.core().connected() && !b.core().connected());
    assert_eq!(b.fifo(), r#""line" "line""#);
}

#[test]
fn in_py25_the_failing_send_of_a_proxy_is_an_error() {
    let (a, b, log) = proxy(Py25);
    a.read();
    log.check(
        r#"
        a.collect_incoming_data "one"
        a.found_terminator
        b.handle_error EPIPE
        a.collect_incoming_data "two"
        a.found_terminator
        b.socket.send "lineline" -> 8
        "#,
    );
    assert!(a.core().connected() && b.core().connected());
}

#[rstest]
fn a_read_within_collect_sees_the_same_data(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate("\r\n");
    a.on("collect", |a| a.handle_read());
    a.recvs("ab\r\ncd");
    a.recvs("ef\r\ngh");
    a.read();
    a.log.check(
        r#"
        a.collect_incoming_data "ab"
        a.collect_incoming_data "ab"
        a.found_terminator
        a.collect_incoming_data "cdef"
        a.found_terminator
        a.collect_incoming_data "gh"
        a.found_terminator
        "#,
    );
    assert_eq!(a.input(), "");
}

#[rstest]
fn a_read_within_found_goes_on_with_the_rest(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate("\r\n");
    a.on("found", |a| a.handle_read());
    a.recvs("ab\r\ncd\r");
    a.recvs("\nef\r\n");
    a.read();
    a.log.check(
        r#"
        a.collect_incoming_data "ab"
        a.found_terminator
        a.collect_incoming_data "cd"
        a.found_terminator
        a.collect_incoming_data "ef"
        a.found_terminator
        "#,
    );
}

#[rstest]
fn a_discard_within_collect_leaves_the_terminator_found(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate("\r\n");
    a.on("collect", Channel::discard_buffers);
    a.recvs("ab\r\ncd\r\n");
    a.read();
    a.log.check("a.collect_incoming_data \"ab\"\n a.found_terminator");
}

#[rstest]
#[case::py27(Py27, "a.socket.send \"head\" -> 4\n a.socket.send \"head\" -> 4", "")]
#[case::py311(Py311, "a.socket.send \"head\" -> 4\n a.socket.send \"head\" -> 4", "")]
#[case::py25(Py25, "a.socket.send \"head\" -> 4\n a.socket.send \"headnew\" -> 7", "Producer")]
fn a_push_within_send_sends_the_head_again(#[case] profile: Profile, #[case] calls: &str, #[case] fifo: &str) {
    let a = Recorder::new(profile, "a");
    a.on("send", |a| a.push(b"new"));
    a.log.outcome(a.push(b"head"));
    a.log.check(calls);
    assert_eq!(a.fifo(), fifo);
}

#[test]
fn a_push_within_a_partial_send_replaces_the_wrong_entry() {
    let a = Recorder::new(Py311, "a");
    a.sends(2);
    a.on("send", |a| a.push(b"new"));
    a.log.outcome(a.push(b"head"));
    a.log.check("a.socket.send \"head\" -> 2\n a.socket.send \"head\" -> 4");
    assert_eq!(a.fifo(), "\"ad\"");
}

#[rstest]
#[case::whole(Py311, None, "a.socket.send \"head\" -> 4\n raised IndexError")]
#[case::partial(Py27, Some(2), "a.socket.send \"head\" -> 2\n raised IndexError")]
#[case::whole_25(Py25, None, "a.socket.send \"head\" -> 4")]
#[case::partial_25(Py25, Some(2), "a.socket.send \"head\" -> 2")]
fn a_discard_within_send_leaves_no_head(#[case] profile: Profile, #[case] sent: Option<usize>, #[case] calls: &str) {
    let a = Recorder::new(profile, "a");
    sent.into_iter().for_each(|sent| a.sends(sent));
    a.on("send", Channel::discard_buffers);
    a.log.outcome(a.push(b"head"));
    a.log.check(calls);
    assert_eq!(a.fifo(), "");
}

/// A producer whose pieces are made by functions of the channel.
struct Pieces {
    channel: Rc<Recorder>,
    pieces: RefCell<Vec<Piece>>,
}

type Piece = fn(&Recorder) -> Result<&'static str, Exception>;

impl Producer for Pieces {
    fn more(&self) -> Result<Vec<u8>, Exception> {
        self.channel.log.add("more");
        let piece = self.pieces.borrow_mut().pop();
        Ok(piece.map_or(Ok(""), |piece| piece(&self.channel))?.into())
    }
}

#[rstest]
#[case::discards_and_ends(
    Py311,
    |a: &Recorder| a.discard_buffers().map(|()| ""),
    "more\n raised IndexError",
    ""
)]
#[case::discards_and_ends_25(Py25, |a: &Recorder| a.discard_buffers().map(|()| ""), "more", "")]
#[case::discards(
    Py27,
    |a: &Recorder| a.discard_buffers().map(|()| "xy"),
    "more\n a.socket.send \"xy\" -> 2",
    ""
)]
#[case::pushes(
    Py311,
    |a: &Recorder| a.push(b"new").map(|()| "old"),
    "more\n more\n a.socket.send \"new\" -> 3\n a.socket.send \"old\" -> 3",
    ""
)]
#[case::raises(
    Py311,
    |_: &Recorder| Err(Exception::other("ValueError", "")),
    "more\n raised ValueError",
    "Producer"
)]
fn a_producer_calls_its_channel_back(
    #[case] profile: Profile,
    #[case] piece: Piece,
    #[case] calls: &str,
    #[case] fifo: &str,
) {
    let a = Recorder::new(profile, "a");
    let pieces = RefCell::new(vec![piece]);
    let producer = Rc::new(Pieces { channel: Rc::clone(&a), pieces });
    a.log.outcome(a.push_with_producer(Item::from(producer)));
    a.log.check(calls);
    assert_eq!(a.fifo(), fifo);
}

#[rstest]
fn lines_are_delivered_after_a_close(#[values(Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate("\r\n");
    a.on("found", Channel::close);
    a.recvs("q\r\nr\r\n");
    a.read();
    a.log.check(
        r#"
        a.collect_incoming_data "q"
        a.found_terminator
        a.close
        a.socket.close
        a.collect_incoming_data "r"
        a.found_terminator
        "#,
    );
}

/// A producer that calls its channel when it is dropped.
struct Mourned(Rc<Recorder>);

impl Producer for Mourned {
    fn more(&self) -> Result<Vec<u8>, Exception> {
        Ok(Vec::new())
    }
}

impl Drop for Mourned {
    fn drop(&mut self) {
        self.0.log.add(format!("dropped, then {}", self.0.fifo()).trim_end());
        self.0.log.outcome(self.0.close_when_done());
    }
}

#[rstest]
fn a_producer_may_call_its_channel_when_dropped(#[values(Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.core().set_connected(false);
    a.log.outcome(a.push_with_producer(Item::from(Rc::new(Mourned(Rc::clone(&a))))));
    assert_eq!(a.fifo(), "Producer");
    a.log.outcome(a.discard_buffers());
    a.log.check("dropped, then");
    assert_eq!(a.fifo(), "Close");
}

#[rstest]
fn what_a_partial_send_replaces_is_dropped_last(#[values(Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.sends(2);
    a.on("send", |a| {
        a.discard_buffers()?;
        a.core().set_connected(false);
        let mourned = Mourned(a.script.owner());
        a.push_with_producer(Item::from(Rc::new(mourned)))
    });
    a.log.outcome(a.push(b"head"));
    a.log.check("a.socket.send \"head\" -> 2\n dropped, then \"ad\"");
    assert_eq!(a.fifo(), "\"ad\" Close");
}
