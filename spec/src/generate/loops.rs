//! Scenarios about the loop: several channels, passes of both kinds, maps, and handlers that change them.

use super::data::pick;
use super::{Draft, Line, Record};
use crate::dispatcher::{Class, DispatcherOptions, Given};
use crate::exception::Errno;
use crate::feature::Feature;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, ChatOptions, Ending, Hook, Setup, Tenths};
use crate::value::Value;
use crate::wait::{Conditions, Ready, Report, Timeout};

/// The lines about passes: how often each stands on the menu, what it needs, what it adds.
const LINES: &[(u8, Option<Feature>, Line)] = &[
    (8, None, |draft, _, details| draft.pass(details)),
    (3, None, |draft, chan, details| draft.run(chan, details)),
    (3, None, |draft, chan, [kind, more, _]| draft.step_arrive(chan, kind, more)),
    (4, Some(Feature::Reactions), |draft, chan, details| draft.react_in_pass(chan, details)),
    (2, None, |draft, chan, [kind, ..]| draft.steer(chan, kind)),
    (2, Some(Feature::Maps), |draft, _, [number, ..]| {
        let map = draft.some_map(number);
        draft.step(Action::MapNames { map });
    }),
    (1, None, |draft, chan, _| draft.step(Action::Close { chan })),
    (1, Some(Feature::Connect), |draft, chan, [number, ..]| draft.connect_dispatcher(chan, number)),
    (1, Some(Feature::Errors), |draft, chan, details| draft.reply(chan, details)),
    (2, Some(Feature::Listen), |draft, chan, [kind, number, _]| draft.listening(chan, kind, number)),
    (1, None, |draft, chan, [number, ..]| draft.look(chan, number)),
    (1, Some(Feature::CloseAll), |draft, _, details| draft.close_all(details)),
];

/// The lines about maps.
const MAPS: &[(u8, Option<Feature>, Line)] = &[
    (4, None, |draft, _, [number, ..]| {
        let map = draft.some_map(number);
        draft.step(Action::MapNames { map });
    }),
    (2, None, |draft, chan, [number, ..]| {
        let map = draft.some_map(number);
        draft.step(Action::AddChannel { chan, map });
    }),
    (2, None, |draft, chan, [number, ..]| {
        let map = draft.some_map(number);
        draft.step(Action::DelChannel { chan, map });
    }),
    (4, None, |draft, chan, _| draft.step(Action::Close { chan })),
    (3, None, |draft, _, _| draft.construct_later()),
    (2, Some(Feature::CreateSocket), |draft, chan, [number, ..]| draft.create(chan, number)),
    (1, Some(Feature::CreateSocket), |draft, chan, [number, ..]| {
        let socket = Name::of(if number % 2 == 0 { "s" } else { "t" });
        draft.step(Action::SetSocket { chan, socket });
    }),
    (3, Some(Feature::CloseAll), |draft, _, details| draft.close_all(details)),
    (2, Some(Feature::InternalReactions), |draft, chan, [kind, ..]| draft.break_close(chan, kind)),
    (2, Some(Feature::Errors), |draft, chan, details| draft.reply(chan, details)),
    (2, Some(Feature::Loop), |draft, _, details| draft.pass(details)),
    (1, None, |draft, chan, [number, ..]| draft.look(chan, number)),
];

const NAMES: [&str; 3] = ["a", "b", "d"];

