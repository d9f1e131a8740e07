//! What a dispatcher makes of an event: connecting, accepting, urgent data.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Address, Channel, Class, Exception, Flags, Profile, errno, poll, poll2};
use rstest::rstest;

use crate::world::{Node, World};

#[rstest]
#[case::py25(
    Py25,
    "n.handle_connect false | n.handle_read | n.handle_write",
    "n.handle_connect false | n.handle_write",
    true
)]
#[case::py27(Py27, "n.handle_read | n.handle_write", "n.handle_write", false)]
#[case::py311(Py311, "n.handle_read | n.handle_write", "n.handle_write", false)]
fn an_unconnected_channel_that_does_not_connect(
    #[case] profile: Profile,
    #[case] read: &str,
    #[case] write: &str,
    #[case] connected: bool,
) {
    for (flags, calls) in [(Flags::IN | Flags::OUT, read), (Flags::OUT, write)] {
        let (world, map) = World::new(profile);
        let node = Node::new("n", 1, &world, &map);
        node.core().set_connected(false);
        world.report(&[(1, flags)]);
        world.log.outcome(poll2(None, &map));
        assert_eq!(world.calls(), calls);
        assert_eq!(node.core().connected(), connected);
    }
}

/// Starts to connect, with a result that comes later.
fn connecting(profile: Profile) -> (Rc<World>, asyncore_reference::Map, Rc<Node>, Rc<crate::world::Plug>) {
    let (world, map) = World::new(profile);
    let plug = world.plug(1);
    let node = Node::of(Class::Dispatcher, "n", &plug, &world, &map);
    plug.error.set(errno::EINPROGRESS);
    world.log.outcome(node.connect(&Address::Unix("there".into())));
    world.calls();
    plug.error.set(0);
    (world, map, node, plug)
}

#[rstest]
#[case::py25(Py25, "n.handle_connect false | n.handle_read | n.handle_write")]
#[case::py27(Py27, "1.take_error | n.handle_connect false | n.handle_read | n.handle_write")]
#[case::py311(Py311, "1.take_error | n.handle_connect false | n.handle_read | n.handle_write")]
fn the_first_event_tells_that_the_connection_is_there(#[case] profile: Profile, #[case] calls: &str) {
    let (world, map, node, _plug) = connecting(profile);
    world.report(&[(1, Flags::IN | Flags::OUT)]);
    world.log.outcome(poll(None, &map));
    assert_eq!(world.calls(), calls);
    assert!(node.core().connected() && !node.core().connecting());
}

#[rstest]
fn a_refused_connection_looks_made_at_the_next_event(#[values(Py27, Py311)] profile: Profile) {
    let (world, map, node, plug) = connecting(profile);
    plug.error.set(errno::ECONNREFUSED);
    for _ in 0..2 {
        world.report(&[(1, Flags::OUT)]);
        world.log.outcome(poll(None, &map));
    }
    assert_eq!(
        world.calls(),
        "1.take_error | n.handle_error ECONNREFUSED | 1.take_error | n.handle_connect false | n.handle_write"
    );
    assert!(node.core().connected());
}

#[test]
fn a_channel_closed_by_handle_connect_becomes_connected_again() {
    let (world, map, node, _plug) = connecting(Py311);
    node.on("handle_connect", Channel::close);
    world.report(&[(1, Flags::IN)]);
    world.log.outcome(poll(None, &map));
    assert_eq!(world.calls(), "1.take_error | n.handle_connect false | n.close | 1.close | n.handle_read");
    assert!(node.core().connected() && map.is_empty());
}

#[test]
fn a_handle_connect_that_raises_is_called_again() {
    let (world, map, node, _plug) = connecting(Py311);
    node.raises("handle_connect", Exception::other("KeyError", ""));
    for _ in 0..2 {
        world.report(&[(1, Flags::IN)]);
        world.log.outcome(poll(None, &map));
    }
    assert_eq!(
        world.calls(),
        "1.take_error | n.handle_connect false | n.handle_error KeyError | \
         1.take_error | n.handle_connect false | n.handle_read"
    );
}

