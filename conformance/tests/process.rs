//! Subjects in processes of their own, above all bad ones: each is `examples/fake_subject` with another fault.

mod programs;

use std::fmt::Debug;
use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use asyncore_conformance::process::{Command, Limits, ProcessSubject, Start, StartError};
use asyncore_conformance::python::Python;
use asyncore_conformance::subject::{Run, Subject};
use asyncore_spec::feature::Feature;
use asyncore_spec::scenario::{Action, Scenario};
use asyncore_spec::trace::What;
use asyncore_spec::value::{Bytes, Value};
use programs::example;
use rstest::rstest;
use tempfile::TempDir;

/// For what is meant to be waited for in vain.
const SHORT: Duration = Duration::from_secs(1);
/// For what is not: only a machine that stands still gets there.
const LONG: Duration = Duration::from_secs(120);

/// Is a fake subject that can be started, and a place for what it leaves behind.
struct Fake {
    command: Command,
    scratch: TempDir,
}

impl Fake {
    fn with(arguments: &[&str]) -> Self {
        let scratch = TempDir::new().expect("there is a temporary directory");
        let mut command = Command::new("cmd:fake", example("fake_subject"));
        command.args = arguments.iter().map(Into::into).collect();
        command.environment = vec![("FAKE_SUBJECT_PIDS".into(), scratch.path().join("pids").into())];
        command.timeout = LONG;
        Self { command, scratch }
    }

    fn timeout(mut self, timeout: Duration) -> Self {
        self.command.timeout = timeout;
        self
    }

    fn limits(mut self, limits: Limits) -> Self {
        self.command.limits = limits;
        self
    }

    fn start(&self) -> Result<ProcessSubject, StartError> {
        ProcessSubject::start(self.command.clone())
    }

