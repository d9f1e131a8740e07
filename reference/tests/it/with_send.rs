//! `dispatcher_with_send`.

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Class, Exception, Flags, Profile, errno, poll};
use rstest::rstest;

use crate::world::{Node, World};

#[rstest]
#[case::py25(Py25, 512)]
#[case::py27(Py27, 512)]
#[case::py311(Py311, 65536)]
fn output_is_buffered_and_sent_in_slices(#[case] profile: Profile, #[case] slice: usize) {
    let (world, map) = World::new(profile);
    let node = Node::of(Class::WithSend, "n", &world.plug(1), &world, &map);
    assert_eq!(node.writable(), Ok(false));
    assert_eq!(node.send(&vec![b'x'; slice + 1]), Ok(slice + 1));
    assert_eq!((node.core().out_buffer().len(), node.writable()), (1, Ok(true)));
    world.log.take();
    world.report(&[(1, Flags::OUT)]);
    world.log.outcome(poll(None, &map));
    assert_eq!(world.calls(), "n.handle_write | 1.send \"x\"");
    assert_eq!((node.core().out_buffer().len(), node.writable()), (0, Ok(false)));
}

#[rstest]
#[case::py25(Py25, "1.send \"abc\" | raised EPIPE", "abc")]
#[case::py27(Py27, "1.send \"abc\" | n.handle_close | n.close | 1.close", "abc")]
#[case::py311(Py311, "1.send \"abc\" | n.handle_close | n.close | 1.close", "abc")]
fn a_lost_connection_keeps_the_buffer(#[case] profile: Profile, #[case] calls: &str, #[case] buffer: &str) {
    let (world, map) = World::new(profile);
    let plug = world.plug(1);
    let node = Node::of(Class::WithSend, "n", &plug, &world, &map);
    plug.fail("send", Exception::Os(errno::EPIPE));
    world.log.outcome(node.send(b"abc").map(drop));
    assert_eq!(world.calls(), calls);
    assert_eq!(node.core().out_buffer(), buffer.as_bytes());
}

#[test]
fn an_unconnected_channel_sends_nevertheless() {
    let (world, map) = World::new(Py311);
    let plug = world.plug(1);
    plug.peer.set(Some(errno::ENOTCONN));
    let node = Node::of(Class::WithSend, "n", &plug, &world, &map);
    assert_eq!(node.writable(), Ok(true));
    plug.sends.borrow_mut().push_back(Ok(2));
    world.log.outcome(node.send(b"abc").map(drop));
    world.log.outcome(node.send(b"d").map(drop));
    assert_eq!(world.calls(), "1.send \"abc\" | 1.send \"cd\"");
}

#[rstest]
#[case::py27(Py27, "info: sending 'a\\n'")]
#[case::py311(Py311, "info: sending b'a\\n'")]
fn what_is_sent_can_be_reported(#[case] profile: Profile, #[case] line: &str) {
    let (world, map) = World::new(profile);
    let node = Node::of(Class::WithSend, "n", &world.plug(1), &world, &map);
    node.core().set_debug(true);
    world.log.outcome(node.send(b"a\n").map(drop));
    assert_eq!(world.calls().split(" | ").next(), Some(line));
}

#[test]
fn it_is_no_chat() {
    let (world, map) = World::new(Py311);
    let node = Node::of(Class::WithSend, "n", &world.plug(1), &world, &map);
    let raised = node.push(b"x").expect_err("there is no such method");
    assert_eq!(raised.to_string(), "AttributeError: 'dispatcher_with_send' object has no attribute 'push'");
}
