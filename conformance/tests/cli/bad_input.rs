//! Whatever is wrong with the command line or a file is said in one message, with the remedy, and the exit status is 2.

use std::fs;

use rstest::{Context, rstest};
use tempfile::TempDir;

use crate::{program, stderr, stdout};

/// Runs a command line in a directory with some files.
fn refused(line: &str, files: &[(&str, &str)]) -> String {
    let directory = TempDir::new().expect("there is room");
    for (name, text) in files {
        fs::write(directory.path().join(name), text).expect("there is room");
    }
    let words = shlex::split(line).expect("the quotes are closed");
    let output = program(words).current_dir(directory.path()).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    stderr(&output)
}

#[rstest]
#[case::unknown_command("runn")]
#[case::unknown_option("run --filtre INPUT-1")]
#[case::unknown_subject("run --subject refrence")]
#[case::bare_interpreter("run --subject python3")]
#[case::bare_program("run --subject ./adapter")]
#[case::unknown_kind_of_subject("run --subject pyton:python3")]
#[case::no_interpreter("run --subject python:")]
#[case::no_command_line("run --subject 'cmd: '")]
#[case::open_quote(r#"run --subject "cmd:adapter 'x""#)]
#[case::no_such_program("run --subject cmd:no-such-program-anywhere")]
#[case::no_such_interpreter("run --subject python:no-such-python")]
#[case::not_a_subject("run --subject cmd:true")]
#[case::unknown_profile("run --profile py26")]
#[case::filter_without_match("run --filter INPT-7")]
#[case::filter_with_bare_area("run --filter INPUT")]
#[case::exclude_without_match("run --exclude FIFO-99")]
#[case::filter_no_glob("run --filter 'INPUT-[1'")]
#[case::nothing_left("run --filter FIFO-1 --exclude 'FIFO-*'")]
#[case::cases("run --cases many")]
#[case::seed("run --seed rnadom")]
#[case::timeout("run --timeout -1")]
#[case::report_without_file("run --report json")]
#[case::report_empty_file("run --report json=")]
#[case::unknown_report_format("run --report jsn=out.json")]
#[case::unwritable_report("run --report json=missing/out.json")]
#[case::transcript_of_reference("run --transcript lines.txt")]
#[case::two_transcripts("run --subject cmd:true --subject cmd:false --transcript lines.txt")]
#[case::module_of_reference("run --module asyncore=mine")]
#[case::module_without_role("run --subject python:python3 --module mine")]
#[case::adapter_of_reference("run --adapter mine.py")]
#[case::missing_adapter("run --subject python:python3 --adapter mine.py")]
#[case::missing_deviations("run --deviations known.toml")]
#[case::unknown_area("list --area INPTU")]
#[case::unknown_clause("explain INPUT-777")]
#[case::missing_scenario("replay no-such.scn")]
#[case::missing_file("replay --subject cmd:true")]
#[case::missing_recording("recheck no-such.jsonl")]
#[case::recheck_without_file("recheck")]
#[case::recording_without_file("run --report record=")]
#[case::evidence_of_reference("run --evidence .")]
#[case::evidence_without_folder("run --subject cmd:true --evidence missing")]
#[case::selftest_to_a_missing_folder("selftest --markdown missing/page.md")]
#[case::evidence_of_some_clauses("run --subject cmd:true --evidence . --filter FIFO-1")]
fn the_command_line_is_refused(#[context] context: Context, #[case] line: &str) {
    insta::assert_snapshot!(name(&context), refused(line, &[]));
}

#[rstest]
#[case::malformed_toml("executed = ")]
#[case::unknown_key("executed = 3\nexpected = 4\n")]
#[case::unknown_key_of_entry("[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nlinks = \"y\"\n")]
#[case::deviating_from_nothing("[[deviation]]\nclause = \"FIFO-777\"\nreason = \"x\"\n")]
#[case::empty_reason("[[deviation]]\nclause = \"FIFO-1\"\nreason = \" \"\n")]
#[case::unknown_change("[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nchange = \"missing\"\n")]
#[case::altered_to_nothing("[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nchange = \"altered\"\n")]
#[case::altered_to_no_value(
    "[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nchange = \"altered\"\nto = \"seven\"\n"
)]
#[case::dropped_to_something("[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nchange = \"dropped\"\nto = \"7\"\n")]
#[case::unknown_event(
    "[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nchange = \"dropped\"\nevent = \"handle_all\"\n"
)]
#[case::event_without_change("[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\nevent = \"handle_read\"\n")]
#[case::no_reason("[[deviation]]\nclause = \"FIFO-1\"\n")]
#[case::listed_twice(
    "[[deviation]]\nclause = \"FIFO-1\"\nreason = \"x\"\n\n[[deviation]]\nclause = \"FIFO-1\"\nreason = \"y\"\n"
)]
#[case::negative_floor("executed = -1\n")]
fn a_deviations_file_is_refused(#[context] context: Context, #[case] text: &str) {
    let message = refused("run --deviations known.toml", &[("known.toml", text)]);
    insta::assert_snapshot!(name(&context), message);
}

#[rstest]
#[case::not_a_step("chat c\nrecieve c \"a\"\n")]
#[case::no_such_channel("chat c\nrecv d \"a\"\n")]
#[case::malformed_json("{\"setup\": [], \"steps\": [}")]
#[case::no_step("chat c\n")]
#[case::misspelt_option(r#"{"setup": [{"is": "chat", "name": "c", "terminater": {"type": "none"}}], "steps": [{"do": "close", "chan": "c"}]}"#)]
#[case::not_a_trace("chat c\nrecv c \"a\"\n----\nc.collects \"a\"\n")]
fn a_scenario_is_refused(#[context] context: Context, #[case] text: &str) {
    insta::assert_snapshot!(name(&context), refused("replay story.scn", &[("story.scn", text)]));
}

#[rstest]
#[case::recording_is_none("{\"format\": 1}\n")]
#[case::recording_is_empty("")]
#[case::recording_of_another_format("{\"recording\":{\"format\":7,\"tool\":\"9.1.0\"}}\n{\"end\":{}}\n")]
#[case::recording_cut_short(
    "{\"recording\":{\"format\":1,\"tool\":\"0.1.0\",\"spec\":\"0.1\",\"digest\":\"0123456789abcdef\"}}\n"
)]
fn a_recording_is_refused(#[context] context: Context, #[case] text: &str) {
    insta::assert_snapshot!(name(&context), refused("recheck run.jsonl", &[("run.jsonl", text)]));
}

/// Names a snapshot after its case.
fn name(context: &Context) -> String {
    context.description.unwrap_or("case").to_owned()
}
