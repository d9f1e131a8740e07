//! Scenarios about one dispatcher: its life, its socket, its events and what becomes of errors.

use super::data::pick;
use super::{Draft, Line, Record};
use crate::dispatcher::{Attribute, CallReply, Class, DispatcherOptions, Family, Given, SocketType};
use crate::exception::{Errno, Exception};
use crate::feature::Feature;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, DispatchBy, Ending, Hook, Input, Method, Setup};
use crate::trace::SocketCall;
use crate::value::Bytes;
use crate::wait::Conditions;

/// The lines about one dispatcher: how often each stands on the menu, what it needs, what it adds.
const LINES: &[(u8, Option<Feature>, Line)] = &[
    (4, None, |draft, chan, [kind, more, _]| draft.step_arrive(chan, kind, more)),
    (3, None, |draft, chan, [size, ..]| {
        let size = if size % 32 == 31 { 0 } else { 1 + u32::from(size % 8) };
        draft.step(Action::Receive { chan, size });
    }),
    (5, None, |draft, chan, [number, ..]| {
        let data = Bytes(draft.text(if number % 8 == 7 || number >= 250 { number } else { number % 64 }));
        draft.step(Action::Send { chan, data });
    }),
    (4, None, |draft, chan, [kind, more, _]| {
        let outcome = draft.outcome(kind, more);
        draft.setup(Setup::Sends { chan, outcomes: vec![outcome] });
    }),
    (3, Some(Feature::WithSend), |draft, chan, details| draft.backlog(chan, details)),
    (6, Some(Feature::Dispatch), |draft, chan, details| draft.dispatch(chan, details)),
    (4, Some(Feature::Events), |draft, chan, [number, ..]| {
        const EVENTS: &[Method] = &[Method::HandleReadEvent, Method::HandleWriteEvent, Method::HandleExptEvent];
        draft.step(Action::Call { chan, method: pick(EVENTS, number) });
    }),
    (2, None, |draft, chan, [number, ..]| draft.handler(chan, number)),
    (3, Some(Feature::Connect), |draft, chan, [number, ..]| draft.connect_dispatcher(chan, number)),
    (3, Some(Feature::Errors), |draft, chan, details| draft.reply(chan, details)),
    (3, Some(Feature::Listen), |draft, chan, [kind, number, _]| draft.listening(chan, kind, number)),
    (2, None, |draft, chan, _| draft.step(Action::Close { chan })),
    (3, None, |draft, chan, [number, ..]| draft.look(chan, number)),
    (1, None, |draft, chan, [kind, ..]| {
        draft.step(if kind % 2 == 0 { Action::Readable { chan } } else { Action::Writable { chan } });
    }),
    (3, Some(Feature::Reactions), |draft, chan, details| draft.react_to_event(chan, details)),
    (1, Some(Feature::Maps), |draft, _, _| draft.step(Action::MapNames { map: None })),
    (1, Some(Feature::Reactions), |draft, chan, _| draft.meet_the_end_again(chan)),
    (1, Some(Feature::Python), |draft, chan, details| draft.print(chan, details)),
];

/// The hooks of a dispatcher that scenarios let react.
const HOOKS: &[Hook] = &[
    Hook::HandleRead,
    Hook::HandleWrite,
    Hook::HandleConnect,
    Hook::HandleClose,
    Hook::HandleError,
    Hook::HandleExpt,
    Hook::HandleAccept,
    Hook::HandleAccepted,
];

