//! Says whether a scenario makes sense before anything runs it.

use std::fmt;

use crate::dispatcher::{CallReply, Class, DispatcherOptions, Given};
use crate::name::Name;
use crate::peer::PeerAct;
use crate::scenario::{Action, Ending, Hook, Input, Item, Scenario, Setup};
use crate::trace::SocketCall;
use crate::value::Value;

/// How many lines of set-up, and how many steps, a scenario may have.
pub const MOST_LINES: usize = 1000;

/// How many reactions a scenario may have; each is at most one more call on the stack.
pub const MOST_REACTIONS: usize = 64;

/// Says what is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Two things have one name.
    Twice(Name),
    /// Something is spoken of that was not set up.
    Unknown {
        /// Its name.
        name: Name,
        /// What it should have been.
        wanted: &'static str,
    },
    /// A reaction is given to a hook that such a thing does not have.
    NoSuchHook(Name, Hook),
    /// Two reactions are given to one call.
    TwoReactions(Name, Hook, u32),
    /// A reaction's number is 0.
    NoZeroth(Name, Hook),
    /// A channel is made with a terminator that its release may refuse.
    Terminator(Name),
    /// A reaction raises an exception of a class of the module's own.
    RaisesClass(Name, Hook),
    /// A producer gives something other than bytes or none.
    Result(Name),
    /// A `recv` is given no data; the end of the stream is something else.
    NoData(Name),
    /// A call of a socket is given a reply that it cannot give.
    Reply(Name, SocketCall),
    /// A channel is constructed that was not set up as one for later.
    NotLater(Name),
    /// A channel on a socket of the scenario is given a descriptor or a peer, which are the socket's.
    TwoSockets(Name),
    /// Something needs real sockets, or cannot be done with them.
    NotReal(&'static str),
    /// The scenario is too long.
    Long,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice(name) => write!(f, "`{name}` is set up twice"),
            Self::Unknown { name, wanted } => write!(f, "`{name}` is not set up as a {wanted}"),
            Self::NoSuchHook(name, hook) => write!(f, "`{name}` has no hook `{}`", hook.name()),
            Self::TwoReactions(name, hook, nth) => {
                write!(f, "`{name}.{} {nth}` has two reactions", hook.name())
            }
            Self::NoZeroth(name, hook) => write!(f, "calls of `{name}.{}` are counted from 1", hook.name()),
            Self::Terminator(name) => {
                write!(f, "`{name}` is made with a negative terminator; use a `set_terminator` step")
            }
            Self::RaisesClass(name, hook) => {
                write!(f, "`{name}.{}` raises a class of the module's own; only `raise other` is possible", hook.name())
            }
            Self::Result(name) => write!(f, "`{name}` can give bytes and `none` only"),
            Self::NoData(name) => write!(f, "`{name}` is to receive no data; the end of the stream is `EOF`"),
            Self::Reply(name, call) => {
                write!(f, "`{name}.socket.{}` is given a reply that it cannot give", call.name())
            }
            Self::NotLater(name) => write!(f, "`{name}` is constructed, but was not set up with `later`"),
            Self::TwoSockets(name) => {
                write!(f, "`{name}` is made on a socket that has a descriptor and a peer of its own")
            }
            Self::NotReal(what) => write!(f, "{what}"),
            Self::Long => write!(
                f,
                "a scenario has at most {MOST_LINES} lines of set-up, {MOST_LINES} steps and {MOST_REACTIONS} reactions"
            ),
        }
    }
}

impl std::error::Error for Problem {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Chat,
    Dispatcher,
    Later,
    Wrapper,
    Socket,
    Map,
    Producer,
    Fifo,
}

/// Everything that has methods of a channel.
const CHANNELS: &[Sort] = &[Sort::Chat, Sort::Dispatcher, Sort::Later];

/// The channels that are no `async_chat`.
const DISPATCHERS: &[Sort] = &[Sort::Dispatcher, Sort::Later];

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::Chat => "channel",
            Self::Dispatcher | Self::Later => "dispatcher",
            Self::Wrapper => "file_wrapper",
            Self::Socket => "socket",
            Self::Map => "map",
            Self::Producer => "producer",
            Self::Fifo => "fifo",
        }
    }
}

