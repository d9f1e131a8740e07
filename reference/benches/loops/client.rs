//! The client that drives every server.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketType, bind, connect, socket, sockopt};

/// A server that is silent for so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many bytes are on their way at most, so that they fit into the buffers of the system.
const IN_FLIGHT: usize = 4 << 20;
/// How many connections are made before the server must have accepted them.
const BURST: usize = 500;
/// How many connections come from one address, which has no more ports than that in every system.
const PER_ADDRESS: usize = 8000;

/// Returns a line of so many bytes, its end included.
pub(crate) fn line(bytes: usize) -> Vec<u8> {
    let mut line = vec![b'x'; bytes - 2];
    line.extend_from_slice(b"\r\n");
    line
}

fn open(server: SocketAddr, host: u8) -> TcpStream {
    let fd = socket(AddressFamily::INET, SocketType::STREAM, None).expect("there are descriptors");
    bind(&fd, &SocketAddr::from((Ipv4Addr::new(127, 0, 1, host), 0))).expect("there are ports");
    sockopt::set_tcp_nodelay(&fd, true).expect("it is TCP");
    // Closing resets the connection, which leaves nothing behind that would hold the port.
    sockopt::set_socket_linger(&fd, Some(Duration::ZERO)).expect("it is TCP");
    connect(&fd, &server).expect("the server listens");
    let stream = TcpStream::from(fd);
    stream.set_read_timeout(Some(PATIENCE)).expect("it is open");
    stream.set_write_timeout(Some(PATIENCE)).expect("it is open");
    stream
}

/// Opens so many connections, which the server has accepted when this returns.
pub(crate) fn connections(server: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::with_capacity(count);
    while streams.len() < count {
        let host = u8::try_from(1 + streams.len() / PER_ADDRESS).expect("there are not so many ports");
        let burst = BURST.min(count - streams.len());
        streams.extend((0..burst).map(|_| open(server, host)));
        // They are accepted in the order in which they came.
        let last = streams.len() - 1;
        Load::new(1, 64).exchange(&mut streams[last..]);
    }
    streams
}

/// What is sent at once on every connection.
pub(crate) struct Load {
    batch: Vec<u8>,
    lines: usize,
}

impl Load {
    pub(crate) fn new(depth: usize, bytes: usize) -> Self {
        Self { batch: line(bytes).repeat(depth), lines: depth }
    }

    /// Sends a batch on each connection, then waits for all to come back; again for some time.
    ///
    /// Returns how many lines came back.
    pub(crate) fn run(&self, streams: &mut [TcpStream], time: Duration) -> usize {
        let start = Instant::now();
        let mut lines = 0;
        loop {
            lines += self.exchange(streams);
            if start.elapsed() >= time {
                return lines;
            }
        }
    }

    /// Sends one batch on each connection and waits for all to come back.
    pub(crate) fn exchange(&self, streams: &mut [TcpStream]) -> usize {
        let mut echo = vec![0; self.batch.len()];
        for streams in streams.chunks_mut((IN_FLIGHT / self.batch.len()).max(1)) {
            for stream in &mut *streams {
                stream.write_all(&self.batch).expect("the server reads");
            }
            for stream in &mut *streams {
                stream.read_exact(&mut echo).expect("the server answers");
            }
        }
        assert!(streams.is_empty() || echo == self.batch, "the server does not send back what it was sent");
        streams.len() * self.lines
    }
}

/// Makes connections, sends a line on each, and resets them; again for some time.
///
/// Returns how many there were.
pub(crate) fn visit(server: SocketAddr, together: usize, time: Duration) -> usize {
    let (start, load) = (Instant::now(), Load::new(1, 64));
    let mut visits = 0;
    while start.elapsed() < time {
        let mut streams: Vec<_> = (0..together).map(|_| open(server, 1)).collect();
        visits += load.exchange(&mut streams);
    }
    visits
}
