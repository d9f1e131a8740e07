//! The class `fifo`.

use super::machine::{Outcome, id, thrown};
use crate::clause_id::ClauseId;
use crate::name::Name;
use crate::value::Value;

#[derive(Debug)]
pub(super) struct Fifo {
    pub(super) name: Name,
    items: Vec<Value>,
    /// How many of the first items were given to the constructor.
    from_list: usize,
    given: Option<Vec<Value>>,
}

fn is_falsy(item: &Value) -> bool {
    match item {
        Value::None => true,
        Value::Bytes { hex } => hex.is_empty(),
        _ => false,
    }
}

impl Fifo {
    pub(super) fn new(name: Name, items: Option<&[Value]>) -> Self {
        let listed = items.unwrap_or_default().to_vec();
        Self { name, from_list: listed.len(), items: listed, given: items.map(<[Value]>::to_vec) }
    }

    pub(super) fn push(&mut self, item: Value) {
        self.items.push(item);
    }

    pub(super) fn pop(&mut self) -> (Value, ClauseId) {
        if self.items.is_empty() {
            return (pair(0, Value::None), id("FIFO-3"));
        }
        let item = self.items.remove(0);
        let clause = if is_falsy(&item) {
            id("FIFO-10")
        } else if self.from_list > 0 {
            id("FIFO-7")
        } else if self.items.is_empty() {
            id("FIFO-2")
        } else {
            id("FIFO-1")
        };
        self.from_list = self.from_list.saturating_sub(1);
        (pair(1, item), clause)
    }

    pub(super) fn first(&self) -> Outcome<(Value, ClauseId)> {
        match self.items.first() {
            Some(item) => Ok((item.clone(), id("FIFO-4"))),
            None => thrown("IndexError", id("FIFO-5")),
        }
    }

    pub(super) fn is_empty(&self) -> (Value, ClauseId) {
        (Value::bool(self.items.is_empty()), id("FIFO-6"))
    }

    pub(super) fn len(&self) -> (Value, ClauseId) {
        (Value::int(i64::try_from(self.items.len()).unwrap_or(i64::MAX)), id("FIFO-9"))
    }

    pub(super) fn given(&self) -> (Value, ClauseId) {
        (self.given.clone().map_or(Value::None, |items| Value::List { items }), id("FIFO-8"))
    }
}

fn pair(flag: i64, item: Value) -> Value {
    Value::List { items: vec![Value::int(flag), item] }
}
