//! A server in a process of its own, and what it has used up.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::serve;
use crate::subject::{Kind, Subject};

/// asynchat left the standard library in 3.12, so `python3` may be too new.
const PYTHONS: [&str; 6] = ["python3", "python3.11", "python3.10", "python3.9", "python2.7", "python2"];

/// Returns the interpreter to measure and its version, if there is one.
pub(crate) fn find_python() -> Option<(String, String)> {
    let version = |python: &str| {
        let program = "import asyncore, asynchat, sys; sys.stdout.write(sys.version.split()[0])";
        let output = Command::new(python).args(["-W", "ignore", "-c", program]).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let with_version = |python: &str| Some((python.to_owned(), version(python)?));
    match std::env::var("PYTHON") {
        Ok(python) => with_version(&python),
        Err(_) => PYTHONS.into_iter().find_map(with_version),
    }
}

/// A running server, which ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(subject: Subject, python: &str) -> Self {
        let mut command = match subject.kind {
            Kind::Cpython(wait) => {
                let mut command = Command::new(python);
                command.args(["-W", "ignore", "-c", serve::CPYTHON, &format!("{wait:?}")]);
                command
            }
            _ => {
                let mut command = Command::new(std::env::current_exe().expect("it has a name"));
                command.args(["serve", subject.name]);
                command
            }
        };
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it was found");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut port).expect("it is text");
        let port: u16 = port.trim().parse().unwrap_or_else(|_| panic!("{} did not start", subject.name));
        Self { child, address: (Ipv4Addr::LOCALHOST, port).into() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the CPU time that the process has used so far.
    pub(crate) fn cpu(&self) -> Duration {
        let threads = fs::read_dir(self.proc("task")).expect("it runs");
        let spent = threads.map(|thread| {
            let times = fs::read_to_string(thread.expect("it runs").path().join("schedstat"));
            let times = times.expect("the kernel counts the time of threads (CONFIG_SCHED_INFO)");
            times.split(' ').next().and_then(|time| time.parse::<u64>().ok()).expect("nanoseconds")
        });
        Duration::from_nanos(spent.sum())
    }

    /// Returns how many bytes of memory the process has.
    pub(crate) fn resident(&self) -> u64 {
        let sizes = fs::read_to_string(self.proc("smaps_rollup")).expect("it runs");
        let line = sizes.lines().find_map(|line| line.strip_prefix("Rss:")).expect("there is one");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
