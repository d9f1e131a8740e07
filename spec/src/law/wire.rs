//! Laws of what reaches the socket.

use super::{Saying, Seen};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, ChatOptions, Hook, Kind, Outcome, Setup};
use crate::trace::{Reply, SocketCall, What};
use crate::value::Value;

/// Is one send that reached a socket.
struct Sent<'a> {
    step: usize,
    on: Name,
    data: &'a [u8],
    /// How many bytes were taken; none if the socket raised.
    taken: Option<usize>,
}

fn sends<'a>(seen: &Seen<'a>) -> Vec<Sent<'a>> {
    let chats =
        seen.scenario.setup.iter().all(|setup| !matches!(setup, Setup::Dispatcher { .. } | Setup::Wrapper { .. }));
    if !chats || !seen.observed.contains(&Kind::Socket) {
        return Vec::new();
    }
    let sends = seen.trace.events().filter_map(|(step, event)| match &event.what {
        What::Socket { on, call: SocketCall::Send, arg: Some(Value::Bytes { hex }), reply } => {
            let taken = match reply {
                Reply::Value { value: Value::Int { value } } => usize::try_from(*value).ok(),
                _ => None,
            };
            Some(Sent { step, on: *on, data: hex, taken })
        }
        _ => None,
    });
    sends.collect()
}

/// Says whether the scenario does nothing but push bytes on one channel and let it write.
fn only_pushes(seen: &Seen<'_>) -> bool {
    let setup = seen.scenario.setup.iter().all(|setup| match setup {
        Setup::Chat { .. } => true,
        Setup::Sends { outcomes, .. } => outcomes.iter().all(|outcome| !matches!(outcome, Outcome::Fail { .. })),
        _ => false,
    });
    let one = seen.scenario.setup.iter().filter(|setup| matches!(setup, Setup::Chat { .. })).count() == 1;
    one && setup
        && seen.scenario.steps.iter().all(|step| {
            matches!(
                step,
                Action::Push { data: Value::Bytes { .. }, .. }
                    | Action::HandleWrite { .. }
                    | Action::InitiateSend { .. }
                    | Action::Writable { .. }
            )
        })
}

/// OUTPUT-1: the bytes that the socket took are the beginning of the bytes that were pushed.
pub(super) fn sent_in_order(seen: &Seen<'_>) -> Saying {
    if !only_pushes(seen) {
        return None;
    }
    let mut pushed: Vec<u8> = Vec::new();
    let mut taken = Vec::new();
    let sends = sends(seen);
    let mut sent = sends.iter().peekable();
    for (at, step) in seen.scenario.steps.iter().enumerate() {
        if let Action::Push { data: Value::Bytes { hex }, .. } = step {
            pushed.extend(&hex[..]);
        }
        while let Some(send) = sent.next_if(|send| send.step == at) {
            taken.extend(&send.data[..send.taken.unwrap_or(0).min(send.data.len())]);
        }
        if !pushed.starts_with(&taken) {
            return Some(Err((at, "the bytes sent are not those pushed, in that order".to_owned())));
        }
    }
    (!taken.is_empty()).then_some(Ok(()))
}

/// OUTPUT-5: no send is given more than `ac_out_buffer_size` bytes, unless that is 0.
pub(super) fn sends_are_short(seen: &Seen<'_>) -> Saying {
    let sends = sends(seen);
    for send in &sends {
        let options = seen.scenario.setup.iter().find_map(|setup| match setup {
            Setup::Chat { name, options } if *name == send.on => Some(options),
            _ => None,
        });
        let size = match options {
            Some(ChatOptions { ac_out_buffer_size: Some(size), .. }) => *size as usize,
            _ => seen.settings.ac_out_buffer_size,
        };
        if size > 0 && send.data.len() > size {
            return Some(Err((send.step, format!("a send was given {} bytes, more than {size}", send.data.len()))));
        }
    }
    (!sends.is_empty()).then_some(Ok(()))
}

