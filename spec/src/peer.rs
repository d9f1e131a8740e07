//! Real connections: what they run over, and what the other end does.
//!
//! The peer is the runner's own end of a connection. It is never played by the subject.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::value::Bytes;

/// Is what the sockets of a scenario are, where they are real ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// TCP over IPv4, on loopback.
    Tcp4,
    /// TCP over IPv6, on loopback.
    Tcp6,
    /// Streams of the Unix domain.
    Unix,
    /// UDP over IPv4, on loopback.
    Udp,
    /// Pipes; every channel is a `file_dispatcher` on the reading end of one.
    Pipe,
}

impl Transport {
    /// Every transport.
    pub const ALL: &'static [Self] = &[Self::Tcp4, Self::Tcp6, Self::Unix, Self::Udp, Self::Pipe];

    /// Gives the transport's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp4 => "tcp4",
            Self::Tcp6 => "tcp6",
            Self::Unix => "unix",
            Self::Udp => "udp",
            Self::Pipe => "pipe",
        }
    }

    /// Finds a transport by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|transport| transport.name() == name)
    }
}

/// Is something that the peer does.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum PeerAct {
    /// Connects to a listening channel; the connection is called as the socket that the channel will accept.
    Connects {
        /// The name of the connection.
        socket: Name,
    },
    /// Writes.
    Sends {
        /// What.
        hex: Bytes,
    },
    /// Writes one byte of urgent data.
    Urgent {
        /// The byte.
        byte: u8,
    },
    /// Reads until so many bytes have come since the last reading, or the stream has ended.
    Reads {
        /// How many.
        bytes: u32,
    },
    /// Shuts its side down for writing.
    Ends,
    /// Closes.
    Closes,
    /// Closes so that the connection is reset.
    Resets,
    /// Closes the place that channels connect to, so that they are refused.
    Refuses,
}

impl fmt::Display for PeerAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connects { socket } => write!(f, "connects {socket}"),
            Self::Sends { hex } => write!(f, "sends {hex}"),
            Self::Urgent { byte } => write!(f, "urgent {}", Bytes::of([*byte])),
            Self::Reads { bytes } => write!(f, "reads {bytes}"),
            Self::Ends => f.write_str("ends"),
            Self::Closes => f.write_str("closes"),
            Self::Resets => f.write_str("resets"),
            Self::Refuses => f.write_str("refuses"),
        }
    }
}
