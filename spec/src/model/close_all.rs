//! `close_all`.

use super::machine::{Machine, Outcome, Thrown, id};
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::Hook;

impl Machine<'_> {
    pub(super) fn close_all(&mut self, map: usize, ignore_all: bool) -> Outcome<()> {
        let members: Vec<Name> = self.maps[map].entries.iter().map(|(_, name)| *name).collect();
        let members = self.in_order_closed(members);
        self.spare_strangers(&members);
        for (at, chan) in members.iter().enumerate() {
            for later in &members[at + 1..] {
                let why = id(if self.modern() { "MAP-9" } else { "MAP-10" });
                self.forbid_hooks(*later, &[Hook::Close], why);
            }
            let closed = if self.modern() { self.close(*chan, id("MAP-9")) } else { self.close_socket_alone(*chan) };
            if let Err(thrown) = closed
                && let Err(thrown) = self.forgiven(thrown, ignore_all)
            {
                self.maps[map].why = id("MAP-16");
                self.stop_short(&members[at + 1..]);
                return Err(thrown);
            }
        }
        let map = &mut self.maps[map];
        map.entries.clear();
        map.why = id(if self.profile == Profile::Py25 { "MAP-10" } else { "MAP-9" });
        Ok(())
    }

    /// Notes that an error leaves the other channels open and the map as it is, which is an accident.
    fn stop_short(&mut self, left: &[Name]) {
        if left.is_empty() {
            return self.accident_to_come(id("MAP-16"));
        }
        self.accident(id("MAP-16"));
        left.iter().for_each(|chan| self.forbid_hooks(*chan, &[Hook::Close], id("MAP-16")));
    }

    /// Notes that no channel of another map is closed.
    fn spare_strangers(&mut self, members: &[Name]) {
        let why = id(match () {
            () if members.is_empty() => "MAP-4",
            () if self.modern() => "MAP-9",
            () => "MAP-10",
        });
        let strangers: Vec<Name> = self.chans.iter().map(|it| it.name).filter(|name| !members.contains(name)).collect();
        strangers.iter().for_each(|name| self.forbid_hooks(*name, &[Hook::Close], why));
    }

    fn close_socket_alone(&mut self, chan: Name) -> Outcome<()> {
        self.forbid_hooks(chan, &[Hook::Close, Hook::HandleClose], id("MAP-10"));
        let socket = self.need_socket(chan)?;
        self.accident(id("MAP-10"));
        let closed = self.socket_close(chan, socket, id("MAP-10"));
        closed.map_err(|thrown| Thrown { why: id("MAP-10"), ..thrown })
    }

    /// Decides about what a channel's close raised.
    fn forgiven(&mut self, thrown: Thrown, ignore_all: bool) -> Outcome<()> {
        if !self.modern() {
            return Err(thrown);
        }
        match thrown.exception {
            Exception::Exit | Exception::Interrupt => Err(Thrown { why: id("MAP-15"), ..thrown }),
            // On Python 2 the error of a file is an OSError, which is what close_all looks for.
            Exception::Os { errno: Errno::EBADF, .. } if self.profile == Profile::Py311 || thrown.of_file => {
                self.forbid(super::Pattern::Raised, id("MAP-11"));
                Ok(())
            }
            _ if ignore_all => {
                self.forbid(super::Pattern::Raised, id("MAP-14"));
                Ok(())
            }
            Exception::Os { errno: Errno::EBADF, .. } => Err(Thrown { why: id("MAP-12"), ..thrown }),
            _ => Err(Thrown { why: id("MAP-13"), ..thrown }),
        }
    }
}
