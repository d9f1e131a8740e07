//! Laws of dispatchers and of the loop.

use std::collections::BTreeMap;

use super::{Saying, Seen};
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, Hook, Kind, Setup};
use crate::trace::{Arg, Event, Reply, SocketCall, What};
use crate::value::Value;
use crate::wait::{Conditions, Told};

/// Says whether all channels of the scenario are dispatchers whose descriptors nobody else can get.
fn is_plain(seen: &Seen<'_>) -> bool {
    let mut dispatchers = false;
    let setup = seen.scenario.setup.iter().all(|setup| match setup {
        Setup::Dispatcher { options, .. } => {
            dispatchers = true;
            options.fd.is_none() && options.on.is_none()
        }
        Setup::Chat { .. } => false,
        _ => true,
    });
    let moves = |action: &Action| matches!(action, Action::CreateSocket { .. } | Action::SetSocket { .. });
    dispatchers && setup && !seen.scenario.steps.iter().any(moves)
}

/// Gives the steps that run passes, with their events.
fn passes<'a>(seen: &Seen<'a>) -> impl Iterator<Item = (usize, &'a Action, &'a [Event])> {
    let steps = seen.scenario.steps.iter().zip(&seen.trace.steps).enumerate();
    let passes = |action: &Action| matches!(action, Action::Poll { .. } | Action::Loop { .. });
    steps.filter(move |(_, (action, _))| passes(action)).map(|(at, (action, events))| (at, action, &events[..]))
}

/// LOOP-2: there are no more waits than count says.
pub(super) fn no_more_passes_than_count(seen: &Seen<'_>) -> Saying {
    if !seen.observed.contains(&Kind::Waits) {
        return None;
    }
    let mut applied = false;
    for (at, action, events) in passes(seen) {
        let Action::Loop { count: Some(count), .. } = action else { continue };
        let Ok(count) = usize::try_from(count.0) else { continue };
        applied = true;
        let most = count.div_ceil(10);
        let waits = events.iter().filter(|event| event.depth == 0 && is_whole(&event.what)).count();
        if waits > most {
            return Some(Err((at, format!("there were {waits} waits, and count allows for {most}"))));
        }
    }
    applied.then_some(Ok(()))
}

/// Says whether an event is a wait that no signal interrupted.
fn is_whole(what: &What) -> bool {
    let What::Wait { told, .. } = what else { return false };
    !matches!(told, Told::Raised { exception: Exception::Os { errno: Errno::EINTR, .. } })
}

/// POLL-28: what is served has been reported by the last wait.
pub(super) fn only_reported_events(seen: &Seen<'_>) -> Saying {
    if !is_plain(seen) || !seen.observed.contains(&Kind::Waits) || !seen.observed.contains(&Kind::Internals) {
        return None;
    }
    let mut applied = false;
    for (at, _, events) in passes(seen) {
        let mut told: &[crate::wait::Ready] = &[];
        for event in events.iter().filter(|event| event.depth == 0) {
            let (name, condition) = match &event.what {
                What::Wait { told: Told::Ready { ready }, .. } => {
                    told = ready;
                    continue;
                }
                What::Hook { on, hook: Hook::HandleReadEvent, .. } => {
                    (*on, Conditions::READ.or(Conditions::EXCEPT).or(Conditions::UNASKED))
                }
                What::Hook { on, hook: Hook::HandleWriteEvent, .. } => (*on, Conditions::WRITE),
                _ => continue,
            };
            applied = true;
            if !told.iter().any(|ready| ready.name == name && ready.conditions.has(condition)) {
                return Some(Err((at, format!("`{name}` got an event that the wait had not reported"))));
            }
        }
    }
    applied.then_some(Ok(()))
}

/// POLL-32: between two waits no predicate of a channel is called twice.
pub(super) fn predicates_are_asked_once(seen: &Seen<'_>) -> Saying {
    if !is_plain(seen) || !seen.observed.contains(&Kind::Predicates) || !seen.observed.contains(&Kind::Waits) {
        return None;
    }
    let mut applied = false;
    for (at, _, events) in passes(seen) {
        let mut asked: BTreeMap<(Name, Hook), u32> = BTreeMap::new();
        for event in events.iter().filter(|event| event.depth == 0) {
            match &event.what {
                What::Wait { .. } => asked.clear(),
                What::Hook { on, hook: hook @ (Hook::Readable | Hook::Writable), .. } => {
                    applied = true;
                    let times = asked.entry((*on, *hook)).or_default();
                    *times += 1;
                    if *times > 1 {
                        return Some(Err((at, format!("`{on}.{}` was called twice in a pass", hook.name()))));
                    }
                }
                _ => {}
            }
        }
    }
    applied.then_some(Ok(()))
}

