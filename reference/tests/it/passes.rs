//! Passes of the loop, over a system that reports what it is told.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Class, Exception, Flags, Loop, Map, Profile, close_all, errno, poll, poll2};
use rstest::rstest;

use crate::world::{Node, World};

const ALL: Flags = Flags::TROUBLE;

fn pass(use_poll: bool, map: &Map) -> Result<(), Exception> {
    if use_poll { poll2(Some(0.0), map) } else { poll(Some(0.0), map) }
}

/// Channels that want nothing, to read, to write, both; and listeners that want to write, and both.
fn six(world: &World, map: &Map) -> Vec<Rc<Node>> {
    let wants = [(false, false), (true, false), (false, true), (true, true), (false, true), (true, true)];
    let nodes = wants.iter().zip(10..).map(|(&(readable, writable), fd)| {
        let node = Node::new("n", fd, world, map);
        node.wants.set((Some(readable), Some(writable)));
        node.core().set_accepting(fd >= 14);
        node
    });
    nodes.collect()
}

#[rstest]
#[case::py25(
    Py25,
    "select [11, 13, 15] [12, 13, 14, 15] [11, 12, 13, 14, 15] Some(0.0)",
    "poll 11:IN|PRI|ERR|HUP|NVAL 12:OUT|ERR|HUP|NVAL 13:IN|PRI|OUT|ERR|HUP|NVAL \
     14:OUT|ERR|HUP|NVAL 15:IN|PRI|OUT|ERR|HUP|NVAL Some(0)"
)]
#[case::py27(
    Py27,
    "select [11, 13, 15] [12, 13] [11, 12, 13, 14, 15] Some(0.0)",
    "poll 11:IN|PRI|ERR|HUP|NVAL 12:OUT|ERR|HUP|NVAL 13:IN|PRI|OUT|ERR|HUP|NVAL 15:IN|PRI|ERR|HUP|NVAL Some(0)"
)]
#[case::py311(
    Py311,
    "select [11, 13, 15] [12, 13] [11, 12, 13, 14, 15] Some(0.0)",
    "poll 11:IN|PRI 12:OUT 13:IN|PRI|OUT 15:IN|PRI Some(0)"
)]
fn what_a_wait_is_asked(#[case] profile: Profile, #[case] select: &str, #[case] polled: &str) {
    let (world, map) = World::new(profile);
    let _nodes = six(&world, &map);
    world.log.outcome(poll(Some(0.0), &map));
    world.log.check(select);
    world.log.outcome(poll2(Some(0.0), &map));
    world.log.check(polled);
}

#[rstest]
#[case::select(false, "select [1, 2] [1, 2] [1, 2] Some(0.0)")]
#[case::poll(true, "poll 1:IN|PRI|OUT 2:IN|PRI|OUT Some(0)")]
fn predicates_are_asked_once_in_order(#[case] use_poll: bool, #[case] wait: &str) {
    let (world, map) = World::new(Py311);
    for (name, fd) in [("a", 1), ("b", 2)] {
        Node::new(name, fd, &world, &map).asked.set(true);
    }
    world.log.outcome(pass(use_poll, &map));
    world.log.check(&format!("a.readable\n a.writable\n b.readable\n b.writable\n {wait}"));
}

#[rstest]
fn a_predicate_that_raises_leaves_the_loop(
    #[values(Py25, Py27, Py311)] profile: Profile,
    #[values(false, true)] use_poll: bool,
    #[values("readable", "writable")] predicate: &'static str,
) {
    let (world, map) = World::new(profile);
    let node = Node::new("n", 1, &world, &map);
    node.raises(predicate, Exception::Os(errno::EPIPE));
    world.log.outcome(pass(use_poll, &map));
    world.log.check("raised EPIPE");
}

#[rstest]
fn the_channels_of_a_pass_are_those_at_its_beginning(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let (a, b) = (Node::new("a", 1, &world, &map), Node::new("b", 2, &world, &map));
    a.on("readable", {
        let (world, map) = (Rc::clone(&world), map.clone());
        move |_| {
            drop(Node::new("c", 3, &world, &map));
            b.close()
        }
    });
    world.report(&[(2, Flags::IN)]);
    world.log.outcome(pass(use_poll, &map));
    let wait =
        if use_poll { "poll 1:IN|PRI|OUT 2:IN|PRI|OUT Some(0)" } else { "select [1, 2] [1, 2] [1, 2] Some(0.0)" };
    world.log.check(&format!("b.close\n 2.close\n {wait}"));
    assert_eq!(map.descriptors(), [1, 3]);
}

