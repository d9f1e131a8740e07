//! Scenarios about what is sent, and about both directions at once.

use super::data::pick;
use super::{Draft, Line, Record};
use crate::exception::Exception;
use crate::feature::Feature;
use crate::name::Name;
use crate::scenario::{Action, ChatOptions, Ending, Hook, Item, Setup};
use crate::value::{Bytes, Value};

/// The lines about sending: how often each stands on the menu, what it needs, what it adds.
pub(super) const LINES: &[(u8, Option<Feature>, Line)] = &[
    (6, None, |draft, chan, [number, ..]| {
        let data = Value::bytes(draft.text(number));
        draft.step(Action::Push { chan, data });
    }),
    (4, None, |draft, chan, _| draft.step(Action::HandleWrite { chan })),
    (2, None, |draft, chan, _| draft.step(Action::InitiateSend { chan })),
    (2, None, |draft, chan, _| draft.step(Action::Writable { chan })),
    (2, None, |draft, chan, _| draft.step(Action::CloseWhenDone { chan })),
    (1, None, |draft, chan, _| draft.step(Action::DiscardBuffers { chan })),
    (1, None, |draft, chan, _| draft.step(Action::Close { chan })),
    (4, None, |draft, chan, [kind, more, _]| {
        let outcome = draft.outcome(kind, more);
        draft.setup(Setup::Sends { chan, outcomes: vec![outcome] });
    }),
    (3, Some(Feature::Producer), |draft, chan, details| draft.producer(chan, details)),
    (2, Some(Feature::Producer), |draft, chan, details| draft.simple_producer(chan, details)),
    (1, None, |draft, chan, details| draft.many(chan, details)),
    (1, None, |draft, chan, [number, ..]| {
        // What comes behind a request to close.
        draft.step(Action::CloseWhenDone { chan });
        draft.step(Action::Push { chan, data: Value::bytes(draft.text(number % 16)) });
    }),
    (1, Some(Feature::Reactions), |draft, chan, [kind, ending, more]| {
        // What is done while a request to close is met.
        let ending = if ending % 4 == 3 { Ending::Return } else { Ending::Normal };
        let action = draft.action(chan, kind, more);
        draft.add_reaction(chan, Hook::HandleClose, 1, vec![action], ending);
        draft.step(Action::CloseWhenDone { chan });
        draft.step(Action::HandleWrite { chan });
    }),
    (1, Some(Feature::Connect), |draft, chan, _| draft.fail_to_connect(chan)),
    (1, Some(Feature::Producer), |draft, chan, [number, ..]| draft.again(chan, number)),
    (1, Some(Feature::Connect), |draft, chan, _| draft.connect(chan)),
    (1, Some(Feature::RefillBuffer), |draft, chan, _| draft.step(Action::RefillBuffer { chan })),
    (1, Some(Feature::Reactions), |draft, chan, details| draft.swallow(chan, details)),
    (1, Some(Feature::InternalReactions), |draft, chan, details| draft.react(chan, Hook::Send, details)),
    (3, Some(Feature::Reactions), |draft, chan, details| draft.react_to_more(chan, details)),
];

