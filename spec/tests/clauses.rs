//! The clauses against themselves and against the model: whatever the text says, runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;

use asyncore_spec::clause::{AREAS, Clause, ClauseExample, Level, Scope, clause, clauses, parse_area};
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::feature::Features;
use asyncore_spec::model::{Prediction, Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::text::print_events;
use asyncore_spec::view::View;
use proptest::prelude::*;
use rstest::rstest;

/// Clauses that the model does not yet name where their examples need it, with the profile. Each entry is a debt.
const UNMARKED: &[(&str, Profile)] = &[];

/// The facts that the clauses rest on, by how their numbers begin: B for a defect that a release had, D for an
/// observation, E for one of the 2.5 generation.
const FACTS: &[(&str, RangeInclusive<u32>)] = &[
    ("B", 1..=87),
    ("D.1.", 1..=14),
    ("D.2.", 15..=26),
    ("D.3.", 27..=36),
    ("D.4.", 37..=52),
    ("E.1.", 1..=7),
    ("E.2.", 8..=16),
];

fn standing() -> impl Iterator<Item = &'static Clause> {
    clauses().iter().filter(|clause| !clause.withdrawn)
}

/// Every example with its clause and each profile that it belongs to.
fn cases() -> impl Iterator<Item = (&'static Clause, &'static ClauseExample, Profile)> {
    let examples = standing().flat_map(|clause| clause.examples.iter().map(move |example| (clause, example)));
    examples.flat_map(|(clause, example)| example.profiles.iter().map(move |profile| (clause, example, *profile)))
}

fn prediction(example: &ClauseExample, profile: Profile) -> Prediction {
    predict(&example.scenario, &Settings::of(profile))
}

/// Fails with everything that was found, not with the first of it.
#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "{} found:\n\n{}\n", found.len(), found.join("\n"));
}

#[test]
fn every_area_parses() {
    for (file, text) in AREAS {
        if let Err(error) = parse_area(file, text) {
            panic!("{error}");
        }
    }
    assert_eq!(
        clauses().len(),
        AREAS.iter().map(|(file, text)| parse_area(file, text).map_or(0, |area| area.len())).sum::<usize>()
    );
}

#[test]
fn numbers_have_no_gaps_and_none_is_used_twice() {
    let mut next: BTreeMap<&str, u32> = BTreeMap::new();
    for Clause { id, .. } in clauses() {
        let number = next.entry(id.area()).or_insert(1);
        assert_eq!(id.number(), *number, "{id} stands where {}-{number} belongs", id.area());
        *number += 1;
    }
}

#[test]
fn a_clause_is_found_by_its_name() {
    assert_eq!(clause("INPUT-2").map(|clause| clause.id), Some(ClauseId::new("INPUT-2")));
    assert_eq!(clause("INPUT-0"), None);
}

#[test]
fn titles_are_one_plain_sentence() {
    let wrong =
        |title: &str| title.contains(['(', ')', '[', ']', '`', '*', ';']) || title.ends_with('.') || title.len() > 170;
    let found: Vec<_> =
        clauses().iter().filter(|c| wrong(&c.title)).map(|c| format!("{}: {}", c.id, c.title)).collect();
    assert_none(&found);
}

#[test]
fn every_clause_says_where_it_comes_from() {
    let found: Vec<_> = standing().filter(|c| c.source.is_none()).map(|c| c.id.to_string()).collect();
    assert_none(&found);
}

#[test]
fn every_clause_says_more_than_its_title_and_its_source() {
    let silent = |clause: &&Clause| clause.text.starts_with("Source:");
    let found: Vec<_> = standing().filter(silent).map(|c| c.id.to_string()).collect();
    assert_none(&found);
}

#[test]
fn a_profile_is_one_of_the_releases_of_its_clauses() {
    let outside =
        |clause: &Clause| clause.profiles.iter().copied().find(|profile| !clause.applies(*profile, profile.release()));
    let found: Vec<_> =
        standing().filter_map(|c| outside(c).map(|p| format!("{}: {p} is not in {}", c.id, c.python_text))).collect();
    assert_none(&found);
}

#[test]
fn examples_give_what_the_model_predicts() {
    let mut found = Vec::new();
    for (clause, example, profile) in cases() {
        let prediction = prediction(example, profile);
        let predicted = clause.view.project(&prediction.trace());
        if predicted != example.expected || prediction.unspecified.is_some() {
            let mut report = format!("{} as {profile}, view {}:\n{}", clause.id, clause.view, example.scenario);
            write!(report, "{}", difference(&print_events(&example.expected), &print_events(&predicted)))
                .expect("text can be written");
            if let Some((at, why)) = prediction.unspecified {
                write!(report, "unspecified from event {at} on: {why}").expect("text can be written");
            }
            found.push(report);
        }
    }
    assert_none(&found);
}