#[rstest]
#[case::select(
    false,
    "a.handle_read | b.handle_read | a.handle_write | b.handle_write | 1.take_error | a.handle_expt | 2.take_error | b.handle_expt"
)]
#[case::poll(
    true,
    "a.handle_read | a.handle_write | 1.take_error | a.handle_expt | b.handle_read | b.handle_write | 2.take_error | b.handle_expt"
)]
fn the_order_of_events(#[case] use_poll: bool, #[case] calls: &str) {
    let (world, map) = World::new(Py311);
    let _nodes = [("a", 1), ("b", 2)].map(|(name, fd)| Node::new(name, fd, &world, &map));
    let everything = Flags::IN | Flags::OUT | Flags::PRI;
    world.report(&[(1, everything), (2, everything)]);
    world.log.outcome(pass(use_poll, &map));
    assert_eq!(world.calls(), calls);
}

#[rstest]
#[case::select(Py311, false, "a.handle_read | a.close | 1.close")]
#[case::poll(
    Py311,
    true,
    "a.handle_read | a.close | 1.close | a.handle_write | 1.take_error | a.handle_expt | a.handle_close | a.close | 1.close"
)]
#[case::select_25(Py25, false, "a.handle_read | a.close | 1.close")]
#[case::poll_25(Py25, true, "a.handle_read | a.close | 1.close | a.handle_write | a.handle_expt")]
fn a_channel_that_closes_itself_gets_no_more_events_from_select(
    #[case] profile: Profile,
    #[case] use_poll: bool,
    #[case] calls: &str,
) {
    let (world, map) = World::new(profile);
    let a = Node::new("a", 1, &world, &map);
    a.on("handle_read", Channel::close);
    let flags = Flags::IN | Flags::OUT | Flags::PRI;
    world.report(&[(1, if use_poll { flags | Flags::HUP } else { flags })]);
    world.log.outcome(pass(use_poll, &map));
    assert_eq!(world.calls(), calls);
}

#[rstest]
fn an_event_goes_to_whoever_has_the_descriptor_now(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let (a, b) = (Node::new("a", 1, &world, &map), Node::new("b", 2, &world, &map));
    a.on("handle_read", {
        let (world, map) = (Rc::clone(&world), map.clone());
        move |_| {
            b.close()?;
            drop(Node::new("new", 2, &world, &map));
            Ok(())
        }
    });
    world.report(&[(1, Flags::IN), (2, Flags::IN)]);
    world.log.outcome(pass(use_poll, &map));
    assert_eq!(world.calls(), "new.handle_read");
}

#[rstest]
#[case::select(false, "n.handle_read | n.handle_error EPIPE")]
#[case::poll(true, "n.handle_read | n.handle_close | n.close | 1.close")]
fn a_disconnect_that_a_handler_raises(#[case] use_poll: bool, #[case] calls: &str) {
    for profile in [Py27, Py311] {
        let (world, map) = World::new(profile);
        let node = Node::new("n", 1, &world, &map);
        node.raises("handle_read", Exception::Os(errno::EPIPE));
        world.report(&[(1, Flags::IN)]);
        world.log.outcome(pass(use_poll, &map));
        assert_eq!(world.calls(), calls);
    }
}

