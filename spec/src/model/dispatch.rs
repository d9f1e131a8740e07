//! `read`, `write`, `_exception` and `readwrite`: one event for one channel, and what becomes of its exceptions.

use super::Pattern;
use super::event::HANDLERS;
use super::machine::{Machine, Outcome, Thrown, id};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::scenario::{DispatchBy, Hook};
use crate::wait::Conditions;

/// The errors that mean a lost connection.
const DISCONNECTED: &[Errno] =
    &[Errno::ECONNRESET, Errno::ENOTCONN, Errno::ESHUTDOWN, Errno::ECONNABORTED, Errno::EPIPE, Errno::EBADF];

/// What a read event leads to.
const READS: &[Hook] = &[Hook::HandleReadEvent, Hook::HandleRead, Hook::HandleAccept, Hook::Recv];

impl Machine<'_> {
    /// Dispatches one event as select does.
    pub(super) fn dispatch(&mut self, chan: Name, by: DispatchBy, demand: ClauseId) -> Outcome<()> {
        let result = match by {
            DispatchBy::Read => self.handle_read_event(chan, demand),
            DispatchBy::Write => self.handle_write_event(chan, demand),
            DispatchBy::Exception => self.handle_expt_event(chan, demand),
        };
        self.caught(chan, result, false, Conditions::NONE)
    }

    /// Dispatches all events of one channel as poll does.
    pub(super) fn readwrite(&mut self, chan: Name, conditions: Conditions, demand: ClauseId) -> Outcome<()> {
        let mut rest = conditions;
        let result = if self.modern() {
            self.flagged(chan, conditions, demand, &mut rest)
        } else {
            self.flagged25(chan, conditions, &mut rest)
        };
        self.caught(chan, result, true, rest)
    }

    /// Serves the events of a channel; in `rest` stays what is not served.
    fn flagged(&mut self, chan: Name, conditions: Conditions, demand: ClauseId, rest: &mut Conditions) -> Outcome<()> {
        let here = self.chan(chan).base.fd.is_some();
        let hung = conditions.has(Conditions::UNASKED);
        *rest = conditions.and(Conditions::WRITE.or(Conditions::EXCEPT).or(Conditions::UNASKED));
        if conditions.has(Conditions::READ) {
            if hung {
                self.forbid_hooks(chan, &[Hook::HandleClose], id("POLL-15"));
            }
            self.handle_read_event(chan, demand)?;
        } else if hung {
            self.forbid_hooks(chan, READS, id("POLL-30"));
        }
        *rest = conditions.and(Conditions::EXCEPT.or(Conditions::UNASKED));
        if conditions.has(Conditions::WRITE) {
            let demand = self.still(chan, here, demand);
            self.handle_write_event(chan, demand)?;
        }
        *rest = conditions.and(Conditions::UNASKED);
        if conditions.has(Conditions::EXCEPT) {
            let demand = self.still(chan, here, demand);
            self.handle_expt_event(chan, demand)?;
        }
        *rest = Conditions::NONE;
        if hung { self.hung_up(chan, conditions, here) } else { Ok(()) }
    }

    /// Serves a hang-up, an error or an invalid descriptor; with data there to read it is an accident.
    fn hung_up(&mut self, chan: Name, conditions: Conditions, here: bool) -> Outcome<()> {
        let read = conditions.has(Conditions::READ);
        let demand = self.still(chan, here, id(if read { "POLL-31" } else { "POLL-17" }));
        if read {
            self.accident(id("POLL-31"));
        } else {
            self.forbid_hooks(chan, READS, id("POLL-30"));
        }
        self.forbid_hooks(chan, &[Hook::HandleExptEvent, Hook::HandleExpt], demand);
        self.handle_close(chan, demand)?;
        self.forbid_hooks(chan, &[Hook::HandleClose], demand);
        Ok(())
    }

    /// Names the clause for a further event of a channel; it is another one where the channel has left the map.
    fn still(&mut self, chan: Name, here: bool, demand: ClauseId) -> ClauseId {
        if here && self.chan(chan).base.fd.is_none() {
            self.accident(id("POLL-16"));
            return id("POLL-16");
        }
        demand
    }

    fn flagged25(&mut self, chan: Name, conditions: Conditions, rest: &mut Conditions) -> Outcome<()> {
        let here = self.chan(chan).base.fd.is_some();
        let demand = id("POLL-18");
        *rest = conditions.and(Conditions::WRITE.or(Conditions::UNASKED));
        if conditions.has(Conditions::READ.or(Conditions::EXCEPT)) {
            self.handle_read_event(chan, demand)?;
            self.forbid_hooks(chan, &[Hook::HandleReadEvent, Hook::HandleExptEvent], demand);
        }
        *rest = conditions.and(Conditions::UNASKED);
        if conditions.has(Conditions::WRITE) {
            let demand = self.still(chan, here, demand);
            self.handle_write_event(chan, demand)?;
        }
        if conditions.has(Conditions::UNASKED) {
            let demand = self.still(chan, here, demand);
            *rest = Conditions::NONE;
            self.forbid_hooks(chan, &[Hook::HandleClose], demand);
            self.handle_expt_event(chan, demand)?;
        }
        Ok(())
    }

    /// Notes that an exception under poll ends the events of its channel.
    fn forbid_rest(&mut self, chan: Name, rest: Conditions) {
        if !rest.is_empty() {
            self.forbid_hooks(chan, HANDLERS, id("POLL-33"));
        }
    }

    /// Does with an exception of a handler what the dispatching function does.
    ///
    /// What is in `rest` is not served any more.
    fn caught(&mut self, chan: Name, result: Outcome<()>, polled: bool, rest: Conditions) -> Outcome<()> {
        let Err(thrown) = result else {
            self.forbid_hooks(chan, &[Hook::HandleError], id("ERROR-5"));
            return Ok(());
        };
        let modern = self.modern();
        let quiet = [Hook::HandleError, Hook::HandleClose];
        let demand = match &thrown.exception {
            Exception::Exit => {
                self.forbid_hooks(chan, &quiet, id("ERROR-6"));
                return Err(Thrown { why: id("ERROR-6"), ..thrown });
            }
            Exception::Interrupt if modern => {
                self.forbid_hooks(chan, &quiet, id("ERROR-7"));
                return Err(Thrown { why: id("ERROR-7"), ..thrown });
            }
            Exception::Interrupt => "ERROR-8",
            Exception::Os { errno, .. } if DISCONNECTED.contains(errno) => match (modern, polled) {
                (true, true) if !self.no_socket_error(&thrown) => {
                    self.forbid_hooks(chan, &[Hook::HandleError], id("ERROR-9"));
                    let closed = self.handle_close(chan, id("ERROR-9"));
                    closed.map_err(|thrown| Thrown { why: id("ERROR-14"), ..thrown })?;
                    self.forbid_rest(chan, rest);
                    self.forbid_hooks(chan, &[Hook::HandleClose, Hook::HandleError], id("ERROR-9"));
                    return Ok(());
                }
                (true, true) => "FILE-12",
                (true, false) => "ERROR-11",
                (false, _) => "ERROR-12",
            },
            Exception::Os { .. } if polled => "ERROR-10",
            _ => match thrown.why.as_str() {
                own @ ("CONNECT-14" | "CONNECT-5") => own,
                _ => "ERROR-5",
            },
        };
        if demand == "ERROR-8" {
            self.accident(id(demand));
        }
        self.forbid_hooks(chan, &[Hook::HandleClose], id(demand));
        let told = self.handle_error(chan, &thrown.exception, id(demand));
        told.map_err(|thrown| Thrown { why: id("ERROR-13"), ..thrown })?;
        self.forbid_rest(chan, rest);
        self.forbid_hooks(chan, &[Hook::HandleError], id(demand));
        self.forbid(Pattern::Raised, id(demand));
        Ok(())
    }

    /// Says whether an error is one that the release does not take for an error of a socket.
    fn no_socket_error(&self, thrown: &Thrown) -> bool {
        thrown.of_file && self.profile != crate::profile::Profile::Py311
    }
}
