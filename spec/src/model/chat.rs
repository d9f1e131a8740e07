//! The channel's own state, and what asynchat needs of the dispatcher.

use super::machine::{Call, Machine, Outcome, Thrown, id};
use super::queue::Queue;
use super::socket::Socket;
use super::{Pattern, Settings};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{ChatOptions, Hook};
use crate::trace::SocketCall;
use crate::value::Value;

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are asyncore's own flags")]
pub(super) struct Chat {
    pub(super) name: Name,
    pub(super) ac_in: usize,
    pub(super) ac_out: usize,
    /// What `ac_in_buffer_size` and `ac_out_buffer_size` are in the release itself, or were set to.
    pub(super) sizes: [u32; 2],
    pub(super) bare: bool,
    pub(super) gather: bool,
    pub(super) use_encoding: bool,
    pub(super) connected: bool,
    pub(super) connecting: bool,
    /// The clause that says why the flags are what they are.
    pub(super) flags_why: ClauseId,
    /// None until `set_terminator` is called.
    pub(super) terminator: Option<Value>,
    /// The clause that says why the terminator is what it is.
    pub(super) terminator_why: ClauseId,
    /// `ac_in_buffer`.
    pub(super) buffer: Vec<u8>,
    /// The clause that says why data are still in the buffer, if any are.
    pub(super) buffer_why: Option<ClauseId>,
    /// `incoming`.
    pub(super) incoming: Vec<u8>,
    /// `producer_fifo`.
    pub(super) fifo: Queue,
    /// The output buffer, which only the 2.5 generation has.
    pub(super) out: Vec<u8>,
    /// The clause that says why the output buffer is as it is.
    pub(super) out_why: ClauseId,
    /// Whether a send is under way.
    pub(super) sending: bool,
    /// Whether `initiate_send` is under way.
    pub(super) initiating: bool,
    /// Whether the connection was found to be lost by a send.
    pub(super) lost: bool,
    /// Whether `handle_read` is under way.
    pub(super) reading: bool,
    /// Whether what was read is being worked on.
    pub(super) consuming: bool,
    /// Whether `collect_incoming_data` is under way.
    pub(super) collecting: bool,
    /// How often `set_terminator` was called.
    pub(super) sets: u32,
    /// Whether the input buffer is empty because it was discarded.
    pub(super) input_discarded: bool,
    /// Whether the queue is empty because it was discarded.
    pub(super) discarded: bool,
    pub(super) socket: Socket,
}

impl Chat {
    pub(super) fn new(name: Name, options: &ChatOptions, settings: &Settings) -> Self {
        let size = |chosen: Option<u32>, default| chosen.map_or(default, |size| size as usize);
        let release = if settings.profile == Profile::Py311 { 65536 } else { 4096 };
        let sizes = [options.ac_in_buffer_size, options.ac_out_buffer_size].map(|size| size.unwrap_or(release));
        Self {
            name,
            sizes,
            ac_in: size(options.ac_in_buffer_size, settings.ac_in_buffer_size),
            ac_out: size(options.ac_out_buffer_size, settings.ac_out_buffer_size),
            bare: options.bare,
            gather: options.gather,
            use_encoding: options.use_encoding,
            connected: !options.unconnected,
            connecting: false,
            flags_why: id(if options.unconnected { "CONNECT-4" } else { "CONNECT-3" }),
            terminator: options.terminator.as_ref().map(|terminator| encoded(terminator, options.use_encoding)),
            terminator_why: set_by(options.terminator.as_ref(), options.use_encoding),
            buffer: Vec::new(),
            buffer_why: None,
            incoming: Vec::new(),
            fifo: Queue::default(),
            out: Vec::new(),
            out_why: id("OUTPUT-2"),
            sending: false,
            initiating: false,
            lost: false,
            reading: false,
            consuming: false,
            collecting: false,
            sets: 0,
            input_discarded: false,
            discarded: false,
            socket: Socket::default(),
        }
    }
}

/// Encodes text, if the channel does.
fn encoded(value: &Value, use_encoding: bool) -> Value {
    match value {
        Value::Text { value } if use_encoding && value.is_ascii() => Value::bytes(value),
        other => other.clone(),
    }
}

/// Names the clause that says what the terminator is after it was set.
fn set_by(terminator: Option<&Value>, use_encoding: bool) -> ClauseId {
    let encodes = use_encoding && matches!(terminator, Some(Value::Text { .. }));
    id(if encodes { "INPUT-53" } else { "INPUT-38" })
}

