//! A byte queue that can be shown to callbacks without being lent to them.

use std::ops::Deref;
use std::rc::Rc;

/// Bytes that are added at the end and dropped at the front, both in amortised constant time.
///
/// A clone is a cheap view of the bytes as they are now: a buffer that has been cloned moves to
/// new storage when it is appended to.
#[derive(Clone, Default)]
pub(crate) struct Buffer {
    /// Nothing until there is something, because most buffers of most channels stay empty.
    bytes: Option<Rc<Vec<u8>>>,
    start: usize,
}

impl Buffer {
    /// Appends `data` and leaves it empty; storage is exchanged rather than copied when it can be.
    #[inline]
    pub(crate) fn append(&mut self, data: &mut Vec<u8>) {
        if !self.is_empty() {
            self.extend(data);
        } else if let Some(bytes) = self.bytes.as_mut().and_then(Rc::get_mut) {
            std::mem::swap(bytes, data);
            self.start = 0;
        } else if !data.is_empty() {
            *self = Self::from(std::mem::take(data));
        }
        data.clear();
    }

    /// Appends what `storage` holds; returns storage that is not needed any more.
    #[inline]
    pub(crate) fn accept(&mut self, storage: Rc<Vec<u8>>) -> Option<Rc<Vec<u8>>> {
        if self.is_empty() {
            self.start = 0;
            return self.bytes.replace(storage);
        }
        self.extend(&storage);
        Some(storage)
    }

    /// Returns storage that is too large for what is left, which is nothing mostly.
    #[inline]
    pub(crate) fn settle(&mut self) -> Option<Rc<Vec<u8>>> {
        if self.is_empty() {
            self.start = 0;
            return self.bytes.take();
        }
        let capacity = self.bytes.as_ref().map_or(0, |bytes| bytes.capacity());
        if capacity > KEPT && capacity / 2 >= self.len() { self.shrink() } else { None }
    }

    #[cold]
    fn shrink(&mut self) -> Option<Rc<Vec<u8>>> {
        let left = Rc::new(self.to_vec());
        self.start = 0;
        self.bytes.replace(left)
    }

    /// Appends a copy of `data`.
    pub(crate) fn extend(&mut self, data: &[u8]) {
        let live = self.len();
        let Some(bytes) = self.bytes.as_mut().and_then(Rc::get_mut) else {
            *self = [self, data].concat().into();
            return;
        };
        if bytes.capacity() - bytes.len() < data.len() && self.start >= live {
            bytes.drain(..self.start);
            self.start = 0;
        }
        bytes.extend_from_slice(data);
    }

    /// Returns the bytes, which are copied only if some were dropped or somebody else holds them.
    pub(crate) fn into_vec(self) -> Vec<u8> {
        match self.bytes {
            Some(bytes) if self.start == 0 => Rc::unwrap_or_clone(bytes),
            _ => self.to_vec(),
        }
    }

    /// Drops at most `n` bytes from the front.
    #[inline]
    pub(crate) fn drop_front(&mut self, n: usize) {
        self.start += n.min(self.len());
    }

    /// Drops everything.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.start = self.stored().len();
    }

    /// Returns everything that is stored, what was dropped included.
    #[inline]
    fn stored(&self) -> &[u8] {
        self.bytes.as_ref().map_or(&[], |bytes| bytes)
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.stored().len() - self.start
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.stored().len() == self.start
    }
}

/// Storage of so many bytes is not worth moving what is in it.
const KEPT: usize = 8192;

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: Some(Rc::new(bytes)), start: 0 }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.stored()[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a buffer of `len` bytes in storage with room for `capacity`.
    fn buffer(capacity: usize, len: usize) -> Buffer {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.resize(len, b'x');
        bytes.into()
    }

    #[test]
    fn storage_that_is_too_large_is_given_back() {
        for (capacity, len, given) in [
            (100, 0, true),
            (KEPT, 0, true),
            (KEPT, 100, false),
            (KEPT + 2, 100, true),
            (10_000, 5_000, true),
            (10_000, 5_001, false),
        ] {
            let mut buffer = buffer(capacity, len);
            let stored = buffer.stored().as_ptr();
            let settled = buffer.settle();
            assert_eq!(settled.map(|storage| storage.as_ptr()), given.then_some(stored), "{len} in {capacity}");
            assert_eq!(*buffer, vec![b'x'; len]);
        }
        assert!(Buffer::default().settle().is_none());
    }

    #[test]
    fn room_is_made_where_there_is_none_and_little_to_move() {
        for (dropped, more, start) in [(8, 10, 0), (8, 6, 8), (4, 10, 4), (5, 12, 0)] {
            let mut buffer = buffer(16, 10);
            buffer.drop_front(dropped);
            buffer.extend(&vec![b'y'; more]);
            assert_eq!(buffer.start, start, "{dropped} dropped, {more} more");
            assert_eq!(*buffer, [vec![b'x'; 10 - dropped], vec![b'y'; more]].concat());
        }
    }

    #[test]
    fn bytes_are_copied_only_where_some_were_dropped() {
        let whole = buffer(10, 10);
        let stored = whole.stored().as_ptr();
        let bytes = whole.into_vec();
        assert_eq!(bytes.as_ptr(), stored);
        let mut dropped = Buffer::from(b"abc".to_vec());
        dropped.drop_front(1);
        assert_eq!(dropped.into_vec(), b"bc");
    }
}
