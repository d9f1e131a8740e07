//! Producers: sources of output that are asked for a piece at a time.

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::exception::Exception;

/// Gives data to send, a piece each time it is asked.
///
/// `more` takes `&self` because it may call its own channel back, which may ask it again.
pub trait Producer {
    /// Returns the next piece; an empty one says that there will be no more.
    ///
    /// # Errors
    /// Anything; the producer then stays in the queue and the exception goes to the caller.
    fn more(&self) -> Result<Vec<u8>, Exception>;
}

/// Cuts a piece of data into pieces of at most a given number of bytes.
pub struct SimpleProducer {
    data: RefCell<Vec<u8>>,
    taken: Cell<usize>,
    buffer_size: usize,
}

impl SimpleProducer {
    /// The size of a piece when none is given, in bytes.
    pub const BUFFER_SIZE: usize = 512;

    /// Creates a producer of pieces of [`SimpleProducer::BUFFER_SIZE`] bytes.
    pub fn new(data: impl Into<Vec<u8>>) -> Self {
        Self::with_buffer_size(data, Self::BUFFER_SIZE)
    }

    /// Creates a producer of pieces of `buffer_size` bytes.
    ///
    /// With a size of 0 the first piece is empty, and so the producer looks exhausted.
    pub fn with_buffer_size(data: impl Into<Vec<u8>>, buffer_size: usize) -> Self {
        Self { data: RefCell::new(data.into()), taken: Cell::new(0), buffer_size }
    }
}

impl Producer for SimpleProducer {
    fn more(&self) -> Result<Vec<u8>, Exception> {
        let from = self.taken.get();
        let rest = self.data.borrow().len() - from;
        if rest > self.buffer_size {
            self.taken.set(from + self.buffer_size);
            return Ok(self.data.borrow()[from..from + self.buffer_size].to_vec());
        }
        self.taken.set(0);
        let mut last = self.data.take();
        last.drain(..from);
        Ok(last)
    }
}

impl fmt::Debug for SimpleProducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimpleProducer")
            .field("left", &(self.data.borrow().len() - self.taken.get()))
            .field("buffer_size", &self.buffer_size)
            .finish()
    }
}