/// OUTPUT-8: after a partial send the next one begins with the rest.
pub(super) fn rest_comes_next(seen: &Seen<'_>) -> Saying {
    if !only_pushes(seen) {
        return None;
    }
    let sends = sends(seen);
    let mut applied = false;
    for pair in sends.windows(2) {
        let [before, after] = pair else { continue };
        let rest = &before.data[before.taken.unwrap_or(0).min(before.data.len())..];
        if before.taken.is_some_and(|taken| taken > 0) && !rest.is_empty() {
            applied = true;
            if !after.data.starts_with(rest) {
                return Some(Err((after.step, "the send after a partial one does not begin with the rest".to_owned())));
            }
        }
    }
    applied.then_some(Ok(()))
}

/// Says how many pieces each producer gives, where producers are all that is set up beside what is sent.
fn pieces(seen: &Seen<'_>) -> Option<Vec<(Name, Vec<bool>)>> {
    let mut all = Vec::new();
    for setup in &seen.scenario.setup {
        match setup {
            Setup::Chat { .. } | Setup::Sends { .. } => {}
            Setup::Producer { name, results, falsy: false } => {
                let is_data = |result: &Value| matches!(result, Value::Bytes { hex } if !hex.is_empty());
                all.push((*name, results.iter().map(is_data).collect()));
            }
            Setup::SimpleProducer { name, data, buffer_size } => {
                let size = buffer_size.map_or(512, |size| size as usize);
                all.push((*name, vec![true; data.len().div_ceil(size.max(1))]));
            }
            _ => return None,
        }
    }
    let asks = |step: &Action| matches!(step, Action::More { .. });
    (!all.is_empty() && !seen.scenario.steps.iter().any(asks)).then_some(all)
}

/// PRODUCER-9: what a producer gives is given to a send before the step ends, and before more is asked for.
pub(super) fn pieces_are_sent_at_once(seen: &Seen<'_>) -> Saying {
    let observed = seen.observed.contains(&Hook::More.kind()) && seen.observed.contains(&Kind::Socket);
    if seen.settings.profile == Profile::Py25 || !observed {
        return None;
    }
    let mut all = pieces(seen)?;
    let mut waits = None;
    let mut applied = false;
    let broken = |step| Some(Err((step, "what a producer gave was not sent at once".to_owned())));
    for (step, event) in seen.trace.events() {
        let sends =
            matches!(event.what, What::Socket { call: SocketCall::Send, .. } | What::Hook { hook: Hook::Send, .. });
        let asked = match &event.what {
            What::Hook { on, hook: Hook::More, .. } => Some(*on),
            _ => None,
        };
        if sends {
            waits = None;
        }
        if let Some(waiting) = waits.filter(|waiting| asked.is_some() || *waiting < step) {
            return broken(waiting);
        }
        let Some((_, left)) = asked.and_then(|on| all.iter_mut().find(|(name, _)| *name == on)) else { continue };
        let gives = !left.is_empty() && left.remove(0);
        applied |= gives;
        waits = gives.then_some(step);
    }
    waits.map_or_else(|| applied.then_some(Ok(())), broken)
}

/// OUTPUT-28: a closed channel's socket takes nothing more.
pub(super) fn nothing_after_close(seen: &Seen<'_>) -> Saying {
    if !seen.observed.contains(&Kind::Socket) {
        return None;
    }
    let mut closed: Vec<Name> = Vec::new();
    for (step, event) in seen.trace.events() {
        match &event.what {
            What::Socket { on, call: SocketCall::Close, .. } => closed.push(*on),
            What::Socket { on, call: SocketCall::Send, reply: Reply::Value { .. }, .. } if closed.contains(on) => {
                return Some(Err((step, "a closed socket took data".to_owned())));
            }
            _ => {}
        }
    }
    let reacts = |setup: &Setup| matches!(setup, Setup::Reaction { hook: Hook::Close, .. });
    (!closed.is_empty() && !seen.scenario.setup.iter().any(reacts)).then_some(Ok(()))
}
