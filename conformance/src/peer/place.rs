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

/// What stands after a path where a channel binds to one of its own, and a byte for the zero that some put behind it.
const BOUND: &str = ".bound\u{7f}";

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
        Transport::Unix => {
            let path = path();
            fits(&path)?;
            unix(&path).map_err(|error| lacking(transport, &error))
        }
        Transport::Udp => datagrams().map_err(|error| lacking(transport, &error)),
        Transport::Pipe => pipe(&path()).map_err(|error| lacking(transport, &error)),
    }
}

/// Makes sure that a path can be that of a socket, and so can the one that the channel binds to.
fn fits(path: &Path) -> Tried<()> {
    let mut bound = path.as_os_str().to_owned();
    bound.push(BOUND);
    SockAddr::unix(bound).map(|_| ()).map_err(|error| {
        let above = path.parent().and_then(Path::parent).unwrap_or(path);
        PeerError::Absent(format!(
            "no socket of the Unix domain has room in `{}`: {error}; set TMPDIR to a directory with a shorter name",
            above.display()
        ))
    })
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

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rustix::io::Errno;

    use super::*;

    fn name() -> Name {
        "c".parse().expect("a name")
    }

    /// Opens a place in a directory whose whole name is so long.
    fn open_in(length: usize) -> (tempfile::TempDir, Tried<Opened>) {
        let above = tempfile::TempDir::new().expect("there is room");
        let taken = above.path().as_os_str().len() + 1;
        let directory = above.path().join("x".repeat(length - taken));
        std::fs::create_dir(&directory).expect("there is room");
        let opened = open_place(name(), Transport::Unix, Some(&directory));
        (above, opened)
    }

    /// Finds out how long the name of a socket can be.
    fn longest() -> usize {
        (1..).take_while(|length| SockAddr::unix("x".repeat(*length)).is_ok()).last().expect("there are sockets")
    }

    #[test]
    fn a_path_that_is_long_and_fits_can_be_bound_by_the_channel_too() {
        let directory = longest() - "/c".len() - BOUND.len();
        let (_above, opened) = open_in(directory);
        let Place::Unix { path } = opened.expect("it fits").place else { panic!("it is in the Unix domain") };
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None).expect("there are sockets");
        let bound = format!("{path}.bound");
        socket.bind(&SockAddr::unix(&bound).expect("it fits")).expect("nobody is there");
        let local = socket.local_addr().expect("it has a name");
        assert_eq!(local.as_pathname(), Some(Path::new(&bound)));
    }

    #[test]
    fn a_path_that_is_too_long_is_named_with_the_remedy() {
        let (_above, opened) = open_in(longest() - "/c".len() - BOUND.len() + 1);
        let error = opened.expect_err("it does not fit");
        let PeerError::Absent(reason) = &error else { panic!("{error:?}") };
        assert!(reason.starts_with("no socket of the Unix domain has room in "), "{reason}");
        assert!(reason.ends_with("; set TMPDIR to a directory with a shorter name"), "{reason}");
    }

    #[rstest]
    #[case::family(Transport::Tcp6, Errno::AFNOSUPPORT, "no IPv6 on this machine: ")]
    #[case::address(Transport::Tcp6, Errno::ADDRNOTAVAIL, "no IPv6 on this machine: ")]
    #[case::unix(Transport::Unix, Errno::AFNOSUPPORT, "no sockets of the Unix domain on this machine: ")]
    #[case::pipe(Transport::Pipe, Errno::NOSYS, "no named pipes on this machine: ")]
    #[case::forbidden(Transport::Tcp4, Errno::ACCESS, "no IPv4 on this machine: ")]
    #[case::descriptors(Transport::Tcp6, Errno::MFILE, "this machine has run out of room: ")]
    #[case::all_descriptors(Transport::Unix, Errno::NFILE, "this machine has run out of room: ")]
    #[case::ports(Transport::Tcp4, Errno::ADDRINUSE, "this machine has run out of room: ")]
    #[case::memory(Transport::Udp, Errno::NOBUFS, "this machine has run out of room: ")]
    fn what_is_missing_is_named(#[case] transport: Transport, #[case] errno: Errno, #[case] expected: &str) {
        let error = io::Error::from_raw_os_error(errno.raw_os_error());
        let PeerError::Absent(reason) = lacking(transport, &error) else { panic!("it is the machine that lacks it") };
        assert!(reason.starts_with(expected), "{reason}");
    }
}
