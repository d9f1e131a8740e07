//! The `http_request_handler` of asynchat's manual, with a server around it.
//!
//! ```text
//! cargo run -p asyncore-reference --example http_request_handler -- ADDRESS [CONNECTIONS]
//! ```
//!
//! Headers end at an empty line. A POST has a body, whose length the headers tell: a number as terminator. After that
//! there is no terminator, so that what the client sends too much is collected and ignored.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;

use asyncore_reference::{Address, Channel, Class, Core, Exception, Family, Kind, Map, Socket, Terminator, dispatcher};

#[cfg(not(test))]
mod shared;

/// A server's side of one connection.
struct HttpRequestHandler {
    core: Core,
    ibuffer: RefCell<Vec<u8>>,
    headers: RefCell<String>,
    reading_headers: Cell<bool>,
    handling: Cell<bool>,
    cgi_data: RefCell<Vec<u8>>,
}

impl HttpRequestHandler {
    /// Creates a handler that waits for headers.
    fn start(map: &Map, socket: Rc<dyn Socket>) -> Result<(), Exception> {
        let handler = Self {
            core: Core::new(Class::Chat, map.profile()).in_map(map),
            ibuffer: RefCell::default(),
            headers: RefCell::default(),
            reading_headers: Cell::new(true),
            handling: Cell::new(false),
            cgi_data: RefCell::default(),
        };
        let handler = dispatcher::init(handler, Some(socket))?;
        handler.set_terminator("\r\n\r\n".into())
    }

    fn parse_headers(&self) {
        self.headers.replace(String::from_utf8_lossy(&self.ibuffer.take()).into_owned());
    }

    fn is_post(&self) -> bool {
        self.headers.borrow().to_ascii_uppercase().starts_with("POST ")
    }

    fn content_length(&self) -> Option<i64> {
        let headers = self.headers.borrow();
        let (_, value) = headers
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
        value.trim().parse().ok()
    }

    /// Answers with the first line of the request and its body.
    fn handle_request(&self) -> Result<(), Exception> {
        let request = self.headers.borrow().lines().next().unwrap_or_default().to_owned();
        let mut body = format!("{request}\r\n").into_bytes();
        body.append(&mut self.cgi_data.take());
        self.push(format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes())?;
        self.push(&body)?;
        self.close_when_done()
    }
}

impl Channel for HttpRequestHandler {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        log::debug!("handler.collect_incoming_data \"{}\"", data.escape_ascii());
        self.ibuffer.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        log::debug!("handler.found_terminator");
        if self.reading_headers.replace(false) {
            self.parse_headers();
            if self.is_post() {
                // Without a length this is where Python's `int(None)` raises, which closes the channel.
                let no_length = || Exception::other("TypeError", "no content-length");
                return self.set_terminator(self.content_length().ok_or_else(no_length)?.into());
            }
            self.handling.set(true);
            self.set_terminator(Terminator::None)?;
            self.handle_request()
        } else if !self.handling.get() {
            // Browsers sometimes send too much.
            self.set_terminator(Terminator::None)?;
            self.cgi_data.replace(self.ibuffer.take());
            self.handling.set(true);
            self.handle_request()
        } else {
            Ok(())
        }
    }
}

struct HttpServer {
    core: Core,
    connections: Cell<usize>,
}

impl Channel for HttpServer {
    fn core(&self) -> &Core {
        &self.core
    }

    /// Accepts as every release could; from 3.2 on `handle_accepted` would do.
    fn handle_accept(&self) -> Result<(), Exception> {
        log::debug!("server.handle_accept");
        let Some((socket, _addr)) = self.accept()? else { return Ok(()) };
        HttpRequestHandler::start(&self.core.map().expect("a loop runs over it"), socket)?;
        self.connections.set(self.connections.get().saturating_sub(1));
        if self.connections.get() == 0 { self.close() } else { Ok(()) }
    }
}

/// Listens at `address`, for so many connections, and returns where that is; a loop over `map` does the rest.
pub(crate) fn listen(map: &Map, address: SocketAddr, connections: usize) -> Result<Address, Exception> {
    let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
    let server = dispatcher::init(HttpServer { core, connections: Cell::new(connections) }, None)?;
    server.create_socket(Family::Inet, Kind::Stream)?;
    server.set_reuse_addr()?;
    server.bind(&address.into())?;
    server.listen(5)?;
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