/// ERROR-6: no `handle_error` is given the exception that leaves the loop.
pub(super) fn exit_is_no_error(seen: &Seen<'_>) -> Saying {
    let dispatches = |action: &Action| {
        matches!(action, Action::Poll { .. } | Action::Loop { .. } | Action::Dispatch { .. } | Action::Readwrite { .. })
    };
    if !seen.scenario.steps.iter().any(dispatches) || !seen.observed.contains(&Kind::Callbacks) {
        return None;
    }
    let given = seen.trace.events().find(|(_, event)| {
        matches!(
            event.what,
            What::Hook { hook: Hook::HandleError, arg: Some(Arg::Exception { exception: Exception::Exit }), .. }
        )
    });
    Some(match given {
        Some((at, _)) => Err((at, "handle_error was given the exception that leaves the loop".to_owned())),
        None => Ok(()),
    })
}

/// CONNECT-16: inside the event of a connection the channel is not connected yet when `handle_connect` is called.
pub(super) fn not_connected_inside_handle_connect(seen: &Seen<'_>) -> Saying {
    let observed = [Kind::Internals, Kind::Flags, Kind::Callbacks].iter().all(|kind| seen.observed.contains(kind));
    if seen.settings.profile == Profile::Py25 || !observed {
        return None;
    }
    let mut applied = false;
    let mut events = seen.trace.events().peekable();
    while let Some((_, event)) = events.next() {
        let What::Hook { on, hook: Hook::HandleConnectEvent, .. } = &event.what else { continue };
        let next = match events.peek() {
            Some((_, next)) if matches!(next.what, What::Socket { call: SocketCall::Getsockopt, .. }) => {
                events.next();
                events.peek()
            }
            other => other,
        };
        let Some((at, next)) = next else { continue };
        if let What::Hook { on: connected, hook: Hook::HandleConnect, flags: Some(flags), .. } = &next.what
            && connected == on
            && flags.connecting
        {
            applied = true;
            if flags.connected {
                return Some(Err((*at, format!("`{on}` was connected before handle_connect was called"))));
            }
        }
    }
    applied.then_some(Ok(()))
}

/// IO-14: what the sockets of a `dispatcher_with_send` took is the beginning of what was sent on it.
pub(super) fn buffered_in_order(seen: &Seen<'_>) -> Saying {
    let [Setup::Dispatcher { name, options }, rest @ ..] = &seen.scenario.setup[..] else { return None };
    let scripts = rest.iter().all(|setup| matches!(setup, Setup::Sends { .. } | Setup::Socket { .. }));
    let one = options.class == crate::dispatcher::Class::WithSend && scripts;
    if !one || !seen.observed.contains(&Kind::Socket) {
        return None;
    }
    let mut sent: Vec<u8> = Vec::new();
    let mut taken = 0;
    for (at, (action, events)) in seen.scenario.steps.iter().zip(&seen.trace.steps).enumerate() {
        if let Action::Send { data, .. } = action {
            sent.extend_from_slice(data);
        }
        for event in events {
            let What::Socket {
                on,
                call: SocketCall::Send,
                arg: Some(Value::Bytes { hex }),
                reply: Reply::Value { value: Value::Int { value } },
            } = &event.what
            else {
                continue;
            };
            let count = usize::try_from(*value).unwrap_or(0).min(hex.len());
            let fits = on == name && sent.get(taken..taken + count) == Some(&hex[..count]);
            if !fits {
                return Some(Err((at, "what was sent is not what comes next in the buffer".to_owned())));
            }
            taken += count;
        }
    }
    (taken > 0).then_some(Ok(()))
}

/// FILE-5: a `file_wrapper` reaches its descriptor's close once.
pub(super) fn wrappers_close_once(seen: &Seen<'_>) -> Saying {
    let [Setup::Wrapper { name }, ..] = &seen.scenario.setup[..] else { return None };
    if seen.settings.profile == Profile::Py25 || !seen.observed.contains(&Kind::Socket) {
        return None;
    }
    let closes = seen
        .trace
        .events()
        .filter(|(_, event)| matches!(&event.what, What::Socket { on, call: SocketCall::Close, .. } if on == name));
    let closes: Vec<usize> = closes.map(|(at, _)| at).collect();
    match closes[..] {
        [] => None,
        [_] => Some(Ok(())),
        [_, second, ..] => Some(Err((second, format!("`{name}` closed its descriptor twice")))),
    }
}