impl Draft<'_> {
    pub(super) fn queue(&mut self, records: &[Record]) {
        let chan = Name::of("c");
        let options = self.output_options();
        self.chat(chan, options);
        let menu = self.menu(LINES);
        self.serve(&menu, &[chan], records);
    }

    pub(super) fn reentrancy(&mut self, records: &[Record]) {
        let (c, d) = (Name::of("c"), Name::of("d"));
        let input = self.input_options();
        let output = self.output_options();
        self.chat(c, ChatOptions { ac_out_buffer_size: output.ac_out_buffer_size, ..input });
        let two = self.head[3] % 2 == 1;
        if two {
            self.chat(d, output);
        }
        let mut menu = self.menu(super::input::LINES);
        menu.extend(self.menu(LINES));
        let channels = [c, if two { d } else { c }];
        self.serve(&menu, &channels, records);
    }

    fn output_options(&self) -> ChatOptions {
        let [terminator, _, kind, size] = self.head;
        ChatOptions {
            terminator: Some(self.terminator(terminator)),
            ac_out_buffer_size: self.size(size),
            unconnected: kind % 4 == 3 && self.has(Feature::Unconnected),
            ..ChatOptions::default()
        }
    }

    /// Connects a channel that was made unconnected, and only such a one, once.
    fn connect(&mut self, chan: Name) {
        let apart = self
            .scenario
            .setup
            .iter()
            .any(|setup| matches!(setup, Setup::Chat { name, options } if *name == chan && options.unconnected));
        let connect = Action::Connect { chan };
        if apart && !self.scenario.steps.contains(&connect) {
            self.step(connect);
        }
    }

    /// Does one thing many times, as some faults need.
    fn many(&mut self, chan: Name, [kind, count, _]: [u8; 3]) {
        let count = if self.has_room() { count % 40 } else { 0 };
        for at in 0..count {
            match kind % 3 {
                0 => self.step(Action::HandleWrite { chan }),
                1 => self.step(Action::Push { chan, data: Value::bytes([b'a' + at % 26]) }),
                _ if self.has(Feature::Producer) && at < 8 => {
                    let name = self.new_producer();
                    self.setup(Setup::Producer { name, results: Vec::new(), falsy: false });
                    self.step(Action::PushWithProducer { chan, producer: Item::Producer { name } });
                }
                _ => {}
            }
        }
    }

    /// Pushes a producer that was pushed before.
    fn again(&mut self, chan: Name, number: u8) {
        if self.producers > 0 {
            let name = Name::of(&format!("p{}", 1 + number % self.producers));
            self.step(Action::PushWithProducer { chan, producer: Item::Producer { name } });
        }
    }

    /// Lets the connection of an unconnected channel fail in `handle_connect`.
    fn fail_to_connect(&mut self, chan: Name) {
        if self.has(Feature::Raise) && self.has(Feature::Reactions) {
            let ending = Ending::Raise { exception: Exception::scripted() };
            self.add_reaction(chan, Hook::HandleConnect, 1, Vec::new(), ending);
            self.connect(chan);
        }
    }

    pub(super) fn new_producer(&mut self) -> Name {
        self.producers += 1;
        Name::of(&format!("p{}", self.producers))
    }

    fn producer(&mut self, chan: Name, [count, length, kind]: [u8; 3]) {
        let name = self.new_producer();
        let result = |at: u8| match kind.wrapping_add(at) % 16 {
            15 if self.has(Feature::Python) => Value::None,
            14 => Value::bytes(""),
            _ => Value::bytes(self.text(length % 240 + at)),
        };
        let results = (0..1 + count % 3).map(result).collect();
        let falsy = self.python && kind % 4 == 3;
        self.setup(Setup::Producer { name, results, falsy });
        self.step(Action::PushWithProducer { chan, producer: Item::Producer { name } });
    }

    fn simple_producer(&mut self, chan: Name, [number, size, _]: [u8; 3]) {
        if !self.has(Feature::SimpleProducer) {
            return;
        }
        let name = self.new_producer();
        let buffer_size = if size % 4 == 3 { None } else { Some(1 + u32::from(size % 6)) };
        let number = if buffer_size.is_some() { number % 250 } else { number };
        self.setup(Setup::SimpleProducer { name, data: Bytes(self.text(number)), buffer_size });
        self.step(Action::PushWithProducer { chan, producer: Item::Producer { name } });
    }

    /// Lets a call of the last producer's `more` do something.
    fn react_to_more(&mut self, chan: Name, [kind, nth, more]: [u8; 3]) {
        if self.producers == 0 {
            return;
        }
        let name = Name::of(&format!("p{}", 1 + pick(&[0, 1, 2, 3], more) % self.producers));
        self.react_on(name, chan, Hook::More, [kind, nth, more]);
    }
}
