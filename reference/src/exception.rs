//! What a method may raise.

use std::error::Error;
use std::fmt;
use std::io;

use crate::errno;

/// Says why a method did not return normally.
///
/// The kinds that asyncore tells apart: two that leave the event loop, two that carry an error
/// number, and everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exception {
    /// Leaves the loop at the program's own wish (`asyncore.ExitNow`).
    ExitNow,
    /// Leaves the program (`KeyboardInterrupt`, `SystemExit`).
    Interrupt,
    /// A failed call of the system, with its error number.
    Os(i32),
    /// A failed call on a file, where the release tells it from one on a socket (until 2.7).
    ///
    /// Nothing that looks for error numbers of sockets finds this one.
    File(i32),
    /// Any other class.
    ///
    /// Boxed, so that a `Result` with an exception travels in registers.
    Other(Box<Raised>),
}

/// An exception that asyncore does not look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The name of its class, such as `TypeError`.
    pub class: &'static str,
    /// What it says.
    pub message: String,
}

impl Exception {
    /// Creates an exception of a class of its own.
    pub fn other(class: &'static str, message: impl Into<String>) -> Self {
        Self::Other(Box::new(Raised { class, message: message.into() }))
    }

    /// Returns the error number of a system error.
    pub fn errno(&self) -> Option<i32> {
        match self {
            Self::Os(errno) | Self::File(errno) => Some(*errno),
            _ => None,
        }
    }

    /// Returns the name of the class.
    pub fn class(&self) -> &'static str {
        match self {
            Self::ExitNow => "ExitNow",
            Self::Interrupt => "KeyboardInterrupt",
            Self::Os(_) | Self::File(_) => "OSError",
            Self::Other(raised) => raised.class,
        }
    }

    /// Tells whether a class of that name was raised.
    pub(crate) fn is_a(&self, class: &str) -> bool {
        matches!(self, Self::Other(raised) if raised.class == class)
    }

    #[cold]
    pub(crate) fn no_attribute(owner: &str, name: &str) -> Self {
        Self::other("AttributeError", format!("'{owner}' object has no attribute '{name}'"))
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExitNow | Self::Interrupt => f.write_str(self.class()),
            Self::Os(errno) | Self::File(errno) => write!(f, "OSError: {}", io::Error::from_raw_os_error(*errno)),
            Self::Other(raised) => write!(f, "{}: {}", raised.class, raised.message),
        }
    }
}

impl Error for Exception {}

/// Keeps the error number; an error without one gets that of its kind, or `EIO`.
impl From<io::Error> for Exception {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        Self::Os(error.raw_os_error().unwrap_or_else(|| match error.kind() {
            Kind::WouldBlock => errno::EWOULDBLOCK,
            Kind::ConnectionReset => errno::ECONNRESET,
            Kind::ConnectionAborted => errno::ECONNABORTED,
            Kind::ConnectionRefused => errno::ECONNREFUSED,
            Kind::NotConnected => errno::ENOTCONN,
            Kind::BrokenPipe => errno::EPIPE,
            Kind::InvalidInput => errno::EINVAL,
            _ => errno::EIO,
        }))
    }
}
