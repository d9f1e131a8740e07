//! What ends a piece of input.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use memchr::memmem::Finder;

use crate::prefix;

/// Says where `found_terminator` is to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Terminator {
    /// Nowhere: input is collected as it comes.
    #[default]
    None,
    /// After these bytes; an empty string is as good as none.
    Bytes(Needle),
    /// After this many bytes; 0 is as good as none.
    ///
    /// Counts down as bytes come in. Signed because the count can become negative: it is
    /// reduced by what was collected even if a callback has just set a smaller one.
    Count(i64),
}

impl From<&[u8]> for Terminator {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Needle::from(bytes))
    }
}

impl From<&str> for Terminator {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl<const N: usize> From<&[u8; N]> for Terminator {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl From<i64> for Terminator {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

/// A string to look for, with what the search has prepared for it.
///
/// Clones share the preparation, so a terminator that is set again and again is best cloned.
#[derive(Clone)]
pub struct Needle(Rc<Prepared>);

struct Prepared {
    bytes: Box<[u8]>,
    finder: OnceCell<Finder<'static>>,
    failures: OnceCell<Box<[usize]>>,
}

impl Needle {
    /// Tells whether two needles look for the same bytes.
    #[inline]
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0.bytes == other.0.bytes
    }

    #[inline]
    pub(crate) fn find(&self, haystack: &[u8]) -> Option<usize> {
        let prepare = || Finder::new(&self.0.bytes).into_owned();
        self.0.finder.get_or_init(prepare).find(haystack)
    }

    #[inline]
    pub(crate) fn failures(&self) -> &[usize] {
        self.0.failures.get_or_init(|| prefix::failures(&self.0.bytes))
    }
}

impl From<&[u8]> for Needle {
    fn from(bytes: &[u8]) -> Self {
        Self(Rc::new(Prepared { bytes: bytes.into(), finder: OnceCell::new(), failures: OnceCell::new() }))
    }
}

impl Deref for Needle {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl Eq for Needle {}

impl fmt::Debug for Needle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escape_ascii())
    }
}
