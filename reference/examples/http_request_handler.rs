//! The `http_request_handler` of asynchat's manual, fed from memory.
//!
//! Headers end at an empty line. A POST has a body, whose length the headers tell: a number as
//! terminator. After that there is no terminator, so that what the client sends too much is
//! collected and ignored.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use asyncore_reference::{Address, Channel, Class, Core, Exception, Profile, Socket, Terminator, errno};

/// A server's side of one connection.
struct HttpRequestHandler {
    core: Core,
    ibuffer: RefCell<Vec<u8>>,
    headers: RefCell<String>,
    reading_headers: Cell<bool>,
    handling: Cell<bool>,
    log: Rc<dyn Fn(String)>,
}

impl HttpRequestHandler {
    /// Creates a handler that waits for headers and tells `log` what happens.
    fn new(socket: Rc<dyn Socket>, log: Rc<dyn Fn(String)>) -> Result<Self, Exception> {
        let handler = Self {
            core: Core::with_socket(Class::Chat, Profile::Py311, socket)?,
            ibuffer: RefCell::default(),
            headers: RefCell::default(),
            reading_headers: Cell::new(true),
            handling: Cell::new(false),
            log,
        };
        handler.set_terminator("\r\n\r\n".into())?;
        Ok(handler)
    }

    fn parse_headers(&self) {
        let headers = String::from_utf8_lossy(&self.ibuffer.take()).into_owned();
        (self.log)(format!("headers {headers:?}"));
        self.headers.replace(headers);
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

    fn handle_request(&self, body: &[u8]) -> Result<(), Exception> {
        self.handling.set(true);
        (self.log)(format!("request with body \"{}\"", body.escape_ascii()));
        self.push(b"HTTP/1.0 200 OK\r\n\r\n")?;
        self.close_when_done()
    }
}

impl Channel for HttpRequestHandler {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        (self.log)(format!("collect \"{}\"", data.escape_ascii()));
        self.ibuffer.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        if self.reading_headers.replace(false) {
            self.parse_headers();
            if self.is_post() {
                let length = self.content_length();
                let no_length = || Exception::other("TypeError", "no content-length");
                return self.set_terminator(length.ok_or_else(no_length)?.into());
            }
            self.set_terminator(Terminator::None)?;
            self.handle_request(b"")
        } else if !self.handling.get() {
            // Browsers sometimes send too much.
            self.set_terminator(Terminator::None)?;
            self.handle_request(&self.ibuffer.take())
        } else {
            Ok(())
        }
    }
}

/// A socket whose other end has already said everything.
struct Canned {
    chunks: RefCell<VecDeque<&'static [u8]>>,
    log: Rc<dyn Fn(String)>,
}

impl Socket for Canned {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let mut chunks = self.chunks.borrow_mut();
        let chunk = chunks.pop_front().ok_or(Exception::Os(errno::EWOULDBLOCK))?;
        let (now, later) = chunk.split_at(max.min(chunk.len()));
        if !later.is_empty() {
            chunks.push_front(later);
        }
        into.extend_from_slice(now);
        Ok(now.len())
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        (self.log)(format!("send \"{}\"", data.escape_ascii()));
        Ok(data.len())
    }

    fn close(&self) -> Result<(), Exception> {
        (self.log)("close".into());
        Ok(())
    }

    fn connect(&self, _address: &Address) -> Result<i32, Exception> {
        Ok(errno::EISCONN)
    }

    fn take_error(&self) -> Result<i32, Exception> {
        Ok(0)
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Ok(Address::Unix("client".into()))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        Ok(())
    }
}

/// Serves a POST in four chunks, the last of them too long, and tells `log` what happens.
pub(crate) fn serve(log: Rc<dyn Fn(String)>) -> Result<(), Exception> {
    let chunks: [&[u8]; 4] = [b"POST /form HTTP/1.0\r\nContent-Le", b"ngth: 9\r\n\r", b"\na=1&", b"b=two extra"];
    let socket = Canned { chunks: RefCell::new(chunks.into()), log: Rc::clone(&log) };
    let handler = HttpRequestHandler::new(Rc::new(socket), log)?;
    for _ in chunks {
        handler.handle_read()?;
    }
    handler.handle_write()
}

/// Prints what happens, one event a line.
#[allow(dead_code, reason = "a test includes this file")]
fn main() -> Result<(), Exception> {
    serve(Rc::new(|line| println!("{line}")))
}