impl Scenario {
    /// Checks that everything spoken of is set up, once, and as what it is used for.
    ///
    /// # Errors
    ///
    /// The first problem found.
    pub fn check(&self) -> Result<(), Problem> {
        let reactions = self.setup.iter().filter(|setup| matches!(setup, Setup::Reaction { .. })).count();
        if self.setup.len() > MOST_LINES || self.steps.len() > MOST_LINES || reactions > MOST_REACTIONS {
            return Err(Problem::Long);
        }
        let names = Names::of(self)?;
        for setup in &self.setup {
            names.check_setup(setup)?;
        }
        self.check_reactions()?;
        self.check_scripts()?;
        self.check_reality()?;
        self.steps.iter().try_for_each(|step| names.check_action(step))
    }

    /// Checks that a channel on a socket of the scenario has no script: it is the socket's.
    fn check_scripts(&self) -> Result<(), Problem> {
        let on_another = |name: Name| {
            self.setup.iter().any(|setup| matches!(setup, Setup::Dispatcher { name: other, options } if *other == name && options.on.is_some()))
        };
        for setup in &self.setup {
            match setup {
                Setup::Sends { chan: name, .. } | Setup::Replies { on: name, .. } if on_another(*name) => {
                    return Err(Problem::TwoSockets(*name));
                }
                Setup::Replies { on, call: call @ (SocketCall::Create | SocketCall::Dup), .. } => {
                    let fits = self.setup.iter().any(
                        |setup| matches!(setup, Setup::Dispatcher { name, .. } | Setup::Chat { name, .. } if name == on),
                    );
                    if !fits {
                        return Err(Problem::Reply(*on, *call));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Checks that what needs a peer has one, and that nothing scripts a real socket.
    fn check_reality(&self) -> Result<(), Problem> {
        let real = self.setup.iter().any(|setup| matches!(setup, Setup::Over { .. }));
        let peers = |action: &Action| matches!(action, Action::Peer { .. } | Action::Await { .. });
        let reacts = self
            .setup
            .iter()
            .any(|setup| matches!(setup, Setup::Reaction { actions, .. } if actions.iter().any(peers)));
        if reacts {
            return Err(Problem::NotReal("a reaction cannot let the peer do something"));
        }
        if !real {
            let peers = self.steps.iter().any(peers);
            return if peers {
                Err(Problem::NotReal("only real sockets have a peer; add `over tcp4`"))
            } else {
                Ok(())
            };
        }
        let scripts = self.setup.iter().any(|setup| match setup {
            Setup::Sends { .. } => true,
            Setup::Replies { call, replies, .. } => {
                *call != SocketCall::Accept || replies.iter().any(|reply| !matches!(reply, CallReply::Gives { .. }))
            }
            _ => false,
        });
        let arrives = self.steps.iter().any(|step| matches!(step, Action::Arrive { .. } | Action::Recv { .. }));
        if scripts || arrives {
            return Err(Problem::NotReal("what a real socket does cannot be said; let its peer do it"));
        }
        Ok(())
    }

    fn check_reactions(&self) -> Result<(), Problem> {
        let mut seen = std::collections::HashSet::new();
        for setup in &self.setup {
            if let Setup::Reaction { on, hook, nth, ending, .. } = setup {
                if !seen.insert((on, hook, nth)) {
                    return Err(Problem::TwoReactions(*on, *hook, *nth));
                }
                if *nth == 0 {
                    return Err(Problem::NoZeroth(*on, *hook));
                }
                use crate::exception::Exception;
                let own = [
                    matches!(ending, Ending::Raise { exception: Exception::Other { class: Some(_) } }),
                    matches!(ending, Ending::Raise { exception: Exception::Os { text: Some(_), .. } }),
                ];
                if own.contains(&true) {
                    return Err(Problem::RaisesClass(*on, *hook));
                }
            }
        }
        Ok(())
    }
}

struct Names(Vec<(Name, Sort)>);

impl Names {
    fn of(scenario: &Scenario) -> Result<Self, Problem> {
        let mut names = Self(Vec::new());
        for setup in &scenario.setup {
            let (name, sort) = match setup {
                Setup::Chat { name, .. } => (*name, Sort::Chat),
                Setup::Producer { name, .. } | Setup::SimpleProducer { name, .. } => (*name, Sort::Producer),
                Setup::Fifo { name, .. } => (*name, Sort::Fifo),
                Setup::Dispatcher { name, options } => {
                    (*name, if options.later { Sort::Later } else { Sort::Dispatcher })
                }
                Setup::Wrapper { name } => (*name, Sort::Wrapper),
                Setup::Socket { name, .. } => (*name, Sort::Socket),
                Setup::Map { name } => (*name, Sort::Map),
                Setup::Sends { .. } | Setup::Reaction { .. } | Setup::Replies { .. } | Setup::Over { .. } => continue,
            };
            if names.0.iter().any(|(other, _)| *other == name) {
                return Err(Problem::Twice(name));
            }
            names.0.push((name, sort));
        }
        Ok(names)
    }

    fn wants(&self, name: Name, sort: Sort) -> Result<(), Problem> {
        let found = self.0.contains(&(name, sort));
        if found { Ok(()) } else { Err(Problem::Unknown { name, wanted: sort.word() }) }
    }

    fn wants_any(&self, name: Name, sorts: &[Sort]) -> Result<(), Problem> {
        let found = sorts.iter().any(|sort| self.0.contains(&(name, *sort)));
        if found { Ok(()) } else { Err(Problem::Unknown { name, wanted: sorts[0].word() }) }
    }

    fn wants_map(&self, map: Option<Name>) -> Result<(), Problem> {
        map.map_or(Ok(()), |map| self.wants(map, Sort::Map))
    }

    fn check_dispatcher(&self, name: Name, options: &DispatcherOptions) -> Result<(), Problem> {
        if let Some(socket) = options.on {
            self.wants(socket, Sort::Socket)?;
            if options.fd.is_some() || options.given != Given::Connected || options.class == Class::File {
                return Err(Problem::TwoSockets(name));
            }
        }
        self.wants_map(options.map)
    }

    fn check_replies(&self, on: Name, call: SocketCall, replies: &[CallReply]) -> Result<(), Problem> {
        let gives = matches!(call, SocketCall::Accept | SocketCall::Create);
        for reply in replies {
            let fits = match reply {
                CallReply::Gives { socket } => {
                    self.wants(*socket, Sort::Socket)?;
                    gives
                }
                CallReply::Nothing => call == SocketCall::Accept,
                CallReply::Ok => call != SocketCall::Accept,
                CallReply::Fail { .. } => true,
            };
            if !fits || matches!(call, SocketCall::Recv | SocketCall::Send) {
                return Err(Problem::Reply(on, call));
            }
        }
        self.wants_any(on, &[Sort::Chat, Sort::Dispatcher, Sort::Later, Sort::Wrapper, Sort::Socket])
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), Problem> {
        match setup {
            Setup::Chat { name, options } => match options.terminator {
                Some(Value::Int { value }) if value < 0 => Err(Problem::Terminator(*name)),
                _ => self.wants_map(options.map),
            },
            Setup::Dispatcher { name, options } => self.check_dispatcher(*name, options),
            Setup::Replies { on, call, replies } => self.check_replies(*on, *call, replies),
            Setup::Wrapper { .. } | Setup::Socket { .. } | Setup::Map { .. } | Setup::Over { .. } => Ok(()),
            Setup::Producer { name, results, .. } => {
                let fits = results.iter().all(|result| matches!(result, Value::Bytes { .. } | Value::None));
                if fits { Ok(()) } else { Err(Problem::Result(*name)) }
            }
            Setup::SimpleProducer { .. } | Setup::Fifo { .. } => Ok(()),
            Setup::Sends { chan, .. } => {
                self.wants_any(*chan, &[Sort::Chat, Sort::Dispatcher, Sort::Later, Sort::Wrapper, Sort::Socket])
            }
            Setup::Reaction { on, hook, actions, .. } => {
                let sort = self.0.iter().find(|(name, _)| name == on).map(|(_, sort)| *sort);
                let fits = match sort {
                    Some(Sort::Producer) => *hook == Hook::More,
                    Some(Sort::Chat) => hook.is_of_chat(),
                    Some(Sort::Dispatcher | Sort::Later) => hook.is_of_dispatcher(),
                    _ => false,
                };
                if !fits {
                    return Err(Problem::NoSuchHook(*on, *hook));
                }
                actions.iter().try_for_each(|action| self.check_action(action))
            }
        }
    }

    fn check_action(&self, action: &Action) -> Result<(), Problem> {
        match action {
            Action::FindPrefixAtEnd { .. } => Ok(()),
            Action::More { producer } => self.wants(*producer, Sort::Producer),
            Action::FifoPush { fifo, .. }
            | Action::FifoPop { fifo }
            | Action::FifoFirst { fifo }
            | Action::FifoIsEmpty { fifo }
            | Action::FifoLen { fifo }
            | Action::FifoGiven { fifo } => self.wants(*fifo, Sort::Fifo),
            Action::PushWithProducer { chan, producer } => {
                if let Item::Producer { name } = producer {
                    self.wants(*name, Sort::Producer)?;
                }
                self.wants(*chan, Sort::Chat)
            }
            Action::Push { chan, .. }
            | Action::CloseWhenDone { chan }
            | Action::RefillBuffer { chan }
            | Action::SetTerminator { chan, .. }
            | Action::GetTerminator { chan }
            | Action::DiscardBuffers { chan }
            | Action::GetData { chan }
            | Action::BufferSizes { chan } => self.wants(*chan, Sort::Chat),
            _ => self.check_loop_action(action),
        }
    }

    /// Checks the actions that any channel, or asyncore alone, has.
    fn check_loop_action(&self, action: &Action) -> Result<(), Problem> {
        match action {
            Action::Recv { chan, input: Input::Data { hex } } | Action::Arrive { chan, input: Input::Data { hex } }
                if hex.is_empty() =>
            {
                Err(Problem::NoData(*chan))
            }
            Action::Construct { chan } if !self.0.contains(&(*chan, Sort::Later)) => Err(Problem::NotLater(*chan)),
            Action::Poll { map, .. }
            | Action::Loop { map, .. }
            | Action::CloseAll { map, .. }
            | Action::MapNames { map } => self.wants_map(*map),
            Action::SetSocket { chan, socket } | Action::HandleAccepted { chan, socket } => {
                self.wants(*socket, Sort::Socket)?;
                self.wants_any(*chan, DISPATCHERS)
            }
            Action::AddChannel { chan, map } | Action::DelChannel { chan, map } => {
                self.wants_map(*map)?;
                self.wants_any(*chan, CHANNELS)
            }
            Action::Send { chan, .. } | Action::Receive { chan, .. } | Action::Look { chan, .. } => {
                self.wants_any(*chan, &[Sort::Chat, Sort::Dispatcher, Sort::Later, Sort::Wrapper])
            }
            Action::Arrive { chan, .. } | Action::Close { chan } => {
                self.wants_any(*chan, &[Sort::Chat, Sort::Dispatcher, Sort::Later, Sort::Wrapper, Sort::Socket])
            }
            Action::SetReadable { chan, .. }
            | Action::SetWritable { chan, .. }
            | Action::CreateSocket { chan, .. }
            | Action::SetReuseAddr { chan }
            | Action::Bind { chan }
            | Action::Listen { chan, .. }
            | Action::Accept { chan } => self.wants_any(*chan, DISPATCHERS),
            Action::CompactTraceback { .. } | Action::Strerror { .. } => Ok(()),
            Action::Peer { on, does } => {
                if let PeerAct::Connects { socket } = does {
                    self.wants(*socket, Sort::Socket)?;
                }
                self.wants_any(*on, &[Sort::Chat, Sort::Dispatcher, Sort::Later, Sort::Socket])
            }
            Action::Await { on, map, .. } => {
                self.wants_map(*map)?;
                self.wants_any(*on, CHANNELS)
            }
            Action::Recv { chan, .. }
            | Action::HandleRead { chan }
            | Action::HandleWrite { chan }
            | Action::InitiateSend { chan }
            | Action::Readable { chan }
            | Action::Writable { chan }
            | Action::Connect { chan }
            | Action::Construct { chan }
            | Action::Call { chan, .. }
            | Action::Dispatch { chan, .. }
            | Action::Readwrite { chan, .. }
            | Action::Log { chan, .. }
            | Action::LogInfo { chan, .. }
            | Action::Repr { chan } => self.wants_any(*chan, CHANNELS),
            _ => unreachable!("every other action is checked before"),
        }
    }
}
