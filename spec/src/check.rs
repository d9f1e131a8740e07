//! Says whether a scenario makes sense before anything runs it.

use std::fmt;

use crate::name::Name;
use crate::scenario::{Action, Ending, Hook, Input, Item, Scenario, Setup};
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
    Producer,
    Fifo,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::Chat => "channel",
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
        self.steps.iter().try_for_each(|step| names.check_action(step))
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
                if matches!(ending, Ending::Raise { exception: crate::exception::Exception::Other { class: Some(_) } })
                {
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
                Setup::Sends { .. } | Setup::Reaction { .. } => continue,
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

    fn check_setup(&self, setup: &Setup) -> Result<(), Problem> {
        match setup {
            Setup::Chat { name, options } => match options.terminator {
                Some(Value::Int { value }) if value < 0 => Err(Problem::Terminator(*name)),
                _ => Ok(()),
            },
            Setup::Producer { name, results, .. } => {
                let fits = results.iter().all(|result| matches!(result, Value::Bytes { .. } | Value::None));
                if fits { Ok(()) } else { Err(Problem::Result(*name)) }
            }
            Setup::SimpleProducer { .. } | Setup::Fifo { .. } => Ok(()),
            Setup::Sends { chan, .. } => self.wants(*chan, Sort::Chat),
            Setup::Reaction { on, hook, actions, .. } => {
                let sort = if *hook == Hook::More { Sort::Producer } else { Sort::Chat };
                if !self.0.contains(&(*on, sort)) {
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
            Action::Recv { chan, input: Input::Data { hex } } if hex.is_empty() => Err(Problem::NoData(*chan)),
            Action::Recv { chan, .. }
            | Action::HandleRead { chan }
            | Action::HandleWrite { chan }
            | Action::Push { chan, .. }
            | Action::CloseWhenDone { chan }
            | Action::InitiateSend { chan }
            | Action::RefillBuffer { chan }
            | Action::SetTerminator { chan, .. }
            | Action::GetTerminator { chan }
            | Action::Readable { chan }
            | Action::Writable { chan }
            | Action::DiscardBuffers { chan }
            | Action::Close { chan }
            | Action::Connect { chan }
            | Action::GetData { chan }
            | Action::BufferSizes { chan } => self.wants(*chan, Sort::Chat),
        }
    }
}
