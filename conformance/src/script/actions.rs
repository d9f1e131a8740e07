//! Actions, in Python: what a step does, or a reaction.

mod look;
mod loops;

use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, DispatchBy, Input, Item};
use asyncore_spec::value::Bytes;

use super::literal::{fails, quoted, truth, value};
use super::names::Names;
use super::{NO_OTHER_END, Refusal};

/// Gives the lines of an action. What is about a channel that is constructed later does nothing before that.
pub(super) fn lines(action: &Action, names: &Names) -> Result<Vec<String>, Refusal> {
    let lines = if let Some(lines) = of_channel(action, names) {
        lines
    } else if let Some(line) = of_chat(action, names).or_else(|| of_nothing(action, names)) {
        vec![line]
    } else if let Some(line) = loops::line(action, names).or_else(|| look::line(action, names)) {
        vec![line]
    } else {
        return Err(Refusal { line: action.to_string(), why: why_not(action) });
    };
    let waits_for = action.channel().map(|name| names.thing(name)).filter(|thing| thing.later);
    Ok(match waits_for {
        Some(thing) if !matches!(action, Action::Construct { .. }) => {
            let guarded = lines.into_iter().map(|line| format!("    {line}"));
            std::iter::once(format!("if {} is not None:", thing.var)).chain(guarded).collect()
        }
        _ => lines,
    })
}

fn why_not(action: &Action) -> &'static str {
    match action {
        Action::Peer { .. } | Action::Await { .. } => NO_OTHER_END,
        _ => "Python 2 and 3 write text beyond ASCII in different ways",
    }
}

/// Writes a call whose result is an event.
fn result(shown: &str) -> String {
    format!("result({shown})")
}

/// Writes what every channel can be told, and a dispatcher.
fn of_channel(action: &Action, names: &Names) -> Option<Vec<String>> {
    let var = |name: &Name| names.var(*name);
    let line = match action {
        Action::Recv { chan, input } => {
            return Some(vec![arrive(*chan, input, names), format!("{}.handle_read()", var(chan))]);
        }
        Action::Arrive { chan, input } => arrive(*chan, input, names),
        Action::HandleRead { chan } => format!("{}.handle_read()", var(chan)),
        Action::HandleWrite { chan } => format!("{}.handle_write()", var(chan)),
        Action::InitiateSend { chan } => format!("{}.initiate_send()", var(chan)),
        Action::Readable { chan } => result(&format!("show(bool({}.readable()))", var(chan))),
        Action::Writable { chan } => result(&format!("show(bool({}.writable()))", var(chan))),
        Action::Close { chan } => format!("{}.close()", var(chan)),
        Action::Connect { chan } => format!("{}.connect(PEER)", var(chan)),
        Action::Construct { chan } => format!("construct_{}()", var(chan)),
        Action::CreateSocket { chan, family, kind } => {
            let family = family.map(|f| format!(", family=socket.AF_{}", f.name().to_uppercase())).unwrap_or_default();
            let kind = kind.map(|k| format!(", type=socket.SOCK_{}", k.name().to_uppercase())).unwrap_or_default();
            format!("create({}, {}{family}{kind})", var(chan), names.socket(*chan))
        }
        Action::SetSocket { chan, socket } => {
            let owns = format!("owns({}, {})", quoted(&chan.to_string()), var(socket));
            return Some(vec![owns, format!("{}.set_socket({})", var(chan), var(socket))]);
        }
        Action::SetReuseAddr { chan } => format!("{}.set_reuse_addr()", var(chan)),
        Action::Bind { chan } => format!("{}.bind(LOCAL)", var(chan)),
        Action::Listen { chan, backlog } => format!("{}.listen({backlog})", var(chan)),
        Action::Accept { chan } => result(&format!("show_accepted({}.accept())", var(chan))),
        Action::Send { chan, data } => result(&format!("show({}.send({}))", var(chan), bytes(data))),
        Action::Receive { chan, size } => result(&format!("show_data({}.recv({size}))", var(chan))),
        Action::Call { chan, method } => format!("{}.{}()", var(chan), method.name()),
        Action::HandleAccepted { chan, socket } => format!("{}.handle_accepted({}, PEER)", var(chan), var(socket)),
        Action::Dispatch { chan, by } => format!("asyncore.{}({})", function(*by), var(chan)),
        Action::SetReadable { chan, value } => format!("{}.says_readable = {}", var(chan), truth(*value)),
        Action::SetWritable { chan, value } => format!("{}.says_writable = {}", var(chan), truth(*value)),
        _ => return None,
    };
    Some(vec![line])
}

fn function(by: DispatchBy) -> &'static str {
    match by {
        DispatchBy::Read => "read",
        DispatchBy::Write => "write",
        DispatchBy::Exception => "_exception",
    }
}

fn bytes(data: &Bytes) -> String {
    format!("b{data}")
}

fn arrive(chan: Name, input: &Input, names: &Names) -> String {
    let input = match input {
        Input::Data { hex } => bytes(hex),
        Input::Eof => "EOF".to_owned(),
        Input::Fail { errno } => fails(*errno),
    };
    format!("{}.inputs.append({input})", names.socket(chan))
}

/// Writes what a chat can be told.
fn of_chat(action: &Action, names: &Names) -> Option<String> {
    let var = |name: &Name| names.var(*name);
    Some(match action {
        Action::Push { chan, data } => format!("{}.push({})", var(chan), value(data)),
        Action::PushWithProducer { chan, producer } => {
            let item = match producer {
                Item::Producer { name } => var(name).to_owned(),
                Item::Value { value: item } => value(item),
            };
            format!("{}.push_with_producer({item})", var(chan))
        }
        Action::CloseWhenDone { chan } => format!("{}.close_when_done()", var(chan)),
        Action::RefillBuffer { chan } => format!("{}.refill_buffer()", var(chan)),
        Action::SetTerminator { chan, terminator } => format!("{}.set_terminator({})", var(chan), value(terminator)),
        Action::GetTerminator { chan } => result(&format!("show({}.get_terminator())", var(chan))),
        Action::DiscardBuffers { chan } => format!("{}.discard_buffers()", var(chan)),
        Action::GetData { chan } => result(&format!("show({}._get_data())", var(chan))),
        Action::BufferSizes { chan } => {
            result(&format!("show([{0}.ac_in_buffer_size, {0}.ac_out_buffer_size])", var(chan)))
        }
        _ => return None,
    })
}

/// Writes what is about no channel.
fn of_nothing(action: &Action, names: &Names) -> Option<String> {
    let var = |name: &Name| names.var(*name);
    Some(match action {
        Action::More { producer } => result(&format!("show({}.more())", var(producer))),
        Action::FifoPush { fifo, item } => format!("{}.push({})", var(fifo), value(item)),
        Action::FifoPop { fifo } => result(&format!("show_pair({}.pop())", var(fifo))),
        Action::FifoFirst { fifo } => result(&format!("show({}.first())", var(fifo))),
        Action::FifoIsEmpty { fifo } => result(&format!("show(bool({}.is_empty()))", var(fifo))),
        Action::FifoLen { fifo } => result(&format!("show(len({}))", var(fifo))),
        Action::FifoGiven { fifo } => result(&format!("show({}_given)", var(fifo))),
        Action::FindPrefixAtEnd { haystack, needle } => {
            result(&format!("show(asynchat.find_prefix_at_end({}, {}))", value(haystack), value(needle)))
        }
        _ => return None,
    })
}
