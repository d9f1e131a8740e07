//! What can be chosen of a dispatcher, its socket and its file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exception::Errno;
use crate::name::Name;

/// Is the class of a channel that is no `async_chat`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// `dispatcher`.
    #[default]
    Dispatcher,
    /// `dispatcher_with_send`.
    WithSend,
    /// `file_dispatcher`, made on a scripted file.
    File,
}

/// Is what the constructor is given for a socket.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Given {
    /// A socket with a peer.
    #[default]
    Connected,
    /// No socket.
    Nothing,
    /// A socket whose look for a peer fails.
    Peerless {
        /// With which error.
        errno: Errno,
    },
}

impl Given {
    pub(crate) fn is_connected(&self) -> bool {
        *self == Self::Connected
    }
}

/// Holds what can be chosen when a dispatcher is made.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct DispatcherOptions {
    /// The class.
    #[serde(default, skip_serializing_if = "is_default")]
    pub class: Class,
    /// What the constructor is given.
    #[serde(default, skip_serializing_if = "Given::is_connected")]
    pub given: Given,
    /// The scenario's socket that the constructor is given, in place of one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Name>,
    /// The map that the constructor is given; none means the default map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Name>,
    /// The number of its own socket's descriptor; one that nothing else has when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fd: Option<u16>,
    /// Leaves the construction to a `construct` step.
    #[serde(default, skip_serializing_if = "is_default")]
    pub later: bool,
    /// Lets `handle_read` call `recv` with this number of bytes, in place of what the class does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<u32>,
    /// What `readable` gives; what the class gives when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readable: Option<bool>,
    /// What `writable` gives; what the class gives when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writable: Option<bool>,
    /// Gives the constructor of a `file_dispatcher` an object with a `fileno` in place of the number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub object: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Is what a scripted socket or file does with one call besides `recv` and `send`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum CallReply {
    /// It succeeds; for `accept` and `create` with a socket of which nothing more is heard.
    Ok,
    /// It fails; `connect` and `getsockopt` give the number, every other call raises.
    Fail {
        /// With which error.
        errno: Errno,
    },
    /// It gives this socket of the scenario; only for `accept` and `create`.
    Gives {
        /// Its name.
        socket: Name,
    },
    /// It gives nothing at all, as no real socket does; only for `accept`.
    Nothing,
}

/// Is the family of a socket.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// `AF_INET`.
    Inet,
    /// `AF_INET6`.
    Inet6,
    /// `AF_UNIX`.
    Unix,
}

impl Family {
    /// Every family.
    pub const ALL: &'static [Self] = &[Self::Inet, Self::Inet6, Self::Unix];

    /// Gives the family's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inet => "inet",
            Self::Inet6 => "inet6",
            Self::Unix => "unix",
        }
    }
}

/// Is the type of a socket.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SocketType {
    /// `SOCK_STREAM`.
    Stream,
    /// `SOCK_DGRAM`.
    Dgram,
}

impl SocketType {
    /// Every type.
    pub const ALL: &'static [Self] = &[Self::Stream, Self::Dgram];

    /// Gives the type's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Dgram => "dgram",
        }
    }
}

macro_rules! attributes {
    ($($(#[doc = $doc:literal])* $variant:ident $text:literal,)*) => {
        /// Is something of a channel that can be looked at.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Attribute { $($(#[doc = $doc])* $variant),* }

        impl Attribute {
            /// Every attribute.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Gives the attribute's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Finds an attribute by name.
            #[must_use]
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|attribute| attribute.name() == name)
            }
        }
    };
}

attributes! {
    /// `connected`; a truth.
    Connected "connected",
    /// `accepting`; a truth.
    Accepting "accepting",
    /// `connecting`; a truth.
    Connecting "connecting",
    /// `closing`, which the module never sets; a truth.
    Closing "closing",
    /// `addr`: `none`, `"peer"` for the address connected to, `"local"` for the address bound to.
    Addr "addr",
    /// Whether the channel's socket blocks; a truth.
    Blocking "blocking",
    /// Whether the channel has a socket; a truth.
    Socket "socket",
    /// Whether the channel is in its own map under the number of its socket's descriptor.
    Registered "registered",
    /// `out_buffer` of a `dispatcher_with_send`; bytes.
    OutBuffer "out_buffer",
    /// The pending error that `getsockopt` of a `file_wrapper` gives; a number.
    Error "error",
    /// Another option that `getsockopt` of a `file_wrapper` is asked for.
    Option "option",
    /// A method that only the socket has; whether the channel has it.
    Delegated "delegated",
}
