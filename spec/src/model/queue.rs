//! What waits to be sent.

use std::collections::VecDeque;

use crate::clause_id::ClauseId;
use crate::name::Name;

/// Is one thing that waits to be sent, with the clause that says how it will be.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) item: EntryItem,
    pub(super) why: ClauseId,
}

#[derive(Debug, Clone)]
pub(super) enum EntryItem {
    Data(Vec<u8>),
    Producer(Name),
    /// The `simple_producer` that the 2.5 generation makes of pushed data.
    Pieces(Vec<u8>),
    /// The same of something that has no length.
    Broken,
    /// The request to close.
    Close,
}

impl Entry {
    pub(super) fn new(item: EntryItem, why: ClauseId) -> Self {
        Self { item, why }
    }

    pub(super) fn is_producer(&self) -> bool {
        matches!(self.item, EntryItem::Producer(_))
    }

    fn closes(&self) -> usize {
        usize::from(matches!(self.item, EntryItem::Close))
    }
}

/// Holds the entries in order, and knows how many requests to close are among them.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: VecDeque<Entry>,
    closes: usize,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Says whether a request to close is among the entries.
    pub(super) fn is_closing(&self) -> bool {
        self.closes > 0
    }

    pub(super) fn front(&self) -> Option<&Entry> {
        self.entries.front()
    }

    pub(super) fn back(&self) -> Option<&Entry> {
        self.entries.back()
    }

    /// Gives the entry behind the head.
    pub(super) fn second(&self) -> Option<&Entry> {
        self.entries.get(1)
    }

    pub(super) fn push_back(&mut self, entry: Entry) {
        self.closes += entry.closes();
        self.entries.push_back(entry);
    }

    pub(super) fn push_front(&mut self, entry: Entry) {
        self.closes += entry.closes();
        self.entries.push_front(entry);
    }

    pub(super) fn pop_front(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.closes -= entry.closes();
        Some(entry)
    }

    /// Puts another entry in the head's place, if there is a head.
    pub(super) fn replace_front(&mut self, entry: Entry) -> Option<Entry> {
        let head = self.pop_front()?;
        self.push_front(entry);
        Some(head)
    }

    /// Says why the head is queued from now on.
    pub(super) fn blame_front(&mut self, why: ClauseId) {
        if let Some(head) = self.entries.front_mut() {
            head.why = why;
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.closes = 0;
    }
}
