//! What only Python has: how objects print, tracebacks, logs, attributes.

use super::Pattern;
use super::channel::Sort;
use super::machine::{Machine, Outcome, id, thrown};
use super::socket::{LOCAL, PEER};
use crate::dispatcher::Attribute;
use crate::name::Name;
use crate::profile::Profile;
use crate::trace::{Stream, What};
use crate::value::Value;

/// Is a `file_wrapper` on its own.
#[derive(Debug)]
pub(super) struct Wrapper {
    pub(super) name: Name,
}

impl Machine<'_> {
    pub(super) fn log(&mut self, message: &str) {
        let text = format!("log: {message}\n");
        self.emit(What::Printed { to: Stream::Err, text }, id("LOG-1"), None);
        self.forbid(Pattern::Printed, id("LOG-1"));
    }

    pub(super) fn print_info(&mut self, message: &str, kind: &str) {
        if kind == "warning" && self.modern() {
            self.forbid(Pattern::Printed, id("LOG-3"));
            return;
        }
        let why = if kind == "warning" { "LOG-4" } else { "LOG-2" };
        let text = format!("{kind}: {message}\n");
        self.emit(What::Printed { to: Stream::Out, text }, id(why), None);
        self.forbid(Pattern::Printed, id(why));
    }

    pub(super) fn repr(&mut self, chan: Name) {
        let it = self.chan(chan);
        let state = match (it.base.accepting && it.base.addr.is_some(), it.connected) {
            (true, _) => " listening",
            (false, true) => " connected",
            (false, false) => "",
        };
        let addr = match it.base.addr {
            Some(PEER) => " 127.0.0.1:9",
            Some(_) => " 127.0.0.1:8",
            None => "",
        };
        let text = format!("<CLASS{state}{addr} at ID>");
        self.result(Value::bytes(text), id("LOG-5"));
    }

    pub(super) fn compact_traceback(&mut self, handling: bool) -> Outcome<()> {
        if !handling {
            self.result(Value::bool(true), id("LOG-7"));
            return Ok(());
        }
        let parts = [Value::bytes("innermost"), Value::bytes("RuntimeError"), Value::bytes("scripted"), Value::int(2)];
        self.result(Value::List { items: parts.to_vec() }, id("LOG-6"));
        Ok(())
    }

    pub(super) fn strerror(&mut self, number: i64) {
        if !self.modern() {
            self.unspecified("this release has no such function");
            return;
        }
        let value = if i32::try_from(number).is_ok() {
            Value::bool(true)
        } else {
            Value::bytes(format!("Unknown error {number}"))
        };
        self.result(value, id("LOG-8"));
    }

    /// Looks at an attribute.
    pub(super) fn look(&mut self, chan: Name, attribute: Attribute) -> Outcome<()> {
        if self.wrappers.iter().any(|wrapper| wrapper.name == chan) {
            return self.look_at_wrapper(chan, attribute);
        }
        let profile = self.profile;
        let it = self.chan(chan);
        let (value, why) = match attribute {
            Attribute::Connected => (Value::bool(it.connected), it.flags_why),
            Attribute::Accepting => (Value::bool(it.base.accepting), it.base.accepting_why),
            Attribute::Connecting => (Value::bool(it.connecting), it.flags_why),
            Attribute::Closing => (Value::bool(false), it.flags_why),
            Attribute::Addr => {
                debug_assert!(it.base.addr.is_none_or(|addr| [PEER, LOCAL].contains(&addr)), "there are two addresses");
                (it.base.addr.map_or(Value::None, Value::bytes), it.base.addr_why)
            }
            Attribute::Socket => (Value::bool(it.base.socket.is_some()), it.base.socket_why),
            Attribute::Registered => return self.look_registered(chan),
            Attribute::OutBuffer if it.base.sort == Sort::WithSend => (Value::bytes(&it.out), it.out_why),
            Attribute::Blocking => match it.base.socket {
                None => (Value::None, it.base.socket_why),
                Some(socket) => {
                    let socket = self.socket(socket);
                    (Value::bool(socket.blocking), socket.blocking_why)
                }
            },
            Attribute::Delegated if it.base.socket.is_some() && it.base.sort != Sort::File => {
                if profile == Profile::Py311 {
                    return self.absent(id("IO-20"));
                }
                (Value::bool(true), id("IO-19"))
            }
            Attribute::OutBuffer | Attribute::Delegated | Attribute::Error | Attribute::Option => {
                self.unspecified("a thing without such an attribute fails as the language chooses");
                return Ok(());
            }
        };
        self.result(value, why);
        Ok(())
    }

    /// Says whether the channel's own map has it under the number of its socket.
    fn look_registered(&mut self, chan: Name) -> Outcome<()> {
        let file = self.is_file(chan);
        let base = &self.chan(chan).base;
        let (socket, map, why) = (base.socket, base.map, base.socket_why);
        let open = socket.is_some_and(|socket| !self.socket(socket).closed);
        let registered = open
            && socket.is_some_and(|socket| {
                let fd = self.socket(socket).fd;
                self.maps[map].get(fd) == Some(chan)
            });
        let why = if file && why == id("FILE-7") { id("FILE-7") } else { why };
        self.result(Value::bool(registered), why);
        Ok(())
    }

    fn look_at_wrapper(&mut self, name: Name, attribute: Attribute) -> Outcome<()> {
        match attribute {
            Attribute::Error if self.modern() => self.result(Value::int(0), id("FILE-15")),
            Attribute::Blocking => {
                let blocking = Value::bool(self.socket(name).blocking);
                self.result(blocking, id("FILE-8"));
            }
            Attribute::Option if self.modern() => return thrown("NotImplementedError", id("FILE-15")),
            _ => self.unspecified("a thing without such an attribute fails as the language chooses"),
        }
        Ok(())
    }

    // file_wrapper

    pub(super) fn wrapper_recv(&mut self, name: Name, size: u32) -> Outcome<()> {
        let data = self.socket_recv(name, size as usize, id("FILE-3"))?;
        self.result(Value::bytes(data), id("FILE-3"));
        Ok(())
    }

    pub(super) fn wrapper_send(&mut self, name: Name, data: &[u8]) -> Outcome<()> {
        let sent = self.socket_send(name, data, id("FILE-3"))?;
        self.result(Value::int(i64::try_from(sent).unwrap_or(i64::MAX)), id("FILE-3"));
        Ok(())
    }

    pub(super) fn wrapper_close(&mut self, name: Name) -> Outcome<()> {
        if self.modern() && self.socket(name).closed {
            let why = id(if std::mem::take(&mut self.socket(name).close_failed) { "FILE-6" } else { "FILE-5" });
            self.forbid(super::Pattern::Socket(name, crate::trace::SocketCall::Close), why);
            self.forbid(super::Pattern::Raised, why);
            return Ok(());
        }
        let closed = self.socket_close(name, name, id("FILE-4"));
        self.socket(name).close_failed = closed.is_err();
        closed
    }
}
