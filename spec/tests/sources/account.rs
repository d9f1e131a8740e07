//! Reads the files of `spec/sources/`, which account for the manuals unit by unit.

use asyncore_spec::clause::{Clause, clause};

/// The files, by name, with their texts.
pub(crate) const ACCOUNTS: &[(&str, &str)] = &[
    ("asynchat-2.5.md", include_str!("../../sources/asynchat-2.5.md")),
    ("asyncore-2.0.md", include_str!("../../sources/asyncore-2.0.md")),
    ("asyncore-2.7.md", include_str!("../../sources/asyncore-2.7.md")),
    ("asyncore-3.x.md", include_str!("../../sources/asyncore-3.x.md")),
    ("server-notes.md", include_str!("../../sources/server-notes.md")),
];

/// Is what a file says of one unit of a manual.
#[derive(Debug)]
#[allow(dead_code, reason = "each test that includes this file looks at some of the fields")]
pub(crate) struct Entry {
    /// The number of the unit, counted from 1.
    pub(crate) unit: usize,
    /// The hash of the unit's text.
    pub(crate) hash: u32,
    /// The clauses that carry it.
    pub(crate) clauses: Vec<&'static Clause>,
    /// The clauses whose erratum says what is right instead.
    pub(crate) errata: Vec<&'static Clause>,
    /// The programs in `reference/examples/` that do what it does.
    pub(crate) examples: Vec<String>,
    /// Why nothing in it can be tested.
    pub(crate) prose: Option<String>,
}

/// Reads a file; the error says which line is wrong and why.
pub(crate) fn entries(text: &str) -> Result<Vec<Entry>, String> {
    let rows = text.lines().enumerate().filter(|(_, line)| line.starts_with("| "));
    let rows = rows.skip_while(|(_, line)| !line.starts_with("| unit |")).skip(1);
    rows.map(|(at, line)| entry(line).map_err(|why| format!("line {}: {why}", at + 1))).collect()
}

fn entry(line: &str) -> Result<Entry, String> {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [unit, hash, begins, account] = cells[..] else { return Err("a row has four cells".to_owned()) };
    let mut entry = Entry {
        unit: unit.parse().map_err(|_| format!("`{unit}` is no number"))?,
        hash: u32::from_str_radix(hash, 16).map_err(|_| format!("`{hash}` is no hash"))?,
        clauses: Vec::new(),
        errata: Vec::new(),
        examples: Vec::new(),
        prose: None,
    };
    if hash.len() != 8 || begins.trim_matches('`').is_empty() || begins.split_whitespace().count() > 5 {
        return Err("a row has a hash of eight digits and at most five of the first words".to_owned());
    }
    for part in account.split(';').map(str::trim) {
        if let Some(reason) = part.strip_prefix("prose:") {
            entry.prose = Some(reason.trim().to_owned());
        } else if let Some(named) = part.strip_prefix("erratum ") {
            entry.errata.extend(clauses(named)?);
        } else if let Some(name) = part.strip_prefix("example ") {
            entry.examples.push(example(name)?);
        } else {
            entry.clauses.extend(clauses(part)?);
        }
    }
    Ok(entry)
}

fn clauses(text: &str) -> Result<Vec<&'static Clause>, String> {
    let found = text.split(',').map(|id| {
        let standing = clause(id.trim()).filter(|clause| !clause.withdrawn);
        standing.ok_or_else(|| format!("there is no clause `{}`", id.trim()))
    });
    found.collect()
}

fn example(name: &str) -> Result<String, String> {
    let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits { Ok(name.to_owned()) } else { Err(format!("`{name}` is no name of a program")) }
}
