//! Collects the scenarios of a run that need real sockets.

use std::collections::HashSet;
use std::time::Duration;

use asyncore_spec::clause::clauses;
use asyncore_spec::generate::{Family, Repertoire};
use asyncore_spec::scenario::{Kind, Scenario};

use super::Plan;
use super::gather::{self, Candidate};
use crate::outcome::Origin;
use crate::protocol::LoopKind;
use crate::real::lower::Lowered;
use crate::real::{Patience, lower_for, written};
use crate::select::Selection;
use crate::subject::Identity;

/// How long the scenarios on real sockets may take in all.
pub(super) const MOST_TIME: Duration = Duration::from_secs(60);

/// How many scenarios on real sockets are generated at most.
const GENERATED: u32 = 80;

/// How often something may be awaited in vain before the rest is left out.
pub(super) const MOST_IN_VAIN: u32 = 3;

/// How many lowered scenarios may take as long as that before the rest is left out.
pub(super) const MOST_BROKEN: u32 = 3;

/// How long things may take in a lowered scenario.
pub(super) const BRISK: Patience =
    Patience { act: Duration::from_secs(5), hook: Duration::from_secs(3), pass: Duration::from_millis(500) };

/// How many scenarios of each family are lowered at most.
const LOWERED: u32 = 100;

/// What nothing on a socket has to do with.
const APART: &[&str] = &["PREFIX", "FIFO", "PRODUCER"];

/// Gives the scenarios that the subject can perform.
///
/// The model follows the trace of a scenario on real sockets in all that the kernel chose: who observes neither waits
/// nor what reaches the socket cannot be followed.
pub(super) fn candidates(plan: &Plan, identity: &Identity, repertoire: &Repertoire) -> Vec<Candidate> {
    if !can_be_followed(identity) || !concerns(plan) {
        return Vec::new();
    }
    let fits = |scenario: &Scenario| scenario.needs().is_subset(&repertoire.features);
    let mut seen = HashSet::new();
    let written = written::scenarios().filter(|(_, scenario)| fits(scenario) && seen.insert(scenario.clone()));
    let written = written.map(|(name, scenario)| Candidate { scenario, origin: Origin::Written(name), tree: None });
    let mut candidates: Vec<Candidate> = written.collect();
    if repertoire.allows(Family::Sockets) {
        candidates.extend(generated(plan, repertoire));
    }
    candidates
}

/// Says whether the model can follow what the subject does on real sockets.
pub(super) fn can_be_followed(identity: &Identity) -> bool {
    let followed = [Kind::Waits, Kind::Socket].iter().all(|kind| identity.observes.contains(kind));
    followed && identity.loops == LoopKind::Pass
}

/// Gives the generated ones. They take longer than scripted ones, so there are fewer of them.
fn generated(plan: &Plan, repertoire: &Repertoire) -> Vec<Candidate> {
    let plan = Plan { cases: plan.cases.min(GENERATED), selected: Selection::default(), ..plan.clone() };
    let mut batch = gather::Generated::new(Family::Sockets, repertoire, &plan).batch(GENERATED as usize);
    batch.retain(|candidate| !candidate.scenario.steps.is_empty());
    batch
}

/// Says whether a selected clause has to do with sockets.
fn concerns(plan: &Plan) -> bool {
    let selected = clauses().iter().filter(|clause| plan.selected.contains(clause.id));
    selected.into_iter().any(|clause| !APART.contains(&clause.id.area()))
}

/// Gives scripted scenarios about framing and output, with what becomes of them where sockets are real.
pub(super) fn to_be_lowered(plan: &Plan, identity: &Identity, repertoire: &Repertoire) -> Vec<(Candidate, Lowered)> {
    let plan = Plan { cases: plan.cases.min(LOWERED), ..plan.clone() };
    let mut candidates = gather::examples(&plan, identity);
    for family in [Family::Framing, Family::Queue].into_iter().filter(|family| repertoire.allows(*family)) {
        candidates.extend(gather::Generated::new(family, repertoire, &plan).batch(LOWERED as usize));
    }
    let settings = plan.settings(identity);
    let mut seen = HashSet::new();
    let lowered = candidates.into_iter().filter_map(|candidate| {
        let lowered = lower_for(identity, &candidate.scenario, &settings)?;
        seen.insert(lowered.plain.clone()).then_some((candidate, lowered))
    });
    lowered.collect()
}
