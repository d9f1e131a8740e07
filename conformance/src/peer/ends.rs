//! All ends of a scenario: which there are, and who connects to whom.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use asyncore_spec::dispatcher::Given;
use asyncore_spec::name::Name;
use asyncore_spec::peer::{PeerAct, Transport};
use asyncore_spec::scenario::{Scenario, Setup};
use rustix::event::{PollFd, PollFlags};
use socket2::{Domain, Socket};

use super::end::{End, Record};
use super::place::{address, has_run_out, modest, open_place};
use super::ready::{any, ready};
use super::wire::Wire;
use super::{PeerError, Tried};
use crate::protocol::{Place, Places};

/// Holds the ends by name.
#[derive(Debug)]
pub(super) struct Ends {
    ends: BTreeMap<Name, End>,
    /// Channels that are made on a socket of the scenario, with the socket, whose end is theirs.
    aliases: BTreeMap<Name, Name>,
    /// Channels that are set up with a connection.
    expected: Vec<Name>,
    /// Where channels are bound.
    bound: Places,
}

impl Ends {
    pub(super) fn open(scenario: &Scenario, transport: Transport, directory: Option<&Path>) -> Tried<Self> {
        let mut all =
            Self { ends: BTreeMap::new(), aliases: BTreeMap::new(), expected: Vec::new(), bound: Places::new() };
        for setup in &scenario.setup {
            let (name, connected) = match setup {
                Setup::Chat { name, options } => (*name, !options.unconnected),
                Setup::Dispatcher { name, options } => {
                    if let Some(socket) = options.on {
                        all.aliases.insert(*name, socket);
                        continue;
                    }
                    (*name, options.given == Given::Connected && !options.later)
                }
                _ => continue,
            };
            all.ends.insert(name, End::of_channel(name, open_place(name, transport, directory)?));
            if connected {
                all.expected.push(name);
            }
        }
        Ok(all)
    }

    pub(super) fn places(&self) -> Places {
        self.ends.iter().filter_map(|(name, end)| Some((*name, end.place()?.clone()))).collect()
    }

    pub(super) fn hear(&mut self, bound: &Places) {
        for (name, place) in bound {
            if let Some(end) = self.ends.get_mut(name) {
                end.learn(place);
            }
        }
        self.bound.extend(bound.iter().map(|(name, place)| (*name, place.clone())));
    }

    /// Makes sure that the channels that are set up with a connection have one.
    pub(super) fn greet(&mut self, until: Instant) -> Tried<()> {
        for name in &self.expected {
            let Some(end) = self.ends.get_mut(name) else { continue };
            // Who has connected is also bound, to an address where nobody is accepted.
            let listening = self.bound.get(name).filter(|_| end.is_stream() && !end.is_connected());
            match listening.map(|place| connect(*name, place, until)) {
                Some(Ok(stream)) => end.take(Wire::Stream(stream)),
                // What the machine lacks will not come.
                Some(Err(lack @ PeerError::Absent(_))) => return Err(lack),
                Some(Err(_)) | None => end.connect(until)?,
            }
        }
        self.ends.values_mut().for_each(End::release_guard);
        Ok(())
    }

    pub(super) fn act(&mut self, on: Name, does: &PeerAct, until: Instant) -> Tried<()> {
        match does {
            PeerAct::Connects { socket } => {
                let place = self.bound.get(&on).ok_or_else(|| {
                    PeerError::Subject(format!(
                        "it has not said where `{on}` is bound, so that nobody can connect to it"
                    ))
                })?;
                let stream = connect(on, place, until)?;
                self.ends.insert(*socket, End::of_connection(*socket, Wire::Stream(stream)));
                Ok(())
            }
            PeerAct::Refuses => {
                self.find(on)?.refuse();
                Ok(())
            }
            _ => self.connected(on, until)?.act(does, until),
        }
    }

    fn find(&mut self, on: Name) -> Tried<&mut End> {
        let name = self.aliases.get(&on).copied().unwrap_or(on);
        let none = || PeerError::Scenario(format!("the peer has not connected `{name}` yet"));
        self.ends.get_mut(&name).ok_or_else(none)
    }

    /// Gives an end that has a connection.
    pub(super) fn connected(&mut self, on: Name, until: Instant) -> Tried<&mut End> {
        let end = self.find(on)?;
        end.connect(until)?;
        Ok(end)
    }

    pub(super) fn record(&self, on: Name) -> Option<&Record> {
        self.ends.get(&on).map(|end| &end.record)
    }

    pub(super) fn pump(&mut self) {
        self.ends.values_mut().for_each(End::pump);
    }

    /// Waits until something comes from the subject.
    pub(super) fn wait(&mut self, patience: Duration) {
        let wires = self.ends.values().filter_map(End::wire);
        let mut fds: Vec<_> = wires.map(|wire| PollFd::new(wire, PollFlags::IN)).collect();
        // Whatever is wrong with one of them shows when it is used.
        let _ = any(&mut fds, Instant::now() + patience);
    }

    pub(super) fn finish(&mut self, until: Instant) -> Tried<Vec<(Name, Record)>> {
        let mut fault = None;
        for end in self.ends.values_mut() {
            if let Err(error) = end.finish(until) {
                fault.get_or_insert(error);
            }
        }
        let records = self.ends.values().map(|end| (end.name, end.record.clone())).collect();
        fault.map_or(Ok(records), Err)
    }
}

/// Connects to a channel.
fn connect(on: Name, place: &Place, until: Instant) -> Tried<Socket> {
    let cannot = |error: io::Error| {
        if has_run_out(&error) || no_port_is_left(&error) {
            return PeerError::Absent(format!("this machine has run out of room: {error}"));
        }
        PeerError::Subject(format!("nobody can connect to where it says that `{on}` is bound: {error}"))
    };
    let domain = match place {
        Place::Inet { .. } => Domain::IPV4,
        Place::Inet6 { .. } => Domain::IPV6,
        Place::Unix { .. } => Domain::UNIX,
        Place::Pipe { .. } => return Err(cannot(io::ErrorKind::Unsupported.into())),
    };
    if !is_near(place) {
        let reason = format!("it says that `{on}` is bound to {place}, which is no address of a loopback interface");
        return Err(PeerError::Subject(reason));
    }
    let socket = modest(domain).map_err(cannot)?;
    match socket.connect(&address(place).map_err(cannot)?) {
        Ok(()) => return Ok(socket),
        Err(error) if in_progress(&error) => {}
        Err(error) => return Err(cannot(error)),
    }
    if !ready(&socket, PollFlags::OUT, until).map_err(cannot)? {
        return Err(cannot(io::ErrorKind::TimedOut.into()));
    }
    match socket.take_error().map_err(cannot)? {
        None => Ok(socket),
        Some(error) => Err(cannot(error)),
    }
}

/// Says whether a place is on this machine for certain: no other is ever connected to.
fn is_near(place: &Place) -> bool {
    match place {
        Place::Inet { host, .. } => host.is_loopback() || host.is_unspecified(),
        Place::Inet6 { host, .. } => host.is_loopback() || host.is_unspecified(),
        Place::Unix { .. } | Place::Pipe { .. } => true,
    }
}

/// Says whether there was no port to connect from: the address itself is one of this machine.
fn no_port_is_left(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::ADDRNOTAVAIL.raw_os_error())
}

fn in_progress(error: &io::Error) -> bool {
    let number = rustix::io::Errno::INPROGRESS.raw_os_error();
    error.raw_os_error() == Some(number)
}
