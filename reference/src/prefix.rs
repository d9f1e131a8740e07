//! Which prefix of a needle stands at the end of a haystack, in linear time.
//!
//! Candidates are tried longest first, by comparison. That is all most haystacks need; where
//! candidates keep failing late, the rest is done by the Knuth-Morris-Pratt automaton.

use memchr::{memchr, memrchr};

/// Up to this many bytes every candidate is compared.
const SHORT: usize = 16;

/// Longer candidates are compared only if their first bytes, this many, are right.
const GLANCE: usize = 8;

/// Returns the length of the longest proper prefix of `needle` at the end of `haystack`.
///
/// 0 when there is none; -1 for an empty needle. A complete match at the end is no proper prefix:
/// `("qwerty\r\n", "\r\n")` gives 0. The time is linear in the length of the needle.
pub fn find_prefix_at_end(haystack: &[u8], needle: &[u8]) -> isize {
    if needle.is_empty() {
        return -1;
    }
    let found = longest(haystack, needle, |tail| last_state(tail, needle, &failures(needle)));
    found.cast_signed()
}

/// Finds the longest proper prefix of `needle`, which is not empty, at the end of `haystack`.
///
/// Where comparing candidates would take too long, `slow` is asked instead: it gets the last
/// bytes of the haystack, fewer than the needle's, and must take linear time.
pub(crate) fn longest(haystack: &[u8], needle: &[u8], slow: impl FnOnce(&[u8]) -> usize) -> usize {
    let most = haystack.len().min(needle.len() - 1);
    if most <= SHORT {
        return longest_short(haystack, needle, most);
    }
    let tail = &haystack[haystack.len() - most..];
    let last = tail[most - 1];
    if memrchr(last, &needle[..most]).is_none() {
        return 0;
    }
    let Some(skipped) = memchr(needle[0], tail) else {
        return 0;
    };
    let begins = |window: &[u8]| window.first_chunk::<GLANCE>() == needle.first_chunk();
    let mut budget = 4 * most;
    for (index, window) in tail[skipped..].windows(GLANCE).enumerate() {
        let suffix = &tail[skipped + index..];
        if begins(window) && needle[suffix.len() - 1] == last {
            if needle.starts_with(suffix) {
                return suffix.len();
            }
            match budget.checked_sub(suffix.len()) {
                Some(left) => budget = left,
                None => return slow(suffix),
            }
        }
    }
    longest_short(haystack, needle, GLANCE - 1)
}

/// Compares every candidate of at most `most` bytes.
fn longest_short(haystack: &[u8], needle: &[u8], most: usize) -> usize {
    let Some(&last) = haystack.last() else {
        return 0;
    };
    let ends = |&n: &usize| needle[n - 1] == last && haystack.ends_with(&needle[..n]);
    (1..=most).rev().find(ends).unwrap_or(0)
}

/// Returns, for each length, the longest proper prefix of `needle[..length]` that ends it.
pub(crate) fn failures(needle: &[u8]) -> Box<[usize]> {
    let mut table = vec![0; needle.len() + 1];
    let mut state = 0;
    for at in 1..needle.len() {
        while state > 0 && needle[state] != needle[at] {
            state = table[state];
        }
        if needle[state] == needle[at] {
            state += 1;
        }
        table[at + 1] = state;
    }
    table.into_boxed_slice()
}

/// Moves the automaton from `state`, which must be less than the needle's length, by one byte.
#[inline]
pub(crate) fn step(mut state: usize, byte: u8, needle: &[u8], failures: &[usize]) -> usize {
    while state > 0 && needle[state] != byte {
        state = failures[state];
    }
    if needle[state] == byte { state + 1 } else { 0 }
}

/// Runs the automaton over text that is shorter than the needle, and so cannot complete it.
pub(crate) fn last_state(text: &[u8], needle: &[u8], failures: &[usize]) -> usize {
    text.iter().fold(0, |state, &byte| step(state, byte, needle, failures))
}
