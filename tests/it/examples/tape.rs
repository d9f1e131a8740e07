//! What a running program does, line by line, for those who wait for it.

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long anything may take that a test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A list of lines that grows while others read it; a clone is the same list.
#[derive(Clone, Default)]
pub(crate) struct Tape(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    address: Option<SocketAddr>,
    ended: bool,
    resumed: bool,
}

impl Tape {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.change(|state| state.lines.push(line.into()));
    }

    pub(crate) fn listens(&self, address: SocketAddr) {
        self.change(|state| state.address = Some(address));
    }

    pub(crate) fn end(&self) {
        self.change(|state| state.ended = true);
    }

    /// Lets a program go on that waits for it.
    pub(crate) fn resume(&self) {
        self.change(|state| state.resumed = true);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.0.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("nobody panics while it is locked")
    }

    /// Tells whether the line is there already.
    pub(crate) fn has(&self, line: &str) -> bool {
        self.lock().lines.iter().any(|other| other == line)
    }

    /// Waits until the program listens, and returns where.
    #[track_caller]
    pub(crate) fn address(&self) -> SocketAddr {
        self.wait("it listens", |state| state.address)
    }

    /// Waits until the line is there.
    #[track_caller]
    pub(crate) fn wait_for(&self, line: &str) {
        self.wait_until(line, |lines| lines.iter().any(|other| other == line));
    }

    /// Waits until the line has come so many times more.
    #[track_caller]
    pub(crate) fn wait_for_more(&self, line: &str, times: usize) {
        let count = |lines: &[String]| lines.iter().filter(|other| *other == line).count();
        let before = count(&self.lock().lines);
        self.wait_until(line, |lines| count(lines) >= before + times);
    }

    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&[String]) -> bool) {
        self.wait(what, |state| is_so(&state.lines).then_some(()));
    }

    /// Waits until somebody has let the program go on, or nobody is left who could.
    pub(crate) fn wait_to_be_resumed(&self) {
        self.wait("it is resumed", |state| (state.resumed || state.ended).then_some(()));
    }

    /// Waits until the program has ended, and returns all lines.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<String> {
        self.wait("it ends", |state| state.ended.then(|| state.lines.clone()))
    }

    #[track_caller]
    fn wait<R>(&self, what: &str, done: impl Fn(&State) -> Option<R>) -> R {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.lock();
        loop {
            if let Some(result) = done(&state) {
                return result;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if state.ended || left.is_zero() {
                let why = if state.ended { "the program has ended" } else { "nothing happens any more" };
                let lines = state.lines.join("\n");
                drop(state);
                panic!("waiting until {what}: {why}\n{lines}");
            }
            state = self.0.changed.wait_timeout(state, left).expect("nobody panics while it is locked").0;
        }
    }
}
