//! Producers that record the calls of `more`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use asyncore_reference::{Exception, Producer, SimpleProducer};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::Hook;

use super::world::World;

/// Records the calls of a producer's `more`.
pub(super) struct ScriptedProducer {
    pub(super) world: Rc<World>,
    pub(super) name: Name,
    pub(super) source: Source,
}

/// Is where a producer takes its data from.
pub(super) enum Source {
    /// The results that the scenario lists.
    Own(RefCell<VecDeque<Vec<u8>>>),
    /// The reference's own class.
    Simple(SimpleProducer),
}

impl Producer for ScriptedProducer {
    fn more(&self) -> Result<Vec<u8>, Exception> {
        let next = || match &self.source {
            Source::Own(results) => Ok(results.borrow_mut().pop_front().unwrap_or_default()),
            Source::Simple(simple) => simple.more(),
        };
        self.world.hook((self.name, Hook::More), None, None, next, Vec::new)
    }
}
