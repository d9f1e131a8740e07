//! What passes ask, when what they ask changes in between, or while they do.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py311};
use asyncore_reference::{
    Channel, Class, Core, Exception, Flags, Item, Map, Producer, Profile, Socket, System, dispatcher, errno, poll,
    poll2,
};
use proptest::prelude::*;
use rstest::rstest;

use crate::world::{Node, World};

fn pass(use_poll: bool, map: &Map) -> Result<(), Exception> {
    if use_poll { poll2(Some(0.0), map) } else { poll(Some(0.0), map) }
}

/// Makes a pass and returns who was waited for, as poll shows it.
#[track_caller]
fn asked(use_poll: bool, world: &World, map: &Map) -> String {
    assert_eq!(pass(use_poll, map), Ok(()));
    world.log.take();
    let lists = world.lists.borrow();
    let shown: Vec<_> =
        lists.last().expect("it waited").iter().map(|one| format!("{}:{}", one.fd, one.flags)).collect();
    shown.join(" ")
}

fn three(world: &World, map: &Map) -> [Rc<Node>; 3] {
    [("a", 1), ("b", 2), ("c", 3)].map(|(name, fd)| {
        let node = Node::new(name, fd, world, map);
        node.wants.set((Some(true), Some(false)));
        node
    })
}

#[rstest]
fn every_pass_asks_everybody_however_often_they_say_the_same(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let nodes = three(&world, &map);
    nodes.iter().for_each(|node| node.asked.set(true));
    let each = "a.readable | a.writable | b.readable | b.writable | c.readable | c.writable";
    for _ in 0..3 {
        assert_eq!(pass(use_poll, &map), Ok(()));
        assert_eq!(world.calls(), each);
    }
    nodes[1].close().expect("it is open");
    world.log.take();
    assert_eq!(pass(use_poll, &map), Ok(()));
    assert_eq!(world.calls(), "a.readable | a.writable | c.readable | c.writable");
}

#[rstest]
fn the_list_is_the_same_as_long_as_nothing_differs(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let [a, b, _c] = three(&world, &map);
    let mut before = asked(use_poll, &world, &map);
    let mut same = || {
        let shown = asked(use_poll, &world, &map);
        let lists = world.lists.borrow();
        let [.., one, other] = &lists[..] else { panic!("two passes were made") };
        assert!(!one.is(other) || shown == before, "{before} became {shown}");
        before = shown;
        one.is(other)
    };
    assert!(same() && same());
    b.wants.set((Some(true), Some(true)));
    assert!(!same());
    assert!(same());
    b.wants.set((Some(false), Some(false)));
    assert!(!same());
    b.wants.set((Some(true), Some(false)));
    assert!(!same());
    let taken = map.remove(1);
    assert!(!same());
    assert!(same());
    map.insert(1, taken.expect("it was there"));
    assert!(!same());
    map.insert(1, a);
    assert!(!same(), "it is another entry");
    assert!(same());
    map.insert(4, b);
    map.remove(4);
    same();
    map.clear();
    assert_eq!(pass(use_poll, &map), Ok(()));
    drop(three(&world, &map));
    assert!(!same());
}

