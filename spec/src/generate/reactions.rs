//! Reactions: what a hook does besides being recorded.

use super::Draft;
use crate::exception::Exception;
use crate::feature::Feature;
use crate::name::Name;
use crate::scenario::{Action, Ending, Hook, Input, Setup};
use crate::value::Value;

/// The hooks whose errors might be taken for those of a `recv` or a `send`.
const DATA: &[Hook] = &[Hook::Recv, Hook::Send, Hook::CollectIncomingData, Hook::FoundTerminator, Hook::More];

impl Draft<'_> {
    /// Lets a call of a channel's hook do something to the channel or to the other one.
    pub(super) fn react(&mut self, chan: Name, hook: Hook, details: [u8; 3]) {
        self.react_on(chan, chan, hook, details);
    }

    pub(super) fn react_on(&mut self, on: Name, chan: Name, hook: Hook, [kind, nth, more]: [u8; 3]) {
        let target = self.target(chan, nth);
        let (actions, ending) = match kind % 12 {
            9 | 10 if self.has(Feature::Raise) => (Vec::new(), Ending::Raise { exception: self.exception(hook, more) }),
            11 => (vec![self.action(target, kind / 12, more), self.action(target, more, kind)], Ending::Normal),
            kind => (vec![self.action(target, kind, more)], Ending::Normal),
        };
        self.add_reaction(on, hook, 1 + u32::from(nth % 3), actions, ending);
    }

    /// Lets `handle_close`, `handle_error` or `handle_connect` return without doing what the class does, or do something first.
    pub(super) fn swallow(&mut self, chan: Name, [kind, nth, more]: [u8; 3]) {
        let hook = match kind {
            200.. if self.has(Feature::Unconnected) => Hook::HandleConnect,
            _ if kind % 2 == 0 => Hook::HandleClose,
            _ => Hook::HandleError,
        };
        let (actions, ending) = match kind / 2 % 4 {
            0 | 1 => (Vec::new(), Ending::Return),
            2 if more % 2 == 1 => (vec![self.action(self.target(chan, nth), kind / 8, more)], Ending::Return),
            2 => (vec![self.action(self.target(chan, nth), kind / 8, more)], Ending::Normal),
            // An operating system's error raised here would be caught by whoever called; that is another matter.
            _ if self.has(Feature::Raise) => (Vec::new(), Ending::Raise { exception: Exception::scripted() }),
            _ => (Vec::new(), Ending::Return),
        };
        self.add_reaction(chan, hook, 1 + u32::from(nth % 2), actions, ending);
    }

    /// Chooses the channel that a reaction acts on.
    fn target(&self, chan: Name, number: u8) -> Name {
        let mut chats = self.scenario.setup.iter().filter_map(|setup| match setup {
            Setup::Chat { name, .. } => Some(*name),
            _ => None,
        });
        chats.rfind(|name| (number < 128) == (*name == chan)).unwrap_or(chan)
    }

    pub(super) fn add_reaction(&mut self, on: Name, hook: Hook, nth: u32, actions: Vec<Action>, ending: Ending) {
        let taken = self.scenario.setup.iter().any(
            |setup| matches!(setup, Setup::Reaction { on: o, hook: h, nth: n, .. } if (*o, *h, *n) == (on, hook, nth)),
        );
        if !taken {
            self.setup(Setup::Reaction { on, hook, nth, actions, ending });
        }
    }

    pub(super) fn action(&self, chan: Name, kind: u8, more: u8) -> Action {
        match kind % 9 {
            0 => Action::SetTerminator { chan, terminator: self.terminator(more) },
            1 => Action::Push { chan, data: Value::bytes(self.text(more % 250)) },
            2 => Action::GetTerminator { chan },
            3 => Action::Close { chan },
            4 => Action::DiscardBuffers { chan },
            5 => Action::CloseWhenDone { chan },
            6 => Action::InitiateSend { chan },
            7 => Action::Recv { chan, input: self.recv(more) },
            _ => Action::Writable { chan },
        }
    }

    fn recv(&self, more: u8) -> Input {
        if more % 16 == 15 { Input::Eof } else { self.input(more % 16, more / 16, more / 32) }
    }

    fn exception(&self, hook: Hook, number: u8) -> Exception {
        match number % 6 {
            0 | 1 => Exception::scripted(),
            2 => Exception::Exit,
            3 => Exception::Interrupt,
            // A program's own error of the operating system is no error of the socket.
            _ if self.has(Feature::Errors) && DATA.contains(&hook) => Exception::os(self.errno(number / 6)),
            _ => Exception::scripted(),
        }
    }
}