impl Draft<'_> {
    /// Makes a scenario about passes of the loop.
    pub(super) fn loops(&mut self, records: &[Record]) {
        let channels = self.members();
        let menu = self.menu(LINES);
        self.serve(&menu, &channels, records);
    }

    /// Makes a scenario about maps.
    pub(super) fn maps(&mut self, records: &[Record]) {
        let channels = self.members();
        let menu = self.menu(MAPS);
        self.serve(&menu, &channels, records);
    }

    /// Sets up one to three channels, a socket or two, and one channel for later.
    fn members(&mut self) -> Vec<Name> {
        let [count, kind, maps, later] = self.head;
        let numbered = self.has(Feature::Descriptors);
        let mapped = self.has(Feature::Maps) && maps % 2 == 1;
        if self.has(Feature::Maps) {
            self.setup(Setup::Map { name: Name::of("m") });
        }
        for (name, fd) in [("s", 9), ("t", 5)] {
            self.setup(Setup::Socket { name: Name::of(name), fd: numbered.then_some(fd), peer: None });
        }
        let map = mapped.then(|| Name::of("m"));
        let mut channels = Vec::new();
        for (at, name) in NAMES.iter().take(1 + usize::from(count % 3)).enumerate() {
            let name = Name::of(name);
            let fd = numbered.then(|| [6, 5, 8][at]);
            channels.push(name);
            let own = kind >> (2 * at) & 3;
            let elsewhere = maps % 8 == 5 && at == 1;
            let map = if elsewhere { None } else { map };
            if own == 3 && self.has(Feature::Chat) && (map.is_none() || self.repertoire.profile != Profile::Py25) {
                let terminator = Some(Value::bytes("\n"));
                self.chat(name, ChatOptions { terminator, map, fd, ..ChatOptions::default() });
                continue;
            }
            let class = if own == 2 && self.has(Feature::WithSend) { Class::WithSend } else { Class::Dispatcher };
            let given = match own {
                1 if at > 0 => Given::Nothing,
                1 if self.has(Feature::Errors) => Given::Peerless { errno: Errno::ENOTCONN },
                _ => Given::Connected,
            };
            let reads = (count / 3 % 4 != 3).then_some(4);
            let options = DispatcherOptions { class, given, map, fd, reads, ..DispatcherOptions::default() };
            self.setup(Setup::Dispatcher { name, options });
        }
        let fd = numbered.then(|| pick(&[6, 5, 7], later));
        let options = DispatcherOptions { map, fd, later: true, reads: Some(4), ..DispatcherOptions::default() };
        self.setup(Setup::Dispatcher { name: Name::of("l"), options });
        self.only_dispatchers(&channels)
    }

    /// Leaves out the chats: most lines are not about them.
    fn only_dispatchers(&self, channels: &[Name]) -> Vec<Name> {
        let chat = |name: &Name| {
            self.scenario.setup.iter().any(|setup| matches!(setup, Setup::Chat { name: other, .. } if other == name))
        };
        let others: Vec<Name> = channels.iter().copied().filter(|name| !chat(name)).collect();
        if others.is_empty() { vec![Name::of("l")] } else { others }
    }

    pub(super) fn some_map(&self, number: u8) -> Option<Name> {
        (self.has(Feature::Maps) && number % 4 < 2).then(|| Name::of("m"))
    }

    /// Gives the map that the channels are in.
    fn main_map(&self) -> Option<Name> {
        (self.has(Feature::Maps) && self.head[2] % 2 == 1).then(|| Name::of("m"))
    }

    fn construct_later(&mut self) {
        self.step(Action::Construct { chan: Name::of("l") });
    }

    fn report(&self, bits: u8, more: u8) -> Report {
        if more == 255 && self.has(Feature::Errors) {
            let errno = match bits % 4 {
                0 => Errno::EBADF,
                1 | 3 if self.repertoire.profile != Profile::Py311 => Errno::EINTR,
                _ => Errno::EINVAL,
            };
            return Report::Fail { errno };
        }
        const SETS: &[u8] = &[1, 2, 3, 1, 4, 7, 1, 16, 17, 8, 32, 5, 2, 19, 1, 63];
        let name = |at: usize| Name::of(["a", "b", "d", "l"][at]);
        let mut ready = Vec::new();
        for at in 0..4 {
            if bits >> at & 1 == 1 {
                let set = pick(SETS, more.wrapping_add(u8::try_from(at).unwrap_or(0) * 5) / 3);
                ready.push(Ready { name: name(at), conditions: Conditions::of_bits(set) });
            }
        }
        Report::Ready { ready }
    }

    fn timeout(&self, number: u8) -> Option<Timeout> {
        match number % 16 {
            0..=7 => None,
            8 => Some(Timeout::seconds(0)),
            9 => Some(Timeout::Micros { value: 1900 }),
            10 => Some(Timeout::Micros { value: 100_000 }),
            11 => Some(Timeout::seconds(2)),
            12 => Some(Timeout::Micros { value: 500 }),
            13 if self.has(Feature::Python) => Some(Timeout::seconds(-1)),
            _ => Some(Timeout::Never),
        }
    }

    fn pass(&mut self, [bits, more, kind]: [u8; 3]) {
        let map = if kind >= 250 { None } else { self.main_map() };
        let use_poll = kind % 2 == 1;
        let timeout = if kind >= 224 { self.timeout(kind / 2) } else { None };
        let timeout = timeout.filter(|t| self.has(Feature::Python) || *t != Timeout::Never || use_poll);
        let report = self.report(bits, more);
        self.step(Action::Poll { map, use_poll, timeout, report });
    }

    fn run(&mut self, _: Name, [bits, more, kind]: [u8; 3]) {
        let use_poll = kind % 2 == 1;
        let timeout = self.timeout(more);
        let timeout = timeout.filter(|t| self.has(Feature::Python) || *t != Timeout::Never || use_poll);
        let count = match kind / 2 % 8 {
            0 => None,
            1 if self.has(Feature::Python) => Some(Tenths(15)),
            2 => Some(Tenths::whole(0)),
            3 => Some(Tenths::whole(-1)),
            number => Some(Tenths::whole(i32::from(number) - 3)),
        };
        let reports = (0..kind % 5).map(|at| self.report(bits.wrapping_add(at * 3), more.wrapping_mul(at + 1) % 240));
        let reports = reports.collect();
        self.step(Action::Loop { map: self.main_map(), use_poll, timeout, count, reports });
    }

    /// Says what the predicates of a channel give.
    fn steer(&mut self, chan: Name, kind: u8) {
        let value = kind % 4 >= 2;
        let step = if kind.is_multiple_of(2) {
            Action::SetReadable { chan, value }
        } else {
            Action::SetWritable { chan, value }
        };
        self.step(step);
    }

    /// Lets a handler or a predicate change what the loop serves.
    fn react_in_pass(&mut self, chan: Name, [kind, nth, more]: [u8; 3]) {
        const HOOKS: &[Hook] = &[
            Hook::HandleRead,
            Hook::HandleRead,
            Hook::HandleWrite,
            Hook::HandleExpt,
            Hook::HandleClose,
            Hook::HandleError,
            Hook::Readable,
            Hook::Writable,
            Hook::HandleConnect,
        ];
        let hook = pick(HOOKS, kind);
        let count = 1 + usize::from(self.head[0] % 3);
        let names: Vec<Name> = NAMES.iter().take(count).map(|name| Name::of(name)).collect();
        let others = self.only_dispatchers(&names);
        let other = pick(&others, more / 16);
        let predicate = matches!(hook, Hook::Readable | Hook::Writable);
        let actions = match more % 8 {
            0 => vec![Action::Close { chan: other }, Action::Construct { chan: Name::of("l") }],
            1 | 2 => vec![Action::Close { chan: other }],
            3 => vec![Action::Construct { chan: Name::of("l") }],
            4 => vec![Action::Receive { chan, size: 2 }],
            5 if self.has(Feature::Loop) && !predicate => {
                let report = self.report(more / 8, more);
                vec![Action::Poll { map: self.main_map(), use_poll: more / 8 % 2 == 1, timeout: None, report }]
            }
            6 => vec![Action::SetReadable { chan: other, value: more / 16 % 2 == 0 }],
            _ => Vec::new(),
        };
        let ending = match nth / 3 % 8 {
            0 | 1 if self.has(Feature::Raise) => Ending::Raise { exception: self.event_exception(nth / 8) },
            2..=4 if !predicate => Ending::Return,
            _ => Ending::Normal,
        };
        self.add_reaction(chan, hook, 1 + u32::from(nth % 3), actions, ending);
    }

    fn close_all(&mut self, [kind, more, _]: [u8; 3]) {
        let map = if kind % 8 == 7 { self.some_map(more) } else { self.main_map() };
        let ignore_all = kind % 3 == 1 && self.repertoire.profile != Profile::Py25;
        self.step(Action::CloseAll { map, ignore_all });
    }

    /// Lets a channel's `close` raise in place of closing.
    fn break_close(&mut self, chan: Name, kind: u8) {
        if !self.has(Feature::Raise) {
            return;
        }
        let exception = match kind % 8 {
            0 | 1 if self.has(Feature::Errors) => crate::exception::Exception::os(Errno::EBADF),
            2 if self.has(Feature::Errors) => crate::exception::Exception::os(Errno::EIO),
            3 => crate::exception::Exception::Exit,
            4 => crate::exception::Exception::Interrupt,
            _ => crate::exception::Exception::scripted(),
        };
        self.add_reaction(chan, Hook::Close, 1, Vec::new(), Ending::Raise { exception });
    }
}