impl Machine<'_> {
    /// Says whether the errors of the 2.6 and later releases hold.
    pub(super) fn modern(&self) -> bool {
        self.profile != Profile::Py25
    }

    /// Says whether `recv` and `send` take this error for a lost connection.
    pub(super) fn lost(&self, errno: Errno, sending: bool) -> bool {
        match errno {
            Errno::ECONNRESET | Errno::ENOTCONN | Errno::ESHUTDOWN => self.modern() || !sending,
            Errno::ECONNABORTED | Errno::EPIPE | Errno::EBADF => self.modern(),
            _ => false,
        }
    }

    pub(super) fn set_terminator(&mut self, chan: Name, terminator: &Value) -> Outcome<()> {
        if self.profile == Profile::Py311 && matches!(terminator, Value::Int { value } if *value < 0) {
            return super::machine::thrown("ValueError", id("INPUT-41"));
        }
        if let Some(why) = super::input::oddity(terminator) {
            self.forbid(Pattern::Raised, why);
            self.accident(why);
        }
        if matches!(terminator, Value::Text { .. }) && self.chat(chan).use_encoding {
            self.accident(id("INPUT-53"));
        }
        let chat = self.chat(chan);
        chat.sets += 1;
        chat.terminator = Some(encoded(terminator, chat.use_encoding));
        chat.terminator_why = set_by(Some(terminator), chat.use_encoding);
        Ok(())
    }

    pub(super) fn discard_buffers(&mut self, chan: Name) {
        let chat = self.chat(chan);
        chat.input_discarded = !chat.buffer.is_empty();
        chat.buffer.clear();
        chat.buffer_why = None;
        chat.discarded = !chat.fifo.is_empty() || !chat.out.is_empty();
        chat.fifo.clear();
        chat.out.clear();
        // The 2.5 generation has no `incoming` to empty.
        chat.incoming.clear();
    }

    /// Calls `handle_close`, whose own body is to close.
    pub(super) fn handle_close(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        if !self.chat(chan).buffer.is_empty() && !self.chat(chan).consuming {
            self.forbid_hooks(chan, &[Hook::CollectIncomingData], id("INPUT-21"));
        }
        let call = Call::of(chan, Hook::HandleClose, demand, id("ERROR-3"));
        self.hook(
            call,
            |machine| {
                machine.forbid_hooks(chan, &[Hook::LogInfo], id("CLOSE-1"));
                if !machine.chat(chan).buffer.is_empty() && !machine.chat(chan).consuming {
                    machine.forbid_hooks(chan, &[Hook::CollectIncomingData], id("INPUT-21"));
                }
                machine.close(chan, id("CLOSE-1"))
            },
            (),
        )
    }

    pub(super) fn close(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::Close, demand, id("ERROR-3"));
        self.hook(
            call,
            |machine| {
                let modern = machine.modern();
                let chat = machine.chat(chan);
                if modern {
                    chat.connected = false;
                    chat.connecting = false;
                    chat.flags_why = id("CLOSE-5");
                } else {
                    chat.flags_why = id("CLOSE-4");
                }
                machine.socket_close(chan);
                machine.forbid(Pattern::Socket(chan, SocketCall::Close), id("CLOSE-2"));
                machine.forbid_hooks(chan, &[Hook::HandleClose], id("CLOSE-2"));
                Ok(())
            },
            (),
        )
    }

    /// Calls `handle_error` for an exception.
    pub(super) fn handle_error(&mut self, chan: Name, exception: &Exception, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::HandleError, demand, id("ERROR-3")).for_exception(exception);
        self.hook(
            call,
            |machine| {
                let why = id(if machine.modern() { "ERROR-1" } else { "ERROR-2" });
                machine.log_info(chan, "error", why)?;
                if machine.modern() {
                    machine.handle_close(chan, why)
                } else {
                    machine.forbid_hooks(chan, &[Hook::HandleClose], why);
                    machine.close(chan, why)
                }
            },
            (),
        )
    }

    fn log_info(&mut self, chan: Name, kind: &str, demand: ClauseId) -> Outcome<()> {
        let call = Call::of(chan, Hook::LogInfo, demand, id("ERROR-3")).with(Value::bytes(kind));
        self.hook(call, |_| Ok(()), ())
    }

    /// Connects at once.
    pub(super) fn connect(&mut self, chan: Name) -> Outcome<()> {
        if self.chat(chan).socket.closed {
            self.unspecified("connecting a closed socket fails as the operating system chooses");
            return Ok(());
        }
        let modern = self.modern();
        let chat = self.chat(chan);
        chat.connected = !modern;
        chat.connecting = modern;
        chat.flags_why = id(if modern { "CONNECT-1" } else { "CONNECT-2" });
        let demand = chat.flags_why;
        let call = Call::of(chan, Hook::HandleConnect, demand, id(if modern { "CONNECT-5" } else { "CONNECT-2" }));
        let result = self.hook(call, |machine| machine.log_info(chan, "warning", demand), ());
        if result.is_err() && modern {
            self.chat(chan).flags_why = id("CONNECT-5");
        }
        result?;
        if modern {
            let chat = self.chat(chan);
            chat.connected = true;
            chat.connecting = false;
            chat.flags_why = id("CONNECT-1");
        }
        Ok(())
    }

    pub(super) fn readable(&mut self, chan: Name) -> (bool, ClauseId) {
        if self.modern() {
            return (true, id("INPUT-34"));
        }
        let chat = self.chat(chan);
        (chat.buffer.len() <= chat.ac_in, id("INPUT-35"))
    }

    pub(super) fn writable(&mut self, chan: Name) -> (bool, ClauseId) {
        let modern = self.modern();
        let chat = self.chat(chan);
        let waiting = !chat.fifo.is_empty() || !chat.out.is_empty() || !chat.connected;
        let plain = id(if modern { "OUTPUT-20" } else { "OUTPUT-38" });
        // What is still queued for a reason of its own is blamed on that reason.
        let kept = match chat.fifo.front() {
            _ if chat.discarded => Some(id("OUTPUT-22")),
            _ if chat.flags_why == id("CONNECT-5") => Some(chat.flags_why),
            _ if !chat.connected => None,
            Some(head) => Some(head.why),
            None if !chat.out.is_empty() => Some(chat.out_why),
            None => None,
        };
        let own = kept.filter(|why| {
            ["OUTPUT-8", "OUTPUT-9", "OUTPUT-10", "OUTPUT-12", "OUTPUT-13", "OUTPUT-22", "PRODUCER-10", "CONNECT-5"]
                .contains(&why.as_str())
        });
        (waiting, own.unwrap_or(plain))
    }

    /// Calls `recv`, which takes a lost connection for the end of the stream.
    pub(super) fn recv(&mut self, chan: Name, size: usize) -> Outcome<Vec<u8>> {
        let asked = Value::int(i64::try_from(size).unwrap_or(i64::MAX));
        let call = Call::of(chan, Hook::Recv, id("INPUT-33"), id("INPUT-49")).with(asked);
        self.hook(call, |machine| machine.dispatcher_recv(chan, size), Vec::new())
    }

    fn dispatcher_recv(&mut self, chan: Name, size: usize) -> Outcome<Vec<u8>> {
        let received = match self.socket_recv(chan, size, id("INPUT-33")) {
            // The end of the stream: handle_close is called where errors are still caught.
            Ok(data) if data.is_empty() => self.handle_close(chan, id("INPUT-20")).map(|()| data),
            other => other,
        };
        match received {
            Err(Thrown { exception: Exception::Os { errno }, .. }) if self.lost(errno, false) => {
                let demand = id(if self.modern() { "INPUT-25" } else { "INPUT-26" });
                self.handle_close(chan, demand).map(|()| Vec::new())
            }
            other => other,
        }
    }

    /// Calls `send`, which takes a lost connection for a close.
    pub(super) fn send(&mut self, chan: Name, data: &[u8], demand: ClauseId) -> Outcome<usize> {
        let call = Call::of(chan, Hook::Send, demand, id("OUTPUT-13")).with(Value::bytes(data));
        self.hook(call, |machine| machine.dispatcher_send(chan, data, demand), 0)
    }

    fn dispatcher_send(&mut self, chan: Name, data: &[u8], demand: ClauseId) -> Outcome<usize> {
        // That a push sends at once is one matter, that its data reach the socket is another.
        let reaches = if demand == id("OUTPUT-2") { id("OUTPUT-1") } else { demand };
        match self.socket_send(chan, data, reaches) {
            Err(Thrown { exception: Exception::Os { errno: Errno::EAGAIN }, .. }) => {
                self.forbid_hooks(chan, &[Hook::HandleError, Hook::HandleClose], id("OUTPUT-9"));
                Ok(0)
            }
            Err(Thrown { exception: Exception::Os { errno }, .. }) if self.lost(errno, true) => {
                self.chat(chan).lost = true;
                self.forbid_hooks(chan, &[Hook::HandleError], id("OUTPUT-11"));
                self.handle_close(chan, id("OUTPUT-11")).map(|()| 0)
            }
            other => other,
        }
    }
}
