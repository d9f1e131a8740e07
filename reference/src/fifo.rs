//! `asynchat.fifo`: first in, first out.

use std::collections::VecDeque;

use crate::exception::Exception;

/// Keeps items in the order in which they were pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fifo<T> {
    items: VecDeque<T>,
}

impl<T> Default for Fifo<T> {
    fn default() -> Self {
        Self { items: VecDeque::new() }
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
        self.items.push_back(item);
    }

    /// Removes the oldest item and returns it; `None` when there is none.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        self.items.pop_front()
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
        self.items.is_empty()
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<&T> {
        self.items.front()
    }

    pub(crate) fn push_front(&mut self, item: T) {
        self.items.push_front(item);
    }
}

/// Copies the items of a list, which stays as it is.
impl<T: Clone> From<&[T]> for Fifo<T> {
    fn from(list: &[T]) -> Self {
        Self { items: list.iter().cloned().collect() }
    }
}

/// What an item asked for by its place is when there is none.
#[cold]
pub(crate) fn index_error() -> Exception {
    Exception::other("IndexError", "deque index out of range")
}
