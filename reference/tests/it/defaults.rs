//! What every method does where a channel overrides nothing, class by class.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{
    Address, Channel, Class, Core, Exception, Family, Kind, Map, Profile, Socket, dispatcher, errno, poll, poll2, poll3,
};
use rstest::rstest;

use crate::support::Log;
use crate::world::{Plug, World};

/// A channel that overrides nothing but what would be printed.
struct Plain {
    core: Core,
    log: Log,
}

impl Channel for Plain {
    fn core(&self) -> &Core {
        &self.core
    }

    fn log_info(&self, message: &str, kind: &str) -> Result<(), Exception> {
        self.log.add(format!("{kind}: {message}"));
        Ok(())
    }
}

struct Stage {
    world: Rc<World>,
    map: Map,
    plug: Rc<Plug>,
    plain: Rc<Plain>,
}

/// Makes a channel that is in a map, under the descriptor 3.
fn stage(class: Class, profile: Profile) -> Stage {
    let (world, map) = World::new(profile);
    let plug = world.plug(3);
    let bare = Plain { core: Core::new(class, profile).in_map(&map), log: world.log.clone() };
    let plain = dispatcher::init(bare, Some(Rc::clone(&plug) as Rc<dyn Socket>)).expect("the plug does not fail");
    world.log.take();
    Stage { world, map, plug, plain }
}

type Call = fn(&Plain) -> Result<(), Exception>;

fn address() -> Address {
    Address::Unix("there".into())
}

#[rstest]
#[case::read_of_a_dispatcher(Class::Dispatcher, |c: &Plain| c.handle_read(), "warning: unhandled read event")]
#[case::read_of_a_chat(Class::Chat, |c: &Plain| c.handle_read(), "3.recv")]
#[case::write_of_a_dispatcher(Class::Dispatcher, |c: &Plain| c.handle_write(), "warning: unhandled write event")]
#[case::write_of_one_with_send(Class::WithSend, |c: &Plain| c.handle_write(), "3.send \"\"")]
#[case::close_of_a_dispatcher(Class::Dispatcher, |c: &Plain| c.handle_close(), "warning: unhandled close event | 3.close")]
#[case::close_of_a_chat(Class::Chat, |c: &Plain| c.handle_close(), "3.close")]
#[case::expt(Class::Chat, |c: &Plain| c.handle_expt(), "warning: unhandled incoming priority event")]
#[case::accept(Class::Chat, |c: &Plain| c.handle_accept(), "3.accept")]
#[case::connect(Class::Dispatcher, |c: &Plain| c.handle_connect(), "warning: unhandled connect event")]
#[case::read_event(Class::Dispatcher, |c: &Plain| c.handle_read_event(), "warning: unhandled read event")]
#[case::write_event(Class::Dispatcher, |c: &Plain| c.handle_write_event(), "warning: unhandled write event")]
#[case::expt_event(
    Class::Dispatcher,
    |c: &Plain| c.handle_expt_event(),
    "3.take_error | warning: unhandled incoming priority event"
)]
#[case::connect_event(
    Class::Dispatcher,
    |c: &Plain| c.handle_connect_event(),
    "3.take_error | warning: unhandled connect event"
)]
#[case::error(
    Class::Dispatcher,
    |c: &Plain| c.handle_error(&Exception::other("ValueError", "bad")),
    "error: uncaptured python exception, closing channel <dispatcher connected \"peer\"> (ValueError: bad) \
     | warning: unhandled close event | 3.close"
)]
#[case::collect(Class::Chat, |c: &Plain| c.collect_incoming_data(b"x"), "raised NotImplementedError")]
#[case::found(Class::Chat, |c: &Plain| c.found_terminator(), "raised NotImplementedError")]
#[case::reuse(Class::Dispatcher, |c: &Plain| c.set_reuse_addr(), "3.set_reuse_addr")]
#[case::listen(Class::Dispatcher, |c: &Plain| c.listen(7), "3.listen 7")]
#[case::bind(Class::Dispatcher, |c: &Plain| c.bind(&address()), "3.bind \"there\"")]
#[case::connecting(
    Class::Dispatcher,
    |c: &Plain| c.connect(&address()),
    "3.connect | 3.take_error | warning: unhandled connect event"
)]
#[case::accepting(Class::Dispatcher, |c: &Plain| c.accept().map(drop), "3.accept")]
#[case::recv(Class::Dispatcher, |c: &Plain| c.recv(9, &mut Vec::new()).map(drop), "3.recv | raised EAGAIN")]
#[case::send(Class::Dispatcher, |c: &Plain| c.send(b"x").map(drop), "3.send \"x\"")]
#[case::send_of_one_with_send(Class::WithSend, |c: &Plain| c.send(b"x").map(drop), "3.send \"x\"")]
#[case::close(Class::Dispatcher, |c: &Plain| c.close(), "3.close")]
#[case::push(Class::Chat, |c: &Plain| c.push(b"x"), "3.send \"x\"")]
#[case::push_with_producer(Class::Chat, |c: &Plain| c.push_with_producer(b"x"[..].into()), "3.send \"x\"")]
#[case::close_when_done(
    Class::Chat,
    |c: &Plain| c.close_when_done().and_then(|()| c.initiate_send()),
    "3.close"
)]
#[case::initiate_send(Class::WithSend, |c: &Plain| c.initiate_send(), "3.send \"\"")]
#[case::refill(Class::Chat, |c: &Plain| c.refill_buffer(), "raised AttributeError")]
#[case::no_terminator(Class::Chat, |c: &Plain| c.get_terminator().map(drop), "raised AttributeError")]
#[case::log(Class::Chat, |c: &Plain| c.log("a message"), "")]
fn a_method_does_what_its_class_does(#[case] class: Class, #[case] call: Call, #[case] calls: &str) {
    let stage = stage(class, Py311);
    stage.world.log.outcome(call(&stage.plain));
    assert_eq!(stage.world.log.take().replace('\n', " | "), calls);
}

