//! Any lines about an `async_chat`, a producer or a fifo.

use asyncore_spec::scenario::{Action, ChatOptions, Item, Setup};
use proptest::prelude::*;

use super::names::Names;
use super::value::{bytes, value};
use asyncore_spec::name::Name;

pub(super) fn size() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(prop_oneof![0_u32..20, any::<u32>()])
}

/// What can be chosen of a chat, on a map that may be spoken of.
pub(super) fn options(names: &Names) -> impl Strategy<Value = ChatOptions> + use<> {
    let place = (prop::option::weighted(0.2, names.map.clone()), prop::option::weighted(0.2, any::<u16>()));
    (prop::option::of(value()), size(), size(), any::<[bool; 4]>(), place).prop_map(
        |(terminator, ac_in_buffer_size, ac_out_buffer_size, [unconnected, bare, gather, use_encoding], (map, fd))| {
            ChatOptions {
                terminator,
                ac_in_buffer_size,
                ac_out_buffer_size,
                unconnected,
                bare,
                gather,
                use_encoding,
                map,
                fd,
            }
        },
    )
}

/// Any action that only a chat has.
fn chat_action(names: &Names) -> BoxedStrategy<Action> {
    let plain: [fn(Name) -> Action; 6] = [
        |chan| Action::CloseWhenDone { chan },
        |chan| Action::RefillBuffer { chan },
        |chan| Action::GetTerminator { chan },
        |chan| Action::DiscardBuffers { chan },
        |chan| Action::GetData { chan },
        |chan| Action::BufferSizes { chan },
    ];
    let chat = || names.chat.clone();
    let item = prop_oneof![
        names.producer.clone().prop_map(|name| Item::Producer { name }),
        value().prop_map(|value| Item::Value { value }),
    ];
    prop_oneof![
        3 => (prop::sample::select(plain.to_vec()), chat()).prop_map(|(make, chan)| make(chan)),
        2 => (chat(), value()).prop_map(|(chan, data)| Action::Push { chan, data }),
        2 => (chat(), value()).prop_map(|(chan, terminator)| Action::SetTerminator { chan, terminator }),
        2 => (chat(), item).prop_map(|(chan, producer)| Action::PushWithProducer { chan, producer }),
    ]
    .boxed()
}

/// Any action that asynchat has and asyncore has not.
pub(super) fn action(names: &Names) -> BoxedStrategy<Action> {
    let fifo: [fn(Name) -> Action; 5] = [
        |fifo| Action::FifoPop { fifo },
        |fifo| Action::FifoFirst { fifo },
        |fifo| Action::FifoIsEmpty { fifo },
        |fifo| Action::FifoLen { fifo },
        |fifo| Action::FifoGiven { fifo },
    ];
    prop_oneof![
        9 => chat_action(names),
        1 => names.producer.clone().prop_map(|producer| Action::More { producer }),
        2 => (prop::sample::select(fifo.to_vec()), names.fifo.clone()).prop_map(|(make, fifo)| make(fifo)),
        1 => (names.fifo.clone(), value()).prop_map(|(fifo, item)| Action::FifoPush { fifo, item }),
        1 => (value(), value()).prop_map(|(haystack, needle)| Action::FindPrefixAtEnd { haystack, needle }),
    ]
    .boxed()
}

/// Any line of the set-up about a chat, a producer or a fifo.
pub(super) fn setup(names: &Names) -> BoxedStrategy<Setup> {
    let items = prop::option::of(prop::collection::vec(value(), 0..4));
    prop_oneof![
        (names.chat.clone(), options(names)).prop_map(|(name, options)| Setup::Chat { name, options }),
        (names.producer.clone(), prop::collection::vec(value(), 0..4), any::<bool>())
            .prop_map(|(name, results, falsy)| Setup::Producer { name, results, falsy }),
        (names.producer.clone(), bytes(), size()).prop_map(|(name, data, buffer_size)| Setup::SimpleProducer {
            name,
            data,
            buffer_size
        }),
        (names.fifo.clone(), items).prop_map(|(name, items)| Setup::Fifo { name, items }),
    ]
    .boxed()
}