impl Draft<'_> {
    /// Makes a scenario about one dispatcher.
    pub(super) fn dispatcher(&mut self, records: &[Record]) {
        let chan = Name::of("d");
        let [class, given, kind, reads] = self.head;
        let mut options = DispatcherOptions {
            class: self.class(class),
            given: self.given(given),
            reads: (reads % 3 != 0).then(|| 1 + u32::from(reads % 8)),
            ..DispatcherOptions::default()
        };
        options.later = kind % 4 == 3 || self.may_fail(options.given);
        if options.class == Class::File {
            options.given = Given::Connected;
            options.object = kind % 8 == 4 && self.has(Feature::Python) && self.repertoire.profile != Profile::Py25;
        }
        let later = options.later;
        self.setup(Setup::Dispatcher { name: chan, options });
        for name in ["s", "t"] {
            self.setup(Setup::Socket { name: Name::of(name), fd: None, peer: None });
        }
        if later {
            self.step(Action::Construct { chan });
        }
        if given % 8 == 5 && self.has(Feature::CreateSocket) {
            self.create(chan, kind);
        }
        let menu = self.menu(LINES);
        self.serve(&menu, &[chan], records);
    }

    /// Lets a dispatcher_with_send have something left to send, and go on with it.
    fn backlog(&mut self, chan: Name, [first, second, number]: [u8; 3]) {
        if self.class(self.head[0]) != Class::WithSend {
            return;
        }
        let outcomes = vec![self.outcome(first, second), self.outcome(second, first)];
        self.setup(Setup::Sends { chan, outcomes });
        self.step(Action::Send { chan, data: Bytes(self.text(if number % 8 == 7 { 255 } else { number % 250 })) });
        if self.has(Feature::Events) {
            let method = if number % 4 == 3 { Method::HandleReadEvent } else { Method::HandleWriteEvent };
            self.step(Action::Call { chan, method });
        }
    }

    fn class(&self, number: u8) -> Class {
        match number % 8 {
            4 | 5 if self.has(Feature::WithSend) => Class::WithSend,
            6 if self.has(Feature::File) => Class::File,
            _ => Class::Dispatcher,
        }
    }

    fn given(&self, number: u8) -> Given {
        match number % 8 {
            4 | 5 => Given::Nothing,
            3 | 6 if self.has(Feature::Errors) => {
                Given::Peerless { errno: pick(&[Errno::ENOTCONN, Errno::EINVAL], number / 8) }
            }
            7 if self.has(Feature::Errors) => {
                Given::Peerless { errno: pick(&[Errno::EIO, Errno::EBADF, Errno::ENOBUFS], number / 8) }
            }
            _ => Given::Connected,
        }
    }

    /// Says whether a constructor may fail; then it is a step of its own.
    fn may_fail(&self, given: Given) -> bool {
        matches!(given, Given::Peerless { errno } if !matches!(errno, Errno::ENOTCONN | Errno::EINVAL))
    }

    pub(super) fn create(&mut self, chan: Name, number: u8) {
        let bare = number.is_multiple_of(3) && self.repertoire.profile == Profile::Py311;
        let family = (!bare).then(|| pick(Family::ALL, number / 3));
        let kind = (!bare).then(|| pick(SocketType::ALL, number / 9));
        self.step(Action::CreateSocket { chan, family, kind });
    }

    pub(super) fn step_arrive(&mut self, chan: Name, kind: u8, more: u8) {
        let input = match kind % 8 {
            6 => Input::Eof,
            7 if self.has(Feature::Errors) => Input::Fail { errno: self.errno(more) },
            _ => Input::Data { hex: Bytes(b"abcdefghij"[..1 + usize::from(more % 10)].to_vec()) },
        };
        self.step(Action::Arrive { chan, input });
    }

    fn dispatch(&mut self, chan: Name, [kind, more, _]: [u8; 3]) {
        if kind % 2 == 0 {
            self.step(Action::Dispatch { chan, by: pick(DispatchBy::ALL, more) });
            return;
        }
        let conditions = Conditions::of_bits(more);
        let conditions = if conditions.is_empty() { Conditions::READ } else { conditions };
        self.step(Action::Readwrite { chan, conditions });
    }

    fn handler(&mut self, chan: Name, number: u8) {
        self.step(match number % 8 {
            0 => Action::HandleRead { chan },
            1 => Action::HandleWrite { chan },
            2 => Action::Call { chan, method: Method::HandleExpt },
            3 => Action::Call { chan, method: Method::HandleConnect },
            4 => Action::Call { chan, method: Method::HandleClose },
            5 if self.listens(chan) => Action::Call { chan, method: Method::HandleAccept },
            6 if self.has(Feature::Listen) && self.repertoire.profile == Profile::Py311 => {
                Action::HandleAccepted { chan, socket: Name::of("s") }
            }
            _ => Action::HandleRead { chan },
        });
    }

    /// Says how a call of the socket fails, or what it gives.
    pub(super) fn reply(&mut self, chan: Name, [kind, number, more]: [u8; 3]) {
        use Errno::{EACCES, EADDRINUSE, EBADF, ECONNREFUSED, EINVAL, EIO, EMFILE, ENOTCONN, ETIMEDOUT};
        let fail = |errnos: &[Errno]| CallReply::Fail { errno: pick(errnos, number) };
        let (call, reply) = match kind % 10 {
            0..=3 if self.has(Feature::Connect) => return self.connect_dispatcher(chan, number),
            0..=5 => (SocketCall::Getsockopt, fail(&[ECONNREFUSED, ETIMEDOUT, EIO])),
            6 | 7 => (SocketCall::Close, fail(&[ENOTCONN, EBADF, EIO])),
            8 => match more % 4 {
                0 => (SocketCall::Bind, fail(&[EADDRINUSE, EACCES])),
                1 => (SocketCall::Listen, fail(&[EINVAL, EADDRINUSE])),
                2 => (SocketCall::Setsockopt, fail(&[EINVAL])),
                _ => (SocketCall::Create, fail(&[EMFILE])),
            },
            _ => (SocketCall::Dup, fail(&[EMFILE])),
        };
        if call == SocketCall::Dup && !self.is_later(chan) {
            return;
        }
        self.setup(Setup::Replies { on: chan, call, replies: vec![reply] });
    }

    fn is_later(&self, chan: Name) -> bool {
        let later =
            |setup: &Setup| matches!(setup, Setup::Dispatcher { name, options } if *name == chan && options.later);
        self.scenario.setup.iter().any(later)
    }

    /// Lets a channel that does not close meet the end of its connection twice.
    fn meet_the_end_again(&mut self, chan: Name) {
        self.add_reaction(chan, Hook::HandleClose, 1, Vec::new(), Ending::Return);
        self.step(Action::Arrive { chan, input: Input::Eof });
        (0..2).for_each(|_| self.step(Action::Receive { chan, size: 4 }));
    }

    /// Says whether a channel has been told to listen.
    fn listens(&self, chan: Name) -> bool {
        self.scenario.steps.iter().any(|step| matches!(step, Action::Listen { chan: other, .. } if *other == chan))
    }

    fn connects(&self, chan: Name) -> bool {
        self.scenario.steps.contains(&Action::Connect { chan })
    }

    fn is_created(&self, chan: Name) -> bool {
        self.scenario
            .steps
            .iter()
            .any(|step| matches!(step, Action::CreateSocket { chan: other, .. } if *other == chan))
    }

    /// Says whether a channel has a socket of its own that neither is connected nor connects.
    fn is_fresh(&self, chan: Name) -> bool {
        let unconnected = self.scenario.setup.iter().any(|setup| {
            let Setup::Dispatcher { name, options } = setup else { return false };
            *name == chan
                && options.class != Class::File
                && options.given != Given::Connected
                && (options.given != Given::Nothing || self.is_created(chan))
        });
        unconnected && !self.connects(chan)
    }

    /// Lets a channel connect, where it has not done so; the answer is one that a kernel gives in its state.
    pub(super) fn connect_dispatcher(&mut self, chan: Name, number: u8) {
        use Errno::{EACCES, EALREADY, ECONNREFUSED, EINPROGRESS, EINVAL, EISCONN, ENOENT};
        const FIRST: &[Errno] =
            &[EINPROGRESS, ECONNREFUSED, EINPROGRESS, ENOENT, EINPROGRESS, EACCES, EINPROGRESS, EINVAL];
        let answered = self.scenario.setup.iter().rev().find_map(|setup| match setup {
            Setup::Replies { on, call: SocketCall::Connect, replies } if *on == chan => replies.last().copied(),
            _ => None,
        });
        if self.listens(chan) {
            return self.look(chan, number);
        }
        let at_once = self.scenario.steps.last() == Some(&Action::Connect { chan });
        let answer = match answered {
            _ if self.is_fresh(chan) => (!number.is_multiple_of(3)).then(|| pick(FIRST, number / 3)),
            Some(CallReply::Fail { errno: EINPROGRESS | EALREADY }) if at_once => {
                Some(pick(&[EALREADY, EISCONN, ECONNREFUSED], number))
            }
            Some(CallReply::Fail { errno: ECONNREFUSED | ENOENT | EACCES | EINVAL }) => Some(pick(FIRST, number)),
            _ => Some(EISCONN),
        };
        if let Some(errno) = answer {
            if !self.has(Feature::Errors) {
                return self.look(chan, number);
            }
            let replies = vec![CallReply::Fail { errno }];
            self.setup(Setup::Replies { on: chan, call: SocketCall::Connect, replies });
        }
        self.step(Action::Connect { chan });
    }

    pub(super) fn listening(&mut self, chan: Name, kind: u8, number: u8) {
        match kind % 8 {
            0 => self.step(Action::Bind { chan }),
            1 | 2 if self.is_fresh(chan) => self.step(Action::Listen { chan, backlog: 1 + u32::from(number % 8) }),
            3 | 4 if self.listens(chan) => self.step(Action::Accept { chan }),
            3 | 4 if self.is_fresh(chan) => {
                self.step(Action::Listen { chan, backlog: 5 });
                self.reply_to_accept(chan, kind, number);
                let method = Method::HandleAccept;
                let accepts = (number / 8).is_multiple_of(2);
                self.step(if accepts { Action::Accept { chan } } else { Action::Call { chan, method } });
            }
            1..=4 => self.look(chan, number),
            5 => self.step(Action::SetReuseAddr { chan }),
            _ => self.reply_to_accept(chan, kind, number),
        }
    }

    /// Says what an accept gives, or how it fails.
    fn reply_to_accept(&mut self, chan: Name, kind: u8, number: u8) {
        use Errno::{ECONNREFUSED, EINPROGRESS, EIO, EMFILE, ENFILE, ENOMEM, EPERM, EPROTO};
        const FAILING: &[Errno] = &[EMFILE, EIO, ENFILE, EPROTO, ECONNREFUSED, ENOMEM, EINPROGRESS, EPERM];
        let reply = match number % 8 {
            4 if self.has(Feature::Errors) => CallReply::Fail { errno: Errno::ECONNABORTED },
            5 if self.has(Feature::Errors) => CallReply::Fail { errno: Errno::EAGAIN },
            6 if self.has(Feature::Errors) => CallReply::Fail { errno: pick(FAILING, kind / 8) },
            7 if self.has(Feature::Python) => CallReply::Nothing,
            number => CallReply::Gives { socket: Name::of(if number % 2 == 0 { "s" } else { "t" }) },
        };
        self.setup(Setup::Replies { on: chan, call: SocketCall::Accept, replies: vec![reply] });
    }

    pub(super) fn look(&mut self, chan: Name, number: u8) {
        const PLAIN: &[Attribute] = &[
            Attribute::Connected,
            Attribute::Accepting,
            Attribute::Connecting,
            Attribute::Addr,
            Attribute::Socket,
            Attribute::Registered,
            Attribute::Blocking,
            Attribute::OutBuffer,
            Attribute::Delegated,
            Attribute::Closing,
        ];
        let attribute = pick(PLAIN, number);
        let fits = match attribute {
            Attribute::OutBuffer => self.class(self.head[0]) == Class::WithSend,
            Attribute::Delegated => self.has(Feature::Python) && self.class(self.head[0]) != Class::File,
            _ => true,
        };
        self.step(Action::Look { chan, attribute: if fits { attribute } else { Attribute::Connected } });
    }

    /// Lets a call of a handler do something, return at once or raise.
    pub(super) fn react_to_event(&mut self, chan: Name, [kind, nth, more]: [u8; 3]) {
        let hook = pick(HOOKS, kind);
        if matches!(hook, Hook::HandleAccept | Hook::HandleAccepted) && !self.has(Feature::Listen) {
            return;
        }
        let (actions, ending) = match nth / 3 % 8 {
            0 => (Vec::new(), Ending::Return),
            1 | 2 if self.has(Feature::Raise) => (Vec::new(), Ending::Raise { exception: self.event_exception(more) }),
            3 => (vec![self.event_action(chan, more)], Ending::Normal),
            4 if self.has(Feature::Raise) => {
                (vec![self.event_action(chan, more)], Ending::Raise { exception: self.event_exception(kind) })
            }
            _ => (vec![self.event_action(chan, more)], Ending::Return),
        };
        self.add_reaction(chan, hook, 1 + u32::from(nth % 3), actions, ending);
    }

    pub(super) fn event_exception(&self, number: u8) -> Exception {
        match number % 8 {
            0..=2 => Exception::scripted(),
            3 => Exception::Exit,
            4 => Exception::Interrupt,
            _ if self.has(Feature::Errors) => Exception::os(self.errno(number / 8)),
            _ => Exception::scripted(),
        }
    }

    fn event_action(&self, chan: Name, number: u8) -> Action {
        match number % 8 {
            0 | 1 => Action::Receive { chan, size: 1 + u32::from(number / 8 % 5) },
            2 => Action::Send { chan, data: Bytes(self.text(number % 64)) },
            3 | 4 => Action::Close { chan },
            5 if self.listens(chan) => Action::Accept { chan },
            6 => Action::Look { chan, attribute: Attribute::Connected },
            _ => Action::Readable { chan },
        }
    }

    fn print(&mut self, chan: Name, [kind, number, _]: [u8; 3]) {
        const KINDS: &[&str] = &["info", "warning", "error"];
        self.step(match kind % 6 {
            0 => Action::Repr { chan },
            1 => Action::Log { chan, message: "hello".to_owned() },
            2 | 3 => Action::LogInfo { chan, message: "hello".to_owned(), kind: pick(KINDS, number).to_owned() },
            4 => Action::CompactTraceback { handling: number % 2 == 0 },
            _ if self.repertoire.profile == Profile::Py25 => Action::Repr { chan },
            _ => Action::Strerror { number: pick(&[1, 111, 9, 1_000_000_000_000], number) },
        });
    }
}
