//! Files of the operating system: pipes, terminals, regular files.

use std::fmt;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::buffer::Buffer;
use rustix::io::{self, Errno};

use super::descriptor::{Descriptor, Handle, Read, set_nonblocking};
use crate::errno::EBADF;
use crate::exception::Exception;
use crate::socket::{Address, Socket};

/// A file of the operating system, for [`file::init`](crate::file::init).
///
/// Is closed when it is dropped. Interrupted calls are made again.
pub struct NativeFile(Handle);

impl NativeFile {
    /// Takes over an open file, such as a [`File`](std::fs::File) or one end of a pipe.
    pub fn new(file: impl Into<OwnedFd>) -> Self {
        Self(Handle::new(file))
    }

    /// Returns a duplicate of the descriptor, for what this type does not offer, such as options.
    ///
    /// As long as it is kept, the file is open, although this object may be closed.
    ///
    /// # Errors
    /// `EBADF` when the file is closed; those of the system.
    pub fn duplicate(&self) -> Result<OwnedFd, Exception> {
        self.0.duplicate()
    }
}

struct ReadFile;

impl Read for ReadFile {
    fn read<B: Buffer<u8, Output = usize>>(fd: &Descriptor, buffer: B) -> Result<usize, Errno> {
        io::read(fd, buffer)
    }
}

impl Socket for NativeFile {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        self.0.read::<ReadFile>(max, into)
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        self.0.call(|fd| io::write(fd, data))
    }

    /// Closes the file; a second time is an error, as for `os.close`.
    fn close(&self) -> Result<(), Exception> {
        match self.0.take() {
            Some(_) => Ok(()),
            None => Err(Exception::Os(EBADF)),
        }
    }

    fn connect(&self, _address: &Address) -> Result<i32, Exception> {
        Err(Exception::no_attribute("file", "connect_ex"))
    }

    fn take_error(&self) -> Result<i32, Exception> {
        Ok(0)
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Err(Exception::no_attribute("file", "getpeername"))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        self.0.call(set_nonblocking)
    }

    fn fileno(&self) -> Result<i32, Exception> {
        Ok(self.0.number())
    }

    fn dup(&self) -> Result<Rc<dyn Socket>, Exception> {
        Ok(Rc::new(Self::new(self.duplicate()?)))
    }
}

impl fmt::Debug for NativeFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NativeFile").field(&self.0.number()).finish()
    }
}
