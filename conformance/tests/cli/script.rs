//! `replay --script`. What such a program does is tested where there are interpreters.

use asyncore_conformance::script::{PROFILES, script};
use asyncore_spec::clause::clauses;
use rstest::rstest;

use crate::{run, run_with, stderr, stdout};

const STORY: &str = "\
map m
socket s fd 7
dispatcher l no_socket
dispatcher on socket s map m later reads 4
chat c terminator \"\\r\\n\"
producer p \"a'b\" none
sends c 1 EAGAIN all
replies l accept s none EMFILE
on l.handle_accept 1: accept l; construct on; return
on c.found_terminator 1: push c \"ok\"; raise os EPIPE
create_socket l inet stream
listen l 5
poll l:r
poll2 map m timeout 1500ms on:rh
loop timeout none count 1.5 | c:w | fails EBADF
recv c \"it's\\r\\n\"
push_with_producer c p
recv on EOF
";

/// Gives what a program has of its own.
fn own(text: &str) -> &str {
    text.split_once("# What is set up\n").expect("something is set up").1
}

#[test]
fn a_scenario_becomes_a_program() {
    let output = run_with("replay - --script --profile py311", STORY);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.is_ascii(), "Python 2 reads nothing else without being told");
    insta::assert_snapshot!(own(&text));
}

#[rstest]
#[case::that_differ("chat c\nrecv c \"a\"\n", 2)]
#[case::that_agree("find_prefix_at_end \"ab\" \"bc\"\n", 1)]
fn without_a_profile_each_python_is_held_to_its_own(#[case] scenario: &str, #[case] expected: usize) {
    let output = run_with("replay - --script", scenario);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output).matches("expected = r\"\"\"").count(), expected);
}

#[rstest]
#[case::real_sockets("over tcp4\nchat c\npush c \"a\"\npeer c reads 1\n", "the line `over tcp4`")]
#[case::text_beyond_ascii("dispatcher d\nlog d \"\\xc3\\xa9\"\n", "the line `log d \"\\xc3\\xa9\"`")]
fn what_cannot_be_written_is_named(#[case] scenario: &str, #[case] expected: &str) {
    let output = run_with("replay - --script", scenario);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()));
    let said = stderr(&output);
    assert!(said.contains(expected) && said.contains("without `--script`"), "{said}");
}

#[test]
fn a_program_takes_no_subject() {
    let output = run("replay story.scn --script --subject python:python3");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--subject"), "{}", stderr(&output));
}

/// At least so many of a hundred examples can be written.
const LEAST: usize = 99;

#[test]
fn nearly_every_example_can_be_written() {
    let examples = || clauses().iter().flat_map(|clause| &clause.examples);
    let written = examples().filter(|example| script(&example.scenario, PROFILES).is_ok()).count();
    assert!(written * 100 >= examples().count() * LEAST, "{written} of {}", examples().count());
}
