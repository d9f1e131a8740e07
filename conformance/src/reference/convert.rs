//! Turns the spec's values into the reference's, and back.

use asyncore_reference::{Exception as Raised, Terminator};
use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::value::Value;

/// The class of the exceptions that a scenario itself raises.
const SCRIPTED: &str = "Scripted";

const NUMBERS: &[(Errno, i32)] = &[
    (Errno::EAGAIN, libc::EAGAIN),
    (Errno::EALREADY, libc::EALREADY),
    (Errno::EINPROGRESS, libc::EINPROGRESS),
    (Errno::EINTR, libc::EINTR),
    (Errno::ECONNRESET, libc::ECONNRESET),
    (Errno::ENOTCONN, libc::ENOTCONN),
    (Errno::ESHUTDOWN, libc::ESHUTDOWN),
    (Errno::ECONNABORTED, libc::ECONNABORTED),
    (Errno::EPIPE, libc::EPIPE),
    (Errno::EBADF, libc::EBADF),
    (Errno::EIO, libc::EIO),
    (Errno::ENOBUFS, libc::ENOBUFS),
    (Errno::ETIMEDOUT, libc::ETIMEDOUT),
    (Errno::EHOSTUNREACH, libc::EHOSTUNREACH),
];

pub(super) fn number(errno: Errno) -> i32 {
    NUMBERS.iter().find(|(name, _)| *name == errno).map_or(0, |(_, number)| *number)
}

pub(super) fn os(errno: Errno) -> Raised {
    Raised::Os(number(errno))
}

pub(super) fn raised(exception: &Exception) -> Raised {
    match exception {
        Exception::Exit => Raised::ExitNow,
        Exception::Interrupt => Raised::Interrupt,
        Exception::Os { errno } => os(*errno),
        Exception::Other { .. } => Raised::other(SCRIPTED, "raised by the scenario"),
    }
}

pub(super) fn exception(raised: &Raised) -> Exception {
    match raised {
        Raised::ExitNow => Exception::Exit,
        Raised::Interrupt => Exception::Interrupt,
        Raised::Os(number) => match NUMBERS.iter().find(|(_, other)| other == number) {
            Some((errno, _)) => Exception::Os { errno: *errno },
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
