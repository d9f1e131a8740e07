//! Waits: what a pass of the loop asks for, and what it is told.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::exception::{Errno, Exception};
use crate::name::Name;

/// Is a set of conditions of one channel, written as letters.
///
/// `r` there is something to read, `w` there is room to write, `x` an exceptional condition or urgent data; and, which
/// only poll reports, unasked: `e` an error, `h` a hang-up, `n` an invalid descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub struct Conditions(u8);

impl Conditions {
    /// Holds nothing.
    pub const NONE: Self = Self(0);
    /// There is something to read.
    pub const READ: Self = Self(1);
    /// There is room to write.
    pub const WRITE: Self = Self(2);
    /// There is an exceptional condition or urgent data.
    pub const EXCEPT: Self = Self(4);
    /// There is an error.
    pub const ERROR: Self = Self(8);
    /// The connection is hung up.
    pub const HANGUP: Self = Self(16);
    /// The descriptor is invalid.
    pub const INVALID: Self = Self(32);
    /// What a wait can be asked for.
    pub const ASKABLE: Self = Self(7);
    /// What poll reports unasked.
    pub const UNASKED: Self = Self(56);

    const LETTERS: [char; 6] = ['r', 'w', 'x', 'e', 'h', 'n'];

    /// Makes a set from the lowest six bits of a number.
    #[must_use]
    pub const fn of_bits(bits: u8) -> Self {
        Self(bits & 63)
    }

    /// Says whether nothing is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Says whether the sets have something in common.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Gives what is in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Gives what is in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Reads letters.
    #[must_use]
    pub fn by_letters(letters: &str) -> Option<Self> {
        let mut conditions = Self::NONE;
        for letter in letters.chars() {
            let at = Self::LETTERS.iter().position(|l| *l == letter)?;
            conditions = conditions.or(Self(1 << at));
        }
        (!conditions.is_empty()).then_some(conditions)
    }
}

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let mut letters = Self::LETTERS.iter().enumerate().filter(|(at, _)| self.0 & (1 << at) != 0);
        letters.try_for_each(|(_, letter)| f.write_char(*letter))
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Conditions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let letters = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::by_letters(&letters).ok_or_else(|| serde::de::Error::custom("expected some of the letters rwxehn"))
    }
}

impl JsonSchema for Conditions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Conditions".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^r?w?x?e?h?n?$",
            "minLength": 1,
            "description": "r readable, w writable, x exceptional or urgent, e error, h hang-up, n invalid"
        })
    }
}

/// Is a channel with some conditions: those a wait is asked for, or those it reports.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// The channel.
    pub name: Name,
    /// The conditions.
    pub conditions: Conditions,
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.conditions)
    }
}

/// Is what the scenario lets a wait tell. It reports no more than it was asked for, but for what poll reports unasked.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    /// Some channels are ready.
    Ready {
        /// Which, and for what.
        ready: Vec<Ready>,
    },
    /// The wait fails.
    Fail {
        /// With which error.
        errno: Errno,
    },
}

impl Default for Report {
    fn default() -> Self {
        Self::Ready { ready: Vec::new() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fail { errno } => write!(f, " fails {errno}"),
            Self::Ready { ready } => ready.iter().try_for_each(|item| write!(f, " {item}")),
        }
    }
}

/// Is how long a wait lasts at most.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Timeout {
    /// So long.
    Micros {
        /// The time in microseconds.
        value: i64,
    },
    /// For ever: Python's `None`.
    Never,
}

impl Timeout {
    /// Is so many seconds.
    #[must_use]
    pub const fn seconds(seconds: i64) -> Self {
        Self::Micros { value: seconds * 1_000_000 }
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("none"),
            Self::Micros { value } if value % 1_000_000 == 0 => write!(f, "{}s", value / 1_000_000),
            Self::Micros { value } if value % 1000 == 0 => write!(f, "{}ms", value / 1000),
            Self::Micros { value } => write!(f, "{value}us"),
        }
    }
}

/// Is the call with which a pass waits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitCall {
    /// `select`.
    Select,
    /// `poll`.
    Poll,
    /// `sleep`: there was nothing to select.
    Sleep,
}

impl WaitCall {
    /// Every call.
    pub const ALL: &'static [Self] = &[Self::Select, Self::Poll, Self::Sleep];

    /// Gives the call's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Poll => "poll",
            Self::Sleep => "sleep",
        }
    }
}

/// Is what a wait told.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Told {
    /// These channels were ready, in the order of what was asked for.
    Ready {
        /// Which, and for what.
        ready: Vec<Ready>,
    },
    /// The wait raised.
    Raised {
        /// What it raised.
        exception: Exception,
    },
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready { ready } if ready.is_empty() => f.write_str("none"),
            Self::Ready { ready } => {
                for (at, item) in ready.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { " " })?;
                }
                Ok(())
            }
            Self::Raised { exception } => write!(f, "{exception}"),
        }
    }
}
