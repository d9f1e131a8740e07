//! Bug reports.

use std::fs;

use asyncore_conformance::outcome::Verdict;
use asyncore_conformance::report::Report;
use asyncore_conformance::report::issue::issue;
use rstest::rstest;
use tempfile::TempDir;

use crate::programs::example;
use crate::{demo, program, stderr, stdout};

/// Leaves out what every program of a scenario has in common.
fn shortened(text: &str) -> String {
    let (head, rest) = text.split_once("import warnings\n").expect("there is a program");
    let (_, rest) = rest.split_once("# What is set up\n").expect("something is set up");
    format!("{head}(what every such program has in common)\n\n# What is set up\n{rest}")
}

#[test]
fn a_bug_report_tells_the_whole_story() {
    let mut outcome = demo::outcome();
    outcome.clauses.retain(|found| !matches!(found.verdict, Verdict::Error { .. }));
    let options = ["--timeout".to_owned(), "2.5".to_owned()];
    let text = issue(&Report { outcome: &outcome, strict: false, floor: None, options: &options });
    insta::assert_snapshot!(shortened(&text.expect("something failed")));
}

#[test]
fn a_bug_report_on_a_crash_says_what_happened() {
    let mut outcome = demo::outcome();
    outcome.clauses.retain(|found| matches!(found.verdict, Verdict::Error { .. }));
    let text = issue(&Report { outcome: &outcome, strict: false, floor: None, options: &[] }).expect("one failed");
    let (_, told) = text.split_once("## What happens\n").expect("it is told");
    let (told, _) = told.split_once("## To see it again").expect("it is told");
    insta::assert_snapshot!(told);
}

#[test]
fn there_is_no_bug_report_where_nothing_failed() {
    let mut outcome = demo::outcome();
    outcome.clauses.retain(|found| found.verdict == Verdict::Pass);
    assert_eq!(issue(&Report { outcome: &outcome, strict: false, floor: None, options: &[] }), None);
}

#[test]
fn a_bug_report_is_written_once() {
    let directory = TempDir::new().expect("there is room");
    let subject = format!("cmd:{}", example("fake_subject").display());
    let run = || {
        let words = ["run", "--subject", &subject, "--cases", "5", "--issue", "bug.md"];
        program(words).current_dir(directory.path()).output().expect("the program starts")
    };
    let output = run();
    assert!(stdout(&output).ends_with("Issue      bug.md\n"), "{}{}", stdout(&output), stderr(&output));
    let text = fs::read_to_string(directory.path().join("bug.md")).expect("it is there");
    assert!(text.starts_with("# PREFIX-5: "), "{text}");
    let again = run();
    assert_eq!((again.status.code(), stdout(&again)), (Some(2), String::new()));
    insta::assert_snapshot!(stderr(&again));
    assert_eq!(fs::read_to_string(directory.path().join("bug.md")).expect("it is there"), text);
}

#[rstest]
#[case::nothing_failed("bug.md", Some(0))]
#[case::no_such_folder("missing/bug.md", Some(2))]
fn no_file_is_made_where_there_is_nothing_to_write(#[case] file: &str, #[case] status: Option<i32>) {
    let directory = TempDir::new().expect("there is room");
    let words = ["run", "--profile", "py27", "--filter", "PREFIX-1", "--cases", "5", "--issue", file];
    let output = program(words).current_dir(directory.path()).output().expect("the program starts");
    assert_eq!(output.status.code(), status, "{}", stderr(&output));
    assert!(!directory.path().join(file).exists());
    let told = stdout(&output) + &stderr(&output);
    assert!(told.contains(&format!("`{file}` was not written")) || told.contains("name a file that can"), "{told}");
}
