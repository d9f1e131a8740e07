//! The map: how channels get into it and out of it.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{
    Channel, Class, Core, Exception, Family, Kind, Map, Profile, Socket, dispatcher, errno, socket_map,
};
use rstest::rstest;

use crate::world::{Node, World};

/// Returns the names of descriptors in the order of the map.
fn order(map: &Map) -> String {
    map.descriptors().iter().map(|fd| format!("{fd} ")).collect()
}

#[test]
fn channels_stand_in_the_order_in_which_they_came() {
    let (world, map) = World::new(Py311);
    let nodes = [9, 3, 16].map(|fd| Node::new("n", fd, &world, &map));
    assert_eq!(order(&map), "9 3 16 ");
    let other = Node::new("other", 3, &world, &map);
    assert_eq!(order(&map), "9 3 16 ");
    assert!(Rc::ptr_eq(&map.get(3).expect("it is there"), &(other as Rc<dyn Channel>)));
    assert_eq!(nodes[0].close(), Ok(()));
    let _again = Node::new("again", 9, &world, &map);
    assert_eq!(order(&map), "3 16 9 ");
}

#[rstest]
#[case::connected(Py311, None, Ok(()), "3.set_nonblocking", (true, true, true))]
#[case::no_peer(Py311, Some(errno::ENOTCONN), Ok(()), "3.set_nonblocking", (false, false, true))]
#[case::not_valid(Py27, Some(errno::EINVAL), Ok(()), "3.set_nonblocking", (false, false, true))]
#[case::broken(Py311, Some(errno::EIO), Err(errno::EIO), "3.set_nonblocking", (true, false, false))]
#[case::broken_27(Py27, Some(errno::EBADF), Err(errno::EBADF), "3.set_nonblocking", (true, false, false))]
#[case::no_peer_25(Py25, Some(errno::ENOTCONN), Ok(()), "3.set_nonblocking", (true, false, true))]
#[case::broken_25(Py25, Some(errno::EIO), Ok(()), "3.set_nonblocking", (true, false, true))]
fn a_constructor_looks_for_a_peer(
    #[case] profile: Profile,
    #[case] peer: Option<i32>,
    #[case] outcome: Result<(), i32>,
    #[case] calls: &str,
    #[case] (connected, addr, registered): (bool, bool, bool),
) {
    let (world, map) = World::new(profile);
    let plug = world.plug(3);
    plug.peer.set(peer);
    let node = dispatcher::init(Node::bare(Class::Dispatcher, "n", &world, &map), Some(plug));
    assert_eq!(
        node.as_ref().map(|_| ()).map_err(|error| error.errno().expect("a number")),
        outcome.as_ref().copied().map_err(|e| *e)
    );
    world.log.check(calls);
    assert_eq!(!map.is_empty(), registered);
    if let Ok(node) = node {
        assert_eq!((node.core().connected(), node.core().addr().is_some()), (connected, addr));
    }
}

#[rstest]
#[case::py25(Py25, 1)]
#[case::py27(Py27, 0)]
#[case::py311(Py311, 0)]
fn until_2_5_a_channel_is_registered_before_its_socket_is_non_blocking(
    #[case] profile: Profile,
    #[case] registered: usize,
) {
    let (world, map) = World::new(profile);
    let plug = world.plug(3);
    plug.fail("set_nonblocking", Exception::Os(errno::EIO));
    let node = dispatcher::init(Node::bare(Class::Dispatcher, "n", &world, &map), Some(plug));
    assert_eq!(node.map(|_| ()), Err(Exception::Os(errno::EIO)));
    assert_eq!(map.len(), registered);
}

#[rstest]
fn a_second_socket_leaves_the_first_in_the_map(#[values(Py25, Py27, Py311)] profile: Profile) {
    let (world, map) = World::new(profile);
    let node = dispatcher::init(Node::bare(Class::Dispatcher, "n", &world, &map), None).expect("nothing fails");
    for fd in [5, 6] {
        world.creates(&world.plug(fd));
        world.log.outcome(node.create_socket(Family::Inet6, Kind::Dgram));
    }
    world.log.check("socket Inet6 Dgram\n 5.set_nonblocking\n socket Inet6 Dgram\n 6.set_nonblocking");
    assert_eq!(node.core().family_and_type(), Some((Family::Inet6, Kind::Dgram)));
    assert_eq!(order(&map), "5 6 ");
    world.log.outcome(node.close());
    world.log.check("n.close\n 6.close");
    assert_eq!((order(&map).as_str(), node.core().fileno()), ("5 ", None));
    world.log.outcome(node.close());
    world.log.check("n.close\n 6.close");
    assert_eq!(order(&map), "5 ");
}

