//! The server on this crate.

use std::cell::Cell;
use std::net::TcpListener;
use std::rc::Rc;

use asyncore_reference::{
    Address, Channel, Class, Core, Exception, Loop, Map, NativeSocket, Profile, Socket, Terminator, dispatcher,
};

use super::BACKLOG;
use crate::subject::Wait;

pub(super) fn serve(listener: TcpListener, wait: Wait, coalesces: bool) {
    let map = Map::new(Profile::Py311);
    let core = Core::new(Class::Dispatcher, Profile::Py311).in_map(&map);
    let server = Server { core, coalesces, terminator: "\r\n".into(), spare: Rc::default() };
    let server = dispatcher::init(server, Some(Rc::new(NativeSocket::new(listener)))).expect("it is open");
    server.listen(BACKLOG).expect("it is bound");
    let forever = Loop { use_poll: wait == Wait::Poll, ..Loop::default() };
    forever.run(&map).expect("nobody raises anything");
}

struct Server {
    core: Core,
    coalesces: bool,
    terminator: Terminator,
    spare: Rc<Cell<Vec<u8>>>,
}

impl Channel for Server {
    fn core(&self) -> &Core {
        &self.core
    }

    fn handle_accept(&self) -> Result<(), Exception> {
        while let Some((socket, addr)) = self.accept()? {
            self.handle_accepted(socket, &addr)?;
        }
        Ok(())
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, _addr: &Address) -> Result<(), Exception> {
        let map = self.core.map().expect("it runs");
        let core = Core::new(Class::Chat, Profile::Py311).in_map(&map);
        core.set_coalescing(self.coalesces);
        let echo = dispatcher::init(Echo { core, line: Cell::default(), spare: Rc::clone(&self.spare) }, Some(socket))?;
        echo.set_terminator(self.terminator.clone())
    }
}

struct Echo {
    core: Core,
    line: Cell<Vec<u8>>,
    /// Storage for whichever line comes next, so that an idle connection holds none.
    spare: Rc<Cell<Vec<u8>>>,
}

impl Channel for Echo {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        let mut line = self.line.take();
        if line.is_empty() {
            line = self.spare.take();
        }
        line.extend_from_slice(data);
        self.line.set(line);
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        let mut line = self.line.take();
        line.extend_from_slice(b"\r\n");
        let pushed = self.push(&line);
        line.clear();
        self.spare.set(line);
        pushed
    }

    fn handle_error(&self, _exception: &Exception) -> Result<(), Exception> {
        self.close()
    }
}
