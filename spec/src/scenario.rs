//! Scenarios: what is set up, how handlers react, and the steps.
//!
//! A scenario is a value. The same value is printed, parsed, run, modelled, shrunk and fuzzed.
//! `docs/src/scenarios.md` tells the text form line by line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::value::{Bytes, Value};

/// Holds a whole scenario.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What exists before the first step, in order of construction.
    pub setup: Vec<Setup>,
    /// What is done, in order.
    pub steps: Vec<Action>,
}

/// Is one line of the set-up.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Setup {
    /// A channel: an `async_chat` whose overridable methods record their calls, on a scripted socket.
    Chat {
        /// The channel's name.
        name: Name,
        /// The options that differ from the default.
        #[serde(flatten)]
        options: ChatOptions,
    },
    /// A producer of one's own, whose `more` gives these results one after the other and then nothing.
    Producer {
        /// The producer's name.
        name: Name,
        /// What `more` gives: bytes, or `none`.
        results: Vec<Value>,
        /// Whether the producer's own truth value is false, as that of a Python object whose `__len__` is 0.
        #[serde(default, skip_serializing_if = "is_false")]
        falsy: bool,
    },
    /// A `simple_producer`.
    SimpleProducer {
        /// The producer's name.
        name: Name,
        /// The data to produce.
        data: Bytes,
        /// The greatest length of a piece in bytes; the class's default when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        buffer_size: Option<u32>,
    },
    /// A `fifo`.
    Fifo {
        /// The fifo's name.
        name: Name,
        /// The list given to the constructor, if one is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        items: Option<Vec<Value>>,
    },
    /// What the channel's socket will do with each `send`, in order; when used up, every send takes all.
    Sends {
        /// The channel.
        chan: Name,
        /// One outcome for each call.
        outcomes: Vec<Outcome>,
    },
    /// How one call of a hook reacts, besides being recorded.
    Reaction {
        /// The channel or producer.
        on: Name,
        /// The hook.
        hook: Hook,
        /// Which call of that hook, counted from 1.
        nth: u32,
        /// What is done inside the call, before it ends.
        actions: Vec<Action>,
        /// How the call ends.
        #[serde(default, skip_serializing_if = "Ending::is_normal")]
        ending: Ending,
    },
}

/// Holds what can be chosen when a channel is made.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChatOptions {
    /// What `set_terminator` is given right after construction; it is not called when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminator: Option<Value>,
    /// `ac_in_buffer_size` in bytes; the subject's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ac_in_buffer_size: Option<u32>,
    /// `ac_out_buffer_size` in bytes; the subject's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ac_out_buffer_size: Option<u32>,
    /// Constructs the channel without a socket and gives it one with `set_socket`, so that it is not connected.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unconnected: bool,
    /// Leaves `collect_incoming_data` and `found_terminator` as the class has them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bare: bool,
    /// Lets `collect_incoming_data` call `_collect_incoming_data`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gather: bool,
    /// Sets the attribute `use_encoding`, so that the class encodes text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub use_encoding: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Is what a scripted socket does with one `send`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Takes everything it is given.
    All,
    /// Takes at most this many bytes.
    Take {
        /// The number of bytes.
        bytes: u32,
    },
    /// Raises an error of the operating system.
    Fail {
        /// Which one.
        errno: Errno,
    },
}

/// Is what the next `recv` of a scripted socket finds.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Bytes; a `recv` takes at most as many as it asked for, the rest stays.
    Data {
        /// The bytes, at least one.
        hex: Bytes,
    },
    /// The end of the stream; it stays for every later `recv`.
    Eof,
    /// An error of the operating system, once.
    Fail {
        /// Which one.
        errno: Errno,
    },
}

/// Is how a call of a hook ends after its actions.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ending {
    /// As if there were no reaction: the class's own method is called where it has one.
    #[default]
    Normal,
    /// Returns without calling the class's own method.
    Return,
    /// Raises.
    Raise {
        /// What is raised.
        exception: Exception,
    },
}

impl Ending {
    fn is_normal(&self) -> bool {
        *self == Self::Normal
    }
}

/// Is what `push_with_producer` is given.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Item {
    /// A producer of the scenario.
    Producer {
        /// Its name.
        name: Name,
    },
    /// A plain value in a producer's place.
    Value {
        /// The value.
        value: Value,
    },
}

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
}

macro_rules! hooks {
    ($($variant:ident $text:literal $kind:ident,)*) => {
        /// Is a method that the class calls on itself, so that overriding it observes the call.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "the names are asyncore's own")]
        pub enum Hook { $($variant),* }

        impl Hook {
            /// Every hook.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Gives the method's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Says which kind of event a call of it is.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind),* }
            }
        }
    };
}

hooks! {
    CollectIncomingData "collect_incoming_data" Callbacks,
    FoundTerminator "found_terminator" Callbacks,
    HandleConnect "handle_connect" Callbacks,
    HandleClose "handle_close" Callbacks,
    HandleError "handle_error" Callbacks,
    More "more" Callbacks,
    LogInfo "log_info" Log,
    Recv "recv" Internals,
    Send "send" Internals,
    Close "close" Internals,
    InitiateSend "initiate_send" Internals,
    RefillBuffer "refill_buffer" Internals,
}

impl Hook {
    /// Says whether calls of it carry the channel's flags: those of callbacks do, but a producer has none.
    #[must_use]
    pub fn carries_flags(self) -> bool {
        self.kind() == Kind::Callbacks && self != Self::More
    }

    /// Finds a hook by its method's name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|hook| hook.name() == name)
    }
}

/// Is a kind of event; a subject says which kinds it can observe.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Calls of the methods that a program is meant to override, `more` among them.
    Callbacks,
    /// Calls of methods that a program can override: `send`, `recv`, `close`, `initiate_send`, `refill_buffer`.
    Internals,
    /// Calls that reach the socket.
    Socket,
    /// Calls of `log_info`, by their type.
    Log,
    /// What a step gave back or raised.
    Results,
    /// `connected`, `accepting` and `connecting` inside callbacks.
    Flags,
    /// The classes of exceptions that the module raises itself.
    Classes,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Callbacks, Self::Internals, Self::Socket, Self::Log, Self::Results, Self::Flags, Self::Classes];
}