#[rstest]
#[case::exit_25(Py25, Exception::ExitNow, "raised ExitNow")]
#[case::exit(Py311, Exception::ExitNow, "raised ExitNow")]
#[case::interrupt_25(Py25, Exception::Interrupt, "n.handle_error KeyboardInterrupt")]
#[case::interrupt_27(Py27, Exception::Interrupt, "raised KeyboardInterrupt")]
#[case::interrupt_311(Py311, Exception::Interrupt, "raised KeyboardInterrupt")]
#[case::other(Py311, Exception::other("KeyError", ""), "n.handle_error KeyError")]
#[case::disconnect_25(Py25, Exception::Os(errno::EPIPE), "n.handle_error EPIPE")]
#[case::disconnect_elsewhere(Py27, Exception::File(errno::EPIPE), "n.handle_error EPIPE")]
#[case::other_errno(Py311, Exception::Os(errno::EIO), "n.handle_error EIO")]
fn what_a_handler_raises(#[case] profile: Profile, #[case] raised: Exception, #[case] calls: &str) {
    for (flag, method) in [(Flags::IN, "handle_read"), (Flags::OUT, "handle_write"), (Flags::PRI, "handle_expt")] {
        // In 2.5 urgent data are read.
        let method = if profile == Py25 && flag == Flags::PRI { "handle_read" } else { method };
        let (world, map) = World::new(profile);
        let node = Node::new("n", 1, &world, &map);
        node.raises(method, raised.clone());
        world.report(&[(1, flag)]);
        world.log.outcome(poll2(Some(0.0), &map));
        assert_eq!(world.log.take().lines().last(), Some(calls), "{flag}");
    }
}

#[rstest]
fn what_handle_error_raises_leaves_the_loop(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let node = Node::new("n", 1, &world, &map);
    node.raises("handle_read", Exception::other("KeyError", ""));
    node.raises("handle_error", Exception::Os(errno::EPIPE));
    world.report(&[(1, Flags::IN), (1, Flags::OUT)]);
    world.log.outcome(pass(use_poll, &map));
    assert!(world.log.take().ends_with("n.handle_error KeyError\nraised EPIPE"));
}

#[test]
fn a_handle_close_that_fails_after_a_disconnect_leaves_the_loop() {
    let (world, map) = World::new(Py311);
    let node = Node::new("n", 1, &world, &map);
    node.raises("handle_read", Exception::Os(errno::EPIPE));
    node.raises("handle_close", Exception::Os(errno::EIO));
    node.on("handle_close", |_| Err(Exception::other("KeyError", "")));
    world.report(&[(1, Flags::IN)]);
    world.report(&[(1, Flags::HUP)]);
    world.log.outcome(poll2(Some(0.0), &map));
    assert!(world.log.take().ends_with("n.handle_close\nraised EIO"));
    world.log.outcome(poll2(Some(0.0), &map));
    assert!(world.log.take().ends_with("n.handle_close\nn.handle_error KeyError"));
}

#[rstest]
#[case::py25(Py25, "")]
#[case::py27(Py27, "")]
#[case::py311(Py311, "raised EINTR")]
fn an_interrupted_wait(#[case] profile: Profile, #[case] raised: &str, #[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(profile);
    let _node = Node::new("n", 1, &world, &map);
    world.wait_fails(errno::EINTR);
    world.log.outcome(pass(use_poll, &map));
    assert_eq!(world.calls(), raised);
    world.wait_fails(errno::EBADF);
    assert_eq!(pass(use_poll, &map), Err(Exception::Os(errno::EBADF)));
}

#[rstest]
fn nothing_to_wait_for(#[values(Py25, Py27, Py311)] profile: Profile) {
    let (world, map) = World::new(profile);
    world.log.outcome(poll(None, &map));
    world.log.outcome(poll2(None, &map));
    let node = Node::new("n", 1, &world, &map);
    node.wants.set((Some(false), Some(false)));
    world.log.outcome(poll(Some(0.25), &map));
    world.log.outcome(poll(None, &map));
    world.log.outcome(poll2(None, &map));
    world.log.outcome(poll2(Some(0.0019), &map));
    world.log.outcome(poll2(Some(-1.0), &map));
    world.log.check("sleep 0.25\n raised TypeError\n poll None\n poll Some(1)\n poll Some(-1000)");
}

#[rstest]
#[case::none(Some(0.0), 0)]
#[case::negative(Some(-1.0), 0)]
#[case::a_part(Some(0.5), 1)]
#[case::more(Some(1.5), 2)]
#[case::until_the_map_is_empty(Some(9.0), 3)]
#[case::no_limit(None, 3)]
fn a_loop_counts_its_passes(#[case] count: Option<f64>, #[case] passes: usize, #[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let node = Node::new("n", 1, &world, &map);
    node.on("readable", |_| Ok(()));
    node.on("readable", |_| Ok(()));
    node.on("readable", Channel::close);
    assert_eq!(Loop { count, use_poll, ..Loop::default() }.run(&map), Ok(()));
    let wait = if use_poll { "poll 1:IN|PRI|OUT Some(30000)" } else { "select [1] [1] [1] Some(30.0)" };
    assert_eq!(world.log.take().lines().filter(|line| *line == wait).count(), passes);
}

