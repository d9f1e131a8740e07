//! One end: the place, the connection, and the record of what went over it.

use std::io;
use std::time::{Duration, Instant};

use asyncore_spec::name::Name;
use asyncore_spec::peer::PeerAct;
use rustix::event::PollFlags;

use super::place::{self, Listener, Opened};
use super::ready::ready;
use super::wire::{Got, Wire};
use super::{PeerError, Read, Tried, absent};
use crate::protocol::Place;

/// How long a channel that connects again may take to arrive.
const RETURN: Duration = Duration::from_millis(200);

/// How many bytes, and how many empty datagrams, a channel may send: more than any scenario lets it.
const MOST_BYTES: usize = 64 << 20;
const MOST_EMPTY: usize = 1 << 16;

/// Is something that the peer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Data, or one datagram.
    Data(Vec<u8>),
    /// Urgent data.
    Urgent(u8),
}

/// Is what went over an end.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Record {
    /// What the peer gave to the kernel, in order.
    pub sent: Vec<Sent>,
    /// What it read.
    pub seen: Vec<u8>,
    /// Whether the stream ended in order, seen from here.
    pub ended: bool,
    /// Whether the connection was broken, seen from here, or the peer left before its end.
    pub broken: bool,
    /// Whether data are datagrams.
    pub datagrams: bool,
    /// How many connections there were, one after the other.
    pub connections: u32,
}

/// Is the peer's end of a channel's connections.
#[derive(Debug)]
pub(super) struct End {
    pub(super) name: Name,
    place: Option<Place>,
    listener: Option<Listener>,
    wire: Option<Wire>,
    /// What the kernel had no room for yet.
    unsent: Vec<u8>,
    pub(super) record: Record,
}

impl End {
    /// Is the end of a channel that connects.
    pub(super) fn of_channel(name: Name, opened: Opened) -> Self {
        let datagrams = opened.wire.as_ref().is_some_and(Wire::is_datagrams);
        let connections = u32::from(opened.wire.is_some());
        let record = Record { datagrams, connections, ..Record::default() };
        let Opened { place, listener, wire } = opened;
        Self { name, place: Some(place), listener, wire, unsent: Vec::new(), record }
    }

    /// Is the end of a connection that the peer makes.
    pub(super) fn of_connection(name: Name, wire: Wire) -> Self {
        let record = Record { connections: 1, ..Record::default() };
        Self { name, place: None, listener: None, wire: Some(wire), unsent: Vec::new(), record }
    }

    pub(super) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    pub(super) fn wire(&self) -> Option<&Wire> {
        self.wire.as_ref()
    }

    /// Takes a connection that the peer made to the channel, in place of one that the channel makes.
    pub(super) fn take(&mut self, wire: Wire) {
        self.record.connections += 1;
        self.wire = Some(wire);
    }

    /// Learns where a channel's datagrams have to go.
    pub(super) fn learn(&mut self, place: &Place) {
        if let Some(Wire::Datagrams { to, .. }) = &mut self.wire {
            *to = place::address(place).ok().and_then(|address| address.as_socket());
        }
    }

    /// Accepts a connection that is there already; says whether one was.
    fn accept(&mut self) -> Tried<bool> {
        let Some(Listener::Streams(listener)) = &self.listener else { return Ok(false) };
        match listener.accept() {
            Ok((socket, _)) => {
                socket.set_nonblocking(true).map_err(|error| absent("a connection cannot be used", &error))?;
                self.record.connections += 1;
                self.wire = Some(Wire::Stream(socket));
                Ok(true)
            }
            Err(error) if place::has_run_out(&error) => {
                Err(PeerError::Absent(format!("this machine has run out of room: {error}")))
            }
            Err(_) => Ok(false),
        }
    }

    /// Says whether there is a connection; one that is there to be accepted is.
    pub(super) fn is_connected(&mut self) -> bool {
        matches!(self.accept(), Ok(true)) || self.wire.is_some()
    }

    pub(super) fn is_stream(&self) -> bool {
        matches!(self.listener, Some(Listener::Streams(_)))
    }

    /// Makes sure that there is a connection.
    pub(super) fn connect(&mut self, until: Instant) -> Tried<()> {
        if self.accept()? || self.wire.is_some() {
            return Ok(());
        }
        if let Some(Listener::Streams(listener)) = &self.listener {
            // Who was here and went does not come back by itself.
            let until = if self.record.connections > 0 { until.min(Instant::now() + RETURN) } else { until };
            // What is wrong with the listener shows when accepting.
            let _ = ready(listener, PollFlags::IN, until);
        }
        if self.accept()? {
            return Ok(());
        }
        let Self { name, place, .. } = self;
        Err(match place {
            Some(place) if self.record.connections == 0 => {
                PeerError::Subject(format!("`{name}` did not connect to the place that it was told, {}", told(place)))
            }
            _ => PeerError::Scenario(format!("the connection of `{name}` is closed already")),
        })
    }

    /// Says that the subject has opened what it had to open.
    pub(super) fn release_guard(&mut self) {
        if matches!(self.listener, Some(Listener::Guard(_))) {
            self.listener = None;
        }
    }

