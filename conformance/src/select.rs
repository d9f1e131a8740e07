//! Which clauses a run is about: those that `--filter` names, less those that `--exclude` names.

use std::collections::BTreeSet;
use std::fmt;

use asyncore_spec::clause::{Clause, clauses};
use asyncore_spec::clause_id::ClauseId;
use globset::{GlobBuilder, GlobMatcher};

use crate::suggest::{areas, nearest, nearest_clause, standing};

/// Is a set of clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(BTreeSet<ClauseId>);

impl Default for Selection {
    /// Selects every clause.
    fn default() -> Self {
        Self(standing().map(|clause| clause.id).collect())
    }
}

impl Selection {
    /// Selects the clauses whose names match one of the filters, or all if there is none, and none of the excludes.
    ///
    /// # Errors
    ///
    /// When a pattern is no glob or matches no clause, or when nothing is left.
    pub fn new(filters: &[String], excludes: &[String]) -> Result<Self, SelectError> {
        let mut selected = if filters.is_empty() { Self::default().0 } else { matching("--filter", filters)? };
        for excluded in matching("--exclude", excludes)? {
            selected.remove(&excluded);
        }
        if selected.is_empty() { Err(SelectError::Nothing) } else { Ok(Self(selected)) }
    }

    /// Selects the clauses of these names; names that are no clause's select nothing.
    #[must_use]
    pub fn of(names: &[String]) -> Self {
        Self(standing().map(|clause| clause.id).filter(|id| names.iter().any(|name| name == id.as_str())).collect())
    }

    /// Names the selected clauses.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(ToString::to_string)
    }

    /// Says whether a clause is selected.
    #[must_use]
    pub fn contains(&self, clause: ClauseId) -> bool {
        self.0.contains(&clause)
    }

    /// Counts the selected clauses.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Says whether nothing is selected, which never happens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn matching(option: &'static str, patterns: &[String]) -> Result<BTreeSet<ClauseId>, SelectError> {
    let mut all = BTreeSet::new();
    for pattern in patterns {
        let glob = glob(option, pattern)?;
        let found: Vec<_> =
            standing().filter(|clause| glob.is_match(clause.id.as_str())).map(|clause| clause.id).collect();
        if found.is_empty() {
            return Err(SelectError::no_match(option, pattern, &glob));
        }
        all.extend(found);
    }
    Ok(all)
}

fn glob(option: &'static str, pattern: &str) -> Result<GlobMatcher, SelectError> {
    let built = GlobBuilder::new(pattern).case_insensitive(true).build();
    let glob = built.map_err(|error| SelectError::NoGlob {
        option,
        pattern: pattern.to_owned(),
        why: error.kind().to_string(),
    })?;
    Ok(glob.compile_matcher())
}

/// Says why a choice of clauses is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectError {
    /// A pattern is no glob.
    NoGlob {
        /// The option that it was given to.
        option: &'static str,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// A pattern matches no clause.
    NoMatch {
        /// The option that it was given to.
        option: &'static str,
        /// The pattern.
        pattern: String,
        /// What may have been meant.
        meant: String,
    },
    /// A pattern matches a withdrawn clause only.
    Withdrawn {
        /// The option that it was given to.
        option: &'static str,
        /// The clause.
        clause: ClauseId,
        /// Why it was withdrawn.
        why: &'static str,
    },
    /// Everything that was selected is excluded.
    Nothing,
}

impl SelectError {
    fn no_match(option: &'static str, pattern: &str, glob: &GlobMatcher) -> Self {
        let mut gone = clauses().iter().filter(|clause| clause.withdrawn);
        if let Some(Clause { id, title, .. }) = gone.find(|clause| glob.is_match(clause.id.as_str())) {
            return Self::Withdrawn { option, clause: *id, why: title };
        }
        Self::NoMatch { option, pattern: pattern.to_owned(), meant: meant(pattern) }
    }
}

/// Says what a pattern without a match may have been meant as: an area, or a clause.
fn meant(pattern: &str) -> String {
    let has_number = pattern.contains(|c: char| c.is_ascii_digit());
    let area = pattern.trim_end_matches(['-', '*']);
    match nearest(area, areas()).filter(|_| !has_number) {
        Some(area) => format!("{area}-*"),
        None => nearest_clause(pattern).unwrap_or("*").to_owned(),
    }
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGlob { option, pattern, why } => {
                write!(
                    f,
                    "`{option} {pattern}` is no pattern: {why}; a pattern is a clause, or an area such as `INPUT-*`"
                )
            }
            Self::NoMatch { option, pattern, meant } => write!(
                f,
                "`{option} {pattern}` matches no clause; did you mean `{meant}`? (`asyncore-conformance list` names them all)"
            ),
            Self::Withdrawn { option, clause, why } => {
                write!(f, "`{option}` names {clause}, which was withdrawn: {why}; leave it out")
            }
            Self::Nothing => {
                f.write_str("no clause is left: `--exclude` takes away all that `--filter` selects; change one of them")
            }
        }
    }
}

impl std::error::Error for SelectError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(filters: &[&str], excludes: &[&str]) -> Result<Selection, SelectError> {
        let owned = |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>();
        Selection::new(&owned(filters), &owned(excludes))
    }

    #[test]
    fn without_patterns_all_is_selected() {
        assert_eq!(select(&[], &[]), Ok(Selection::default()));
    }

    #[test]
    fn excludes_are_taken_from_filters() {
        let selected = select(&["input-*"], &["INPUT-1*"]).expect("something is left");
        assert!(selected.contains(ClauseId::new("INPUT-2")));
        assert!(!selected.contains(ClauseId::new("INPUT-1")));
        assert!(!selected.contains(ClauseId::new("FIFO-1")));
    }

    #[test]
    fn an_area_without_its_star_is_understood() {
        let error = select(&["INPT"], &[]).expect_err("there is no such clause");
        assert!(error.to_string().contains("did you mean `INPUT-*`?"), "{error}");
    }

    #[test]
    fn nothing_left_is_an_error() {
        assert_eq!(select(&["FIFO-1"], &["FIFO-*"]), Err(SelectError::Nothing));
    }
}
