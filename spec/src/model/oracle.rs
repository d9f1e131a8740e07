//! What the kernel did, taken from the trace of a run on real sockets.
//!
//! How much a call moves and when a descriptor is ready is the kernel's choice. Where a scripted socket would answer, the
//! model takes the answer that the trace has for the same call; all the rest it predicts as ever. That the answers
//! themselves are true is checked against the peer's own record.

use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::scenario::Hook;
use crate::trace::{Arg, Reply, SocketCall, Trace, What};
use crate::value::Value;
use crate::wait::Told;

/// Reads answers from a trace, each once, step by step.
pub(super) struct Oracle<'a> {
    trace: &'a Trace,
    step: usize,
    used: Vec<bool>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(trace: &'a Trace) -> Self {
        let mut oracle = Self { trace, step: 0, used: Vec::new() };
        oracle.begin(0);
        oracle
    }

    /// Goes on to a step.
    pub(super) fn begin(&mut self, step: usize) {
        self.step = step;
        self.used = vec![false; self.trace.steps.get(step).map_or(0, Vec::len)];
    }

    fn next<T>(&mut self, wanted: impl Fn(&'a What) -> Option<T>) -> Option<T> {
        let events = self.trace.steps.get(self.step)?;
        let (at, found) = events
            .iter()
            .enumerate()
            .find_map(|(at, event)| if self.used[at] { None } else { wanted(&event.what).map(|found| (at, found)) })?;
        self.used[at] = true;
        Some(found)
    }

    /// Gives what the next such call on a socket replied.
    pub(super) fn reply(&mut self, socket: Name, wanted: SocketCall) -> Option<Result<&'a Value, Errno>> {
        self.next(|what| match what {
            What::Socket { on, call, reply, .. } if *on == socket && *call == wanted => match reply {
                Reply::Value { value } => Some(Ok(value)),
                Reply::Raised { exception: Exception::Os { errno, .. } } => Some(Err(*errno)),
                Reply::Raised { .. } => None,
            },
            _ => None,
        })
    }

    /// Gives the number of the step under way.
    pub(super) fn step(&self) -> usize {
        self.step
    }

    /// Gives the error that the trace shows a channel to have met in this step, unless its connection was made first.
    pub(super) fn failure(&self, chan: Name) -> Option<Errno> {
        let events = self.trace.steps.get(self.step)?;
        let shown = events.iter().find_map(|event| match &event.what {
            What::Hook { on, hook: Hook::HandleConnect | Hook::HandleExpt, .. } if *on == chan => Some(None),
            What::Hook { on, hook: Hook::HandleClose, .. } if *on == chan => Some(Some(Errno::ECONNRESET)),
            What::Hook { on, hook: Hook::HandleError, arg: Some(Arg::Exception { exception }), .. } if *on == chan => {
                Some(errno_of(exception))
            }
            What::Raised { exception } => Some(errno_of(exception)),
            _ => None,
        });
        shown?
    }

    /// Gives what the next wait told.
    pub(super) fn told(&mut self) -> Option<&'a Told> {
        self.next(|what| match what {
            What::Wait { told, .. } => Some(told),
            _ => None,
        })
    }
}

fn errno_of(exception: &Exception) -> Option<Errno> {
    match exception {
        Exception::Os { errno, .. } => Some(*errno),
        _ => None,
    }
}