    #[track_caller]
    fn started(&self) -> ProcessSubject {
        self.start().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Gives the numbers of the processes that there were.
    fn pids(&self) -> Vec<i32> {
        let text = std::fs::read_to_string(self.scratch.path().join("pids")).unwrap_or_default();
        text.lines().map(|line| line.parse().expect("a number")).collect()
    }

    /// Makes sure that no process is left, not even as a zombie.
    #[track_caller]
    fn is_gone(&self) {
        let pids = self.pids();
        assert!(!pids.is_empty(), "no process was started");
        #[cfg(unix)]
        for pid in pids {
            let pid = rustix::process::Pid::from_raw(pid).expect("not zero");
            assert!(rustix::process::test_kill_process(pid).is_err(), "process {pid:?} is left");
        }
    }
}

/// Makes a scenario that looks for the end of `haystack` that begins CR LF.
fn scenario(haystack: &str) -> Scenario {
    let bytes = |text: &str| Value::Bytes { hex: Bytes::of(text) };
    let step = Action::FindPrefixAtEnd { haystack: bytes(haystack), needle: bytes("\r\n") };
    Scenario { setup: Vec::new(), steps: vec![step] }
}

/// Makes many scenarios, of which some are bad.
fn scenarios(count: usize, bad: &[usize]) -> Vec<Scenario> {
    (0..count).map(|index| scenario(if bad.contains(&index) { "bad" } else { "line\r" })).collect()
}

#[track_caller]
fn is_good(run: &Run) {
    let Run::Trace { trace, .. } = run else { panic!("{run:?}") };
    let result = What::Result { value: Value::Int { value: 1 } };
    assert_eq!(trace.steps.iter().flatten().map(|event| &event.what).collect::<Vec<_>>(), [&result]);
}

#[track_caller]
fn reason(run: &Run) -> &str {
    let Run::Error { reason, .. } = run else { panic!("not an error: {run:?}") };
    reason
}

#[track_caller]
fn why_given_up(run: &Run) -> &str {
    let Run::GivenUp { reason } = run else { panic!("not given up: {run:?}") };
    reason
}

#[track_caller]
fn is_refused<T: Debug>(result: Result<T, StartError>) -> StartError {
    result.expect_err("the subject must not be believed")
}

#[rstest]
#[case::good("is good", 0)]
#[case::one_at_a_time("takes one at a time", 0)]
#[case::all_at_once("takes all at once", 0)]
#[case::keeping_answers_back("keeps answers back", 0)]
#[case::more_than_a_pipe_holds("writes much", 0)]
#[case::much_on_standard_error("is noisy", 0)]
#[case::repeated_features("repeats its features", 0)]
#[case::error_instead_of_unsupported("says error", 0)]
fn a_good_subject_runs_everything(#[case] fault: &str, #[case] restarts: u32) {
    let fake = Fake::with(&[fault]);
    let mut subject = fake.started();
    assert_eq!(subject.identity().name, "fake subject");
    assert_eq!(subject.identity().features, [Feature::Prefix].into());
    for count in [100, 0, 1, 9] {
        let runs = subject.run(&scenarios(count, &[]));
        assert_eq!(runs.len(), count);
        runs.iter().for_each(is_good);
    }
    assert_eq!(subject.restarts(), restarts);
    drop(subject);
    assert_eq!(fake.pids().len(), 1);
    fake.is_gone();
}

#[test]
fn requests_larger_than_a_pipe_do_not_block() {
    let fake = Fake::with(&["writes much"]);
    let large = scenario(&"x".repeat(1 << 17));
    let runs = fake.started().run(&vec![large; 40]);
    assert!(runs.iter().all(|run| matches!(run, Run::Trace { .. })));
}

#[test]
fn what_is_printed_and_what_is_unsupported_is_passed_on() {
    let fake = Fake::with(&["writes much"]);
    let unsupported = Scenario { setup: Vec::new(), steps: vec![Action::Close { chan: "c".parse().expect("a name") }] };
    let runs = fake.started().run(&[scenario("\r"), unsupported]);
    assert!(matches!(&runs[0], Run::Trace { printed, .. } if printed.starts_with("much much")));
    assert!(matches!(&runs[1], Run::Unsupported { reason } if reason.contains("Close")));
}

#[rstest]
#[case::silent("is silent", SHORT, "it gave no answer within 1s; an adapter answers each line as soon as it is there")]
#[case::banner("prints a banner", LONG, "it wrote a line that is no answer: `Welcome! blah blah")]
#[case::dead("dies at once", LONG, "it ended with exit status 3; run the same command by hand")]
#[case::dead_with_a_message("dies at once", LONG, "\n    cannot open the frobnicator")]
#[case::nonce("has another nonce", LONG, "it gave back the nonce \"0123\"")]
#[case::old_protocol(
    "speaks the old protocol",
    LONG,
    "it speaks version 0 of the protocol, this program speaks version 1"
)]
#[case::strange_protocol("speaks a strange protocol", LONG, "it speaks version 99 of the protocol")]
#[case::no_hello(
    "does not know hello",
    LONG,
    "it gave `unsupported` to request 7 (`what?`) when an answer to `hello` was due"
)]
#[case::yes_sayer("says yes", LONG, "it answers ok to a step that does not exist")]
#[case::choking("chokes on nonsense", LONG, "asked for a step that does not exist, it ended with exit status 1")]
fn a_bad_start_is_explained(#[case] fault: &str, #[case] timeout: Duration, #[case] expected: &str) {
    let fake = Fake::with(&[fault]).timeout(timeout);
    let error = is_refused(fake.start());
    let text = error.to_string();
    assert!(text.starts_with("the subject `cmd:fake` cannot be used: "), "{text}");
    assert!(text.contains(expected), "{text}");
    assert_eq!(error.is_lie(), ["says yes", "has another nonce"].contains(&fault));
    fake.is_gone();
}

#[test]
fn only_the_beginning_of_garbage_is_shown() {
    let text = is_refused(Fake::with(&["prints a banner"]).start()).to_string();
    let shown = text.split('`').nth(3).expect("the garbage is quoted");
    assert_eq!(shown.chars().count(), 201, "{shown}");
    assert!(shown.ends_with('…'));
}

#[test]
fn a_missing_program_is_named() {
    for program in ["no-such-program", "/no/such/program"] {
        let error = is_refused(ProcessSubject::start(Command::new("cmd:it", program)));
        assert!(matches!(error.why, Start::NotFound { .. }), "{error}");
        assert!(
            error.to_string().contains(&format!("there is no program `{program}`; name one that is installed")),
            "{error}"
        );
    }
}

