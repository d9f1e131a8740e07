//! Enters what was heard into the ledger. No subject is asked: the same words give the same verdicts.

use asyncore_spec::model::Settings;

use super::gather::{Candidate, Tree};
use super::ledger::Ledger;
use super::tape::{Came, Heard};
use crate::outcome::Origin;
use crate::real::{Performance, lower_for};
use crate::subject::{Identity, Run};

/// Is what was known of the subject before it was asked.
pub(super) struct Terms {
    pub(super) identity: Identity,
    pub(super) settings: Settings,
}

impl Ledger {
    /// Enters one thing. `tree` makes the scenario smaller, if it was generated.
    pub(super) fn enter(&mut self, heard: Heard, tree: Option<Tree>, terms: &Terms) {
        match heard {
            Heard::Came { origin, scenario, came } => self.come(Candidate { scenario, origin, tree }, came, terms),
            Heard::File { file, left } => self.know(&Origin::File(file), left),
            Heard::Lacked { origin, reason } => self.lack(&origin, reason),
            Heard::Smallest { clause, scenario, came } => self.take_smaller(&clause, &scenario, came, terms),
        }
    }

    fn come(&mut self, candidate: Candidate, came: Came, terms: &Terms) {
        let settings = &terms.settings;
        match came {
            Came::Scripted(Run::Trace { trace, printed }) => self.judge(candidate, &trace, &printed, settings),
            Came::Performed(Performance::Realised(realised)) => self.judge_realised(candidate, &realised, settings),
            Came::Performed(Performance::Absent { reason }) => self.lack(&candidate.origin, reason),
            Came::Scripted(Run::Unsupported { reason }) | Came::Performed(Performance::Unsupported { reason }) => {
                self.refuse(&candidate.origin, reason);
            }
            Came::Scripted(Run::Error { reason, stderr }) | Came::Performed(Performance::Error { reason, stderr }) => {
                self.fail(candidate, reason, stderr, settings);
            }
            Came::Scripted(Run::GivenUp { reason }) | Came::Performed(Performance::GivenUp { reason }) => {
                self.given_up.get_or_insert(reason);
            }
            Came::Lowered { lowered: recorded, sighting } => {
                match lower_for(&terms.identity, &candidate.scenario, settings) {
                    Some(lowered) if lowered.scenario == recorded => {
                        self.judge_lowered(&candidate, &lowered, &sighting);
                    }
                    _ => {
                        let reason = "it was made fit for real sockets in another way than it is now".to_owned();
                        self.lack(&candidate.origin, reason);
                    }
                }
            }
        }
    }
}
