//! `find_prefix_at_end`, by its definition.

use super::machine::id;
use crate::clause_id::ClauseId;
use crate::value::Value;

/// Gives the length of the longest proper prefix of `needle` at the end of `haystack`.
pub(super) fn longest(haystack: &[u8], needle: &[u8]) -> usize {
    (1..needle.len()).rev().find(|&length| haystack.ends_with(&needle[..length])).unwrap_or(0)
}

/// Gives the result and the clause that demands it, for strings of one type.
pub(super) fn find(haystack: &Value, needle: &Value) -> Option<(i64, ClauseId)> {
    let (haystack, needle, text) = match (haystack, needle) {
        (Value::Bytes { hex: haystack }, Value::Bytes { hex: needle }) => (&haystack.0[..], &needle.0[..], false),
        (Value::Text { value: haystack }, Value::Text { value: needle })
            if haystack.is_ascii() && needle.is_ascii() =>
        {
            (haystack.as_bytes(), needle.as_bytes(), true)
        }
        _ => return None,
    };
    if needle.is_empty() {
        return Some((-1, id("PREFIX-5")));
    }
    let length = longest(haystack, needle);
    let clause = if text {
        id("PREFIX-6")
    } else if haystack.ends_with(needle) {
        id("PREFIX-3")
    } else if length > 0 {
        id("PREFIX-1")
    } else if needle.iter().any(|byte| b".*+?[(\\^$|".contains(byte)) {
        id("PREFIX-4")
    } else {
        id("PREFIX-2")
    };
    Some((i64::try_from(length).unwrap_or(i64::MAX), clause))
}
