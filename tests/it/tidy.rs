//! What the sources and the manifests must look like.

mod sources;

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use sources::{Source, root, sources};
use toml::Table;

/// The greatest number of lines of a source file.
const MOST_LINES: usize = 600;

/// Workspace dependencies that no crate uses, with the reason. Each entry is a debt.
const UNUSED: &[(&str, &str)] = &[];

/// Dependencies of a crate that its sources do not name, with the reason. Each entry is a debt.
const IDLE: &[(&str, &str)] = &[];

/// Files that are longer, with the reason.
const LONG: &[(&str, &str)] = &[];

fn manifest(path: &str) -> Table {
    let path = root().join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn workspace() -> Table {
    manifest("Cargo.toml")["workspace"].as_table().expect("there is a workspace").clone()
}

/// The folder of every crate of the workspace with its manifest.
fn crates() -> Vec<(String, Table)> {
    let members = workspace()["members"].as_array().expect("there are members").clone();
    let member = |member: &toml::Value| {
        let folder = member.as_str().expect("a member is a folder").to_owned();
        let manifest = manifest(&format!("{folder}/Cargo.toml"));
        (folder, manifest)
    };
    members.iter().map(member).collect()
}

/// Every dependency of a crate, of every kind and for every target: the names that its sources use.
fn dependencies(manifest: &Table, kinds: &[&str]) -> BTreeMap<String, toml::Value> {
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    let tables = targets.filter_map(|(_, target)| target.as_table()).chain([manifest]);
    let lists = tables.flat_map(|table| kinds.iter().filter_map(move |kind| table.get(*kind)?.as_table()));
    lists.flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
}

const ALL: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

#[rstest]
#[case::reference("reference", &["asyncore-spec", "asyncore-conformance"])]
#[case::spec("spec", &["asyncore-reference", "asyncore-conformance", "mio"])]
fn what_a_crate_never_depends_on(#[case] folder: &str, #[case] never: &[&str]) {
    let (_, manifest) = crates().into_iter().find(|(name, _)| name == folder).expect("there is such a crate");
    let dependencies = dependencies(&manifest, ALL);
    assert!(!dependencies.is_empty());
    let forbidden: Vec<_> = never.iter().filter(|name| dependencies.contains_key(**name)).collect();
    assert!(forbidden.is_empty(), "{folder} depends on {forbidden:?}");
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    let lints = |manifest: &Table| manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
    let without: Vec<_> = crates().into_iter().filter(|(_, manifest)| lints(manifest) != Some(true)).collect();
    assert!(without.is_empty(), "{:?}", without.iter().map(|(folder, _)| folder).collect::<Vec<_>>());
}

#[test]
fn every_dependency_of_the_workspace_is_used() {
    let mut used = BTreeSet::new();
    for (_, manifest) in crates() {
        let inherits = |value: &toml::Value| value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
        used.extend(
            dependencies(&manifest, ALL).into_iter().filter(|(_, value)| inherits(value)).map(|(name, _)| name),
        );
    }
    let declared = workspace()["dependencies"].as_table().expect("there are dependencies").clone();
    let unused: Vec<_> = declared.keys().map(String::as_str).filter(|name| !used.contains(*name)).collect();
    assert_eq!(unused, UNUSED.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "unused, and known to be");
}

#[test]
fn every_dependency_of_a_crate_is_named_in_its_sources() {
    let (sources, crates) = (sources(), crates());
    // A crate may be a folder within another: a file belongs to the innermost.
    let home = |source: &Source| {
        let around = crates.iter().filter(|(folder, _)| source.path.starts_with(&format!("{folder}/")));
        around.map(|(folder, _)| folder.clone()).max_by_key(String::len)
    };
    let mut idle = Vec::new();
    for (folder, manifest) in &crates {
        let own: Vec<_> = sources.iter().filter(|s| s.is_rust() && home(s).as_ref() == Some(folder)).collect();
        for (name, _) in dependencies(manifest, ALL) {
            let word = name.replace('-', "_");
            if !own.iter().any(|source| words(&source.text).any(|other| other == word)) {
                idle.push(format!("{folder}: {name}"));
            }
        }
    }
    assert_eq!(idle, IDLE.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "not named, and known to be so");
}

#[test]
fn no_source_file_is_long() {
    let long = |source: &&Source| source.is_rust() && source.text.lines().count() > MOST_LINES;
    let found: Vec<_> = sources().iter().filter(long).map(|source| source.path.clone()).collect();
    assert_eq!(found, LONG.iter().map(|(path, _)| *path).collect::<Vec<_>>(), "too long, and known to be");
}

#[test]
fn nothing_is_unsafe() {
    let all = sources();
    let rust = all.iter().filter(|source| source.is_rust());
    let found: Vec<_> = rust.filter(|source| words(&source.text).any(|word| word == concat!("un", "safe"))).collect();
    assert!(found.is_empty(), "{:?}", found.iter().map(|source| &source.path).collect::<Vec<_>>());
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Marks of unfinished work.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Where things are on one machine only.
const MACHINE: &[&str] =
    &[concat!("/ro", "ot"), concat!("/wo", "rk"), concat!("/tmp/", "target"), concat!("/ho", "me/")];

/// Finds a word or a path that does not belong into the project.
fn forbidden(line: &str) -> Option<&'static str> {
    let whole = |word: &&&str| words(line).any(|other| other == **word);
    // A path of a machine begins where no other path goes on; a folder of the root ends with its name.
    let path = |path: &&&str| {
        line.match_indices(**path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + path.len()..].chars().next();
            let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let begins = !before.is_some_and(|c| goes_on(c) || c == '.' || c == '}');
            let is_folder_of_the_root = path.matches('/').count() == 1;
            begins && (!is_folder_of_the_root || !after.is_some_and(goes_on))
        })
    };
    UNFINISHED.iter().find(whole).or_else(|| MACHINE.iter().find(path)).copied()
}

