//! Values that go into a subject and come out of it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Holds bytes; in JSON they are written as hexadecimal digits, so that no byte can be lost.
#[derive(Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Makes bytes from anything that can be read as bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().to_vec())
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for &byte in &self.0 {
            match byte {
                b'"' => f.write_str("\\\"")?,
                b'\'' => f.write_str("'")?,
                _ => write!(f, "{}", std::ascii::escape_default(byte))?,
            }
        }
        f.write_str("\"")
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hex = String::with_capacity(self.0.len() * 2);
        for byte in &self.0 {
            hex.push(DIGITS[usize::from(byte >> 4)] as char);
            hex.push(DIGITS[usize::from(byte & 15)] as char);
        }
        serializer.serialize_str(&hex)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        from_hex(&hex).map(Self).ok_or_else(|| serde::de::Error::custom("expected pairs of hexadecimal digits"))
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digit = |d: u8| (d as char).to_digit(16);
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}

impl JsonSchema for Bytes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bytes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^([0-9a-fA-F]{2})*$",
            "description": "bytes, two hexadecimal digits each"
        })
    }
}

/// Is a value that a scenario gives to a subject, or that a subject gave back.
///
/// Only `None`, `Bool`, `Int`, `Bytes` and `List` mean something in every language.
/// The others are Python's; scenarios that use them need the feature `python`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Value {
    /// Nothing: Python's `None`.
    None,
    /// A truth value; what a predicate says is compared by truth.
    Bool {
        /// The truth.
        value: bool,
    },
    /// A whole number.
    Int {
        /// The number.
        value: i64,
    },
    /// A string of bytes: the data of a stream.
    Bytes {
        /// The bytes.
        hex: Bytes,
    },
    /// Several values: a list, or the pair that `fifo.pop` gives.
    List {
        /// The values, in order.
        items: Vec<Self>,
    },
    /// A float, which only Python scenarios use, as a terminator that cannot work; in tenths.
    Float {
        /// Ten times the number.
        tenths: i32,
    },
    /// Python's `bytearray`.
    Bytearray {
        /// The bytes.
        hex: Bytes,
    },
    /// Python's `memoryview` of bytes.
    Memoryview {
        /// The bytes.
        hex: Bytes,
    },
    /// Python's text: `str` on 3, `unicode` on 2.
    Text {
        /// The characters.
        value: String,
    },
}

impl Value {
    /// Makes a value of bytes.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::Bytes { hex: Bytes::of(bytes) }
    }

    /// Makes a value of a whole number.
    #[must_use]
    pub fn int(value: i64) -> Self {
        Self::Int { value }
    }

    /// Makes a truth value.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self::Bool { value }
    }

    /// Says whether only Python has such values.
    #[must_use]
    pub fn is_python_only(&self) -> bool {
        match self {
            Self::None | Self::Int { .. } | Self::Bytes { .. } => false,
            Self::List { items } => items.iter().any(Self::is_python_only),
            Self::Bool { .. }
            | Self::Float { .. }
            | Self::Bytearray { .. }
            | Self::Memoryview { .. }
            | Self::Text { .. } => true,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Bool { value } => write!(f, "{value}"),
            Self::Int { value } => write!(f, "{value}"),
            Self::Bytes { hex } => write!(f, "{hex}"),
            Self::Float { tenths } => {
                let sign = if *tenths < 0 { "-" } else { "" };
                write!(f, "{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
            }
            Self::Bytearray { hex } => write!(f, "bytearray {hex}"),
            Self::Memoryview { hex } => write!(f, "memoryview {hex}"),
            Self::Text { value } => write!(f, "text {}", Bytes::of(value)),
            Self::List { items } => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    let gap = if at == 0 { "" } else { " " };
                    write!(f, "{gap}{item}")?;
                }
                f.write_str("]")
            }
        }
    }
}
