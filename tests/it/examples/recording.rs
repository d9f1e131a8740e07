//! Runs the reference's programs in threads of this process, with sockets that tell what is done with them.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Once;
use std::thread;

use asyncore_reference::{
    Address, AskedList, Exception, Family, Kind, Loop, Map, NativeSocket, NativeSystem, Profile, Ready, Socket, System,
    errno,
};

use super::stimulus::Running;
use super::tape::Tape;

/// A program: creates its channels in a map and says where it listens, if it does.
pub(crate) type Program = fn(&Map, &[String], &Tape) -> Result<(), Exception>;

thread_local! {
    /// The tape of the program that this thread runs.
    static TAPE: RefCell<Option<Tape>> = const { RefCell::new(None) };
}

/// Takes what the programs log about their methods.
struct Logger;

impl log::Log for Logger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() == log::Level::Debug
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            tell(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

fn tell(line: String) {
    TAPE.with_borrow(|tape| {
        if let Some(tape) = tape {
            tape.add(line);
        }
    });
}

/// Ends the tape, whatever happens to the thread.
struct End(Tape);

impl Drop for End {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Runs a program in a thread until its map is empty, under `poll` or under `select`.
pub(crate) fn start(program: Program, profile: Profile, use_poll: bool, arguments: &[String], pause: &str) -> Running {
    static LOGGER: Once = Once::new();
    LOGGER.call_once(|| {
        log::set_logger(&Logger).expect("there is no other");
        log::set_max_level(log::LevelFilter::Debug);
    });
    let tape = Tape::default();
    let end = End(tape.clone());
    let (arguments, pause) = (arguments.to_owned(), pause.to_owned());
    thread::spawn(move || {
        let tape = &end.0;
        TAPE.set(Some(tape.clone()));
        let system =
            Recording { native: NativeSystem::new(profile), pause: RefCell::new(pause), sockets: Rc::default() };
        let map = Map::with_system(profile, Rc::new(system));
        let done = program(&map, &arguments, tape).and_then(|()| Loop { use_poll, ..Loop::default() }.run(&map));
        if let Err(exception) = done {
            tape.add(format!("raised {exception}"));
        }
    });
    Running { tape, _guard: None }
}

/// The operating system, which gives out sockets that tell.
struct Recording {
    native: NativeSystem,
    /// The line after which the program waits for the test.
    pause: RefCell<String>,
    sockets: Rc<Cell<usize>>,
}

impl Recording {
    fn wait_to_be_resumed(&self) {
        let tape = TAPE.with_borrow(Clone::clone).expect("this thread has one");
        let pauses = !self.pause.borrow().is_empty() && tape.has(&self.pause.borrow());
        if pauses {
            self.pause.take();
            tape.add("(paused)");
            tape.wait_to_be_resumed();
        }
    }
}

impl System for Recording {
    fn select(&self, asked: &AskedList, timeout: Option<f64>, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        self.wait_to_be_resumed();
        self.native.select(asked, timeout, ready)
    }

    fn poll(&self, asked: &AskedList, timeout: Option<i64>, ready: &mut Vec<Ready>) -> Result<(), Exception> {
        self.wait_to_be_resumed();
        self.native.poll(asked, timeout, ready)
    }

    fn sleep(&self, seconds: f64) -> Result<(), Exception> {
        self.native.sleep(seconds)
    }

    fn socket(&self, family: Family, kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
        Ok(Teller::wrap(Rc::new(NativeSocket::create(family, kind)?), &self.sockets).0)
    }
}

/// A socket that tells what is done with it.
struct Teller {
    inner: Rc<dyn Socket>,
    title: String,
    sockets: Rc<Cell<usize>>,
}

impl Teller {
    fn wrap(inner: Rc<dyn Socket>, sockets: &Rc<Cell<usize>>) -> (Rc<dyn Socket>, String) {
        sockets.set(sockets.get() + 1);
        let title = format!("s{}", sockets.get());
        (Rc::new(Self { inner, title: title.clone(), sockets: Rc::clone(sockets) }), title)
    }

    fn tell(&self, call: &str) {
        tell(format!("{}.{call}", self.title));
    }

    /// Tells of a call and of what it returned or raised.
    fn told<R>(&self, call: &str, result: Result<R, Exception>, show: impl Fn(&R) -> String) -> Result<R, Exception> {
        match &result {
            Ok(value) => self.tell(&format!("{call}{}", show(value))),
            Err(exception) => self.tell(&format!("{call} -> {}", name(exception))),
        }
        result
    }
}

fn name(exception: &Exception) -> String {
    exception.errno().map_or_else(|| exception.to_string(), symbol)
}

fn symbol(errno: i32) -> String {
    match errno {
        0 => "done".to_owned(),
        errno::EINPROGRESS => "EINPROGRESS".to_owned(),
        errno::EWOULDBLOCK => "EAGAIN".to_owned(),
        errno::EBADF => "EBADF".to_owned(),
        errno::ECONNRESET => "ECONNRESET".to_owned(),
        errno::EPIPE => "EPIPE".to_owned(),
        other => io::Error::from_raw_os_error(other).to_string(),
    }
}

impl Socket for Teller {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let before = into.len();
        let received = self.inner.recv(max, into);
        self.told(&format!("recv {max}"), received, |_| format!(" -> \"{}\"", into[before..].escape_ascii()))
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        let call = format!("send \"{}\"", data.escape_ascii());
        self.told(&call, self.inner.send(data), |sent| format!(" -> {sent}"))
    }

    fn close(&self) -> Result<(), Exception> {
        self.told("close", self.inner.close(), |()| String::new())
    }

    fn connect(&self, address: &Address) -> Result<i32, Exception> {
        self.told("connect", self.inner.connect(address), |errno| format!(" -> {}", symbol(*errno)))
    }

    fn listen(&self, backlog: i32) -> Result<(), Exception> {
        self.told(&format!("listen {backlog}"), self.inner.listen(backlog), |()| String::new())
    }

    fn accept(&self) -> Result<(Rc<dyn Socket>, Address), Exception> {
        let accepted = self.inner.accept().map(|(socket, address)| (Self::wrap(socket, &self.sockets), address));
        let ((socket, _), address) = self.told("accept", accepted, |((_, title), _)| format!(" -> {title}"))?;
        Ok((socket, address))
    }

    fn take_error(&self) -> Result<i32, Exception> {
        self.inner.take_error()
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        self.inner.peer_name()
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        self.inner.set_nonblocking()
    }

    fn fileno(&self) -> Result<i32, Exception> {
        self.inner.fileno()
    }

    fn local_name(&self) -> Result<Address, Exception> {
        self.inner.local_name()
    }

    fn bind(&self, address: &Address) -> Result<(), Exception> {
        self.inner.bind(address)
    }

    fn set_reuse_addr(&self) -> Result<(), Exception> {
        self.inner.set_reuse_addr()
    }
}

/// Reads an address as Python's programs take it.
pub(crate) fn address(arguments: &[String]) -> SocketAddr {
    format!("{}:{}", arguments[0], arguments[1]).parse().expect("a host and a port")
}

/// Tells a test where a program listens.
pub(crate) fn listening(tape: &Tape, address: Result<Address, Exception>) -> Result<(), Exception> {
    match address? {
        Address::Ip(address) => tape.listens(address),
        address @ Address::Unix(_) => panic!("{address} is no address of the Internet"),
    }
    Ok(())
}
