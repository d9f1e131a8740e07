//! The names that a scenario may speak of, by what they stand for.

use asyncore_spec::name::Name;
use proptest::prelude::*;

use super::value::name;

/// Gives names, by what they stand for.
#[derive(Clone)]
pub(super) struct Names {
    /// An `async_chat`.
    pub(super) chat: BoxedStrategy<Name>,
    /// A channel of another class.
    pub(super) dispatcher: BoxedStrategy<Name>,
    /// A channel of another class that is constructed later.
    pub(super) later: BoxedStrategy<Name>,
    /// Any channel.
    pub(super) channel: BoxedStrategy<Name>,
    /// Any channel, wrapper or socket.
    pub(super) end: BoxedStrategy<Name>,
    /// Any channel or wrapper.
    pub(super) worker: BoxedStrategy<Name>,
    /// A `file_wrapper`.
    pub(super) wrapper: BoxedStrategy<Name>,
    /// A socket of no channel yet.
    pub(super) socket: BoxedStrategy<Name>,
    /// A map.
    pub(super) map: BoxedStrategy<Name>,
    /// A producer.
    pub(super) producer: BoxedStrategy<Name>,
    /// A fifo.
    pub(super) fifo: BoxedStrategy<Name>,
}

/// The channels that are no chats, in the order in which a checked scenario sets them up; the last is for later.
pub(super) const DISPATCHERS: &[&str] = &["a", "b", "l"];

impl Names {
    /// Any names at all.
    pub(super) fn any() -> Self {
        let any = || name().boxed();
        Self {
            chat: any(),
            dispatcher: any(),
            later: any(),
            channel: any(),
            end: any(),
            worker: any(),
            wrapper: any(),
            socket: any(),
            map: any(),
            producer: any(),
            fifo: any(),
        }
    }

    /// The names of the things that a checked scenario sets up.
    pub(super) fn set_up() -> Self {
        let of = |names: &'static [&'static str]| prop::sample::select(names).prop_map(Name::of).boxed();
        Self {
            chat: of(&["c", "d"]),
            dispatcher: of(DISPATCHERS),
            later: of(&["l"]),
            channel: of(&["c", "d", "a", "b", "l"]),
            end: of(&["c", "a", "b", "l", "w", "t"]),
            worker: of(&["c", "d", "a", "b", "l", "w"]),
            wrapper: of(&["w"]),
            socket: of(&["t", "u"]),
            map: of(&["m", "n"]),
            producer: of(&["p", "s"]),
            fifo: of(&["f", "g"]),
        }
    }
}
