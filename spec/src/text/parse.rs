//! Parses scenarios.

use super::ParseError;
use super::cursor::{Cursor, Parsed};
use super::lex::Token;
use super::parse_loop;
use crate::name::Name;
use crate::scenario::{Action, ChatOptions, Ending, Hook, Input, Item, Outcome, Scenario, Setup};
use crate::value::Value;

/// The words that begin a line of the set-up.
const SETUPS: &[&str] = &[
    "chat",
    "dispatcher",
    "file_wrapper",
    "socket",
    "map",
    "over",
    "replies",
    "producer",
    "simple_producer",
    "fifo",
    "sends",
    "on",
];

/// Parses a scenario.
///
/// # Errors
///
/// When a line is neither set-up nor a step, or set-up follows a step.
pub fn parse_scenario(text: &str) -> Result<Scenario, ParseError> {
    let mut scenario = Scenario::default();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let mut cursor = Cursor::new(at + 1, line)?;
        let word = cursor.word("a line of the set-up or a step")?;
        if SETUPS.contains(&word.as_str()) {
            if !scenario.steps.is_empty() {
                return cursor.fail_before("a step (the set-up comes before the first step)");
            }
            scenario.setup.push(setup(&mut cursor, &word)?);
        } else {
            scenario.steps.push(action(&mut cursor, &word)?);
        }
        cursor.end()?;
    }
    Ok(scenario)
}

fn setup(cursor: &mut Cursor, word: &str) -> Parsed<Setup> {
    match word {
        "chat" => Ok(Setup::Chat { name: cursor.name("channel")?, options: chat_options(cursor)? }),
        "producer" => producer(cursor),
        "simple_producer" => {
            let name = cursor.name("producer")?;
            let data = cursor.bytes("the data")?;
            let buffer_size = if cursor.take_word("size") { Some(cursor.natural("the size")?) } else { None };
            Ok(Setup::SimpleProducer { name, data, buffer_size })
        }
        "fifo" => fifo(cursor),
        "sends" => sends(cursor),
        "on" => reaction(cursor),
        _ => parse_loop::setup(cursor, word),
    }
}

fn chat_options(cursor: &mut Cursor) -> Parsed<ChatOptions> {
    let mut options = ChatOptions::default();
    let known = "`terminator`, `in`, `out`, `unconnected`, `bare`, `gather`, `use_encoding`, `map` or `fd`";
    while !cursor.is_done() {
        let word = cursor.word(known)?;
        match word.as_str() {
            "terminator" => options.terminator = Some(cursor.value("the terminator")?),
            "in" => options.ac_in_buffer_size = Some(cursor.natural("ac_in_buffer_size")?),
            "out" => options.ac_out_buffer_size = Some(cursor.natural("ac_out_buffer_size")?),
            "unconnected" => options.unconnected = true,
            "bare" => options.bare = true,
            "gather" => options.gather = true,
            "use_encoding" => options.use_encoding = true,
            "map" => options.map = Some(cursor.name("map")?),
            "fd" => options.fd = Some(cursor.descriptor()?),
            _ => return cursor.fail_before(known),
        }
    }
    Ok(options)
}

fn producer(cursor: &mut Cursor) -> Parsed<Setup> {
    let name = cursor.name("producer")?;
    let falsy = cursor.take_word("falsy");
    let mut results = Vec::new();
    while !cursor.is_done() {
        results.push(cursor.value("what `more` gives")?);
    }
    Ok(Setup::Producer { name, results, falsy })
}

fn fifo(cursor: &mut Cursor) -> Parsed<Setup> {
    let name = cursor.name("fifo")?;
    if cursor.is_done() {
        return Ok(Setup::Fifo { name, items: None });
    }
    match cursor.list()? {
        Value::List { items } => Ok(Setup::Fifo { name, items: Some(items) }),
        _ => cursor.fail("a list in brackets"),
    }
}

fn sends(cursor: &mut Cursor) -> Parsed<Setup> {
    let chan = cursor.name("channel")?;
    let mut outcomes = Vec::new();
    while !cursor.is_done() {
        if cursor.take_word("all") {
            outcomes.push(Outcome::All);
        } else if let Some(errno) = cursor.take_errno() {
            outcomes.push(Outcome::Fail { errno });
        } else if matches!(cursor.peek(), Some(Token::Int(_))) {
            outcomes.push(Outcome::Take { bytes: cursor.natural("a number of bytes")? });
        } else {
            return cursor.fail("a number of bytes, `all`, or the name of an error number");
        }
    }
    Ok(Setup::Sends { chan, outcomes })
}