/// Shows what stands in the text (`-`) and what the model predicts (`+`), beside what both have.
fn difference(text: &str, model: &str) -> String {
    let (text, model): (Vec<_>, Vec<_>) = (text.lines().collect(), model.lines().collect());
    let same = text.iter().zip(&model).take_while(|(a, b)| a == b).count();
    let tail = text[same..].iter().rev().zip(model[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |mark: &str, lines: &[&str]| lines.iter().map(|line| format!("{mark} {line}\n")).collect::<String>();
    let (text_end, model_end) = (text.len() - tail, model.len() - tail);
    [
        part(" ", &text[..same]),
        part("-", &text[same..text_end]),
        part("+", &model[same..model_end]),
        part(" ", &text[text_end..]),
    ]
    .concat()
}

#[test]
fn examples_are_written_as_they_print() {
    let mut found = Vec::new();
    for example in standing().flat_map(|clause| &clause.examples) {
        let (above, below) = example.text.split_once("----\n").unwrap_or((&example.text, ""));
        let scenario: String =
            above.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect();
        if scenario != example.scenario.to_string() || below != print_events(&example.expected) {
            found.push(example.text.clone());
        }
    }
    assert_none(&found);
}

#[test]
fn no_scenario_stands_twice_in_one_area() {
    let mut seen: BTreeMap<(&str, String, Profile, View), ClauseId> = BTreeMap::new();
    let mut found = Vec::new();
    for (clause, example, profile) in cases() {
        let key = (clause.id.area(), example.scenario.to_string(), profile, clause.view);
        if let Some(other) = seen.insert(key, clause.id) {
            found.push(format!("{other} and {} as {profile}:\n{}", clause.id, example.scenario));
        }
    }
    assert_none(&found);
}

#[test]
fn every_clause_is_exercised_by_an_example_of_its_own_in_each_of_its_profiles() {
    let mut found = BTreeSet::new();
    for clause in standing() {
        for &profile in &clause.profiles {
            let exercises =
                |example: &ClauseExample| prediction(example, profile).exercised().any(|id| id == clause.id);
            if !clause.examples_of(profile).any(exercises) {
                found.insert((clause.id.as_str(), profile));
            }
        }
    }
    assert_eq!(
        found,
        UNMARKED.iter().copied().collect(),
        "a clause that is marked again leaves the list, and no other joins it"
    );
}

#[test]
fn every_example_is_a_scenario_that_makes_sense() {
    for clause in standing() {
        for example in &clause.examples {
            assert_eq!(example.scenario.check(), Ok(()), "{}", clause.id);
        }
    }
}

#[test]
fn what_a_clause_demands_is_in_its_view() {
    let mut found = Vec::new();
    for clause in standing() {
        let mut demanded = false;
        let mut shown = false;
        let mut guarded = false;
        for example in &clause.examples {
            for profile in &example.profiles {
                let prediction = prediction(example, *profile);
                let own = prediction.events.iter().filter(|e| e.demand == clause.id || e.flags == clause.id);
                for expected in own {
                    demanded = true;
                    shown |= clause.view.shows(&expected.event);
                }
                guarded |= prediction.guards.iter().any(|guard| guard.clause == clause.id);
            }
        }
        if demanded && !shown && !guarded {
            found.push(format!("{}: the view {} shows nothing of what it demands", clause.id, clause.view));
        }
    }
    assert_none(&found);
}

#[test]
fn a_clause_needs_what_all_its_examples_need() {
    let mut found = Vec::new();
    for clause in standing() {
        let needs: Features = clause.needs.iter().copied().collect();
        let shared =
            clause.examples.iter().map(|example| example.scenario.needs()).reduce(|a, b| &a & &b).unwrap_or_default();
        if needs != shared {
            let names: Vec<_> = shared.iter().map(|feature| feature.name()).collect();
            found.push(format!("{} needs: {}", clause.id, names.join(" ")));
        }
    }
    assert_none(&found);
}

#[test]
fn portable_clauses_need_nothing_of_python() {
    let python = asyncore_spec::feature::Feature::Python;
    let wrong = |clause: &&Clause| clause.scope == Scope::Portable && clause.needs.contains(&python);
    let found: Vec<_> = standing().filter(wrong).map(|c| c.id.to_string()).collect();
    assert_none(&found);
}

/// The names of clauses that stand in quotation marks in the sources of the model.
fn named_by_the_model() -> BTreeSet<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model");
    let mut named = BTreeSet::new();
    for entry in std::fs::read_dir(dir).expect("the model has sources") {
        let source =
            std::fs::read_to_string(entry.expect("the directory can be read").path()).expect("sources are text");
        let areas: BTreeSet<_> = clauses().iter().map(|clause| clause.id.area()).collect();
        named.extend(source.split('"').filter(|word| is_name(word, &areas)).map(str::to_owned));
    }
    named
}

fn is_name(word: &str, areas: &BTreeSet<&str>) -> bool {
    word.split_once('-').is_some_and(|(area, number)| areas.contains(area) && number.parse::<u32>().is_ok())
}

#[test]
fn the_model_names_every_clause_and_no_other() {
    let clauses: BTreeSet<String> = standing().map(|clause| clause.id.to_string()).collect();
    let named = named_by_the_model();
    let nowhere: Vec<_> = named.difference(&clauses).collect();
    assert!(nowhere.is_empty(), "the model names clauses that do not exist: {nowhere:?}");
    let owed: BTreeSet<&str> = UNMARKED.iter().map(|(id, _)| *id).collect();
    let unnamed: BTreeSet<&str> = clauses.difference(&named).map(String::as_str).collect();
    assert!(unnamed.is_subset(&owed), "the model names no rule for {:?}", unnamed.difference(&owed));
}

/// Every fact, as the clauses name it.
fn facts() -> BTreeSet<String> {
    let number =
        |start: &str, number: u32| if start == "B" { format!("B{number:02}") } else { format!("{start}{number}") };
    FACTS.iter().flat_map(|(start, numbers)| numbers.clone().map(move |n| number(start, n))).collect()
}

/// The words of a text that look like facts: B and two digits, or D or E and two numbers.
fn facts_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
    words.filter(|word| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let observed = || {
            let (letter, numbers) = word.split_once('.')?;
            let (section, number) = numbers.split_once('.')?;
            Some(["D", "E"].contains(&letter) && digits(section) && digits(number))
        };
        word.strip_prefix('B').is_some_and(|number| number.len() == 2 && digits(number)) || observed() == Some(true)
    })
}

