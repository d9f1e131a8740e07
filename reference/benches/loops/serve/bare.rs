//! The server on mio alone: the least that a program can do; and, where it asks as well, the least
//! that a program can do whose every pass asks every connection what it waits for.

use std::cell::Cell;
use std::collections::HashMap;
use std::hint::black_box;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;

use asyncore_reference::Core;
use memchr::memmem::{self, Finder};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token};

use super::READ;

pub(super) fn serve(listener: &TcpListener, coalesces: bool, asks: bool) {
    let mut poll = Poll::new().expect("there are descriptors");
    let mut events = Events::with_capacity(1024);
    let own = token(listener);
    poll.registry().register(&mut SourceFd(&listener.as_raw_fd()), own, Interest::READABLE).expect("it is open");
    let mut connections = HashMap::new();
    let mut channels: Vec<Box<dyn Asked>> = Vec::new();
    let mut echo = Echo { end: Finder::new(b"\r\n"), buffer: vec![0; READ], coalesces };
    loop {
        if asks {
            // One for each connection, and those of connections that have ended.
            channels.resize_with(channels.len().max(connections.len()), || Box::new(Channel::default()));
            black_box(channels.iter().filter(|channel| channel.asked() != (true, false)).count());
        }
        poll.poll(&mut events, None).expect("nobody interrupts");
        for event in &events {
            if event.token() == own {
                accept(listener, poll.registry(), &mut connections);
            } else if let Some(connection) = connections.get_mut(&event.token()) {
                let end = event.is_read_closed();
                if !echo.serve(connection, end, poll.registry()).unwrap_or(false) {
                    connections.remove(&event.token());
                }
            }
        }
    }
}

fn token(fd: &impl AsRawFd) -> Token {
    Token(usize::try_from(fd.as_raw_fd()).expect("an open descriptor is not negative"))
}

fn accept(listener: &TcpListener, registry: &Registry, connections: &mut HashMap<Token, Connection>) {
    while let Ok((stream, _)) = listener.accept() {
        stream.set_nonblocking(true).expect("it is open");
        let (fd, token) = (stream.as_raw_fd(), token(&stream));
        registry.register(&mut SourceFd(&fd), token, Interest::READABLE).expect("it is open");
        connections.insert(token, Connection { stream, rest: Vec::new(), unsent: Vec::new() });
    }
}

/// What a loop asks before each wait, and programs may override.
trait Asked {
    fn readable(&self) -> bool;
    fn writable(&self) -> bool;

    /// Asks both by one call of the trait object.
    fn asked(&self) -> (bool, bool) {
        (self.readable(), self.writable())
    }
}

/// Is of the size of this crate's channels, which share no cache line either.
struct Channel {
    connected: Cell<bool>,
    queued: Cell<bool>,
    _rest: [u8; size_of::<Core>() - 2],
}

impl Default for Channel {
    fn default() -> Self {
        Self { connected: Cell::new(true), queued: Cell::new(false), _rest: [0; size_of::<Core>() - 2] }
    }
}

impl Asked for Channel {
    fn readable(&self) -> bool {
        true
    }

    fn writable(&self) -> bool {
        !self.connected.get() || self.queued.get()
    }
}

struct Connection {
    stream: TcpStream,
    /// The beginning of a line.
    rest: Vec<u8>,
    /// What the socket did not take.
    unsent: Vec<u8>,
}

struct Echo {
    end: Finder<'static>,
    buffer: Vec<u8>,
    coalesces: bool,
}

impl Echo {
    /// Sends and reads what it can; returns whether the connection goes on.
    fn serve(&mut self, connection: &mut Connection, end: bool, registry: &Registry) -> io::Result<bool> {
        let waited = !connection.unsent.is_empty();
        connection.flush()?;
        loop {
            let count = match connection.stream.read(&mut self.buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Ok(0) => return Ok(false),
                count => count?,
            };
            self.answer(connection, count)?;
            // A short read has emptied the socket: what comes later is an event of its own.
            if count < self.buffer.len() && !end {
                break;
            }
        }
        let waits = !connection.unsent.is_empty();
        if waited != waits {
            let interest = if waits { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
            registry.reregister(&mut SourceFd(&connection.stream.as_raw_fd()), token(&connection.stream), interest)?;
        }
        Ok(true)
    }

    fn answer(&self, connection: &mut Connection, count: usize) -> io::Result<()> {
        let mut data = &self.buffer[..count];
        let cut = |data: &[u8]| if self.coalesces { memmem::rfind(data, b"\r\n") } else { self.end.find(data) };
        while let Some(at) = cut(data) {
            let (lines, others) = data.split_at(at + 2);
            if connection.rest.is_empty() {
                connection.send(lines)?;
            } else {
                connection.rest.extend_from_slice(lines);
                let lines = std::mem::take(&mut connection.rest);
                connection.send(&lines)?;
            }
            data = others;
        }
        connection.rest.extend_from_slice(data);
        Ok(())
    }
}

impl Connection {
    fn send(&mut self, data: &[u8]) -> io::Result<()> {
        let sent = if self.unsent.is_empty() { write(&self.stream, data)? } else { 0 };
        self.unsent.extend_from_slice(&data[sent..]);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.unsent.is_empty() {
            let sent = write(&self.stream, &self.unsent)?;
            self.unsent.drain(..sent);
        }
        Ok(())
    }
}

fn write(mut stream: &TcpStream, data: &[u8]) -> io::Result<usize> {
    match stream.write(data) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        sent => sent,
    }
}
