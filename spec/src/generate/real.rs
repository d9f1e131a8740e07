//! Scenarios on real sockets: a peer that sends, ends, breaks off; channels that connect, accept, answer.
//!
//! What is awaited must come whatever the kernel does. So the draft keeps book of which channels are surely alive, and
//! awaits something only of those, right after the peer gave cause for it. Of the others it asks for passes that do not
//! wait: whatever these find, the model follows.

use super::data::pick;
use super::{Draft, Record};
use crate::dispatcher::{CallReply, Class, DispatcherOptions, Family, Given, SocketType};
use crate::exception::Exception;
use crate::feature::Feature;
use crate::name::Name;
use crate::peer::{PeerAct, Transport};
use crate::profile::Profile;
use crate::scenario::{Action, ChatOptions, Ending, Hook, Setup, Tenths};
use crate::trace::SocketCall;
use crate::value::{Bytes, Value};
use crate::wait::{Report, Timeout};

/// Bytes that the peer sends to channels that have no terminator.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

/// How many lines there are to choose from.
const LINES: u8 = 24;

/// Is a scenario on real sockets being decoded.
struct Real<'a, 'd> {
    draft: &'a mut Draft<'d>,
    transport: Transport,
    use_poll: bool,
    map: Option<Name>,
    channels: Vec<Channel>,
    /// How many channels and sockets were named.
    names: u8,
}

/// Is a channel with a connection.
#[derive(Clone, Copy)]
struct Channel {
    name: Name,
    is_chat: bool,
    /// Whether nothing has closed it, or may have.
    alive: bool,
    /// Whether the peer is still there.
    here: bool,
    /// How many bytes the peer has yet to read, at least.
    unread: u32,
}

impl Draft<'_> {
    pub(super) fn real(&mut self, records: &[Record]) {
        let [transport, how, ..] = self.head;
        let known = [
            (Transport::Tcp4, Feature::Tcp4),
            (Transport::Unix, Feature::UnixSockets),
            (Transport::Tcp6, Feature::Tcp6),
            (Transport::Udp, Feature::Udp),
            (Transport::Pipe, Feature::Pipe),
        ];
        let fits = |transport: Transport| match transport {
            Transport::Udp => {
                self.has(Feature::Dispatcher) && self.has(Feature::CreateSocket) && self.has(Feature::Listen)
            }
            Transport::Pipe => self.has(Feature::Dispatcher) && self.has(Feature::File),
            _ => self.has(Feature::Chat) || self.has(Feature::Dispatcher),
        };
        let known = known.into_iter().filter(|(transport, feature)| self.has(*feature) && fits(*transport));
        let known: Vec<Transport> = known.map(|(transport, _)| transport).collect();
        if known.is_empty() || !self.has(Feature::Loop) {
            return;
        }
        let transport = pick(&known, transport);
        let map = (how / 2 % 4 == 3 && self.has(Feature::Maps)).then(|| Name::of("m"));
        let mut real = Real { draft: self, transport, use_poll: how % 2 == 1, map, channels: Vec::new(), names: 0 };
        real.set_up();
        // What a callback does it does from the first step on.
        for [line, details @ ..] in records {
            if Self::is_reaction(*line) {
                real.react(*details);
            }
        }
        for [line, details @ ..] in records {
            if !Self::is_reaction(*line) {
                real.line(*line, *details);
            }
        }
        real.look_around();
    }

    fn is_reaction(line: u8) -> bool {
        matches!(line % LINES, 10 | 11)
    }
}

impl Real<'_, '_> {
    fn set_up(&mut self) {
        let transport = self.transport;
        self.draft.setup(Setup::Over { transport });
        if let Some(name) = self.map {
            self.draft.setup(Setup::Map { name });
        }
        match transport {
            Transport::Udp => self.bind_datagrams(),
            Transport::Pipe => self.dispatcher(Class::File),
            _ => {
                let [_, _, number, sizes] = self.draft.head;
                for _ in 0..1 + number % 5 / 3 {
                    if self.draft.has(Feature::Chat) && (sizes < 200 || !self.draft.has(Feature::Dispatcher)) {
                        self.chat();
                    } else {
                        self.dispatcher(Class::Dispatcher);
                    }
                }
            }
        }
    }

