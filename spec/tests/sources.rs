//! Every sentence, table row, signature and line of code of the manuals is accounted for.

#[path = "sources/account.rs"]
mod account;
#[path = "sources/manual.rs"]
mod manual;

use account::{ACCOUNTS, Entry, entries};
use asyncore_spec::clause::clauses;

fn all() -> impl Iterator<Item = (&'static str, Entry)> {
    ACCOUNTS.iter().flat_map(|(file, text)| {
        let entries = entries(text).unwrap_or_else(|error| panic!("{file}, {error}"));
        entries.into_iter().map(move |entry| (*file, entry))
    })
}

#[test]
fn every_unit_is_numbered_once_and_in_order() {
    for (file, text) in ACCOUNTS {
        let numbers: Vec<_> =
            entries(text).unwrap_or_else(|error| panic!("{file}, {error}")).iter().map(|e| e.unit).collect();
        assert!(!numbers.is_empty(), "{file} accounts for nothing");
        assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{file}");
    }
}

#[test]
fn every_unit_has_clauses_or_a_reason_why_not() {
    for (file, Entry { unit, clauses, errata, prose, .. }) in all() {
        let carried = !clauses.is_empty() || !errata.is_empty();
        match prose {
            None => assert!(carried, "{file}, unit {unit}: nothing accounts for it"),
            Some(reason) => {
                assert!(!carried, "{file}, unit {unit}: it is prose or it is not");
                assert!(reason.split_whitespace().count() > 1, "{file}, unit {unit}: prose has a reason");
            }
        }
    }
}

#[test]
fn an_erratum_is_one_in_the_clause_too() {
    for (file, Entry { unit, errata, .. }) in all() {
        for clause in errata {
            assert!(!clause.errata.is_empty(), "{file}, unit {unit}: {} has no erratum", clause.id);
        }
    }
}

#[test]
fn every_erratum_in_a_clause_is_accounted_for() {
    let named: Vec<_> = all().flat_map(|(_, entry)| entry.errata).map(|clause| clause.id).collect();
    let missing: Vec<_> =
        clauses().iter().filter(|c| !c.errata.is_empty() && !named.contains(&c.id)).map(|c| c.id).collect();
    assert!(missing.is_empty(), "no unit of a manual has an erratum in {missing:?}");
}

/// Compares the accounting with the manual itself, where the variable names a file that holds it.
#[test]
fn the_hashes_are_those_of_the_manual() {
    let Some(path) = std::env::var_os("ASYNCHAT_MANUAL") else {
        eprintln!("ASYNCHAT_MANUAL names no file: the manual is not compared");
        return;
    };
    let manual = std::fs::read_to_string(&path).expect("ASYNCHAT_MANUAL names a readable file");
    let hashes: Vec<_> = manual::units(&manual).iter().map(|unit| manual::hash(unit)).collect();
    let accounted: Vec<_> = entries(ACCOUNTS[0].1).expect("the file parses").iter().map(|entry| entry.hash).collect();
    let first = hashes.iter().zip(&accounted).position(|(a, b)| a != b).map(|at| at + 1);
    assert_eq!((hashes.len(), first), (accounted.len(), None), "the number of units, and the first that differs");
}

#[test]
fn the_manual_is_cut_as_the_file_says() {
    let manual = "dir: x\n\\section{A \\b{c}} One (\\emph{i.e.} two). Three.\n\\begin{d}{e}{f} Four.  \\g{Five} \\end{d} \
                  \\begin{verbatim} class A(b, c): def d(self): self.e = self.f(1) if self.g: # note self.h() \\end{verbatim}";
    let expected = [
        "\\section{A \\b{c}}",
        "One (\\emph{i.e.} two).",
        "Three.",
        "\\begin{d}{e}{f}",
        "Four.",
        "\\g{Five}",
        "class A(b, c):",
        "def d(self):",
        "self.e = self.f(1)",
        "if self.g:",
        "# note",
        "self.h()",
    ];
    assert_eq!(manual::units(manual), expected);
    assert_eq!(manual::hash(""), 0x811c_9dc5);
    assert_eq!(manual::hash("a"), 0xe40c_292c);
}
