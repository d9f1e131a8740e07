//! Failing scenarios are saved, and folders of scenarios are run, again and again.

use std::fs;
use std::path::Path;
use std::process::Output;

use asyncore_conformance::outcome::{Origin, Outcome, Verdict};
use asyncore_conformance::report::Report;
use asyncore_conformance::report::case::{failing, file_name, text};
use rstest::rstest;
use tempfile::TempDir;

use crate::programs::example;
use crate::{demo, program, stderr, stdout};

/// Runs a command line in a directory. The one clause that `SUBJECT` breaks is PREFIX-5, a QUIRK.
fn run(directory: &Path, line: &str) -> Output {
    let line = line.replace("SUBJECT", &format!("--subject 'cmd:{}' --cases 20", example("fake_subject").display()));
    let words = shlex::split(&line).expect("the quotes are closed");
    program(words).current_dir(directory).output().expect("the program starts")
}

/// Makes a directory with some files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().expect("there is room");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    }
    directory
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.expect("it is there").file_name().into_string().expect("text");
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

/// Gives the lines of a report that begin with a word.
fn lines<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.starts_with(word)).collect()
}

#[test]
fn the_smallest_scenario_of_a_failing_clause_is_saved_and_replayed() {
    let directory = directory(&[]);
    let output = run(directory.path(), "run SUBJECT --save cases/new");
    assert_eq!(lines(&stdout(&output), "Saved"), ["Saved      cases/new/PREFIX-5.py311.scn"], "{}", stderr(&output));
    let saved = fs::read_to_string(directory.path().join("cases/new/PREFIX-5.py311.scn")).expect("it is there");
    let subject = example("fake_subject").display().to_string();
    insta::assert_snapshot!(saved.replace(&subject, "fake_subject"));
    let line = format!("replay cases/new/PREFIX-5.py311.scn --subject 'cmd:{subject}'");
    let again = run(directory.path(), &line);
    assert_eq!(again.status.code(), Some(1), "{}", stderr(&again));
    assert!(stdout(&again).contains("This breaks PREFIX-5"), "{}", stdout(&again));
}

#[test]
fn no_file_is_overwritten_and_no_scenario_saved_twice() {
    let mine = "# mine\nfind_prefix_at_end \"a\" \"b\"\n";
    let directory = directory(&[("cases/PREFIX-5.py311.scn", mine), ("cases/PREFIX-5.py311.2.scn", "other\n")]);
    for told in ["", ", where it was already"] {
        let output = run(directory.path(), "run SUBJECT --save cases");
        let expected = format!("Saved      cases/PREFIX-5.py311.3.scn{told}");
        assert_eq!(lines(&stdout(&output), "Saved"), [expected.as_str()], "{}", stderr(&output));
    }
    let folder = directory.path().join("cases");
    assert_eq!(names(&folder), ["PREFIX-5.py311.2.scn", "PREFIX-5.py311.3.scn", "PREFIX-5.py311.scn"]);
    assert_eq!(fs::read_to_string(folder.join("PREFIX-5.py311.scn")).expect("it is there"), mine);
}

#[test]
fn where_nothing_failed_nothing_is_saved() {
    let directory = directory(&[]);
    let output = run(directory.path(), "run --profile py27 --filter PREFIX-1 --cases 5 --save cases");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(lines(&stdout(&output), "Saved"), ["Saved      nothing, as no clause failed"]);
    assert!(names(&directory.path().join("cases")).is_empty());
}

/// The text of the first failure of the made-up outcome, with another scenario.
fn saved(scenario: &str) -> String {
    let mut outcome: Outcome = demo::outcome();
    let found = outcome.clauses.iter_mut().find(|found| found.verdict == Verdict::Fail).expect("one fails");
    found.failure = Some(demo::failure(scenario, "> 1\n", Origin::Generated("sockets")));
    found.broken = 1 << 20;
    let report = Report { outcome: &outcome, strict: false, floor: None, options: &[] };
    let (found, failure) = failing(&report).next().expect("one fails");
    assert_eq!(file_name(&report, found, 2), "FRAMING-2.py311.2.scn");
    text(&report, found, failure, "the folder/FRAMING-2.py311.scn")
}