#[rstest]
#[case::collect(|c: &Plain| c.collect_incoming_data(b"x"))]
#[case::found(|c: &Plain| c.found_terminator())]
#[case::push(|c: &Plain| c.push(b"x"))]
#[case::push_with_producer(|c: &Plain| c.push_with_producer(b"x"[..].into()))]
#[case::close_when_done(|c: &Plain| c.close_when_done())]
#[case::initiate_send(|c: &Plain| c.initiate_send())]
#[case::refill(|c: &Plain| c.refill_buffer())]
#[case::set_terminator(|c: &Plain| c.set_terminator(1.into()))]
#[case::get_terminator(|c: &Plain| c.get_terminator().map(drop))]
#[case::discard(|c: &Plain| c.discard_buffers())]
fn a_dispatcher_has_no_method_of_a_chat(#[case] call: Call, #[values(Class::Dispatcher, Class::File)] class: Class) {
    let stage = stage(class, Py311);
    let raised = call(&stage.plain).expect_err("there is no such method");
    assert_eq!(raised.class(), "AttributeError");
    assert!(raised.to_string().starts_with(&format!("AttributeError: '{}' object", class.name())), "{raised}");
    assert_eq!(stage.world.log.take(), "");
}

#[test]
fn the_default_handle_accepted_closes() {
    let stage = stage(Class::Dispatcher, Py311);
    let accepted = stage.world.plug(7);
    assert_eq!(stage.plain.handle_accepted(accepted, &address()), Ok(()));
    stage.world.log.check("7.close\n warning: unhandled accepted event");
}

#[test]
fn a_channel_enters_and_leaves_maps() {
    let stage = stage(Class::Dispatcher, Py311);
    let other = Map::new(Py311);
    assert_eq!(stage.plain.add_channel(Some(&other)), Ok(()));
    assert_eq!((other.descriptors(), stage.map.descriptors()), (vec![3], vec![3]));
    assert_eq!(stage.plain.del_channel(None), Ok(()));
    assert_eq!((other.descriptors(), stage.map.descriptors()), (vec![3], vec![]));
    assert_eq!(stage.plain.core.fileno(), None);
    assert_eq!(stage.plain.set_socket(stage.world.plug(8)), Ok(()));
    assert_eq!(stage.map.descriptors(), [8]);
    stage.world.creates(&stage.world.plug(9));
    assert_eq!(stage.plain.create_socket(Family::Inet6, Kind::Dgram), Ok(()));
    assert_eq!(stage.map.descriptors(), [8, 9]);
    assert_eq!(stage.plain.core.family_and_type(), Some((Family::Inet6, Kind::Dgram)));
}

