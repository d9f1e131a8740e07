//! A scenario on real sockets under way.

use asyncore_reference::Profile;
use asyncore_spec::scenario::{Action, Scenario};

use super::contain;
use super::real::Conversation;
use super::world::{Held, World};
use crate::protocol::Places;
use crate::session::{Begun, Refusal, Session, Stepped};

/// Holds everything that the scenario opened, until it ends.
struct RealSession(Option<Held>);

/// Sets up a scenario on real sockets.
pub(super) fn begin(profile: Profile, scenario: &Scenario, places: &Places) -> Result<Begun<'static>, Refusal> {
    let Some(conversation) = Conversation::of(scenario, places) else {
        return Err(unsupported("its sockets are scripted ones".to_owned()));
    };
    let held = contain(|| World::set_up(scenario, profile, Some(conversation)))
        .map_err(failed)?
        .map_err(|exception| failed(format!("the set-up raised: {exception}")))?;
    let bound = held.0.bound();
    Ok(Begun { session: Box::new(RealSession(Some(held))), bound })
}

impl Session for RealSession {
    fn step(&mut self, action: &Action) -> Result<Stepped, Refusal> {
        let Some(Held(world)) = &self.0 else { return Err(failed("the session has ended".to_owned())) };
        if matches!(action, Action::Loop { count: None, .. } | Action::Loop { timeout: None, .. }) {
            return Err(unsupported("a loop on real sockets needs a timeout and a count".to_owned()));
        }
        let events = contain(|| world.step(action)).map_err(failed)?;
        let problem = world.conversation.as_ref().and_then(|conversation| conversation.problem.take());
        match problem {
            Some(problem) => Err(unsupported(problem)),
            None => Ok(Stepped { events, bound: world.bound(), printed: String::new() }),
        }
    }

    fn end(&mut self) -> Result<(), Refusal> {
        drop(self.0.take());
        Ok(())
    }
}

fn unsupported(reason: String) -> Refusal {
    Refusal::Unsupported { reason }
}

fn failed(reason: String) -> Refusal {
    Refusal::Error { reason, stderr: String::new() }
}
