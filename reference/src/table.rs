//! What a map holds: entries by number, in the order in which they were inserted.
//!
//! As a Python dict: a key that is there keeps its place when its value is replaced; one that was
//! removed goes to the end.

use std::collections::HashMap;

/// One entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot<'a, T> {
    pub(crate) fd: i32,
    /// Differs for every insertion and replacement.
    pub(crate) entry: u32,
    pub(crate) value: &'a T,
}

/// A table of `T` by number.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    /// `None` where something was removed.
    values: Vec<Option<T>>,
    /// The number and the entry of each value, apart because a pass mostly needs values alone.
    labels: Vec<(i32, u32)>,
    /// Where each number stands.
    places: HashMap<i32, u32>,
    next: u32,
    /// Counts the changes.
    edition: u64,
}

/// Fewer holes than this are left where they are.
const HOLES: usize = 8;

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { values: Vec::new(), labels: Vec::new(), places: HashMap::new(), next: 0, edition: 0 }
    }
}

impl<T> Table<T> {
    /// Inserts a value and returns the one that it replaces.
    pub(crate) fn insert(&mut self, fd: i32, value: T) -> Option<T> {
        self.edition += 1;
        let entry = self.next;
        self.next = self.next.wrapping_add(1);
        if let Some(&place) = self.places.get(&fd) {
            self.labels[place as usize].1 = entry;
            return self.values[place as usize].replace(value);
        }
        self.places.insert(fd, index(self.values.len()));
        self.labels.push((fd, entry));
        self.values.push(Some(value));
        None
    }

    /// Removes a value and returns it.
    pub(crate) fn remove(&mut self, fd: i32) -> Option<T> {
        let place = self.places.remove(&fd)?;
        self.edition += 1;
        let value = self.values[place as usize].take();
        let holes = self.values.len() - self.places.len();
        if holes > HOLES && holes > self.places.len() {
            self.close_holes();
        }
        value
    }

    fn close_holes(&mut self) {
        let mut values = self.values.iter();
        self.labels.retain(|_| values.next().is_some_and(Option::is_some));
        self.values.retain(Option::is_some);
        for (place, &(fd, _)) in self.labels.iter().enumerate() {
            self.places.insert(fd, index(place));
        }
    }

    #[inline]
    pub(crate) fn get(&self, fd: i32) -> Option<&T> {
        let place = *self.places.get(&fd)?;
        self.values[place as usize].as_ref()
    }

    /// Returns a number that changes with every change of the table.
    pub(crate) fn edition(&self) -> u64 {
        self.edition
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = Slot<'_, T>> {
        let labelled = self.values.iter().zip(&self.labels);
        labelled.filter_map(|(value, &(fd, entry))| value.as_ref().map(|value| Slot { fd, entry, value }))
    }

    /// Empties the table and returns what was in it; numbers of entries go on.
    pub(crate) fn clear(&mut self) -> Self {
        let (next, edition) = (self.next, self.edition + 1);
        std::mem::replace(self, Self { next, edition, ..Self::default() })
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).expect("there are fewer descriptors than that")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(table: &Table<char>) -> String {
        table.iter().map(|slot| format!("{}{} ", slot.fd, slot.value)).collect()
    }

    #[test]
    fn a_replaced_key_keeps_its_place_and_a_removed_one_goes_to_the_end() {
        let mut table = Table::default();
        for (fd, value) in [(9, 'a'), (3, 'b'), (16, 'c')] {
            assert_eq!(table.insert(fd, value), None);
        }
        assert_eq!(table.insert(3, 'd'), Some('b'));
        assert_eq!(keys(&table), "9a 3d 16c ");
        assert_eq!(table.remove(9), Some('a'));
        assert_eq!(table.remove(9), None);
        table.insert(9, 'e');
        assert_eq!(keys(&table), "3d 16c 9e ");
        assert_eq!((table.get(16), table.get(4), table.len()), (Some(&'c'), None, 3));
    }

    #[test]
    fn holes_are_closed_and_no_number_comes_twice() {
        let mut table = Table::default();
        let mut seen = std::collections::HashSet::new();
        for round in 0..100 {
            table.insert(round, 'x');
            table.insert(1000, 'y');
            assert!(table.iter().last().is_some_and(|slot| seen.insert(slot.entry)));
            table.remove(1000);
            if round > 3 {
                table.remove(round - 3);
            }
        }
        assert_eq!(keys(&table), "0x 97x 98x 99x ");
        assert!(table.values.len() < 20);
        let old = table.clear();
        assert_eq!((old.len(), table.len()), (4, 0));
        table.insert(1, 'z');
        assert!(table.iter().all(|slot| seen.insert(slot.entry)));
    }

    #[test]
    fn no_two_tables_have_the_same_edition() {
        let mut table = Table::default();
        let mut seen = std::collections::HashSet::from([table.edition()]);
        let mut is_new = |table: &Table<char>| assert!(seen.insert(table.edition()), "{}", table.edition());
        for value in ['a', 'b', 'c'] {
            for fd in [3, 4, 3] {
                table.insert(fd, value);
                is_new(&table);
            }
            table.remove(4);
            is_new(&table);
            table.clear();
            is_new(&table);
        }
        let edition = table.edition();
        assert_eq!((table.remove(9), table.edition()), (None, edition));
    }

    #[test]
    fn holes_are_closed_when_they_are_many_and_most() {
        for (inserted, removed, places) in [(16, 8, 16), (16, 9, 7), (18, 9, 18), (18, 10, 8), (100, 40, 100)] {
            let mut table = Table::default();
            (0..inserted).for_each(|fd| assert_eq!(table.insert(fd, 'x'), None));
            (0..removed).for_each(|fd| assert_eq!(table.remove(fd), Some('x')));
            assert_eq!((table.values.len(), table.labels.len()), (places, places), "{removed} of {inserted}");
            assert_eq!(table.iter().map(|slot| slot.fd).collect::<Vec<_>>(), Vec::from_iter(removed..inserted));
            assert!((removed..inserted).all(|fd| table.get(fd) == Some(&'x')));
        }
    }
}
