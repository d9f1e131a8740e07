//! Any events and traces.

use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::{Arg, Event, Flags, Reply, SocketCall, Stream, Trace, What};
use asyncore_spec::value::Value;
use asyncore_spec::wait::{Told, WaitCall};
use proptest::prelude::*;

use super::asyncore::{ready, timeout};
use super::hook;
use super::peer::seen;
use super::value::{exception, name, value};

fn flags() -> impl Strategy<Value = Flags> {
    any::<[bool; 3]>().prop_map(|[connected, accepting, connecting]| Flags { connected, accepting, connecting })
}

/// A call of a hook with an argument that such a hook has.
fn hook_called() -> impl Strategy<Value = What> {
    let given = prop::option::of(value());
    (name(), hook(), given, exception(), prop::option::of(flags())).prop_map(|(on, hook, given, exception, flags)| {
        let arg = match hook {
            Hook::HandleError => Some(Arg::Exception { exception }),
            _ => given.map(|value| Arg::Value { value }),
        };
        What::Hook { on, hook, arg, flags: flags.filter(|_| hook.carries_flags()) }
    })
}

fn socket_called() -> impl Strategy<Value = What> {
    let reply = prop_oneof![
        value().prop_map(|value| Reply::Value { value }),
        exception().prop_map(|exception| Reply::Raised { exception }),
    ];
    (name(), prop::sample::select(SocketCall::ALL), prop::option::of(value()), reply)
        .prop_map(|(on, call, arg, reply)| What::Socket { on, call, arg, reply })
}

/// A wait; one that had nothing to select asked for nothing and was told nothing.
fn waited() -> impl Strategy<Value = What> {
    let told = prop_oneof![
        3 => ready(name().boxed()).prop_map(|ready| Told::Ready { ready }),
        1 => exception().prop_map(|exception| Told::Raised { exception }),
    ];
    (prop::sample::select(WaitCall::ALL), timeout(), ready(name().boxed()), told).prop_map(
        |(call, timeout, asked, told)| match told {
            Told::Ready { .. } if call == WaitCall::Sleep => {
                What::Wait { call, timeout, asked: Vec::new(), told: Told::Ready { ready: Vec::new() } }
            }
            told => What::Wait { call, timeout, asked, told },
        },
    )
}

fn printed() -> impl Strategy<Value = What> {
    let to = prop::sample::select(&[Stream::Out, Stream::Err][..]);
    (to, any::<String>()).prop_map(|(to, text)| What::Printed { to, text })
}

fn event() -> impl Strategy<Value = Event> {
    let what = prop_oneof![
        3 => hook_called(),
        2 => socket_called(),
        2 => waited(),
        1 => printed(),
        1 => seen(),
        1 => value().prop_map(|value: Value| What::Result { value }),
        1 => exception().prop_map(|exception| What::Raised { exception }),
    ];
    let depth = prop_oneof![4 => 0_u16..4, 1 => 0_u16..400];
    (depth, what).prop_map(|(depth, what)| Event { depth, what })
}

/// Any trace that can be written down.
pub(crate) fn trace() -> impl Strategy<Value = Trace> {
    prop::collection::vec(prop::collection::vec(event(), 0..5), 0..5).prop_map(|steps| Trace { steps })
}
