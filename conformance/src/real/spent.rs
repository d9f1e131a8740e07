//! Finds out that the system had no more room for a subject: no descriptor, no port, no memory.
//!
//! What a subject does then says nothing about it. A port that is never given is a port that nobody can connect from,
//! and a wait that needs one descriptor more than there are is told nothing, however often it is tried.

use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::peer::Transport;
use asyncore_spec::trace::{Event, Reply, SocketCall, What};
use asyncore_spec::value::Value;
use asyncore_spec::wait::Told;

/// Says what the system had no room for, if an event tells of that.
pub(super) fn spent(events: &[Event], transport: Transport) -> Option<String> {
    events.iter().find_map(|event| match &event.what {
        What::Wait { call, told: Told::Raised { exception }, .. } => told_by(call.name(), exception),
        What::Socket { on, call, reply, .. } => {
            let place = format!("{on}.socket.{}", call.name());
            match reply {
                Reply::Raised { exception } if is_bind_to_no_port(*call, exception, transport) => {
                    Some(no_room(&place, "EADDRINUSE"))
                }
                Reply::Raised { exception } => told_by(&place, exception),
                Reply::Value { value } => no_port(*call, value).then(|| no_room(&place, "EADDRNOTAVAIL")),
            }
        }
        _ => None,
    })
}

fn told_by(place: &str, exception: &Exception) -> Option<String> {
    match exception {
        Exception::Os { errno: errno @ (Errno::EMFILE | Errno::ENOBUFS), .. } => Some(no_room(place, errno.name())),
        _ => None,
    }
}

fn no_room(place: &str, errno: &str) -> String {
    format!("the system has run out of room for it: `{place}` gave {errno}")
}

/// Says whether no port was left for a channel that is content with any.
fn is_bind_to_no_port(call: SocketCall, exception: &Exception, transport: Transport) -> bool {
    let has_ports = matches!(transport, Transport::Tcp4 | Transport::Tcp6 | Transport::Udp);
    call == SocketCall::Bind && has_ports && matches!(exception, Exception::Os { errno: Errno::EADDRINUSE, .. })
}

/// Says whether no port was left to connect from. A number that has no name in a trace is told as it is.
fn no_port(call: SocketCall, value: &Value) -> bool {
    let number = rustix::io::Errno::ADDRNOTAVAIL.raw_os_error().to_string();
    let is = |hex: &[u8]| hex == number.as_bytes() || hex == b"EADDRNOTAVAIL";
    call == SocketCall::Connect && matches!(value, Value::Bytes { hex } if is(hex))
}

#[cfg(test)]
mod tests {
    use asyncore_spec::wait::{Timeout, WaitCall};
    use rstest::rstest;

    use super::*;

    fn called(call: SocketCall, reply: Reply) -> What {
        What::Socket { on: "c".parse().expect("a name"), call, arg: None, reply }
    }

    fn raised(call: SocketCall, errno: Errno) -> What {
        called(call, Reply::Raised { exception: Exception::os(errno) })
    }

    fn waited(errno: Errno) -> What {
        let told = Told::Raised { exception: Exception::os(errno) };
        What::Wait { call: WaitCall::Select, timeout: Timeout::seconds(0), asked: Vec::new(), told }
    }

    fn connected(gave: &str) -> What {
        called(SocketCall::Connect, Reply::Value { value: Value::bytes(gave) })
    }

    fn found(what: What, transport: Transport) -> Option<String> {
        spent(&[Event { depth: 0, what }], transport)
    }

    #[rstest]
    #[case::accepting(raised(SocketCall::Accept, Errno::EMFILE), "`c.socket.accept` gave EMFILE")]
    #[case::waiting(waited(Errno::EMFILE), "`select` gave EMFILE")]
    #[case::sending(raised(SocketCall::Send, Errno::ENOBUFS), "`c.socket.send` gave ENOBUFS")]
    #[case::binding(raised(SocketCall::Bind, Errno::EADDRINUSE), "`c.socket.bind` gave EADDRINUSE")]
    #[case::connecting(connected("EADDRNOTAVAIL"), "`c.socket.connect` gave EADDRNOTAVAIL")]
    fn what_there_was_no_room_for_is_named(#[case] what: What, #[case] expected: &str) {
        let reason = found(what, Transport::Tcp4).expect("it is found");
        assert_eq!(reason, format!("the system has run out of room for it: {expected}"));
    }

    #[rstest]
    #[case::refused(connected("ECONNREFUSED"))]
    #[case::reset(raised(SocketCall::Recv, Errno::ECONNRESET))]
    #[case::interrupted(waited(Errno::EINTR))]
    #[case::two_that_listen(raised(SocketCall::Listen, Errno::EADDRINUSE))]
    fn anything_else_is_for_the_judge(#[case] what: What) {
        assert_eq!(found(what, Transport::Tcp4), None);
    }

    #[test]
    fn a_path_that_is_taken_is_no_port() {
        assert_eq!(found(raised(SocketCall::Bind, Errno::EADDRINUSE), Transport::Unix), None);
    }

    #[test]
    fn a_number_without_a_name_is_known() {
        let number = rustix::io::Errno::ADDRNOTAVAIL.raw_os_error().to_string();
        assert!(found(connected(&number), Transport::Tcp4).is_some());
    }
}
