//! Scenarios about values and truths that only Python has.

use super::{Draft, Line, Record};
use crate::feature::Feature;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, Item, Setup};
use crate::value::{Bytes, Value};

/// The lines about Python's own values.
const LINES: &[(u8, Option<Feature>, Line)] = &[
    (4, None, |draft, chan, [number, ..]| {
        let terminator = draft.odd_terminator(number);
        draft.step(Action::SetTerminator { chan, terminator });
    }),
    (4, None, |draft, chan, [number, length, _]| {
        let data = draft.odd_data(number, length);
        draft.step(Action::Push { chan, data });
    }),
    (2, None, |draft, chan, [number, length, _]| {
        let value = match number % 4 {
            0 => Value::None,
            3 if draft.encodes(chan) => Value::Text { value: "abcdefg"[..usize::from(length % 8)].to_owned() },
            _ => Value::bytes(draft.text(length % 250)),
        };
        draft.step(Action::PushWithProducer { chan, producer: Item::Value { value } });
    }),
];

impl Draft<'_> {
    pub(super) fn python(&mut self, records: &[Record]) {
        let chan = Name::of("c");
        let mut options = self.input_options();
        let size = self.head[3];
        options.ac_out_buffer_size = if size == 255 && self.has(Feature::Sizes) { Some(0) } else { self.size(size) };
        // What a subject may refuse is set by a step, whose exception can be seen.
        let plain = |value: &Value| match value {
            Value::Int { value } => *value >= 0,
            value => !value.is_python_only() && !matches!(value, Value::List { .. }),
        };
        let odd = options.terminator.take_if(|terminator| !plain(terminator));
        if let Some(terminator) = odd {
            let nothing = self.has(Feature::NoTerminator);
            options.terminator = Some(if nothing { Value::None } else { Value::bytes("\n") });
            self.step(Action::SetTerminator { chan, terminator });
        }
        // What is queued where nothing can be sent is sent for ever by a port that sends until nothing is left.
        let sends = options.ac_out_buffer_size != Some(0);
        self.chat(chan, options);
        let mut menu = self.menu(if sends { LINES } else { &LINES[..2] });
        menu.extend(self.menu(super::input::LINES));
        if sends {
            menu.extend(self.menu(super::output::LINES));
        }
        self.serve(&menu, &[chan], records);
    }

    /// Says whether a channel encodes text.
    fn encodes(&self, chan: Name) -> bool {
        self.scenario
            .setup
            .iter()
            .any(|setup| matches!(setup, Setup::Chat { name, options } if *name == chan && options.use_encoding))
    }

    /// Chooses a terminator that only Python has, or that only Python refuses or bends.
    pub(super) fn odd_terminator(&self, number: u8) -> Value {
        let bytes = |text: &[u8]| Bytes::of(text);
        let py311 = self.repertoire.profile == Profile::Py311;
        match number % 8 {
            0 => Value::bool(true),
            1 => Value::bool(false),
            2 if py311 && number % 16 == 10 => Value::Memoryview { hex: bytes(b"\r\n") },
            2 if self.repertoire.profile != Profile::Py25 => Value::Bytearray { hex: bytes(b"\r\n") },
            3 => Value::Float { tenths: 15 },
            4 => Value::List { items: vec![Value::bytes("\n")] },
            5 if py311 => Value::Text { value: if number % 16 == 13 { "\u{e9}" } else { "\r\n" }.to_owned() },
            6 if self.has(Feature::CountTerminator) => Value::int(-i64::from(1 + number / 8 % 4)),
            _ => Value::List { items: Vec::new() },
        }
    }

    /// Chooses something to push, as far as the spec speaks of what it does.
    fn odd_data(&self, number: u8, length: u8) -> Value {
        let hex = Bytes(self.text(length % 250));
        let common = [Value::int(10), Value::None];
        let latest = [
            Value::Bytearray { hex: hex.clone() },
            Value::Memoryview { hex: hex.clone() },
            Value::Text { value: "abc".to_owned() },
            Value::List { items: hex.iter().map(|byte| Value::int(i64::from(*byte))).collect() },
        ];
        let choices: Vec<Value> = match self.repertoire.profile {
            Profile::Py311 => latest.into_iter().chain(common).collect(),
            Profile::Py25 | Profile::Py27 => common.to_vec(),
        };
        choices[usize::from(number) % choices.len()].clone()
    }
}
