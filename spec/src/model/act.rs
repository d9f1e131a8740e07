//! Does what the steps and the reactions of a scenario say.

use super::Pattern;
use super::channel::Sort;
use super::event::pair;
use super::machine::{Machine, Outcome, id, thrown};
use super::wait::{Pass, Reports};
use crate::dispatcher::Attribute;
use crate::name::Name;
use crate::scenario::{Action, Hook, Input, Item, Method};
use crate::value::Value;
use crate::wait::Timeout;

impl Machine<'_> {
    /// Does one action of the scenario.
    pub(super) fn act(&mut self, action: &Action) -> Outcome<()> {
        if self.is_for_nothing(action) {
            return Ok(());
        }
        self.note_late(action);
        match action {
            Action::Recv { chan, input } => {
                self.arrive(*chan, input);
                self.handle_read(*chan, id("EVENT-15"))
            }
            Action::HandleRead { chan } => self.handle_read(*chan, id("EVENT-15")),
            Action::HandleWrite { chan } => self.handle_write(*chan, id("EVENT-16")),
            Action::Push { chan, data } => self.push(*chan, data),
            Action::PushWithProducer { chan, producer: Item::Producer { name } } => self.push_producer(*chan, *name),
            Action::PushWithProducer { chan, producer: Item::Value { value } } => self.push_value(*chan, value),
            Action::CloseWhenDone { chan } => {
                self.close_when_done(*chan);
                Ok(())
            }
            Action::InitiateSend { chan } => {
                let demand = id(if self.chan(*chan).is_chat() { "OUTPUT-21" } else { "IO-16" });
                self.initiate_send(*chan, demand)
            }
            Action::RefillBuffer { chan } => self.refill_buffer(*chan, id("OUTPUT-39")),
            Action::SetTerminator { chan, terminator } => self.set_terminator(*chan, terminator),
            Action::GetTerminator { chan } => self.get_terminator(*chan),
            Action::DiscardBuffers { chan } => {
                self.discard_buffers(*chan);
                Ok(())
            }
            Action::Close { chan } if self.wrappers.iter().any(|wrapper| wrapper.name == *chan) => {
                self.wrapper_close(*chan)
            }
            Action::Close { chan } if !self.chans.iter().any(|it| it.name == *chan) => {
                self.socket_close(*chan, *chan, id("CLOSE-2"))
            }
            Action::Close { chan } => self.close(*chan, id("CLOSE-2")),
            Action::Connect { chan } => self.connect(*chan),
            Action::Readable { chan } => {
                let (value, why) = self.readable(*chan, id("EVENT-19"))?;
                self.result(Value::bool(value), why);
                Ok(())
            }
            Action::Writable { chan } => {
                let (value, why) = self.writable(*chan, id("EVENT-19"))?;
                self.result(Value::bool(value), why);
                Ok(())
            }
            Action::GetData { chan } => {
                let data = std::mem::take(&mut self.chan(*chan).incoming);
                self.result(Value::bytes(data), id("INPUT-45"));
                Ok(())
            }
            Action::BufferSizes { chan } => {
                let sizes = self.chan(*chan).sizes.map(|size| Value::int(i64::from(size)));
                self.result(Value::List { items: sizes.to_vec() }, id("INPUT-52"));
                Ok(())
            }
            Action::More { producer } => self.call_more(*producer),
            Action::FindPrefixAtEnd { haystack, needle } => self.find_prefix(haystack, needle),
            Action::FifoPush { .. }
            | Action::FifoPop { .. }
            | Action::FifoFirst { .. }
            | Action::FifoIsEmpty { .. }
            | Action::FifoLen { .. }
            | Action::FifoGiven { .. } => self.fifo_act(action),
            _ => self.act_on_dispatcher(action),
        }
    }

    fn arrive(&mut self, chan: Name, input: &Input) {
        let owner = self.own_socket(chan);
        self.socket(owner).inputs.push_back(input.clone());
    }

    /// Does the actions that asyncore itself has.
    fn act_on_dispatcher(&mut self, action: &Action) -> Outcome<()> {
        match action {
            Action::Arrive { chan, input } => {
                self.arrive(*chan, input);
                Ok(())
            }
            Action::Construct { chan } => self.construct(*chan),
            Action::CreateSocket { chan, family, kind } => self.create_socket(*chan, *family, *kind),
            Action::SetSocket { chan, socket } => {
                let map = self.chan(*chan).base.map;
                self.set_socket(*chan, *socket, map, id("MAP-2"))
            }
            Action::SetReuseAddr { chan } => self.set_reuse_addr(*chan),
            Action::Bind { chan } => self.bind(*chan),
            Action::Listen { chan, backlog } => self.listen(*chan, *backlog),
            Action::Accept { chan } => {
                let (value, why) = match self.accept(*chan, id("ACCEPT-6"))? {
                    Some(socket) => (pair(socket), id("ACCEPT-6")),
                    None => (Value::None, self.nothing_accepted),
                };
                self.result(value, why);
                Ok(())
            }
            Action::Send { chan, data } => self.send_action(*chan, data),
            Action::Receive { chan, size } if self.wrappers.iter().any(|wrapper| wrapper.name == *chan) => {
                self.wrapper_recv(*chan, *size)
            }
            Action::Receive { chan, size } => {
                self.gave = None;
                let data = self.recv(*chan, *size as usize)?;
                let why = self.gave.take().unwrap_or(id("IO-6"));
                self.result(Value::bytes(data), why);
                Ok(())
            }
            Action::Call { chan, method } => self.call_method(*chan, *method),
            Action::HandleAccepted { chan, socket } => self.handle_accepted(*chan, *socket, id("ACCEPT-12")),
            Action::Dispatch { chan, by } => self.dispatch(*chan, *by, id("POLL-12")),
            Action::Readwrite { chan, conditions } => self.readwrite(*chan, *conditions, id("POLL-15")),
            _ => self.act_on_loop(action),
        }
    }

    /// Does the actions about maps and the loop, and those that look at something.
    fn act_on_loop(&mut self, action: &Action) -> Outcome<()> {
        match action {
            Action::Poll { map, use_poll, timeout, report } => {
                self.given(*map);
                let mut pass = self.pass_of(*map, *use_poll, *timeout, Timeout::seconds(0));
                pass.why = id("POLL-1");
                pass.timeout_why = id(if timeout.is_some() { "POLL-22" } else { "LOOP-13" });
                self.pass(pass, &mut Reports::new(std::slice::from_ref(report)))?;
                for hook in [Hook::Readable, Hook::Writable] {
                    self.forbid(Pattern::AnyHook(hook), id("POLL-32"));
                }
                Ok(())
            }
            Action::Loop { map, use_poll, timeout, count, reports } => {
                self.given(*map);
                let pass = self.pass_of(*map, *use_poll, *timeout, Timeout::seconds(30));
                self.run_loop(pass, *count, reports)
            }
            Action::CloseAll { ignore_all: true, .. } if !self.modern() => {
                self.unspecified("close_all of the 2.5 generation is told nothing but the map");
                Ok(())
            }
            Action::CloseAll { map, ignore_all } => {
                self.given(*map);
                self.close_all(self.map_number(*map), *ignore_all)
            }
            Action::AddChannel { chan, map } => {
                self.given(*map);
                let map = map.map_or(self.chan(*chan).base.map, |map| self.map_number(Some(map)));
                self.add_channel(*chan, map, id("MAP-5"))
            }
            Action::DelChannel { chan, map } => {
                let own = self.chan(*chan).base.map;
                let map = map.map_or(own, |map| self.map_number(Some(map)));
                if map != own {
                    self.maps[own].why = id("MAP-6");
                    if let Some(fd) = self.chan(*chan).base.fd {
                        self.maps[own].explain(fd, id("MAP-6"));
                    }
                }
                self.del_channel(*chan, map, id("MAP-6"));
                Ok(())
            }
            Action::MapNames { map } => {
                let map = &self.maps[self.map_number(*map)];
                let names = map.entries.iter().map(|(_, name)| Value::bytes(name.as_str())).collect();
                let why = map.why;
                let names = self.in_order_given(names);
                self.result(Value::List { items: names }, why);
                Ok(())
            }
            Action::SetReadable { chan, value } => {
                self.chan(*chan).base.readable = Some(*value);
                Ok(())
            }
            Action::SetWritable { chan, value } => {
                self.chan(*chan).base.writable = Some(*value);
                Ok(())
            }
            Action::Look { chan, attribute } => self.look(*chan, *attribute),
            Action::CompactTraceback { handling } => self.compact_traceback(*handling),
            _ => {
                self.act_on_print(action);
                Ok(())
            }
        }
    }

    fn act_on_print(&mut self, action: &Action) {
        match action {
            // What the peer does is no event of the subject.
            Action::Peer { .. } | Action::Await { .. } => {}
            Action::Log { message, .. } => self.log(message),
            Action::LogInfo { message, kind, .. } => self.print_info(message, kind),
            Action::Repr { chan } => self.repr(*chan),
            Action::Strerror { number } => self.strerror(*number),
            _ => unreachable!("every other action is handled before"),
        }
    }

    fn pass_of(&mut self, map: Option<Name>, use_poll: bool, timeout: Option<Timeout>, default: Timeout) -> Pass {
        Pass {
            map: self.map_number(map),
            use_poll,
            timeout: timeout.unwrap_or(default),
            why: id("LOOP-1"),
            timeout_why: id(if timeout.is_some() { "LOOP-7" } else { "LOOP-5" }),
            call_why: id("LOOP-6"),
        }
    }

    fn send_action(&mut self, chan: Name, data: &[u8]) -> Outcome<()> {
        if self.wrappers.iter().any(|wrapper| wrapper.name == chan) {
            return self.wrapper_send(chan, data);
        }
        if self.chan(chan).base.sort == Sort::WithSend {
            self.buffered_send(chan, data)?;
            self.result(Value::None, id("IO-21"));
            return Ok(());
        }
        let why = id(if data.is_empty() { "IO-23" } else { "IO-1" });
        self.gave = None;
        let sent = self.send(chan, data, why)?;
        let why = self.gave.take().unwrap_or(why);
        self.result(Value::int(i64::try_from(sent).unwrap_or(i64::MAX)), why);
        Ok(())
    }

    fn call_method(&mut self, chan: Name, method: Method) -> Outcome<()> {
        match method {
            Method::HandleReadEvent => self.handle_read_event(chan, id("EVENT-1")),
            Method::HandleWriteEvent => self.handle_write_event(chan, id("EVENT-2")),
            Method::HandleExptEvent => self.handle_expt_event(chan, id("EVENT-13")),
            Method::HandleConnectEvent => self.handle_connect_event(chan, id("EVENT-8"), "CONNECT-16"),
            Method::HandleExpt => self.handle_expt(chan, id("EVENT-17")),
            Method::HandleAccept => self.handle_accept(chan, id("EVENT-3")),
            Method::HandleConnect => self.handle_connect(chan, id("EVENT-18"), id("ERROR-5")),
            Method::HandleClose => self.handle_close(chan, id("CLOSE-10")),
        }
    }

    fn get_terminator(&mut self, chan: Name) -> Outcome<()> {
        let it = self.chan(chan);
        // What is shown while data are being collected depends on when they are counted.
        let counted = it.collecting && matches!(it.terminator, Some(Value::Int { .. }));
        let why = match it.terminator_why {
            _ if counted => id("INPUT-18"),
            why if why == id("INPUT-12") || why == id("INPUT-13") => id("INPUT-56"),
            why => why,
        };
        match it.terminator.clone() {
            Some(value) => {
                self.result(value, why);
                Ok(())
            }
            None => thrown("AttributeError", id("INPUT-32")),
        }
    }

    fn call_more(&mut self, producer: Name) -> Outcome<()> {
        let why = self.producer(producer).why();
        let value = self.more(producer, why)?;
        self.forbid(Pattern::Hook(producer, Hook::More), why);
        self.result(value, why);
        Ok(())
    }

    fn find_prefix(&mut self, haystack: &Value, needle: &Value) -> Outcome<()> {
        match super::prefix::find(haystack, needle) {
            Some((length, why)) => self.result(Value::int(length), why),
            None => self.unspecified("the spec speaks of strings of one type only"),
        }
        Ok(())
    }

    fn fifo_act(&mut self, action: &Action) -> Outcome<()> {
        let (value, why) = match action {
            Action::FifoPush { fifo, item } => {
                self.fifo(*fifo).push(item.clone());
                return Ok(());
            }
            Action::FifoPop { fifo } => self.fifo(*fifo).pop(),
            Action::FifoFirst { fifo } => self.fifo(*fifo).first()?,
            Action::FifoIsEmpty { fifo } => self.fifo(*fifo).is_empty(),
            Action::FifoLen { fifo } => self.fifo(*fifo).len(),
            Action::FifoGiven { fifo } => self.fifo(*fifo).given(),
            _ => unreachable!("every other action is handled before"),
        };
        self.result(value, why);
        Ok(())
    }

    /// Notes that an action is about a closed channel: what that does is an accident.
    fn note_late(&mut self, action: &Action) {
        let late = match action {
            Action::Send { .. } | Action::Receive { .. } => "IO-11",
            Action::HandleRead { .. }
            | Action::Recv { .. }
            | Action::HandleWrite { .. }
            | Action::InitiateSend { .. }
            | Action::Connect { .. }
            | Action::Bind { .. }
            | Action::Listen { .. }
            | Action::Accept { .. }
            | Action::SetReuseAddr { .. }
            | Action::Call { .. }
            | Action::Dispatch { .. }
            | Action::Readwrite { .. }
            | Action::Look { attribute: Attribute::Blocking | Attribute::Socket | Attribute::Delegated, .. } => {
                "CLOSE-15"
            }
            _ => return,
        };
        let Some(chan) = action.channel() else { return };
        let Some(at) = self.chans.iter().position(|it| it.name == chan && !it.is_chat()) else { return };
        if self.closed(self.chans[at].name) {
            self.accident(id(if late == "IO-11" && !self.modern() { "CLOSE-15" } else { late }));
        }
    }

    /// Says whether an action is about a channel that has not been constructed; such a one is passed over.
    fn is_for_nothing(&self, action: &Action) -> bool {
        if matches!(action, Action::Construct { .. }) {
            return false;
        }
        let chan = action.channel();
        chan.is_some_and(|chan| self.chans.iter().any(|it| it.name == chan && it.base.constructed == 0))
    }
}
