//! The simple producer.

use asyncore_reference::{Producer, SimpleProducer};
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case::exact_multiple("abcdefgh", 4, &["abcd", "efgh", "", ""])]
#[case::remainder("abcde", 4, &["abcd", "e", ""])]
#[case::short("ab", 4, &["ab", ""])]
#[case::nothing("", 4, &["", ""])]
#[case::no_size("ab", 0, &["", ""])]
fn pieces(#[case] data: &str, #[case] size: usize, #[case] expected: &[&str]) {
    let producer = SimpleProducer::with_buffer_size(data, size);
    for piece in expected {
        assert_eq!(producer.more(), Ok(piece.as_bytes().to_vec()));
    }
}

#[test]
fn a_piece_has_512_bytes_by_default() {
    let producer = SimpleProducer::new(vec![b'a'; 600]);
    let sizes = [(); 3].map(|()| producer.more().expect("data").len());
    assert_eq!(sizes, [512, 88, 0]);
}

proptest! {
    #[test]
    fn the_pieces_are_the_data(data: Vec<u8>, size in 1..40_usize) {
        let producer = SimpleProducer::with_buffer_size(data.clone(), size);
        let pieces = || Some(producer.more().expect("data")).filter(|piece| !piece.is_empty());
        let pieces: Vec<_> = std::iter::from_fn(pieces).collect();
        prop_assert!(pieces.iter().all(|piece| piece.len() <= size));
        prop_assert_eq!(pieces.concat(), data);
    }
}
