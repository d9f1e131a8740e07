//! Python's `select` and `time`, on the poller.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use super::descriptor::inform;
use super::poller::Poller;
use super::readiness::{by_poll, by_select};
use crate::errno::{EBADF, EINVAL};
use crate::exception::Exception;
use crate::profile::{Profile, Waiting};
use crate::system::{Asked, AskedList, Ready, System};

/// The operating system, as a release of Python would show it.
///
/// A wait that a signal interrupts goes on. There is no limit on the number of a descriptor.
pub struct NativeSystem {
    waiting: Waiting,
    /// Opened by the first wait.
    poller: OnceCell<Rc<Poller>>,
}

impl NativeSystem {
    /// Creates the view of one release, for one map.
    pub fn new(profile: Profile) -> Self {
        Self { waiting: profile.policy().waiting, poller: OnceCell::new() }
    }

    fn poller(&self) -> Result<&Poller, Exception> {
        if self.poller.get().is_none() {
            let poller = Rc::new(Poller::new()?);
            inform(Rc::downgrade(&poller));
            let _ = self.poller.set(poller);
        }
        Ok(self.poller.get().expect("just set"))
    }

    fn duration(&self, seconds: f64, negative: &str) -> Result<Duration, Exception> {
        if seconds < 0.0 {
            return Err(match self.waiting.negative_is_value_error {
                true => Exception::other("ValueError", negative),
                false => Exception::Os(EINVAL),
            });
        }
        if seconds.is_nan() {
            return Err(Exception::other("ValueError", "Invalid value NaN (not a number)"));
        }
        let too_large = || Exception::other("OverflowError", "timestamp too large to convert to C _PyTime_t");
        Duration::try_from_secs_f64(seconds).map_err(|_| too_large())
    }
}

/// Refuses what is no number of a descriptor.
fn check(asked: &[Asked]) -> Result<(), Exception> {
    match asked.iter().find(|asked| asked.fd < 0) {
        None => Ok(()),
        Some(asked) => {
            let message = format!("file descriptor cannot be a negative integer ({})", asked.fd);
            Err(Exception::other("ValueError", message))
        }
    }
}

impl System for NativeSystem {
    fn select(&self, asked: &AskedList, timeout: Option<f64>, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        let timeout = timeout.map(|seconds| self.duration(seconds, "timeout must be non-negative")).transpose()?;
        let poller = self.poller()?;
        if poller.watch(asked, check)? {
            return Err(Exception::Os(EBADF));
        }
        poller.wait(timeout, by_select, ready)
    }

    fn poll(&self, asked: &AskedList, timeout: Option<i64>, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        let timeout = timeout.and_then(|timeout| u64::try_from(timeout).ok()).map(Duration::from_millis);
        let poller = self.poller()?;
        poller.watch(asked, check)?;
        poller.wait(timeout, by_poll, ready)
    }

    fn sleep(&self, seconds: f64) -> Result<(), Exception> {
        thread::sleep(self.duration(seconds, "sleep length must be non-negative")?);
        Ok(())
    }
}

impl fmt::Debug for NativeSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NativeSystem").finish_non_exhaustive()
    }
}
