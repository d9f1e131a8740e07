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

#[cfg(unix)]
#[test]
fn replay_shows_what_the_peer_read() {
    let output = run_with("replay - --profile py311", "over tcp4\nchat c\npush c \"abc\"\npeer c reads 3\n");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(text.matches("c.peer \"abc\"").count(), 2, "{text}");
}

#[cfg(unix)]
#[rstest]
#[case::all("", &["over tcp4", "over unix"])]
#[case::one("--over unix", &["over unix"])]
fn replay_takes_a_scenario_for_several_transports(#[case] option: &str, #[case] expected: &[&str]) {
    let scenario = "# over tcp4 unix\n# A comment.\nchat c\npush c $some\npeer c reads 5000\n";
    let output = run_with(&format!("replay - --profile py311 {option}"), scenario);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let over: Vec<_> = text.lines().map(str::trim).filter(|line| line.starts_with("over ")).collect();
    assert_eq!(over, expected);
}

#[cfg(unix)]
#[test]
fn replay_brings_a_scenario_over_a_transport() {
    let output = run_with("replay - --profile py311 --over tcp4", "chat c\npush c \"a\"\npeer c reads 1\n");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[rstest]
#[case::placeholder("", "chat c\npush c $some\n", "say which by `--over`")]
#[case::other("--over udp", "# over tcp4 unix\nchat c\npush c $some\n", "its first line says `# over tcp4 unix`")]
#[case::twice("--over tcp4", "over unix\nchat c\npush c \"a\"\n", "a line `over` of its own")]
fn replay_says_how_to_name_a_transport(#[case] option: &str, #[case] scenario: &str, #[case] expected: &str) {
    let output = run_with(&format!("replay - {option}"), scenario);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
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
