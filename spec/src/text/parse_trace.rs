//! Parses traces.

use super::ParseError;
use super::cursor::{Cursor, Parsed};
use super::lex::Token;
use super::parse_loop::{ready, timeout};
use crate::name::Name;
use crate::scenario::Hook;
use crate::trace::{Arg, Event, Flags, Reply, SocketCall, Stream, Trace, What};
use crate::value::Value;
use crate::wait::{Told, WaitCall};

/// Parses a trace whose steps begin with lines that start with `>`.
///
/// # Errors
///
/// When a line is no event, or events stand before the first step.
pub fn parse_trace(text: &str) -> Result<Trace, ParseError> {
    let mut trace = Trace::default();
    for (line, text) in lines(text) {
        if text.starts_with('>') {
            trace.steps.push(Vec::new());
            continue;
        }
        let event = event(line, text)?;
        let Some(step) = trace.steps.last_mut() else {
            return Cursor::new(line, text)?.fail("a line that starts with `>` and begins the first step");
        };
        step.push(event);
    }
    Ok(trace)
}

/// Parses a flat list of events; lines that start with `>` are passed over.
///
/// # Errors
///
/// When a line is no event.
pub fn parse_events(text: &str) -> Result<Vec<Event>, ParseError> {
    lines(text).filter(|(_, text)| !text.starts_with('>')).map(|(line, text)| event(line, text)).collect()
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

fn event(line: usize, text: &str) -> Parsed<Event> {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let mut cursor = Cursor::new(line, text)?;
    if indent % 2 == 1 {
        return cursor.fail("an even number of spaces of indentation");
    }
    let Ok(depth) = u16::try_from(indent / 2) else { return cursor.fail("less indentation") };
    let what = what(&mut cursor)?;
    cursor.end()?;
    Ok(Event { depth, what })
}

fn what(cursor: &mut Cursor) -> Parsed<What> {
    if cursor.take_mark("->") {
        return Ok(What::Result { value: cursor.value("the result")? });
    }
    if cursor.take_word("raised") {
        return Ok(What::Raised { exception: cursor.exception()? });
    }
    if cursor.take_word("waits") {
        return wait(cursor);
    }
    if cursor.take_word("prints") {
        let to = if cursor.take_word("out") {
            Stream::Out
        } else if cursor.take_word("err") {
            Stream::Err
        } else {
            return cursor.fail("`out` or `err`");
        };
        return Ok(What::Printed { to, text: cursor.string("what is printed")? });
    }
    let on = cursor.name("channel, `->`, `raised`, `waits` or `prints`")?;
    cursor.mark(".")?;
    if cursor.take_word("peer") {
        let hex = cursor.bytes("what the peer read")?;
        return Ok(What::Seen { on, hex, ended: cursor.take_word("ended") });
    }
    if cursor.take_word("socket") {
        cursor.mark(".")?;
        return socket(cursor, on);
    }
    hook(cursor, on)
}

fn wait(cursor: &mut Cursor) -> Parsed<What> {
    let word = cursor.word("`select`, `poll` or `sleep`")?;
    let Some(call) = WaitCall::ALL.iter().copied().find(|call| call.name() == word) else {
        return cursor.fail_before("`select`, `poll` or `sleep`");
    };
    let timeout = timeout(cursor)?;
    if call == WaitCall::Sleep && cursor.is_done() {
        return Ok(What::Wait { call, timeout, asked: Vec::new(), told: Told::Ready { ready: Vec::new() } });
    }
    cursor.mark("[")?;
    let asked = ready(cursor)?;
    cursor.mark("]")?;
    cursor.mark("->")?;
    let told = if cursor.take_word("none") {
        Told::Ready { ready: Vec::new() }
    } else if cursor.at_exception() {
        Told::Raised { exception: cursor.exception()? }
    } else {
        match ready(cursor)? {
            nothing if nothing.is_empty() => return cursor.fail("channels with conditions, `none`, or an exception"),
            ready => Told::Ready { ready },
        }
    };
    Ok(What::Wait { call, timeout, asked, told })
}

fn hook(cursor: &mut Cursor, on: Name) -> Parsed<What> {
    let word = cursor.word("the name of a hook, such as `found_terminator`")?;
    let Some(hook) = Hook::by_name(&word) else {
        return cursor.fail_before("the name of a hook, such as `found_terminator`");
    };
    let arg = if hook == Hook::HandleError {
        Some(Arg::Exception { exception: cursor.exception()? })
    } else if cursor.take_word("list") {
        Some(Arg::Value { value: cursor.list()? })
    } else if cursor.at_value() && !matches!(cursor.peek(), Some(Token::Mark("["))) {
        Some(Arg::Value { value: cursor.value("what the hook was given")? })
    } else {
        None
    };
    let flags = if hook.carries_flags() { flags(cursor)? } else { None };
    Ok(What::Hook { on, hook, arg, flags })
}

fn flags(cursor: &mut Cursor) -> Parsed<Option<Flags>> {
    if !cursor.take_mark("[") {
        return Ok(Some(Flags::CONNECTED));
    }
    if cursor.take_mark("?") {
        cursor.mark("]")?;
        return Ok(None);
    }
    let mut flags = Flags::default();
    while !cursor.take_mark("]") {
        let word = cursor.word("`connected`, `accepting`, `connecting` or `]`")?;
        match word.as_str() {
            "connected" => flags.connected = true,
            "accepting" => flags.accepting = true,
            "connecting" => flags.connecting = true,
            _ => return cursor.fail_before("`connected`, `accepting`, `connecting` or `]`"),
        }
    }
    Ok(Some(flags))
}

fn socket(cursor: &mut Cursor, on: Name) -> Parsed<What> {
    let word = cursor.word("the name of a call of the socket, such as `recv`")?;
    let Some(call) = SocketCall::by_name(&word) else {
        return cursor.fail_before("the name of a call of the socket, such as `recv`");
    };
    let arg = if cursor.at_value() { Some(cursor.value("what the socket was given")?) } else { None };
    let reply = if !cursor.take_mark("->") {
        Reply::Value { value: Value::None }
    } else if cursor.at_value() {
        Reply::Value { value: cursor.value("what the socket gave")? }
    } else {
        Reply::Raised { exception: cursor.exception()? }
    };
    Ok(What::Socket { on, call, arg, reply })
}
