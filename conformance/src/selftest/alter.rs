//! Other values in the place of those that a clause demands.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::exception::{Errno, ErrorText, Exception};
use asyncore_spec::model::Expected;
use asyncore_spec::name::Name;
use asyncore_spec::trace::{Arg, Flags, What};
use asyncore_spec::value::Value;
use asyncore_spec::wait::{Conditions, Ready, Timeout, WaitCall};

/// Changes everything in an event that a clause answers for, and says in how many places.
pub(super) fn alter(expected: &mut Expected, clause: ClauseId) -> usize {
    let Expected { event, demand, flags, accepting, longer, text, wait, .. } = expected;
    let mut places = 0;
    if let Some(why) = wait.as_deref() {
        let What::Wait { call, timeout, asked, .. } = &mut event.what else { return 0 };
        if why.call == clause {
            // By which call a wait for nothing waits is not judged.
            if asked.is_empty() {
                return 0;
            }
            *call = if *call == WaitCall::Poll { WaitCall::Select } else { WaitCall::Poll };
            return 1;
        }
        if why.timeout == clause {
            *timeout = other_time(*timeout);
            return 1;
        }
        let part = why.asked.iter().find(|(_, _, why)| *why == clause);
        return part.map_or(0, |(name, conditions, _)| {
            toggle(asked, *name, *conditions);
            1
        });
    }
    if *demand == clause {
        places += usize::from(alter_what(&mut event.what));
    }
    if *longer == Some(clause) {
        places += usize::from(lengthen(&mut event.what));
    }
    if *text == Some(clause) {
        places += usize::from(alter_text(&mut event.what));
    }
    if let What::Hook { flags: Some(seen), .. } = &mut event.what {
        if *flags == clause {
            *seen = Flags { connected: !seen.connected, ..*seen };
            places += 1;
        }
        if *accepting == clause {
            *seen = Flags { accepting: !seen.accepting, ..*seen };
            places += 1;
        }
    }
    places
}

fn other_time(timeout: Timeout) -> Timeout {
    match timeout {
        Timeout::Never => Timeout::Micros { value: 0 },
        Timeout::Micros { value } => Timeout::Micros { value: value + 1_000_000 },
    }
}

/// Asks for a condition that was not asked for, or does not ask for one that was.
fn toggle(asked: &mut Vec<Ready>, name: Name, conditions: Conditions) {
    match asked.iter_mut().find(|ready| ready.name == name) {
        None => asked.push(Ready { name, conditions }),
        Some(ready) => {
            let letters = ready.conditions.to_string();
            let without: String = letters.chars().filter(|letter| !conditions.to_string().contains(*letter)).collect();
            ready.conditions = if ready.conditions.has(conditions) {
                Conditions::by_letters(&without).unwrap_or_default()
            } else {
                ready.conditions.or(conditions)
            };
        }
    }
    asked.retain(|ready| !ready.conditions.is_empty());
}

fn alter_what(what: &mut What) -> bool {
    match what {
        What::Hook { arg: Some(Arg::Value { value }), .. }
        | What::Socket { arg: Some(value), .. }
        | What::Result { value } => alter_value(value),
        What::Hook { arg: Some(Arg::Exception { exception }), .. } | What::Raised { exception } => {
            *exception = other_exception(exception);
            true
        }
        What::Printed { text, .. } => {
            text.insert(0, '?');
            true
        }
        _ => false,
    }
}

fn alter_value(value: &mut Value) -> bool {
    *value = match value {
        Value::None => Value::int(7),
        Value::Bool { value } => Value::bool(!*value),
        Value::Int { value } => Value::int(*value + 1),
        Value::Bytes { hex } => {
            let mut bytes = hex.0.clone();
            match bytes.first_mut() {
                Some(first) => *first ^= 1,
                None => return false,
            }
            Value::bytes(bytes)
        }
        Value::List { items } => {
            let mut items = items.clone();
            if items.pop().is_none() {
                items.push(Value::bytes("z"));
            }
            Value::List { items }
        }
        _ => return false,
    };
    true
}

fn other_exception(exception: &Exception) -> Exception {
    match exception {
        Exception::Os { errno: Errno::ENOBUFS, .. } => Exception::os(Errno::EIO),
        Exception::Os { .. } => Exception::os(Errno::ENOBUFS),
        _ => Exception::os(Errno::EIO),
    }
}

fn lengthen(what: &mut What) -> bool {
    let (What::Hook { arg: Some(Arg::Value { value: Value::Bytes { hex } }), .. }
    | What::Socket { arg: Some(Value::Bytes { hex }), .. }) = what
    else {
        return false;
    };
    hex.0.push(b'?');
    true
}

fn alter_text(what: &mut What) -> bool {
    let (What::Hook { arg: Some(Arg::Exception { exception }), .. } | What::Raised { exception }) = what else {
        return false;
    };
    let Exception::Os { text: text @ Some(_), .. } = exception else { return false };
    *text = match text {
        Some(ErrorText::System) => Some(ErrorText::Symbol),
        _ => Some(ErrorText::System),
    };
    true
}
