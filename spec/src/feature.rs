//! Features: what a subject can be asked to do.
//!
//! A subject declares its features once, up front. A scenario needs some; one that needs an undeclared feature is never sent.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dispatcher::{Attribute, CallReply, Class, DispatcherOptions, Given};
use crate::peer::{PeerAct, Transport};
use crate::scenario::{Action, ChatOptions, Ending, Hook, Input, Item, Kind, Method, Outcome, Scenario, Setup};
use crate::value::Value;
use crate::wait::{Report, Timeout};

macro_rules! features {
    ($($(#[doc = $doc:literal])* $variant:ident $text:literal,)*) => {
        /// Is something that a subject can be asked to do.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Feature { $($(#[doc = $doc])* #[serde(rename = $text)] $variant),* }

        impl Feature {
            /// Every feature.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Gives the feature's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

features! {
    /// Has `find_prefix_at_end`.
    Prefix "prefix",
    /// Has the class `fifo`.
    Fifo "fifo",
    /// Has the class `simple_producer`.
    SimpleProducer "simple_producer",
    /// Can make a channel on a scripted socket and call its methods.
    Chat "chat",
    /// Takes producers of one's own.
    Producer "producer",
    /// Can set `ac_in_buffer_size` and `ac_out_buffer_size` for one channel.
    Sizes "sizes",
    /// Can make a channel that is not connected, and connect it.
    Unconnected "unconnected",
    /// Has `refill_buffer`.
    RefillBuffer "refill_buffer",
    /// Has `_collect_incoming_data` and `_get_data`.
    Gather "gather",
    /// Can leave `collect_incoming_data` and `found_terminator` as the class has them.
    Bare "bare",
    /// Takes a number of bytes as a terminator.
    CountTerminator "terminator.count",
    /// Takes `none` as a terminator.
    NoTerminator "terminator.none",
    /// Can work without a terminator ever having been set.
    UnsetTerminator "terminator.unset",
    /// Carries every byte, NUL and those above 127 included.
    Binary "binary",
    /// Its scripted sockets can raise errors of the operating system.
    Errors "errors",
    /// Its scripted sockets can take less than they are given.
    PartialSends "partial_sends",
    /// Its callbacks can call methods.
    Reactions "reactions",
    /// Its callbacks can raise.
    Raise "raise",
    /// Its overridden `send`, `recv`, `close`, `initiate_send` and `refill_buffer` can react.
    InternalReactions "internal_reactions",
    /// Has the attribute `use_encoding`.
    UseEncoding "use_encoding",
    /// Can make a `dispatcher` on a scripted socket and call its methods.
    Dispatcher "dispatcher",
    /// Has `dispatcher_with_send`.
    WithSend "with_send",
    /// Has `file_dispatcher` and `file_wrapper`, on scripted files.
    File "file",
    /// Has `poll`, `poll2` and `loop`, and lets a scenario say what their waits tell.
    Loop "loop",
    /// Has `read`, `write`, `_exception` and `readwrite`.
    Dispatch "dispatch",
    /// Has the methods `handle_read_event`, `handle_write_event` and `handle_expt_event`.
    Events "events",
    /// Has `connect`, and `handle_connect_event` where the release has it.
    Connect "connect",
    /// Has `bind`, `listen`, `accept` and `set_reuse_addr`.
    Listen "listen",
    /// Has `create_socket` and `set_socket`.
    CreateSocket "create_socket",
    /// Takes a map in the constructor, and has `add_channel` and `del_channel`.
    Maps "maps",
    /// Has `close_all`.
    CloseAll "close_all",
    /// Can make its channels on real sockets: TCP over IPv4.
    Tcp4 "sockets.tcp4",
    /// The same over IPv6.
    Tcp6 "sockets.tcp6",
    /// The same in the Unix domain.
    UnixSockets "sockets.unix",
    /// The same with datagrams.
    Udp "sockets.udp",
    /// The same with pipes.
    Pipe "sockets.pipe",
    /// Lets a scenario choose the numbers of descriptors.
    Descriptors "descriptors",
    /// Has Python's values and truth: text, floats, `bytearray`, falsy producers.
    Python "python",
}

impl Feature {
    /// Finds a feature by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|feature| feature.name() == name)
    }

    /// Says whether it is about what real sockets there can be.
    #[must_use]
    pub const fn is_of_real_sockets(self) -> bool {
        matches!(self, Self::Tcp4 | Self::Tcp6 | Self::UnixSockets | Self::Udp | Self::Pipe)
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Is a set of features.
pub type Features = BTreeSet<Feature>;

impl Scenario {
    /// Says which features running this scenario needs.
    #[must_use]
    pub fn needs(&self) -> Features {
        let mut needs = Features::new();
        self.setup.iter().for_each(|setup| setup.add_needs(&mut needs));
        self.steps.iter().for_each(|step| step.add_needs(&mut needs));
        needs
    }
}

impl Setup {
    fn add_needs(&self, needs: &mut Features) {
        match self {
            Self::Chat { options, .. } => options.add_needs(needs),
            Self::Producer { results, falsy, .. } => {
                needs.insert(Feature::Producer);
                // That `none` ends a producer is a matter of truth, which is Python's.
                if *falsy || results.iter().any(|r| !matches!(r, Value::Bytes { .. })) {
                    needs.insert(Feature::Python);
                }
                results.iter().for_each(|value| value_needs(value, needs));
            }
            Self::SimpleProducer { data, .. } => {
                needs.insert(Feature::SimpleProducer);
                binary_needs(data, needs);
            }
            Self::Dispatcher { options, .. } => options.add_needs(needs),
            Self::Wrapper { .. } => _ = needs.insert(Feature::File),
            Self::Socket { fd, .. } => {
                needs.insert(Feature::Dispatcher);
                needs.extend(fd.map(|_| Feature::Descriptors));
            }
            Self::Map { .. } => _ = needs.insert(Feature::Maps),
            Self::Over { transport } => {
                needs.insert(match transport {
                    Transport::Tcp4 => Feature::Tcp4,
                    Transport::Tcp6 => Feature::Tcp6,
                    Transport::Unix => Feature::UnixSockets,
                    Transport::Udp => Feature::Udp,
                    Transport::Pipe => Feature::Pipe,
                });
            }
            Self::Replies { replies, .. } => {
                if replies.iter().any(|reply| matches!(reply, CallReply::Fail { .. })) {
                    needs.insert(Feature::Errors);
                }
                if replies.contains(&CallReply::Nothing) {
                    needs.insert(Feature::Python);
                }
            }
            Self::Fifo { items, .. } => {
                needs.insert(Feature::Fifo);
                items.iter().flatten().for_each(|value| value_needs(value, needs));
            }
            Self::Sends { outcomes, .. } => outcomes.iter().for_each(|outcome| match outcome {
                Outcome::All => {}
                Outcome::Take { .. } => _ = needs.insert(Feature::PartialSends),
                Outcome::Fail { .. } => _ = needs.insert(Feature::Errors),
            }),
            Self::Reaction { hook, actions, ending, .. } => {
                needs.insert(if hook.kind() == Kind::Internals {
                    Feature::InternalReactions
                } else {
                    Feature::Reactions
                });
                if *hook == Hook::RefillBuffer {
                    needs.insert(Feature::RefillBuffer);
                }
                if matches!(ending, Ending::Raise { .. }) {
                    needs.insert(Feature::Raise);
                }
                actions.iter().for_each(|action| action.add_needs(needs));
            }
        }
    }
}

impl ChatOptions {
    fn add_needs(&self, needs: &mut Features) {
        needs.insert(Feature::Chat);
        match &self.terminator {
            None => _ = needs.insert(Feature::UnsetTerminator),
            Some(terminator) => terminator_needs(terminator, needs),
        }
        let sizes = self.ac_in_buffer_size.is_some() || self.ac_out_buffer_size.is_some();
        let options = [
            (self.map.is_some(), Feature::Maps),
            (self.fd.is_some(), Feature::Descriptors),
            (sizes, Feature::Sizes),
            (self.ac_in_buffer_size == Some(0) || self.ac_out_buffer_size == Some(0), Feature::Python),
            (self.unconnected, Feature::Unconnected),
            (self.bare, Feature::Bare),
            (self.gather, Feature::Gather),
            (self.use_encoding, Feature::UseEncoding),
        ];
        needs.extend(options.into_iter().filter_map(|(set, feature)| set.then_some(feature)));
    }
}

impl DispatcherOptions {
    fn add_needs(&self, needs: &mut Features) {
        let options = [
            (true, Feature::Dispatcher),
            (self.class == Class::WithSend, Feature::WithSend),
            (self.class == Class::File, Feature::File),
            (self.map.is_some(), Feature::Maps),
            (self.fd.is_some(), Feature::Descriptors),
            (matches!(self.given, Given::Peerless { .. }), Feature::Errors),
            (self.object, Feature::Python),
        ];
        needs.extend(options.into_iter().filter_map(|(set, feature)| set.then_some(feature)));
    }
}

impl Action {
    fn add_needs(&self, needs: &mut Features) {
        match self {
            Self::Recv { input: Input::Data { hex }, .. } => binary_needs(hex, needs),
            Self::Recv { input: Input::Fail { .. }, .. } => _ = needs.insert(Feature::Errors),
            Self::Push { data, .. } => data_needs(data, needs),
            Self::PushWithProducer { producer: Item::Value { value }, .. } => {
                needs.insert(Feature::Python);
                value_needs(value, needs);
            }
            Self::PushWithProducer { .. } => _ = needs.insert(Feature::Producer),
            Self::RefillBuffer { .. } => _ = needs.insert(Feature::RefillBuffer),
            Self::SetTerminator { terminator, .. } => terminator_needs(terminator, needs),
            Self::Connect { .. } => _ = needs.insert(Feature::Connect),
            Self::GetData { .. } => _ = needs.insert(Feature::Gather),
            Self::FifoPush { item, .. } => value_needs(item, needs),
            Self::FindPrefixAtEnd { haystack, needle } => {
                needs.insert(Feature::Prefix);
                data_needs(haystack, needs);
                data_needs(needle, needs);
            }
            _ => self.add_loop_needs(needs),
        }
    }

    /// Adds what the actions of asyncore itself need.
    fn add_loop_needs(&self, needs: &mut Features) {
        match self {
            Self::Arrive { input: Input::Data { hex }, .. } => binary_needs(hex, needs),
            Self::Arrive { input: Input::Fail { .. }, .. } => _ = needs.insert(Feature::Errors),
            Self::CreateSocket { .. } | Self::SetSocket { .. } => _ = needs.insert(Feature::CreateSocket),
            Self::SetReuseAddr { .. } | Self::Bind { .. } | Self::Listen { .. } | Self::Accept { .. } => {
                needs.insert(Feature::Listen);
            }
            Self::HandleAccepted { .. } | Self::Call { method: Method::HandleAccept, .. } => {
                needs.insert(Feature::Listen);
            }
            Self::Call { method: Method::HandleConnectEvent, .. } => _ = needs.insert(Feature::Connect),
            Self::Call { method, .. } if method.name().ends_with("_event") => _ = needs.insert(Feature::Events),
            Self::Dispatch { .. } | Self::Readwrite { .. } => _ = needs.insert(Feature::Dispatch),
            Self::Poll { report, timeout, .. } => {
                needs.insert(Feature::Loop);
                report_needs(report, needs);
                timeout_needs(*timeout, needs);
            }
            Self::Loop { reports, timeout, count, .. } => {
                needs.insert(Feature::Loop);
                reports.iter().for_each(|report| report_needs(report, needs));
                timeout_needs(*timeout, needs);
                if count.is_some_and(|count| !count.is_whole()) {
                    needs.insert(Feature::Python);
                }
            }
            // What a peer is to read may take passes before it is sent.
            Self::Await { .. } | Self::Peer { does: PeerAct::Reads { .. }, .. } => _ = needs.insert(Feature::Loop),
            Self::CloseAll { .. } => _ = needs.insert(Feature::CloseAll),
            Self::AddChannel { .. } | Self::DelChannel { .. } | Self::MapNames { .. } => {
                needs.insert(Feature::Maps);
            }
            Self::Look { attribute: Attribute::Option | Attribute::Delegated, .. }
            | Self::Log { .. }
            | Self::LogInfo { .. }
            | Self::Repr { .. }
            | Self::CompactTraceback { .. }
            | Self::Strerror { .. } => _ = needs.insert(Feature::Python),
            Self::Send { data, .. } => binary_needs(data, needs),
            _ => {}
        }
    }
}

fn report_needs(report: &Report, needs: &mut Features) {
    if matches!(report, Report::Fail { .. }) {
        needs.insert(Feature::Errors);
    }
}

/// What a negative or a missing timeout does is Python's own where it is refused.
fn timeout_needs(timeout: Option<Timeout>, needs: &mut Features) {
    if matches!(timeout, Some(Timeout::Micros { value }) if value < 0) {
        needs.insert(Feature::Python);
    }
}

/// Where only bytes mean something in every language.
fn data_needs(value: &Value, needs: &mut Features) {
    if !matches!(value, Value::Bytes { .. }) {
        needs.insert(Feature::Python);
    }
    value_needs(value, needs);
}

fn terminator_needs(terminator: &Value, needs: &mut Features) {
    match terminator {
        Value::None => _ = needs.insert(Feature::NoTerminator),
        Value::Int { value } => {
            needs.insert(Feature::CountTerminator);
            if *value < 0 {
                needs.insert(Feature::Python);
            }
        }
        Value::Bytes { hex } => binary_needs(hex, needs),
        _ => _ = needs.insert(Feature::Python),
    }
}

fn value_needs(value: &Value, needs: &mut Features) {
    if value.is_python_only() {
        needs.insert(Feature::Python);
    }
    if let Value::Bytes { hex } | Value::Bytearray { hex } | Value::Memoryview { hex } = value {
        binary_needs(hex, needs);
    }
}

fn binary_needs(bytes: &[u8], needs: &mut Features) {
    if bytes.iter().any(|byte| *byte == 0 || *byte > 127) {
        needs.insert(Feature::Binary);
    }
}
