//! Why some changes cannot be seen.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;
use wildmatch::WildMatch;

use super::Change;
use crate::subjects::file;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    explained: Vec<Explained>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    why: String,
    /// What the changes are called, with `*` for any text and `?` for any letter.
    changes: Vec<String>,
}

/// The reasons in `mutants/explained.toml`, and which of them were needed.
pub(super) struct Explanations {
    /// The name of changes, and why they cannot be seen.
    all: Vec<(String, String)>,
    needed: RefCell<BTreeSet<usize>>,
}

impl Explanations {
    pub(super) fn read() -> Self {
        let text = std::fs::read_to_string(file("mutants/explained.toml")).expect("it is there");
        let File { explained } = toml::from_str(&text).expect("it is a list of explanations");
        let each = |Explained { why, changes }: Explained| changes.into_iter().map(move |change| (change, why.clone()));
        Self { all: explained.into_iter().flat_map(each).collect(), needed: RefCell::default() }
    }

    /// Says why a change cannot be seen, if something does.
    pub(super) fn of(&self, change: &Change) -> Option<&str> {
        let name = change.to_string();
        let fitting = self.all.iter().enumerate().filter(|(_, (pattern, _))| WildMatch::new(pattern).matches(&name));
        let fitting: Vec<_> = fitting.collect();
        self.needed.borrow_mut().extend(fitting.iter().map(|(at, _)| *at));
        fitting.first().map(|(_, (_, why))| why.as_str())
    }

    /// Gives the names that were not needed.
    pub(super) fn idle(&self) -> Vec<&str> {
        let needed = self.needed.borrow();
        let all = self.all.iter().enumerate();
        all.filter(|(at, _)| !needed.contains(at)).map(|(_, (pattern, _))| pattern.as_str()).collect()
    }
}
