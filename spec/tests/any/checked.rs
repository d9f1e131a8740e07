//! Any scenario that passes its check.

use std::collections::HashSet;

use asyncore_spec::dispatcher::{CallReply, Class, Given};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Ending, Hook, Scenario, Setup};
use asyncore_spec::trace::SocketCall;
use asyncore_spec::value::Value;
use proptest::prelude::*;

use super::names::{DISPATCHERS, Names};
use super::value::{bytes, errno, raisable, value};
use super::{action, asyncore, chat, ending, hook};

/// A chat that makes sense: no negative terminator.
fn checked_chat(name: &'static str, names: &Names) -> impl Strategy<Value = Setup> + use<> {
    chat::options(names).prop_map(move |mut options| {
        if let Some(Value::Int { value }) = &mut options.terminator {
            *value = value.checked_abs().unwrap_or(i64::MAX);
        }
        Setup::Chat { name: Name::of(name), options }
    })
}

/// A dispatcher that makes sense: a socket of the scenario is not one of its own, and no file.
fn checked_dispatcher(at: usize, names: &Names) -> impl Strategy<Value = Setup> + use<> {
    asyncore::options(names).prop_map(move |mut options| {
        if options.on.is_some() {
            options.fd = None;
            options.given = Given::Connected;
            options.class = if options.class == Class::File { Class::Dispatcher } else { options.class };
        }
        options.later = at == DISPATCHERS.len() - 1;
        Setup::Dispatcher { name: Name::of(DISPATCHERS[at]), options }
    })
}

/// Replies that the calls can give.
fn checked_replies(names: &Names) -> impl Strategy<Value = Vec<Setup>> + use<> {
    let scripted = |call: &SocketCall| !matches!(call, SocketCall::Recv | SocketCall::Send);
    let call = prop::sample::select(SocketCall::ALL.iter().copied().filter(scripted).collect::<Vec<_>>());
    let one = (names.end.clone(), call, prop::collection::vec(asyncore::reply(names), 0..3));
    let one = one.prop_map(|(on, call, mut replies)| {
        let gives = matches!(call, SocketCall::Accept | SocketCall::Create);
        replies.retain(|reply| match reply {
            CallReply::Gives { .. } => gives,
            CallReply::Nothing => call == SocketCall::Accept,
            CallReply::Ok => call != SocketCall::Accept,
            CallReply::Fail { .. } => true,
        });
        Setup::Replies { on, call, replies }
    });
    prop::collection::vec(one, 0..5)
}

/// The things that the reactions of a checked scenario are given to.
const REACTING: &[&str] = &["c", "d", "a", "b", "l", "p", "s"];

fn has(on: &str, hook: Hook) -> bool {
    match on {
        "p" | "s" => hook == Hook::More,
        "c" | "d" => hook.is_of_chat(),
        _ => hook.is_of_dispatcher(),
    }
}

/// Reactions that make sense: each to another call, of a hook that the thing has.
fn checked_reactions(names: &Names) -> impl Strategy<Value = Vec<Setup>> + use<> {
    let actions = prop::collection::vec(action(names), 0..3);
    let reaction = (prop::sample::select(REACTING), hook(), 1_u32..4, actions, ending(raisable()));
    prop::collection::vec(reaction, 0..16).prop_map(|reactions| {
        let mut seen = HashSet::new();
        let fresh =
            reactions.into_iter().filter(|(on, hook, nth, ..)| has(on, *hook) && seen.insert((*on, *hook, *nth)));
        let setup = fresh.map(|(on, hook, nth, actions, ending): (_, _, _, _, Ending)| Setup::Reaction {
            on: Name::of(on),
            hook,
            nth,
            actions,
            ending,
        });
        setup.collect()
    })
}

/// The producers, fifos, sockets, maps and files that the names of a checked scenario stand for.
fn things() -> impl Strategy<Value = Vec<Setup>> {
    let result = prop_oneof![3 => bytes().prop_map(|hex| Value::Bytes { hex }), 1 => Just(Value::None)];
    let producers = (prop::collection::vec(result, 0..4), any::<bool>(), bytes(), chat::size());
    let items = prop::option::of(prop::collection::vec(value(), 0..3));
    let socket = (prop::option::of(any::<u16>()), prop::option::of(errno()));
    (producers, items, socket).prop_map(|((results, falsy, data, buffer_size), items, (fd, peer))| {
        vec![
            Setup::Producer { name: Name::of("p"), results, falsy },
            Setup::SimpleProducer { name: Name::of("s"), data, buffer_size },
            Setup::Fifo { name: Name::of("f"), items },
            Setup::Fifo { name: Name::of("g"), items: None },
            Setup::Socket { name: Name::of("t"), fd: None, peer },
            Setup::Socket { name: Name::of("u"), fd, peer: None },
            Setup::Map { name: Name::of("m") },
            Setup::Map { name: Name::of("n") },
            Setup::Wrapper { name: Name::of("w") },
        ]
    })
}

/// Any scenario that passes its check, with Python's values everywhere.
pub(crate) fn checked() -> impl Strategy<Value = Scenario> {
    let names = Names::set_up();
    let channels = (
        checked_chat("c", &names),
        checked_chat("d", &names),
        checked_dispatcher(0, &names),
        checked_dispatcher(1, &names),
        checked_dispatcher(2, &names),
    );
    let sends = (names.end.clone(), prop::collection::vec(asyncore::outcome(), 0..4))
        .prop_map(|(chan, outcomes)| Setup::Sends { chan, outcomes });
    let scripts = (prop::collection::vec(sends, 0..3), checked_replies(&names));
    let steps = prop::collection::vec(action(&names), 0..12);
    (things(), channels, scripts, checked_reactions(&names), steps).prop_map(
        |(mut setup, (c, d, a, b, l), (sends, replies), reactions, steps)| {
            setup.extend([c, d, a, b, l]);
            setup.extend(sends);
            setup.extend(replies);
            setup.extend(reactions);
            without_strays(Scenario { setup, steps })
        },
    )
}

/// Takes away the scripts that stand at a thing which has none of its own, and what is done to what cannot do it.
fn without_strays(mut scenario: Scenario) -> Scenario {
    let whole = scenario.clone();
    let alone = |setup: Option<&Setup>, step: Option<&Action>| {
        let scripts =
            |setup: &Setup| matches!(setup, Setup::Sends { .. } | Setup::Replies { .. } | Setup::Reaction { .. });
        let mut lines: Vec<_> = whole.setup.iter().filter(|setup| !scripts(setup)).cloned().collect();
        lines.extend(setup.cloned());
        Scenario { setup: lines, steps: step.into_iter().cloned().collect() }.check().is_ok()
    };
    let script = |setup: &Setup| matches!(setup, Setup::Sends { .. } | Setup::Replies { .. });
    scenario.setup.retain(|setup| !script(setup) || alone(Some(setup), None));
    scenario.setup.iter_mut().for_each(|setup| {
        if let Setup::Reaction { actions, .. } = setup {
            actions.retain(|action| alone(None, Some(action)));
        }
    });
    scenario.steps.retain(|step| alone(None, Some(step)));
    scenario
}
