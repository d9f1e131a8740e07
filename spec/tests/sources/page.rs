//! Cuts asyncore's manual of 3.x, from the text of its page.

use super::sentence::sentences;

/// Gives the units of the manual, in order, each with its white space collapsed.
pub(super) fn units(manual: &str) -> Vec<String> {
    manual.lines().flat_map(sentences).collect()
}
