//! Mutants that need not be killed as others are, each with its reason.

use asyncore_spec::change::Fault;
use asyncore_spec::clause_id::ClauseId;
use serde::Deserialize;

const TEXT: &str = include_str!("../../selftest/excused.toml");

/// Is a mutant that survives, or for which another clause is blamed first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// The clause that the mutant breaks.
    pub clause: ClauseId,
    /// How.
    pub fault: Fault,
    /// Why it need not be caught, or not by this name.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    excused: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    clause: String,
    faults: Vec<String>,
    why: String,
}

impl Excuse {
    /// Gives every excuse.
    ///
    /// # Panics
    ///
    /// When the file, which is part of the program, is not what it should be.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let File { excused } = toml::from_str(TEXT).expect("the file was tested");
        let of_entry = |Entry { clause, faults, why }: Entry| {
            let clause = asyncore_spec::clause::clause(&clause).expect("the file names clauses that there are").id;
            let faults =
                faults.into_iter().map(|name| Fault::by_name(&name).expect("the file names faults that there are"));
            faults.map(|fault| Self { clause, fault, why: why.clone() }).collect::<Vec<_>>()
        };
        excused.into_iter().flat_map(of_entry).collect()
    }
}
