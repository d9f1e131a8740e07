//! Conversations: a scenario on real sockets, step by step, with the peer acting in between.

use asyncore_spec::scenario::Action;
use asyncore_spec::trace::Event;

use crate::protocol::Places;

/// Is a scenario under way on a subject whose sockets are real.
///
/// The runner, which is the peer, acts between two steps; a session never waits for it beyond what a step itself waits.
/// Dropping a session ends it, too.
pub trait Session {
    /// Does one step, which is neither the peer's nor an `await`, and gives what was observed meanwhile.
    ///
    /// # Errors
    ///
    /// When the subject lacks something for the step, or fails.
    fn step(&mut self, action: &Action) -> Result<Stepped, Refusal>;

    /// Lets the loop run until it is quiet; only of a subject whose loop is of the kind `settle`.
    ///
    /// # Errors
    ///
    /// When its loop is of another kind, which is what this method says unless it is overridden, or when it fails.
    fn settle(&mut self) -> Result<Stepped, Refusal> {
        Err(Refusal::Unsupported { reason: "its loop cannot be run until it is quiet".to_owned() })
    }

    /// Closes everything that the scenario opened.
    ///
    /// # Errors
    ///
    /// When the subject fails.
    fn end(&mut self) -> Result<(), Refusal>;

    /// Gives what was observed and not told by any step; only of a subject whose loop runs by itself, after the end.
    fn rest(&mut self) -> Vec<Event> {
        Vec::new()
    }
}

/// Is a session that has begun.
pub struct Begun<'a> {
    /// The session.
    pub session: Box<dyn Session + 'a>,
    /// Where channels are bound already. The peer connects to a channel that is here, instead of being connected to.
    pub bound: Places,
}

impl std::fmt::Debug for Begun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("bound", &self.bound).finish_non_exhaustive()
    }
}

/// Is what came of one step.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Stepped {
    /// What was observed.
    pub events: Vec<Event>,
    /// Where those channels are whose sockets are bound now.
    pub bound: Places,
    /// What the subject printed meanwhile.
    pub printed: String,
}

/// Says why a subject did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The subject says that it lacks something.
    Unsupported {
        /// What is missing.
        reason: String,
    },
    /// The subject failed: it died, hung, answered out of turn, or said that it could not go on.
    Error {
        /// What happened.
        reason: String,
        /// The end of what the subject wrote on its standard error.
        stderr: String,
    },
    /// It was not asked, because it had failed too often before.
    GivenUp {
        /// How it had failed.
        reason: String,
    },
}