    fn new_name(&mut self) -> Name {
        self.names += 1;
        Name::of(&format!("c{}", self.names))
    }

    fn chat(&mut self) {
        let [_, _, terminator, sizes] = self.draft.head;
        let name = self.new_name();
        let sized = sizes % 4 == 1 && self.draft.has(Feature::Sizes);
        // Smaller than a terminator, and some releases would never read on.
        let options = ChatOptions {
            terminator: Some(self.draft.terminator(terminator)),
            ac_in_buffer_size: sized.then(|| 64 + u32::from(sizes)),
            ac_out_buffer_size: sized.then(|| 1 + u32::from(sizes % 9)),
            map: self.map,
            ..ChatOptions::default()
        };
        self.draft.chat(name, options);
        self.channels.push(Channel { name, is_chat: true, alive: true, here: true, unread: 0 });
    }

    fn dispatcher(&mut self, class: Class) {
        let name = self.new_name();
        let reads = Some(1 + u32::from(self.draft.head[2] % 9));
        let options =
            DispatcherOptions { class, reads, writable: Some(false), map: self.map, ..DispatcherOptions::default() };
        self.draft.setup(Setup::Dispatcher { name, options });
        self.channels.push(Channel { name, is_chat: false, alive: true, here: true, unread: 0 });
    }

    /// Sets up a dispatcher that has no socket yet.
    fn unconnected(&mut self, writable: Option<bool>) -> Name {
        let name = self.new_name();
        let options = DispatcherOptions {
            given: Given::Nothing,
            reads: Some(1 + u32::from(self.draft.head[2] % 9)),
            writable,
            map: self.map,
            ..DispatcherOptions::default()
        };
        self.draft.setup(Setup::Dispatcher { name, options });
        name
    }

    fn create_socket(&mut self, chan: Name) {
        let (family, kind) = match self.transport {
            Transport::Tcp6 => (Family::Inet6, SocketType::Stream),
            Transport::Unix => (Family::Unix, SocketType::Stream),
            Transport::Udp => (Family::Inet, SocketType::Dgram),
            Transport::Tcp4 | Transport::Pipe => (Family::Inet, SocketType::Stream),
        };
        self.draft.step(Action::CreateSocket { chan, family: Some(family), kind: Some(kind) });
    }

    fn bind_datagrams(&mut self) {
        let name = self.unconnected(Some(false));
        self.create_socket(name);
        self.draft.step(Action::Bind { chan: name });
        self.channels.push(Channel { name, is_chat: false, alive: true, here: true, unread: 0 });
    }

    /// Adds what one record says.
    fn line(&mut self, line: u8, details: [u8; 3]) {
        if !self.draft.has_room() {
            return;
        }
        let at = usize::from(details[2]) % self.channels.len();
        match line % LINES {
            0..=6 => self.send(at, details),
            7 => self.pass(details[0]),
            8 | 9 => self.push(at, details),
            12 => self.end(at),
            13 => self.break_off(at),
            14 => self.urgent(at),
            15 => self.close(at, details[0]),
            16 => self.answer_and_close(at, details),
            17 | 18 => self.accept(details[0]),
            19 => self.connect(details[0]),
            20 => self.send_to_all(details),
            21 => self.hold_back(at),
            22 => self.set_terminator(at, details),
            _ => self.look_around(),
        }
    }

    fn peer(&mut self, on: Name, does: PeerAct) {
        self.draft.step(Action::Peer { on, does });
    }

    fn wait_for(&mut self, on: Name, hook: Hook) {
        let Self { use_poll, map, .. } = *self;
        self.draft.step(Action::Await { on, hook, use_poll, map });
    }

    /// Asks for a pass that does not wait.
    fn glance(&mut self) {
        self.poll(Timeout::seconds(0));
    }