fn reaction(cursor: &mut Cursor) -> Parsed<Setup> {
    let on = cursor.name("channel or producer")?;
    cursor.mark(".")?;
    let word = cursor.word("the name of a hook, such as `found_terminator`")?;
    let Some(hook) = Hook::by_name(&word) else {
        return cursor.fail_before("the name of a hook, such as `found_terminator`");
    };
    let nth = cursor.natural("which call, counted from 1")?;
    if nth == 0 {
        return cursor.fail_before("which call, counted from 1");
    }
    cursor.mark(":")?;
    let mut actions = Vec::new();
    let mut ending = Ending::Normal;
    while !cursor.is_done() {
        let word = cursor.word("an action, `return` or `raise`")?;
        match word.as_str() {
            "return" => ending = Ending::Return,
            "raise" => ending = Ending::Raise { exception: cursor.exception()? },
            _ => actions.push(action(cursor, &word)?),
        }
        if ending != Ending::Normal || cursor.is_done() {
            break;
        }
        cursor.mark(";")?;
        if cursor.is_done() {
            return cursor.fail("an action, `return` or `raise`");
        }
    }
    Ok(Setup::Reaction { on, hook, nth, actions, ending })
}

fn action(cursor: &mut Cursor, word: &str) -> Parsed<Action> {
    match word {
        "more" => return Ok(Action::More { producer: cursor.name("producer")? }),
        "find_prefix_at_end" => {
            let haystack = cursor.value("the haystack")?;
            return Ok(Action::FindPrefixAtEnd { haystack, needle: cursor.value("the needle")? });
        }
        _ => {}
    }
    if word.starts_with("fifo_") { fifo_action(cursor, word) } else { chat_action(cursor, word) }
}

fn fifo_action(cursor: &mut Cursor, word: &str) -> Parsed<Action> {
    let make: fn(Name) -> Action = match word {
        "fifo_push" => {
            let fifo = cursor.name("fifo")?;
            return Ok(Action::FifoPush { fifo, item: cursor.value("the item")? });
        }
        "fifo_pop" => |fifo| Action::FifoPop { fifo },
        "fifo_first" => |fifo| Action::FifoFirst { fifo },
        "fifo_is_empty" => |fifo| Action::FifoIsEmpty { fifo },
        "fifo_len" => |fifo| Action::FifoLen { fifo },
        "fifo_given" => |fifo| Action::FifoGiven { fifo },
        _ => return cursor.fail_before("a step, such as `fifo_pop`"),
    };
    Ok(make(cursor.name("fifo")?))
}

fn chat_action(cursor: &mut Cursor, word: &str) -> Parsed<Action> {
    let make: fn(Name) -> Action = match word {
        "handle_read" => |chan| Action::HandleRead { chan },
        "handle_write" => |chan| Action::HandleWrite { chan },
        "close_when_done" => |chan| Action::CloseWhenDone { chan },
        "initiate_send" => |chan| Action::InitiateSend { chan },
        "refill_buffer" => |chan| Action::RefillBuffer { chan },
        "get_terminator" => |chan| Action::GetTerminator { chan },
        "readable" => |chan| Action::Readable { chan },
        "writable" => |chan| Action::Writable { chan },
        "discard_buffers" => |chan| Action::DiscardBuffers { chan },
        "close" => |chan| Action::Close { chan },
        "connect" => |chan| Action::Connect { chan },
        "buffer_sizes" => |chan| Action::BufferSizes { chan },
        "get_data" => |chan| Action::GetData { chan },
        "recv" => {
            let chan = cursor.name("channel")?;
            return Ok(Action::Recv { chan, input: input(cursor)? });
        }
        "push" => {
            let chan = cursor.name("channel")?;
            return Ok(Action::Push { chan, data: cursor.value("the data")? });
        }
        "set_terminator" => {
            let chan = cursor.name("channel")?;
            return Ok(Action::SetTerminator { chan, terminator: cursor.value("the terminator")? });
        }
        "push_with_producer" => {
            let chan = cursor.name("channel")?;
            let producer = if cursor.at_value() {
                Item::Value { value: cursor.value("a value")? }
            } else {
                Item::Producer { name: cursor.name("producer")? }
            };
            return Ok(Action::PushWithProducer { chan, producer });
        }
        _ => return parse_loop::action(cursor, word),
    };
    Ok(make(cursor.name("channel")?))
}

pub(super) fn input(cursor: &mut Cursor) -> Parsed<Input> {
    if cursor.take_word("EOF") {
        return Ok(Input::Eof);
    }
    if let Some(errno) = cursor.take_errno() {
        return Ok(Input::Fail { errno });
    }
    let Some(Token::Text(_)) = cursor.peek() else {
        return cursor.fail("data (a quoted string), `EOF`, or the name of an error number");
    };
    let hex = cursor.bytes("data")?;
    if hex.is_empty() {
        return cursor.fail_before("at least one byte of data (the end of the stream is `EOF`)");
    }
    Ok(Input::Data { hex })
}
