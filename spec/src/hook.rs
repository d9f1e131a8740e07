//! Hooks, which a class calls on itself, and the kinds of events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    HandleRead "handle_read" Callbacks,
    HandleWrite "handle_write" Callbacks,
    HandleExpt "handle_expt" Callbacks,
    HandleAccept "handle_accept" Callbacks,
    HandleAccepted "handle_accepted" Callbacks,
    More "more" Callbacks,
    Readable "readable" Predicates,
    Writable "writable" Predicates,
    LogInfo "log_info" Log,
    Recv "recv" Internals,
    Send "send" Internals,
    Close "close" Internals,
    InitiateSend "initiate_send" Internals,
    RefillBuffer "refill_buffer" Internals,
    Accept "accept" Internals,
    HandleReadEvent "handle_read_event" Internals,
    HandleWriteEvent "handle_write_event" Internals,
    HandleExptEvent "handle_expt_event" Internals,
    HandleConnectEvent "handle_connect_event" Internals,
}

impl Hook {
    /// Says whether calls of it carry the channel's flags: those of callbacks do, but a producer has none.
    #[must_use]
    pub fn carries_flags(self) -> bool {
        self.kind() == Kind::Callbacks && self != Self::More
    }

    /// Says whether an `async_chat` of a scenario records calls of it.
    #[must_use]
    pub fn is_of_chat(self) -> bool {
        let handlers =
            [Self::HandleRead, Self::HandleWrite, Self::HandleExpt, Self::HandleAccept, Self::HandleAccepted];
        let events = [Self::HandleReadEvent, Self::HandleWriteEvent, Self::HandleExptEvent, Self::HandleConnectEvent];
        let others = [Self::Accept, Self::Readable, Self::Writable, Self::More];
        !handlers.contains(&self) && !events.contains(&self) && !others.contains(&self)
    }

    /// Says whether a channel of another class records calls of it.
    #[must_use]
    pub fn is_of_dispatcher(self) -> bool {
        !matches!(self, Self::CollectIncomingData | Self::FoundTerminator | Self::RefillBuffer | Self::More)
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
    /// Calls of methods that a program can override: `send`, `recv`, `accept`, `close`, `initiate_send`, `refill_buffer`,
    /// and the `handle_*_event` methods.
    Internals,
    /// Calls of `readable` and `writable`.
    Predicates,
    /// What the loop waited for, and what it was told.
    Waits,
    /// Calls that reach the socket.
    Socket,
    /// Calls of `log_info`, by their type and, for a warning, their text; and what is printed.
    Log,
    /// What a step gave back or raised.
    Results,
    /// `connected`, `accepting` and `connecting` inside callbacks.
    Flags,
    /// The classes of exceptions that the module raises itself.
    Classes,
    /// What errors of the operating system say that the module makes itself.
    Texts,
    /// What the peer saw; the runner observes it itself.
    Peer,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Callbacks,
        Self::Internals,
        Self::Predicates,
        Self::Waits,
        Self::Socket,
        Self::Log,
        Self::Results,
        Self::Flags,
        Self::Classes,
        Self::Texts,
        Self::Peer,
    ];
}
