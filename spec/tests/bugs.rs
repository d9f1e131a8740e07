//! The chapter on bugs: it names each of them, in order, and clauses that stand.

use std::collections::BTreeSet;

use asyncore_spec::clause::{AREAS, Clause, clause};

const CHAPTER: &str = include_str!("../../docs/src/bugs.md");

/// How many bugs there are.
const BUGS: usize = 87;

/// Is one row of the table.
struct Row {
    bug: &'static str,
    mended: &'static str,
    shown: &'static str,
    before: &'static str,
}

fn rows() -> impl Iterator<Item = Row> {
    CHAPTER.lines().filter(|line| line.starts_with("| B")).map(|line| {
        let cells: Vec<_> = line.trim_start_matches("| ").trim_end_matches('|').split(" | ").map(str::trim).collect();
        let [bug, _, mended, shown, before] = cells[..] else { panic!("a row has five cells: {line}") };
        Row { bug, mended, shown, before }
    })
}

/// The names of clauses in a text; what looks like one but is of no area, such as `bpo-1736190`, is none.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let areas: BTreeSet<String> = AREAS.iter().map(|(file, _)| file.trim_end_matches(".md").to_uppercase()).collect();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(move |word| word.split_once('-').is_some_and(|(area, _)| areas.contains(area)))
}

fn standing(id: &str) -> &'static Clause {
    clause(id).filter(|clause| !clause.withdrawn).unwrap_or_else(|| panic!("there is no clause {id}"))
}

#[test]
fn every_bug_stands_in_the_table_in_order() {
    let found: Vec<_> = rows().map(|row| row.bug).collect();
    assert_eq!(found, (1..=BUGS).map(|number| format!("B{number:02}")).collect::<Vec<_>>());
    let untold: Vec<_> =
        rows().filter(|row| row.mended.is_empty() || row.shown.is_empty()).map(|row| row.bug).collect();
    assert!(untold.is_empty(), "{untold:?}: the table says where a bug was mended, and what shows it");
}

#[test]
fn every_clause_that_is_named_stands() {
    let found: BTreeSet<_> = named(CHAPTER).collect();
    assert!(!found.is_empty());
    found.into_iter().for_each(|id| _ = standing(id));
}

#[test]
fn every_bug_is_shown_by_clauses_or_said_to_be_beyond_scenarios() {
    let (_, notes) = CHAPTER.split_once("## What no scenario shows").expect("the chapter has notes");
    let (hidden, _) = notes.split_once("Some bugs are shown in part").unwrap_or((notes, ""));
    for Row { bug, shown, .. } in rows() {
        let told = hidden.contains(&format!("**{bug}**"));
        assert_eq!(shown == "—", told, "{bug}: a dash has a note, and a note a dash");
        assert!(told || named(shown).next().is_some(), "{bug}: `{shown}` names no clause");
    }
}

#[test]
fn what_was_demanded_before_holds_for_an_older_profile_than_what_shows_the_bug() {
    for Row { bug, shown, before, .. } in rows() {
        for older in named(before).map(standing) {
            let oldest = |clause: &Clause| clause.profiles.iter().min().copied();
            for newer in named(shown).map(standing).filter(|newer| newer.id != older.id) {
                assert!(oldest(older) <= oldest(newer), "{bug}: {} is older than {}", newer.id, older.id);
            }
        }
    }
}
