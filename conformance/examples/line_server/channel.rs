//! A channel of the line server: from bytes to lines, and a queue of what is to be sent.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;

use asyncore_spec::name::Name;
use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::{Arg, Event, What};
use asyncore_spec::value::Value;

/// Is a connection that speaks in lines.
pub(crate) struct Channel {
    name: Name,
    stream: Option<TcpStream>,
    pub(crate) terminator: Vec<u8>,
    /// What has come and was not collected yet.
    input: Vec<u8>,
    /// What is to be sent; nothing stands for the end.
    output: VecDeque<Option<Vec<u8>>>,
    /// Whether a terminator was found in what was read last, so that there may be more.
    unfinished: bool,
    /// How many terminators it has found.
    pub(crate) found: u32,
    /// What it does wrong.
    fault: String,
}

impl Channel {
    pub(crate) fn new(name: Name, stream: TcpStream, terminator: Vec<u8>, fault: &str) -> Self {
        let (input, output) = (Vec::new(), VecDeque::new());
        Self {
            name,
            stream: Some(stream),
            terminator,
            input,
            output,
            unfinished: false,
            found: 0,
            fault: fault.to_owned(),
        }
    }

    pub(crate) fn stream(&self) -> Option<TcpStream> {
        self.stream.as_ref()?.try_clone().ok()
    }

    /// Reads what is there, unless there is something left of what was read before, and collects up to the first
    /// terminator; says whether there was one.
    pub(crate) fn read(&mut self, events: &mut Vec<Event>) -> bool {
        if self.unfinished {
            return self.frame(events);
        }
        let Some(stream) = &mut self.stream else { return false };
        let mut data = vec![0; 65536];
        match stream.read(&mut data) {
            Ok(0) => self.stream = None,
            Ok(length) => {
                data.truncate(length);
                if self.fault == "loses a byte" {
                    data.pop();
                }
                self.input.extend(data);
            }
            // What is held back is judged anew when something is read, and not before.
            Err(_) => return false,
        }
        self.frame(events)
    }

    /// Collects up to the first terminator, or as far as no terminator can begin; says whether one was found.
    fn frame(&mut self, events: &mut Vec<Event>) -> bool {
        let length = self.terminator.len();
        let at = if length == 0 { None } else { self.input.windows(length).position(|w| w == self.terminator) };
        let kept = (1..length).rev().find(|kept| self.input.ends_with(&self.terminator[..*kept])).unwrap_or(0);
        let collected: Vec<u8> = self.input.drain(..at.unwrap_or(self.input.len() - kept)).collect();
        if !collected.is_empty() {
            events.push(self.event(Hook::CollectIncomingData, Some(Value::bytes(collected))));
        }
        if at.is_some() {
            self.input.drain(..length);
            if self.fault != "skips terminators" {
                events.push(self.event(Hook::FoundTerminator, None));
            }
        }
        self.unfinished = at.is_some();
        self.unfinished
    }

    fn event(&self, hook: Hook, value: Option<Value>) -> Event {
        Event {
            depth: 0,
            what: What::Hook { on: self.name, hook, arg: value.map(|value| Arg::Value { value }), flags: None },
        }
    }

    pub(crate) fn push(&mut self, data: Option<Vec<u8>>) {
        if self.fault == "sends twice" {
            self.output.extend(data.clone().map(Some));
        }
        if self.fault != "never closes" || data.is_some() {
            self.output.push_back(data);
        }
        self.write();
    }

    /// Sends what there is room for; says whether it sent anything.
    pub(crate) fn write(&mut self) -> bool {
        let mut busy = false;
        while let Some(first) = self.output.front_mut() {
            let (Some(data), Some(stream)) = (first, &mut self.stream) else {
                self.stream = None;
                self.output.clear();
                return true;
            };
            match stream.write(data) {
                Ok(sent) if sent == data.len() => _ = self.output.pop_front(),
                Ok(sent) => _ = data.drain(..sent),
                Err(_) => return busy,
            }
            busy = true;
        }
        busy
    }
}
