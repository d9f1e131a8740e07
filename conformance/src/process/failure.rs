//! What a child can do wrong.

use std::fmt;
use std::process::ExitStatus;
use std::time::Duration;

use crate::protocol::PROTOCOL;

/// Is a way in which a child did not answer as it should. Its text continues a sentence that begins with "it".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It ended.
    Ended {
        /// How, if that could be found out.
        status: Option<ExitStatus>,
        /// The beginning of the line that it was writing.
        unfinished: String,
    },
    /// It closed its standard output, but did not end.
    Closed,
    /// It did not answer in time.
    Late {
        /// The time it had.
        timeout: Duration,
    },
    /// It wrote a line that is no answer.
    Garbage {
        /// The beginning of the line.
        shown: String,
        /// Why it is no answer.
        why: String,
    },
    /// It wrote a line that never ended.
    Flood {
        /// The greatest length allowed.
        limit: usize,
        /// The beginning of the line.
        shown: String,
    },
    /// It speaks another version of the protocol.
    OtherProtocol {
        /// Which.
        found: u32,
    },
    /// It answered something else than it was asked.
    OutOfTurn {
        /// The request that was due.
        due: String,
        /// What it answered instead.
        instead: String,
    },
    /// It answered a request for the second time.
    Twice {
        /// The request's number.
        id: u64,
    },
    /// It reported more steps than it was given.
    TooManySteps {
        /// How many it reported.
        reported: usize,
        /// How many it was given.
        given: usize,
    },
}

impl Failure {
    /// Says what to do about it when it happens at the start.
    pub(super) fn remedy(&self) -> &'static str {
        match self {
            Self::Ended { .. } => "run the same command by hand to see what it lacks",
            Self::Closed => "an adapter answers on its standard output until its standard input ends",
            Self::Late { .. } => {
                "an adapter answers each line as soon as it is there, and flushes; or allow it more time"
            }
            Self::OtherProtocol { .. } => "use an adapter and a suite of the same release",
            Self::Garbage { .. }
            | Self::Flood { .. }
            | Self::OutOfTurn { .. }
            | Self::Twice { .. }
            | Self::TooManySteps { .. } => {
                "standard output belongs to the protocol: one JSON object a line, nothing else"
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended { status, unfinished } => {
                f.write_str("ended")?;
                if let Some(status) = status {
                    // "exit status: 3", "signal: 11 (SIGSEGV)"
                    write!(f, " with {}", status.to_string().replacen(": ", " ", 1))?;
                }
                if unfinished.is_empty() { Ok(()) } else { write!(f, " in the middle of the line `{unfinished}`") }
            }
            Self::Closed => f.write_str("closed its standard output without ending"),
            Self::Late { timeout } => write!(f, "gave no answer within {timeout:?}"),
            Self::Garbage { shown, why } => write!(f, "wrote a line that is no answer: `{shown}` ({why})"),
            Self::OtherProtocol { found } => write!(f, "speaks version {found} of the protocol, not {PROTOCOL}"),
            Self::Flood { limit, shown } => write!(f, "wrote a line of more than {limit} bytes: `{shown}`"),
            Self::OutOfTurn { due, instead } => write!(f, "gave {instead} when {due} was due"),
            Self::Twice { id } => write!(f, "answered request {id} twice"),
            Self::TooManySteps { reported, given } => {
                write!(f, "reported {reported} steps of a scenario that has {given}")
            }
        }
    }
}

/// Shows the beginning of something that was meant to be a line.
pub(super) fn show(bytes: &[u8]) -> String {
    const CHARACTERS: usize = 200;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * CHARACTERS)]);
    let mut shown: String =
        text.chars().take(CHARACTERS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.len() < bytes.len() || text.chars().nth(CHARACTERS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_is_shown() {
        assert_eq!(show(b"short\x07"), "short\u{fffd}");
        assert_eq!(show("é".repeat(1000).as_bytes()), "é".repeat(200) + "…");
        assert_eq!(show(&[b'x'; 201]), "x".repeat(200) + "…");
    }
}
