//! The HTTP client of asyncore's manual of 3.x.
//!
//! ```text
//! cargo run -p asyncore-reference --example http_client_3 -- HOST:PORT PATH
//! ```

use std::cell::RefCell;
use std::net::SocketAddr;

use asyncore_reference::{Channel, Class, Core, Exception, Family, Kind, Map, dispatcher};

#[cfg(not(test))]
mod shared;

struct HttpClient {
    core: Core,
    buffer: RefCell<Vec<u8>>,
}

impl Channel for HttpClient {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_connect(&self) -> Result<(), Exception> {
        log::debug!("client.handle_connect");
        Ok(())
    }

    fn handle_close(&self) -> Result<(), Exception> {
        log::debug!("client.handle_close");
        self.close()
    }

    fn handle_read(&self) -> Result<(), Exception> {
        log::debug!("client.handle_read");
        let mut data = Vec::new();
        self.recv(8192, &mut data)?;
        // Python prints the bytes as a literal.
        println!("b'{}'", data.escape_ascii());
        Ok(())
    }

    fn writable(&self) -> Result<bool, Exception> {
        Ok(!self.buffer.borrow().is_empty())
    }

    fn handle_write(&self) -> Result<(), Exception> {
        log::debug!("client.handle_write");
        // `send` may call `handle_close`, so the buffer is not borrowed meanwhile.
        let mut data = self.buffer.take();
        let sent = self.send(&data)?;
        data.drain(..sent);
        self.buffer.replace(data);
        Ok(())
    }
}

/// Creates a client that asks `host` for `path`; a loop over `map` does the rest.
pub(crate) fn get(map: &Map, address: SocketAddr, host: &str, path: &str) -> Result<(), Exception> {
    let client = HttpClient {
        core: Core::new(Class::Dispatcher, map.profile()).in_map(map),
        buffer: RefCell::new(format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").into()),
    };
    // The map holds the client, so nothing needs to be returned. Rust has no arguments that may be left out: what
    // Python takes for the family and the type is the default of either.
    let client = dispatcher::init(client, None)?;
    client.create_socket(Family::default(), Kind::default())?;
    client.connect(&address.into())
}

#[cfg(not(test))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    shared::log_to_stderr();
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [host, path] = &*arguments else { return Err("usage: HOST:PORT PATH".into()) };
    let map = Map::new(asyncore_reference::Profile::Py311);
    let name = host.rsplit_once(':').map_or(&**host, |(name, _port)| name);
    get(&map, shared::resolve(host)?, name, path)?;
    Ok(asyncore_reference::Loop::default().run(&map)?)
}
