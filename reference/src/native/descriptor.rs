//! A descriptor that the pollers of its thread learn of when it is closed.

use std::cell::{Cell, RefCell};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::rc::Weak;

use rustix::buffer::{Buffer, spare_capacity};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, fcntl_dupfd_cloexec, retry_on_intr};

use super::poller::Poller;
use crate::errno::EBADF;
use crate::exception::Exception;

/// An open descriptor, which is closed when it is dropped.
pub(super) struct Descriptor(OwnedFd);

thread_local! {
    static POLLERS: RefCell<Vec<Weak<Poller>>> = const { RefCell::new(Vec::new()) };
}

/// Tells `poller` of every descriptor that this thread will close.
pub(super) fn inform(poller: Weak<Poller>) {
    POLLERS.with_borrow_mut(|pollers| {
        pollers.retain(|poller| poller.strong_count() > 0);
        pollers.push(poller);
    });
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        let fd = self.0.as_raw_fd();
        // A thread that ends has no pollers any more.
        let _ = POLLERS.try_with(|pollers| {
            for poller in pollers.borrow().iter().filter_map(Weak::upgrade) {
                poller.forget(fd);
            }
        });
    }
}

/// Tells this thread's pollers that all data of a descriptor have been read.
#[inline]
pub(super) fn emptied(fd: i32) {
    POLLERS.with_borrow(|pollers| {
        for poller in pollers.iter().filter_map(Weak::upgrade) {
            poller.emptied(fd);
        }
    });
}

/// A way to read.
pub(super) trait Read {
    /// Reads into a buffer once and returns how many bytes came.
    fn read<B: Buffer<u8, Output = usize>>(fd: &Descriptor, buffer: B) -> Result<usize, Errno>;
}

/// What a socket or a file has: a descriptor until it is closed.
pub(super) struct Handle(RefCell<Option<Descriptor>>);

impl Handle {
    pub(super) fn new(fd: impl Into<OwnedFd>) -> Self {
        Self(RefCell::new(Some(Descriptor(fd.into()))))
    }

    /// Returns a duplicate of the descriptor.
    pub(super) fn duplicate(&self) -> Result<OwnedFd, Exception> {
        self.call(|fd| fcntl_dupfd_cloexec(fd, 0))
    }

    /// Takes the descriptor away, which is closed when that is dropped.
    pub(super) fn take(&self) -> Option<Descriptor> {
        self.0.take()
    }

    /// Returns the number of the descriptor, -1 when it is closed.
    pub(super) fn number(&self) -> i32 {
        self.0.borrow().as_ref().map_or(-1, |descriptor| descriptor.0.as_raw_fd())
    }

    /// Makes a call, and again as long as a signal interrupts it; nobody else runs during it.
    #[inline]
    pub(super) fn call<R>(&self, mut call: impl FnMut(&Descriptor) -> Result<R, Errno>) -> Result<R, Exception> {
        match &*self.0.borrow() {
            Some(descriptor) => Ok(retry_on_intr(|| call(descriptor))?),
            None => Err(Exception::Os(EBADF)),
        }
    }

    /// Appends to `into` at most `max` bytes that `read` reads.
    ///
    /// They are not copied if `into` has room for so many and no more.
    #[inline]
    pub(super) fn read<R: Read>(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        if max > 0 && into.capacity() - into.len() == max {
            return self.call(|fd| R::read(fd, spare_capacity(into)));
        }
        let mut scratch = SCRATCH.take();
        if scratch.len() < max {
            scratch.resize(max, 0);
        }
        let result = self.call(|fd| R::read(fd, &mut scratch[..max]));
        if let Ok(count) = result {
            into.extend_from_slice(&scratch[..count]);
        }
        SCRATCH.set(scratch);
        result
    }
}

/// Makes every call on the descriptor return at once; what else shares its file is changed as well.
pub(super) fn set_nonblocking(descriptor: &Descriptor) -> Result<(), Errno> {
    fcntl_setfl(descriptor, fcntl_getfl(descriptor)? | OFlags::NONBLOCK)
}

thread_local! {
    /// Room for one read, which all channels of a thread share.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl From<Errno> for Exception {
    fn from(errno: Errno) -> Self {
        Self::Os(errno.raw_os_error())
    }
}
