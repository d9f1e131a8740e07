//! Clauses: the numbered obligations of the spec.
//!
//! The text is the source: a clause lives under one heading of `clauses/<area>.md`, with the examples that run. This
//! module reads those files; nothing else in the crate repeats what they say. What a clause consists of, line by line:
//!
//! ```text
//! ### INPUT-3 · MUST · portable — a terminator split across reads is still a terminator
//! profiles: py25 py27 py311 · python: all · spec: 0.1 · needs: chat · view: stream
//!
//! The obligation. `Source:` begins the paragraph that says where it comes from; `*Erratum.*` begins one that says
//! what a manual printed instead.
//!
//! (a fence `scenario`, or `scenario py27 py311` for an example that belongs to some of the profiles only)
//! ```
//!
//! A clause that is withdrawn leaves its heading behind, `### INPUT-3 · withdrawn — why`, and its number is never used
//! again.

mod blocks;
mod header;
mod parse;

use std::fmt;
use std::sync::LazyLock;

use crate::clause_id::ClauseId;
use crate::feature::Feature;
use crate::profile::{Profile, Release, Releases};
use crate::scenario::Scenario;
use crate::trace::Event;
use crate::view::View;

pub use parse::parse_area;

/// Says how much weight a clause has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Level {
    /// A manual says so, or dependent programs rely on it.
    Must,
    /// CPython does it and ports should, but nothing known depends on it.
    Should,
    /// CPython does it, but it is an accident, or upstream declined to change it.
    Quirk,
    /// Real implementations legitimately differ.
    Unspecified,
}

impl Level {
    /// Every level, the heaviest first.
    pub const ALL: &'static [Self] = &[Self::Must, Self::Should, Self::Quirk, Self::Unspecified];

    /// Says whether a clause of this level has to hold; strictly, all have to but those where implementations may differ.
    #[must_use]
    pub fn has_to_hold(self, strict: bool) -> bool {
        match self {
            Self::Must => true,
            Self::Should | Self::Quirk => strict,
            Self::Unspecified => false,
        }
    }

    /// Gives the level's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::Quirk => "QUIRK",
            Self::Unspecified => "UNSPECIFIED",
        }
    }

    /// Finds a level by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|level| level.name() == name)
    }
}

/// Says whether a clause must hold.
#[must_use]
pub fn is_must(id: ClauseId) -> bool {
    static MUSTS: LazyLock<std::collections::HashSet<ClauseId>> = LazyLock::new(|| {
        clauses().iter().filter(|clause| clause.level == Level::Must).map(|clause| clause.id).collect()
    });
    MUSTS.contains(&id)
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Says where a clause means anything.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Scope {
    /// In every language.
    Portable,
    /// In Python alone; such clauses leave the count of subjects in other languages.
    Python,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[Self::Portable, Self::Python];

    /// Gives the scope's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Python => "python",
        }
    }

    /// Finds a scope by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Is one numbered obligation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clause {
    /// Its permanent name.
    pub id: ClauseId,
    /// How much weight it has.
    pub level: Level,
    /// Where it means anything.
    pub scope: Scope,
    /// The obligation in one sentence; of a withdrawn clause, why it was withdrawn.
    pub title: String,
    /// The profiles it holds for, oldest first.
    pub profiles: Vec<Profile>,
    /// The releases of CPython that do what it says.
    pub python: Releases,
    /// The same as the clause writes it.
    pub python_text: String,
    /// The version of the spec that it first stood in.
    pub spec: String,
    /// The features that it cannot do without.
    pub needs: Vec<Feature>,
    /// How much of a trace it speaks of.
    pub view: View,
    /// The Markdown below its heading, without the line of fields and without the examples.
    pub text: String,
    /// Where it comes from: the paragraph that begins with `Source:`, without that word.
    pub source: Option<String>,
    /// What a manual printed instead: the paragraphs that begin with `*Erratum.*`, without that word.
    pub errata: Vec<String>,
    /// Scenarios with what they give.
    pub examples: Vec<ClauseExample>,
    /// Whether only its heading is left.
    pub withdrawn: bool,
}

/// Is a scenario in a clause, with what it gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClauseExample {
    /// The scenario.
    pub scenario: Scenario,
    /// What it gives, as far as the clause's view shows it.
    pub expected: Vec<Event>,
    /// The profiles it belongs to, oldest first.
    pub profiles: Vec<Profile>,
    /// The text of both, as it stands in the clause.
    pub text: String,
}

impl Clause {
    /// Says whether a subject is judged by this clause: one that is judged as `profile` and follows release `follows`.
    #[must_use]
    pub fn applies(&self, profile: Profile, follows: Release) -> bool {
        !self.withdrawn && self.profiles.contains(&profile) && self.python.contains(follows)
    }

    /// Gives the examples that belong to a profile.
    pub fn examples_of(&self, profile: Profile) -> impl Iterator<Item = &ClauseExample> {
        self.examples.iter().filter(move |example| example.profiles.contains(&profile))
    }
}

/// Says where the text of an area stopped being clauses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClauseError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for ClauseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, message } = self;
        write!(f, "{file}, line {line}: {message}")
    }
}

impl std::error::Error for ClauseError {}

macro_rules! areas {
    ($($file:literal),* $(,)?) => {
        /// The files of the areas, by name, with their texts; in the order in which a reader meets them.
        pub const AREAS: &[(&str, &str)] = &[$(($file, include_str!(concat!("../clauses/", $file)))),*];
    };
}

areas!(
    "prefix.md",
    "fifo.md",
    "producer.md",
    "input.md",
    "output.md",
    "event.md",
    "connect.md",
    "accept.md",
    "io.md",
    "close.md",
    "error.md",
    "map.md",
    "loop.md",
    "poll.md",
    "file.md",
    "log.md"
);

static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(|| {
    let parsed = AREAS.iter().map(|(file, text)| parse_area(file, text));
    let areas = parsed.map(|area| area.unwrap_or_else(|error| panic!("{error}")));
    areas.flatten().collect()
});

/// Gives every clause, withdrawn ones included, in order of area and number.
///
/// # Panics
///
/// When a file in `clauses/` cannot be parsed, which the spec's own tests rule out.
#[must_use]
pub fn clauses() -> &'static [Clause] {
    &CLAUSES
}

/// Finds a clause by its name.
#[must_use]
pub fn clause(id: &str) -> Option<&'static Clause> {
    clauses().iter().find(|clause| clause.id.as_str() == id)
}
