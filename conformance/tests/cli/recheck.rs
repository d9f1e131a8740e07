//! The command `recheck`, and what `run` writes for it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{program, programs, stderr, stdout};

/// Runs the suite on one of the example subjects, and records it to `run.jsonl` and `run.json` in a folder.
fn record(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = program(["run", "--report", "record=run.jsonl", "--report", "json=run.json", "--cases", "10"]);
    let output = command.args(arguments).current_dir(folder).output().expect("the program starts");
    assert_eq!(stderr(&output), "");
    (output.status.code(), stdout(&output))
}

/// Judges the recording in a folder again, where no program can be found.
fn recheck(folder: &Path) -> (Option<i32>, String) {
    let mut command = program(["recheck", "run.jsonl", "--report", "json=again.json"]);
    let output = command.env("PATH", "").current_dir(folder).output().expect("the program starts");
    assert_eq!(stderr(&output), "");
    (output.status.code(), stdout(&output))
}

#[track_caller]
fn is_the_same(arguments: &[&str], status: i32) {
    let directory = TempDir::new().expect("there is room");
    let folder = directory.path();
    let (code, report) = record(folder, arguments);
    assert_eq!(code, Some(status), "{report}");
    let (code, again) = recheck(folder);
    assert_eq!(code, Some(status), "{again}");
    let rest = again.strip_prefix(&report).unwrap_or_else(|| panic!("{again}\n\nis not\n\n{report}"));
    assert!(rest.starts_with("\nJudged again, by the same clauses: spec 0.1, digest "), "{rest}");
    assert!(rest.ends_with("\n  Every verdict is what it was.\n"), "{rest}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("the report is there");
    assert_eq!(read("run.json"), read("again.json"));
}

#[test]
fn a_run_of_several_subjects_is_judged_again_to_the_letter() {
    is_the_same(&["--filter", "INPUT-*", "--strict"], 0);
}

#[test]
fn a_run_that_falls_short_is_judged_again_to_the_letter() {
    let directory = TempDir::new().expect("there is room");
    // The program is taken away before the recording is judged.
    let path = directory.path().join("a subject");
    fs::copy(programs::example("line_server"), &path).expect("there is room");
    let subject = format!("cmd:'{}' pass 'loses a byte'", path.display());
    is_the_same(&["--subject", &subject], 1);
}

#[test]
fn a_subject_that_could_not_be_used_is_not_forgotten() {
    let directory = TempDir::new().expect("there is room");
    let folder = directory.path();
    let subjects = ["--subject", "reference", "--profile", "py27", "--subject", "cmd:no-such-program-anywhere"];
    let words = ["run", "--report", "record=run.jsonl", "--cases", "2", "--filter", "PREFIX-1"];
    let run = |words: &[&str]| program(words).current_dir(folder).output().expect("the program starts");
    let recorded = run(&[&words[..], &subjects].concat());
    let again = run(&["recheck", "run.jsonl"]);
    assert_eq!((recorded.status.code(), again.status.code()), (Some(2), Some(2)));
    assert_eq!(stderr(&recorded), stderr(&again));
    assert!(stdout(&again).starts_with(&stdout(&recorded)), "{}", stdout(&again));
}

#[test]
fn a_changed_spec_is_said_to_be_one() {
    let directory = TempDir::new().expect("there is room");
    let folder = directory.path();
    record(folder, &["--profile", "py27", "--filter", "PREFIX-1"]);
    let file = folder.join("run.jsonl");
    let text = fs::read_to_string(&file).expect("the recording is there");
    let now = asyncore_conformance::digest::of_spec().to_string();
    fs::write(&file, sealed(&text.replace(&now, "00000000000000aa"))).expect("there is room");
    let (code, text) = recheck(folder);
    assert_eq!(code, Some(0), "{text}");
    let said = "Judged again, the spec has changed since: it was 0.1, digest 00000000000000aa, of";
    assert!(text.contains(said) && text.contains("Every verdict is what it was."), "{text}");
}

/// Writes the last line of a recording anew.
fn sealed(text: &str) -> String {
    let (body, _) = text.trim_end().rsplit_once('\n').expect("there are lines");
    let body = format!("{body}\n");
    let mut digest = asyncore_conformance::digest::Digest::default();
    digest.add(body.as_bytes());
    format!("{body}{{\"end\":{{\"lines\":{},\"digest\":\"{digest}\"}}}}\n", body.lines().count())
}

#[test]
fn evidence_is_written_by_the_program() {
    let directory = TempDir::new().expect("there is room");
    let folder = directory.path();
    let subject = format!("cmd:'{}' pass 'sends twice'", programs::example("line_server").display());
    let words = ["run", "--cases", "5", "--evidence", ".", "--subject", &subject];
    let output = program(words).current_dir(folder).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let files: Vec<_> = fs::read_dir(folder).expect("it is there").flatten().map(|entry| entry.path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    let name = file.file_name().and_then(|name| name.to_str()).expect("it has a name");
    let text = fs::read_to_string(file).expect("it is text");
    let evidence =
        asyncore_conformance::evidence::Evidence::parse(name, &text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(evidence.file, name);
    assert!(evidence.broken.contains_key("OUTPUT-1") && evidence.held.contains_key("INPUT-1"), "{text}");
}

#[test]
fn a_subject_that_follows_a_change_is_judged_again_by_it() {
    let directory = TempDir::new().expect("there is room");
    let folder = directory.path();
    let text =
        "[[deviation]]\nclause = \"PREFIX-5\"\nreason = \"x\"\nchange = \"altered\"\nevent = \"->\"\nto = \"0\"\n";
    fs::write(folder.join("known.toml"), text).expect("there is room");
    let subject = format!("cmd:'{}'", programs::example("fake_subject").display());
    let (code, report) = record(folder, &["--strict", "--deviations", "known.toml", "--subject", &subject]);
    assert_eq!(code, Some(0), "{report}");
    fs::remove_file(folder.join("known.toml")).expect("it is there");
    let (code, again) = recheck(folder);
    assert_eq!(code, Some(0), "{again}");
    assert!(again.starts_with(&report) && again.ends_with("\n  Every verdict is what it was.\n"), "{again}");
}
