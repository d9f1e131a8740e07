//! The input buffer, and where the current terminator cuts it.
//!
//! Pure: it knows no socket and calls nobody. `input.rs` asks it what the buffer holds, makes the
//! calls, and tells it what to drop. Every byte is looked at a bounded number of times for one
//! terminator, however the input is cut into chunks.

use std::fmt;
use std::rc::Rc;

use memchr::arch::all::is_prefix;
use memchr::memchr;

use crate::buffer::Buffer;
use crate::prefix;
use crate::terminator::{Needle, Terminator};

/// What the buffer holds with regard to a terminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// There is no terminator: everything is to be collected.
    Everything,
    /// A number of bytes was asked for and not all are here: everything is to be collected.
    Part,
    /// A number of bytes was asked for and they are here.
    ///
    /// A negative number counts from the end of the buffer, as a slice does.
    Whole(i64),
    /// The terminator stands at `at` and is `len` bytes long.
    Found {
        /// How many bytes precede it.
        at: usize,
        /// How many bytes it has.
        len: usize,
    },
    /// The buffer ends in so many bytes of a terminator that may be about to come.
    ///
    /// Everything before them is to be collected; 0 when there are none.
    Held(usize),
}

/// Input that has come and has not been consumed, and how far it has been searched.
#[derive(Default)]
pub struct Framer {
    buffer: Buffer,
    /// The string that `fed` and `state` are about.
    needle: Option<Needle>,
    /// How many bytes of the buffer the search has seen without a match.
    fed: usize,
    /// The longest proper prefix of the needle that ends those bytes.
    state: usize,
}

impl Framer {
    /// Creates an empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends `data`, and empties it.
    #[inline]
    pub fn append(&mut self, data: &mut Vec<u8>) {
        self.buffer.append(data);
    }

    /// Appends what `storage` holds; returns storage that is not needed any more.
    #[inline]
    pub(crate) fn accept(&mut self, storage: Rc<Vec<u8>>) -> Option<Rc<Vec<u8>>> {
        self.buffer.accept(storage)
    }

    /// Returns storage that is too large for what is left.
    #[inline]
    pub(crate) fn settle(&mut self) -> Option<Rc<Vec<u8>>> {
        self.buffer.settle()
    }

    /// Returns what has come and has not been consumed.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Returns a view of the bytes that stays as it is whatever happens to the buffer.
    #[inline]
    pub(crate) fn view(&self) -> Buffer {
        self.buffer.clone()
    }

    /// Finds out what the buffer, which must not be empty, holds.
    // Inlined by force, and what it calls: for a line of 64 bytes calls would be a tenth of it all.
    #[inline(always)]
    pub fn cut(&mut self, terminator: &Terminator) -> Cut {
        match terminator {
            Terminator::None | Terminator::Count(0) => Cut::Everything,
            Terminator::Count(count) => match i64::try_from(self.buffer.len()) {
                Ok(len) if len < *count => Cut::Part,
                _ => Cut::Whole(*count),
            },
            Terminator::Bytes(needle) => match needle.first() {
                None => Cut::Everything,
                Some(&first) if self.holds_few_without(first) => Cut::Held(0),
                Some(_) => self.search(needle),
            },
        }
    }

    /// Drops at most `n` bytes from the front.
    #[inline]
    pub fn drop_front(&mut self, n: usize) {
        self.buffer.drop_front(n);
        // What was seen stays seen, unless the cut went through a prefix that was being followed.
        if n <= self.fed - self.state {
            self.fed -= n;
        } else {
            self.rewind();
        }
    }

    /// Drops all but at most `n` bytes at the end.
    #[inline]
    pub fn keep_back(&mut self, n: usize) {
        self.drop_front(self.buffer.len().saturating_sub(n));
    }

    /// Drops everything.
    #[inline]
    pub fn clear(&mut self) {
        self.buffer.clear();
        self.rewind();
    }

    #[inline]
    fn rewind(&mut self) {
        self.fed = 0;
        self.state = 0;
    }

    /// Tells at little cost of input that trickles in that no terminator can begin in it.
    #[inline]
    fn holds_few_without(&self, first: u8) -> bool {
        let few = self.fed == 0 && self.buffer.len() < SMALL;
        few && self.buffer.iter().all(|&byte| byte != first)
    }

    #[inline(always)]
    fn search(&mut self, needle: &Needle) -> Cut {
        if !self.needle.as_ref().is_some_and(|known| known.is(needle)) {
            self.needle = Some(needle.clone());
            self.rewind();
        }
        let needle = self.needle.as_ref().expect("just set");
        let (from, len) = (self.fed - self.state, needle.len());
        let text = &self.buffer[from..];
        let fresh = text.len() - self.state;
        let found = if fresh < SMALL || fresh < len / 2 { walk(text, self.state, needle) } else { leap(text, needle) };
        match found {
            Ok(at) => {
                self.rewind();
                Cut::Found { at: from + at, len }
            }
            Err(state) => {
                self.fed = self.buffer.len();
                self.state = state;
                Cut::Held(state)
            }
        }
    }
}

/// Fewer fresh bytes than this are cheaper to walk than to leap over.
const SMALL: usize = 8;

/// Follows the automaton byte by byte, after `known` bytes that begin the needle.
///
/// Returns where the first match begins, or else how long a prefix of the needle ends the text.
fn walk(text: &[u8], known: usize, needle: &Needle) -> Result<usize, usize> {
    let (bytes, failures) = (&**needle, needle.failures());
    let mut state = known;
    for (index, &byte) in text[known..].iter().enumerate() {
        state = prefix::step(state, byte, bytes, failures);
        if state == bytes.len() {
            return Ok(known + index + 1 - bytes.len());
        }
    }
    Err(state)
}

/// Does the same, many bytes at once.
#[inline(always)]
fn leap(text: &[u8], needle: &Needle) -> Result<usize, usize> {
    // The first place where the needle can end; mostly it does, or there is none.
    let last = needle.len() - 1;
    if let Some(at) = memchr(needle[last], text.get(last..).unwrap_or_default()) {
        if is_prefix(&text[at..], needle) {
            return Ok(at);
        }
        if let Some(further) = needle.find(&text[at + 1..]) {
            return Ok(at + 1 + further);
        }
    }
    Err(held(text, needle))
}

/// Returns how long a prefix of the needle ends the text.
fn held(text: &[u8], needle: &Needle) -> usize {
    prefix::longest(text, needle, |tail| prefix::last_state(tail, needle, needle.failures()))
}

impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Framer")
            .field("buffer", &format_args!("\"{}\"", self.buffer.escape_ascii()))
            .field("fed", &self.fed)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_that_is_not_needed_is_given_back() {
        let mut framer = Framer::new();
        framer.append(&mut b"abc".to_vec());
        assert_eq!(framer.settle(), None);
        framer.clear();
        assert_eq!(framer.settle(), Some(Rc::new(b"abc".to_vec())));
        assert_eq!(framer.settle(), None);
    }
}
