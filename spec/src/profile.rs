//! Releases and profiles.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Is one release whose behaviour a subject follows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// CPython 2.5.6.
    Py25,
    /// CPython 2.7.18.
    Py27,
    /// CPython 3.11.
    Py311,
}

impl Profile {
    /// Every profile, oldest first.
    pub const ALL: &'static [Self] = &[Self::Py25, Self::Py27, Self::Py311];

    /// Gives the profile's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Py25 => "py25",
            Self::Py27 => "py27",
            Self::Py311 => "py311",
        }
    }

    /// Gives the release that the profile stands for.
    #[must_use]
    pub fn release(self) -> Release {
        match self {
            Self::Py25 => Release([2, 5, 6]),
            Self::Py27 => Release([2, 7, 18]),
            Self::Py311 => Release([3, 11, 0]),
        }
    }

    /// Finds the profile by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|profile| profile.name() == name)
    }

    /// Chooses the profile nearest to a release.
    #[must_use]
    pub fn nearest(release: Release) -> Self {
        match release.0 {
            [0..=1, ..] | [2, 0..=5, _] => Self::Py25,
            [2, ..] => Self::Py27,
            _ => Self::Py311,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Is a release of CPython: major, minor, micro.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Release(pub [u16; 3]);

impl FromStr for Release {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = [0; 3];
        for (count, part) in text.split('.').enumerate() {
            let number = part.parse().ok().filter(|_| count < 3);
            parts[count.min(2)] =
                number.ok_or_else(|| format!("`{text}` is no release, such as `3.11` or `2.7.18`"))?;
        }
        Ok(Self(parts))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, micro] = self.0;
        if micro == 0 { write!(f, "{major}.{minor}") } else { write!(f, "{major}.{minor}.{micro}") }
    }
}

/// Is a set of releases, as a clause's `python:` field gives it: `2.6–`, `–3.5`, `2.7.9–2.7.18, 3.4.2–`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Releases(Vec<(Option<Release>, Option<Release>)>);

impl Releases {
    /// Says whether a release is in the set. An upper end without a micro number includes every micro release.
    #[must_use]
    pub fn contains(&self, release: Release) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|(from, to)| {
                let reaches = |to: &Release| if to.0[2] == 0 { release.0[..2] <= to.0[..2] } else { release <= *to };
                from.is_none_or(|from| from <= release) && to.as_ref().is_none_or(reaches)
            })
    }
}

impl FromStr for Releases {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let end = |text: &str| -> Result<Option<Release>, String> {
            let text = text.trim();
            if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
        };
        let ranges = text.split(',').map(|range| match range.split_once('–') {
            Some((from, to)) => Ok((end(from)?, end(to)?)),
            None => Err(format!("`{}` is no range of releases, such as `2.6–` or `2.7.9–2.7.18`", range.trim())),
        });
        ranges.collect::<Result<_, _>>().map(Self)
    }
}
