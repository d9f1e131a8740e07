//! Places: where the peer listens, and how it is told.

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};

use asyncore_spec::name::Name;
use asyncore_spec::peer::Transport;
use rustix::fs::{CWD, Mode, OFlags, mkfifoat, open};
use socket2::{Domain, SockAddr, Socket, Type};

use super::wire::Wire;
use super::{PeerError, Tried, absent};
use crate::protocol::Place;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 32;

/// The receive buffer of the peer, and the size of its segments: those of a modest machine on an Ethernet, so that what a
/// subject sends is taken in parts.
const BUFFER: usize = 32 << 10;
const SEGMENT: u32 = 1448;

/// Is a place that a channel can connect to.
#[derive(Debug)]
pub(super) enum Listener {
    /// One that accepts.
    Streams(Socket),
    /// The reading end of a pipe, held until the subject has opened it.
    Guard(#[expect(dead_code, reason = "it is held, not used")] File),
}

/// Is a place with what is there.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) place: Place,
    pub(super) listener: Option<Listener>,
    /// The connection, where the transport has one from the start.
    pub(super) wire: Option<Wire>,
}

/// Opens a place for a channel.
pub(super) fn open_place(name: Name, transport: Transport, directory: Option<&Path>) -> Tried<Opened> {
    let path = || directory.map_or_else(PathBuf::new, |directory| directory.join(name.as_str()));
    match transport {
        Transport::Tcp4 => streams(Domain::IPV4).map_err(|error| lacking(transport, &error)),
        Transport::Tcp6 => streams(Domain::IPV6).map_err(|error| lacking(transport, &error)),
        Transport::Unix => unix(&path()).map_err(|error| lacking(transport, &error)),
        Transport::Udp => datagrams().map_err(|error| lacking(transport, &error)),
        Transport::Pipe => pipe(&path()).map_err(|error| lacking(transport, &error)),
    }
}

/// Says what the machine lacks. What every machine has some of may have run out.
fn lacking(transport: Transport, error: &io::Error) -> PeerError {
    let what = match transport {
        _ if has_run_out(error) => return PeerError::Absent(format!("this machine has run out of room: {error}")),
        Transport::Tcp4 => "no IPv4",
        Transport::Tcp6 => "no IPv6",
        Transport::Unix => "no sockets of the Unix domain",
        Transport::Udp => "no UDP",
        Transport::Pipe => "no named pipes",
    };
    absent(what, error)
}

/// Says whether descriptors, ports or memory have run out.
pub(super) fn has_run_out(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let spent = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM, Errno::ADDRINUSE];
    error.raw_os_error().is_some_and(|number| spent.iter().any(|errno| errno.raw_os_error() == number))
}

/// Makes a socket as the peer uses them.
pub(super) fn modest(domain: Domain) -> io::Result<Socket> {
    let socket = Socket::new(domain, Type::STREAM, None)?;
    if domain != Domain::UNIX {
        socket.set_recv_buffer_size(BUFFER)?;
        socket.set_tcp_mss(SEGMENT)?;
        socket.set_tcp_nodelay(true)?;
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn streams(domain: Domain) -> io::Result<Opened> {
    let socket = modest(domain)?;
    let host = if domain == Domain::IPV6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
    socket.bind(&SocketAddr::new(host, 0).into())?;
    socket.listen(BACKLOG)?;
    let place = place_of(&socket.local_addr()?)?;
    Ok(Opened { place, listener: Some(Listener::Streams(socket)), wire: None })
}

fn unix(path: &Path) -> io::Result<Opened> {
    let socket = modest(Domain::UNIX)?;
    socket.bind(&SockAddr::unix(path)?)?;
    socket.listen(BACKLOG)?;
    let place = Place::Unix { path: text(path)? };
    Ok(Opened { place, listener: Some(Listener::Streams(socket)), wire: None })
}

fn datagrams() -> io::Result<Opened> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_nonblocking(true)?;
    let place = place_of(&socket.local_addr()?.into())?;
    Ok(Opened { place, listener: None, wire: Some(Wire::Datagrams { socket, to: None }) })
}

/// Makes a named pipe and opens its writing end, which only succeeds while the reading end is open, too.
fn pipe(path: &Path) -> io::Result<Opened> {
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR)?;
    let flags = OFlags::NONBLOCK | OFlags::CLOEXEC;
    let guard = File::from(open(path, OFlags::RDONLY | flags, Mode::empty())?);
    let writer = File::from(open(path, OFlags::WRONLY | flags, Mode::empty())?);
    let place = Place::Pipe { path: text(path)? };
    Ok(Opened { place, listener: Some(Listener::Guard(guard)), wire: Some(Wire::Pipe(writer)) })
}

fn text(path: &Path) -> io::Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the temporary directory's name is no text"))
}

fn place_of(address: &SockAddr) -> io::Result<Place> {
    match address.as_socket() {
        Some(SocketAddr::V4(address)) => Ok(Place::Inet { host: *address.ip(), port: address.port() }),
        Some(SocketAddr::V6(address)) => Ok(Place::Inet6 { host: *address.ip(), port: address.port() }),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Gives the address of a place; a pipe has none.
pub(super) fn address(place: &Place) -> io::Result<SockAddr> {
    match place {
        Place::Inet { host, port } => Ok(SocketAddr::from((*host, *port)).into()),
        Place::Inet6 { host, port } => Ok(SocketAddr::from((*host, *port)).into()),
        Place::Unix { path } => SockAddr::unix(path),
        Place::Pipe { .. } => Err(io::ErrorKind::InvalidInput.into()),
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inet { host, port } => write!(f, "{host}:{port}"),
            Self::Inet6 { host, port } => write!(f, "[{host}]:{port}"),
            Self::Unix { path } | Self::Pipe { path } => f.write_str(path),
        }
    }
}
