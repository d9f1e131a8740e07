//! How a clause is cited.

use asyncore_spec::clause::Clause;

use super::SPEC;

/// Gives one line that names a clause, the version of the spec, and where its text is.
#[must_use]
pub fn citation(clause: &Clause) -> String {
    let Clause { id, title, .. } = clause;
    let level = if clause.withdrawn { "withdrawn" } else { clause.level.name() };
    format!("asyncore-conformance spec {SPEC}, {id} ({level}): {title} [{}]", path(clause))
}

/// Gives the file that holds the text of a clause.
#[must_use]
pub fn path(clause: &Clause) -> String {
    format!("spec/clauses/{}.md", clause.id.area().to_ascii_lowercase())
}
