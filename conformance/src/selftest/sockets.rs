//! The reference as a port that has no scripted sockets, with each kind of loop that can be driven.

use asyncore_spec::feature::Feature;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, Scenario};
use asyncore_spec::trace::{Event, What};
use asyncore_spec::wait::{Report, Timeout};

use crate::protocol::{LoopKind, Places};
use crate::reference::ReferenceSubject;
use crate::session::{Begun, Refusal, Session, Stepped};
use crate::subject::{Identity, Run, Subject};

/// After so many passes a loop is quiet enough.
const MOST_PASSES: usize = 100;

/// Works on real sockets alone.
pub(super) struct OnlySockets {
    inner: ReferenceSubject,
    identity: Identity,
}

impl OnlySockets {
    pub(super) fn new(profile: Profile, loops: LoopKind) -> Self {
        let inner = ReferenceSubject::new(profile);
        let mut identity = Identity { loops, scripted: false, ..inner.identity().clone() };
        if loops != LoopKind::Pass {
            // Whose loop cannot be stepped has neither `poll` nor what `poll` calls.
            identity.features.retain(|feature| !matches!(feature, Feature::Loop | Feature::Dispatch));
        }
        Self { inner, identity }
    }
}

impl Subject for OnlySockets {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let refused = |_| Run::Unsupported { reason: "it has no scripted sockets".to_owned() };
        scenarios.iter().map(refused).collect()
    }

    fn begin(&mut self, scenario: &Scenario, places: &Places) -> Result<Begun<'_>, Refusal> {
        let Begun { session, bound } = self.inner.begin(scenario, places)?;
        Ok(match self.identity.loops {
            LoopKind::Settle => Begun { session: Box::new(Settling(session)), bound },
            LoopKind::Pass | LoopKind::Free => Begun { session, bound },
        })
    }
}

/// Has a loop that cannot be stepped.
struct Settling<'a>(Box<dyn Session + 'a>);

impl Session for Settling<'_> {
    fn step(&mut self, action: &Action) -> Result<Stepped, Refusal> {
        match action {
            Action::Poll { .. } | Action::Loop { .. } => {
                Err(Refusal::Unsupported { reason: "its loop cannot be stepped".to_owned() })
            }
            _ => self.0.step(action),
        }
    }

    fn settle(&mut self) -> Result<Stepped, Refusal> {
        let timeout = Some(Timeout::seconds(0));
        let pass = Action::Poll { map: None, use_poll: false, timeout, report: Report::default() };
        let mut all = Stepped::default();
        for _ in 0..MOST_PASSES {
            let Stepped { events, bound, printed } = self.0.step(&pass)?;
            let quiet = !events.iter().any(moves);
            all.events.extend(events);
            all.bound.extend(bound);
            all.printed.push_str(&printed);
            if quiet {
                break;
            }
        }
        Ok(all)
    }

    fn end(&mut self) -> Result<(), Refusal> {
        self.0.end()
    }
}

fn moves(event: &Event) -> bool {
    matches!(event.what, What::Socket { .. })
}