#[rstest]
#[case::py25(Py25, (true, true))]
#[case::py27(Py27, (false, false))]
#[case::py311(Py311, (false, false))]
fn close_leaves_the_map_first(#[case] profile: Profile, #[case] flags: (bool, bool)) {
    let (world, map) = World::new(profile);
    let plug = world.plug(3);
    plug.fail("close", Exception::Os(errno::EIO));
    let node = Node::of(Class::Dispatcher, "n", &plug, &world, &map);
    node.core().set_accepting(true);
    world.log.outcome(node.close());
    world.log.check("n.close\n 3.close\n raised EIO");
    assert!(map.is_empty());
    assert_eq!((node.core().connected(), node.core().accepting()), flags);
    assert!(node.core().socket().is_some() && node.core().addr().is_some());
}

#[test]
fn another_map_is_left_by_hand_only() {
    let (world, map) = World::new(Py311);
    let (_, other) = World::new(Py311);
    let node = Node::new("n", 3, &world, &map);
    assert_eq!(node.add_channel(Some(&other)), Ok(()));
    assert_eq!(node.close(), Ok(()));
    assert_eq!((map.len(), other.len()), (0, 1));
    assert_eq!(node.add_channel(None).map_err(|error| error.class()), Err("TypeError"));
}

#[test]
fn del_channel_removes_whatever_stands_there() {
    let (world, map) = World::new(Py311);
    let first = Node::new("first", 3, &world, &map);
    let _second = Node::new("second", 3, &world, &map);
    assert_eq!(first.del_channel(None), Ok(()));
    assert!(map.is_empty());
}

#[test]
fn without_a_map_given_there_is_the_default_one() {
    struct Plain(Core);
    impl Channel for Plain {
        fn core(&self) -> &Core {
            &self.0
        }
    }
    let (world, _) = World::new(Py311);
    let plug = world.plug(3) as Rc<dyn Socket>;
    let plain = dispatcher::init(Plain(Core::new(Class::Dispatcher, Py27)), Some(plug)).expect("nothing fails");
    assert_eq!(plain.core().map(), Some(socket_map(Py27)));
    assert_eq!((order(&socket_map(Py27)).as_str(), socket_map(Py311).len()), ("3 ", 0));
    assert_eq!(plain.close(), Ok(()));
    assert!(socket_map(Py27).is_empty());
}

#[test]
fn the_map_keeps_channels_alive_and_they_do_not_keep_it() {
    let (world, map) = World::new(Py311);
    let node = Rc::downgrade(&Node::new("n", 3, &world, &map));
    let kept = Node::new("kept", 4, &world, &map);
    assert!(node.upgrade().is_some());
    map.remove(3);
    assert!(node.upgrade().is_none());
    drop(map);
    assert_eq!(kept.core().map(), None);
    world.log.outcome(kept.close());
    world.log.check("kept.close\n 4.close");
    assert_eq!(kept.create_socket(Family::Inet, Kind::Stream).map_err(|error| error.class()), Err("RuntimeError"));
}

#[test]
fn a_channel_that_no_init_made_cannot_be_added() {
    let (world, map) = World::new(Py311);
    let node = Node::bare(Class::Dispatcher, "n", &world, &map);
    assert_eq!(node.set_socket(world.plug(3)).map_err(|error| error.class()), Err("RuntimeError"));
}

/// A channel that closes another when it is dropped.
struct Last {
    core: Core,
    other: Rc<Node>,
}

impl Channel for Last {
    fn core(&self) -> &Core {
        &self.core
    }
}

impl Drop for Last {
    fn drop(&mut self) {
        let _ = self.other.close();
    }
}

#[test]
fn a_channel_may_change_the_map_when_it_is_dropped() {
    let (world, map) = World::new(Py311);
    let last = |fd| {
        let other = Node::new("other", fd, &world, &map);
        let core = Core::new(Class::Dispatcher, Py311).in_map(&map);
        dispatcher::init(Last { core, other }, Some(world.plug(fd + 1))).expect("nothing fails");
    };
    last(3);
    map.remove(4);
    assert!(map.is_empty());
    last(5);
    map.clear();
    last(7);
    drop(map);
    world.log.take();
}
