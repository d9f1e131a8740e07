//! What a pass asks, compared with what the last one asked.
//!
//! Mostly it is the same, and then it is the same list. So a pass over thousands of idle channels
//! writes nothing, and whoever is asked need not compare.

use crate::flags::Flags;
use crate::system::{Asked, AskedList};
use crate::table::Table;

/// What the last pass over a map has asked.
#[derive(Default)]
pub(crate) struct Asking {
    /// The edition of the map's table that the rest is about.
    edition: Option<u64>,
    /// What each channel was asked for, which may be nothing.
    flags: Vec<Flags>,
    list: AskedList,
    /// Whether the list says what is noted in `flags`.
    listed: bool,
}

impl Asking {
    /// Begins a pass over the channels of a table of this edition.
    pub(crate) fn begin(&mut self, edition: u64) {
        if self.edition != Some(edition) {
            self.edition = Some(edition);
            self.flags.clear();
            self.listed = false;
        }
    }

    /// Notes what the channel at this place in the order of the table is asked for.
    #[inline]
    pub(crate) fn note(&mut self, place: usize, flags: Flags) {
        if self.flags.get(place) != Some(&flags) {
            self.differ(place, flags);
        }
    }

    #[cold]
    fn differ(&mut self, place: usize, flags: Flags) {
        self.listed = false;
        match self.flags.get_mut(place) {
            Some(noted) => *noted = flags,
            None => self.flags.push(flags),
        }
    }

    /// Returns the list when all channels of the table have been noted.
    pub(crate) fn finish<T>(&mut self, table: &Table<T>) -> AskedList {
        if !self.listed {
            let slots = table.iter().zip(&self.flags).filter(|(_, flags)| !flags.is_empty());
            let mut list = Vec::with_capacity(self.flags.len());
            list.extend(slots.map(|(slot, &flags)| Asked { fd: slot.fd, flags, entry: slot.entry }));
            self.list = list.into();
            self.listed = true;
        }
        self.list.clone()
    }
}
