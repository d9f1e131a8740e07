//! The HTTP client of asyncore's manual of the 2.0 era, as it was meant and as it was printed.
//!
//! ```text
//! cargo run -p asyncore-reference --example http_client_2_0 -- HOST:PORT PATH [--as-printed]
//! ```
//!
//! The printed program has two mistakes. Its request ends with `\r\b\r\n`, which is no empty line, so that a server waits
//! for more. And it names the predicate `writeable`, which nobody calls: the base class's `writable` is always true, and
//! the client sends the empty string on every pass of the loop, as fast as the loop can turn.

use std::cell::RefCell;
use std::net::SocketAddr;

use asyncore_reference::{Channel, Class, Core, Exception, Family, Kind, Map, dispatcher};

#[cfg(not(test))]
mod shared;

/// The client as it was meant.
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

    fn handle_read(&self) -> Result<(), Exception> {
        log::debug!("client.handle_read");
        let mut data = Vec::new();
        self.recv(8192, &mut data)?;
        println!("{}", String::from_utf8_lossy(&data));
        Ok(())
    }

    fn writable(&self) -> Result<bool, Exception> {
        Ok(!self.buffer.borrow().is_empty())
    }

    fn handle_write(&self) -> Result<(), Exception> {
        log::debug!("client.handle_write");
        send_buffer(self, &self.buffer)
    }
}

/// The client as it was printed.
struct AsPrinted {
    core: Core,
    buffer: RefCell<Vec<u8>>,
}

impl AsPrinted {
    /// Python takes this for one more method. Rust does not let it into `impl Channel`, which has none of that name, and
    /// here it warns that nobody calls it.
    #[expect(dead_code, reason = "this is the mistake")]
    fn writeable(&self) -> Result<bool, Exception> {
        Ok(!self.buffer.borrow().is_empty())
    }
}

impl Channel for AsPrinted {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_connect(&self) -> Result<(), Exception> {
        log::debug!("client.handle_connect");
        Ok(())
    }

    fn handle_read(&self) -> Result<(), Exception> {
        log::debug!("client.handle_read");
        let mut data = Vec::new();
        self.recv(8192, &mut data)?;
        println!("{}", String::from_utf8_lossy(&data));
        Ok(())
    }

    fn handle_write(&self) -> Result<(), Exception> {
        log::debug!("client.handle_write");
        send_buffer(self, &self.buffer)
    }
}

/// Sends what it can of the buffer.
fn send_buffer(channel: &dyn Channel, buffer: &RefCell<Vec<u8>>) -> Result<(), Exception> {
    // `send` may call back, so the buffer is not borrowed meanwhile.
    let mut data = buffer.take();
    let sent = channel.send(&data)?;
    data.drain(..sent);
    buffer.replace(data);
    Ok(())
}

fn connect(channel: &dyn Channel, address: SocketAddr) -> Result<(), Exception> {
    channel.create_socket(Family::Inet, Kind::Stream)?;
    channel.connect(&address.into())
}

/// Creates a client that asks for `path`; a loop over `map` does the rest.
///
/// Nobody overrides `handle_close`: the base class closes the channel.
pub(crate) fn get(map: &Map, address: SocketAddr, path: &str) -> Result<(), Exception> {
    let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
    let buffer = RefCell::new(format!("GET {path} HTTP/1.0\r\n\r\n").into());
    connect(&*dispatcher::init(HttpClient { core, buffer }, None)?, address)
}

/// Creates the client of the printed program; a loop over `map` does the rest.
pub(crate) fn get_as_printed(map: &Map, address: SocketAddr, path: &str) -> Result<(), Exception> {
    let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
    let buffer = RefCell::new(format!("GET {path} HTTP/1.0\r\x08\r\n").into());
    connect(&*dispatcher::init(AsPrinted { core, buffer }, None)?, address)
}

#[cfg(not(test))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    shared::log_to_stderr();
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [host, path, option @ ..] = &*arguments else { return Err("usage: HOST:PORT PATH [--as-printed]".into()) };
    // The oldest release that the reference follows is the nearest to 2.0.
    let map = Map::new(asyncore_reference::Profile::Py25);
    let address = shared::resolve(host)?;
    match option {
        [] => get(&map, address, path)?,
        [option] if option == "--as-printed" => get_as_printed(&map, address, path)?,
        _ => return Err("there is one option, --as-printed".into()),
    }
    Ok(asyncore_reference::Loop::default().run(&map)?)
}
