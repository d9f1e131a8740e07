//! Sockets of the operating system.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustix::buffer::Buffer;
use rustix::io::Errno;
use rustix::net::{
    self, AddressFamily, RecvFlags, SendFlags, SocketAddrAny, SocketAddrUnix, SocketFlags, SocketType, sockopt,
};

use super::descriptor::{self, Descriptor, Handle, Read, set_nonblocking};
use crate::errno::EWOULDBLOCK;
use crate::exception::Exception;
use crate::socket::{Accepted, Address, Family, Kind, Socket};

/// A socket of the operating system: TCP, UDP, Unix-domain.
///
/// Is closed when it is dropped. Interrupted calls are made again.
pub struct NativeSocket {
    handle: Handle,
    /// Whether it is known to be TCP, and nobody else to read from it.
    plain: Cell<bool>,
}

/// Whether it is known what becomes an edge of a wait here.
const KNOWN_EDGES: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Creates a socket, as `socket.socket` does.
pub(crate) fn socket(family: Family, kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
    Ok(Rc::new(NativeSocket::create(family, kind)?))
}

impl NativeSocket {
    /// Takes over an open socket, such as a [`TcpListener`](std::net::TcpListener).
    pub fn new(socket: impl Into<OwnedFd>) -> Self {
        Self { handle: Handle::new(socket), plain: Cell::new(false) }
    }

    fn new_plain(socket: OwnedFd, plain: bool) -> Self {
        Self { handle: Handle::new(socket), plain: Cell::new(plain && KNOWN_EDGES) }
    }

    /// Creates a socket without an address, which no other program inherits.
    ///
    /// # Errors
    /// Whatever the system reports.
    pub fn create(family: Family, kind: Kind) -> Result<Self, Exception> {
        let plain = kind == Kind::Stream && family != Family::Unix;
        let family = match family {
            Family::Inet => AddressFamily::INET,
            Family::Inet6 => AddressFamily::INET6,
            Family::Unix => AddressFamily::UNIX,
        };
        let kind = match kind {
            Kind::Stream => SocketType::STREAM,
            Kind::Dgram => SocketType::DGRAM,
        };
        Ok(Self::new_plain(net::socket_with(family, kind, SocketFlags::CLOEXEC, None)?, plain))
    }

    /// Returns a duplicate of the descriptor, for what this type does not offer, such as options.
    ///
    /// As long as it is kept, the connection is open, although this object may be closed.
    ///
    /// # Errors
    /// `EBADF` when the connection is closed; those of the system.
    pub fn duplicate(&self) -> Result<OwnedFd, Exception> {
        self.plain.set(false);
        self.handle.duplicate()
    }

    /// Tells whether connections that this socket accepts are TCP.
    fn accepts_tcp(&self) -> bool {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        return self.plain.get() || self.handle.call(|fd| sockopt::socket_protocol(fd)) == Ok(Some(net::ipproto::TCP));
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        return false;
    }

    /// Tells the wait if a read has left nothing behind, as far as that can be known.
    ///
    /// A read of TCP is short if there is no more, or if it came to the place of urgent data. As
    /// long as these have not been read, the wait has seen them, too; and to read them takes a
    /// duplicate. Datagrams and Unix-domain sockets keep boundaries of their own.
    #[inline]
    fn has_read(&self, max: usize, result: &Result<usize, Exception>) {
        let emptied = match result {
            Ok(count) => *count < max,
            Err(error) => *error == Exception::Os(EWOULDBLOCK),
        };
        if emptied && self.plain.get() {
            descriptor::emptied(self.handle.number());
        }
    }
}

struct Receive;

impl Read for Receive {
    #[inline]
    fn read<B: Buffer<u8, Output = usize>>(fd: &Descriptor, buffer: B) -> Result<usize, Errno> {
        // The second number is the length of a datagram that did not fit, as in Python nobody's business.
        net::recv(fd, buffer, RecvFlags::empty()).map(|(count, _)| count)
    }
}

impl Socket for NativeSocket {
    #[inline]
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let result = self.handle.read::<Receive>(max, into);
        self.has_read(max, &result);
        result
    }

    #[inline]
    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        self.handle.call(|fd| net::send(fd, data, SendFlags::NOSIGNAL))
    }

    fn close(&self) -> Result<(), Exception> {
        drop(self.handle.take());
        Ok(())
    }

    fn connect(&self, address: &Address) -> Result<i32, Exception> {
        let connected = match address {
            Address::Ip(address) => self.handle.call(|fd| net::connect(fd, address)),
            Address::Unix(path) => {
                let address = unix(path)?;
                self.handle.call(|fd| net::connect(fd, &address))
            }
        };
        match connected {
            Ok(()) => Ok(0),
            Err(Exception::Os(errno)) => Ok(errno),
            Err(error) => Err(error),
        }
    }

    fn take_error(&self) -> Result<i32, Exception> {
        let pending = self.handle.call(|fd| sockopt::socket_error(fd))?;
        Ok(pending.map_or_else(Errno::raw_os_error, |()| 0))
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Ok(self.handle.call(|fd| net::getpeername(fd))?.map_or_else(nameless, named))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        self.handle.call(set_nonblocking)
    }

    fn fileno(&self) -> Result<i32, Exception> {
        Ok(self.handle.number())
    }

    fn local_name(&self) -> Result<Address, Exception> {
        Ok(named(self.handle.call(|fd| net::getsockname(fd))?))
    }

    fn bind(&self, address: &Address) -> Result<(), Exception> {
        match address {
            Address::Ip(address) => self.handle.call(|fd| net::bind(fd, address)),
            Address::Unix(path) => {
                let address = unix(path)?;
                self.handle.call(|fd| net::bind(fd, &address))
            }
        }
    }

    fn listen(&self, backlog: i32) -> Result<(), Exception> {
        self.handle.call(|fd| net::listen(fd, backlog))
    }

    fn accept(&self) -> Result<Accepted, Exception> {
        let (fd, address) = self.handle.call(|fd| net::acceptfrom_with(fd, SocketFlags::CLOEXEC))?;
        Ok((Rc::new(Self::new_plain(fd, self.accepts_tcp())), address.map_or_else(nameless, named)))
    }

    fn set_reuse_addr(&self) -> Result<(), Exception> {
        self.handle.call(|fd| sockopt::set_socket_reuseaddr(fd, true))
    }
}

fn nameless() -> Address {
    Address::Unix(PathBuf::new())
}

/// How long the name of a Unix-domain socket may be, in bytes; a zero follows it.
const LONGEST_NAME: usize = 107;

fn unix(path: &Path) -> Result<SocketAddrUnix, Errno> {
    if path.as_os_str().len() > LONGEST_NAME {
        return Err(Errno::NAMETOOLONG);
    }
    SocketAddrUnix::new(path)
}

/// Turns an address of the system into ours; one of another family has no name.
fn named(address: SocketAddrAny) -> Address {
    if let Ok(address) = SocketAddr::try_from(address.clone()) {
        return Address::Ip(address);
    }
    let Ok(address) = SocketAddrUnix::try_from(address) else { return nameless() };
    let name = address.path_bytes().unwrap_or_default();
    // That of a name of the greatest length comes with it.
    let name = name.strip_suffix(b"\0").unwrap_or(name);
    Address::Unix(OsStr::from_bytes(name).into())
}

impl fmt::Debug for NativeSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NativeSocket").field(&self.handle.number()).finish()
    }
}
