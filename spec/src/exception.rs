//! Exceptions, compared by kind.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! errnos {
    ($($name:ident),* $(,)?) => {
        /// Is an error number of the operating system, by its symbolic name.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[allow(missing_docs, reason = "the names are POSIX's own")]
        #[allow(clippy::upper_case_acronyms, reason = "the names are POSIX's own")]
        pub enum Errno { $($name),* }

        impl Errno {
            /// Every error number that a scenario can name.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the symbolic name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

errnos! {
    EAGAIN, EALREADY, EINPROGRESS, EINTR, ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE, EBADF,
    EIO, ENOBUFS, ETIMEDOUT, EHOSTUNREACH, ECONNREFUSED, EINVAL, EISCONN, EADDRINUSE, EACCES, EMFILE, ENOENT,
    ENETDOWN, ENETUNREACH, ENETRESET, EHOSTDOWN, EPROTO, ENFILE, ENOMEM, EPERM,
}

impl Errno {
    /// Finds an error number by its symbolic name; `EWOULDBLOCK` is another name of `EAGAIN`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let name = if name == "EWOULDBLOCK" { "EAGAIN" } else { name };
        Self::ALL.iter().copied().find(|errno| errno.name() == name)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Is an exception, as far as a spec can speak of one in every language: its kind.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Exception {
    /// Leaves the loop: Python's `ExitNow`.
    Exit,
    /// Interrupts the program: Python's `KeyboardInterrupt` and `SystemExit`.
    Interrupt,
    /// An error of the operating system.
    Os {
        /// Which one.
        errno: Errno,
        /// What it says, where the module itself makes the exception; none for one that came from a socket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<ErrorText>,
    },
    /// Anything else.
    Other {
        /// The exception's class in Python, where the module itself raises it; none for one that a scenario raised.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<String>,
    },
}

/// Is what an error of the operating system says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorText {
    /// The symbolic name of its number.
    Symbol,
    /// The system's own text for its number.
    System,
    /// Something else.
    Else,
}

impl ErrorText {
    /// Every kind of text.
    pub const ALL: &'static [Self] = &[Self::Symbol, Self::System, Self::Else];

    /// Gives the word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Symbol => "symbol",
            Self::System => "system",
            Self::Else => "else",
        }
    }
}

impl Exception {
    /// Is an error of the operating system that came from a socket.
    #[must_use]
    pub const fn os(errno: Errno) -> Self {
        Self::Os { errno, text: None }
    }

    /// Is the exception that a scenario's own `raise other` makes.
    #[must_use]
    pub fn scripted() -> Self {
        Self::Other { class: None }
    }

    /// Makes an exception that the module itself raises, by its class in Python.
    #[must_use]
    pub fn class(class: &str) -> Self {
        Self::Other { class: Some(class.to_owned()) }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit => f.write_str("exit"),
            Self::Interrupt => f.write_str("interrupt"),
            Self::Os { errno, text: None } => write!(f, "os {errno}"),
            Self::Os { errno, text: Some(text) } => write!(f, "os {errno} {}", text.name()),
            Self::Other { class: None } => f.write_str("other"),
            Self::Other { class: Some(class) } => write!(f, "other {class}"),
        }
    }
}
