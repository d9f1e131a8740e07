//! Maps: which channels the loop serves, in which order.

use super::channel::Channel;
use super::machine::{Machine, Outcome, id};
use crate::clause_id::ClauseId;
use crate::name::Name;

/// Holds channels by the number of their descriptor, in the order in which they were put there.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) name: Option<Name>,
    pub(super) entries: Vec<(u32, Name)>,
    /// The clauses that say why an entry is there, where it is an unusual one.
    pub(super) whys: Vec<(u32, ClauseId)>,
    /// The clause that says why the entries are what they are.
    pub(super) why: ClauseId,
}

impl Map {
    /// The clause on a map to which nothing has happened.
    pub(super) const UNTOUCHED: ClauseId = ClauseId::new("CONNECT-24");

    pub(super) fn new(name: Option<Name>) -> Self {
        Self { name, entries: Vec::new(), whys: Vec::new(), why: Self::UNTOUCHED }
    }

    /// Notes why the entry of a descriptor is there.
    pub(super) fn explain(&mut self, fd: u32, why: ClauseId) {
        self.whys.retain(|(number, _)| *number != fd);
        self.whys.push((fd, why));
    }

    /// Names the clause by which an entry is there, where it is an unusual one.
    pub(super) fn explained(&self, fd: u32) -> Option<ClauseId> {
        self.whys.iter().find(|(number, _)| *number == fd).map(|(_, why)| *why)
    }

    pub(super) fn get(&self, fd: u32) -> Option<Name> {
        self.entries.iter().find(|(number, _)| *number == fd).map(|(_, name)| *name)
    }
}

impl Machine<'_> {
    /// Finds a map by name; the default one has none.
    pub(super) fn map_number(&self, name: Option<Name>) -> usize {
        let at = self.maps.iter().position(|map| map.name == name);
        at.expect("scenarios are checked before they are predicted")
    }

    /// Puts a channel into a map, under its descriptor.
    pub(super) fn add_channel(&mut self, chan: Name, map: usize, why: ClauseId) -> Outcome<()> {
        let Some(fd) = self.chan(chan).base.fd else {
            self.unspecified("a channel without a descriptor has no place in a map");
            return Ok(());
        };
        let number = map;
        let map = &mut self.maps[number];
        match map.entries.iter_mut().find(|(number, _)| *number == fd) {
            Some(entry) if entry.1 == chan => {}
            Some(entry) => {
                entry.1 = chan;
                map.why = id("MAP-8");
                map.explain(fd, id("MAP-8"));
                return Ok(());
            }
            None => map.entries.push((fd, chan)),
        }
        map.why = why;
        if [id("MAP-2"), id("MAP-5")].contains(&why) {
            map.explain(fd, why);
        }
        // What a channel is given later does not go to the default map either.
        if number > 0 && why == id("MAP-2") {
            self.maps[0].why = why;
        }
        Ok(())
    }

    /// Notes why a channel is in its own map.
    pub(super) fn explain_member(&mut self, chan: Name, why: ClauseId) {
        let base = &self.chan(chan).base;
        let (map, fd) = (base.map, base.fd);
        self.maps[map].why = why;
        if let Some(fd) = fd {
            self.maps[map].explain(fd, why);
        }
    }

    /// Notes that a map was given, and that the default one is left alone though the given one may be empty.
    pub(super) fn given(&mut self, map: Option<Name>) {
        let number = self.map_number(map);
        if map.is_some() {
            self.maps[0].why = id(if self.maps[number].entries.is_empty() { "MAP-4" } else { "MAP-1" });
        }
    }

    /// Notes which channels were in a map once and are in none now.
    pub(super) fn note_gone(&mut self) {
        let had_descriptor = |chan: &&Channel| chan.base.fd.or(chan.base.last_fd).is_some();
        let is_member = |name| self.maps.iter().any(|map| map.entries.iter().any(|(_, member)| *member == name));
        let gone = self.chans.iter().filter(had_descriptor).map(|chan| chan.name);
        self.prediction.gone = gone.filter(|name| !is_member(*name)).collect();
    }

    /// Says whether a map may have another channel under a channel's descriptor: its socket was closed behind its back, and
    /// the system gives the number to whom it likes.
    fn may_be_anothers(&mut self, chan: Name, map: usize) -> bool {
        let fd = self.chan(chan).base.fd;
        let map = &self.maps[map];
        let has_others = fd.is_some_and(|fd| map.get(fd).is_none()) && !map.entries.is_empty();
        self.oracle.is_some() && has_others && self.closed(chan)
    }

    /// Takes a channel out of a map, and its descriptor from the channel.
    pub(super) fn del_channel(&mut self, chan: Name, map: usize, why: ClauseId) {
        if !self.modern() && self.chan(chan).base.socket.is_none() {
            self.unspecified("a channel of the 2.5 generation that never had a socket has no descriptor to forget");
        }
        if self.may_be_anothers(chan, map) {
            self.unspecified("the system may have given the descriptor of a closed socket to another channel");
        }
        let base = &mut self.chan(chan).base;
        let fd = base.fd.take();
        let last = base.last_fd;
        base.last_fd = fd.or(last);
        let map = &mut self.maps[map];
        match fd {
            Some(fd) => {
                map.entries.retain(|(number, _)| *number != fd);
                map.why = why;
            }
            None => {
                map.why = id(if why == id("CLOSE-6") { "CLOSE-14" } else { "MAP-7" });
                // Whoever has the descriptor now stays.
                if let Some(fd) = last.filter(|fd| map.get(*fd).is_some()) {
                    map.explain(fd, map.why);
                }
            }
        }
    }
}