#[rstest]
fn a_pass_within_a_pass(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let (a, _b) = (Node::new("a", 1, &world, &map), Node::new("b", 2, &world, &map));
    a.on("handle_read", {
        let map = map.clone();
        move |_| pass(use_poll, &map)
    });
    world.report(&[(1, Flags::IN), (2, Flags::IN)]);
    world.report(&[(1, Flags::IN), (2, Flags::IN)]);
    world.log.outcome(pass(use_poll, &map));
    assert_eq!(world.calls(), "a.handle_read | a.handle_read | b.handle_read | b.handle_read");
}

#[rstest]
fn a_handler_may_close_everything(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let (a, _b) = (Node::new("a", 1, &world, &map), Node::new("b", 2, &world, &map));
    a.on("handle_read", {
        let map = map.clone();
        move |_| close_all(&map, false)
    });
    world.report(&[(1, Flags::IN), (2, Flags::IN)]);
    world.log.outcome(pass(use_poll, &map));
    assert_eq!(world.calls(), "a.handle_read | a.close | 1.close | b.close | 2.close");
    assert!(map.is_empty());
}

/// Three channels of which the second fails to close.
fn closing(profile: Profile, error: &Exception, ignore_all: bool) -> String {
    let (world, map) = World::new(profile);
    for (name, fd) in [("a", 1), ("b", 2), ("c", 3)] {
        let plug = world.plug(fd);
        let node = Node::of(Class::Dispatcher, name, &plug, &world, &map);
        if fd == 2 {
            plug.fail("close", error.clone());
            node.on("close", {
                let error = error.clone();
                move |_| Err(error.clone())
            });
        }
    }
    world.log.outcome(close_all(&map, ignore_all));
    format!("{} {}", world.calls().replace(" |", ""), map.len())
}

const EBADF: Exception = Exception::Os(errno::EBADF);

#[rstest]
#[case::sockets_25(Py25, EBADF, false, "1.close 2.close raised EBADF 3")]
#[case::ignoring_means_nothing_in_25(Py25, EBADF, true, "1.close 2.close raised EBADF 3")]
#[case::py27(Py27, EBADF, false, "a.close 1.close b.close raised EBADF 2")]
#[case::file_27(Py27, Exception::File(errno::EBADF), false, "a.close 1.close b.close c.close 3.close 0")]
#[case::py311(Py311, EBADF, false, "a.close 1.close b.close c.close 3.close 0")]
#[case::other(Py311, Exception::Os(errno::EIO), false, "a.close 1.close b.close raised EIO 2")]
#[case::ignored(Py311, Exception::Os(errno::EIO), true, "a.close 1.close b.close c.close 3.close 0")]
#[case::any_ignored(Py27, Exception::other("KeyError", ""), true, "a.close 1.close b.close c.close 3.close 0")]
#[case::exit(Py311, Exception::ExitNow, true, "a.close 1.close b.close raised ExitNow 2")]
#[case::interrupt(Py27, Exception::Interrupt, true, "a.close 1.close b.close raised KeyboardInterrupt 2")]
fn closing_all(#[case] profile: Profile, #[case] error: Exception, #[case] ignore: bool, #[case] expected: &str) {
    assert_eq!(closing(profile, &error, ignore), expected);
}

#[rstest]
fn trouble_is_told_as_the_release_tells_it(#[values(Flags::ERR, Flags::HUP, Flags::NVAL, ALL)] flags: Flags) {
    for (profile, handler) in [(Py25, "n.handle_expt"), (Py27, "n.handle_close"), (Py311, "n.handle_close")] {
        let (world, map) = World::new(profile);
        let _node = Node::new("n", 1, &world, &map);
        world.report(&[(1, flags)]);
        world.log.outcome(poll2(Some(0.0), &map));
        assert_eq!(world.calls().split(" | ").next(), Some(handler));
    }
}
