//! Prints scenarios and traces.

use std::fmt::{self, Display, Write as _};

use crate::dispatcher::{CallReply, Class, DispatcherOptions, Given};
use crate::name::Name;
use crate::scenario::{ChatOptions, Ending, Input, Item, Outcome, Scenario, Setup};
use crate::trace::{Arg, Event, Flags, Reply, Stream, Trace, What};
use crate::value::{Bytes, Value};
use crate::wait::{Told, WaitCall};

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
            Self::Dispatcher { name, options } => write!(f, "dispatcher {name}{options}"),
            Self::Wrapper { name } => write!(f, "file_wrapper {name}"),
            Self::Map { name } => write!(f, "map {name}"),
            Self::Over { transport } => write!(f, "over {}", transport.name()),
            Self::Socket { name, fd, peer } => {
                write!(f, "socket {name}")?;
                fd.map_or(Ok(()), |fd| write!(f, " fd {fd}"))?;
                peer.map_or(Ok(()), |peer| write!(f, " peer {peer}"))
            }
            Self::Replies { on, call, replies } => {
                write!(f, "replies {on} {}", call.name())?;
                replies.iter().try_for_each(|reply| write!(f, " {reply}"))
            }
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
        print_place(f, self.map, self.fd)?;
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

fn print_place(f: &mut fmt::Formatter<'_>, map: Option<Name>, fd: Option<u16>) -> fmt::Result {
    map.map_or(Ok(()), |map| write!(f, " map {map}"))?;
    fd.map_or(Ok(()), |fd| write!(f, " fd {fd}"))
}

impl Display for DispatcherOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.class {
            Class::Dispatcher => "",
            Class::WithSend => " with_send",
            Class::File => " file",
        })?;
        match self.given {
            Given::Connected => {}
            Given::Nothing => f.write_str(" no_socket")?,
            Given::Peerless { errno } => write!(f, " peer {errno}")?,
        }
        self.on.map_or(Ok(()), |socket| write!(f, " socket {socket}"))?;
        print_place(f, self.map, self.fd)?;
        self.reads.map_or(Ok(()), |size| write!(f, " reads {size}"))?;
        self.readable.map_or(Ok(()), |value| write!(f, " readable {value}"))?;
        self.writable.map_or(Ok(()), |value| write!(f, " writable {value}"))?;
        f.write_str(if self.object { " object" } else { "" })?;
        f.write_str(if self.later { " later" } else { "" })
    }
}

impl Display for CallReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Fail { errno } => write!(f, "{errno}"),
            Self::Gives { socket } => write!(f, "{socket}"),
            Self::Nothing => f.write_str("none"),
        }
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
            What::Wait { call, timeout, asked, told } => {
                write!(f, "waits {} {timeout}", call.name())?;
                if *call == WaitCall::Sleep && matches!(told, Told::Ready { .. }) {
                    return Ok(());
                }
                f.write_str(" [")?;
                for (at, item) in asked.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { " " })?;
                }
                write!(f, "] -> {told}")
            }
            What::Seen { on, hex, ended } => {
                write!(f, "{on}.peer {hex}{}", if *ended { " ended" } else { "" })
            }
            What::Printed { to, text } => {
                let to = match to {
                    Stream::Out => "out",
                    Stream::Err => "err",
                };
                write!(f, "prints {to} {}", Bytes::of(text))
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
