//! What verdicts are made of, as the runner hears it; whoever keeps all of it can judge again without the subject.

use asyncore_spec::clause::{clause, clauses};
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::generate::Family;
use asyncore_spec::scenario::Scenario;
use serde::{Deserialize, Serialize};

use crate::outcome::Origin;
use crate::real::lowered::Sighting;
use crate::real::{Performance, written};
use crate::subject::Run;

/// Is one thing that was heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Heard {
    /// What came of a scenario.
    Came {
        /// Where the scenario comes from.
        origin: Origin,
        /// The scenario as it was written.
        scenario: Scenario,
        /// What came of it.
        came: Came,
    },
    /// There is a scenario in a file.
    File {
        /// The file.
        file: String,
        /// Why the scenario is not run, if it is not.
        left: Option<String>,
    },
    /// A scenario was not run for want of something on this machine.
    Lacked {
        /// Where the scenario comes from.
        origin: Origin,
        /// What is missing.
        reason: String,
    },
    /// The smallest scenario that was found to break a clause.
    Smallest {
        /// The clause.
        clause: String,
        /// The scenario as it was written.
        scenario: Scenario,
        /// What came of it.
        came: Came,
    },
}

/// Is what came of a scenario, by the way in which it was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Came {
    /// On scripted sockets.
    Scripted(Run),
    /// On real ones; also what kept a lowered scenario from being performed.
    Performed(Performance),
    /// What was seen of a lowered scenario.
    Lowered {
        /// What it was lowered to.
        lowered: Scenario,
        /// What was seen.
        sighting: Sighting,
    },
}

/// Hears all that verdicts are made of, in order.
pub trait Tape {
    /// Hears one thing.
    fn hear(&mut self, heard: &Heard);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Untaped;

impl Tape for Untaped {
    fn hear(&mut self, _: &Heard) {}
}

impl Tape for Vec<Heard> {
    fn hear(&mut self, heard: &Heard) {
        self.push(heard.clone());
    }
}

/// Is an origin as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    Example(String),
    File(String),
    Generated(String),
    Written(String),
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Named::deserialize(deserializer)? {
            Named::Example(name) => Self::Example(clause_id(&name)),
            Named::File(name) => Self::File(name),
            Named::Generated(name) => Self::Generated(kept(&name, Family::ALL.iter().map(|family| family.name()))),
            Named::Written(name) => Self::Written(kept(&name, written::scenarios().map(|(name, _)| name))),
        })
    }
}

/// Gives a clause's name; one that this spec does not have is a name all the same.
pub(super) fn clause_id(name: &str) -> ClauseId {
    clause(name).map_or_else(|| ClauseId::new(kept(name, clauses().iter().map(|clause| clause.id.as_str()))), |c| c.id)
}

/// Gives a name that lives as long as the program, the known one if it is known.
fn kept(name: &str, mut known: impl Iterator<Item = &'static str>) -> &'static str {
    known.find(|other| *other == name).unwrap_or_else(|| Box::leak(name.to_owned().into_boxed_str()))
}
