//! Every sentence, table row, signature and line of code of the manuals is accounted for.

#[path = "sources/account.rs"]
mod account;
#[path = "sources/manual.rs"]
mod manual;

use std::collections::BTreeSet;
use std::path::Path;

use account::{ACCOUNTS, Entry, entries};
use asyncore_spec::clause::clauses;
use manual::{MANUALS, manual};
use rstest::rstest;

/// Programs that the accounts name and that are not written yet. Each entry is a debt.
const UNWRITTEN: &[&str] = &[];

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
    for (file, Entry { unit, clauses, errata, examples, prose, .. }) in all() {
        let carried = !clauses.is_empty() || !errata.is_empty() || !examples.is_empty();
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

#[test]
fn every_example_is_a_program_of_the_reference() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reference/examples");
    let named: BTreeSet<String> = all().flat_map(|(_, entry)| entry.examples).collect();
    let missing: Vec<_> = named.iter().filter(|name| !programs.join(format!("{name}.rs")).is_file()).collect();
    assert_eq!(missing, UNWRITTEN, "a program that is written leaves the list, and no other joins it");
}

#[test]
fn every_file_accounts_for_one_manual() {
    let accounted: Vec<_> = ACCOUNTS.iter().map(|(file, _)| *file).collect();
    assert_eq!(accounted, MANUALS.iter().map(|manual| manual.file).collect::<Vec<_>>());
    let variables: BTreeSet<_> = MANUALS.iter().map(|manual| manual.variable).collect();
    assert_eq!(variables.len(), MANUALS.len(), "each manual has a variable of its own");
}

/// Compares each accounting with the manual itself, where its variable names a file that holds it.
#[rstest]
#[case("asynchat-2.5.md")]
#[case("asyncore-2.0.md")]
#[case("asyncore-2.7.md")]
#[case("asyncore-3.x.md")]
#[case("server-notes.md")]
fn the_hashes_are_those_of_the_manual(#[case] file: &str) {
    let manual = manual(file);
    let Some(path) = std::env::var_os(manual.variable) else {
        eprintln!("{} names no file: the manual is not compared", manual.variable);
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", manual.variable));
    let hashes: Vec<_> = (manual.units)(&text).iter().map(|unit| manual::hash(unit)).collect();
    let account = ACCOUNTS.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| text);
    let accounted: Vec<_> = entries(account).expect("the file parses").iter().map(|entry| entry.hash).collect();
    let first = hashes.iter().zip(&accounted).position(|(a, b)| a != b).map(|at| at + 1);
    assert_eq!((hashes.len(), first), (accounted.len(), None), "the number of units, and the first that differs");
}

#[test]
fn the_hash_is_fnv_1a() {
    assert_eq!([manual::hash(""), manual::hash("a")], [0x811c_9dc5, 0xe40c_292c]);
}

#[rstest]
#[case::asynchat_2_5(
    "asynchat-2.5.md",
    "dir: x\n\\section{A \\b{c}} One (\\emph{i.e.} two). Three.\n\\begin{d}{e}{f} Four.  \\g{Five} \\end{d} \
     \\begin{verbatim} class A(b, c): def d(self): self.e = self.f(1) if self.g: # note self.h() \\end{verbatim}",
    &[
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
    ]
)]
#[case::asyncore_2_0(
    "asyncore-2.0.md",
    "| % lost\n| \\section{A\n|   \\b{c}}\n|\n| % a note\n| One (two. Three). ``Four?'' Five...\n| six.\n\
     | \\begin{d}{e} Seven 50% of it. \\end{d}\n| \\begin{verbatim}\n| class A:\n|\n|     b = 1. \n| \\end{verbatim}\n| Eight",
    &[
        "\\section{A \\b{c}}",
        "% a note",
        "One (two. Three).",
        "``Four?''",
        "Five... six.",
        "\\begin{d}{e}",
        "Seven 50% of it.",
        "class A:",
        "b = 1.",
        "Eight",
    ]
)]
#[case::asyncore_2_7(
    "asyncore-2.7.md",
    "lost.\n:mod:`a` --- b\n====\n\n.. class:: c()\n\n   One. Two\n   goes on.  (Three.)\n   +----+\n   | d  | Four. |\n   +----+\n   \
     Five::\n\n       e.f()\n\n         g. h\n   Six.\n",
    &[
        ":mod:`a` --- b",
        ".. class:: c()",
        "One.",
        "Two goes on.",
        "(Three.)",
        "d Four.",
        "Five::",
        "e.f()",
        "g. h",
        "Six.",
    ]
)]
#[case::asyncore_3_x(
    "asyncore-3.x.md",
    "Title\n\n  One «two.» Three (4.5. Six?) seven.\nclass a(b. c)\n",
    &["Title", "One «two.»", "Three (4.5. Six?)", "seven.", "class a(b. c)"]
)]
#[case::server_notes(
    "server-notes.md",
    "A title\n\nOne sentence that is long enough to be no title, and goes\non here. Two.\n+--+\n|a |\n+--+\nThree: four\n- item. Five\n\
     Six.\nasyncore_echo_server.py\n  a.b() # c. D\n\n+ e\n",
    &[
        "A title",
        "One sentence that is long enough to be no title, and goes on here.",
        "Two.",
        "+--+ |a | +--+",
        "Three: four",
        "- item.",
        "Five",
        "Six.",
        "asyncore_echo_server.py",
        "a.b() # c. D",
        "+ e",
    ]
)]
fn a_manual_is_cut_as_its_file_says(#[case] file: &str, #[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!((manual(file).units)(text), expected);
}
