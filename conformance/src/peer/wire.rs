//! One connection: bytes out, bytes in, and how it ends.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use socket2::Socket;

/// Is the peer's descriptor of a connection.
#[derive(Debug)]
pub(super) enum Wire {
    /// Of TCP or the Unix domain.
    Stream(Socket),
    /// Of UDP.
    Datagrams {
        socket: UdpSocket,
        /// Where the channel is, once that is known.
        to: Option<SocketAddr>,
    },
    /// The writing end of a pipe.
    Pipe(File),
}

/// Is what one reading gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Got {
    Bytes(Vec<u8>),
    /// The stream has ended in order.
    Eof,
    /// The connection was broken.
    Broken,
    /// Nothing yet.
    Nothing,
}

/// The greatest number of bytes that one reading takes.
const PIECE: usize = 1 << 16;

impl Wire {
    /// Writes as much as there is room for.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Self::Stream(socket) => (&*socket).write(bytes),
            Self::Pipe(file) => file.write(bytes),
            Self::Datagrams { socket, to: Some(to) } => socket.send_to(bytes, *to),
            Self::Datagrams { to: None, .. } => Err(io::ErrorKind::NotConnected.into()),
        };
        match written {
            Err(error) if is_later(&error) => Ok(0),
            written => written,
        }
    }

    /// Writes a byte of urgent data.
    pub(super) fn urgent(&self, byte: u8) -> io::Result<()> {
        match self {
            Self::Stream(socket) => socket.send_out_of_band(&[byte]).map(|_| ()),
            Self::Datagrams { .. } | Self::Pipe(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Reads what is there, one piece of it, no more than so many bytes; a datagram is read whole.
    pub(super) fn read(&mut self, most: usize) -> Got {
        let most = if self.is_datagrams() { PIECE } else { most.min(PIECE) };
        let mut piece = vec![0; most];
        let length = match self {
            Self::Stream(socket) => (&*socket).read(&mut piece),
            Self::Datagrams { socket, to } => match socket.recv_from(&mut piece) {
                Ok((length, from)) => {
                    to.get_or_insert(from);
                    piece.truncate(length);
                    return Got::Bytes(piece);
                }
                // What an earlier datagram found: nobody there any more.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => return Got::Nothing,
                Err(error) => Err(error),
            },
            Self::Pipe(_) => return Got::Nothing,
        };
        match length {
            Ok(0) => Got::Eof,
            Ok(length) => {
                piece.truncate(length);
                Got::Bytes(piece)
            }
            Err(error) if is_later(&error) => Got::Nothing,
            Err(_) => Got::Broken,
        }
    }

    /// Says that nothing more will be written. A pipe cannot but be closed.
    pub(super) fn end(&self) -> io::Result<()> {
        match self {
            Self::Stream(socket) => socket.shutdown(Shutdown::Write),
            Self::Datagrams { .. } | Self::Pipe(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Lets the coming close break the connection, which leaves nothing behind in the system.
    pub(super) fn break_on_close(&self) -> io::Result<()> {
        match self {
            Self::Stream(socket) => socket.set_linger(Some(Duration::ZERO)),
            Self::Datagrams { .. } | Self::Pipe(_) => Ok(()),
        }
    }

    pub(super) fn is_datagrams(&self) -> bool {
        matches!(self, Self::Datagrams { .. })
    }

    pub(super) fn is_pipe(&self) -> bool {
        matches!(self, Self::Pipe(_))
    }
}

impl AsFd for Wire {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Stream(socket) => socket.as_fd(),
            Self::Datagrams { socket, .. } => socket.as_fd(),
            Self::Pipe(file) => file.as_fd(),
        }
    }
}

fn is_later(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
