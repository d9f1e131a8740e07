//! A machine that lacks something: named in the report with the remedy if there is one, never a failure of a clause.

use std::process::{Command, Output};

use rstest::rstest;
use tempfile::TempDir;

use crate::programs::example;
use crate::{run_with, stderr, stdout};

const SUITE: &str = "run --profile py311 --cases 10";

/// Gives a command of a shell that becomes the program, after it has done something else.
fn shell(before: &str, line: &str) -> Command {
    let program = env!("CARGO_BIN_EXE_asyncore-conformance");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{before} && exec '{program}' {line}")]);
    command
}

fn output(mut command: Command) -> Output {
    command.output().expect("there is a shell")
}

/// Gives what was said, without the breaks of lines.
fn told(output: &Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes sure that no clause was found broken, and that a word was said of why not all was done.
#[track_caller]
fn lacks(output: &Output, expected: &[&str]) {
    let text = told(output);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{:?} {text} {}", output.status, stderr(output));
    assert!(text.contains(" passed, 0 failed,"), "{text}");
    // What the machine lacks for the peer is no fault of the subject.
    assert!(!text.contains("nobody can connect to where it says"), "{text}");
    assert!(expected.iter().any(|expected| text.contains(expected)), "{text}");
    assert_eq!(output.status.code() == Some(1), text.contains("ERROR:"), "{text}");
}

/// From so few that the peer has none to so many that only the scenarios with the most connections lack one.
#[rstest]
fn descriptors_run_out(#[values(6, 8, 10, 12, 14)] most: u32) {
    let output = output(shell(&format!("ulimit -n {most}"), SUITE));
    lacks(&output, &["run out of room", "Too many open files"]);
}

#[test]
fn no_descriptors_for_the_pipes_of_a_subject() {
    let line = format!("run --subject 'cmd:{}'", example("fake_subject").display());
    let output = output(shell("ulimit -n 6", &line));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot be started: Too many open files"), "{}", stderr(&output));
}

#[test]
fn a_temporary_directory_whose_name_is_too_long_for_sockets() {
    let above = TempDir::new().expect("there is room");
    let long = above.path().join("x".repeat(120));
    std::fs::create_dir(&long).expect("there is room");
    let output = output({
        let mut command = shell("true", SUITE);
        command.env("TMPDIR", &long);
        command
    });
    lacks(&output, &["Unsupported:"]);
    assert!(told(&output).contains("set TMPDIR to a directory with a shorter name"), "{}", stdout(&output));
    assert_eq!(std::fs::read_dir(&long).expect("it is there").count(), 0);
}

#[test]
fn a_temporary_directory_that_is_not_there_is_named_once() {
    let output = output({
        let mut command = shell("true", SUITE);
        command.env("TMPDIR", "/no/such/directory");
        command
    });
    let expected = "no temporary directory can be made in `/no/such/directory`: entity not found; set TMPDIR";
    lacks(&output, &[expected]);
    assert_eq!(told(&output).matches(expected).count(), 1, "{}", stdout(&output));
}

/// Networks of one's own, which Linux gives to everybody where nobody has forbidden it.
#[cfg(target_os = "linux")]
mod network {
    use super::*;

    /// Runs a command line in a network that has been prepared; nothing where there can be none.
    fn within(prepare: &str, line: &str) -> Option<Output> {
        let unshare = |command: &Command| {
            let mut unshared = Command::new("unshare");
            unshared.args(["--map-root-user", "--net", "--"]).arg(command.get_program()).args(command.get_args());
            unshared
        };
        let able = unshare(Command::new("sh").args(["-c", prepare])).output().is_ok_and(|it| it.status.success());
        if !able {
            eprintln!("passed over: this machine gives nobody a network of one's own");
            return None;
        }
        Some(output(unshare(&shell(prepare, line))))
    }

    const UP: &str = "ip link set lo up";

    #[rstest]
    fn ports_run_out(#[values(1, 2, 4, 10)] ports: u32) {
        let range = format!("40000 {}", 39999 + ports);
        let prepare = format!("{UP} && echo '{range}' > /proc/sys/net/ipv4/ip_local_port_range");
        let Some(output) = within(&prepare, SUITE) else { return };
        lacks(&output, &["run out of room", "Cannot assign requested address"]);
    }

    #[test]
    fn a_peer_that_cannot_be_reached() {
        let Some(output) = within("true", SUITE) else { return };
        lacks(&output, &["ERROR: the subject failed: the set-up raised: OSError: Network is unreachable"]);
    }

    #[test]
    fn ipv6_is_absent() {
        let prepare = format!("{UP} && echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6");
        let Some(output) = within(&prepare, SUITE) else { return };
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));

        // Whoever claims it all the same does not pass by it.
        let subject = format!("'cmd:{} pass \"claims IPv6\"'", example("line_server").display());
        let line = format!("run --cases 3 --filter INPUT-1 --subject {subject}");
        let Some(output) = within(&prepare, &line) else { return };
        let text = told(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains("no IPv6 on this machine: Cannot assign requested address"), "{text}");
        assert!(text.contains(": 0 passed, 0 failed,"), "{text}");
    }
}

/// What a replay shows of a scenario that needs more than the subject has.
#[test]
fn a_scenario_over_what_the_subject_refuses() {
    let subject = format!("cmd:{} \"claims IPv6\"", example("fake_sockets").display());
    let output = run_with(&format!("replay - --subject '{subject}'"), "over tcp6\ndispatcher c\nsend c \"x\"\n");
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    let text = told(&output);
    assert!(text.contains("there is nothing but IPv4") || text.contains("no IPv6 on this machine"), "{text}");
}
