//! What a pass asks, and which handlers an event becomes.
//!
//! Pure: flags and truth values in, flags and handlers out.

use crate::channel::Channel;
use crate::exception::Exception;
use crate::flags::Flags;
use crate::profile::Dispatch;

/// Which of Python's two ways to wait is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Discipline {
    Select,
    Poll,
}

/// Returns the lists that a channel is put into: that of exceptions with either of the others,
/// and also when the channel would write and is not let.
#[inline]
pub(crate) fn select_asks(readable: bool, writable: bool, writer: bool) -> Flags {
    Flags::IN.when(readable) | Flags::OUT.when(writer) | Flags::PRI.when(readable || writable)
}

/// Returns what a poll object is asked of a channel.
#[inline]
pub(crate) fn poll_asks(readable: bool, writer: bool, extra: Flags) -> Flags {
    let flags = (Flags::IN | Flags::PRI).when(readable) | Flags::OUT.when(writer);
    flags | extra.when(!flags.is_empty())
}

/// A method that `readwrite` calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handler {
    Read,
    Write,
    Expt,
    Close,
}

impl Handler {
    #[inline]
    pub(crate) fn call(self, channel: &dyn Channel) -> Result<(), Exception> {
        match self {
            Self::Read => channel.handle_read_event(),
            Self::Write => channel.handle_write_event(),
            Self::Expt => channel.handle_expt_event(),
            Self::Close => channel.handle_close(),
        }
    }
}

/// Returns the handlers for what is reported of a descriptor, in their order.
pub(crate) fn handlers(dispatch: Dispatch, flags: Flags) -> [Option<Handler>; 4] {
    let on = |any, handler| flags.any(any).then_some(handler);
    match dispatch {
        Dispatch::Py25 => [
            on(Flags::IN | Flags::PRI, Handler::Read),
            on(Flags::OUT, Handler::Write),
            on(Flags::TROUBLE, Handler::Expt),
            None,
        ],
        Dispatch::Py26 => [
            on(Flags::IN, Handler::Read),
            on(Flags::OUT, Handler::Write),
            on(Flags::PRI, Handler::Expt),
            on(Flags::TROUBLE, Handler::Close),
        ],
    }
}

/// Tells whether an exception leaves the loop.
#[inline]
pub(crate) fn leaves(dispatch: Dispatch, exception: &Exception) -> bool {
    match exception {
        Exception::ExitNow => true,
        Exception::Interrupt => dispatch == Dispatch::Py26,
        _ => false,
    }
}

/// Cuts seconds to milliseconds, as `int(timeout*1000)` does.
///
/// # Errors
/// `ValueError` for what is no number, `OverflowError` for what is too large.
pub(crate) fn milliseconds(seconds: f64) -> Result<i64, Exception> {
    let milliseconds = (seconds * 1000.0).trunc();
    if milliseconds.is_nan() {
        return Err(Exception::other("ValueError", "cannot convert float NaN to integer"));
    }
    if milliseconds > f64::from(i32::MAX) {
        return Err(Exception::other("OverflowError", "timeout is too large"));
    }
    // What is less than the least number is as negative as that.
    Ok(milliseconds as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dispatch: Dispatch, flags: Flags) -> String {
        let called = handlers(dispatch, flags);
        called.into_iter().flatten().map(|handler| format!("{handler:?} ")).collect()
    }

    #[test]
    fn every_set_of_flags_has_its_handlers() {
        let all = Flags::IN | Flags::OUT | Flags::PRI | Flags::TROUBLE;
        assert_eq!(names(Dispatch::Py25, all), "Read Write Expt ");
        assert_eq!(names(Dispatch::Py26, all), "Read Write Expt Close ");
        assert_eq!(names(Dispatch::Py25, Flags::PRI), "Read ");
        assert_eq!(names(Dispatch::Py26, Flags::PRI), "Expt ");
        for flag in [Flags::ERR, Flags::HUP, Flags::NVAL] {
            assert_eq!(names(Dispatch::Py25, flag), "Expt ");
            assert_eq!(names(Dispatch::Py26, flag), "Close ");
        }
        assert_eq!(names(Dispatch::Py26, Flags::NONE), "");
    }

    #[test]
    fn what_is_asked() {
        let asks = |readable, writable, writer| select_asks(readable, writable, writer).to_string();
        assert_eq!(asks(true, true, true), "IN|PRI|OUT");
        assert_eq!(asks(false, true, true), "PRI|OUT");
        assert_eq!(asks(false, true, false), "PRI");
        assert_eq!(asks(true, true, false), "IN|PRI");
        assert_eq!(asks(false, false, false), "0");
        let asks = |readable, writer, extra| poll_asks(readable, writer, extra).to_string();
        assert_eq!(asks(true, true, Flags::NONE), "IN|PRI|OUT");
        assert_eq!(asks(false, true, Flags::NONE), "OUT");
        assert_eq!(asks(false, true, Flags::TROUBLE), "OUT|ERR|HUP|NVAL");
        assert_eq!(asks(false, false, Flags::TROUBLE), "0");
    }

    #[test]
    fn milliseconds_are_cut() {
        let most = (2_147_483.647, i64::from(i32::MAX));
        for (seconds, expected) in [(0.0019, 1), (0.0005, 0), (30.0, 30_000), most, (-1.0, -1000), (-0.0005, 0)] {
            assert_eq!(milliseconds(seconds), Ok(expected));
        }
        assert!(milliseconds(f64::NAN).is_err_and(|error| error.is_a("ValueError")));
        assert!(milliseconds(f64::INFINITY).is_err_and(|error| error.is_a("OverflowError")));
    }
}
