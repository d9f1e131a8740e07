//! Prints scenarios and traces.

use std::fmt::{self, Display, Write as _};

use crate::scenario::{Action, ChatOptions, Ending, Input, Item, Outcome, Scenario, Setup};
use crate::trace::{Arg, Event, Flags, Reply, Trace, What};
use crate::value::Value;

impl Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for setup in &self.setup {
            writeln!(f, "{setup}")?;
        }
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        Ok(())
    }
}

impl Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chat { name, options } => write!(f, "chat {name}{options}"),
            Self::Producer { name, results, falsy } => {
                write!(f, "producer {name}{}", if *falsy { " falsy" } else { "" })?;
                results.iter().try_for_each(|result| write!(f, " {result}"))
            }
            Self::SimpleProducer { name, data, buffer_size } => {
                write!(f, "simple_producer {name} {data}")?;
                buffer_size.map_or(Ok(()), |size| write!(f, " size {size}"))
            }
            Self::Fifo { name, items: None } => write!(f, "fifo {name}"),
            Self::Fifo { name, items: Some(items) } => {
                write!(f, "fifo {name} [")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
            Self::Sends { chan, outcomes } => {
                write!(f, "sends {chan}")?;
                outcomes.iter().try_for_each(|outcome| write!(f, " {outcome}"))
            }
            Self::Reaction { on, hook, nth, actions, ending } => {
                write!(f, "on {on}.{} {nth}:", hook.name())?;
                let mut gap = " ";
                for action in actions {
                    write!(f, "{gap}{action}")?;
                    gap = "; ";
                }
                match ending {
                    Ending::Normal => Ok(()),
                    Ending::Return => write!(f, "{gap}return"),
                    Ending::Raise { exception } => write!(f, "{gap}raise {exception}"),
                }
            }
        }
    }
}

impl Display for ChatOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(terminator) = &self.terminator {
            write!(f, " terminator {terminator}")?;
        }
        if let Some(size) = self.ac_in_buffer_size {
            write!(f, " in {size}")?;
        }
        if let Some(size) = self.ac_out_buffer_size {
            write!(f, " out {size}")?;
        }
        for (set, word) in [
            (self.unconnected, " unconnected"),
            (self.bare, " bare"),
            (self.gather, " gather"),
            (self.use_encoding, " use_encoding"),
        ] {
            if set {
                f.write_str(word)?;
            }
        }
        Ok(())
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Take { bytes } => write!(f, "{bytes}"),
            Self::Fail { errno } => write!(f, "{errno}"),
        }
    }
}

impl Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data { hex } => write!(f, "{hex}"),
            Self::Eof => f.write_str("EOF"),
            Self::Fail { errno } => write!(f, "{errno}"),
        }
    }
}

impl Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Producer { name } => write!(f, "{name}"),
            Self::Value { value } => write!(f, "{value}"),
        }
    }
}

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
        }
    }
}

impl Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, events) in self.steps.iter().enumerate() {
            writeln!(f, "> {}", at + 1)?;
            events.iter().try_for_each(|event| writeln!(f, "{event}"))?;
        }
        Ok(())
    }
}

impl Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for _ in 0..self.depth {
            f.write_str("  ")?;
        }
        match &self.what {
            What::Hook { on, hook, arg, flags } => {
                write!(f, "{on}.{}", hook.name())?;
                match arg {
                    None => {}
                    // A bare bracket would begin the flags.
                    Some(Arg::Value { value: value @ Value::List { .. } }) => write!(f, " list {value}")?,
                    Some(Arg::Value { value }) => write!(f, " {value}")?,
                    Some(Arg::Exception { exception }) => write!(f, " {exception}")?,
                }
                let speaks_of_flags = hook.carries_flags();
                match flags {
                    None if speaks_of_flags => f.write_str(" [?]"),
                    Some(flags) if *flags != Flags::CONNECTED => write!(f, " {flags}"),
                    _ => Ok(()),
                }
            }
            What::Socket { on, call, arg, reply } => {
                write!(f, "{on}.socket.{}", call.name())?;
                if let Some(arg) = arg {
                    write!(f, " {arg}")?;
                }
                match reply {
                    Reply::Value { value: Value::None } => Ok(()),
                    Reply::Value { value } => write!(f, " -> {value}"),
                    Reply::Raised { exception } => write!(f, " -> {exception}"),
                }
            }
            What::Result { value } => write!(f, "-> {value}"),
            What::Raised { exception } => write!(f, "raised {exception}"),
        }
    }
}

impl Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = [(self.connected, "connected"), (self.accepting, "accepting"), (self.connecting, "connecting")];
        let words: Vec<_> = set.into_iter().filter_map(|(on, word)| on.then_some(word)).collect();
        write!(f, "[{}]", words.join(" "))
    }
}

/// Prints a flat list of events, one line each.
#[must_use]
pub fn print_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> String {
    let mut text = String::new();
    for event in events {
        writeln!(text, "{event}").expect("writing to a string cannot fail");
    }
    text
}

/// Prints a trace with the scenario's own lines before the events of each step.
#[must_use]
pub fn print_trace_of(scenario: &Scenario, trace: &Trace) -> String {
    let mut text = String::new();
    for (at, events) in trace.steps.iter().enumerate() {
        match scenario.steps.get(at) {
            Some(step) => writeln!(text, "> {step}"),
            None => writeln!(text, "> {}", at + 1),
        }
        .expect("writing to a string cannot fail");
        text.push_str(&print_events(events));
    }
    text
}