#[test]
fn every_fact_is_named_in_a_clause_and_no_other() {
    let named: BTreeSet<String> =
        clauses().iter().flat_map(|clause| facts_in(&clause.text)).map(str::to_owned).collect();
    let facts = facts();
    let unnamed: Vec<_> = facts.difference(&named).collect();
    assert!(unnamed.is_empty(), "no clause speaks of {unnamed:?}");
    let unknown: Vec<_> = named.difference(&facts).collect();
    assert!(unknown.is_empty(), "there are no such facts: {unknown:?}");
}

#[test]
fn every_area_is_a_chapter_of_the_book() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src");
    let read = |path: &str| std::fs::read_to_string(book.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let summary = read("SUMMARY.md");
    let listed: Vec<_> = summary.lines().filter(|line| line.contains("](clauses/")).collect();
    let mut chapters = Vec::new();
    for (file, text) in AREAS {
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        chapters.push(format!("- [{title}](clauses/{file})"));
        assert_eq!(read(&format!("clauses/{file}")), format!("{{{{#include ../../../spec/clauses/{file}}}}}\n"));
    }
    assert_eq!(listed, chapters, "the chapters stand in the order of the areas, under their titles");
}

const HEAD: &str = "# Input\n\nWhat comes in.\n\n";
const FIELDS: &str = "profiles: py27 py311 · python: 2.6– · spec: 0.1 · needs: chat · view: stream\n\n";

#[test]
fn a_clause_is_read_as_it_is_written() {
    let text = format!(
        "{HEAD}### INPUT-1 · SHOULD · python — a title\n{FIELDS}Says this.\nAnd that.\n\nSource: a manual.\n\n*Erratum.* It is so.\n\n\
         ```scenario py311\nchat c terminator \"\\n\"\nrecv c \"a\"\n----\nc.collect_incoming_data \"a\"\n```\n\n\
         ### INPUT-2 · withdrawn — said twice\n"
    );
    let area = parse_area("input.md", &text).expect("the text is an area");
    let [first, second] = &area[..] else { panic!("there are two clauses") };
    assert_eq!((first.level, first.scope, first.view), (Level::Should, Scope::Python, View::Stream));
    assert_eq!(first.title, "a title");
    assert_eq!(first.text, "Says this.\nAnd that.\n\nSource: a manual.\n\n*Erratum.* It is so.");
    assert_eq!((first.source.as_deref(), &first.errata[..]), (Some("a manual."), &["It is so.".to_owned()][..]));
    assert_eq!((first.examples[0].profiles.as_slice(), first.examples[0].expected.len()), (&[Profile::Py311][..], 1));
    assert!(first.applies(Profile::Py27, "2.6".parse().expect("a release")));
    assert!(!first.applies(Profile::Py27, "2.5.6".parse().expect("a release")));
    assert!(!first.applies(Profile::Py25, "2.7".parse().expect("a release")));
    assert_eq!((second.withdrawn, second.title.as_str()), (true, "said twice"));
    assert!(!second.applies(Profile::Py311, Profile::Py311.release()));
}

