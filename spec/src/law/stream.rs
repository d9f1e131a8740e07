//! Laws of what is collected.

use super::{Saying, Seen};
use crate::name::Name;
use crate::scenario::{Action, ChatOptions, Hook, Input, Kind, Setup};
use crate::trace::{Reply, SocketCall, What};
use crate::value::Value;
use crate::view::collected;

/// Is the plain case: one channel, one terminator throughout, data only, nothing that reacts.
struct Plain<'a> {
    chan: Name,
    terminator: &'a Value,
    size: usize,
}

fn plain<'a>(seen: &Seen<'a>) -> Option<Plain<'a>> {
    let [Setup::Chat { name, options }] = &seen.scenario.setup[..] else { return None };
    let ChatOptions {
        terminator: Some(terminator),
        ac_in_buffer_size,
        bare: false,
        gather: false,
        unconnected: false,
        ..
    } = options
    else {
        return None;
    };
    let calm = seen.scenario.steps.iter().all(|step| {
        matches!(
            step,
            Action::Recv { input: Input::Data { .. }, .. }
                | Action::HandleRead { .. }
                | Action::GetTerminator { .. }
                | Action::Readable { .. }
        )
    });
    let size = ac_in_buffer_size.map_or(seen.settings.ac_in_buffer_size, |size| size as usize);
    (calm && seen.observed.contains(&Kind::Callbacks)).then_some(Plain { chan: *name, terminator, size })
}

/// One thing that came out of the stream.
enum Out<'a> {
    Data(&'a [u8]),
    Found,
}

/// Gives what came out of the stream, by step.
fn outs<'a>(seen: &Seen<'a>, chan: Name) -> impl Iterator<Item = (usize, Out<'a>)> {
    seen.trace.events().filter_map(move |(step, event)| match &event.what {
        What::Hook { on, hook: Hook::FoundTerminator, .. } if *on == chan => Some((step, Out::Found)),
        _ if event.on() == Some(chan) => collected(event).map(|data| (step, Out::Data(data))),
        _ => None,
    })
}

/// Gives what the channel has received by the end of all steps; none if that cannot be told.
///
/// How much a port reads at once is its own affair, where its reads can be seen.
fn received(seen: &Seen<'_>, chan: Name, size: usize) -> Option<Vec<u8>> {
    if !seen.observed.contains(&Kind::Socket) {
        return asked_for(seen, size);
    }
    let mut got = Vec::new();
    for (_, event) in seen.trace.events() {
        match &event.what {
            What::Socket {
                on, call: SocketCall::Recv, reply: Reply::Value { value: Value::Bytes { hex } }, ..
            } if *on == chan => {
                got.extend(&hex[..]);
            }
            _ => {}
        }
    }
    Some(got)
}

/// Gives what one read of a size for each step receives; none if a read finds nothing.
fn asked_for(seen: &Seen<'_>, size: usize) -> Option<Vec<u8>> {
    let mut waiting = Vec::new();
    let mut got = Vec::new();
    for step in &seen.scenario.steps {
        match step {
            Action::Recv { input: Input::Data { hex }, .. } => waiting.push(hex.to_vec()),
            Action::HandleRead { .. } => {}
            _ => continue,
        }
        // One read takes from the oldest chunk alone.
        let first = waiting.first_mut()?;
        got.extend(first.drain(..size.min(first.len())));
        if first.is_empty() {
            waiting.remove(0);
        }
    }
    Some(got)
}

/// INPUT-1: lines put together again with their terminators are what was received, less what is held back.
pub(super) fn lines_are_what_was_received(seen: &Seen<'_>) -> Saying {
    let Plain { chan, terminator: Value::Bytes { hex: terminator }, size } = plain(seen)? else { return None };
    if terminator.is_empty() {
        return None;
    }
    let mut whole = Vec::new();
    let mut line_start = 0;
    let mut last = 0;
    for (step, out) in outs(seen, chan) {
        last = step;
        match out {
            Out::Data(data) => whole.extend(data),
            Out::Found => {
                if contains(&whole[line_start..], terminator) {
                    return Some(Err((step, "a terminator was collected as data".to_owned())));
                }
                whole.extend(&terminator[..]);
                line_start = whole.len();
            }
        }
    }
    let received = received(seen, chan, size)?;
    let held = received.strip_prefix(&whole[..]);
    let fits = held.is_some_and(|held| held.len() < terminator.len() && terminator.starts_with(held));
    if fits {
        Some(Ok(()))
    } else {
        Some(Err((last, "collected data and terminators are not what was received".to_owned())))
    }
}

fn contains(data: &[u8], terminator: &[u8]) -> bool {
    data.windows(terminator.len()).any(|window| window == terminator)
}

/// INPUT-2: data are never empty.
pub(super) fn no_empty_data(seen: &Seen<'_>) -> Saying {
    let Plain { chan, terminator, .. } = plain(seen)?;
    if !matches!(terminator, Value::Bytes { .. }) {
        return None;
    }
    let mut applied = false;
    for (step, out) in outs(seen, chan) {
        if let Out::Data(data) = out {
            applied = true;
            if data.is_empty() {
                return Some(Err((step, "empty data were collected".to_owned())));
            }
        }
    }
    applied.then_some(Ok(()))
}

/// INPUT-11: the first terminator is met after exactly as many bytes as it counts.
pub(super) fn counts_are_exact(seen: &Seen<'_>) -> Saying {
    let Plain { chan, terminator: Value::Int { value }, .. } = plain(seen)? else { return None };
    let count = usize::try_from(*value).ok().filter(|count| *count > 0)?;
    let mut collected = 0;
    for (step, out) in outs(seen, chan) {
        match out {
            Out::Data(data) => collected += data.len(),
            Out::Found if collected == count => return Some(Ok(())),
            Out::Found => {
                return Some(Err((step, format!("found_terminator came after {collected} bytes, not {count}"))));
            }
        }
        if collected > count {
            return Some(Err((step, format!("{collected} bytes were collected before found_terminator, not {count}"))));
        }
    }
    None
}

/// INPUT-14: without a terminator everything received is collected.
pub(super) fn all_is_collected(seen: &Seen<'_>) -> Saying {
    let Plain { chan, terminator: Value::None, size } = plain(seen)? else { return None };
    let mut whole: Vec<u8> = Vec::new();
    let mut last = 0;
    for (step, out) in outs(seen, chan) {
        last = step;
        match out {
            Out::Data(data) => whole.extend(data),
            Out::Found => return Some(Err((step, "found_terminator was called without a terminator".to_owned()))),
        }
    }
    if whole == received(seen, chan, size)? {
        (!whole.is_empty()).then_some(Ok(()))
    } else {
        Some(Err((last, "what was collected is not what was received".to_owned())))
    }
}
