//! A room in which people talk by lines: `telnet` will do for a client.
//!
//! ```text
//! cargo run -p asyncore-reference --example chat_server -- ADDRESS [CONNECTIONS]
//! ```
//!
//! The first line is a name, every other goes to the others, and `/quit` ends the conversation. After so many connections
//! nobody else gets in, and the program ends when the last has gone.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::{Rc, Weak};

use asyncore_reference::{Address, Channel, Class, Core, Exception, Family, Kind, Map, Socket, chat, dispatcher};

#[cfg(not(test))]
mod shared;

/// Who is there, in the order in which they came, whether they have a name yet or not.
#[derive(Default)]
struct Room {
    // The map keeps the sessions alive; the room must not, as each of them keeps the room.
    sessions: RefCell<Vec<Weak<Session>>>,
}

impl Room {
    /// Returns who has a name now.
    ///
    /// To tell somebody something may make somebody leave, so this is a copy: the room itself is not borrowed meanwhile.
    fn people(&self) -> Vec<Rc<Session>> {
        let sessions = self.sessions.borrow();
        sessions.iter().filter_map(Weak::upgrade).filter(|session| session.name.borrow().is_some()).collect()
    }

    fn remove(&self, session: &Session) {
        self.sessions.borrow_mut().retain(|other| !std::ptr::eq(other.as_ptr(), session));
    }
}

/// One connection.
struct Session {
    core: Core,
    number: usize,
    room: Rc<Room>,
    /// What has come of a line.
    line: RefCell<Vec<u8>>,
    name: RefCell<Option<String>>,
}

impl Session {
    fn start(map: &Map, socket: Rc<dyn Socket>, room: &Rc<Room>, number: usize) -> Result<(), Exception> {
        let session = Self {
            core: Core::new(Class::Chat, map.profile()).in_map(map),
            number,
            room: Rc::clone(room),
            line: RefCell::default(),
            name: RefCell::default(),
        };
        let session = dispatcher::init(session, Some(socket))?;
        session.set_terminator("\n".into())?;
        room.sessions.borrow_mut().push(Rc::downgrade(&session));
        session.tell("What is your name?")
    }

    fn tell(&self, line: &str) -> Result<(), Exception> {
        self.push(format!("{line}\r\n").as_bytes())
    }

    fn tell_others(&self, line: &str) -> Result<(), Exception> {
        let people = self.room.people();
        people.iter().filter(|other| !std::ptr::eq(&***other, self)).try_for_each(|other| other.tell(line))
    }

    fn enter(&self, name: String) -> Result<(), Exception> {
        let names: Vec<_> = self.room.people().iter().filter_map(|other| other.name.borrow().clone()).collect();
        if name.is_empty() || names.contains(&name) {
            return self.tell("Please take another name.");
        }
        let here = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        self.tell(&format!("Welcome, {name}. Here is {here}."))?;
        self.tell_others(&format!("* {name} has come"))?;
        self.name.replace(Some(name));
        Ok(())
    }
}

impl Channel for Session {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        log::debug!("session {}.collect_incoming_data \"{}\"", self.number, data.escape_ascii());
        self.line.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        log::debug!("session {}.found_terminator", self.number);
        let line = self.line.take();
        let line = String::from_utf8_lossy(&line).trim().to_owned();
        let name = self.name.borrow().clone();
        match name {
            _ if line == "/quit" => {
                self.tell("Goodbye.")?;
                self.close_when_done()
            }
            None => self.enter(line),
            Some(name) => self.tell_others(&format!("{name}: {line}")),
        }
    }

    /// Is called when the client has gone, or everything has been sent after `/quit`.
    fn handle_close(&self) -> Result<(), Exception> {
        log::debug!("session {}.handle_close", self.number);
        chat::handle_close(self)?;
        self.room.remove(self);
        let name = self.name.take();
        name.map_or(Ok(()), |name| self.tell_others(&format!("* {name} has gone")))
    }
}

struct ChatServer {
    core: Core,
    room: Rc<Room>,
    accepted: Cell<usize>,
    connections: usize,
}

impl Channel for ChatServer {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, _addr: &Address) -> Result<(), Exception> {
        log::debug!("server.handle_accepted");
        let map = self.core.map().expect("a loop runs over it");
        self.accepted.set(self.accepted.get() + 1);
        Session::start(&map, socket, &self.room, self.accepted.get())?;
        if self.accepted.get() >= self.connections { self.close() } else { Ok(()) }
    }
}

/// Listens at `address`, for so many connections, and returns where that is; a loop over `map` does the rest.
pub(crate) fn listen(map: &Map, address: SocketAddr, connections: usize) -> Result<Address, Exception> {
    let core = Core::new(Class::Dispatcher, map.profile()).in_map(map);
    let server = ChatServer { core, room: Rc::default(), accepted: Cell::new(0), connections };
    let server = dispatcher::init(server, None)?;
    let family = if address.is_ipv4() { Family::Inet } else { Family::Inet6 };
    server.create_socket(family, Kind::Stream)?;
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
