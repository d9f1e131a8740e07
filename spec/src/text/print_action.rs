//! Prints actions.

use std::fmt::{self, Display};

use crate::name::Name;
use crate::scenario::Action;
use crate::value::{Bytes, Value};
use crate::wait::Timeout;

impl Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recv { chan, input } => write!(f, "recv {chan} {input}"),
            Self::HandleRead { chan } => write!(f, "handle_read {chan}"),
            Self::HandleWrite { chan } => write!(f, "handle_write {chan}"),
            Self::Push { chan, data } => write!(f, "push {chan} {data}"),
            Self::PushWithProducer { chan, producer } => write!(f, "push_with_producer {chan} {producer}"),
            Self::CloseWhenDone { chan } => write!(f, "close_when_done {chan}"),
            Self::InitiateSend { chan } => write!(f, "initiate_send {chan}"),
            Self::RefillBuffer { chan } => write!(f, "refill_buffer {chan}"),
            Self::SetTerminator { chan, terminator } => write!(f, "set_terminator {chan} {terminator}"),
            Self::GetTerminator { chan } => write!(f, "get_terminator {chan}"),
            Self::Readable { chan } => write!(f, "readable {chan}"),
            Self::Writable { chan } => write!(f, "writable {chan}"),
            Self::DiscardBuffers { chan } => write!(f, "discard_buffers {chan}"),
            Self::Close { chan } => write!(f, "close {chan}"),
            Self::Connect { chan } => write!(f, "connect {chan}"),
            Self::GetData { chan } => write!(f, "get_data {chan}"),
            Self::BufferSizes { chan } => write!(f, "buffer_sizes {chan}"),
            Self::More { producer } => write!(f, "more {producer}"),
            Self::FifoPush { fifo, item } => write!(f, "fifo_push {fifo} {item}"),
            Self::FifoPop { fifo } => write!(f, "fifo_pop {fifo}"),
            Self::FifoFirst { fifo } => write!(f, "fifo_first {fifo}"),
            Self::FifoIsEmpty { fifo } => write!(f, "fifo_is_empty {fifo}"),
            Self::FifoLen { fifo } => write!(f, "fifo_len {fifo}"),
            Self::FifoGiven { fifo } => write!(f, "fifo_given {fifo}"),
            Self::FindPrefixAtEnd { haystack, needle } => write!(f, "find_prefix_at_end {haystack} {needle}"),
            _ => print_loop_action(self, f),
        }
    }
}

/// Prints the actions that asyncore itself has.
fn print_loop_action(action: &Action, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match action {
        Action::Arrive { chan, input } => write!(f, "arrive {chan} {input}"),
        Action::Construct { chan } => write!(f, "construct {chan}"),
        Action::CreateSocket { chan, family, kind } => {
            write!(f, "create_socket {chan}")?;
            family.map_or(Ok(()), |family| write!(f, " {}", family.name()))?;
            kind.map_or(Ok(()), |kind| write!(f, " {}", kind.name()))
        }
        Action::SetSocket { chan, socket } => write!(f, "set_socket {chan} {socket}"),
        Action::SetReuseAddr { chan } => write!(f, "set_reuse_addr {chan}"),
        Action::Bind { chan } => write!(f, "bind {chan}"),
        Action::Listen { chan, backlog } => write!(f, "listen {chan} {backlog}"),
        Action::Accept { chan } => write!(f, "accept {chan}"),
        Action::Send { chan, data } => write!(f, "send {chan} {data}"),
        Action::Receive { chan, size } => write!(f, "receive {chan} {size}"),
        Action::Call { chan, method } => write!(f, "{} {chan}", method.name()),
        Action::HandleAccepted { chan, socket } => write!(f, "handle_accepted {chan} {socket}"),
        Action::Dispatch { chan, by } => write!(f, "{} {chan}", by.name()),
        Action::Readwrite { chan, conditions } => write!(f, "readwrite {chan} {conditions}"),
        Action::Poll { map, use_poll, timeout, report } => {
            f.write_str(if *use_poll { "poll2" } else { "poll" })?;
            print_wait(f, *map, *timeout)?;
            write!(f, "{report}")
        }
        Action::Loop { map, use_poll, timeout, count, reports } => {
            f.write_str(if *use_poll { "loop use_poll" } else { "loop" })?;
            print_wait(f, *map, *timeout)?;
            match count {
                Some(count) if count.is_whole() => write!(f, " count {}", count.0 / 10)?,
                Some(count) => write!(f, " count {}", Value::Float { tenths: count.0 })?,
                None => {}
            }
            reports.iter().try_for_each(|report| write!(f, " |{report}"))
        }
        Action::CloseAll { map, ignore_all } => {
            f.write_str("close_all")?;
            print_wait(f, *map, None)?;
            f.write_str(if *ignore_all { " ignore_all" } else { "" })
        }
        Action::AddChannel { chan, map } => {
            write!(f, "add_channel {chan}")?;
            print_wait(f, *map, None)
        }
        Action::DelChannel { chan, map } => {
            write!(f, "del_channel {chan}")?;
            print_wait(f, *map, None)
        }
        Action::MapNames { map } => {
            f.write_str("map_names")?;
            print_wait(f, *map, None)
        }
        Action::Look { chan, attribute } => write!(f, "look {chan} {}", attribute.name()),
        Action::SetReadable { chan, value } => write!(f, "set_readable {chan} {value}"),
        Action::SetWritable { chan, value } => write!(f, "set_writable {chan} {value}"),
        Action::Log { chan, message } => write!(f, "log {chan} {}", Bytes::of(message)),
        Action::LogInfo { chan, message, kind } => {
            write!(f, "log_info {chan} {} {}", Bytes::of(message), Bytes::of(kind))
        }
        Action::Repr { chan } => write!(f, "repr {chan}"),
        Action::CompactTraceback { handling } => {
            f.write_str(if *handling { "compact_traceback handling" } else { "compact_traceback" })
        }
        Action::Peer { on, does } => write!(f, "peer {on} {does}"),
        Action::Await { on, hook, use_poll, map } => {
            write!(f, "await {on}.{}{}", hook.name(), if *use_poll { " use_poll" } else { "" })?;
            print_wait(f, *map, None)
        }
        Action::Strerror { number } => write!(f, "strerror {number}"),
        _ => unreachable!("every other action is printed before"),
    }
}

fn print_wait(f: &mut fmt::Formatter<'_>, map: Option<Name>, timeout: Option<Timeout>) -> fmt::Result {
    map.map_or(Ok(()), |map| write!(f, " map {map}"))?;
    timeout.map_or(Ok(()), |timeout| write!(f, " timeout {timeout}"))
}
