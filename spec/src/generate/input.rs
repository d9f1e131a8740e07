//! Scenarios about what is received.

use super::{Draft, Line, Record};
use crate::feature::Feature;
use crate::name::Name;
use crate::scenario::{Action, ChatOptions, Hook, Input};
use crate::value::Bytes;

/// In how many pieces data come at most.
const MOST_DROPS: usize = 24;

/// The lines about receiving: how often each stands on the menu, what it needs, what it adds.
pub(super) const LINES: &[(u8, Option<Feature>, Line)] = &[
    (8, None, |draft, chan, [kind, term, more]| {
        let input = draft.input(kind, term, more);
        draft.step(Action::Recv { chan, input });
    }),
    (1, None, |draft, chan, details| draft.drip(chan, details)),
    (2, None, |draft, chan, _| draft.step(Action::GetTerminator { chan })),
    (2, None, |draft, chan, [number, ..]| {
        let terminator = draft.terminator(number);
        draft.step(Action::SetTerminator { chan, terminator });
    }),
    (1, None, |draft, chan, _| draft.step(Action::Recv { chan, input: Input::Eof })),
    (1, None, |draft, chan, _| draft.step(Action::HandleRead { chan })),
    (1, None, |draft, chan, _| draft.step(Action::Readable { chan })),
    (1, None, |draft, chan, _| draft.step(Action::DiscardBuffers { chan })),
    (1, Some(Feature::Errors), |draft, chan, [number, ..]| {
        let errno = draft.errno(number);
        draft.step(Action::Recv { chan, input: Input::Fail { errno } });
    }),
    (3, Some(Feature::Reactions), |draft, chan, details| draft.react(chan, Hook::FoundTerminator, details)),
    (2, Some(Feature::Reactions), |draft, chan, details| draft.react(chan, Hook::CollectIncomingData, details)),
    (1, Some(Feature::Reactions), |draft, chan, details| draft.swallow(chan, details)),
    (1, Some(Feature::InternalReactions), |draft, chan, details| draft.react(chan, Hook::Recv, details)),
    (1, Some(Feature::Python), |draft, chan, _| draft.step(Action::BufferSizes { chan })),
    (1, Some(Feature::Gather), |draft, chan, _| draft.step(Action::GetData { chan })),
];

impl Draft<'_> {
    pub(super) fn framing(&mut self, records: &[Record]) {
        let chan = Name::of("c");
        let options = self.input_options();
        self.chat(chan, options);
        let menu = self.menu(LINES);
        self.serve(&menu, &[chan], records);
    }

    /// Lets data come in many small pieces.
    fn drip(&mut self, chan: Name, [kind, term, more]: [u8; 3]) {
        let data = self.data(kind % 128, term, more);
        let pieces = data.chunks(1 + usize::from(kind / 128)).take(if self.has_room() { MOST_DROPS } else { 0 });
        for piece in pieces {
            self.step(Action::Recv { chan, input: Input::Data { hex: Bytes::of(piece) } });
        }
    }

    pub(super) fn input_options(&self) -> ChatOptions {
        let [terminator, size, special, _] = self.head;
        let unset = special == 255 && self.has(Feature::UnsetTerminator);
        ChatOptions {
            terminator: (!unset).then(|| self.terminator(terminator)),
            ac_in_buffer_size: if size < 128 { None } else { self.size(size) },
            bare: special == 254 && self.has(Feature::Bare),
            use_encoding: self.python && special % 8 == 6 && self.has(Feature::UseEncoding),
            gather: special % 8 == 7 && special < 254 && self.has(Feature::Gather),
            ..ChatOptions::default()
        }
    }
}
