//! Connecting, observed as the other lists were.

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Address, Channel, Class, Core, Profile, errno};
use rstest::rstest;

use crate::support::Recorder;

#[rstest]
#[case::at_once(Py311, 0, "a.handle_connect false true", (true, false, true))]
#[case::already_connected(Py27, errno::EISCONN, "a.handle_connect false true", (true, false, true))]
#[case::in_progress(Py311, errno::EINPROGRESS, "", (false, true, true))]
#[case::refused(Py311, errno::ECONNREFUSED, "raised ECONNREFUSED", (false, true, false))]
#[case::at_once_25(Py25, 0, "a.handle_connect true false", (true, false, true))]
#[case::already_connected_25(Py25, errno::EISCONN, "a.handle_connect true false", (true, false, true))]
#[case::in_progress_25(Py25, errno::EINPROGRESS, "", (false, false, false))]
#[case::refused_25(Py25, errno::ECONNREFUSED, "raised ECONNREFUSED", (false, false, false))]
fn connect(
    #[case] profile: Profile,
    #[case] errno: i32,
    #[case] calls: &str,
    #[case] (connected, connecting, addr): (bool, bool, bool),
) {
    let a = Recorder::new(profile, "a");
    a.script.connects.set(errno);
    let there = Address::Unix("there".into());
    a.log.outcome(a.connect(&there));
    a.log.check(calls);
    assert_eq!(a.core().connected(), connected);
    assert_eq!(a.core().connecting(), connecting);
    assert_eq!(a.core().addr() == Some(there), addr);
}

#[test]
fn a_pending_error_is_raised_once() {
    let a = Recorder::new(Py311, "a");
    a.script.connects.set(errno::EINPROGRESS);
    a.log.outcome(a.connect(&Address::Unix("there".into())));
    a.script.error.set(errno::ECONNREFUSED);
    a.log.outcome(a.handle_connect_event());
    a.log.outcome(a.handle_connect_event());
    a.log.check("raised ECONNREFUSED\n a.handle_connect false true");
    assert!(a.core().connected());
}

#[rstest]
#[case::py25(Py25, false)]
#[case::py27(Py27, false)]
#[case::py311(Py311, true)]
fn a_channel_without_a_socket_is_closed(#[case] profile: Profile, #[case] allowed: bool) {
    struct Bare(Core);
    impl Channel for Bare {
        fn core(&self) -> &Core {
            &self.0
        }
    }
    let bare = Bare(Core::new(Class::Dispatcher, profile));
    assert_eq!(bare.close().is_ok(), allowed);
}
