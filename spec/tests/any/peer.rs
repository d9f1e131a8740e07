//! Any lines about real sockets and the peer at their other end.

use asyncore_spec::peer::{PeerAct, Transport};
use asyncore_spec::scenario::{Action, Setup};
use asyncore_spec::trace::What;
use proptest::prelude::*;

use super::hook;
use super::names::Names;
use super::value::{bytes, name};

fn act(names: &Names) -> impl Strategy<Value = PeerAct> + use<> {
    prop_oneof![
        names.socket.clone().prop_map(|socket| PeerAct::Connects { socket }),
        bytes().prop_map(|hex| PeerAct::Sends { hex }),
        any::<u8>().prop_map(|byte| PeerAct::Urgent { byte }),
        any::<u32>().prop_map(|bytes| PeerAct::Reads { bytes }),
        prop::sample::select(&[PeerAct::Ends, PeerAct::Closes, PeerAct::Resets, PeerAct::Refuses][..]),
    ]
}

/// Any action of a peer, and any wait for a hook.
pub(super) fn action(names: &Names) -> BoxedStrategy<Action> {
    let map = prop::option::of(names.map.clone());
    prop_oneof![
        (names.end.clone(), act(names)).prop_map(|(on, does)| Action::Peer { on, does }),
        (names.channel.clone(), hook(), any::<bool>(), map).prop_map(|(on, hook, use_poll, map)| Action::Await {
            on,
            hook,
            use_poll,
            map
        }),
    ]
    .boxed()
}

/// What every socket of a scenario is.
pub(super) fn setup() -> impl Strategy<Value = Setup> {
    prop::sample::select(Transport::ALL).prop_map(|transport| Setup::Over { transport })
}

/// What a peer saw.
pub(super) fn seen() -> impl Strategy<Value = What> {
    (name(), bytes(), any::<bool>()).prop_map(|(on, hex, ended)| What::Seen { on, hex, ended })
}
