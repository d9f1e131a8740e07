//! Scenarios about `find_prefix_at_end`, `fifo` and `simple_producer`.

use super::data::pick;
use super::{Draft, Record};
use crate::feature::Feature;
use crate::name::Name;
use crate::scenario::{Action, Setup};
use crate::value::{Bytes, Value};

const NEEDLES: &[&str] = &[
    "\r\n",
    "ab",
    "a",
    "aaa",
    "abab",
    "\r\n.\r\n",
    "abcabcd",
    ".*x",
    "",
    "a+b",
    "aabaaab",
    "aabaaaa",
    "012345678",
    "--boundary-0123456789abcdefghijklmnopqrstuvwxyz--",
];

impl Draft<'_> {
    pub(super) fn prefix(&mut self, [needle, cut, kind, more]: Record) {
        let needle = pick(NEEDLES, needle).as_bytes();
        let cut = usize::from(cut) % (needle.len() + 1);
        let mut haystack = match kind % 5 {
            0 => Vec::new(),
            1 => b"xyz".to_vec(),
            2 => needle[..usize::from(more) % (needle.len() + 1)].to_vec(),
            3 => needle.to_vec(),
            _ => b"aaaaaaaa"[..usize::from(more) % 8].to_vec(),
        };
        if kind % 11 == 10 && self.has(Feature::Binary) {
            haystack.extend([0, 255]);
        }
        if kind % 13 == 12 {
            haystack.extend([b'y'; 300]);
        }
        haystack.extend(&needle[..cut]);
        match kind % 14 {
            6 => haystack.push(b'.'),
            13 => haystack.push(b'\n'),
            _ => {}
        }
        let text = kind == 255 && self.has(Feature::Python) && haystack.is_ascii();
        let value = |bytes: &[u8]| {
            if text { Value::Text { value: String::from_utf8_lossy(bytes).into_owned() } } else { Value::bytes(bytes) }
        };
        self.step(Action::FindPrefixAtEnd { haystack: value(&haystack), needle: value(needle) });
    }

    pub(super) fn fifo(&mut self, records: &[Record]) {
        let fifo = Name::of("f");
        let [kind, first, second, _] = self.head;
        let items = match kind % 4 {
            0 | 1 => None,
            2 => Some(vec![item(first)]),
            _ => Some(vec![item(first), item(second)]),
        };
        let empty = kind >= 250;
        self.setup(Setup::Fifo { name: fifo, items: if empty { Some(Vec::new()) } else { items } });
        for [line, number, ..] in records {
            if *line >= 248 && self.has_room() {
                (0..number % 40).for_each(|_| self.step(Action::FifoPush { fifo, item: item(*number) }));
                (0..number % 40).for_each(|_| self.step(Action::FifoPop { fifo }));
                continue;
            }
            self.step(match line % 8 {
                0..=2 => Action::FifoPush { fifo, item: item(*number) },
                3 | 4 => Action::FifoPop { fifo },
                5 => Action::FifoFirst { fifo },
                6 => Action::FifoIsEmpty { fifo },
                _ if line % 16 < 8 => Action::FifoLen { fifo },
                _ => Action::FifoGiven { fifo },
            });
        }
        if self.scenario.setup.iter().all(|setup| matches!(setup, Setup::Fifo { items: None, .. })) {
            // What was given can only be looked at if something was.
            self.scenario.steps.retain(|step| !matches!(step, Action::FifoGiven { .. }));
        }
    }

    pub(super) fn pieces(&mut self, records: &[Record]) {
        let producer = Name::of("s");
        let [size, length, ..] = self.head;
        let default = size % 4 == 0;
        let length = match (default, length) {
            (true, 128..) => 500 + usize::from(length) * 6,
            _ => usize::from(length % 24),
        };
        let from = if size >= 192 && self.has(Feature::Binary) { 240 } else { b'a' };
        let data: Vec<u8> = (0..length).map(|at| from.wrapping_add(u8::try_from(at % 26).unwrap_or(0))).collect();
        let buffer_size = (!default).then_some(u32::from(size / 4) % 9 + 1);
        self.setup(Setup::SimpleProducer { name: producer, data: Bytes(data), buffer_size });
        records.iter().for_each(|_| self.step(Action::More { producer }));
    }
}

fn item(number: u8) -> Value {
    match number % 6 {
        0 => Value::bytes("a"),
        1 => Value::bytes("b"),
        2 => Value::bytes(""),
        3 => Value::None,
        4 => Value::int(i64::from(number)),
        _ => Value::bytes("cd"),
    }
}
