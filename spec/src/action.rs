//! Actions: what a scenario does, as a step or inside a reaction.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dispatcher::{Attribute, Family, SocketType};
use crate::hook::Hook;
use crate::name::Name;
use crate::peer::PeerAct;
use crate::scenario::{Input, Item};
use crate::value::{Bytes, Value};
use crate::wait::{Conditions, Report, Timeout};

/// Is something that a scenario does, as a step or inside a reaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "every variant says what its fields are")]
pub enum Action {
    /// Gives the channel's socket something to receive, then calls `handle_read` once.
    Recv { chan: Name, input: Input },
    /// Calls `handle_read` once, with whatever the socket still has.
    HandleRead { chan: Name },
    /// Calls `handle_write` once.
    HandleWrite { chan: Name },
    /// Calls `push`.
    Push { chan: Name, data: Value },
    /// Calls `push_with_producer`.
    PushWithProducer { chan: Name, producer: Item },
    /// Calls `close_when_done`.
    CloseWhenDone { chan: Name },
    /// Calls `initiate_send`.
    InitiateSend { chan: Name },
    /// Calls `refill_buffer`, which only the 2.5 generation has.
    RefillBuffer { chan: Name },
    /// Calls `set_terminator`.
    SetTerminator { chan: Name, terminator: Value },
    /// Calls `get_terminator`; its result is recorded.
    GetTerminator { chan: Name },
    /// Calls `readable`; its truth is recorded.
    Readable { chan: Name },
    /// Calls `writable`; its truth is recorded.
    Writable { chan: Name },
    /// Calls `discard_buffers`.
    DiscardBuffers { chan: Name },
    /// Calls `close`.
    Close { chan: Name },
    /// Calls `connect`; the scripted socket connects at once.
    Connect { chan: Name },
    /// Calls `_get_data`; its result is recorded.
    GetData { chan: Name },
    /// Looks at `ac_in_buffer_size` and `ac_out_buffer_size`; both are recorded, in a list.
    BufferSizes { chan: Name },
    /// Calls a producer's `more`; its result is recorded.
    More { producer: Name },
    /// Calls `push` of a fifo.
    FifoPush { fifo: Name, item: Value },
    /// Calls `pop` of a fifo; the pair is recorded.
    FifoPop { fifo: Name },
    /// Calls `first` of a fifo; its result is recorded.
    FifoFirst { fifo: Name },
    /// Calls `is_empty` of a fifo; its truth is recorded.
    FifoIsEmpty { fifo: Name },
    /// Takes the length of a fifo; it is recorded.
    FifoLen { fifo: Name },
    /// Looks at the list that the fifo's constructor was given; it is recorded.
    FifoGiven { fifo: Name },
    /// Calls `find_prefix_at_end`; its result is recorded.
    FindPrefixAtEnd { haystack: Value, needle: Value },
    /// Gives the channel's socket or file something to receive, and calls nothing.
    Arrive { chan: Name, input: Input },
    /// Constructs a channel that was set up as one for later.
    Construct { chan: Name },
    /// Calls `create_socket`, with a family and a type if they are given.
    CreateSocket {
        chan: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        family: Option<Family>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<SocketType>,
    },
    /// Calls `set_socket` with a socket of the scenario.
    SetSocket { chan: Name, socket: Name },
    /// Calls `set_reuse_addr`.
    SetReuseAddr { chan: Name },
    /// Calls `bind`.
    Bind { chan: Name },
    /// Calls `listen` with a backlog.
    Listen { chan: Name, backlog: u32 },
    /// Calls `accept`; the name of the socket or `none` is recorded.
    Accept { chan: Name },
    /// Calls `send`; the number that it gives is recorded.
    Send { chan: Name, data: Bytes },
    /// Calls `recv` with a number of bytes; what it gives is recorded.
    Receive { chan: Name, size: u32 },
    /// Calls one of the methods that take no argument and that the loop, or an event, calls.
    Call { chan: Name, method: Method },
    /// Calls `handle_accepted` with a socket of the scenario.
    HandleAccepted { chan: Name, socket: Name },
    /// Calls one of the module's functions that dispatch an event to a channel.
    Dispatch { chan: Name, by: DispatchBy },
    /// Calls `readwrite` with some conditions.
    Readwrite { chan: Name, conditions: Conditions },
    /// Calls `poll` or `poll2` once, with a map and a timeout if they are given; its one wait tells this.
    Poll {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
        use_poll: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Timeout>,
        report: Report,
    },
    /// Calls `loop`, with what is given; its waits tell these one after the other.
    ///
    /// What `sleep` stands in for uses up one, too. A wait beyond the last one raises the exception that leaves the loop.
    Loop {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
        use_poll: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Timeout>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<Tenths>,
        reports: Vec<Report>,
    },
    /// Calls `close_all`.
    CloseAll {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
        ignore_all: bool,
    },
    /// Calls `add_channel`.
    AddChannel {
        chan: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
    },
    /// Calls `del_channel`.
    DelChannel {
        chan: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
    },
    /// Looks at a map; the names of its channels are recorded, in the map's order.
    MapNames {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
    },
    /// Looks at an attribute of a channel or wrapper; it is recorded.
    Look { chan: Name, attribute: Attribute },
    /// Lets `readable` give this from now on.
    SetReadable { chan: Name, value: bool },
    /// Lets `writable` give this from now on.
    SetWritable { chan: Name, value: bool },
    /// Calls the class's own `log`; what it prints is recorded.
    Log { chan: Name, message: String },
    /// Calls the class's own `log_info`; what it prints is recorded.
    LogInfo { chan: Name, message: String, kind: String },
    /// Takes `repr` of a channel; it is recorded, with CLASS for the class and ID for the identity.
    Repr { chan: Name },
    /// Calls `compact_traceback` while an exception is handled; the innermost function, the class, the text and the
    /// number of places that it gives are recorded. While none is handled, whether it fails is recorded.
    CompactTraceback { handling: bool },
    /// Lets the peer of a channel or of an accepted socket do something; only with real sockets.
    Peer { on: Name, does: PeerAct },
    /// Runs passes until a hook has been called, or it is certain that it will not be; only with real sockets.
    Await {
        on: Name,
        hook: Hook,
        use_poll: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        map: Option<Name>,
    },
    /// Calls `_strerror`; whether it gives the system's own text is recorded, or else what it gives.
    Strerror { number: i64 },
}

