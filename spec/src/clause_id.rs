//! The names of clauses.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Names a clause, as `INPUT-7`. A name is permanent: it is never renumbered and never used again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ClauseId(&'static str);

impl ClauseId {
    /// Names a clause. That the clause exists is checked by the spec's own tests.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// Gives the name as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Gives the area: the part before the number.
    #[must_use]
    pub fn area(self) -> &'static str {
        self.0.split_once('-').map_or(self.0, |(area, _)| area)
    }

    /// Gives the number within the area.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.split_once('-').and_then(|(_, number)| number.parse().ok()).unwrap_or(0)
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
