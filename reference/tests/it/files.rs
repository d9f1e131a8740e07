//! `file_dispatcher` and `file_wrapper`, over files that do what they are told.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Exception, FileWrapper, Flags, Profile, Socket, errno, poll2};
use rstest::rstest;

use crate::world::{World, around};

#[rstest]
#[case::py25(Py25, "1.set_nonblocking", 1)]
#[case::py27(Py27, "1.dup | 1.set_nonblocking", 101)]
#[case::py311(Py311, "1.dup | 1.set_nonblocking", 101)]
fn the_descriptor_is_duplicated(#[case] profile: Profile, #[case] calls: &str, #[case] fd: i32) {
    let (world, map) = World::new(profile);
    let node = around(&world.plug(1), &world, &map).expect("nothing fails");
    assert_eq!(world.calls(), calls);
    assert_eq!((map.descriptors(), node.core().fileno()), (vec![fd], Some(fd)));
    assert!(node.core().connected() && node.core().addr().is_none());
    world.report(&[(fd, Flags::PRI)]);
    world.log.outcome(poll2(None, &map));
    assert_eq!(world.calls(), if profile == Py25 { "f.handle_read" } else { "f.handle_expt" });
}

#[rstest]
#[case::dup("dup", 0)]
#[case::set_nonblocking("set_nonblocking", 1)]
fn what_fails_first(#[case] method: &'static str, #[case] registered: usize) {
    let (world, map) = World::new(Py311);
    let plug = world.plug(1);
    plug.fail(method, Exception::Os(errno::EBADF));
    assert!(around(&plug, &world, &map).is_err());
    assert_eq!(map.len(), registered);
}

#[rstest]
#[case::py25(Py25, "1.close", Err(Exception::File(errno::EIO)))]
#[case::py27(Py27, "101.close", Ok(()))]
#[case::py311(Py311, "101.close", Ok(()))]
fn closing_twice(#[case] profile: Profile, #[case] first: &str, #[case] second: Result<(), Exception>) {
    let (world, _) = World::new(profile);
    let plug = world.plug(1);
    let wrapper = FileWrapper::new(profile, Rc::clone(&plug) as Rc<dyn Socket>).expect("nothing fails");
    world.log.take();
    assert_eq!(wrapper.close(), Ok(()));
    assert_eq!(world.calls(), first);
    plug.fail("close", Exception::Os(errno::EIO));
    let again = wrapper.close();
    assert_eq!(again.is_ok(), second.is_ok());
    assert_eq!(wrapper.fileno(), Ok(if profile == Py25 { 1 } else { -1 }));
    assert_eq!(wrapper.take_error().is_ok(), profile != Py25);
}

#[rstest]
#[case::recv_25(Py25, "recv", errno::EPIPE, "1.recv | raised File")]
#[case::recv_27(Py27, "recv", errno::EBADF, "101.recv | raised File")]
#[case::recv_311(Py311, "recv", errno::EBADF, "101.recv | f.handle_close | f.close | 101.close")]
#[case::recv_nothing_311(Py311, "recv", errno::EAGAIN, "101.recv | raised EAGAIN")]
#[case::send_27(Py27, "send", errno::EAGAIN, "101.send \"x\" | raised File")]
#[case::send_311(Py311, "send", errno::EAGAIN, "101.send \"x\" | 0")]
#[case::send_lost_311(Py311, "send", errno::EPIPE, "101.send \"x\" | f.handle_close | f.close | 101.close | 0")]
fn errors(#[case] profile: Profile, #[case] method: &'static str, #[case] errno: i32, #[case] calls: &str) {
    let (world, map) = World::new(profile);
    let plug = world.plug(1);
    let node = around(&plug, &world, &map).expect("nothing fails");
    world.log.take();
    let file = if profile == Py25 { plug } else { plug.duplicates.borrow()[0].clone() };
    file.fail(method, Exception::Os(errno));
    let result = if method == "recv" { node.recv(10, &mut Vec::new()) } else { node.send(b"x") };
    match result {
        Ok(count) if method == "send" => world.log.add(count.to_string()),
        Err(Exception::File(_)) => world.log.add("raised File"),
        result => world.log.outcome(result.map(drop)),
    }
    assert_eq!(world.calls(), calls);
}