#[test]
fn a_scenario_on_real_sockets_begins_with_its_transport() {
    let text = saved("over tcp4\nchat c\npush c \"a\"\n");
    insta::assert_snapshot!(text);
    let directory = directory(&[("case.scn", &text)]);
    let output = run(directory.path(), "replay case.scn --profile py311");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("over tcp4"), "{}", stdout(&output));
}

#[test]
fn what_a_first_line_would_change_stays_as_it_is() {
    let scenario = "over tcp4\nchat c\npush c \"$some $socket\"\n";
    let text = saved(scenario);
    assert!(text.ends_with(scenario) && !text.starts_with("# over"), "{text}");
}

const GOOD: &str = "find_prefix_at_end \"ab\" \"bc\"\n";
const QUIRK: &str = "find_prefix_at_end \"ab\" \"b\"\nfind_prefix_at_end \"a\" \"\"\n";

#[test]
fn a_folder_of_scenarios_is_run_and_counted() {
    let real =
        "# over tcp4\n# A comment.\nchat c terminator \"\\n\"\npeer c sends \"a\\n\"\nawait c.found_terminator\n";
    let files = [("one/b.scn", GOOD), ("one/a.scn", "chat c\nrecv c \"a\"\n"), ("two/c.scn", real), ("one/note", "x")];
    let directory = directory(&files);
    let output = run(directory.path(), "run --profile py311 --cases 1 --scenarios one --scenarios two --report json=r");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("examples, those of 3 files, and 1 case in each family"), "{told}");
    assert!(told.contains(" examples, 3 from files, "), "{told}");
    let report = fs::read_to_string(directory.path().join("r")).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    let outcome = &report["outcomes"][0];
    assert_eq!(outcome["from_files"], 3);
    let file = |name: &str| serde_json::json!({"file": name, "scenarios": 1, "broke": [], "not_run": []});
    assert_eq!(outcome["files"], serde_json::json!([file("one/a.scn"), file("one/b.scn"), file("two/c.scn")]));
}

#[test]
fn a_file_that_breaks_a_clause_is_named_and_so_is_one_that_cannot_be_run() {
    let files = [("cases/good.scn", GOOD), ("cases/quirk.scn", QUIRK), ("cases/wait.scn", "dispatcher d\npoll d:r\n")];
    let directory = directory(&files);
    let output = run(directory.path(), "run SUBJECT --strict --scenarios cases --exclude PREFIX-1");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    insta::assert_snapshot!(lines(&stdout(&output), "File").join("\n"));
}

#[test]
fn a_file_that_is_the_smallest_is_where_the_scenario_comes_from() {
    let directory = directory(&[("cases/quirk.scn", "find_prefix_at_end \"\" \"\"\n")]);
    let output = run(directory.path(), "run SUBJECT --strict --scenarios cases");
    let told = stdout(&output);
    assert!(told.contains("comes from the file `cases/quirk.scn`"), "{told}");
}

#[test]
fn a_broken_file_is_told_of_and_the_others_are_run() {
    let files = [
        ("cases/a.scn", "chat c\n\nrecieve c \"a\"\n"),
        ("cases/b.scn", "chat c\nrecv c \"a\"\nrecv d \"a\"\n"),
        ("cases/c.scn", GOOD),
        ("cases/d.scn", "chat c\n"),
    ];
    let directory = directory(&files);
    let output =
        run(directory.path(), "run --profile py27 --cases 1 --filter PREFIX-1 --scenarios cases --report json=r");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output));
    assert!(stdout(&output).contains(", 1 from files"), "{}", stdout(&output));
    let report = fs::read_to_string(directory.path().join("r")).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    assert_eq!((&report["status"], &report["complete"]), (&"not_done".into(), &true.into()));
    assert_eq!(report["unreadable"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["unreadable"][0]["file"], "cases/a.scn");
}

