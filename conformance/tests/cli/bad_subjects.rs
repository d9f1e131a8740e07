//! Subjects with bad sockets, from end to end: what they did is named in the report, and nothing passes by it.

use std::process::Output;

use rstest::rstest;

use crate::programs::example;
use crate::{program, stderr, stdout};

/// Runs the suite against the line server with a fault, on framing alone.
fn run(arguments: &str, options: &[&str]) -> Output {
    let subject = format!("cmd:{} {arguments}", example("line_server").display());
    let mut command = program(["run", "--cases", "3", "--filter", "INPUT-1", "--subject", &subject]);
    command.args(options).output().expect("the program starts")
}

/// Gives what is said of a clause that was not executed, or was in error, without the breaks of lines.
fn told(output: &Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn nothing_passed(output: &Output) {
    let text = told(output);
    assert!(text.contains(": 0 passed, 0 failed,"), "{text}");
    assert!(!stderr(output).contains("panicked"), "{}", stderr(output));
}

#[rstest]
#[case::dead("dies in the middle", "ERROR: the subject failed: it ended with exit status 7")]
#[case::stalled("stalls in the middle of a line", "ERROR: the subject failed: it gave no answer within 500ms")]
fn a_subject_that_fails_is_in_error(
    #[case] fault: &str,
    #[case] expected: &str,
    #[values("pass", "settle", "free")] loops: &str,
) {
    let output = run(&format!("{loops} '{fault}'"), &["--timeout", "0.5"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(told(&output).contains(expected), "{}", stdout(&output));
    nothing_passed(&output);
}

/// Its peers wait for it in vain, which takes time; so it is one loop alone.
#[test]
fn a_subject_that_never_connects_is_in_error() {
    let output = run("pass 'ignores its port'", &[]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    let expected = "ERROR: the subject failed: `c` did not connect to the place that it was told, an address of IPv4";
    assert!(told(&output).contains(expected), "{}", stdout(&output));
    nothing_passed(&output);
}

#[rstest]
#[case::unix("claims the Unix domain")]
#[case::ipv6("claims IPv6")]
fn what_a_subject_claims_and_refuses_is_told(#[case] fault: &str) {
    let output = run(&format!("pass '{fault}'"), &[]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    let text = told(&output);
    let refused = " although what they need was declared: there is nothing but IPv4";
    // A machine may lack IPv6, which then is what is told.
    assert!(text.contains(refused) || text.contains("no IPv6 on this machine"), "{text}");
    assert!(text.contains("0 clauses were executed"), "{text}");
    nothing_passed(&output);
}
