//! The command `run`, on the reference.

use std::fs;

use tempfile::TempDir;

use crate::{program, run, stderr, stdout};

/// Runs the reference against the clauses on prefixes, with a deviations file.
#[track_caller]
fn run_with_deviations(text: &str) -> (Option<i32>, String) {
    let directory = TempDir::new().expect("there is room");
    let file = directory.path().join("known.toml");
    fs::write(&file, text).expect("there is room");
    let mut command = program(["run", "--profile", "py27", "--cases", "20", "--filter", "PREFIX-*", "--deviations"]);
    let output = command.arg(&file).output().expect("the program starts");
    (output.status.code(), stdout(&output))
}

#[test]
fn the_reference_is_judged_under_every_profile() {
    let output = run("run --cases 5 --filter PREFIX-1");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let summary: Vec<_> = text.lines().skip_while(|line| *line != "Summary").collect();
    insta::assert_snapshot!(summary.join("\n"));
}

#[test]
fn what_is_not_a_terminal_gets_no_colours() {
    let text = stdout(&run("run --cases 5 --profile py27"));
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn colours_can_be_forced_and_refused() {
    let coloured = |name: &str| {
        let output = program(["explain", "PREFIX-1"]).env(name, "1").output().expect("the program starts");
        stdout(&output).contains('\u{1b}')
    };
    assert!(coloured("CLICOLOR_FORCE"));
    assert!(!coloured("NO_COLOR"));
}

#[test]
fn excluded_clauses_are_counted() {
    let text = stdout(&run("run --cases 5 --profile py27 --filter 'PREFIX-*' --exclude prefix-2"));
    let prefix = text.lines().find(|line| line.trim_start().starts_with("PREFIX")).unwrap_or_default();
    assert!(prefix.contains(" 1 excluded"), "{text}");
}

#[test]
fn a_run_in_which_nothing_is_executed_is_not_done() {
    // The reference has no Python values.
    let output = run("run --profile py27 --filter PREFIX-6");
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("0 clauses were executed"));
}

#[test]
fn a_listed_deviation_that_is_none_falls_short() {
    let (status, text) = run_with_deviations("[[deviation]]\nclause = \"PREFIX-1\"\nreason = \"it counts from 1\"\n");
    assert_eq!(status, Some(1));
    let said: Vec<_> = text.lines().skip_while(|line| !line.starts_with("UNEXCUSED")).take(2).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn too_few_executed_clauses_fall_short() {
    let (status, text) = run_with_deviations("executed = 1000\n");
    assert_eq!(status, Some(1));
    assert!(text.contains("demands at least 1000"), "{text}");
}

#[test]
fn a_seed_that_was_taken_at_random_can_be_used_again() {
    let first = stdout(&run("run --cases 5 --profile py27 --filter 'INPUT-*' --seed random"));
    let seed = first.lines().find_map(|line| line.split_once(", seed ")).expect("the seed is told").1.to_owned();
    let again = stdout(&run(&format!("run --cases 5 --profile py27 --filter 'INPUT-*' --seed {seed}")));
    let steady =
        |text: &str| text.lines().filter(|line| !line.starts_with("Checks")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(steady(&first), steady(&again));
}

#[test]
fn a_report_for_programs_is_written() {
    let directory = TempDir::new().expect("there is room");
    let file = directory.path().join("report.json");
    let report = format!("json={}", file.display());
    let output = program(["run", "--cases", "5", "--filter", "PREFIX-*", "--report", &report])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = fs::read_to_string(&file).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&text).expect("the report is JSON");
    assert_eq!(
        (report["format"].as_u64(), report["complete"].as_bool(), report["status"].as_str()),
        (Some(1), Some(true), Some("held"))
    );
    assert_eq!(report["outcomes"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_subject_that_cannot_be_used_does_not_cost_the_others_their_report() {
    let directory = TempDir::new().expect("there is room");
    let file = directory.path().join("report.json");
    let report = format!("json={}", file.display());
    let words = ["run", "--profile", "py27", "--cases", "5", "--filter", "PREFIX-*", "--report", &report];
    let subjects = ["--subject", "cmd:no-such-program-anywhere", "--subject", "reference"];
    let output = program(words.into_iter().chain(subjects)).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("Verdict    HELD"));
    let text = fs::read_to_string(&file).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&text).expect("the report is JSON");
    assert_eq!(report["outcomes"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["unusable"][0]["subject"], "cmd:no-such-program-anywhere");
    assert_eq!(report["status"], "not_done");
}
