//! Symbolic names of the things in a scenario: channels, producers, fifos.
//!
//! A name is a short identifier, never a descriptor, a port or a pointer, so that a scenario means the same everywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Words that begin a value or an event in the text form, and so cannot be names.
const RESERVED: &[&str] = &[
    "none",
    "ok",
    "true",
    "false",
    "text",
    "bytearray",
    "memoryview",
    "list",
    "raised",
    "waits",
    "prints",
    "map",
    "timeout",
    "count",
    "fails",
    "use_poll",
];

/// The greatest length of a name, in characters.
const LENGTH: usize = 12;

/// Is the name of a channel, producer or fifo: a lower-case identifier of at most twelve characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name([u8; LENGTH]);

impl Name {
    /// The greatest length of a name, in characters.
    pub const MAX: usize = LENGTH;

    /// Makes a name from text that is known to be one.
    ///
    /// # Panics
    ///
    /// When `text` is not a name.
    #[must_use]
    pub fn of(text: &str) -> Self {
        text.parse().expect("a name is a short lower-case identifier")
    }

    /// Gives the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|&b| b == 0).unwrap_or(Self::MAX);
        std::str::from_utf8(&self.0[..end]).expect("names are ASCII")
    }
}

/// Says that some text is not a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAName;

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a name is a lower-case identifier of at most {} characters that does not begin a value", Name::MAX)
    }
}

impl std::error::Error for NotAName {}

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let bytes = text.as_bytes();
        let fits = !bytes.is_empty()
            && bytes.len() <= Self::MAX
            && bytes[0].is_ascii_lowercase()
            && !RESERVED.contains(&text)
            && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_');
        if !fits {
            return Err(NotAName);
        }
        let mut name = [0; Self::MAX];
        name[..bytes.len()].copy_from_slice(bytes);
        Ok(Self(name))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Name {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,11}$" })
    }
}
