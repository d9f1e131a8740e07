//! Hands connections on to another server: two channels for each, which know each other.
//!
//! ```text
//! cargo run -p asyncore-reference --example tcp_proxy -- ADDRESS UPSTREAM [CONNECTIONS]
//! ```
//!
//! A side reads only while the other has room for what it reads, so that who sends fast waits for who reads slowly. A side
//! that is closed closes the other, once that has sent what it holds. After so many connections the proxy stops
//! listening, and the program ends with the last of them.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::{Rc, Weak};

use asyncore_reference::{Address, Channel, Class, Core, Exception, Family, Kind, Map, Socket, dispatcher};

#[cfg(not(test))]
mod shared;

/// How much a side reads at once.
const SIZE: usize = 8192;

/// How much a side holds before the other stops reading.
const LIMIT: usize = 65536;

/// One side of a connection.
struct Side {
    core: Core,
    label: &'static str,
    other: RefCell<Weak<Self>>,
    /// What has to be sent.
    pending: RefCell<Vec<u8>>,
    /// Whether the other side is closed.
    ending: Cell<bool>,
}

impl Side {
    fn new(map: &Map, label: &'static str, socket: Option<Rc<dyn Socket>>) -> Result<Rc<Self>, Exception> {
        let side = Self {
            core: Core::new(Class::Dispatcher, map.profile()).in_map(map),
            label,
            other: RefCell::default(),
            pending: RefCell::default(),
            ending: Cell::new(false),
        };
        dispatcher::init(side, socket)
    }

    fn other(&self) -> Option<Rc<Self>> {
        self.other.borrow().upgrade()
    }

    /// Takes what the other side has read, and sends what can be sent.
    fn forward(&self, data: &[u8]) -> Result<(), Exception> {
        self.pending.borrow_mut().extend_from_slice(data);
        if self.core.connected() { self.flush() } else { Ok(()) }
    }

    /// Sends what can be sent.
    ///
    /// If the connection is lost, `send` calls `handle_close`, which calls the other side, in whose `handle_read` this
    /// may be. So nothing is borrowed while it runs.
    fn flush(&self) -> Result<(), Exception> {
        let mut pending = self.pending.take();
        let sent = if pending.is_empty() { 0 } else { self.send(&pending)? };
        pending.drain(..sent);
        let done = pending.is_empty();
        self.pending.replace(pending);
        if done && self.ending.get() { self.close() } else { Ok(()) }
    }

    /// Closes this side as well, when it has nothing left to send.
    fn hang_up(&self) -> Result<(), Exception> {
        self.ending.set(true);
        if self.pending.borrow().is_empty() { self.close() } else { Ok(()) }
    }
}

impl Channel for Side {
    fn core(&self) -> &Core {
        &self.core
    }

    fn readable(&self) -> Result<bool, Exception> {
        let room = self.other().is_some_and(|other| other.pending.borrow().len() < LIMIT);
        Ok(room && !self.ending.get())
    }

    fn writable(&self) -> Result<bool, Exception> {
        Ok(!self.core.connected() || !self.pending.borrow().is_empty())
    }

    fn handle_connect(&self) -> Result<(), Exception> {
        log::debug!("{}.handle_connect", self.label);
        Ok(())
    }

    fn handle_read(&self) -> Result<(), Exception> {
        log::debug!("{}.handle_read", self.label);
        let mut data = Vec::new();
        self.recv(SIZE, &mut data)?;
        match self.other() {
            Some(other) if !data.is_empty() => other.forward(&data),
            _ => Ok(()),
        }
    }

    fn handle_write(&self) -> Result<(), Exception> {
        log::debug!("{}.handle_write", self.label);
        self.flush()
    }

    fn handle_close(&self) -> Result<(), Exception> {
        log::debug!("{}.handle_close", self.label);
        self.close()?;
        let other = self.other.take().upgrade();
        other.map_or(Ok(()), |other| other.hang_up())
    }

    fn handle_error(&self, exception: &Exception) -> Result<(), Exception> {
        log::debug!("{}.handle_error", self.label);
        eprintln!("{}: {exception}", self.label);
        self.handle_close()
    }
}

struct Proxy {
    core: Core,
    upstream: SocketAddr,
    connections: Cell<usize>,
}

fn family(address: SocketAddr) -> Family {
    if address.is_ipv4() { Family::Inet } else { Family::Inet6 }
}

impl Channel for Proxy {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, _addr: &Address) -> Result<(), Exception> {
        log::debug!("proxy.handle_accepted");
        let map = self.core.map().expect("a loop runs over it");
        let client = Side::new(&map, "client", Some(socket))?;
        let upstream = Side::new(&map, "upstream", None)?;
        client.other.replace(Rc::downgrade(&upstream));
        upstream.other.replace(Rc::downgrade(&client));
        upstream.create_socket(family(self.upstream), Kind::Stream)?;
        // What fails at once concerns this connection and not the proxy, whose `handle_error` would be called.
        if let Err(exception) = upstream.connect(&self.upstream.into()) {
            upstream.handle_error(&exception)?;
        }
        self.connections.set(self.connections.get().saturating_sub(1));
        if self.connections.get() == 0 { self.close() } else { Ok(()) }
    }
}

/// Listens at `address`, for so many connections, and returns where that is; a loop over `map` does the rest.
pub(crate) fn listen(
    map: &Map,
    address: SocketAddr,
    upstream: SocketAddr,
    connections: usize,
) -> Result<Address, Exception> {
    let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
    let proxy = dispatcher::init(Proxy { core, upstream, connections: Cell::new(connections) }, None)?;
    proxy.create_socket(family(address), Kind::Stream)?;
    proxy.set_reuse_addr()?;
    proxy.bind(&address.into())?;
    proxy.listen(5)?;
    proxy.core.socket().expect("it has just been created").local_name()
}

#[cfg(not(test))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    shared::log_to_stderr();
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [address, upstream, count @ ..] = &*arguments else {
        return Err("usage: ADDRESS UPSTREAM [CONNECTIONS]".into());
    };
    let connections = count.first().map_or(Ok(usize::MAX), |count| count.parse())?;
    let map = Map::new(asyncore_reference::Profile::Py311);
    let address = listen(&map, shared::resolve(address)?, shared::resolve(upstream)?, connections)?;
    println!("listening on {address}");
    Ok(asyncore_reference::Loop::default().run(&map)?)
}
