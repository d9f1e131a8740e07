//! The process protocol: JSON Lines between the runner and an adapter.
//!
//! The runner writes one request a line to the adapter's standard input; the adapter answers each, in order, with one line
//! on its standard output. The runner may write several requests before it reads; an adapter needs to do nothing for that
//! but read lines. Standard output belongs to the protocol: what a subject prints there must be diverted by the adapter,
//! which may report it in `printed`. Standard error is kept and shown with failures.
//!
//! A scenario on real sockets is a conversation: `begin`, one `step` after the other, `end`; there is one at a time, and
//! each request is answered before the next is written. The runner is the peer, at the places that `begin` tells.

use std::collections::BTreeMap;

use asyncore_spec::feature::Feature;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Hook, Kind, Scenario};
use asyncore_spec::trace::{Event, Trace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// Is what the runner writes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Asks who the subject is; always the first request.
    Hello {
        /// The version of the protocol that the runner speaks.
        protocol: u32,
        /// A text to give back, which no adapter can know beforehand.
        nonce: String,
    },
    /// Asks for one scenario to be run on a fresh subject.
    Run {
        /// A number to give back.
        id: u64,
        /// The scenario.
        scenario: Scenario,
    },
    /// Begins a conversation: asks for what a scenario on real sockets sets up.
    Begin {
        /// A number to give back.
        id: u64,
        /// The whole scenario; its steps come one by one.
        scenario: Scenario,
        /// Where the peer of each channel is. A channel with a connected socket connects there before it is constructed.
        places: Places,
    },
    /// Asks for one step. The peer's own steps are never among them, nor is any `await`.
    Step {
        /// A number to give back.
        id: u64,
        /// What is to be done.
        action: Action,
    },
    /// Asks for passes of the loop until it is quiet; only of a subject whose loop is of the kind `settle`.
    Settle {
        /// A number to give back.
        id: u64,
    },
    /// Ends the conversation: everything that it opened is to be closed.
    End {
        /// A number to give back.
        id: u64,
    },
}

/// Says where channels are, or their peers, by the channels' names.
pub type Places = BTreeMap<Name, Place>;

/// Is where a socket is, or the writing end of a pipe.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// An address of IPv4. A channel that binds does so with this host and the port 0.
    Inet {
        /// The host, in digits.
        host: std::net::Ipv4Addr,
        /// The port.
        port: u16,
    },
    /// An address of IPv6. A channel that binds does so with this host and the port 0.
    Inet6 {
        /// The host, in digits.
        host: std::net::Ipv6Addr,
        /// The port.
        port: u16,
    },
    /// A path in the Unix domain. A channel that binds does so to this path and `.bound`.
    Unix {
        /// The path.
        path: String,
    },
    /// A named pipe, which the channel opens for reading.
    Pipe {
        /// The path.
        path: String,
    },
}

/// Is how a subject's loop can be driven.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoopKind {
    /// It can be stepped, pass by pass.
    #[default]
    Pass,
    /// It can be run until it is quiet.
    Settle,
    /// It runs by itself, all the time.
    Free,
}

/// Is what the adapter answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Answers `hello`.
    Hello(Hello),
    /// The scenario was run to its end.
    Ok {
        /// The request's number.
        id: u64,
        /// What was observed, one list of events for each step.
        trace: Trace,
        /// What the subject printed on its standard output meanwhile.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        printed: String,
    },
    /// The conversation has begun.
    Began {
        /// The request's number.
        id: u64,
        /// Where channels are bound already. The peer connects to a channel that is here, instead of being connected to.
        #[serde(default, skip_serializing_if = "Places::is_empty")]
        bound: Places,
    },
    /// The step was done, or the loop has settled.
    Stepped {
        /// The request's number.
        id: u64,
        /// What was observed.
        events: Vec<Event>,
        /// Where those channels are whose sockets are bound now.
        #[serde(default, skip_serializing_if = "Places::is_empty")]
        bound: Places,
        /// What the subject printed on its standard output meanwhile.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        printed: String,
    },
    /// The conversation has ended, and nothing that it opened is left open.
    Ended {
        /// The request's number.
        id: u64,
        /// What was observed and not told by any step; only where the loop runs by itself.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        events: Vec<Event>,
    },
    /// The scenario asks for something that the subject does not have.
    Unsupported {
        /// The request's number.
        id: u64,
        /// What is missing.
        reason: String,
    },
    /// The scenario could not be run to its end.
    Error {
        /// The request's number.
        id: u64,
        /// What went wrong.
        reason: String,
    },
}

/// Says who a subject is and what it can do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The version of the protocol that the adapter speaks.
    pub protocol: u32,
    /// The text of the request.
    pub nonce: String,
    /// What the subject is called, such as `CPython asynchat`.
    pub name: String,
    /// The subject's own version.
    pub version: String,
    /// The language it is written in.
    pub language: String,
    /// The release of CPython whose behaviour it follows, such as `3.11.7`.
    pub follows: String,
    /// How the adapter knows which release the subject follows.
    pub because: String,
    /// What it can be asked to do.
    pub features: Vec<Feature>,
    /// Which kinds of event it can observe.
    pub observes: Vec<Kind>,
    /// Which of the methods that its release calls on itself it does not have. Nothing is said of their calls, and what
    /// happens inside them is expected one call further out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Hook>,
    /// The default `ac_in_buffer_size` in bytes.
    pub ac_in_buffer_size: u32,
    /// The default `ac_out_buffer_size` in bytes.
    pub ac_out_buffer_size: u32,
    /// How many requests may be under way at once; 1 when absent.
    #[serde(default = "one")]
    pub batch: u32,
    /// How its loop can be driven.
    #[serde(default, rename = "loop")]
    pub loops: LoopKind,
    /// Whether it takes scripted sockets. What does not is held to the clauses by what its peer sees, on real ones.
    #[serde(default = "yes")]
    pub scripted: bool,
}

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}
