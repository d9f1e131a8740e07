//! What waits in the producer fifo.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use crate::producer::Producer;

/// One entry of the producer fifo.
///
/// Whatever it holds is one word, so that an item travels in two registers. Wider ones are copied
/// through the stack, and with them an echo takes a third longer.
#[derive(Clone)]
pub enum Item {
    /// Closes the channel when everything before it is gone (`None` in asynchat).
    Close,
    /// Is sent as it is.
    Data(Data),
    /// Is asked for data until it gives none.
    Producer(SharedProducer),
}

/// Bytes to send; a clone shares them.
#[derive(Clone, Default)]
pub struct Data(Rc<Piece>);

#[derive(Default)]
struct Piece {
    bytes: Vec<u8>,
    start: usize,
}

impl Data {
    /// Drops the first `n` bytes; what is left is copied only if somebody else holds the bytes.
    pub(crate) fn drop_front(&mut self, n: usize) {
        match Rc::get_mut(&mut self.0) {
            Some(piece) => piece.start = piece.bytes.len().min(piece.start + n),
            None => *self = self[self.len().min(n)..].to_vec().into(),
        }
    }

    /// Puts a copy of `bytes` in the place of what is here, in the same storage if nobody else
    /// holds it.
    #[inline]
    pub(crate) fn refill(&mut self, bytes: &[u8]) {
        match Rc::get_mut(&mut self.0) {
            Some(piece) => {
                piece.start = 0;
                piece.bytes.clear();
                piece.bytes.extend_from_slice(bytes);
            }
            None => *self = bytes.to_vec().into(),
        }
    }

    /// Returns how many bytes there is room for without a new allocation.
    #[inline]
    pub(crate) fn capacity(&self) -> usize {
        self.0.bytes.capacity()
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Rc::new(Piece { bytes, start: 0 }))
    }
}

impl Deref for Data {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0.bytes[self.0.start..]
    }
}

/// A producer that waits in a fifo; a clone is the same producer.
#[derive(Clone)]
pub struct SharedProducer(Rc<Rc<dyn Producer>>);

impl Deref for SharedProducer {
    type Target = dyn Producer;

    fn deref(&self) -> &Self::Target {
        &**self.0
    }
}

impl From<Vec<u8>> for Item {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Data(bytes.into())
    }
}

impl From<&[u8]> for Item {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl<P: Producer + 'static> From<Rc<P>> for Item {
    fn from(producer: Rc<P>) -> Self {
        (producer as Rc<dyn Producer>).into()
    }
}

impl From<Rc<dyn Producer>> for Item {
    fn from(producer: Rc<dyn Producer>) -> Self {
        Self::Producer(SharedProducer(Rc::new(producer)))
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escape_ascii())
    }
}

impl fmt::Debug for SharedProducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Producer")
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Close => f.write_str("Close"),
            Self::Data(data) => data.fmt(f),
            Self::Producer(producer) => producer.fmt(f),
        }
    }
}
