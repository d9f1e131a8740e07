//! The evidence in `spec/evidence/` is as it was written, and says what the clauses say.

use std::collections::BTreeSet;
use std::path::Path;

use asyncore_conformance::digest::of_clause;
use asyncore_conformance::evidence::{Evidence, FILES, Seen, all, check, told};
use asyncore_spec::clause::{Clause, parse_area};
use rstest::rstest;

#[test]
fn every_file_of_the_folder_is_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/evidence");
    let files = std::fs::read_dir(folder).expect("there is evidence").map(|entry| entry.expect("it can be listed"));
    let found: BTreeSet<_> = files.map(|entry| entry.file_name().into_string().expect("it is text")).collect();
    let known: BTreeSet<_> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, known, "the folder, and `recorded!` in conformance/src/evidence.rs");
}

#[test]
fn the_evidence_says_what_the_clauses_say() {
    let evidence = all().unwrap_or_else(|error| panic!("{error}"));
    let wrong = check(asyncore_spec::clause::clauses(), evidence);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_named_after_what_it_is_of_and_written_as_it_reads() {
    for (one, (name, text)) in all().unwrap_or_else(|error| panic!("{error}")).iter().zip(FILES) {
        assert_eq!((one.file.as_str(), one.to_text().as_str()), (*name, *text));
    }
}

fn clause(fields: &str, level: &str) -> Clause {
    let text = format!(
        "# INPUT\n\nAn area.\n\n### INPUT-1 · {level} · portable — a title\n{fields} · spec: 0.1 · needs: chat · view: stream\n\nThe \
         text.\n"
    );
    parse_area("input.md", &text).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

fn evidence(implementation: &str, release: &str, profile: &str, held: &[&Clause], broken: &[&Clause]) -> Evidence {
    let list = |clauses: &[&Clause]| {
        clauses.iter().map(|clause| (clause.id.to_string(), Seen { text: of_clause(clause), times: 3 })).collect()
    };
    Evidence {
        file: format!("{implementation}-{release}.toml"),
        implementation: implementation.to_owned(),
        release: release.to_owned(),
        follows: release.to_owned(),
        profile: profile.to_owned(),
        spec: "0.1".to_owned(),
        held: list(held),
        broken: list(broken),
    }
}

const ALL: &str = "profiles: py25 py27 py311 · python: all";
const LATE: &str = "profiles: py311 · python: 3.8–";

#[rstest]
#[case::held(ALL, "MUST", true, false, None)]
#[case::outside_the_range(LATE, "SHOULD", false, true, None)]
#[case::broken(ALL, "SHOULD", false, true, Some("INPUT-1 is to hold for all, and CPython 3.6.15 does not obey it"))]
#[case::never_seen(ALL, "SHOULD", false, false, Some("INPUT-1 is to hold for all, and no release recorded of that"))]
#[case::must_without_evidence(LATE, "MUST", false, false, Some("INPUT-1 is a MUST, and no real implementation"))]
fn a_clause_is_backed(
    #[case] fields: &str,
    #[case] level: &str,
    #[case] held: bool,
    #[case] broken: bool,
    #[case] expected: Option<&str>,
) {
    let clause = clause(fields, level);
    let list = |is: bool| if is { vec![&clause] } else { Vec::new() };
    let one = evidence("CPython", "3.6.15", "py311", &list(held), &list(broken));
    let wrong = check(std::slice::from_ref(&clause), &[one]);
    assert_eq!(wrong.len(), usize::from(expected.is_some()), "{wrong:?}");
    assert!(expected.is_none_or(|expected| wrong[0].starts_with(expected)), "{wrong:?}");
}

#[test]
fn another_text_is_to_be_recorded_again() {
    let before = clause(ALL, "MUST");
    let after = Clause { text: "Another text.".to_owned(), ..before.clone() };
    let wrong = check(&[after], &[evidence("CPython", "3.6.15", "py311", &[&before], &[])]);
    assert_eq!(wrong, ["INPUT-1 was another text when CPython-3.6.15.toml was recorded; record again: .ci/record"]);
}

#[test]
fn a_clause_that_is_gone_is_not_spoken_of() {
    let gone = clause(ALL, "MUST");
    let wrong = check(&[], &[evidence("CPython", "3.6.15", "py311", &[&gone], &[])]);
    assert_eq!(wrong, ["CPython-3.6.15.toml speaks of INPUT-1, and there is no such clause; record again: .ci/record"]);
}

#[rstest]
#[case::count("times = 3", "times = 4")]
#[case::clause("INPUT-1", "INPUT-2")]
#[case::head("By hand", "By foot")]
#[case::release("3.6.15", "3.6.16")]
fn what_is_changed_by_hand_is_noticed(#[case] from: &str, #[case] to: &str) {
    let clause = clause(ALL, "MUST");
    let text = evidence("CPython", "3.6.15", "py311", &[&clause], &[]).to_text();
    assert_eq!(Evidence::parse("a.toml", &text).map(|read| read.to_text()), Ok(text.clone()));
    assert!(text.contains(from));
    let error = Evidence::parse("a.toml", &text.replacen(from, to, 1)).expect_err("it was changed");
    assert!(error.to_string().contains("was changed by hand: its digest is another one"), "{error}");
}

#[test]
fn what_is_no_evidence_is_said_to_be_none() {
    let error = Evidence::parse("a.toml", "release = 3\n").expect_err("it is none");
    assert!(error.to_string().starts_with("the evidence `spec/evidence/a.toml` cannot be read: "), "{error}");
}

#[test]
fn many_releases_in_a_row_are_told_in_short() {
    let clause = clause(ALL, "MUST");
    let of = |implementation, release, held: bool| {
        let list = [&clause];
        let (held, broken) = if held { (&list[..], &[][..]) } else { (&[][..], &list[..]) };
        evidence(implementation, release, "py311", held, broken)
    };
    let mut all: Vec<_> = ["2.7.18", "3.10.13", "3.6.15", "3.9.18"].map(|release| of("CPython", release, true)).into();
    all.push(of("supervisor", "4.3.0", false));
    let text = told(&all, &clause).to_string();
    assert_eq!(text, "CPython 2.7.18, 3.6.15 … 3.10.13; not in supervisor 4.3.0");
    all.push(of("CPython", "3.7.16", false));
    let text = told(&all, &clause).to_string();
    assert_eq!(text, "CPython 2.7.18, 3.6.15, 3.9.18, 3.10.13; not in supervisor 4.3.0; CPython 3.7.16");
    assert_eq!(told(&[], &clause).to_string(), "nobody yet");
}
