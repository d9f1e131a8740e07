//! The rim: what the loop takes from its surroundings.

use std::ops::Deref;
use std::rc::Rc;

use crate::exception::Exception;
use crate::flags::Flags;
use crate::native;
use crate::socket::{Family, Kind, Socket};

/// One descriptor of a wait and what is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The descriptor.
    pub fd: i32,
    /// What is asked: for `select`, [`Flags::IN`], [`Flags::OUT`] and [`Flags::PRI`] stand for the
    /// three lists.
    pub flags: Flags,
    /// Which entry of the map it is: every insertion has a number of its own.
    pub entry: u32,
}

/// What a pass asks, in the order of the map.
///
/// A clone is the same list, and a list does not change: a pass that asks what the last one asked
/// has that very list, so that a system which keeps the last one knows it at a glance.
#[derive(Clone, Debug, Default)]
pub struct AskedList(Rc<Vec<Asked>>);

impl AskedList {
    /// Tells whether both are the same list; two lists of the same entries may be two.
    #[inline]
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Vec<Asked>> for AskedList {
    fn from(list: Vec<Asked>) -> Self {
        Self(Rc::new(list))
    }
}

impl Deref for AskedList {
    type Target = [Asked];

    #[inline]
    fn deref(&self) -> &[Asked] {
        &self.0
    }
}

/// One descriptor that a wait reports, and what of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The descriptor.
    pub fd: i32,
    /// What is reported: for `select`, the lists that it is in.
    pub flags: Flags,
}

/// What asyncore takes from Python's modules `select`, `time` and `socket`.
///
/// [`NativeSystem`](crate::NativeSystem) is the operating system; a test puts its own in the place
/// of it. A wait is given everything that is asked, in the order of the map, each time. A system
/// that keeps books may keep the list and compare with the time before: see [`AskedList`].
pub trait System {
    /// Waits as `select.select` does, at most `timeout` seconds, without one for ever.
    ///
    /// Appends to `ready` what is ready, in the order of `asked`.
    ///
    /// # Errors
    /// Whatever the system reports: `EBADF` for a descriptor that is not open, `EINTR`; what the
    /// release raises for a negative time.
    fn select(&self, asked: &AskedList, timeout: Option<f64>, ready: &mut Vec<Ready>) -> Result<(), Exception>;

    /// Waits as a poll object does, at most `timeout` milliseconds, without one or with a negative
    /// one for ever.
    ///
    /// Appends to `ready` what is ready, in the order of `asked`; [`Flags::TROUBLE`] unasked.
    ///
    /// # Errors
    /// Whatever the system reports: `EINTR`.
    fn poll(&self, asked: &AskedList, timeout: Option<i64>, ready: &mut Vec<Ready>) -> Result<(), Exception>;

    /// Sleeps as `time.sleep` does.
    ///
    /// # Errors
    /// What the release raises for a negative time.
    fn sleep(&self, seconds: f64) -> Result<(), Exception>;

    /// Creates a socket, as `socket.socket` does; that of the operating system if not overridden.
    ///
    /// # Errors
    /// Whatever the system reports.
    fn socket(&self, family: Family, kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
        native::socket(family, kind)
    }
}