/// What the predicates say by themselves is what a pass asks.
#[rstest]
fn what_a_channel_waits_for(
    #[values(Class::Dispatcher, Class::WithSend, Class::File, Class::Chat)] class: Class,
    #[values(Py25, Py27, Py311)] profile: Profile,
    #[values(false, true)] connected: bool,
) {
    let stage = stage(class, profile);
    stage.plain.core.set_connected(connected);
    let writable = !connected || matches!(class, Class::Dispatcher | Class::File);
    assert_eq!((stage.plain.readable(), stage.plain.writable()), (Ok(true), Ok(writable)));
    assert_eq!(poll(Some(0.0), &stage.map), Ok(()));
    let writers = if writable { "[3]" } else { "[]" };
    stage.world.log.check(&format!("select [3] {writers} [3] Some(0.0)"));
}

#[rstest]
#[case::nothing(false, false, "<dispatcher \"peer\">", "<file_dispatcher>")]
#[case::connected(false, true, "<dispatcher connected \"peer\">", "<file_dispatcher connected>")]
#[case::accepting(true, false, "<dispatcher listening \"peer\">", "<file_dispatcher>")]
#[case::both(true, true, "<dispatcher listening \"peer\">", "<file_dispatcher connected>")]
fn a_channel_shows_how_it_stands(
    #[case] accepting: bool,
    #[case] connected: bool,
    #[case] with_address: &str,
    #[case] without: &str,
) {
    let stage = stage(Class::Dispatcher, Py311);
    let nameless = Core::new(Class::File, Py311);
    for (core, shown) in [(&stage.plain.core, with_address), (&nameless, without)] {
        core.set_accepting(accepting);
        core.set_connected(connected);
        assert_eq!(core.to_string(), shown);
    }
}

#[test]
fn flags_that_asyncore_never_sets_are_for_programs() {
    let core = Core::new(Class::WithSend, Py311);
    assert!(!core.closing() && !core.debug());
    core.set_closing(true);
    core.set_debug(true);
    assert!(core.closing() && core.debug());
}

#[test]
#[ignore = "is run by the test below, which reads what it prints"]
fn alone_with_what_it_prints() {
    dispatcher::log("a hit");
    let core = Core::new(Class::Dispatcher, Py311);
    let plain = Plain { core, log: Log::default() };
    for kind in ["warning", "info"] {
        assert_eq!(dispatcher::log_info(&plain, "a message", kind), Ok(()));
    }
    let core = Core::new(Class::Dispatcher, Py25);
    let silent = Silent(core);
    assert_eq!(silent.log("another hit"), Ok(()));
    assert_eq!(silent.log_info("in 2.5", "warning"), Ok(()));
}

/// Overrides nothing at all.
struct Silent(Core);

impl Channel for Silent {
    fn core(&self) -> &Core {
        &self.0
    }
}

#[test]
fn what_is_logged_is_printed() {
    let program = std::env::current_exe().expect("it has a name");
    let output = std::process::Command::new(program)
        .args(["--exact", "defaults::alone_with_what_it_prints", "--ignored", "--nocapture", "--test-threads=1"])
        .output()
        .expect("it runs");
    let (shown, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
    assert!(shown.contains("info: a message\nwarning: in 2.5\n") && !shown.contains("warning: a message"), "{shown}");
    assert!(errors.contains("log: a hit\nlog: another hit\n"), "{errors}");
}

#[rstest]
#[case::py25(Py25, errno::EBADF, false)]
#[case::not_connected(Py27, errno::ENOTCONN, true)]
#[case::not_open(Py27, errno::EBADF, true)]
#[case::not_connected_any_more(Py311, errno::ENOTCONN, true)]
#[case::not_open_any_more(Py311, errno::EBADF, true)]
#[case::another(Py311, errno::EIO, false)]
fn a_socket_that_fails_to_close(#[case] profile: Profile, #[case] errno: i32, #[case] passed_over: bool) {
    let stage = stage(Class::Dispatcher, profile);
    stage.plug.fail("close", Exception::Os(errno));
    let closed = stage.plain.close();
    assert_eq!(closed, if passed_over { Ok(()) } else { Err(Exception::Os(errno)) });
    assert!(stage.map.is_empty());
}

#[test]
fn poll3_is_poll2_by_another_name() {
    let stage = stage(Class::Dispatcher, Py311);
    assert_eq!(poll2(Some(0.5), &stage.map), Ok(()));
    let once = stage.world.log.take();
    assert_eq!(poll3(Some(0.5), &stage.map), Ok(()));
    assert_eq!((stage.world.log.take(), once.as_str()), (once.clone(), "poll 3:IN|PRI|OUT Some(500)"));
}
