//! Parses what asyncore itself has: dispatchers, sockets, maps, waits and the steps about them.

use super::cursor::{Cursor, Parsed};
use super::lex::Token;
use super::parse::input;
use crate::dispatcher::{Attribute, CallReply, Class, DispatcherOptions, Family, Given, SocketType};
use crate::name::Name;
use crate::peer::{PeerAct, Transport};
use crate::scenario::{Action, DispatchBy, Hook, Method, Setup, Tenths};
use crate::trace::SocketCall;
use crate::wait::{Conditions, Ready, Report, Timeout};

/// Parses a line of the set-up.
pub(super) fn setup(cursor: &mut Cursor, word: &str) -> Parsed<Setup> {
    match word {
        "dispatcher" => {
            Ok(Setup::Dispatcher { name: cursor.name("dispatcher")?, options: dispatcher_options(cursor)? })
        }
        "file_wrapper" => Ok(Setup::Wrapper { name: cursor.name("file_wrapper")? }),
        "map" => Ok(Setup::Map { name: cursor.name("map")? }),
        "over" => {
            let known = "`tcp4`, `tcp6`, `unix`, `udp` or `pipe`";
            let word = cursor.word(known)?;
            match Transport::by_name(&word) {
                Some(transport) => Ok(Setup::Over { transport }),
                None => cursor.fail_before(known),
            }
        }
        "socket" => {
            let name = cursor.name("socket")?;
            let fd = if cursor.take_word("fd") { Some(cursor.descriptor()?) } else { None };
            let peer = if cursor.take_word("peer") { Some(cursor.errno()?) } else { None };
            Ok(Setup::Socket { name, fd, peer })
        }
        _ => replies(cursor),
    }
}

fn dispatcher_options(cursor: &mut Cursor) -> Parsed<DispatcherOptions> {
    let known = "`with_send`, `file`, `no_socket`, `peer`, `socket`, `map`, `fd`, `reads`, `readable`, `writable`, \
                 `object` or `later`";
    let mut options = DispatcherOptions::default();
    while !cursor.is_done() {
        let word = cursor.word(known)?;
        match word.as_str() {
            "with_send" => options.class = Class::WithSend,
            "file" => options.class = Class::File,
            "no_socket" => options.given = Given::Nothing,
            "peer" => options.given = Given::Peerless { errno: cursor.errno()? },
            "socket" => options.on = Some(cursor.name("socket")?),
            "map" => options.map = Some(cursor.name("map")?),
            "fd" => options.fd = Some(cursor.descriptor()?),
            "reads" => options.reads = Some(cursor.natural("a number of bytes")?),
            "readable" => options.readable = Some(cursor.truth()?),
            "writable" => options.writable = Some(cursor.truth()?),
            "object" => options.object = true,
            "later" => options.later = true,
            _ => return cursor.fail_before(known),
        }
    }
    Ok(options)
}

fn replies(cursor: &mut Cursor) -> Parsed<Setup> {
    let on = cursor.name("channel or socket")?;
    let word = cursor.word("the name of a call of the socket, such as `connect`")?;
    let Some(call) = SocketCall::by_name(&word) else {
        return cursor.fail_before("the name of a call of the socket, such as `connect`");
    };
    let mut replies = Vec::new();
    while !cursor.is_done() {
        replies.push(reply(cursor)?);
    }
    Ok(Setup::Replies { on, call, replies })
}

fn reply(cursor: &mut Cursor) -> Parsed<CallReply> {
    if let Some(errno) = cursor.take_errno() {
        Ok(CallReply::Fail { errno })
    } else if cursor.take_word("none") {
        Ok(CallReply::Nothing)
    } else if cursor.take_word("ok") {
        Ok(CallReply::Ok)
    } else {
        Ok(CallReply::Gives { socket: cursor.name("socket, `ok`, `none`, or the name of an error number")? })
    }
}