    /// Does one thing; a connection is there.
    pub(super) fn act(&mut self, does: &PeerAct, until: Instant) -> Tried<()> {
        match does {
            PeerAct::Sends { hex } => self.send(hex),
            PeerAct::Urgent { byte } => self.send_urgent(*byte),
            PeerAct::Ends => self.shut_down(),
            PeerAct::Closes => self.close(),
            PeerAct::Resets => self.reset(),
            PeerAct::Reads { bytes } => self.read(*bytes as usize, until).map(|_| ()),
            PeerAct::Connects { .. } | PeerAct::Refuses => Ok(()),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Tried<()> {
        self.unsent.extend_from_slice(bytes);
        if matches!(self.wire, Some(Wire::Datagrams { to: None, .. })) {
            return Err(PeerError::Scenario(format!("the subject has not said where `{}` is bound", self.name)));
        }
        self.pump();
        Ok(())
    }

    fn send_urgent(&mut self, byte: u8) -> Tried<()> {
        let Some(wire) = &self.wire else { return Ok(()) };
        match wire.urgent(byte) {
            Ok(()) => {
                self.record.sent.push(Sent::Urgent(byte));
                Ok(())
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) => Ok(()),
            Err(error) => Err(absent("urgent data cannot be sent over such a connection", &error)),
        }
    }

    /// Writes what the kernel has room for. When nobody is there any more, reading will tell.
    pub(super) fn pump(&mut self) {
        while !self.unsent.is_empty() {
            let Some(wire) = &mut self.wire else { return };
            let Ok(written @ 1..) = wire.write(&self.unsent) else { return };
            let rest = self.unsent.split_off(written);
            self.record.sent.push(Sent::Data(std::mem::replace(&mut self.unsent, rest)));
        }
    }

    fn shut_down(&mut self) -> Tried<()> {
        self.pump();
        if self.wire.as_ref().is_some_and(Wire::is_pipe) {
            self.wire = None;
            return Ok(());
        }
        match self.wire.as_ref().map(Wire::end) {
            Some(Err(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Err(PeerError::Scenario("datagrams have no end".to_owned()))
            }
            // A connection that is broken has ended already.
            _ => Ok(()),
        }
    }

    /// Closes in order: what has come is read before, as the system breaks a connection over unread data.
    fn close(&mut self) -> Tried<()> {
        self.pump();
        self.take_all()?;
        self.leave();
        Ok(())
    }

    fn reset(&mut self) -> Tried<()> {
        if let Some(wire) = &self.wire {
            wire.break_on_close().map_err(|error| absent("a connection cannot be reset", &error))?;
        }
        self.leave();
        Ok(())
    }

    fn leave(&mut self) {
        self.record.broken |= !self.record.ended;
        self.wire = None;
        self.unsent.clear();
    }

    /// Closes the place, so that who connects is refused.
    pub(super) fn refuse(&mut self) {
        self.listener = None;
    }

    /// Reads until so many bytes have come, the stream has ended, or it is time. Nothing comes back through a pipe; whose
    /// reader has gone is always ready, for an error.
    pub(super) fn read(&mut self, bytes: usize, until: Instant) -> Tried<Read> {
        let mut read = Read::default();
        let mut empty = 0;
        while read.bytes.len() < bytes {
            let Some(wire) = self.wire.as_mut().filter(|wire| !wire.is_pipe()) else { break };
            match wire.read(bytes - read.bytes.len()) {
                Got::Bytes(piece) => {
                    let length = piece.len();
                    self.record.seen.extend_from_slice(&piece);
                    read.bytes.extend(piece);
                    empty += usize::from(length == 0);
                    self.is_modest(empty)?;
                }
                Got::Nothing => match ready(wire, PollFlags::IN, until) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => return Err(absent("a connection cannot be waited for", &error)),
                },
                Got::Eof => {
                    self.record.ended = true;
                    read.ended = true;
                    break;
                }
                Got::Broken => {
                    self.record.broken = true;
                    read.ended = true;
                    break;
                }
            }
        }
        Ok(read)
    }

    /// Makes sure that a channel that sends and sends is not listened to for ever.
    fn is_modest(&self, empty: usize) -> Tried<()> {
        if self.record.seen.len() <= MOST_BYTES && empty <= MOST_EMPTY {
            return Ok(());
        }
        Err(PeerError::Subject(format!("`{}` sends and sends: more than any scenario lets it", self.name)))
    }

    fn take_all(&mut self) -> Tried<()> {
        // Only what is there already: it is past time at once.
        self.read(usize::MAX, Instant::now()).map(|_| ())
    }

    /// Reads to the end, now that the subject has closed its side.
    pub(super) fn finish(&mut self, until: Instant) -> Tried<()> {
        self.unsent.clear();
        while self.accept()? {}
        let Some(wire) = &self.wire else { return Ok(()) };
        let left_open = match wire {
            Wire::Datagrams { .. } => {
                self.take_all()?;
                false
            }
            // The writing end of a pipe that nobody reads is in error.
            Wire::Pipe(file) => !ready(file, PollFlags::ERR, until).unwrap_or(true),
            Wire::Stream(_) => {
                self.read(usize::MAX, until)?;
                !self.record.ended && !self.record.broken
            }
        };
        // Nothing is to be left in the system; that it could not be said is no matter.
        let _ = self.wire.as_ref().map(Wire::break_on_close);
        self.wire = None;
        if left_open {
            return Err(PeerError::Subject(format!("it left the connection of `{}` open at the end", self.name)));
        }
        Ok(())
    }
}

fn told(place: &Place) -> String {
    // Ports and temporary paths say nothing to anybody later.
    match place {
        Place::Inet { .. } => "an address of IPv4",
        Place::Inet6 { .. } => "an address of IPv6",
        Place::Unix { .. } => "a path in the Unix domain",
        Place::Pipe { .. } => "a named pipe",
    }
    .to_owned()
}
