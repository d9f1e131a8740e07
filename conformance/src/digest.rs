//! Digests: short numbers by which a text is known again.
//!
//! They show that something was changed by accident or by hand. Nobody is kept from forging one.

use std::fmt;

use asyncore_spec::clause::{AREAS, Clause};
use serde::{Deserialize, Serialize};

/// Is the digest of what was added to it: FNV-1a with 64 bits, the same on every machine and in every release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Gives the digest of some texts; where one ends and the next begins counts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut digest = Self::default();
        for text in texts {
            digest.add(text.as_bytes());
            digest.add(&[0]);
        }
        digest
    }

    /// Adds some bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = Some(&text[..]).filter(|text| text.len() == 16);
        let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        number.map(Self).ok_or_else(|| serde::de::Error::custom("a digest has 16 hexadecimal digits"))
    }
}

/// Gives the digest of the spec: of every clause as it is written, and of this program's version.
#[must_use]
pub fn of_spec() -> Digest {
    let areas = AREAS.iter().flat_map(|(file, text)| [*file, *text]);
    Digest::of(areas.chain([env!("CARGO_PKG_VERSION")]))
}

/// Gives the digest of what a clause demands: its title, its text and its examples.
#[must_use]
pub fn of_clause(clause: &Clause) -> Digest {
    let examples = clause.examples.iter().map(|example| &example.text[..]);
    Digest::of([clause.id.as_str(), &clause.title, &clause.text].into_iter().chain(examples))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        let mut digest = Digest::default();
        assert_eq!(digest.to_string(), "cbf29ce484222325");
        digest.add(b"foobar");
        assert_eq!(digest.to_string(), "85944171f73967e8");
    }

    #[test]
    fn where_a_text_ends_counts() {
        assert_ne!(Digest::of(["ab", "c"]), Digest::of(["a", "bc"]));
    }
}
