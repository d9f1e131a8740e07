//! What a run leaves behind in the program that ran it: no descriptor and no child, whatever the subject did.

#![cfg(unix)]

mod programs;

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use asyncore_conformance::process::{Command, Limits, ProcessSubject};
use asyncore_conformance::real::{Patience, Performance, perform};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::Subject;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use programs::example;
use rstest::rstest;
use rustix::process::{WaitOptions, wait};

/// For what is meant to be waited for in vain.
const SHORT: Duration = Duration::from_millis(500);
/// For what is not: only a machine that stands still gets there.
const LONG: Duration = Duration::from_secs(120);

/// Counts what this program has, for as long as no other test does something meanwhile.
struct Count {
    descriptors: usize,
    _alone: MutexGuard<'static, ()>,
}

impl Count {
    fn begin() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self { descriptors: descriptors(), _alone: alone }
    }

    #[track_caller]
    fn is_the_same(&self) {
        assert_eq!(descriptors(), self.descriptors, "descriptors are left");
        assert_eq!(wait(WaitOptions::NOHANG).unwrap_err(), rustix::io::Errno::CHILD, "a child is left");
    }
}

/// Counts the open descriptors; the one that looks is counted every time.
fn descriptors() -> usize {
    std::fs::read_dir("/dev/fd").expect("descriptors can be listed").count()
}

fn command(name: &str, arguments: &[&str], timeout: Duration) -> Command {
    let mut command = Command::new(format!("cmd:{name}"), example(name));
    command.args = arguments.iter().map(Into::into).collect();
    command.timeout = timeout;
    command.limits = Limits { grace: Duration::from_millis(300), ..Limits::default() };
    command
}

fn plan(fail_fast: bool) -> Plan {
    Plan {
        subject: "a subject".to_owned(),
        profile: Profile::Py311,
        follows: Profile::Py311.release(),
        chosen: "it is a test".to_owned(),
        selected: Selection::new(&["PREFIX-*".to_owned(), "INPUT-1".to_owned()], &[]).expect("there are such clauses"),
        cases: 3,
        seed: 3,
        fail_fast,
        excused: Vec::new(),
        changes: Vec::new(),
    }
}

#[rstest]
#[case::normal("fake_subject", &["is good"])]
#[case::sockets("line_server", &["pass"])]
#[case::dead("fake_subject", &["crashes", "2"])]
#[case::dead_on_sockets("line_server", &["pass", "dies in the middle"])]
#[case::hung("fake_subject", &["hangs", "2"])]
#[case::hung_on_sockets("line_server", &["free", "stalls in the middle of a line"])]
#[case::not_ending("fake_subject", &["does not end"])]
#[case::without_output("fake_subject", &["closes its output", "2"])]
fn a_run_leaves_nothing(#[case] name: &str, #[case] arguments: &[&str], #[values(false, true)] fail_fast: bool) {
    let count = Count::begin();
    let timeout = if is_hung(arguments) { SHORT } else { LONG };
    let mut subject =
        ProcessSubject::start(command(name, arguments, timeout)).unwrap_or_else(|error| panic!("{error}"));
    let outcome = run(&mut subject, &plan(fail_fast), &mut Silent);
    assert!(outcome.executed() > 0 || is_hung(arguments), "nothing was done");
    drop(subject);
    count.is_the_same();
}

fn is_hung(arguments: &[&str]) -> bool {
    arguments.iter().any(|fault| ["hangs", "stalls in the middle of a line"].contains(fault))
}

#[rstest]
#[case::silent("is silent", SHORT)]
#[case::banner("prints a banner", LONG)]
#[case::dead("dies at once", LONG)]
#[case::liar("says yes", LONG)]
#[case::choking("chokes on nonsense", LONG)]
fn a_bad_start_leaves_nothing(#[case] fault: &str, #[case] timeout: Duration) {
    let count = Count::begin();
    ProcessSubject::start(command("fake_subject", &[fault], timeout)).expect_err("the subject must not be believed");
    count.is_the_same();
}

#[test]
fn a_program_that_is_not_there_leaves_nothing() {
    let count = Count::begin();
    ProcessSubject::start(Command::new("cmd:it", "/no/such/program")).expect_err("there is no such program");
    count.is_the_same();
}

const TALK: &str = "over tcp4\ndispatcher c\npeer c sends \"hello\"\nreceive c 5\nsend c \"answer\"\npeer c reads 6\n";

#[rstest]
#[case::good("")]
#[case::other_place("ignores its port")]
#[case::dead_at_once("dies in begin")]
#[case::dead("dies in a step")]
#[case::hung("hangs in a step")]
#[case::stalled("stalls in the middle of a line")]
#[case::open_sockets("leaves sockets open")]
#[case::sending("sends for ever")]
fn a_scenario_on_real_sockets_leaves_nothing(#[case] fault: &str) {
    let count = Count::begin();
    let timeout = if fault.starts_with("hangs") || fault.starts_with("stalls") { SHORT } else { LONG };
    let mut subject = ProcessSubject::start(command("fake_sockets", &[fault], timeout)).expect("it can be started");
    let scenario: Scenario = TALK.parse().expect("it parses");
    let patience = Patience { act: SHORT, hook: SHORT, ..Patience::default() };
    let performance = perform(&mut subject, &scenario, &patience);
    assert_eq!(matches!(performance, Performance::Realised(_)), fault.is_empty(), "{performance:?}");
    drop(subject);
    count.is_the_same();
}

/// Every kind of socket, and named pipes; what was made for them is gone, too.
#[rstest]
fn the_peer_and_the_reference_leave_nothing(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
    let count = Count::begin();
    let mut subject = ReferenceSubject::new(profile);
    for (_, scenario) in asyncore_conformance::real::written::scenarios() {
        if scenario.needs().is_subset(&subject.identity().features) {
            perform(&mut subject, &scenario, &Patience::default());
        }
    }
    drop(subject);
    count.is_the_same();
}

/// What the subject itself has started ends with it, unless it has left the group.
#[test]
fn a_grandchild_is_gone() {
    let count = Count::begin();
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address").to_string();
    let mut subject =
        ProcessSubject::start(command("fake_subject", &["leaves a child behind", &address], LONG)).expect("it starts");
    let (mut stream, _): (TcpStream, _) = listener.accept().expect("the grandchild connects");
    run(&mut subject, &plan(false), &mut Silent);
    drop(subject);
    stream.set_read_timeout(Some(LONG)).expect("it can be set");
    assert_eq!(stream.read(&mut [0; 1]).expect("the grandchild ends"), 0);
    drop((stream, listener));
    count.is_the_same();
}
