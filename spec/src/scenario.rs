//! Scenarios: what is set up, how handlers react, and the steps.
//!
//! A scenario is a value. The same value is printed, parsed, run, modelled, shrunk and fuzzed.
//! `docs/src/scenarios.md` tells the text form line by line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dispatcher::{CallReply, DispatcherOptions};
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::peer::Transport;
use crate::trace::SocketCall;
use crate::value::{Bytes, Value};

pub use crate::action::{Action, DispatchBy, Method, Tenths};
pub use crate::hook::{Hook, Kind};

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
    /// A channel of another class, whose overridable methods record their calls, on a scripted socket or file.
    Dispatcher {
        /// The channel's name.
        name: Name,
        /// The options that differ from the default.
        #[serde(flatten)]
        options: DispatcherOptions,
    },
    /// A `file_wrapper` of a scripted file.
    Wrapper {
        /// Its name.
        name: Name,
    },
    /// A scripted socket of no channel yet: one to be accepted, created, or given to a constructor.
    Socket {
        /// Its name.
        name: Name,
        /// The number of its descriptor; one that nothing else has when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fd: Option<u16>,
        /// The error of the look for its peer, if it fails.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<Errno>,
    },
    /// Says that every socket of the scenario is a real one.
    Over {
        /// What the sockets are.
        transport: Transport,
    },
    /// A map besides the default one.
    Map {
        /// Its name.
        name: Name,
    },
    /// What a socket or file does with a call besides `recv` and `send`, in order; when used up, it succeeds, but
    /// `accept` finds no connection.
    Replies {
        /// The channel, wrapper or socket.
        on: Name,
        /// The call.
        call: SocketCall,
        /// One reply for each call.
        replies: Vec<CallReply>,
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
    /// The map that the constructor is given; none means the default map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Name>,
    /// The number of the socket's descriptor; one that nothing else has when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fd: Option<u16>,
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
