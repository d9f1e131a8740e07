//! Maps: which channels the loop serves, in which order.

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

    /// Takes a channel out of a map, and its descriptor from the channel.
    pub(super) fn del_channel(&mut self, chan: Name, map: usize, why: ClauseId) {
        if !self.modern() && self.chan(chan).base.socket.is_none() {
            self.unspecified("a channel of the 2.5 generation that never had a socket has no descriptor to forget");
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
