//! Storage that the channels of a thread use in turn, so that an idle one keeps none.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::item::Data;

/// Storage for reading beyond this many bytes is not kept for the next read.
const ROOM: usize = 65536;
/// Storage of sent data beyond this many bytes is not kept for the next push.
const SPARE_LIMIT: usize = 4096;
/// So many of them, and one, are kept at most.
const SPARES: usize = 16;

thread_local! {
    static STORAGE: Cell<Option<Rc<Vec<u8>>>> = const { Cell::new(None) };
    static SENT: Cell<Option<Data>> = const { Cell::new(None) };
    /// What else was sent.
    static MORE: RefCell<Vec<Data>> = const { RefCell::new(Vec::new()) };
}

/// Lends empty storage, which nobody else holds, with room for a read of `max` bytes unless that is
/// very many.
///
/// A read within that read gets other storage.
#[inline]
pub(crate) fn take_storage(max: usize) -> Rc<Vec<u8>> {
    if max > ROOM {
        return Rc::default();
    }
    let storage = STORAGE.take().filter(|storage| storage.capacity() >= max);
    storage.unwrap_or_else(|| Rc::new(Vec::with_capacity(max)))
}

/// Keeps storage for the next read, unless somebody else holds it.
#[inline]
pub(crate) fn give_storage(storage: Option<Rc<Vec<u8>>>) {
    let Some(mut storage) = storage else { return };
    if storage.capacity() > ROOM {
        return;
    }
    if let Some(bytes) = Rc::get_mut(&mut storage) {
        bytes.clear();
        STORAGE.set(Some(storage));
    }
}

/// Copies data for the fifo, into the storage of data that has been sent if there is any.
#[inline]
pub(crate) fn copy(bytes: &[u8]) -> Data {
    let mut data = SENT.take().unwrap_or_else(|| MORE.with_borrow_mut(Vec::pop).unwrap_or_default());
    data.refill(bytes);
    data
}

/// Keeps the storage of data that has been sent for the next copy.
#[inline]
pub(crate) fn recycle(data: Data) {
    if data.capacity() > SPARE_LIMIT {
        return;
    }
    if let Some(earlier) = SENT.replace(Some(data)) {
        MORE.with_borrow_mut(|more| {
            if more.len() < SPARES {
                more.push(earlier);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(capacity: usize) -> Rc<Vec<u8>> {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.push(b'x');
        Rc::new(bytes)
    }

    #[test]
    fn storage_is_lent_again_where_it_has_room() {
        for (capacity, kept) in [(10, true), (ROOM, true), (ROOM + 1, false)] {
            give_storage(Some(storage(capacity)));
            let lent = take_storage(2);
            assert_eq!((lent.capacity(), lent.len()), (if kept { capacity } else { 2 }, 0));
        }
        for (max, capacity) in [(9, 10), (10, 10), (11, 11), (ROOM, ROOM), (ROOM + 1, 0)] {
            give_storage(Some(storage(10)));
            assert_eq!(take_storage(max).capacity(), capacity, "for {max} bytes");
        }
        let held = storage(10);
        drop(take_storage(1));
        give_storage(Some(Rc::clone(&held)));
        assert_eq!(take_storage(2).capacity(), 2);
        assert_eq!(*held, b"x");
    }

    fn data(capacity: usize) -> Data {
        Vec::with_capacity(capacity).into()
    }

    #[test]
    fn sent_data_lend_their_storage_to_new() {
        for (capacity, kept) in [(100, true), (SPARE_LIMIT, true), (SPARE_LIMIT + 1, false)] {
            recycle(data(capacity));
            let copied = copy(b"abc");
            assert_eq!(*copied, *b"abc");
            assert_eq!(copied.capacity() == capacity, kept, "{capacity}");
        }
    }

    #[test]
    fn few_are_kept() {
        (0..SPARES + 5).for_each(|_| recycle(data(100)));
        let kept = std::iter::repeat_with(|| copy(b"abc")).take_while(|copied| copied.capacity() == 100);
        assert_eq!(kept.count(), SPARES + 1);
    }
}