    fn poll(&mut self, timeout: Timeout) {
        let Self { use_poll, map, .. } = *self;
        self.draft.step(Action::Poll { map, use_poll, timeout: Some(timeout), report: Report::default() });
    }

    fn pass(&mut self, kind: u8) {
        if kind % 3 == 2 {
            let Self { use_poll, map, .. } = *self;
            let (timeout, count) = (Some(Timeout::seconds(0)), Some(Tenths::whole(i32::from(kind % 4))));
            self.draft.step(Action::Loop { map, use_poll, timeout, count, reports: Vec::new() });
        } else {
            self.glance();
        }
    }

    fn look_around(&mut self) {
        if self.draft.has(Feature::Maps) {
            let map = self.map;
            self.draft.step(Action::MapNames { map });
        }
        self.glance();
    }

    /// Names the hook that is surely called when there is something to read.
    fn reading(channel: Channel) -> Hook {
        if channel.is_chat { Hook::Recv } else { Hook::HandleRead }
    }

    fn data(&self, channel: Channel, [kind, more, _]: [u8; 3]) -> Bytes {
        if !channel.is_chat {
            return Bytes::of(&LETTERS[..1 + usize::from(more % 12)]);
        }
        let mut data = self.draft.data(kind, more, more);
        if self.draft.head[3] % 4 == 1 {
            data.0.truncate(500);
        }
        data
    }

    fn send(&mut self, at: usize, details: [u8; 3]) {
        let channel = self.channels[at];
        if !channel.here {
            return self.glance();
        }
        let hex = self.data(channel, details);
        self.peer(channel.name, PeerAct::Sends { hex });
        if !channel.alive {
            return self.glance();
        }
        self.wait_for(channel.name, Self::reading(channel));
        if details[0] % 2 == 1 {
            self.glance();
        }
    }

    /// Lets several channels have something to read in one pass.
    fn send_to_all(&mut self, details: [u8; 3]) {
        let here: Vec<Channel> = self.channels.iter().copied().filter(|channel| channel.here).collect();
        for channel in here.iter().rev() {
            let hex = self.data(*channel, details);
            self.peer(channel.name, PeerAct::Sends { hex });
        }
        // One who is surely alive has something to be told.
        self.poll(Timeout::seconds(if here.iter().any(|channel| channel.alive) { 2 } else { 0 }));
        self.glance();
    }

    fn push(&mut self, at: usize, [kind, number, _]: [u8; 3]) {
        let channel = self.channels[at];
        if !self.is_of_streams() {
            return self.glance();
        }
        let data = self.draft.text(number % 200);
        let length = u32::try_from(data.len()).unwrap_or(0);
        let chan = channel.name;
        if channel.is_chat {
            self.draft.step(Action::Push { chan, data: Value::bytes(&data) });
        } else {
            self.draft.step(Action::Send { chan, data: Bytes(data) });
        }
        self.channels[at].unread += length;
        if channel.alive && kind % 2 == 0 {
            self.read(at);
        }
    }

    fn read(&mut self, at: usize) {
        let bytes = std::mem::take(&mut self.channels[at].unread);
        if bytes > 0 {
            self.peer(self.channels[at].name, PeerAct::Reads { bytes });
        }
    }

    fn is_of_streams(&self) -> bool {
        matches!(self.transport, Transport::Tcp4 | Transport::Tcp6 | Transport::Unix)
    }

    fn is_tcp(&self) -> bool {
        matches!(self.transport, Transport::Tcp4 | Transport::Tcp6)
    }

    /// The peer ends the stream; the channel's `handle_close` is called.
    fn end(&mut self, at: usize) {
        let channel = self.channels[at];
        if !channel.alive || self.transport == Transport::Udp {
            return self.glance();
        }
        let act = if self.transport == Transport::Pipe { PeerAct::Closes } else { PeerAct::Ends };
        self.peer(channel.name, act);
        if self.transport == Transport::Pipe && self.use_poll && self.draft.repertoire.profile == Profile::Py25 {
            // That release takes a hang-up for an exceptional condition.
            self.poll(Timeout::seconds(2));
        } else {
            self.wait_for(channel.name, Hook::HandleClose);
        }
        (self.channels[at].alive, self.channels[at].here) = (false, false);
    }

