//! Producers: one's own, and `simple_producer`.

use std::collections::VecDeque;

use super::machine::{Call, Machine, Outcome, id};
use crate::clause_id::ClauseId;
use crate::name::Name;
use crate::scenario::Hook;
use crate::value::{Bytes, Value};

/// The default `buffer_size` of `simple_producer`, in bytes (PRODUCER-4).
pub(super) const BUFFER_SIZE: usize = 512;

#[derive(Debug)]
pub(super) struct Producer {
    pub(super) name: Name,
    /// Whether its own truth value is false.
    pub(super) falsy: bool,
    /// Whether its `more` is under way.
    pub(super) asked: bool,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Own(VecDeque<Value>),
    Simple { data: Vec<u8>, size: usize, default: bool, begun: bool },
}

impl Producer {
    pub(super) fn own(name: Name, results: &[Value], falsy: bool) -> Self {
        Self { name, falsy, asked: false, source: Source::Own(results.iter().cloned().collect()) }
    }

    pub(super) fn simple(name: Name, data: &Bytes, size: Option<u32>) -> Self {
        let (size, default) = size.map_or((BUFFER_SIZE, true), |size| (size as usize, false));
        Self {
            name,
            falsy: false,
            asked: false,
            source: Source::Simple { data: data.0.clone(), size, default, begun: false },
        }
    }

    /// Names the clause that says what `more` gives next.
    pub(super) fn why(&self) -> ClauseId {
        match &self.source {
            Source::Own(_) => id("PRODUCER-5"),
            Source::Simple { data, begun: true, .. } if data.is_empty() => id("PRODUCER-2"),
            Source::Simple { data, size, default: true, .. } if data.len() > *size => id("PRODUCER-4"),
            Source::Simple { data, size, .. } if data.len() == *size => id("PRODUCER-3"),
            Source::Simple { .. } => id("PRODUCER-1"),
        }
    }

    fn next(&mut self) -> Value {
        match &mut self.source {
            Source::Own(results) => results.pop_front().unwrap_or_else(|| Value::bytes("")),
            Source::Simple { data, size, begun, .. } => {
                *begun = true;
                let rest = data.split_off((*size).min(data.len()));
                Value::bytes(std::mem::replace(data, rest))
            }
        }
    }
}

impl Machine<'_> {
    /// Calls `more` of a producer.
    pub(super) fn more(&mut self, producer: Name, demand: ClauseId) -> Outcome<Value> {
        let call = Call::of(producer, Hook::More, demand, id("PRODUCER-11"));
        let outer = std::mem::replace(&mut self.producer(producer).asked, true);
        let result = self.hook(call, |machine| Ok(machine.producer(producer).next()), Value::bytes(""));
        self.producer(producer).asked = outer;
        result
    }
}
