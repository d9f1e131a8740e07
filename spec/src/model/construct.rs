//! Constructors, and how a channel comes by its socket.

use super::Pattern;
use super::channel::Sort;
use super::machine::{Machine, Outcome, Thrown, id, thrown};
use super::socket::PEER;
use crate::clause_id::ClauseId;
use crate::dispatcher::{DispatcherOptions, Family, Given, SocketType};
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::Setup;
use crate::trace::SocketCall;
use crate::value::Value;

impl Machine<'_> {
    /// Gives a channel a socket and puts it into a map.
    pub(super) fn set_socket(&mut self, chan: Name, socket: Name, map: usize, why: ClauseId) -> Outcome<()> {
        if self.is_file(chan) && socket != chan {
            self.unspecified("a file_dispatcher with a socket in its file's place is neither");
        }
        if self.socket(socket).closed {
            self.unspecified("a closed socket has no descriptor");
        }
        let fd = self.socket(socket).fd;
        let base = &mut self.chan(chan).base;
        base.socket = Some(socket);
        base.told = false;
        base.socket_why = why;
        let before = base.fd.replace(fd);
        self.add_channel(chan, map, why)?;
        if before.is_some() {
            self.maps[map].why = id("CONNECT-28");
            self.accident(id("CONNECT-28"));
        }
        Ok(())
    }

    /// Gives the socket that is made for a thing of the set-up, or that it is made on.
    pub(super) fn own_socket(&self, name: Name) -> Name {
        let on = self.scenario.setup.iter().find_map(|setup| match setup {
            Setup::Dispatcher { name: other, options } if *other == name => options.on,
            _ => None,
        });
        on.unwrap_or(name)
    }

    fn unblock(&mut self, socket: Name, why: &'static str) {
        let socket = self.socket(socket);
        socket.blocking = false;
        socket.blocking_why = id(why);
    }

    /// Runs the constructor of a channel of the set-up, if it has not run yet.
    pub(super) fn construct(&mut self, chan: Name) -> Outcome<()> {
        let options = self.scenario.setup.iter().find_map(|setup| match setup {
            Setup::Dispatcher { name, options } if *name == chan => Some(options),
            _ => None,
        });
        match options {
            Some(options) if self.chan(chan).base.constructed == 0 => self.construct_dispatcher(chan, options),
            _ => Ok(()),
        }
    }

    pub(super) fn construct_dispatcher(&mut self, chan: Name, options: &DispatcherOptions) -> Outcome<()> {
        self.constructions += 1;
        self.chan(chan).base.constructed = self.constructions;
        self.chan(chan).flags_why = id("CONNECT-24");
        let result = match options.given {
            _ if self.is_file(chan) => self.construct_file(chan, options),
            Given::Nothing => Ok(()),
            _ => self.construct_on(chan, options),
        };
        if result.is_err() {
            let base = &mut self.chan(chan).base;
            base.constructed = 0;
            base.fd = None;
        }
        result
    }

    fn construct_on(&mut self, chan: Name, options: &DispatcherOptions) -> Outcome<()> {
        let socket = options.on.unwrap_or(chan);
        let map = self.chan(chan).base.map;
        self.unblock(socket, "CONNECT-25");
        self.given(options.map);
        let why = if options.map.is_some() { "MAP-1" } else { "MAP-3" };
        self.set_socket(chan, socket, map, id(why))?;
        let modern = self.modern();
        let failure = if self.socket(socket).closed { Some(Errno::EBADF) } else { self.socket(socket).peer };
        let it = self.chan(chan);
        it.connected = true;
        it.flags_why = id("CONNECT-3");
        match failure {
            None => {
                it.base.addr = Some(PEER);
                it.base.addr_why = id("CONNECT-20");
                Ok(())
            }
            Some(_) if !modern => {
                it.flags_why = id("CONNECT-23");
                it.base.addr_why = id("CONNECT-23");
                Ok(())
            }
            Some(Errno::ENOTCONN | Errno::EINVAL) => {
                it.connected = false;
                it.flags_why = id("CONNECT-21");
                it.base.addr_why = id("CONNECT-21");
                if options.map.is_none() {
                    self.explain_member(chan, id("CONNECT-21"));
                }
                Ok(())
            }
            Some(errno) => {
                self.del_channel(chan, map, id("CONNECT-22"));
                Err(Thrown::new(Exception::os(errno), id("CONNECT-22")))
            }
        }
    }

    fn construct_file(&mut self, chan: Name, options: &DispatcherOptions) -> Outcome<()> {
        let modern = self.modern();
        let demand = id(if options.object { "FILE-14" } else { "FILE-1" });
        if modern {
            self.chan(chan).base.socket = Some(chan);
            let duplicated = self.socket_call(chan, SocketCall::Dup, None, demand);
            self.chan(chan).base.socket = None;
            duplicated?;
            // The original is not its own to close.
            self.forbid(Pattern::Socket(chan, SocketCall::Close), demand);
            // The duplicate has a number of its own.
            let number = self.fresh_number();
            self.socket(chan).fd = number;
        } else {
            self.forbid(Pattern::Socket(chan, SocketCall::Dup), id("FILE-2"));
        }
        self.given(options.map);
        let map = self.chan(chan).base.map;
        self.set_socket(chan, chan, map, id(if options.object { "FILE-14" } else { "FILE-7" }))?;
        self.unblock(chan, "FILE-8");
        let it = self.chan(chan);
        it.connected = true;
        it.flags_why = id("FILE-7");
        it.base.addr_why = id("FILE-7");
        Ok(())
    }

    pub(super) fn create_socket(
        &mut self,
        chan: Name,
        family: Option<Family>,
        kind: Option<SocketType>,
    ) -> Outcome<()> {
        let (family, kind, demand) = match (family, kind) {
            (Some(family), Some(kind)) => (family, kind, "CONNECT-26"),
            _ if self.profile != Profile::Py311 => {
                self.unspecified("this release wants a family and a type");
                return Ok(());
            }
            (family, kind) => (family.unwrap_or(Family::Inet), kind.unwrap_or(SocketType::Stream), "CONNECT-27"),
        };
        if self.is_file(chan) {
            self.unspecified("a file is no socket");
            return Ok(());
        }
        let arg = Value::List { items: vec![Value::bytes(family.name()), Value::bytes(kind.name())] };
        let socket = self.socket_create(chan, arg, id(demand))?;
        self.unblock(socket, "CONNECT-26");
        let map = self.chan(chan).base.map;
        self.set_socket(chan, socket, map, id("MAP-2"))
    }

    /// Says whether a channel is a `file_dispatcher`.
    pub(super) fn is_file(&self, chan: Name) -> bool {
        self.chans.iter().any(|it| it.name == chan && it.base.sort == Sort::File)
            || self.wrappers.iter().any(|wrapper| wrapper.name == chan)
    }

    /// Says that a release has no such thing.
    pub(super) fn absent<T>(&mut self, why: ClauseId) -> Outcome<T> {
        thrown("AttributeError", why)
    }
}
