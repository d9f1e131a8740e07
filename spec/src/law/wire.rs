//! Laws of what reaches the socket.

use super::{Saying, Seen};
use crate::name::Name;
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

/// OUTPUT-5: no send is given more than `ac_out_buffer_size` bytes.
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
        if send.data.len() > size {
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
