//! What a channel needs of its socket.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::exception::Exception;

/// Says where the other end of a connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// An Internet address.
    Ip(SocketAddr),
    /// A path of the file system; empty for a socket without a name.
    Unix(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "{:?}", path.as_os_str()),
        }
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Ip(address)
    }
}

/// A non-blocking socket, or anything that behaves like one.
///
/// Every method takes `&self`: a channel keeps no borrow while it calls one, so a method may call
/// the channel back. Errors are [`Exception::Os`] unless the implementation has a reason.
pub trait Socket {
    /// Appends at most `max` bytes to `into` and returns how many; 0 is the end of the stream.
    ///
    /// `into` may hold bytes already, and they stay. On an error nothing has been appended.
    ///
    /// # Errors
    /// Whatever the system reports; `EWOULDBLOCK` when nothing has come.
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception>;

    /// Sends what it can of `data` and returns how many bytes went.
    ///
    /// # Errors
    /// Whatever the system reports; `EWOULDBLOCK` when nothing can go.
    fn send(&self, data: &[u8]) -> Result<usize, Exception>;

    /// Closes the socket; a later call is not an error unless the implementation says so.
    ///
    /// # Errors
    /// Whatever the system reports.
    fn close(&self) -> Result<(), Exception>;

    /// Starts to connect and returns an error number, 0 for an immediate success (`connect_ex`).
    ///
    /// # Errors
    /// Whatever is not an error number of the connection.
    fn connect(&self, address: &Address) -> Result<i32, Exception>;

    /// Returns the pending error number and clears it; 0 for none (`SO_ERROR`).
    ///
    /// # Errors
    /// Whatever the system reports.
    fn take_error(&self) -> Result<i32, Exception>;

    /// Returns the address of the other end (`getpeername`).
    ///
    /// # Errors
    /// `ENOTCONN` or `EINVAL` when there is none.
    fn peer_name(&self) -> Result<Address, Exception>;

    /// Makes every call return at once (`setblocking(0)`).
    ///
    /// # Errors
    /// Whatever the system reports.
    fn set_nonblocking(&self) -> Result<(), Exception>;
}
