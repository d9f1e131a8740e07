//! Says in a few words who was seen to obey a clause.

use std::fmt;

use asyncore_spec::clause::Clause;
use asyncore_spec::profile::Release;

use super::Evidence;

/// How many releases in a row are told by the first and the last of them.
const MANY: usize = 3;

/// Says who was seen to obey a clause, and who not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Who obeys it; empty if nobody was seen to.
    pub seen: String,
    /// Who does not; empty if nobody was seen not to.
    pub not: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.seen.is_empty(), self.not.is_empty()) {
            (true, true) => f.write_str("nobody yet"),
            (true, false) => write!(f, "nobody yet; not in {}", self.not),
            (false, true) => f.write_str(&self.seen),
            (false, false) => write!(f, "{}; not in {}", self.seen, self.not),
        }
    }
}

/// Tells what the evidence says of a clause.
#[must_use]
pub fn told(evidence: &[Evidence], clause: &Clause) -> Told {
    let list = |is: &dyn Fn(&Evidence) -> bool| {
        let mut names: Vec<&str> = Vec::new();
        for one in evidence.iter().filter(|one| is(one)) {
            if !names.contains(&one.implementation.as_str()) {
                names.push(&one.implementation);
            }
        }
        let told = names.iter().map(|name| format!("{name} {}", releases(evidence, name, is)));
        told.collect::<Vec<_>>().join("; ")
    };
    Told { seen: list(&|one| one.holds(clause)), not: list(&|one| one.breaks(clause)) }
}

/// Lists the releases of an implementation; many in a row, with none between them left out, by the first and the last.
fn releases(evidence: &[Evidence], implementation: &str, is: &dyn Fn(&Evidence) -> bool) -> String {
    let mut all: Vec<&Evidence> = evidence.iter().filter(|one| one.implementation == implementation).collect();
    all.sort_by_key(|one| order(&one.release));
    let together = |one: &&Evidence, next: &&Evidence| is(one) == is(next) && major(one) == major(next);
    let runs = all.chunk_by(together).filter(|run| is(run[0]));
    let told = runs.map(|run| match run {
        [first, .., last] if run.len() >= MANY => format!("{} … {}", first.release, last.release),
        few => few.iter().map(|one| one.release.as_str()).collect::<Vec<_>>().join(", "),
    });
    told.collect::<Vec<_>>().join(", ")
}

fn order(release: &str) -> (Option<Release>, String) {
    (release.parse().ok(), release.to_owned())
}

fn major(one: &Evidence) -> &str {
    one.release.split('.').next().unwrap_or_default()
}
