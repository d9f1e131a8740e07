//! The echo server of the notes on writing a server: a handler with a buffer of its own, and a map for each thread.
//!
//! ```text
//! cargo run -p asyncore-reference --example echo_own_buffer -- ADDRESS[,ADDRESS]… [CONNECTIONS]
//! ```
//!
//! At each address a thread of its own listens. `LOG=debug` shows what the notes' program logs. Two of its mistakes are
//! mended: it calls `set_resue_addr`, which Rust would not compile, and it takes what `accept` returns apart without
//! asking whether there is anything.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;

use asyncore_reference::{Address, Channel, Class, Core, Exception, Family, Kind, Map, Socket, dispatcher};

#[cfg(not(test))]
mod shared;

const SIZE: usize = 1024;

struct EchoHandler {
    core: Core,
    client_address: Address,
    buffer: RefCell<Vec<u8>>,
    /// Nothing to write, to start with.
    is_writable: Cell<bool>,
}

impl EchoHandler {
    /// Creates a channel around a socket that is given, in the map of the server that accepted it.
    fn start(map: &Map, socket: Rc<dyn Socket>, client_address: &Address) -> Result<(), Exception> {
        let handler = Self {
            core: Core::new(Class::Dispatcher, map.profile()).in_map(map),
            client_address: client_address.clone(),
            buffer: RefCell::default(),
            is_writable: Cell::new(false),
        };
        dispatcher::init(handler, Some(socket)).map(drop)
    }
}

impl Channel for EchoHandler {
    fn core(&self) -> &Core {
        &self.core
    }

    /// Is always happy to read.
    fn readable(&self) -> Result<bool, Exception> {
        Ok(true)
    }

    /// Wants to write only what is there to be written.
    fn writable(&self) -> Result<bool, Exception> {
        Ok(self.is_writable.get())
    }

    fn handle_read(&self) -> Result<(), Exception> {
        log::debug!("handler.handle_read");
        // Whatever comes goes to the end of the buffer. `recv` may call `handle_close`, so it gets one that is not
        // borrowed meanwhile.
        let mut buffer = self.buffer.take();
        let received = self.recv(SIZE, &mut buffer);
        self.buffer.replace(buffer);
        if received? > 0 {
            self.is_writable.set(true);
        }
        Ok(())
    }

    fn handle_write(&self) -> Result<(), Exception> {
        log::debug!("handler.handle_write");
        let mut buffer = self.buffer.take();
        if !buffer.is_empty() {
            let sent = self.send(&buffer)?;
            buffer.drain(..sent);
        }
        self.is_writable.set(!buffer.is_empty());
        self.buffer.replace(buffer);
        Ok(())
    }

    /// Is called when the client has closed the connection, and not when `close` is called here: the notes ask.
    fn handle_close(&self) -> Result<(), Exception> {
        log::debug!("handler.handle_close");
        log::info!("conn_closed: client_address={}", self.client_address);
        self.close()
    }
}

struct EchoServer {
    core: Core,
    connections: Cell<usize>,
}

impl EchoServer {
    const REQUEST_QUEUE_SIZE: i32 = 5;

    fn new(map: &Map, address: SocketAddr, connections: usize) -> Result<Rc<Self>, Exception> {
        let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
        let server = dispatcher::init(Self { core, connections: Cell::new(connections) }, None)?;
        server.create_socket(Family::Inet, Kind::Stream)?;
        server.bind(&address.into())?;
        log::info!("bind: address={address}");
        server.listen(Self::REQUEST_QUEUE_SIZE)?;
        log::info!("listen: backlog={}", Self::REQUEST_QUEUE_SIZE);
        Ok(server)
    }

    fn process_request(&self, socket: Rc<dyn Socket>, client_address: &Address) -> Result<(), Exception> {
        log::info!("conn_made: client_address={client_address}");
        let map = self.core.map().expect("a loop runs over it");
        EchoHandler::start(&map, socket, client_address)?;
        self.connections.set(self.connections.get().saturating_sub(1));
        if self.connections.get() == 0 { self.close() } else { Ok(()) }
    }
}

impl Channel for EchoServer {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_accept(&self) -> Result<(), Exception> {
        log::debug!("server.handle_accept");
        match self.accept()? {
            Some((socket, client_address)) => self.process_request(socket, &client_address),
            None => Ok(()),
        }
    }

    fn handle_close(&self) -> Result<(), Exception> {
        log::debug!("server.handle_close");
        self.close()
    }
}

/// Listens at `address`, for so many connections, and returns where that is; a loop over `map` does the rest.
pub(crate) fn listen(map: &Map, address: SocketAddr, connections: usize) -> Result<Address, Exception> {
    let server = EchoServer::new(map, address, connections)?;
    server.core.socket().expect("it has just been created").local_name()
}

/// Serves over a map of this thread: a map cannot be handed over, the compiler would not let it.
#[cfg(not(test))]
fn serve(address: SocketAddr, connections: usize) -> Result<(), Exception> {
    let map = Map::new(asyncore_reference::Profile::Py27);
    println!("listening on {}", listen(&map, address, connections)?);
    asyncore_reference::Loop::default().run(&map)
}

#[cfg(not(test))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    shared::log_to_stderr();
    let mut arguments = std::env::args().skip(1);
    let addresses = arguments.next().ok_or("usage: ADDRESS[,ADDRESS]… [CONNECTIONS]")?;
    let connections = arguments.next().map_or(Ok(usize::MAX), |count| count.parse())?;
    let addresses: Vec<_> = addresses.split(',').map(shared::resolve).collect::<Result<_, _>>()?;
    let start = |address| std::thread::spawn(move || serve(address, connections));
    let threads: Vec<_> = addresses.into_iter().map(start).collect();
    threads.into_iter().try_for_each(|thread| thread.join().expect("it does not panic"))?;
    Ok(())
}
