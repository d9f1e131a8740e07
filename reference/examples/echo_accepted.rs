//! The echo server of asyncore's manual of 3.x, which is given connections that have been accepted.
//!
//! ```text
//! cargo run -p asyncore-reference --example echo_accepted -- ADDRESS [CONNECTIONS]
//! ```
//!
//! After that many connections the server stops listening, and the program ends with the last of them.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;

use asyncore_reference::{Address, Channel, Class, Core, Exception, Family, Kind, Map, Socket, dispatcher};

#[cfg(not(test))]
mod shared;

/// Sends back what comes; being a `dispatcher_with_send`, it keeps what cannot be sent at once.
struct EchoHandler {
    core: Core,
}

impl Channel for EchoHandler {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_read(&self) -> Result<(), Exception> {
        log::debug!("handler.handle_read");
        let mut data = Vec::new();
        self.recv(8192, &mut data)?;
        if !data.is_empty() {
            self.send(&data)?;
        }
        Ok(())
    }
}

struct EchoServer {
    core: Core,
    connections: Cell<usize>,
}

impl EchoServer {
    /// Stops listening if that was the last connection.
    fn count(&self) -> Result<(), Exception> {
        self.connections.set(self.connections.get().saturating_sub(1));
        if self.connections.get() == 0 { self.close() } else { Ok(()) }
    }
}

impl Channel for EchoServer {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, addr: &Address) -> Result<(), Exception> {
        log::debug!("server.handle_accepted");
        println!("Incoming connection from {addr}");
        let map = self.core.map().expect("a loop runs over it");
        let handler = EchoHandler { core: Core::new(Class::WithSend, map.profile()).in_map(&map) };
        dispatcher::init(handler, Some(socket))?;
        self.count()
    }
}

/// Listens at `address`, for so many connections, and returns where that is; a loop over `map` does the rest.
pub(crate) fn listen(map: &Map, address: SocketAddr, connections: usize) -> Result<Address, Exception> {
    let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
    let server = dispatcher::init(EchoServer { core, connections: Cell::new(connections) }, None)?;
    server.create_socket(Family::default(), Kind::default())?;
    server.set_reuse_addr()?;
    server.bind(&address.into())?;
    server.listen(5)?;
    // The port may have been chosen by the system.
    server.core.socket().expect("it has just been created").local_name()
}

#[cfg(not(test))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    shared::log_to_stderr();
    let (address, connections) = shared::server_arguments()?;
    let map = Map::new(asyncore_reference::Profile::Py311);
    println!("listening on {}", listen(&map, address, connections)?);
    Ok(asyncore_reference::Loop::default().run(&map)?)
}
