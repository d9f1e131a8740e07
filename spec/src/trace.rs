//! Traces: what was observed, step by step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exception::Exception;
use crate::name::Name;
use crate::scenario::{Hook, Kind};
use crate::value::{Bytes, Value};
use crate::wait::{Ready, Timeout, Told, WaitCall};

/// Holds the events of every step, in order; an inner list belongs to the step of the same number.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Trace {
    /// One list of events for each step.
    pub steps: Vec<Vec<Event>>,
}

/// Is one observed event.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// How many recorded calls it happened inside of.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub depth: u16,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(depth: &u16) -> bool {
    *depth == 0
}

/// Is what an event consists of.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "ev", rename_all = "snake_case")]
pub enum What {
    /// A hook was called.
    Hook {
        /// The channel or producer.
        on: Name,
        /// The hook.
        hook: Hook,
        /// What it was given; an exception for `handle_error`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arg: Option<Arg>,
        /// The channel's flags when the call began; only for callbacks of a channel.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flags: Option<Flags>,
    },
    /// A call reached the channel's socket.
    Socket {
        /// The channel.
        on: Name,
        /// The call.
        call: SocketCall,
        /// What the socket was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arg: Option<Value>,
        /// What the socket did.
        reply: Reply,
    },
    /// The step, or an action inside a reaction, gave something back.
    Result {
        /// What it gave.
        value: Value,
    },
    /// The step raised.
    Raised {
        /// What it raised.
        exception: Exception,
    },
    /// A pass of the loop waited.
    Wait {
        /// With which call.
        call: WaitCall,
        /// For how long at most.
        timeout: Timeout,
        /// For what; the order is that of the lists given to the call, one after the other.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        asked: Vec<Ready>,
        /// What the wait told.
        told: Told,
    },
    /// The peer read.
    Seen {
        /// Whose peer.
        on: Name,
        /// What it read since the last time.
        hex: Bytes,
        /// Whether the stream had ended by then, in order or by a reset.
        ended: bool,
    },
    /// Something was printed.
    Printed {
        /// Where.
        to: Stream,
        /// What.
        text: String,
    },
}

/// Is where a program prints to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// Is the argument of a hook.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Arg {
    /// A value.
    Value {
        /// The value.
        value: Value,
    },
    /// The exception that `handle_error` is called for.
    Exception {
        /// The exception.
        exception: Exception,
    },
}

/// Is a call on a socket.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the socket's own")]
pub enum SocketCall {
    Recv,
    Send,
    Close,
    Accept,
    Connect,
    Bind,
    Listen,
    Getsockopt,
    Setsockopt,
    Create,
    Dup,
}

impl SocketCall {
    /// Every call.
    pub const ALL: &'static [Self] = &[
        Self::Recv,
        Self::Send,
        Self::Close,
        Self::Accept,
        Self::Connect,
        Self::Bind,
        Self::Listen,
        Self::Getsockopt,
        Self::Setsockopt,
        Self::Create,
        Self::Dup,
    ];

    /// Finds a call by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|call| call.name() == name)
    }

    /// Gives the call's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Recv => "recv",
            Self::Send => "send",
            Self::Close => "close",
            Self::Accept => "accept",
            Self::Connect => "connect",
            Self::Bind => "bind",
            Self::Listen => "listen",
            Self::Getsockopt => "getsockopt",
            Self::Setsockopt => "setsockopt",
            Self::Create => "create",
            Self::Dup => "dup",
        }
    }
}

/// Is what a socket did with a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// It gave a value: bytes for `recv`, a number of bytes for `send`, the name of a socket for `accept` and `create`,
    /// `none` or the name of an error number for `connect` and `getsockopt`, none for the others.
    Value {
        /// The value.
        value: Value,
    },
    /// It raised.
    Raised {
        /// What it raised.
        exception: Exception,
    },
}

/// Holds a channel's flags at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// `connected`.
    #[serde(default)]
    pub connected: bool,
    /// `accepting`.
    #[serde(default)]
    pub accepting: bool,
    /// `connecting`; false where a release has no such attribute.
    #[serde(default)]
    pub connecting: bool,
}

impl Flags {
    /// Is connected, and nothing else.
    pub const CONNECTED: Self = Self { connected: true, accepting: false, connecting: false };
}

impl Event {
    /// Says which kind of event it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.what {
            What::Hook { hook, .. } => hook.kind(),
            What::Socket { .. } => Kind::Socket,
            What::Result { .. } | What::Raised { .. } => Kind::Results,
            What::Wait { .. } => Kind::Waits,
            What::Printed { .. } => Kind::Log,
            What::Seen { .. } => Kind::Peer,
        }
    }

    /// Names the channel or producer it happened on, if it happened on one.
    #[must_use]
    pub fn on(&self) -> Option<Name> {
        match &self.what {
            What::Hook { on, .. } | What::Socket { on, .. } | What::Seen { on, .. } => Some(*on),
            What::Result { .. } | What::Raised { .. } | What::Wait { .. } | What::Printed { .. } => None,
        }
    }
}

impl Trace {
    /// Iterates over every event with the number of its step.
    pub fn events(&self) -> impl Iterator<Item = (usize, &Event)> {
        self.steps.iter().enumerate().flat_map(|(step, events)| events.iter().map(move |event| (step, event)))
    }

    /// Counts the events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.iter().map(Vec::len).sum()
    }

    /// Says whether nothing was observed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