#[cfg(unix)]
#[rstest]
#[case::not_executable("", 0o644, "make it executable (chmod +x)")]
#[case::unknown_format("neither script nor program", 0o755, "make it executable (chmod +x)")]
#[case::no_interpreter("#!/no/such/interpreter\n", 0o755, "the interpreter that its first line names does not")]
fn a_file_that_cannot_be_executed_is_named(#[case] text: &str, #[case] mode: u32, #[case] expected: &str) {
    use std::os::unix::fs::PermissionsExt;

    let scratch = TempDir::new().expect("there is a temporary directory");
    let path = scratch.path().join("subject");
    std::fs::write(&path, text).expect("it can be written");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("the mode can be set");
    let error = is_refused(ProcessSubject::start(Command::new("cmd:it", &path))).to_string();
    assert!(error.contains(expected) && error.contains("subject`"), "{error}");
}

#[test]
fn a_transcript_that_cannot_be_written_is_named() {
    let mut fake = Fake::with(&["is good"]);
    fake.command.transcript = Some("/no/such/directory/transcript".into());
    let error = is_refused(fake.start());
    assert!(matches!(error.why, Start::Transcript { .. }), "{error}");
}

#[rstest]
#[case::crash("crashes", "it ended with signal 6 (SIGABRT)")]
#[case::crash_with_answers_kept_back("keeps answers back", "it ended with signal 6 (SIGABRT)")]
#[case::exit("exits", "it ended with exit status 7")]
#[case::half_an_answer("stops in the middle", "it ended with exit status 0 in the middle of the line `{\"type\":\"o`")]
#[case::another_id("answers another request", "it gave `unsupported` to request 10")]
#[case::hello("says hello again", "it gave an answer to `hello` when the answer to request")]
#[case::garbage("prints in between", "it wrote a line that is no answer: `debug: ")]
#[case::bytes("prints bytes", "it wrote a line that is no answer: `\u{fffd}\u{fffd}`")]
#[case::empty_line("sends an empty line", "it wrote a line that is no answer: ``")]
#[case::flood("floods", "it wrote a line of more than 65536 bytes: `xxxx")]
#[case::invented_steps("makes steps up", "it reported 2 steps of a scenario that has 1")]
#[case::closed_output("closes its output", "it closed its standard output without ending")]
#[cfg(unix)]
fn a_failure_costs_only_its_scenario(
    #[case] fault: &str,
    #[case] expected: &str,
    #[values(&[0], &[5], &[19], &[3, 4])] bad: &[usize],
) {
    let limits = Limits { line: 1 << 16, grace: Duration::from_millis(300), ..Limits::default() };
    costs_only_its_scenario(&Fake::with(&[fault]).limits(limits), expected, bad);
}

#[rstest]
#[case::hang("hangs", &[3, 4])]
#[case::out_of_order("answers after the next", &[5])]
fn a_missing_answer_costs_only_its_scenario(#[case] fault: &str, #[case] bad: &[usize]) {
    costs_only_its_scenario(&Fake::with(&[fault]).timeout(SHORT), "it gave no answer within 1s", bad);
}

#[track_caller]
fn costs_only_its_scenario(fake: &Fake, expected: &str, bad: &[usize]) {
    let mut subject = fake.started();
    let runs = subject.run(&scenarios(20, bad));
    assert_eq!(runs.len(), 20);
    for (index, run) in runs.iter().enumerate() {
        if bad.contains(&index) {
            assert!(reason(run).starts_with(expected), "{index}: {run:?}");
        } else {
            is_good(run);
        }
    }
    // It goes on after that.
    subject.run(&scenarios(3, &[])).iter().for_each(is_good);
    drop(subject);
    fake.is_gone();
}

#[test]
fn the_standard_error_of_a_crash_is_kept() {
    let runs = Fake::with(&["crashes"]).started().run(&scenarios(3, &[1]));
    assert!(matches!(&runs[1], Run::Error { stderr, .. } if stderr == "about to crash\n"), "{runs:?}");
}

#[test]
fn an_error_that_the_subject_reports_does_not_end_it() {
    let fake = Fake::with(&["says error"]);
    let mut subject = fake.started();
    let runs = subject.run(&scenarios(5, &[2, 3]));
    assert_eq!(reason(&runs[2]), "cannot do that");
    assert_eq!(reason(&runs[3]), "cannot do that");
    is_good(&runs[4]);
    assert_eq!(subject.restarts(), 0);
}

