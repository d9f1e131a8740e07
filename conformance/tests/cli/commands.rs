//! `list`, `explain` and `replay`.

use rstest::rstest;

use crate::{program, run, run_with, stderr, stdout};

const SPLIT: &str = "\
chat c terminator \"\\r\\n\"
recv c \"GET /\\r\"
recv c \"\\n\"
";

#[test]
fn list_gives_one_line_for_each_clause() {
    insta::assert_snapshot!(stdout(&run("list --area prefix --profile py27")));
}

#[test]
fn list_gives_details_when_asked() {
    insta::assert_snapshot!(stdout(&run("list --area PREFIX --profile py25 --long")));
}

#[test]
fn list_holds_every_clause() {
    let standing = asyncore_spec::clause::clauses().len();
    assert_eq!(stdout(&run("list")).lines().count(), standing);
}

#[test]
fn explain_shows_a_clause_whatever_its_capitals() {
    insta::assert_snapshot!(stdout(&run("explain Prefix-1")));
}

#[test]
fn explain_gives_one_line_to_be_cited() {
    insta::assert_snapshot!(stdout(&run("explain PREFIX-1 --cite")));
}

#[test]
fn replay_shows_the_model_beside_the_subject() {
    let scenario = format!("{SPLIT}----\nc.collect_incoming_data \"GET /\"\nc.found_terminator\n");
    let output = run_with("replay - --profile py311", &scenario);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn replay_says_when_the_model_disagrees_with_the_file() {
    let scenario = format!("{SPLIT}----\nc.collect_incoming_data \"GET /\\r\\n\"\n");
    let output = run_with("replay - --profile py311", &scenario);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let said: Vec<_> = text.lines().skip_while(|line| !line.starts_with("The trace in the file")).take(2).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn replay_shows_the_reference_under_every_profile() {
    let text = stdout(&run_with("replay -", SPLIT));
    let models: Vec<_> = text.lines().filter(|line| line.contains("model, py")).collect();
    assert_eq!(models.len(), 3, "{text}");
}

#[test]
fn replay_takes_json() {
    let scenario: asyncore_spec::scenario::Scenario = SPLIT.parse().expect("the scenario is right");
    let json = serde_json::to_string(&scenario).expect("a scenario is plain data");
    assert_eq!(stdout(&run_with("replay -", &json)), stdout(&run_with("replay -", SPLIT)));
}

#[test]
fn replay_does_not_run_what_a_subject_lacks() {
    let output = run_with("replay - --profile py27", "chat c terminator none\npush c text \"a\"\n");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stdout(&output));
}

#[rstest]
#[case("list")]
#[case("explain PREFIX-1")]
#[case("run --cases 1")]
#[case("run --help")]
fn a_reader_who_goes_away_is_no_trouble(#[case] line: &str) {
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    let words = shlex::split(line).expect("the quotes are closed");
    let output = program(words).stdout(writer).output().expect("the program starts");
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}