#[test]
fn nothing_unfinished_and_no_machine_is_spoken_of() {
    let mut found = Vec::new();
    for source in sources() {
        for (at, line) in source.text.lines().enumerate() {
            if let Some(what) = forbidden(line) {
                found.push(format!("{}, line {}: {what}", source.path, at + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[rstest]
#[case::word(concat!("// TO", "DO: later"), true)]
#[case::part_of_a_word(concat!("// mastoTO", "DOn"), false)]
#[case::home(concat!("cd /ro", "ot/x"), true)]
#[case::quoted(concat!("\"/wo", "rk/a\""), true)]
#[case::build(concat!("CARGO_TARGET_DIR=/tmp/", "target-x"), true)]
#[case::part_of_a_path(concat!("docs/wo", "rk/a"), false)]
#[case::longer_folder(concat!("a /wo", "rker"), false)]
fn what_is_forbidden_is_found(#[case] line: &str, #[case] found: bool) {
    assert_eq!(forbidden(line).is_some(), found, "{line}");
}

/// How many lines in a row make two files share code.
const SHARED: usize = 6;

/// The lines of a file that say something, with their numbers.
fn telling(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let plain = |line: &str| line.starts_with("//") || line.starts_with("use ") || line.starts_with("#[");
    lines.filter(|(_, line)| line.chars().filter(|c| c.is_alphanumeric()).count() > 2 && !plain(line)).collect()
}

/// Finds lines in a row that stand in both texts: the numbers at which they begin.
fn shared(one: &str, other: &str) -> Option<(usize, usize)> {
    let (one, other) = (telling(one), telling(other));
    let same = |a: &[(usize, &str)], b: &[(usize, &str)]| a.iter().zip(b).all(|((_, a), (_, b))| a == b);
    one.windows(SHARED).find_map(|a| Some((a[0].0, other.windows(SHARED).find(|b| same(a, b))?[0].0)))
}

#[test]
fn model_and_reference_share_no_code() {
    let sources = sources();
    let of =
        |folder: &'static str| sources.iter().filter(move |source| source.is_rust() && source.path.starts_with(folder));
    let mut found = Vec::new();
    for model in of("spec/src/") {
        for reference in of("reference/src/") {
            if let Some((a, b)) = shared(&model.text, &reference.text) {
                found.push(format!("{}, line {a}, and {}, line {b}", model.path, reference.path));
            }
        }
    }
    assert!(of("spec/src/").count() > 10 && of("reference/src/").count() > 10);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn shared_lines_are_found_whatever_stands_between() {
    let one: String = (0..SHARED).map(|n| format!("let line{n} = {n};\n")).collect();
    let other = format!("fn f() {{\n{}}}\n", one.replace(";\n", ";\n\n        // a remark\n"));
    assert_eq!(shared(&one, &other), Some((1, 2)));
    assert_eq!(shared(&one, &other.replace("line3", "line_3")), None);
}