/// The second answer is seen when the next is due, so the last scenario of all can answer twice unseen.
#[test]
fn who_answers_twice_is_to_blame_also_if_the_first_answer_was_good() {
    let fake = Fake::with(&["answers twice"]);
    let runs = fake.started().run(&scenarios(20, &[4]));
    assert!(reason(&runs[4]).starts_with("it answered request 5 twice"), "{runs:?}");
    runs.iter().enumerate().filter(|(index, _)| *index != 4).for_each(|(_, run)| is_good(run));
    fake.is_gone();
}

#[test]
fn a_failure_that_does_not_happen_again_is_put_down_to_the_first_unanswered() {
    let fake = Fake::with(&["crashes", "13"]);
    let runs = fake.started().run(&scenarios(15, &[]));
    assert!(
        reason(&runs[12]).ends_with("while several scenarios were under way, and not when they were run one by one")
    );
    runs.iter().enumerate().filter(|(index, _)| *index != 12).for_each(|(_, run)| is_good(run));
    fake.is_gone();
}

#[test]
fn a_subject_that_never_answers_is_given_up() {
    let fake = Fake::with(&["exits", "1"]);
    let mut subject = fake.started();
    let runs = subject.run(&scenarios(50, &[]));
    assert_eq!(subject.restarts(), 3);
    assert_eq!(reason(&runs[0]), "it ended with exit status 7");
    let given_up = "given up after 3 restarts without an answer in between; the last time, it ended with exit status 7";
    assert_eq!(why_given_up(&runs[49]), given_up);
    assert_eq!(why_given_up(&subject.run(&scenarios(1, &[]))[0]), given_up);
    assert_eq!(fake.pids().len(), 4);
    fake.is_gone();
}

#[test]
fn a_subject_that_fails_too_often_is_given_up() {
    let fake = Fake::with(&["exits", "2"]).limits(Limits { restarts: 5, ..Limits::default() });
    let mut subject = fake.started();
    let runs = subject.run(&scenarios(50, &[]));
    assert_eq!(subject.restarts(), 5);
    assert!(why_given_up(&runs[49]).starts_with("given up after 5 restarts; the last time, "), "{:?}", runs[49]);
    fake.is_gone();
}

#[test]
fn a_subject_that_cannot_be_started_again_is_given_up() {
    let fake = Fake::with(&["crashes then becomes another"]);
    let runs = fake.started().run(&scenarios(3, &[0]));
    assert!(why_given_up(&runs[2]).contains("started again, it answers `hello` differently"), "{runs:?}");
    fake.is_gone();
}

#[test]
fn a_subject_that_hangs_too_often_is_given_up() {
    let fake = Fake::with(&["reads nothing more"]).timeout(SHORT);
    let fake = fake.limits(Limits { late: 1, ..Limits::default() });
    let runs = fake.started().run(&scenarios(10, &[]));
    assert_eq!(why_given_up(&runs[9]), "given up after 1 answer that did not come in time");
    fake.is_gone();
}

#[test]
fn a_subject_that_stops_reading_is_given_up() {
    let fake = Fake::with(&["reads nothing more"]).timeout(SHORT);
    let fake = fake.limits(Limits { restarts_in_a_row: 1, ..Limits::default() });
    let large = scenario(&"x".repeat(1 << 20));
    let runs = fake.started().run(&vec![large; 10]);
    assert_eq!(reason(&runs[0]), "it gave no answer within 1s");
    assert!(why_given_up(&runs[9]).starts_with("given up after 1 restart without an answer"), "{:?}", runs[9]);
    fake.is_gone();
}

#[test]
fn empty_answers_are_left_to_the_judge() {
    let runs = Fake::with(&["says yes, but not to nonsense"]).started().run(&scenarios(2, &[]));
    assert!(runs.iter().all(|run| matches!(run, Run::Trace { trace, .. } if trace.is_empty())));
}

#[test]
fn a_subject_that_does_not_end_is_killed() {
    let fake = Fake::with(&["does not end"]).limits(Limits { grace: Duration::from_millis(100), ..Limits::default() });
    fake.started().run(&scenarios(2, &[])).iter().for_each(is_good);
    fake.is_gone();
}