/// Parses an action; the cursor stands behind its first word.
pub(super) fn action(cursor: &mut Cursor, word: &str) -> Parsed<Action> {
    let make: fn(Name) -> Action = match word {
        "construct" => |chan| Action::Construct { chan },
        "set_reuse_addr" => |chan| Action::SetReuseAddr { chan },
        "bind" => |chan| Action::Bind { chan },
        "accept" => |chan| Action::Accept { chan },
        "repr" => |chan| Action::Repr { chan },
        "poll" | "poll2" => return poll(cursor, word == "poll2"),
        "loop" => return run(cursor),
        "close_all" => {
            let map = map(cursor)?;
            return Ok(Action::CloseAll { map, ignore_all: cursor.take_word("ignore_all") });
        }
        "map_names" => return Ok(Action::MapNames { map: map(cursor)? }),
        "compact_traceback" => return Ok(Action::CompactTraceback { handling: cursor.take_word("handling") }),
        "strerror" => return strerror(cursor),
        "peer" => {
            let on = cursor.name("channel or socket")?;
            return Ok(Action::Peer { on, does: peer_act(cursor)? });
        }
        "await" => return wait_for(cursor),
        _ => return with_more(cursor, word),
    };
    Ok(make(cursor.name("channel")?))
}

/// Parses an action that begins with a channel and goes on.
fn with_more(cursor: &mut Cursor, word: &str) -> Parsed<Action> {
    if let Some(method) = Method::by_name(word) {
        return Ok(Action::Call { chan: cursor.name("channel")?, method });
    }
    if let Some(by) = DispatchBy::ALL.iter().copied().find(|by| by.name() == word) {
        return Ok(Action::Dispatch { chan: cursor.name("channel")?, by });
    }
    let known = [
        "arrive",
        "create_socket",
        "set_socket",
        "listen",
        "send",
        "receive",
        "handle_accepted",
        "readwrite",
        "add_channel",
        "del_channel",
        "look",
        "set_readable",
        "set_writable",
        "log",
        "log_info",
    ];
    if !known.contains(&word) {
        return cursor.fail_before("a line of the set-up or a step, such as `chat` or `recv`");
    }
    let chan = cursor.name("channel")?;
    Ok(match word {
        "arrive" => Action::Arrive { chan, input: input(cursor)? },
        "create_socket" => {
            let family = Family::ALL.iter().copied().find(|family| cursor.take_word(family.name()));
            let kind = SocketType::ALL.iter().copied().find(|kind| cursor.take_word(kind.name()));
            Action::CreateSocket { chan, family, kind }
        }
        "set_socket" => Action::SetSocket { chan, socket: cursor.name("socket")? },
        "listen" => Action::Listen { chan, backlog: cursor.natural("the backlog")? },
        "send" => Action::Send { chan, data: cursor.bytes("the data")? },
        "receive" => Action::Receive { chan, size: cursor.natural("a number of bytes")? },
        "handle_accepted" => Action::HandleAccepted { chan, socket: cursor.name("socket")? },
        "readwrite" => Action::Readwrite { chan, conditions: conditions(cursor)? },
        "add_channel" => Action::AddChannel { chan, map: map(cursor)? },
        "del_channel" => Action::DelChannel { chan, map: map(cursor)? },
        "set_readable" => Action::SetReadable { chan, value: cursor.truth()? },
        "set_writable" => Action::SetWritable { chan, value: cursor.truth()? },
        "log" => Action::Log { chan, message: cursor.string("the message")? },
        "log_info" => {
            Action::LogInfo { chan, message: cursor.string("the message")?, kind: cursor.string("the type")? }
        }
        _ => {
            let word = cursor.word("an attribute, such as `connected`")?;
            match Attribute::by_name(&word) {
                Some(attribute) => Action::Look { chan, attribute },
                None => return cursor.fail_before("an attribute, such as `connected`"),
            }
        }
    })
}

fn peer_act(cursor: &mut Cursor) -> Parsed<PeerAct> {
    let known = "`connects`, `sends`, `urgent`, `reads`, `ends`, `closes`, `resets` or `refuses`";
    let word = cursor.word(known)?;
    Ok(match word.as_str() {
        "connects" => PeerAct::Connects { socket: cursor.name("socket")? },
        "sends" => PeerAct::Sends { hex: cursor.bytes("the data")? },
        "urgent" => match cursor.bytes("one byte")?[..] {
            [byte] => PeerAct::Urgent { byte },
            _ => return cursor.fail_before("one byte"),
        },
        "reads" => PeerAct::Reads { bytes: cursor.natural("a number of bytes")? },
        "ends" => PeerAct::Ends,
        "closes" => PeerAct::Closes,
        "resets" => PeerAct::Resets,
        "refuses" => PeerAct::Refuses,
        _ => return cursor.fail_before(known),
    })
}

