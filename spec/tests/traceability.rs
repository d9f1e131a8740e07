//! The table of clauses with what stands behind each, checked in as text.
//!
//! `BLESS=1 cargo test -p asyncore-spec --test traceability` writes it anew.

#[path = "sources/account.rs"]
mod account;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use account::{ACCOUNTS, entries};
use asyncore_spec::clause::{Clause, clauses};
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::model::{Settings, predict};

const HEAD: &str = "\
# Traceability

For each clause: its level, scope and profiles; how many examples it has; whether a rule of the model demands an event by it, and whether one forbids a further event by it, in any example of any clause; and the units of the manuals that it carries, as `spec/sources/` numbers them.
A unit with a star is one that the clause corrects.
The table is generated; `BLESS=1 cargo test -p asyncore-spec --test traceability` writes it anew.

| clause | level | scope | profiles | examples | demands | forbids | manuals |
|---|---|---|---|--:|---|---|---|
";

/// What the model did over all examples.
#[derive(Default)]
struct Marks {
    demanded: BTreeSet<ClauseId>,
    forbidden: BTreeSet<ClauseId>,
}

fn marks() -> Marks {
    let mut marks = Marks::default();
    for example in clauses().iter().flat_map(|clause| &clause.examples) {
        for profile in &example.profiles {
            let prediction = predict(&example.scenario, &Settings::of(*profile));
            marks.demanded.extend(prediction.events.iter().flat_map(|expected| [expected.demand, expected.flags]));
            marks.forbidden.extend(prediction.guards.iter().map(|guard| guard.clause));
        }
    }
    marks
}

/// The units of the manuals by clause, as they are printed.
fn units() -> BTreeMap<ClauseId, Vec<String>> {
    let mut units: BTreeMap<ClauseId, Vec<String>> = BTreeMap::new();
    for (file, text) in ACCOUNTS {
        let name = file.trim_end_matches(".md");
        let mut own: BTreeMap<ClauseId, Vec<String>> = BTreeMap::new();
        for entry in entries(text).unwrap_or_else(|error| panic!("{file}, {error}")) {
            entry.clauses.iter().for_each(|clause| own.entry(clause.id).or_default().push(entry.unit.to_string()));
            entry.errata.iter().for_each(|clause| own.entry(clause.id).or_default().push(format!("{}\\*", entry.unit)));
        }
        own.into_iter()
            .for_each(|(id, list)| units.entry(id).or_default().push(format!("{name}: {}", list.join(", "))));
    }
    units
}

fn table() -> String {
    let marks = marks();
    let units = units();
    let mut table = HEAD.to_owned();
    for Clause { id, level, scope, profiles, examples, withdrawn, .. } in clauses() {
        if *withdrawn {
            writeln!(table, "| {id} | withdrawn | | | | | | |").expect("text can be written");
            continue;
        }
        let profiles: Vec<_> = profiles.iter().map(|profile| profile.name()).collect();
        let mark = |set: &BTreeSet<ClauseId>| if set.contains(id) { "yes" } else { "" };
        let manuals = units.get(id).map(|list| list.join("; ")).unwrap_or_default();
        let cells = [
            id.to_string(),
            level.to_string(),
            scope.to_string(),
            profiles.join(" "),
            examples.len().to_string(),
            mark(&marks.demanded).to_owned(),
            mark(&marks.forbidden).to_owned(),
            manuals,
        ];
        writeln!(table, "| {} |", cells.join(" | ")).expect("text can be written");
    }
    table
}

#[test]
fn the_table_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("traceability.md");
    let table = table();
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&path, &table).expect("the table can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let stale: Vec<_> = written.lines().filter(|line| !table.lines().any(|new| new == *line)).collect();
    let fresh: Vec<_> = table.lines().filter(|line| !written.lines().any(|old| old == *line)).collect();
    assert!(
        written == table,
        "spec/traceability.md is not up to date; BLESS=1 writes it anew\n- {}\n+ {}",
        stale.join("\n- "),
        fresh.join("\n+ ")
    );
}