    /// The peer breaks the connection.
    fn break_off(&mut self, at: usize) {
        let channel = self.channels[at];
        if !channel.alive || !self.is_tcp() {
            return self.glance();
        }
        self.peer(channel.name, PeerAct::Resets);
        self.wait_for(channel.name, Hook::HandleClose);
        (self.channels[at].alive, self.channels[at].here) = (false, false);
    }

    fn urgent(&mut self, at: usize) {
        let channel = self.channels[at];
        if !channel.alive || channel.is_chat || !self.is_tcp() {
            return self.glance();
        }
        self.peer(channel.name, PeerAct::Urgent { byte: b'!' });
        if self.use_poll && self.draft.repertoire.profile == Profile::Py25 {
            // That release takes urgent data for something to read, finds nothing, and closes the channel.
            self.channels[at].alive = false;
            return self.poll(Timeout::seconds(2));
        }
        self.wait_for(channel.name, Hook::HandleExpt);
    }

    fn close(&mut self, at: usize, kind: u8) {
        self.channels[at].alive = false;
        if kind % 8 == 7 && self.draft.has(Feature::CloseAll) {
            self.channels.iter_mut().for_each(|channel| channel.alive = false);
            let map = self.map;
            self.draft.step(Action::CloseAll { map, ignore_all: kind % 16 == 15 });
        } else {
            let chan = self.channels[at].name;
            self.draft.step(Action::Close { chan });
        }
        self.glance();
    }

    /// Sends something and closes when that is done; the peer reads to the end.
    fn answer_and_close(&mut self, at: usize, [_, number, _]: [u8; 3]) {
        let channel = self.channels[at];
        if !channel.is_chat {
            return self.glance();
        }
        let chan = channel.name;
        self.draft.step(Action::Push { chan, data: Value::bytes(self.draft.text(number % 200)) });
        self.draft.step(Action::CloseWhenDone { chan });
        if channel.alive {
            self.peer(chan, PeerAct::Reads { bytes: 1 << 20 });
        }
        self.channels[at].alive = false;
        self.glance();
    }

    /// Lets a callback do something. What closes a channel, or may, makes nothing of it certain any more.
    fn react(&mut self, [kind, nth, other]: [u8; 3]) {
        if !self.draft.has(Feature::Reactions) {
            return;
        }
        let channel = self.channels[usize::from(other) % self.channels.len()];
        let target = self.channels[usize::from(other) / 3 % self.channels.len()];
        let hook = if channel.is_chat { Hook::FoundTerminator } else { Hook::HandleRead };
        let chan = target.name;
        let (actions, ending) = match kind % 8 {
            0 | 1 if target.is_chat => (vec![Action::Push { chan, data: Value::bytes("pushed\n") }], Ending::Normal),
            2 if target.is_chat => (vec![Action::DiscardBuffers { chan }], Ending::Normal),
            3 if target.is_chat => {
                (vec![Action::SetTerminator { chan, terminator: Value::bytes("\n") }], Ending::Normal)
            }
            4 | 5 => (vec![Action::Close { chan }], Ending::Normal),
            6 if self.draft.has(Feature::Raise) => (Vec::new(), Ending::Raise { exception: Exception::scripted() }),
            _ => (Vec::new(), Ending::Return),
        };
        let closes = matches!(actions.first(), Some(Action::Close { .. }));
        let discards = matches!(actions.first(), Some(Action::DiscardBuffers { .. }));
        let raises = matches!(ending, Ending::Raise { .. });
        if !channel.is_chat && ending == Ending::Return {
            return;
        }
        for it in &mut self.channels {
            it.alive &= !((closes || discards) && it.name == chan || raises && it.name == channel.name);
        }
        self.draft.add_reaction(channel.name, hook, 1 + u32::from(nth % 3), actions, ending);
    }