#[rstest]
#[case::py25(Py25, 0, "n.handle_expt")]
#[case::py25_with_an_error(Py25, errno::EIO, "n.handle_expt")]
#[case::py27(Py27, 0, "1.take_error | n.handle_expt")]
#[case::py311_with_an_error(Py311, errno::EIO, "1.take_error | n.handle_close | n.close | 1.close")]
fn urgent_data(#[case] profile: Profile, #[case] error: i32, #[case] calls: &str) {
    let (world, map) = World::new(profile);
    let plug = world.plug(1);
    let _node = Node::of(Class::Dispatcher, "n", &plug, &world, &map);
    plug.error.set(error);
    world.report(&[(1, Flags::PRI)]);
    world.log.outcome(poll(None, &map));
    assert_eq!(world.calls(), calls);
}

#[rstest]
#[case::py25(Py25, "unhandled exception")]
#[case::py27(Py27, "unhandled incoming priority event")]
#[case::py311(Py311, "unhandled incoming priority event")]
fn the_default_handle_expt(#[case] profile: Profile, #[case] message: &str) {
    let (world, map) = World::new(profile);
    let node = Node::new("n", 1, &world, &map);
    world.log.outcome(asyncore_reference::dispatcher::handle_expt(&*node));
    world.log.check(&format!("warning: {message}"));
}

#[rstest]
#[case::py25(Py25, "n.handle_accept | warning: unhandled accept event | n.handle_write")]
#[case::py27(Py27, "n.handle_accept | warning: unhandled accept event")]
#[case::py311(
    Py311,
    "n.handle_accept | 1.accept | n.handle_accepted \"client\" | 2.close | warning: unhandled accepted event"
)]
fn a_connection_to_accept(#[case] profile: Profile, #[case] calls: &str) {
    let (world, map) = World::new(profile);
    let plug = world.plug(1);
    let node = Node::of(Class::Dispatcher, "n", &plug, &world, &map);
    node.core().set_connected(false);
    plug.accepts.borrow_mut().push_back(Ok(world.plug(2)));
    world.log.outcome(node.listen(5));
    world.log.check("1.listen 5");
    assert!(node.core().accepting());
    world.report(&[(1, Flags::IN | Flags::OUT)]);
    world.log.outcome(poll(None, &map));
    assert_eq!(world.calls(), calls);
    assert_eq!(node.core().connected(), profile == Py25);
}

#[rstest]
#[case::would_block(Exception::Os(errno::EWOULDBLOCK), true, true)]
#[case::aborted(Exception::Os(errno::ECONNABORTED), false, true)]
#[case::type_error(Exception::other("TypeError", ""), false, true)]
#[case::not_listening(Exception::Os(errno::EINVAL), false, false)]
#[case::other(Exception::other("KeyError", ""), false, false)]
fn errors_of_accept(#[case] error: Exception, #[case] passed_over_in_25: bool, #[case] passed_over: bool) {
    for (profile, none) in [(Py25, passed_over_in_25), (Py27, passed_over), (Py311, passed_over)] {
        let (world, map) = World::new(profile);
        let plug = world.plug(1);
        let node = Node::of(Class::Dispatcher, "n", &plug, &world, &map);
        plug.accepts.borrow_mut().push_back(Err(error.clone()));
        let expected = if none { Ok(true) } else { Err(error.clone()) };
        assert_eq!(node.accept().map(|pair| pair.is_none()), expected, "{profile:?}");
    }
}

#[test]
fn what_failed_stays_set() {
    let (world, map) = World::new(Py311);
    let plug = world.plug(1);
    let node = Node::of(Class::Dispatcher, "n", &plug, &world, &map);
    for method in ["listen", "bind", "set_reuse_addr"] {
        plug.fail(method, Exception::Os(errno::EINVAL));
    }
    let address = Address::Unix("here".into());
    assert_eq!(node.listen(5), Err(Exception::Os(errno::EINVAL)));
    assert_eq!(node.bind(&address), Err(Exception::Os(errno::EINVAL)));
    assert_eq!(node.set_reuse_addr(), Ok(()));
    assert!(node.core().accepting());
    assert_eq!(node.core().addr(), Some(address));
    assert_eq!(node.core().to_string(), "<dispatcher listening \"here\">");
}