#[test]
fn a_panic_leaves_no_process_behind() {
    let fake = Fake::with(&["does not end"]).limits(Limits { grace: Duration::from_millis(100), ..Limits::default() });
    let mut subject = fake.started();
    let thread = std::thread::spawn(move || {
        subject.run(&scenarios(2, &[])).iter().for_each(is_good);
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(thread.join().is_err());
    fake.is_gone();
}

/// The descendant holds the subject's standard streams and a connection, whose end tells that it is dead.
#[cfg(unix)]
#[test]
fn a_child_of_the_subject_dies_with_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address").to_string();
    let fake = Fake::with(&["leaves a child behind", &address]);
    let mut subject = fake.started();
    let (mut stream, _) = listener.accept().expect("the child connects");
    subject.run(&scenarios(2, &[])).iter().for_each(is_good);
    drop(subject);
    assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
}

#[cfg(unix)]
#[test]
fn a_child_that_escaped_does_not_hold_the_runner_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address").to_string();
    let limits = Limits { grace: Duration::from_millis(100), ..Limits::default() };
    let fake = Fake::with(&["lets a child escape", &address]).limits(limits);
    let mut subject = fake.started();
    let connection = listener.accept().expect("the child connects");
    subject.run(&scenarios(2, &[])).iter().for_each(is_good);
    drop(subject);
    drop(connection);
}

#[test]
fn without_a_timeout_everything_else_is_the_same() {
    let fake = Fake::with(&["crashes"]).timeout(Duration::ZERO);
    let runs = fake.started().run(&scenarios(5, &[2]));
    assert!(reason(&runs[2]).starts_with("it ended with"), "{runs:?}");
    is_good(&runs[4]);
    fake.is_gone();
}

#[test]
fn the_transcript_holds_both_directions_and_the_restarts() {
    let mut fake = Fake::with(&["exits"]);
    let path = fake.scratch.path().join("transcript");
    fake.command.transcript = Some(path.clone());
    fake.started().run(&scenarios(3, &[1]));
    let text = std::fs::read_to_string(path).expect("there is a transcript");
    let marks: Vec<&str> = text.lines().map(|line| line.split_at(17).0).collect();
    assert_eq!(marks.iter().filter(|mark| mark.starts_with("# start: ")).count(), 3, "{text}");
    assert_eq!(marks.iter().filter(|mark| **mark == "> {\"type\":\"hello\"").count(), 3, "{text}");
    assert_eq!(marks.iter().filter(|mark| **mark == "< {\"type\":\"hello\"").count(), 3, "{text}");
    assert!(text.contains("# stopped: it ended with exit status 7\n"), "{text}");
}

#[test]
fn modules_that_cannot_be_imported_are_told_from_other_failures() {
    let mut python = Python::new(example("fake_subject"));
    python.adapter = Some("dies at once".into());
    let error = is_refused(python.start());
    assert!(matches!(&error.why, Start::NoModules { message } if message == "cannot open the frobnicator"), "{error}");
}

#[test]
fn a_missing_interpreter_is_named() {
    let error = is_refused(Python::new("python0.9").start());
    assert!(matches!(error.why, Start::NotFound { .. }));
    let expected =
        "the subject `python:python0.9` cannot be used: there is no program `python0.9`; name one that is installed";
    assert!(error.to_string().starts_with(expected), "{error}");
}

/// The fake stands for an interpreter: its first argument is the adapter's path, which names no fault.
#[test]
fn the_adapter_is_there_as_long_as_the_command() {
    let mut python = Python::new(example("fake_subject"));
    python.asyncore = Some("supervisor.medusa.asyncore_25".to_owned());
    let command = python.command().expect("it can be written");
    let adapter = PathBuf::from(&command.args[0]);
    assert_eq!(command.args[1..], ["--module", "asyncore=supervisor.medusa.asyncore_25"]);
    let mut subject = ProcessSubject::start(command.clone()).expect("the fake is a good subject");
    drop(command);
    assert!(adapter.exists());
    subject.run(&scenarios(3, &[])).iter().for_each(is_good);
    drop(subject);
    assert!(!adapter.exists());
}

#[test]
fn an_adapter_of_ones_own_finds_the_one_it_builds_on() {
    let mut python = Python::new("python3");
    python.adapter = Some("my/adapter.py".into());
    let command = python.command().expect("it can be written");
    assert_eq!(command.args, ["my/adapter.py"]);
    let path = command.environment.iter().find(|(name, _)| name == "PYTHONPATH").expect("it is set");
    let first = std::env::split_paths(&path.1).next().expect("it is not empty");
    assert!(first.join("asyncore_adapter.py").exists());
}
