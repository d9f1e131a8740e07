//! `find_prefix_at_end` against its definition.

use asyncore_reference::find_prefix_at_end;
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case::empty_needle("abc", "", -1)]
#[case::nothing_at_all("", "", -1)]
#[case::empty_haystack("", "ab", 0)]
#[case::one_byte("a", "a", 0)]
#[case::complete_match("qwerty\r\n", "\r\n", 0)]
#[case::one_of_two("qwerty\r", "\r\n", 1)]
#[case::none("qwertydkjf", "\r\n", 0)]
#[case::whole_haystack("ab", "abab", 2)]
#[case::overlapping("xaba", "abab", 3)]
#[case::self_overlapping("aaa", "aaa", 2)]
fn table(#[case] haystack: &str, #[case] needle: &str, #[case] expected: isize) {
    assert_eq!(find_prefix_at_end(haystack.as_bytes(), needle.as_bytes()), expected);
}

fn by_definition(haystack: &[u8], needle: &[u8]) -> isize {
    if needle.is_empty() {
        return -1;
    }
    (1..needle.len()).rev().find(|&n| haystack.ends_with(&needle[..n])).unwrap_or(0).cast_signed()
}

/// Few letters and many repetitions, so that prefixes overlap and candidates fail late.
fn text(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let unit = prop::collection::vec(b'a'..=b'c', 0..8);
    (unit.clone(), 0..most, unit).prop_map(|(unit, times, end)| [unit.repeat(times), end].concat())
}

proptest! {
    #[test]
    fn is_the_longest_proper_prefix(haystack in text(40), needle in text(40)) {
        prop_assert_eq!(find_prefix_at_end(&haystack, &needle), by_definition(&haystack, &needle));
    }

    #[test]
    fn finds_a_planted_prefix(haystack in text(5), needle in text(40), cut: prop::sample::Index) {
        prop_assume!(!needle.is_empty());
        let haystack = [&haystack[..], &needle[..cut.index(needle.len())]].concat();
        prop_assert_eq!(find_prefix_at_end(&haystack, &needle), by_definition(&haystack, &needle));
    }
}
