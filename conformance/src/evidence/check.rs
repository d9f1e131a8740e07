//! Holds the clauses and the evidence against each other.

use asyncore_spec::clause::{Clause, Level};
use asyncore_spec::profile::Release;

use super::{COMMAND, Evidence};
use crate::digest::of_clause;

/// Says what is wrong between clauses and evidence, in one sentence each.
#[must_use]
pub fn check(clauses: &[Clause], evidence: &[Evidence]) -> Vec<String> {
    let entries = evidence.iter().flat_map(|one| entries(clauses, one));
    let standing = clauses.iter().filter(|clause| !clause.withdrawn);
    let claims = standing.flat_map(|clause| range(clause, evidence).into_iter().chain(obeyed(clause, evidence)));
    entries.chain(claims).collect()
}

/// Looks at what stands in one file: clauses that there are, as they are.
fn entries(clauses: &[Clause], one: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, seen) in one.held.iter().chain(&one.broken) {
        match clauses.iter().find(|clause| clause.id.as_str() == id && !clause.withdrawn) {
            None => {
                let file = &one.file;
                wrong.push(format!("{file} speaks of {id}, and there is no such clause; record again: {COMMAND}"));
            }
            Some(clause) if of_clause(clause) != seen.text => {
                wrong.push(format!("{id} was another text when {} was recorded; record again: {COMMAND}", one.file));
            }
            Some(_) => {}
        }
    }
    wrong
}

/// Looks at the field `python:` of a clause: where a release of it was recorded, one has to obey and none may depart.
fn range(clause: &Clause, evidence: &[Evidence]) -> Option<String> {
    let inside = |one: &&Evidence| {
        let follows = one.follows.parse::<Release>().is_ok_and(|release| clause.python.contains(release));
        let judged = clause.profiles.iter().any(|profile| profile.name() == one.profile);
        follows && judged && one.implementation.starts_with("CPython")
    };
    let recorded: Vec<_> = evidence.iter().filter(inside).collect();
    let Clause { id, python_text, .. } = clause;
    if let Some(other) = recorded.iter().find(|one| one.broken.contains_key(id.as_str())) {
        let Evidence { implementation, release, .. } = other;
        return Some(format!("{id} is to hold for {python_text}, and {implementation} {release} does not obey it"));
    }
    let idle = !recorded.is_empty() && !recorded.iter().any(|one| one.held.contains_key(id.as_str()));
    idle.then(|| format!("{id} is to hold for {python_text}, and no release recorded of that was seen to obey it"))
}

/// A MUST that nobody obeys is none.
fn obeyed(clause: &Clause, evidence: &[Evidence]) -> Option<String> {
    let seen = evidence.iter().any(|one| one.held.contains_key(clause.id.as_str()));
    (clause.level == Level::Must && !seen)
        .then(|| format!("{} is a MUST, and no real implementation was seen to obey it", clause.id))
}
