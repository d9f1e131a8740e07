//! What must not outlive the program: processes that it has started, and directories that it has made.
//!
//! Whatever owns one of them gets rid of it when it is dropped. A signal lets nothing be dropped; so all of them are
//! listed here, too, and [`abandon`] gets rid of everything that is on the list.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// Lists everything that there is at the moment.
#[derive(Debug)]
struct Belongings {
    directories: Vec<PathBuf>,
    processes: Vec<Listed>,
}

/// Is a process that has not been reaped, so that its number still belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listed {
    id: u32,
    /// Whether it leads a group of its own.
    leads: bool,
}

static ALL: Mutex<Belongings> = Mutex::new(Belongings { directories: Vec::new(), processes: Vec::new() });

fn all() -> MutexGuard<'static, Belongings> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gets rid of everything, and lets nothing be made any more: whoever tries to waits for ever. The program ends now.
pub fn abandon() {
    let all = all();
    all.processes.iter().for_each(|process| process.kill());
    for directory in &all.directories {
        // One that cannot be removed must not keep the others from it.
        let _ = std::fs::remove_dir_all(directory);
    }
    std::mem::forget(all);
}

/// Starts a process that is listed until it is [struck off](strike_off).
pub(crate) fn spawn(command: &mut Command, leads: bool) -> io::Result<Child> {
    let mut all = all();
    let child = command.spawn()?;
    all.processes.push(Listed { id: child.id(), leads });
    Ok(child)
}

/// Says that a process is dead, and about to be reaped.
pub(crate) fn strike_off(child: &Child) {
    all().processes.retain(|process| process.id != child.id());
}

impl Listed {
    #[cfg(unix)]
    fn kill(self) {
        use rustix::process::{Pid, Signal, kill_process, kill_process_group};
        let Some(pid) = i32::try_from(self.id).ok().and_then(Pid::from_raw) else { return };
        // Who is dead already is all right.
        let _ = if self.leads { kill_process_group(pid, Signal::KILL) } else { kill_process(pid, Signal::KILL) };
    }

    #[cfg(not(unix))]
    fn kill(self) {
        let _ = self.leads;
    }
}

/// Is a temporary directory that is removed when this is dropped, and only then is no longer listed.
#[derive(Debug)]
pub(crate) struct Scratch {
    directory: TempDir,
    _entry: Entry,
}

/// Is what a directory stands by in the list.
#[derive(Debug)]
struct Entry(PathBuf);

impl Scratch {
    /// Makes a directory whose name begins with a prefix.
    pub(crate) fn new(prefix: &str) -> io::Result<Self> {
        let mut all = all();
        let directory = TempDir::with_prefix(prefix)?;
        all.directories.push(directory.path().to_owned());
        let entry = Entry(directory.path().to_owned());
        Ok(Self { directory, _entry: entry })
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        all().directories.retain(|listed| *listed != self.0);
    }
}
