//! A channel that records what is called, over a socket that replays what it was told.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use asyncore_reference::{
    Address, Channel, Class, Core, Exception, Profile, Socket, Terminator, chat, dispatcher, errno,
};

/// The list of calls of all channels of a test, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    /// Records what was raised, if anything was.
    pub(crate) fn outcome(&self, result: Result<(), Exception>) {
        if let Err(exception) = result {
            self.add(format!("raised {}", name(&exception)));
        }
    }

    /// Returns the calls since the last time, one a line, and forgets them.
    pub(crate) fn take(&self) -> String {
        self.0.take().join("\n")
    }

    /// Compares the calls since the last check, one a line, and forgets them.
    #[track_caller]
    pub(crate) fn check(&self, expected: &str) {
        let expected: Vec<_> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(self.0.take(), expected);
    }
}

pub(crate) fn name(exception: &Exception) -> String {
    match exception.errno() {
        Some(errno::EAGAIN) => "EAGAIN".into(),
        Some(errno::EPIPE) => "EPIPE".into(),
        Some(errno::EIO) => "EIO".into(),
        Some(errno::ECONNABORTED) => "ECONNABORTED".into(),
        Some(errno::ECONNREFUSED) => "ECONNREFUSED".into(),
        Some(errno::EBADF) => "EBADF".into(),
        Some(errno::EINTR) => "EINTR".into(),
        Some(errno::EINVAL) => "EINVAL".into(),
        Some(other) => format!("errno {other}"),
        None => exception.class().into(),
    }
}

/// What a channel does, besides recording, when a method is called.
type Reaction = Box<dyn Fn(&Recorder) -> Result<(), Exception>>;

pub(crate) struct Recorder {
    core: Core,
    name: &'static str,
    pub(crate) log: Log,
    pub(crate) script: Rc<Script>,
    reactions: RefCell<HashMap<&'static str, VecDeque<Reaction>>>,
}

/// What the socket will do, call by call.
#[derive(Default)]
pub(crate) struct Script {
    owner: RefCell<Weak<Recorder>>,
    recvs: RefCell<VecDeque<Result<Vec<u8>, Exception>>>,
    sends: RefCell<VecDeque<Result<usize, Exception>>>,
    pub(crate) connects: Cell<i32>,
    pub(crate) error: Cell<i32>,
}

impl Recorder {
    pub(crate) fn new(profile: Profile, name: &'static str) -> Rc<Self> {
        Self::with_log(profile, name, &Log::default())
    }

    pub(crate) fn with_log(profile: Profile, name: &'static str, log: &Log) -> Rc<Self> {
        let script = Rc::new(Script::default());
        let core = Core::with_socket(Class::Chat, profile, Rc::clone(&script) as Rc<dyn Socket>)
            .expect("the script does not fail");
        let reactions = RefCell::default();
        let channel = Rc::new(Self { core, name, log: log.clone(), script, reactions });
        *channel.script.owner.borrow_mut() = Rc::downgrade(&channel);
        channel
    }

    /// Adds bytes to be received by one call.
    pub(crate) fn recvs(&self, data: &str) {
        self.script.recvs.borrow_mut().push_back(Ok(data.into()));
    }

    pub(crate) fn recv_fails(&self, errno: i32) {
        self.script.recvs.borrow_mut().push_back(Err(Exception::Os(errno)));
    }

    /// Sets how many bytes the next send that has nothing set will take.
    pub(crate) fn sends(&self, count: usize) {
        self.script.sends.borrow_mut().push_back(Ok(count));
    }

    pub(crate) fn send_fails(&self, errno: i32) {
        self.script.sends.borrow_mut().push_back(Err(Exception::Os(errno)));
    }

    /// Adds a reaction to the next call of a method that has none.
    pub(crate) fn on(&self, method: &'static str, reaction: impl Fn(&Self) -> Result<(), Exception> + 'static) {
        let mut reactions = self.reactions.borrow_mut();
        reactions.entry(method).or_default().push_back(Box::new(reaction));
    }

    fn react(&self, method: &str) -> Option<Result<(), Exception>> {
        let reaction = self.reactions.borrow_mut().get_mut(method)?.pop_front()?;
        Some(reaction(self))
    }

    fn record(&self, line: &str) {
        self.log.add(format!("{}.{line}", self.name));
    }

    /// Receives and records what that raised.
    pub(crate) fn read(&self) {
        self.log.outcome(self.handle_read());
    }

    pub(crate) fn terminate(&self, terminator: impl Into<Terminator>) {
        self.set_terminator(terminator.into()).expect("a good terminator");
    }

    pub(crate) fn input(&self) -> String {
        String::from_utf8(self.core.ac_in_buffer()).expect("text")
    }

    /// Shows the fifo, one entry after the other.
    pub(crate) fn fifo(&self) -> String {
        let mut fifo = self.core.producer_fifo();
        let entries = std::iter::from_fn(|| fifo.pop()).map(|item| format!("{item:?}"));
        entries.collect::<Vec<_>>().join(" ")
    }
}

pub(crate) fn quote(data: &[u8]) -> String {
    format!("\"{}\"", data.escape_ascii())
}

impl Channel for Recorder {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        self.record(&format!("collect_incoming_data {}", quote(data)));
        self.react("collect").unwrap_or(Ok(()))
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        self.record("found_terminator");
        self.react("found").unwrap_or(Ok(()))
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.record("handle_close");
        self.react("close").unwrap_or_else(|| chat::handle_close(self))
    }

    fn handle_error(&self, exception: &Exception) -> Result<(), Exception> {
        self.record(&format!("handle_error {}", name(exception)));
        self.react("error").unwrap_or(Ok(()))
    }

    fn handle_connect(&self) -> Result<(), Exception> {
        let (connected, connecting) = (self.core.connected(), self.core.connecting());
        self.record(&format!("handle_connect {connected} {connecting}"));
        self.react("connect").unwrap_or(Ok(()))
    }

    fn initiate_send(&self) -> Result<(), Exception> {
        self.react("initiate").unwrap_or_else(|| chat::initiate_send(self))
    }

    fn close(&self) -> Result<(), Exception> {
        self.record("close");
        dispatcher::close(self)
    }
}

impl Script {
    pub(crate) fn owner(&self) -> Rc<Recorder> {
        self.owner.borrow().upgrade().expect("the channel outlives its calls")
    }
}

impl Socket for Script {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let next = self.recvs.borrow_mut().pop_front();
        let data = next.unwrap_or(Err(Exception::Os(errno::EAGAIN)))?;
        assert!(data.len() <= max, "the script gives more than was asked for");
        into.extend_from_slice(&data);
        Ok(data.len())
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        let next = self.sends.borrow_mut().pop_front();
        let sent = next.unwrap_or(Ok(data.len()))?;
        let owner = self.owner();
        owner.record(&format!("socket.send {} -> {sent}", quote(data)));
        owner.react("send").unwrap_or(Ok(())).map(|()| sent)
    }

    fn close(&self) -> Result<(), Exception> {
        self.owner().record("socket.close");
        Ok(())
    }

    fn connect(&self, _address: &Address) -> Result<i32, Exception> {
        Ok(self.connects.get())
    }

    fn take_error(&self) -> Result<i32, Exception> {
        Ok(self.error.take())
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Ok(Address::Unix("peer".into()))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        Ok(())
    }
}
