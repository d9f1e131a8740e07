//! The peer: the other end of every connection of a scenario on real sockets, played by the runner.
//!
//! There is one `End` for each channel and for each socket to be accepted. All of them are non-blocking; whatever is
//! waited for has a deadline. Each keeps a record of what went over it, against which the subject's word is checked.
//! Nothing outlives the peer: descriptors are closed and paths removed when it is dropped, on whatever way.

mod end;
mod ends;
mod place;
mod ready;
mod wire;

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

pub use self::end::{Record, Sent};
use asyncore_spec::name::Name;
use asyncore_spec::peer::{PeerAct, Transport};
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::{Event, What};

use self::ends::Ends;
use crate::belongings::Scratch;
use crate::protocol::Places;

/// Says why the peer could not play its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerError {
    /// This machine lacks something: a family of addresses, or room for one more descriptor or port.
    Absent(String),
    /// The scenario asks the peer for something that cannot be done over its transport.
    Scenario(String),
    /// The subject did not play its part.
    Subject(String),
}

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(reason) | Self::Scenario(reason) | Self::Subject(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for PeerError {}

/// Is what comes of something that the peer tries.
pub type Tried<T> = Result<T, PeerError>;

/// Plays the other ends of a scenario's connections.
#[derive(Debug)]
pub struct Peer {
    ends: Ends,
    /// How long the subject may take to do its part of one act.
    patience: Duration,
    /// Removed when the peer is dropped.
    _directory: Option<Scratch>,
}

impl Peer {
    /// Opens a place for every channel of a scenario.
    ///
    /// # Errors
    ///
    /// When this machine lacks something for that.
    pub fn open(scenario: &Scenario, transport: Transport, patience: Duration) -> Tried<Self> {
        let local = matches!(transport, Transport::Unix | Transport::Pipe);
        let directory = if local { Some(directory()?) } else { None };
        let ends = Ends::open(scenario, transport, directory.as_ref().map(Scratch::path))?;
        Ok(Self { ends, patience, _directory: directory })
    }

    /// Says where the peer of each channel is.
    #[must_use]
    pub fn places(&self) -> Places {
        self.ends.places()
    }

    /// Hears where channels are bound.
    pub fn hear(&mut self, bound: &Places) {
        self.ends.hear(bound);
    }

    /// Makes sure that every channel that is set up with a connection has one.
    ///
    /// # Errors
    ///
    /// When a channel has not connected to the place that it was told.
    pub fn greet(&mut self) -> Tried<()> {
        let until = self.deadline();
        self.ends.greet(until)
    }

    /// Does one thing; what it read is an event.
    ///
    /// # Errors
    ///
    /// When it cannot be done.
    pub fn act(&mut self, on: Name, does: &PeerAct) -> Tried<()> {
        let until = self.deadline();
        self.ends.act(on, does, until)
    }

    /// Reads until so many bytes have come or the stream has ended, for as long as this.
    ///
    /// # Errors
    ///
    /// When there is no connection.
    pub fn read(&mut self, on: Name, bytes: usize, patience: Duration) -> Tried<Read> {
        let until = self.deadline();
        let end = self.ends.connected(on, until)?;
        end.read(bytes, Instant::now() + patience)
    }

    /// Writes what the kernel had no room for before.
    pub fn pump(&mut self) {
        self.ends.pump();
    }

    /// Says how many bytes came over an end so far.
    #[must_use]
    pub fn seen(&self, on: Name) -> usize {
        self.ends.record(on).map_or(0, |record| record.seen.len())
    }

    /// Waits for news from the subject, for as long as this at most.
    pub fn wait(&mut self, patience: Duration) {
        self.ends.wait(patience);
    }

    /// Reads every connection to its end, once the subject has closed its own, and gives the records.
    ///
    /// # Errors
    ///
    /// When the subject left a connection open.
    pub fn finish(mut self) -> Tried<Vec<(Name, Record)>> {
        let until = self.deadline();
        self.ends.finish(until)
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.patience
    }
}

/// Is what the peer read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Read {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether the stream has ended.
    pub ended: bool,
}

impl Read {
    /// Gives the event of it.
    #[must_use]
    pub fn event(&self, on: Name) -> Event {
        let hex = asyncore_spec::value::Bytes::of(&self.bytes);
        Event { depth: 0, what: What::Seen { on, hex, ended: self.ended } }
    }
}

fn directory() -> Tried<Scratch> {
    Scratch::new("asyncore-peer-").map_err(|error| {
        // The system names a path that is another one each time.
        let kind = error.kind();
        let at = std::env::temp_dir();
        PeerError::Absent(format!(
            "no temporary directory can be made in `{}`: {kind}; set TMPDIR to one with room",
            at.display()
        ))
    })
}

/// Says that the machine lacks something.
fn absent(what: &str, error: &io::Error) -> PeerError {
    PeerError::Absent(format!("{what} on this machine: {error}"))
}
