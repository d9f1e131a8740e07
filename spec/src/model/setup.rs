//! Makes what a scenario sets up.

use super::channel::{Base, Channel, Sort};
use super::fifo::Fifo;
use super::machine::{Machine, id};
use super::map::Map;
use super::producer::Producer;
use super::python::Wrapper;
use super::socket::Socket;
use crate::dispatcher::{Class, DispatcherOptions, Given};
use crate::exception::Errno;
use crate::name::Name;
use crate::scenario::{ChatOptions, Setup};

/// The first number that a descriptor gets whose number the scenario does not choose.
///
/// Those that it chooses are below: they fit sixteen bits.
const FIRST: u32 = 1 << 16;

impl Machine<'_> {
    /// Makes everything that the scenario sets up, sockets and maps first.
    pub(super) fn set_up(&mut self) {
        let scenario = self.scenario;
        for setup in &scenario.setup {
            match setup {
                Setup::Map { name } => self.maps.push(Map::new(Some(*name))),
                Setup::Socket { name, fd, peer } => self.add_socket(*name, *fd, *peer),
                Setup::Chat { name, options } => self.add_socket(*name, options.fd, None),
                Setup::Dispatcher { name, options } => {
                    let peer = match options.given {
                        Given::Peerless { errno } => Some(errno),
                        _ => None,
                    };
                    self.add_socket(*name, options.fd, peer);
                }
                Setup::Wrapper { name } => self.add_socket(*name, None, None),
                _ => {}
            }
        }
        scenario.setup.iter().for_each(|setup| self.script(setup));
        // What is set up is made before anything is recorded.
        self.recording = false;
        scenario.setup.iter().for_each(|setup| self.make(setup));
        self.recording = true;
    }

    /// Gives a number that no other descriptor has.
    pub(super) fn fresh_number(&mut self) -> u32 {
        self.numbers += 1;
        FIRST + self.numbers
    }

    fn add_socket(&mut self, name: Name, fd: Option<u16>, peer: Option<Errno>) {
        let number = self.fresh_number();
        self.sockets.push(Socket::new(name, fd.map_or(number, u32::from), peer));
    }

    /// Says what the sockets do.
    fn script(&mut self, setup: &Setup) {
        match setup {
            Setup::Sends { chan, outcomes } => self.socket(*chan).sends.extend(outcomes),
            Setup::Replies { on, call, replies } => {
                let socket = self.socket(*on);
                match socket.replies.iter_mut().find(|(of, _)| of == call) {
                    Some((_, queued)) => queued.extend(replies),
                    None => socket.replies.push((*call, replies.iter().copied().collect())),
                }
            }
            _ => {}
        }
    }

    fn make(&mut self, setup: &Setup) {
        match setup {
            Setup::Chat { name, options } => self.make_chat(*name, options),
            Setup::Dispatcher { name, options } => self.make_dispatcher(*name, options),
            Setup::Wrapper { name } => self.wrappers.push(Wrapper { name: *name }),
            Setup::Producer { name, results, falsy } => self.producers.push(Producer::own(*name, results, *falsy)),
            Setup::SimpleProducer { name, data, buffer_size } => {
                self.producers.push(Producer::simple(*name, data, *buffer_size));
            }
            Setup::Fifo { name, items } => self.fifos.push(Fifo::new(*name, items.as_deref())),
            _ => {}
        }
    }

    fn make_chat(&mut self, name: Name, options: &ChatOptions) {
        let map = self.map_number(options.map);
        let mut base = Base::new(Sort::Chat, map);
        self.constructions += 1;
        base.constructed = self.constructions;
        if !options.unconnected {
            base.addr = Some(super::socket::PEER);
            base.addr_why = id("CONNECT-20");
        }
        self.chans.push(Channel::new(name, options, base, self.settings));
        let socket = self.socket(name);
        socket.blocking = options.unconnected;
        self.given(options.map);
        let why = match options.map {
            None => "MAP-3",
            Some(_) if options.unconnected => "MAP-2",
            Some(_) => "MAP-1",
        };
        _ = self.set_socket(name, name, map, id(why));
    }

    fn make_dispatcher(&mut self, name: Name, options: &DispatcherOptions) {
        let sort = match options.class {
            Class::Dispatcher => Sort::Dispatcher,
            Class::WithSend => Sort::WithSend,
            Class::File => Sort::File,
        };
        let mut base = Base::new(sort, self.map_number(options.map));
        base.reads = options.reads;
        base.readable = options.readable;
        base.writable = options.writable;
        let none = ChatOptions { unconnected: true, ..ChatOptions::default() };
        self.chans.push(Channel::new(name, &none, base, self.settings));
        if !options.later && self.construct_dispatcher(name, options).is_err() {
            self.unspecified("the constructor fails in the set-up");
        }
    }
}