#[rstest]
#[case::absent("run --scenarios absent", "cannot be read")]
#[case::empty("run --scenarios empty", "there is no scenario in `empty`")]
#[case::no_folder("run --scenarios file", "name a folder")]
#[case::save_in_a_file("run --save file", "name a folder in place of `file`")]
#[case::save_below_a_file("run --save file/cases", "name a folder in place of `file/cases`")]
fn a_folder_that_cannot_be_used_is_refused(#[case] line: &str, #[case] expected: &str) {
    let directory = directory(&[("empty/note", "x"), ("file", "x")]);
    let output = run(directory.path(), line);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()));
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}

#[test]
fn a_draft_of_deviations_excuses_everything_and_nothing_else() {
    let directory = directory(&[]);
    let output = run(directory.path(), "run SUBJECT --write-deviations known.toml");
    assert_eq!(lines(&stdout(&output), "Deviations"), ["Deviations known.toml"], "{}", stderr(&output));
    insta::assert_snapshot!(
        fs::read_to_string(directory.path().join("known.toml"))
            .expect("it is there")
            .replace(&example("fake_subject").display().to_string(), "fake_subject")
    );
    assert_eq!(run(directory.path(), "run SUBJECT --strict").status.code(), Some(1));
    let with = run(directory.path(), "run SUBJECT --strict --deviations known.toml");
    assert_eq!(with.status.code(), Some(0), "{}", stdout(&with));
    let again = run(directory.path(), "run SUBJECT --write-deviations known.toml");
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("overwrites nothing"), "{}", stderr(&again));
}

const ALTERED: &str = "[[deviation]]\nclause = \"PREFIX-5\"\nreason = \"found nowhere\"\nchange = \"altered\"\n";

#[test]
fn a_draft_of_deviations_keeps_the_change_that_the_subject_follows() {
    let directory = directory(&[("known.toml", &format!("{ALTERED}event = \"->\"\nto = \"0\"\n"))]);
    let output = run(directory.path(), "run SUBJECT --strict --deviations known.toml --write-deviations draft.toml");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let draft = fs::read_to_string(directory.path().join("draft.toml")).expect("it is there");
    assert!(draft.contains("change = \"altered\"\nevent = \"->\"\nto = \"0\"\n"), "{draft}");
    let again = run(directory.path(), "run SUBJECT --strict --deviations draft.toml");
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
}

#[test]
fn who_does_not_follow_the_change_fails_and_can_see_it_again() {
    let directory = directory(&[("known.toml", &format!("{ALTERED}to = \"7\"\n"))]);
    let output = run(directory.path(), "run SUBJECT --deviations known.toml");
    let report = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(
        report.contains("The deviations file says `PREFIX-5 altered to 7`; the subject does not do that."),
        "{report}"
    );
    assert!(report.contains("--deviations known.toml <<'END'"), "{report}");
    fs::write(directory.path().join("a.scn"), "find_prefix_at_end \"\" \"\"\n").expect("there is room");
    let line = format!("replay a.scn --subject 'cmd:{}' --deviations known.toml", example("fake_subject").display());
    let again = run(directory.path(), &line);
    assert_eq!(again.status.code(), Some(1), "{}", stdout(&again));
}

#[test]
fn a_change_that_nothing_showed_is_unexcused() {
    let text = "[[deviation]]\nclause = \"PREFIX-1\"\nreason = \"x\"\nchange = \"doubled\"\n";
    let directory = directory(&[("known.toml", text)]);
    let output = run(directory.path(), "run SUBJECT --deviations known.toml");
    assert_eq!(output.status.code(), Some(1));
    let report = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "UNEXCUSED: listed in the deviations file, but no scenario showed `PREFIX-1 doubled`, although the file says: x";
    assert!(report.contains(said), "{report}");
}

#[test]
fn a_draft_of_deviations_is_about_one_subject() {
    let directory = directory(&[]);
    let output = run(directory.path(), "run --cases 0 --write-deviations known.toml");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("3 were judged"), "{}", stderr(&output));
    assert!(names(directory.path()).is_empty());
}
