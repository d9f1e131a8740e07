//! `asynchat.fifo`: first in, first out.

use std::collections::VecDeque;
use std::fmt;

use crate::exception::Exception;

/// Keeps items in the order in which they were pushed.
///
/// One item needs no storage of its own, and an empty fifo keeps none.
#[derive(Clone, PartialEq, Eq)]
pub struct Fifo<T> {
    first: Option<T>,
    /// What comes after the first.
    rest: VecDeque<T>,
}

impl<T> Default for Fifo<T> {
    fn default() -> Self {
        Self { first: None, rest: VecDeque::new() }
    }
}

impl<T> Fifo<T> {
    /// Creates an empty fifo.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an item at the end.
    #[inline]
    pub fn push(&mut self, item: T) {
        match self.first {
            None => self.first = Some(item),
            Some(_) => self.rest.push_back(item),
        }
    }

    /// Removes the oldest item and returns it; `None` when there is none.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let next = self.rest.pop_front();
        if next.is_some() && self.rest.is_empty() {
            self.rest = VecDeque::new();
        }
        std::mem::replace(&mut self.first, next)
    }

    /// Returns the oldest item.
    ///
    /// # Errors
    /// `IndexError` when the fifo is empty.
    pub fn first(&self) -> Result<&T, Exception> {
        self.peek().ok_or_else(index_error)
    }

    /// Tells whether there is no item.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(&self.rest)
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<&T> {
        self.first.as_ref()
    }

    pub(crate) fn push_front(&mut self, item: T) {
        if let Some(second) = self.first.replace(item) {
            self.rest.push_front(second);
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Fifo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Copies the items of a list, which stays as it is.
impl<T: Clone> From<&[T]> for Fifo<T> {
    fn from(list: &[T]) -> Self {
        let mut items = list.iter().cloned();
        Self { first: items.next(), rest: items.collect() }
    }
}

/// What an item asked for by its place is when there is none.
#[cold]
pub(crate) fn index_error() -> Exception {
    Exception::other("IndexError", "deque index out of range")
}
