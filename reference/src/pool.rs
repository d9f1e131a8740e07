//! Storage that the channels of a thread use in turn, so that an idle one keeps none.

use std::cell::Cell;

use crate::item::Data;

/// Storage of sent data beyond this many bytes is not kept for the next push.
const SPARE_LIMIT: usize = 4096;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static SPARE: Cell<Option<Data>> = const { Cell::new(None) };
}

/// Lends storage for one read; a read within that read gets new storage.
#[inline]
pub(crate) fn take_scratch() -> Vec<u8> {
    SCRATCH.take()
}

#[inline]
pub(crate) fn give_scratch(mut scratch: Vec<u8>) {
    scratch.clear();
    SCRATCH.set(scratch);
}

/// Copies data for the fifo, into the storage of data that has been sent if there is any.
#[inline]
pub(crate) fn copy(bytes: &[u8]) -> Data {
    let mut data = SPARE.take().unwrap_or_default();
    data.refill(bytes);
    data
}

/// Keeps the storage of data that has been sent for the next copy.
#[inline]
pub(crate) fn recycle(data: Data) {
    if data.capacity() <= SPARE_LIMIT {
        SPARE.set(Some(data));
    }
}
