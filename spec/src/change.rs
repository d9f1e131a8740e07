//! A rule that somebody does otherwise on purpose, in the words of the kill matrix.

use std::fmt;
use std::str::FromStr;

use crate::clause_id::ClauseId;
use crate::exception::Exception;
use crate::hook::Hook;
use crate::text::{ParseError, parse_events};
use crate::trace::{Event, SocketCall, What};
use crate::value::Value;

/// Is what happens to the events that a clause speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The event does not come, nor what happens inside it.
    Dropped,
    /// It comes twice.
    Doubled,
    /// It comes before what it should come after.
    Early,
    /// It comes after what it should come before.
    Late,
    /// It comes with another value, result, exception, flag or time.
    Altered,
    /// Something comes that the clause rules out.
    Extra,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 6] = [Self::Dropped, Self::Doubled, Self::Early, Self::Late, Self::Altered, Self::Extra];

    /// Gives its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Doubled => "doubled",
            Self::Early => "early",
            Self::Late => "late",
            Self::Altered => "altered",
            Self::Extra => "extra",
        }
    }

    /// Finds a fault by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Is what stands in the place of a value, a result or an exception.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Other {
    /// A value, also where a step raised.
    Value(Value),
    /// An exception, also where a step gave a result.
    Exception(Exception),
}

impl FromStr for Other {
    type Err = ParseError;

    /// Reads it as a trace writes it behind `->` or `raised`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let read = |before: &str| parse_events(&format!("{before} {text}"));
        let what = |events: Vec<Event>| events.into_iter().next().map(|event| event.what);
        if let Ok(Some(What::Raised { exception })) = read("raised").map(what) {
            return Ok(Self::Exception(exception));
        }
        match read("->").map(what)? {
            Some(What::Result { value }) => Ok(Self::Value(value)),
            _ => unreachable!("behind an arrow stands a result"),
        }
    }
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Exception(exception) => write!(f, "{exception}"),
        }
    }
}

/// Names events of one sort, as a trace does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Calls of a hook.
    Hook(Hook),
    /// Calls that reach a socket: `socket.close`.
    Socket(SocketCall),
    /// What a step gives: `->`.
    Result,
    /// What a step raises: `raised`.
    Raised,
    /// Waits: `waits`.
    Waits,
    /// What is printed: `prints`.
    Prints,
}

impl Sort {
    /// Gives the sort of an event; none if it is what a peer read.
    #[must_use]
    pub fn of(what: &What) -> Option<Self> {
        match what {
            What::Hook { hook, .. } => Some(Self::Hook(*hook)),
            What::Socket { call, .. } => Some(Self::Socket(*call)),
            What::Result { .. } => Some(Self::Result),
            What::Raised { .. } => Some(Self::Raised),
            What::Wait { .. } => Some(Self::Waits),
            What::Printed { .. } => Some(Self::Prints),
            What::Seen { .. } => None,
        }
    }

    /// Finds a sort by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "->" => Some(Self::Result),
            "raised" => Some(Self::Raised),
            "waits" => Some(Self::Waits),
            "prints" => Some(Self::Prints),
            _ => match name.strip_prefix("socket.") {
                Some(call) => SocketCall::by_name(call).map(Self::Socket),
                None => Hook::by_name(name).map(Self::Hook),
            },
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hook(hook) => f.write_str(hook.name()),
            Self::Socket(call) => write!(f, "socket.{}", call.name()),
            Self::Result => f.write_str("->"),
            Self::Raised => f.write_str("raised"),
            Self::Waits => f.write_str("waits"),
            Self::Prints => f.write_str("prints"),
        }
    }
}

/// Is a change of the model: what a subject does in the place of what a clause says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// The clause.
    pub clause: ClauseId,
    /// Which of the clause's events it is about; all of them, if none is named.
    pub event: Option<Sort>,
    /// What happens to its events.
    pub fault: Fault,
    /// What they carry instead, where they are altered.
    pub to: Option<Other>,
}

impl Change {
    /// Says whether the change is about an event of its clause.
    #[must_use]
    pub fn is_about(&self, what: &What) -> bool {
        self.event.is_none_or(|sort| Sort::of(what) == Some(sort))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.clause, self.fault)?;
        self.event.iter().try_for_each(|event| write!(f, " {event}"))?;
        self.to.iter().try_for_each(|to| write!(f, " to {to}"))
    }
}
