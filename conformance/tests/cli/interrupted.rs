//! A run that a signal ends: nothing is left behind, and whoever started it can tell.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::program;
use crate::programs::example;

/// Only a machine that stands still takes so long.
const LONG: Duration = Duration::from_secs(120);

/// Is the program while it waits for a subject that never answers.
struct Waiting {
    child: Child,
    /// The subject's connection, which ends with it.
    subject: TcpStream,
    /// Where temporary directories are made.
    temporary: TempDir,
}

impl Waiting {
    /// Starts the program, and waits until the subject has called.
    fn start(arguments: &[&str], input: &str) -> Self {
        let temporary = TempDir::new().expect("there is room");
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let address = listener.local_addr().expect("it has an address").to_string();
        // The adapter is a file, and its name is what the fake subject takes for a fault.
        std::fs::write(temporary.path().join("is silent"), "").expect("there is room");
        let mut command: Command = program(arguments);
        command.env("TMPDIR", temporary.path()).env("FAKE_SUBJECT_CALLS", address).current_dir(temporary.path());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(input.as_bytes()).expect("the program reads");
        drop(stdin);
        let waiting = Self { child, subject: accept(&listener), temporary };
        waiting.subject.set_read_timeout(Some(LONG)).expect("it can be set");
        waiting
    }

    fn directories(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.temporary.path()).expect("it is there");
        let names = names.map(|entry| entry.expect("it can be read").file_name().into_string().expect("a text"));
        names.filter(|name| name.starts_with("asyncore-")).collect()
    }

    /// Sends a signal; the program and its subject end, and nothing is left.
    fn ends_with(mut self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
        assert_eq!(self.subject.read(&mut [0; 1]).expect("the subject ends"), 0);
        // The subject ends by the program, which has nothing more to do but to end itself.
        let status = self.child.wait().expect("it ends");
        assert_eq!(status.signal(), Some(signal.as_raw()), "{status}");
        assert_eq!(self.directories(), Vec::<String>::new());
    }
}

/// Waits for the subject's call.
fn accept(listener: &TcpListener) -> TcpStream {
    let timeout = Timespec { tv_sec: 120, tv_nsec: 0 };
    let ready = poll(&mut [PollFd::new(listener, PollFlags::IN)], Some(&timeout)).expect("it can be waited for");
    assert_eq!(ready, 1, "the subject does not call");
    listener.accept().expect("the subject calls").0
}

fn text(path: &Path) -> &str {
    path.to_str().expect("it is text")
}

#[rstest]
#[case::interrupt(Signal::INT)]
#[case::termination(Signal::TERM)]
fn the_adapter_and_the_subject_are_gone(#[case] signal: Signal) {
    let subject = format!("python:{}", text(&example("fake_subject")));
    let arguments = ["run", "--timeout", "600", "--adapter", "is silent", "--subject", &subject];
    let waiting = Waiting::start(&arguments, "");
    let directories = waiting.directories();
    assert!(matches!(&directories[..], [one] if one.starts_with("asyncore-conformance-")), "{directories:?}");
    waiting.ends_with(signal);
}

#[test]
fn the_sockets_of_the_peer_are_gone() {
    let subject = format!("cmd:{} 'hangs in the Unix domain'", text(&example("fake_sockets")));
    let arguments = ["replay", "-", "--timeout", "600", "--subject", &subject];
    let waiting = Waiting::start(&arguments, "over unix\ndispatcher c\nsend c \"x\"\n");
    let directories = waiting.directories();
    assert!(matches!(&directories[..], [one] if one.starts_with("asyncore-peer-")), "{directories:?}");
    waiting.ends_with(Signal::INT);
}

/// A subject that shares the program's group, for the sake of a debugger, ends with it, too.
#[test]
fn a_subject_without_a_timeout_is_gone() {
    let subject = format!("cmd:{} 'is silent'", text(&example("fake_subject")));
    Waiting::start(&["run", "--timeout", "0", "--subject", &subject], "").ends_with(Signal::INT);
}