#[rstest]
#[case::no_head("### INPUT-1 · MUST · portable — t\n", 1, "an area begins with")]
#[case::no_dash(&format!("{HEAD}### INPUT-1 · MUST · portable\n{FIELDS}T.\n"), 5, "a clause's heading is")]
#[case::other_area(&format!("{HEAD}### OUTPUT-1 · MUST · portable — t\n{FIELDS}T.\n"), 5, "`OUTPUT-1` is no name")]
#[case::leading_zero(&format!("{HEAD}### INPUT-01 · MUST · portable — t\n{FIELDS}T.\n"), 5, "`INPUT-01` is no name")]
#[case::level(&format!("{HEAD}### INPUT-1 · MIGHT · portable — t\n{FIELDS}T.\n"), 5, "`MIGHT` is no level")]
#[case::scope(&format!("{HEAD}### INPUT-1 · MUST · global — t\n{FIELDS}T.\n"), 5, "`global` is no scope")]
#[case::no_fields(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n"), 5, "the line of fields of INPUT-1 is missing")]
#[case::nothing(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}"), 5, "INPUT-1 says nothing")]
#[case::profile(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{}T.\n", FIELDS.replace("py27", "py26")), 6, "`py26` is no profile")]
#[case::profile_order(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{}T.\n", FIELDS.replace("py27", "py311")), 6, "oldest first")]
#[case::range(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{}T.\n", FIELDS.replace("2.6–", "2.6")), 6, "`2.6` is no range")]
#[case::version(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{}T.\n", FIELDS.replace("0.1", "1.")), 6, "`1.` is no version")]
#[case::feature(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{}T.\n", FIELDS.replace("chat", "cat")), 6, "`cat` is no feature")]
#[case::view(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{}T.\n", FIELDS.replace("stream", "all")), 6, "`all` is no view")]
#[case::missing(&format!("{HEAD}### INPUT-1 · MUST · portable — t\nview: stream\n\nT.\n"), 6, "the field `profiles` is missing")]
#[case::twice(&format!("{HEAD}### INPUT-1 · MUST · portable — t\nview: stream · view: wire\n\nT.\n"), 6, "stands twice")]
#[case::unknown(&format!("{HEAD}### INPUT-1 · MUST · portable — t\nviews: stream\n\nT.\n"), 6, "`views` is no field")]
#[case::code(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}T.\n\n```python\n```\n"), 10, "is a `scenario`")]
#[case::heading(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}T.\n\n## More\n"), 10, "only headings of the third level")]
#[case::expected(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}T.\n\n```scenario\n```\n"), 10, "a line `----`")]
#[case::foreign(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}T.\n\n```scenario py25\n----\n```\n"), 10, "does not speak of `py25`")]
#[case::scenario(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}T.\n\n```scenario\nchat c\nrecv c\n----\n```\n"), 12, "column 7: expected data")]
#[case::trace(&format!("{HEAD}### INPUT-1 · MUST · portable — t\n{FIELDS}T.\n\n```scenario\nchat c\n----\nc.flies\n```\n"), 13, "expected the name of a hook")]
#[case::tombstone(&format!("{HEAD}### INPUT-1 · withdrawn — t\n\nT.\n"), 7, "nothing follows the heading of INPUT-1")]
fn an_error_names_the_file_and_the_line(#[case] text: &str, #[case] line: usize, #[case] message: &str) {
    let error = parse_area("input.md", text).expect_err("the text is no area");
    assert_eq!((error.file.as_str(), error.line), ("input.md", line), "{error}");
    assert!(error.message.contains(message), "{error}");
    assert!(error.to_string().starts_with(&format!("input.md, line {line}: ")));
}

/// An area with pieces of it taken out, doubled or replaced.
fn spoiled() -> impl Strategy<Value = (&'static str, String)> {
    let piece = prop_oneof![
        "[ -~]{0,8}",
        Just("```".to_owned()),
        Just("\n### ".to_owned()),
        Just("·".to_owned()),
        Just("—\n".to_owned())
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, piece), 1..6);
    (0..AREAS.len(), edits).prop_map(|(area, edits)| {
        let mut text: Vec<char> = AREAS[area].1.chars().take(3000).collect();
        for (at, length, piece) in edits {
            let from = at.index(text.len() + 1);
            let to = (from + length).min(text.len());
            text.splice(from..to, piece.chars());
        }
        (AREAS[area].0, text.into_iter().collect())
    })
}

proptest! {
    #[test]
    fn the_parser_takes_any_text(text in ".{0,400}") {
        _ = parse_area("input.md", &text);
    }

    #[test]
    fn the_parser_takes_any_spoiled_area((file, text) in spoiled()) {
        if let Err(error) = parse_area(file, &text) {
            prop_assert!(error.line >= 1 && error.line <= text.lines().count() + 1, "{error}");
        }
    }
}
