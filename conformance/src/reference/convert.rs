//! Turns the spec's values into the reference's, and back.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use asyncore_reference::{Address, Exception as Raised, Flags as Asks, Terminator};
use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::value::Value;
use asyncore_spec::wait::Conditions;

/// The class of the exceptions that a scenario itself raises.
const SCRIPTED: &str = "Scripted";

/// Where the peers of scripted sockets are.
pub(super) const PEER: Address = Address::Ip(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9));

/// What scripted sockets are bound to.
pub(super) const LOCAL: Address = Address::Ip(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8));

macro_rules! numbers {
    ($($name:ident)*) => {
        /// Gives the system's number of an error.
        pub(super) fn number(errno: Errno) -> i32 {
            match errno { $(Errno::$name => libc::$name),* }
        }

        /// Names an error by its number.
        pub(super) fn errno(number: i32) -> Option<Errno> {
            Some(match number { $(libc::$name => Errno::$name,)* _ => return None })
        }
    };
}

numbers! {
    EAGAIN EALREADY EINPROGRESS EINTR ECONNRESET ENOTCONN ESHUTDOWN ECONNABORTED EPIPE EBADF EIO ENOBUFS ETIMEDOUT
    EHOSTUNREACH ECONNREFUSED EINVAL EISCONN EADDRINUSE EACCES EMFILE ENOENT
    ENETDOWN ENETUNREACH ENETRESET EHOSTDOWN EPROTO ENFILE ENOMEM EPERM
}

pub(super) fn os(errno: Errno) -> Raised {
    Raised::Os(number(errno))
}

pub(super) fn raised(exception: &Exception) -> Raised {
    match exception {
        Exception::Exit => Raised::ExitNow,
        Exception::Interrupt => Raised::Interrupt,
        Exception::Os { errno, .. } => os(*errno),
        Exception::Other { .. } => Raised::other(SCRIPTED, "raised by the scenario"),
    }
}

pub(super) fn exception(raised: &Raised) -> Exception {
    match raised {
        Raised::ExitNow => Exception::Exit,
        Raised::Interrupt => Exception::Interrupt,
        Raised::Os(number) | Raised::File(number) => match errno(*number) {
            Some(errno) => Exception::os(errno),
            None => Exception::class("OSError"),
        },
        Raised::Other(_) if raised.class() == SCRIPTED => Exception::scripted(),
        Raised::Other(_) => Exception::class(raised.class()),
    }
}

/// Gives the terminator that a value means; only values that mean something outside Python arrive here.
pub(super) fn terminator(value: &Value) -> Terminator {
    match value {
        Value::Int { value } => Terminator::Count(*value),
        Value::Bytes { hex } => Terminator::from(&hex.0[..]),
        _ => Terminator::None,
    }
}

pub(super) fn value(terminator: &Terminator) -> Value {
    match terminator {
        Terminator::None => Value::None,
        Terminator::Count(count) => Value::int(*count),
        Terminator::Bytes(bytes) => Value::bytes(&**bytes),
    }
}

/// Gives a number of bytes.
pub(super) fn whole(number: usize) -> Value {
    Value::int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Gives an error number that a socket gave in place of raising it: its name, or none for 0.
pub(super) fn error_number(number: i32) -> Value {
    match number {
        0 => Value::None,
        _ => Value::bytes(errno(number).map_or_else(|| number.to_string(), |errno| errno.name().to_owned())),
    }
}

const CONDITIONS: [(Asks, Conditions); 6] = [
    (Asks::IN, Conditions::READ),
    (Asks::OUT, Conditions::WRITE),
    (Asks::PRI, Conditions::EXCEPT),
    (Asks::ERR, Conditions::ERROR),
    (Asks::HUP, Conditions::HANGUP),
    (Asks::NVAL, Conditions::INVALID),
];

/// Gives the letters for flags.
pub(super) fn conditions(flags: Asks) -> Conditions {
    let found = CONDITIONS.iter().filter(|(flag, _)| flags.any(*flag));
    found.fold(Conditions::NONE, |all, (_, condition)| all.or(*condition))
}

/// Gives the flags for letters.
pub(super) fn flags(conditions: Conditions) -> Asks {
    let found = CONDITIONS.iter().filter(|(_, condition)| conditions.has(*condition));
    found.fold(Asks::NONE, |all, (flag, _)| all | *flag)
}
