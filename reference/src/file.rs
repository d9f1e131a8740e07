//! `asyncore.file_wrapper` and `asyncore.file_dispatcher`: files, pipes and terminals in a loop.
//!
//! A file is a [`Socket`] whose `recv` and `send` read and write; `NativeFile` is one of the
//! operating system. Everything else that a file_dispatcher does is what a dispatcher does.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use crate::channel::Channel;
use crate::dispatcher;
use crate::errno::EBADF;
use crate::exception::Exception;
use crate::profile::{Files, Profile};
use crate::socket::{Address, Socket};

/// Makes a channel of a program's type around a file, as `file_dispatcher.__init__` does.
///
/// The channel is connected from the start. It gets a duplicate of the descriptor, and `file` is
/// made non-blocking, which both share; in 2.5 it gets `file` itself.
///
/// # Errors
/// Those of `dup`, of `add_channel`, and of `set_nonblocking`; after the last the channel is in
/// the map.
pub fn init<C: Channel + 'static>(channel: C, file: Rc<dyn Socket>) -> Result<Rc<C>, Exception> {
    let channel = Rc::new(channel);
    dispatcher::know_itself(&channel);
    channel.core().set_connected(true);
    let given = Rc::clone(&file);
    set_file(&*channel, file)?;
    given.set_nonblocking()?;
    Ok(channel)
}

/// Makes a file the channel's and puts the channel into its map.
///
/// # Errors
/// Those of `dup` and `add_channel`.
pub fn set_file(channel: &dyn Channel, file: Rc<dyn Socket>) -> Result<(), Exception> {
    let core = channel.core();
    let wrapper = Rc::new(FileWrapper::with_files(core.policy.files, file)?);
    core.set_fileno(Some(wrapper.fileno()?));
    core.set_socket(wrapper);
    channel.add_channel(None)
}

/// A file that looks like a connected socket without errors.
pub struct FileWrapper {
    file: Rc<dyn Socket>,
    closed: Cell<bool>,
    files: Files,
}

impl FileWrapper {
    /// Wraps a duplicate of `file`; in 2.5 `file` itself.
    ///
    /// # Errors
    /// Those of `dup`.
    pub fn new(profile: Profile, file: Rc<dyn Socket>) -> Result<Self, Exception> {
        Self::with_files(profile.policy().files, file)
    }

    fn with_files(files: Files, file: Rc<dyn Socket>) -> Result<Self, Exception> {
        let file = if files.duplicates { file.dup()? } else { file };
        Ok(Self { file, closed: Cell::new(false), files })
    }

    /// Calls the file; when it is known to be closed, raises `EBADF`.
    fn call<R>(&self, call: impl FnOnce(&dyn Socket) -> Result<R, Exception>) -> Result<R, Exception> {
        if self.closed.get() { self.told(Err(Exception::Os(EBADF))) } else { self.told(call(&*self.file)) }
    }

    /// Makes of an error what the release makes of it.
    fn told<R>(&self, result: Result<R, Exception>) -> Result<R, Exception> {
        result.map_err(|error| match error {
            Exception::Os(errno) if !self.files.errors_are_os => Exception::File(errno),
            error => error,
        })
    }
}

impl Socket for FileWrapper {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        self.call(|file| file.recv(max, into))
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        self.call(|file| file.send(data))
    }

    /// Closes the file; a second time does nothing, or in 2.5 what the file does.
    fn close(&self) -> Result<(), Exception> {
        // The file is gone even if closing it fails.
        let again = self.closed.replace(self.files.remembers_closing);
        if again { Ok(()) } else { self.told(self.file.close()) }
    }

    fn connect(&self, _address: &Address) -> Result<i32, Exception> {
        Err(Exception::no_attribute("file_wrapper", "connect_ex"))
    }

    /// Returns that there is no error; 2.5 does not ask, and has no such method.
    fn take_error(&self) -> Result<i32, Exception> {
        if self.files.duplicates { Ok(0) } else { Err(Exception::no_attribute("file_wrapper", "getsockopt")) }
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Err(Exception::no_attribute("file_wrapper", "getpeername"))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        self.call(|file| file.set_nonblocking())
    }

    /// Returns the descriptor, -1 when it is known to be closed.
    fn fileno(&self) -> Result<i32, Exception> {
        if self.closed.get() { Ok(-1) } else { self.call(|file| file.fileno()) }
    }
}

impl fmt::Debug for FileWrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileWrapper").field("closed", &self.closed).finish_non_exhaustive()
    }
}
