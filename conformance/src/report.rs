//! Reports: what a run found, for people and for programs.

pub mod case;
pub mod citation;
mod closing;
pub mod columns;
pub mod command;
mod disagreement;
pub mod draft;
mod failure;
mod files;
mod groups;
mod header;
pub mod issue;
pub mod json;
pub mod layout;
pub mod sentence;
pub mod style;
pub mod terminal;

use crate::outcome::{ClauseOutcome, Outcome, Status};

/// The version of the spec that this program carries.
pub const SPEC: &str = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// Is an outcome with what decides how it is read.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was found.
    pub outcome: &'a Outcome,
    /// Whether SHOULDs and QUIRKs have to hold too.
    pub strict: bool,
    /// Fewer clauses executed than this is falling short.
    pub floor: Option<usize>,
    /// The options of the command line without which `outcome.subject` is another subject.
    pub options: &'a [String],
}

impl Report<'_> {
    /// Says whether fewer clauses were executed than the deviations file demands.
    #[must_use]
    pub fn is_below_floor(&self) -> bool {
        self.floor.is_some_and(|floor| self.outcome.executed() < floor)
    }

    /// Says how the run ends.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.outcome.executed() == 0 || !self.outcome.disagreements.is_empty() {
            return Status::NotDone;
        }
        if self.is_below_floor() { Status::Short } else { self.outcome.status(self.strict) }
    }

    /// Says whether a broken clause makes the run fall short.
    fn counts(&self, clause: &ClauseOutcome) -> bool {
        clause.has_to_hold(self.strict)
    }
}
