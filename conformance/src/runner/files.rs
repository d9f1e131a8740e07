//! Scenarios from files: how each can be run on a subject, if it can.

use asyncore_spec::model::Settings;
use asyncore_spec::scenario::Scenario;

use super::FromFile;
use super::gather::Candidate;
use super::sockets::can_be_followed;
use super::tape::Heard;
use crate::outcome::Origin;
use crate::real::lower::Lowered;
use crate::real::{lower_for, transport};
use crate::subject::Identity;

/// Holds scenarios from files by the way in which they are run.
#[derive(Default)]
pub(super) struct Sorted {
    /// Which files there are, and why a scenario cannot be run.
    pub(super) known: Vec<Heard>,
    pub(super) scripted: Vec<Candidate>,
    pub(super) sockets: Vec<Candidate>,
    pub(super) lowered: Vec<(Candidate, Lowered)>,
}

impl Sorted {
    /// Puts a scenario where it can be run, or says why it cannot.
    fn place(&mut self, candidate: Candidate, identity: &Identity, settings: &Settings) -> Result<(), String> {
        if let Some(reason) = unfit(&candidate.scenario, identity) {
            return Err(reason);
        }
        if transport(&candidate.scenario).is_some() {
            self.sockets.push(candidate);
        } else if identity.scripted {
            self.scripted.push(candidate);
        } else if let Some(lowered) = lower_for(identity, &candidate.scenario, settings) {
            self.lowered.push((candidate, lowered));
        } else {
            return Err("the subject has no scripted sockets, and nothing of it shows outside".to_owned());
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.scripted.len() + self.sockets.len() + self.lowered.len()
    }
}

/// Sorts scenarios, and says why one cannot be run.
pub(super) fn sort(files: &[FromFile], identity: &Identity, settings: &Settings) -> Sorted {
    let mut sorted = Sorted::default();
    for FromFile { file, scenario } in files {
        let origin = Origin::File(file.clone());
        let left = sorted.place(Candidate { scenario: scenario.clone(), origin, tree: None }, identity, settings).err();
        sorted.known.push(Heard::File { file: file.clone(), left });
    }
    sorted
}

/// Says why a subject cannot run a scenario, if it cannot.
fn unfit(scenario: &Scenario, identity: &Identity) -> Option<String> {
    let needs = scenario.needs();
    let missing: Vec<_> = needs.difference(&identity.features).map(|feature| feature.name()).collect();
    if !missing.is_empty() {
        return Some(format!("the subject does not declare {}", missing.join(", ")));
    }
    let followed = transport(scenario).is_none() || can_be_followed(identity);
    (!followed).then(|| "the subject's loop cannot be stepped and observed on real sockets".to_owned())
}