#[rstest]
fn a_list_that_somebody_keeps_stays_as_it_is(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let [a, ..] = three(&world, &map);
    let before = asked(use_poll, &world, &map);
    a.wants.set((Some(false), Some(true)));
    let after = asked(use_poll, &world, &map);
    assert_ne!(before, after);
    let lists = world.lists.borrow();
    assert_eq!(lists.iter().map(|list| list[0].flags.any(Flags::IN)).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn both_ways_to_wait_in_turn() {
    let (world, map) = World::new(Py311);
    let [a, ..] = three(&world, &map);
    a.wants.set((Some(false), Some(true)));
    for _ in 0..2 {
        assert_eq!(asked(false, &world, &map), "1:PRI|OUT 2:IN|PRI 3:IN|PRI");
        assert_eq!(asked(true, &world, &map), "1:OUT 2:IN|PRI 3:IN|PRI");
    }
}

#[rstest]
fn a_pass_within_a_predicate(
    #[values(false, true)] use_poll: bool,
    #[values("readable", "writable")] predicate: &'static str,
) {
    let (world, map) = World::new(Py311);
    let [a, b, c] = three(&world, &map);
    let alone = asked(use_poll, &world, &map);
    b.on(predicate, {
        let map = map.clone();
        move |b| {
            a.wants.set((Some(false), Some(false)));
            c.wants.set((Some(false), Some(false)));
            pass(use_poll, &map)?;
            b.wants.set((Some(true), Some(true)));
            Ok(())
        }
    });
    // `a` was asked before it changed its mind.
    let last = asked(use_poll, &world, &map);
    let lists: Vec<_> =
        world.lists.take().iter().map(|list| list.iter().map(|one| one.fd).collect::<Vec<_>>()).collect();
    assert_eq!(lists, [vec![1, 2, 3], vec![2], vec![1, 2]]);
    assert_ne!(last, alone);
    for _ in 0..2 {
        assert_eq!(asked(use_poll, &world, &map), "2:IN|PRI|OUT");
    }
}

#[rstest]
fn a_predicate_that_changes_the_map_changes_the_next_pass(#[values(false, true)] use_poll: bool) {
    let (world, map) = World::new(Py311);
    let [a, b, _c] = three(&world, &map);
    asked(use_poll, &world, &map);
    let changes = (Rc::clone(&world), map.clone(), b);
    a.on("writable", move |_| {
        let (world, map, b) = &changes;
        map.remove(2);
        map.insert(3, Rc::clone(b) as Rc<dyn Channel>);
        let d = Node::new("d", 4, world, map);
        d.wants.set((Some(false), Some(true)));
        Ok(())
    });
    assert_eq!(asked(use_poll, &world, &map), "1:IN|PRI 2:IN|PRI 3:IN|PRI");
    let writes = if use_poll { "OUT" } else { "PRI|OUT" };
    for _ in 0..2 {
        assert_eq!(asked(use_poll, &world, &map), format!("1:IN|PRI 3:IN|PRI 4:{writes}"));
    }
    let lists = world.lists.borrow();
    assert_ne!(lists[1][2].entry, lists[2][1].entry);
}

#[rstest]
fn after_a_predicate_has_raised_or_panicked(
    #[values(false, true)] use_poll: bool,
    #[values(false, true)] panics: bool,
) {
    let (world, map) = World::new(Py311);
    let [a, b, _c] = three(&world, &map);
    asked(use_poll, &world, &map);
    a.wants.set((Some(false), Some(false)));
    b.on("writable", move |b| {
        b.wants.set((Some(false), Some(true)));
        if panics {
            resume_unwind(Box::new("a predicate"));
        }
        Err(Exception::Os(errno::EIO))
    });
    let outcome = catch_unwind(AssertUnwindSafe(|| pass(use_poll, &map)));
    assert_eq!(outcome.ok(), (!panics).then_some(Err(Exception::Os(errno::EIO))));
    assert_eq!(world.lists.borrow().len(), 1, "nobody waited");
    let writes = if use_poll { "OUT" } else { "PRI|OUT" };
    for _ in 0..2 {
        assert_eq!(asked(use_poll, &world, &map), format!("2:{writes} 3:IN|PRI"));
    }
}

#[rstest]
fn two_maps_of_one_system(#[values(false, true)] use_poll: bool) {
    let (world, one) = World::new(Py311);
    let other = Map::with_system(Py311, Rc::clone(&world) as Rc<dyn System>);
    let [a, ..] = three(&world, &one);
    let _d = Node::new("d", 1, &world, &other);
    for _ in 0..2 {
        assert_eq!(asked(use_poll, &world, &one), "1:IN|PRI 2:IN|PRI 3:IN|PRI");
        assert_eq!(asked(use_poll, &world, &other), "1:IN|PRI|OUT");
    }
    assert!(world.lists.borrow()[0].is(&world.lists.borrow()[2]));
    a.on("readable", move |_| pass(use_poll, &other));
    assert_eq!(asked(use_poll, &world, &one), "1:IN|PRI 2:IN|PRI 3:IN|PRI");
    assert_eq!(world.lists.borrow()[4].len(), 1);
    assert!(world.lists.borrow()[0].is(&world.lists.borrow()[5]));
}

/// A chat that overrides nothing that it is asked.
struct Plain {
    core: Core,
}

impl Channel for Plain {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_error(&self, _exception: &Exception) -> Result<(), Exception> {
        Ok(())
    }

    /// Stays in the map.
    fn close(&self) -> Result<(), Exception> {
        Ok(())
    }
}

/// Gives a piece, then none.
struct Once(Cell<Vec<u8>>);

impl Producer for Once {
    fn more(&self) -> Result<Vec<u8>, Exception> {
        Ok(self.0.take())
    }
}

proptest! {
    /// The loop sees what the predicates say, and these see the fifo as it is.
    #[test]
    fn a_chat_wants_to_write_while_something_is_queued(
        steps in proptest::collection::vec((0..9u8, 0..5usize), 0..30),
        profile in prop_oneof![Just(Profile::Py25), Just(Profile::Py27), Just(Profile::Py311)],
        coalescing: bool,
    ) {
        let (world, map) = World::new(profile);
        let plug = world.plug(1);
        let core = Core::new(Class::Chat, profile).in_map(&map);
        core.set_coalescing(coalescing);
        core.set_ac_out_buffer_size(3);
        let chat = dispatcher::init(Plain { core }, Some(Rc::clone(&plug) as Rc<dyn Socket>)).expect("it is good");
        for (step, number) in steps {
            plug.sends.borrow_mut().push_back(if number == 4 { Err(Exception::Os(errno::EPIPE)) } else { Ok(number.min(1)) });
            let _ = match step {
                0 => chat.push(&b"abcde"[..number]),
                1 => chat.push_with_producer(Item::from(Rc::new(Once(vec![b'x'; number].into())))),
                2 => chat.push_with_producer(Item::from(&b"abcde"[..number])),
                3 => chat.close_when_done(),
                4 => chat.discard_buffers(),
                5 => { chat.core().set_connected(number > 0); Ok(()) }
                6 => chat.initiate_send(),
                7 => { chat.core().set_accepting(number == 0); Ok(()) }
                _ => chat.handle_write(),
            };
            plug.sends.borrow_mut().clear();
            let core = chat.core();
            let writes = !core.connected() || !core.producer_fifo().is_empty() || !core.ac_out_buffer().is_empty();
            prop_assert_eq!(chat.writable(), Ok(writes));
            prop_assert_eq!(chat.readable(), Ok(true));
            let writes = writes && (profile == Py25 || !core.accepting());
            let shown = asked(true, &world, &map);
            prop_assert_eq!(shown.contains("OUT"), writes, "{}", shown);
            prop_assert!(shown.starts_with("1:IN|PRI"));
        }
    }
}
