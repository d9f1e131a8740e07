//! The process protocol: JSON Lines between the runner and an adapter.
//!
//! The runner writes one request a line to the adapter's standard input; the adapter answers each, in order, with one line
//! on its standard output. The runner may write several requests before it reads; an adapter needs to do nothing for that
//! but read lines. Standard output belongs to the protocol: what a subject prints there must be diverted by the adapter,
//! which may report it in `printed`. Standard error is kept and shown with failures.

use asyncore_spec::feature::Feature;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::trace::Trace;
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
    /// The default `ac_in_buffer_size` in bytes.
    pub ac_in_buffer_size: u32,
    /// The default `ac_out_buffer_size` in bytes.
    pub ac_out_buffer_size: u32,
    /// How many requests may be under way at once; 1 when absent.
    #[serde(default = "one")]
    pub batch: u32,
}

fn one() -> u32 {
    1
}
