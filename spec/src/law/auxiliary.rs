//! Laws of `find_prefix_at_end`, `fifo` and `simple_producer`.

use std::collections::VecDeque;

use super::{Saying, Seen};
use crate::scenario::{Action, Kind, Setup};
use crate::trace::{Event, What};
use crate::value::Value;

/// Gives what a step gave back, if it gave anything.
fn result(events: &[Event]) -> Option<&Value> {
    events.iter().find_map(|event| match &event.what {
        What::Result { value } if event.depth == 0 => Some(value),
        _ => None,
    })
}

/// PREFIX-1: the result is the length of a proper prefix at the end, and no longer one is there.
pub(super) fn prefix_is_longest(seen: &Seen<'_>) -> Saying {
    let mut applied = false;
    for (at, (step, events)) in seen.scenario.steps.iter().zip(&seen.trace.steps).enumerate() {
        let Action::FindPrefixAtEnd { haystack: Value::Bytes { hex: haystack }, needle: Value::Bytes { hex: needle } } =
            step
        else {
            continue;
        };
        if needle.is_empty() || haystack.ends_with(needle) || !seen.observed.contains(&Kind::Results) {
            continue;
        }
        applied = true;
        let length = match result(events) {
            Some(Value::Int { value }) => usize::try_from(*value).ok(),
            _ => None,
        };
        let fits = |length: usize| length < needle.len() && haystack.ends_with(&needle[..length]);
        let right = length.is_some_and(|length| fits(length) && !(length + 1..needle.len()).any(fits));
        if !right {
            return Some(Err((
                at,
                format!("the longest prefix of {needle} at the end of {haystack} has another length"),
            )));
        }
    }
    applied.then_some(Ok(()))
}

/// FIFO-1: what is popped is what was pushed, in that order.
pub(super) fn fifo_keeps_order(seen: &Seen<'_>) -> Saying {
    let [Setup::Fifo { items, .. }] = &seen.scenario.setup[..] else { return None };
    if !seen.observed.contains(&Kind::Results) {
        return None;
    }
    let mut queue: VecDeque<&Value> = items.iter().flatten().collect();
    let mut applied = false;
    for (at, (step, events)) in seen.scenario.steps.iter().zip(&seen.trace.steps).enumerate() {
        match step {
            Action::FifoPush { item, .. } => queue.push_back(item),
            Action::FifoPop { .. } => {
                let next = queue.pop_front();
                let popped = match result(events) {
                    Some(Value::List { items }) => items.get(1),
                    _ => None,
                };
                applied |= next.is_some();
                if next.is_some() && popped != next {
                    return Some(Err((at, "another item was popped than the oldest".to_owned())));
                }
            }
            _ => {}
        }
    }
    applied.then_some(Ok(()))
}

/// PRODUCER-1: the pieces of a `simple_producer` are short enough and make the beginning of its data.
pub(super) fn pieces_make_the_whole(seen: &Seen<'_>) -> Saying {
    let [Setup::SimpleProducer { data, buffer_size, .. }] = &seen.scenario.setup[..] else { return None };
    if !seen.observed.contains(&Kind::Results) {
        return None;
    }
    let size = buffer_size.map_or(512, |size| size as usize);
    let mut rest = &data[..];
    for (at, events) in seen.trace.steps.iter().enumerate() {
        let Some(Value::Bytes { hex: piece }) = result(events) else {
            return Some(Err((at, "more gave no bytes".to_owned())));
        };
        match rest.strip_prefix(&piece[..]) {
            Some(after) if piece.len() <= size => rest = after,
            _ => return Some(Err((at, format!("{piece} is no piece of at most {size} bytes that comes next")))),
        }
    }
    (!seen.trace.steps.is_empty()).then_some(Ok(()))
}
