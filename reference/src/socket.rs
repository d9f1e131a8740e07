//! What a channel needs of its socket.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;

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

/// Says what kind of addresses a socket has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Family {
    /// Version 4 of the Internet protocol (`AF_INET`).
    #[default]
    Inet,
    /// Version 6 of the Internet protocol (`AF_INET6`).
    Inet6,
    /// Paths of the file system (`AF_UNIX`).
    Unix,
}

/// Says what a socket carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A stream of bytes (`SOCK_STREAM`).
    #[default]
    Stream,
    /// Datagrams (`SOCK_DGRAM`).
    Dgram,
}

/// The socket of an accepted connection, and the address of its other end.
pub type Accepted = (Rc<dyn Socket>, Address);

/// A non-blocking socket, or anything that behaves like one.
///
/// Every method takes `&self`: a channel keeps no borrow while it calls one, so a method may call
/// the channel back. Errors are [`Exception::Os`] unless the implementation has a reason.
///
/// The methods with a body are for sockets that are in a map, listen, or stand for a file; where
/// they are not written they raise `AttributeError`, as an object does that lacks a method.
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

    /// Returns the descriptor, by which the channel stands in the map.
    ///
    /// A scripted socket may choose any number; -1 says that it is closed.
    ///
    /// # Errors
    /// `AttributeError` if the socket has none.
    fn fileno(&self) -> Result<i32, Exception> {
        Err(lacks("fileno"))
    }

    /// Returns the socket's own address (`getsockname`).
    ///
    /// # Errors
    /// Whatever the system reports.
    fn local_name(&self) -> Result<Address, Exception> {
        Err(lacks("getsockname"))
    }

    /// Gives the socket an address.
    ///
    /// # Errors
    /// Whatever the system reports.
    fn bind(&self, _address: &Address) -> Result<(), Exception> {
        Err(lacks("bind"))
    }

    /// Makes the socket wait for connections, about `backlog` of them.
    ///
    /// # Errors
    /// Whatever the system reports.
    fn listen(&self, _backlog: i32) -> Result<(), Exception> {
        Err(lacks("listen"))
    }

    /// Accepts a connection and returns its socket and where it comes from.
    ///
    /// # Errors
    /// Whatever the system reports; `EWOULDBLOCK` when none has come.
    fn accept(&self) -> Result<Accepted, Exception> {
        Err(lacks("accept"))
    }

    /// Lets the address be used again at once (`SO_REUSEADDR`).
    ///
    /// # Errors
    /// Whatever the system reports.
    fn set_reuse_addr(&self) -> Result<(), Exception> {
        Err(lacks("setsockopt"))
    }

    /// Returns another descriptor of the same file (`os.dup`), for [`FileWrapper`](crate::FileWrapper).
    ///
    /// # Errors
    /// Whatever the system reports.
    fn dup(&self) -> Result<Rc<dyn Socket>, Exception> {
        Err(lacks("dup"))
    }
}

#[cold]
fn lacks(method: &str) -> Exception {
    Exception::no_attribute("socket", method)
}