impl Action {
    /// Names the channel or wrapper that the action is about, if it is about one.
    #[must_use]
    pub fn channel(&self) -> Option<Name> {
        match self {
            Self::Recv { chan, .. }
            | Self::HandleRead { chan }
            | Self::HandleWrite { chan }
            | Self::Push { chan, .. }
            | Self::PushWithProducer { chan, .. }
            | Self::CloseWhenDone { chan }
            | Self::InitiateSend { chan }
            | Self::RefillBuffer { chan }
            | Self::SetTerminator { chan, .. }
            | Self::GetTerminator { chan }
            | Self::Readable { chan }
            | Self::Writable { chan }
            | Self::DiscardBuffers { chan }
            | Self::Close { chan }
            | Self::Connect { chan }
            | Self::GetData { chan }
            | Self::BufferSizes { chan }
            | Self::Arrive { chan, .. }
            | Self::Construct { chan }
            | Self::CreateSocket { chan, .. }
            | Self::SetSocket { chan, .. }
            | Self::SetReuseAddr { chan }
            | Self::Bind { chan }
            | Self::Listen { chan, .. }
            | Self::Accept { chan }
            | Self::Send { chan, .. }
            | Self::Receive { chan, .. }
            | Self::Call { chan, .. }
            | Self::HandleAccepted { chan, .. }
            | Self::Dispatch { chan, .. }
            | Self::Readwrite { chan, .. }
            | Self::AddChannel { chan, .. }
            | Self::DelChannel { chan, .. }
            | Self::Look { chan, .. }
            | Self::SetReadable { chan, .. }
            | Self::SetWritable { chan, .. }
            | Self::Log { chan, .. }
            | Self::LogInfo { chan, .. }
            | Self::Repr { chan } => Some(*chan),
            Self::More { .. }
            | Self::FifoPush { .. }
            | Self::FifoPop { .. }
            | Self::FifoFirst { .. }
            | Self::FifoIsEmpty { .. }
            | Self::FifoLen { .. }
            | Self::FifoGiven { .. }
            | Self::FindPrefixAtEnd { .. }
            | Self::Poll { .. }
            | Self::Loop { .. }
            | Self::CloseAll { .. }
            | Self::MapNames { .. }
            | Self::CompactTraceback { .. }
            | Self::Peer { .. }
            | Self::Await { .. }
            | Self::Strerror { .. } => None,
        }
    }
}

/// Is a number of passes, in tenths.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Tenths(pub i32);

impl Tenths {
    /// Is a whole number.
    #[must_use]
    pub const fn whole(number: i32) -> Self {
        Self(number * 10)
    }

    /// Says whether it has no fraction.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0 % 10 == 0
    }
}

macro_rules! methods {
    ($($variant:ident $text:literal,)*) => {
        /// Is a method without arguments that a step calls directly.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "the names are asyncore's own")]
        pub enum Method { $($variant),* }

        impl Method {
            /// Every such method.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Gives the method's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Finds a method by name.
            #[must_use]
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|method| method.name() == name)
            }
        }
    };
}

methods! {
    HandleReadEvent "handle_read_event",
    HandleWriteEvent "handle_write_event",
    HandleExptEvent "handle_expt_event",
    HandleConnectEvent "handle_connect_event",
    HandleExpt "handle_expt",
    HandleAccept "handle_accept",
    HandleConnect "handle_connect",
    HandleClose "handle_close",
}

/// Is a function of the module that dispatches one event and catches what the handler raises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are asyncore's own")]
pub enum DispatchBy {
    Read,
    Write,
    Exception,
}

impl DispatchBy {
    /// Every such function.
    pub const ALL: &'static [Self] = &[Self::Read, Self::Write, Self::Exception];

    /// Gives the function's name, without the underscore that one of them has.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Exception => "exception",
        }
    }
}
