//! The fifo against the standard library's queue.

use std::collections::VecDeque;

use asyncore_reference::{Exception, Fifo};
use proptest::prelude::*;

proptest! {
    #[test]
    fn behaves_as_a_queue(start: Vec<u8>, ops: Vec<Option<u8>>) {
        let mut fifo = Fifo::from(start.as_slice());
        let mut queue = VecDeque::from(start.clone());
        for op in ops {
            match op {
                Some(item) => {
                    fifo.push(item);
                    queue.push_back(item);
                }
                None => prop_assert_eq!(fifo.pop(), queue.pop_front()),
            }
            prop_assert_eq!(fifo.len(), queue.len());
            prop_assert_eq!(fifo.is_empty(), queue.is_empty());
            prop_assert_eq!(fifo.first().ok(), queue.front());
        }
    }
}

#[test]
fn the_first_of_nothing_is_an_error() {
    let error = Fifo::<u8>::new().first().copied().map_err(|error| Exception::class(&error));
    assert_eq!(error, Err("IndexError"));
}

#[test]
fn the_given_list_stays_as_it_is() {
    let list = [1, 2];
    let mut fifo = Fifo::from(list.as_slice());
    fifo.push(3);
    assert_eq!(fifo.pop(), Some(1));
    assert_eq!(list, [1, 2]);
}
