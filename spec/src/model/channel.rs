//! The state of a channel.

use super::Settings;
use super::machine::id;
use super::queue::Queue;
use crate::clause_id::ClauseId;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::ChatOptions;
use crate::trace::Flags;
use crate::value::Value;

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are asyncore's own flags")]
pub(super) struct Channel {
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
    /// The clause on an odd terminator that data have met, from when on all that is read may be understood otherwise.
    pub(super) odd_input: Option<ClauseId>,
    /// `ac_in_buffer`.
    pub(super) buffer: Vec<u8>,
    /// The clause that says why data are still in the buffer, if any are.
    pub(super) buffer_why: Option<ClauseId>,
    /// `incoming`.
    pub(super) incoming: Vec<u8>,
    /// `producer_fifo`.
    pub(super) fifo: Queue,
    /// The output buffer, which of asynchat only the 2.5 generation has.
    /// It is `out_buffer` of a `dispatcher_with_send`, too.
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
    /// What every channel has, of whatever class.
    pub(super) base: Base,
}

/// Is the class of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Chat,
    Dispatcher,
    WithSend,
    File,
}

/// Holds what the dispatcher beneath a channel has.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) sort: Sort,
    /// Which construction made it, counted from 1; 0 before.
    pub(super) constructed: u32,
    /// The socket, by name.
    pub(super) socket: Option<Name>,
    pub(super) accepting: bool,
    /// The clause that says why the channel accepts or does not.
    pub(super) accepting_why: ClauseId,
    pub(super) addr: Option<&'static str>,
    /// The clause that says why the address is what it is.
    pub(super) addr_why: ClauseId,
    /// `_fileno`.
    pub(super) fd: Option<u32>,
    /// What `_fileno` was before it was forgotten.
    pub(super) last_fd: Option<u32>,
    /// `_map`, by number.
    pub(super) map: usize,
    /// The clause that says why the channel has its socket.
    pub(super) socket_why: ClauseId,
    /// How many bytes `handle_read` calls `recv` with, where it does.
    pub(super) reads: Option<u32>,
    pub(super) readable: Option<bool>,
    pub(super) writable: Option<bool>,
    /// Whether the pending error of a failed connection has been read.
    pub(super) error_read: bool,
    /// Whether `send` or `recv` has told of the end of the connection.
    pub(super) told: bool,
}

impl Base {
    pub(super) fn new(sort: Sort, map: usize) -> Self {
        Self {
            sort,
            constructed: 0,
            socket: None,
            accepting: false,
            accepting_why: id("CONNECT-29"),
            addr: None,
            addr_why: id("CONNECT-24"),
            fd: None,
            last_fd: None,
            map,
            socket_why: id("CONNECT-24"),
            reads: None,
            readable: None,
            writable: None,
            error_read: false,
            told: false,
        }
    }
}

impl Channel {
    pub(super) fn new(name: Name, options: &ChatOptions, base: Base, settings: &Settings) -> Self {
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
            terminator_why: set_by(options.terminator.as_ref(), settings.profile, options.use_encoding),
            odd_input: None,
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
            base,
        }
    }
}

/// Encodes text, if the channel does.
pub(super) fn encoded(value: &Value, use_encoding: bool) -> Value {
    match value {
        Value::Text { value: text } if use_encoding => latin1(text).map_or_else(|| value.clone(), Value::bytes),
        other => other.clone(),
    }
}

/// Gives text in the default encoding, if it can be written in it.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(character).ok()).collect()
}

/// Names the clause that says what the terminator is after it was set.
pub(super) fn set_by(terminator: Option<&Value>, profile: Profile, use_encoding: bool) -> ClauseId {
    let odd = terminator.and_then(|terminator| super::input::oddity(terminator, profile, use_encoding));
    odd.unwrap_or(id("INPUT-38"))
}

impl Channel {
    pub(super) fn flags(&self) -> Flags {
        Flags { connected: self.connected, accepting: self.base.accepting, connecting: self.connecting }
    }

    /// Says whether the channel is closed or was never told to connect.
    pub(super) fn is_apart(&self) -> bool {
        !self.connected && !self.connecting
    }

    pub(super) fn is_chat(&self) -> bool {
        self.base.sort == Sort::Chat
    }
}
