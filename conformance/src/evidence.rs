//! Evidence: which clauses real implementations were seen to obey, and which not.
//!
//! `spec/evidence/` has one file for each implementation and release. `run --evidence` writes them, and nobody else: each
//! holds a digest of itself. Each clause stands there with the digest of what it demanded then; what it demands now and
//! what was seen of another text are two things.

mod check;
mod file;
mod told;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use asyncore_spec::clause::Clause;

use crate::digest::{Digest, of_clause};
use crate::outcome::{Outcome, Verdict};
use crate::subject::Identity;

pub use check::check;
pub use told::{Told, told};

/// The command that records all evidence again.
pub const COMMAND: &str = ".ci/record";

/// Is what was seen of one implementation in one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The name of the file.
    pub file: String,
    /// The implementation.
    pub implementation: String,
    /// The implementation's own release.
    pub release: String,
    /// The release of CPython that it was held to.
    pub follows: String,
    /// The profile under which it was judged.
    pub profile: String,
    /// The version of the spec.
    pub spec: String,
    /// The clauses that held whenever they were exercised.
    pub held: BTreeMap<String, Seen>,
    /// The clauses that were broken.
    pub broken: BTreeMap<String, Seen>,
}

/// Says what a clause demanded, and how often it was exercised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The digest of the clause.
    pub text: Digest,
    /// How many times it was seen to hold or not to hold.
    pub times: u64,
}

/// Says why a file is no evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceError {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the evidence `spec/evidence/{}` {}", self.file, self.message)
    }
}

impl std::error::Error for EvidenceError {}

macro_rules! recorded {
    ($($file:literal)*) => {
        /// The files, by name, with their texts.
        pub const FILES: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../spec/evidence/", $file)))),*];
    };
}

recorded! {
    "cpython-2.7.18.toml"
    "cpython-3.6.15.toml"
    "cpython-3.7.16.toml"
    "cpython-3.8.18.toml"
    "cpython-3.9.18.toml"
    "cpython-3.10.13.toml"
    "cpython-3.11.7.toml"
    "cpython-test.support-3.12.1.toml"
    "cpython-test.support-3.13.0.toml"
    "supervisor-3.3.5.toml"
    "supervisor-4.3.0.toml"
}

/// Gives all evidence.
///
/// # Errors
///
/// When a file is not as it was written.
pub fn all() -> Result<&'static [Evidence], EvidenceError> {
    static ALL: LazyLock<Result<Vec<Evidence>, EvidenceError>> =
        LazyLock::new(|| FILES.iter().map(|(file, text)| Evidence::parse(file, text)).collect());
    ALL.as_deref().map_err(Clone::clone)
}

impl Evidence {
    /// Takes the evidence out of what a run found, before any deviation is excused.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let implementation = implementation(&outcome.identity);
        let release = outcome.identity.version.clone();
        let mut evidence = Self {
            file: file_name(&implementation, &release),
            implementation,
            release,
            follows: outcome.follows.to_string(),
            profile: outcome.profile.to_string(),
            spec: crate::report::SPEC.to_owned(),
            held: BTreeMap::new(),
            broken: BTreeMap::new(),
        };
        for found in &outcome.clauses {
            let list = match found.verdict {
                Verdict::Pass => &mut evidence.held,
                Verdict::Fail => &mut evidence.broken,
                _ => continue,
            };
            list.insert(found.clause.id.to_string(), Seen { text: of_clause(found.clause), times: found.checks });
        }
        evidence
    }

    /// Says whether a clause held as it stands now.
    #[must_use]
    pub fn holds(&self, clause: &Clause) -> bool {
        is_of(&self.held, clause)
    }

    /// Says whether a clause was broken as it stands now.
    #[must_use]
    pub fn breaks(&self, clause: &Clause) -> bool {
        is_of(&self.broken, clause)
    }
}

fn is_of(list: &BTreeMap<String, Seen>, clause: &Clause) -> bool {
    list.get(clause.id.as_str()).is_some_and(|seen| seen.text == of_clause(clause))
}

/// Names an implementation: the interpreter whose own modules they are, or the package that they come from.
fn implementation(identity: &Identity) -> String {
    let name = identity.name.as_str();
    let own = name.strip_suffix(" asyncore").or_else(|| name.strip_suffix(" asynchat"));
    if let Some(interpreter) = own {
        return interpreter.trim_end_matches(',').to_owned();
    }
    if name.starts_with("test.support.") {
        // Later releases keep the modules for their own tests.
        return "CPython test.support".to_owned();
    }
    let first = name.split(", ").next().unwrap_or(name);
    let package = first.split_once('.').filter(|_| !first.contains(' '));
    package.map_or(first, |(package, _)| package).to_owned()
}

fn file_name(implementation: &str, release: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' };
    let name: String = implementation.chars().chain(['-']).chain(release.chars()).map(plain).collect();
    format!("{name}.toml")
}
