//! The end of a process: waiting for it with bounded patience, bringing it about, and leaving nothing behind.

use std::io;
use std::process::{Child, ExitStatus};
use std::time::Duration;

use crate::belongings;

#[cfg(not(all(unix, not(target_os = "openbsd"))))]
use self::reaping::Watch;
#[cfg(all(unix, not(target_os = "openbsd")))]
use self::watched::Watch;

/// Is a process that is ended and reaped when it is dropped, with everything in its group.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Whether the process leads a group of its own.
    leads: bool,
    watch: Watch,
    reaped: bool,
    status: Option<ExitStatus>,
}

impl Process {
    /// Takes charge of a process; one that cannot be watched is ended at once.
    pub(super) fn new(mut child: Child, leads: bool) -> io::Result<Self> {
        match Watch::new(&child) {
            Ok(watch) => Ok(Self { child, leads, watch, reaped: false, status: None }),
            Err(error) => {
                kill(&mut child, leads);
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// Waits until the process has ended by itself, but no longer than this; says whether it has.
    pub(super) fn wait(&mut self, patience: Duration) -> bool {
        self.reaped || self.watch.wait(&mut self.child, patience)
    }

    /// Ends the process and its group and reaps it. Its status is how it ended by itself, if it had.
    pub(super) fn end(&mut self) -> Option<ExitStatus> {
        if !self.reaped {
            // Not reaped yet, so its number and its group's still belong to it.
            kill(&mut self.child, self.leads);
            self.status = self.child.wait().ok();
            self.watch.join();
            self.reaped = true;
        }
        self.status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Kills a process that has not been reaped, and its group.
fn kill(child: &mut Child, leads: bool) {
    #[cfg(unix)]
    if leads {
        use rustix::process::{Pid, Signal, kill_process_group};
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = leads;
    let _ = child.kill();
    belongings::strike_off(child);
}

/// Where one can wait for the end of a process without reaping it, a thread does.
#[cfg(all(unix, not(target_os = "openbsd")))]
mod watched {
    use std::convert::Infallible;
    use std::io;
    use std::process::Child;
    use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
    use std::thread::JoinHandle;
    use std::time::Duration;

    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    #[derive(Debug)]
    pub(super) struct Watch {
        /// Closed when the process has ended.
        ended: Receiver<Infallible>,
        thread: Option<JoinHandle<()>>,
    }

    impl Watch {
        pub(super) fn new(child: &Child) -> io::Result<Self> {
            let pid = Pid::from_child(child);
            let (open, ended) = channel();
            let wait = move || {
                let _ = rustix::io::retry_on_intr(|| {
                    waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
                });
                drop(open);
            };
            let thread = std::thread::Builder::new().name("subject's end".to_owned()).spawn(wait)?;
            Ok(Self { ended, thread: Some(thread) })
        }

        pub(super) fn wait(&self, _: &mut Child, patience: Duration) -> bool {
            self.ended.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected)
        }

        /// Only for a process that is dead.
        pub(super) fn join(&mut self) {
            let _ = self.thread.take().map(JoinHandle::join);
        }
    }
}

/// Elsewhere waiting reaps the process.
#[cfg(not(all(unix, not(target_os = "openbsd"))))]
mod reaping {
    use std::io;
    use std::process::Child;
    use std::time::Duration;

    use wait_timeout::ChildExt;

    #[derive(Debug)]
    pub(super) struct Watch;

    impl Watch {
        pub(super) fn new(_: &Child) -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn wait(&self, child: &mut Child, patience: Duration) -> bool {
            !matches!(child.wait_timeout(patience), Ok(None))
        }

        pub(super) fn join(&mut self) {}
    }
}
