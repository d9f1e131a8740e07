//! Finds the word that somebody probably meant.

use asyncore_spec::clause::{Clause, clauses};

/// Finds the known word nearest to one that is not known. Capitals and small letters count as the same.
///
/// Nothing is suggested where more than a third of the word would have to change: a wrong guess costs more than none.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count().div_ceil(3);
    let (found, distance) = closest(word, known)?;
    (distance <= limit).then_some(found)
}

/// Finds the clause whose name is nearest to a word; there always is one.
#[must_use]
pub fn nearest_clause(word: &str) -> Option<&'static str> {
    closest(word, standing().map(|clause| clause.id.as_str())).map(|(found, _)| found)
}

/// Gives the clauses that are not withdrawn.
pub fn standing() -> impl Iterator<Item = &'static Clause> {
    clauses().iter().filter(|clause| !clause.withdrawn)
}

/// Gives the areas, each once, in the order of the spec.
#[must_use]
pub fn areas() -> Vec<&'static str> {
    let mut areas: Vec<_> = standing().map(|clause| clause.id.area()).collect();
    areas.dedup();
    areas
}

fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, usize)> {
    let word = word.to_lowercase();
    let measured = known.into_iter().map(|known| (known, strsim::damerau_levenshtein(&word, &known.to_lowercase())));
    measured.min_by_key(|(_, distance)| *distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_corrected_and_a_stranger_is_not() {
        assert_eq!(nearest("refrence", ["reference", "python"]), Some("reference"));
        assert_eq!(nearest("zebra", ["reference", "python"]), None);
    }

    #[test]
    fn capitals_do_not_count() {
        assert_eq!(nearest_clause("input_7"), Some("INPUT-7"));
    }
}
