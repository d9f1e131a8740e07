//! Pipe ends that can be given up from another thread.
//!
//! A pipe ends when everybody who has its other end has closed it. A child's descendant that escaped may never do that,
//! and a thread that waits for it could never be joined. So the ends here wait for a second thing besides: that the
//! [`Hold`] on them is dropped. Where the operating system has no way to wait for two things (Windows), they cannot be
//! given up.

use std::io::{self, Read, Write};

#[cfg(unix)]
use std::os::fd::AsFd as Handle;
#[cfg(windows)]
use std::os::windows::io::AsHandle as Handle;

/// Keeps the pipe ends made with it usable; dropping it gives them up.
#[derive(Debug)]
pub(super) struct Hold {
    #[cfg(unix)]
    _held: io::PipeWriter,
    watch: Watch,
}

/// Sees that the hold was dropped.
#[derive(Clone, Debug)]
struct Watch {
    #[cfg(unix)]
    dropped: std::sync::Arc<io::PipeReader>,
}

/// Is a pipe end that ends early when it is given up.
#[derive(Debug)]
pub(super) struct End<P> {
    pipe: P,
    watch: Watch,
}

impl Hold {
    pub(super) fn new() -> io::Result<Self> {
        #[cfg(unix)]
        {
            let (reader, writer) = io::pipe()?;
            Ok(Self { _held: writer, watch: Watch { dropped: std::sync::Arc::new(reader) } })
        }
        #[cfg(not(unix))]
        Ok(Self { watch: Watch {} })
    }

    /// Makes an end to read from.
    pub(super) fn reader<P: Read + Handle>(&self, pipe: P) -> End<P> {
        End { pipe, watch: self.watch.clone() }
    }

    /// Makes an end to write to.
    pub(super) fn writer<P: Write + Handle>(&self, pipe: P) -> io::Result<End<P>> {
        #[cfg(unix)]
        {
            // Only this end: the child's is another open file.
            let flags = rustix::fs::fcntl_getfl(&pipe)?;
            rustix::fs::fcntl_setfl(&pipe, flags | rustix::fs::OFlags::NONBLOCK)?;
        }
        Ok(End { pipe, watch: self.watch.clone() })
    }
}

impl Watch {
    /// Waits until a pipe can be read or written; says whether it is still held.
    #[cfg(unix)]
    fn ready(&self, pipe: &impl Handle, to: rustix::event::PollFlags) -> io::Result<bool> {
        use rustix::event::{PollFd, PollFlags, poll};

        let mut both = [PollFd::new(pipe, to), PollFd::new(&*self.dropped, PollFlags::IN)];
        rustix::io::retry_on_intr(|| poll(&mut both, None))?;
        Ok(both[1].revents().is_empty())
    }
}

impl<P: Read + Handle> Read for End<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        if !self.watch.ready(&self.pipe, rustix::event::PollFlags::IN)? {
            return Ok(0);
        }
        self.pipe.read(buffer)
    }
}

impl<P: Write + Handle> Write for End<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(unix)]
        loop {
            if !self.watch.ready(&self.pipe, rustix::event::PollFlags::OUT)? {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            match self.pipe.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
        }
        #[cfg(not(unix))]
        self.pipe.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pipe.flush()
    }
}