fn wait_for(cursor: &mut Cursor) -> Parsed<Action> {
    let on = cursor.name("channel")?;
    cursor.mark(".")?;
    let word = cursor.word("the name of a hook, such as `handle_read`")?;
    let Some(hook) = Hook::by_name(&word) else {
        return cursor.fail_before("the name of a hook, such as `handle_read`");
    };
    let use_poll = cursor.take_word("use_poll");
    Ok(Action::Await { on, hook, use_poll, map: map(cursor)? })
}

fn strerror(cursor: &mut Cursor) -> Parsed<Action> {
    match cursor.peek() {
        Some(Token::Int(number)) => {
            let number = *number;
            cursor.skip();
            Ok(Action::Strerror { number })
        }
        _ => cursor.fail("an error number"),
    }
}

fn map(cursor: &mut Cursor) -> Parsed<Option<Name>> {
    if cursor.take_word("map") { cursor.name("map").map(Some) } else { Ok(None) }
}

fn timeout_option(cursor: &mut Cursor) -> Parsed<Option<Timeout>> {
    if cursor.take_word("timeout") { timeout(cursor).map(Some) } else { Ok(None) }
}

/// Parses a time: a number with its unit, or `none`.
pub(super) fn timeout(cursor: &mut Cursor) -> Parsed<Timeout> {
    if cursor.take_word("none") {
        return Ok(Timeout::Never);
    }
    let Some(Token::Int(number)) = cursor.peek() else { return cursor.fail("a time, such as `30s`, or `none`") };
    let number = *number;
    cursor.skip();
    let unit = match cursor.word("a unit of time: `s`, `ms` or `us`")?.as_str() {
        "s" => 1_000_000,
        "ms" => 1000,
        "us" => 1,
        _ => return cursor.fail_before("a unit of time: `s`, `ms` or `us`"),
    };
    match number.checked_mul(unit) {
        Some(value) => Ok(Timeout::Micros { value }),
        None => cursor.fail_before("a time that is not that long"),
    }
}

fn poll(cursor: &mut Cursor, use_poll: bool) -> Parsed<Action> {
    let map = map(cursor)?;
    let timeout = timeout_option(cursor)?;
    Ok(Action::Poll { map, use_poll, timeout, report: report(cursor)? })
}

fn run(cursor: &mut Cursor) -> Parsed<Action> {
    let use_poll = cursor.take_word("use_poll");
    let map = map(cursor)?;
    let timeout = timeout_option(cursor)?;
    let count = if cursor.take_word("count") { Some(count(cursor)?) } else { None };
    let mut reports = Vec::new();
    while cursor.take_mark("|") {
        reports.push(report(cursor)?);
    }
    Ok(Action::Loop { map, use_poll, timeout, count, reports })
}

fn count(cursor: &mut Cursor) -> Parsed<Tenths> {
    let tenths = match cursor.peek() {
        Some(Token::Int(number)) => i32::try_from(*number).ok().and_then(|number| number.checked_mul(10)),
        Some(Token::Tenths(tenths)) => Some(*tenths),
        _ => None,
    };
    match tenths {
        Some(tenths) => {
            cursor.skip();
            Ok(Tenths(tenths))
        }
        None => cursor.fail("a number of passes"),
    }
}

fn report(cursor: &mut Cursor) -> Parsed<Report> {
    if cursor.take_word("fails") {
        return Ok(Report::Fail { errno: cursor.errno()? });
    }
    Ok(Report::Ready { ready: ready(cursor)? })
}

/// Parses channels with conditions, as long as there are any.
pub(super) fn ready(cursor: &mut Cursor) -> Parsed<Vec<Ready>> {
    let mut ready = Vec::new();
    while matches!(cursor.peek(), Some(Token::Word(_))) {
        let name = cursor.name("channel")?;
        cursor.mark(":")?;
        ready.push(Ready { name, conditions: conditions(cursor)? });
    }
    Ok(ready)
}

fn conditions(cursor: &mut Cursor) -> Parsed<Conditions> {
    let word = cursor.word("conditions: some of the letters `rwxehn`")?;
    match Conditions::by_letters(&word) {
        Some(conditions) => Ok(conditions),
        None => cursor.fail_before("conditions: some of the letters `rwxehn`"),
    }
}