    /// Sets a channel up that listens, and lets it accept.
    fn accept(&mut self, kind: u8) {
        let needs = [Feature::Dispatcher, Feature::Listen, Feature::CreateSocket, Feature::Reactions];
        if !self.is_of_streams() || !needs.iter().all(|feature| self.draft.has(*feature)) {
            return self.glance();
        }
        let listener = self.unconnected(None);
        let sockets: Vec<Name> = (0..1 + kind % 3).map(|_| self.new_name()).collect();
        for name in &sockets {
            self.draft.setup(Setup::Socket { name: *name, fd: None, peer: None });
        }
        let replies = sockets.iter().map(|socket| CallReply::Gives { socket: *socket }).collect();
        self.draft.setup(Setup::Replies { on: listener, call: SocketCall::Accept, replies });
        let becomes = (kind / 3).is_multiple_of(2).then(|| self.accepted(sockets[0]));
        for at in 0..sockets.len() {
            let mut actions = vec![Action::Accept { chan: listener }];
            actions.extend(becomes.filter(|_| at == 0).map(|chan| Action::Construct { chan }));
            let nth = u32::try_from(at).unwrap_or(0) + 1;
            self.draft.add_reaction(listener, Hook::HandleAccept, nth, actions, Ending::Return);
        }
        self.create_socket(listener);
        self.draft.step(Action::Bind { chan: listener });
        self.draft.step(Action::Listen { chan: listener, backlog: 5 });
        if kind % 5 == 4 {
            self.glance();
        }
        for socket in &sockets {
            self.peer(listener, PeerAct::Connects { socket: *socket });
            self.wait_for(listener, Hook::HandleAccept);
        }
        if let Some(name) = becomes {
            self.peer(sockets[0], PeerAct::Sends { hex: Bytes::of("hello") });
            self.wait_for(name, Hook::HandleRead);
        }
    }

    /// Sets a dispatcher up for an accepted socket.
    fn accepted(&mut self, socket: Name) -> Name {
        let name = self.new_name();
        let options = DispatcherOptions {
            on: Some(socket),
            later: true,
            reads: Some(8),
            writable: Some(false),
            map: self.map,
            ..DispatcherOptions::default()
        };
        self.draft.setup(Setup::Dispatcher { name, options });
        name
    }

    /// Sets a channel up that connects to the peer, or is refused.
    fn connect(&mut self, kind: u8) {
        let needs = [Feature::Dispatcher, Feature::Connect, Feature::CreateSocket];
        if !self.is_of_streams() || !needs.iter().all(|feature| self.draft.has(*feature)) {
            return self.glance();
        }
        let chan = self.unconnected(None);
        self.create_socket(chan);
        let refused = kind % 3 == 2;
        if refused {
            self.peer(chan, PeerAct::Refuses);
        }
        self.draft.step(Action::Connect { chan });
        if refused {
            // That it may write, or that it is refused: something is there to be told soon.
            self.poll(Timeout::seconds(2));
            self.draft.step(Action::Close { chan });
            return;
        }
        self.wait_for(chan, Hook::HandleWrite);
        self.draft.step(Action::SetWritable { chan, value: false });
        self.peer(chan, PeerAct::Sends { hex: Bytes::of("hello") });
        self.wait_for(chan, Hook::HandleRead);
    }

    /// Lets a dispatcher not read for a pass.
    fn hold_back(&mut self, at: usize) {
        let channel = self.channels[at];
        if !channel.alive || channel.is_chat {
            return self.glance();
        }
        let chan = channel.name;
        self.draft.step(Action::SetReadable { chan, value: false });
        self.peer(chan, PeerAct::Sends { hex: Bytes::of("x") });
        self.glance();
        self.draft.step(Action::SetReadable { chan, value: true });
        self.wait_for(chan, Hook::HandleRead);
    }

    fn set_terminator(&mut self, at: usize, [number, ..]: [u8; 3]) {
        let channel = self.channels[at];
        if !channel.is_chat {
            return self.glance();
        }
        let terminator = self.draft.terminator(number);
        self.draft.step(Action::SetTerminator { chan: channel.name, terminator });
    }
}
