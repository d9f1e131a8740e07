//! Runs the suite against one subject under one profile.
//!
//! Theory of operation. Scenarios come from the examples of the clauses, from files, and from the generators of the spec.
//! They go to the subject in batches. Every trace is judged against the model's prediction; what held and what was broken is
//! counted clause by clause. For each broken clause the smallest scenario is kept and made smaller still.
//!
//! Asking and judging are apart: whatever a verdict is made of is first heard by a tape (`tape.rs`) and then entered
//! (`enter.rs`), so that what a tape has kept can be judged again without the subject.

mod enter;
mod files;
mod gather;
mod ledger;
mod reduce;
mod reduce_loop;
mod shrink;
mod sockets;
pub mod tape;

use std::time::{Duration, Instant};

use asyncore_spec::change::Change;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::generate::{Family, Repertoire};
use asyncore_spec::law::{LAWS, Law};
use asyncore_spec::model::Settings;
use asyncore_spec::profile::{Profile, Release};
use asyncore_spec::scenario::{Action, Scenario};

use crate::outcome::{Origin, Outcome};
use crate::protocol::LoopKind;
use crate::real::awaited::Awaited;
use crate::real::lower::Lowered;
use crate::real::{self, Patience, Performance};
use crate::select::Selection;
use crate::subject::{Identity, Subject};
use enter::Terms;
use gather::Candidate;
use ledger::Ledger;
use tape::{Came, Heard, Tape, Untaped};

/// How many scenarios go to the subject at once.
const BATCH: usize = 512;

/// Why a scenario is left out when others have used up the time.
const LATE: &str = "not run, as those before took too long";

/// Says what to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The subject as it was named on the command line.
    pub subject: String,
    /// The profile to judge under.
    pub profile: Profile,
    /// The release that the subject is held to.
    pub follows: Release,
    /// How the profile was chosen.
    pub chosen: String,
    /// Which clauses are judged.
    pub selected: Selection,
    /// How many scenarios are generated for each family.
    pub cases: u32,
    /// The seed of the generators.
    pub seed: u64,
    /// Whether to stop at the first clause that falls short.
    pub fail_fast: bool,
    /// The clauses that are known to be broken; they do not stop a run.
    pub excused: Vec<ClauseId>,
    /// What the subject does otherwise on purpose: it is judged by the model with these changes.
    pub changes: Vec<Change>,
}

impl Plan {
    /// Gives what the model must know of a subject.
    pub(crate) fn settings(&self, identity: &Identity) -> Settings {
        Settings { changes: self.changes.clone(), ..identity.settings(self.profile) }
    }
}

/// Hears how far a run has come.
pub trait Progress {
    /// The run begins; so many scenarios are planned.
    fn start(&mut self, total: u64);
    /// So many scenarios are done.
    fn advance(&mut self, done: u64);
    /// Something else is being done.
    fn note(&mut self, text: &str);
    /// The run has ended.
    fn finish(&mut self);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&mut self, _: u64) {}
    fn advance(&mut self, _: u64) {}
    fn note(&mut self, _: &str) {}
    fn finish(&mut self) {}
}

/// Is a scenario from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromFile {
    /// The file.
    pub file: String,
    /// The scenario.
    pub scenario: Scenario,
}

/// Gives the scenarios on scripted sockets that a run has in store for a subject.
#[must_use]
pub fn scenarios(plan: &Plan, identity: &Identity) -> Vec<Scenario> {
    gather::everything(plan, identity)
}

/// Runs the suite.
pub fn run(subject: &mut dyn Subject, plan: &Plan, progress: &mut dyn Progress) -> Outcome {
    run_by(LAWS, subject, plan, &[], progress, &mut Untaped)
}

/// Runs the suite and, beside the clauses' examples, scenarios from files; a tape hears all that the verdicts are made of.
pub fn run_with(
    subject: &mut dyn Subject,
    plan: &Plan,
    files: &[FromFile],
    progress: &mut dyn Progress,
    tape: &mut dyn Tape,
) -> Outcome {
    run_by(LAWS, subject, plan, files, progress, tape)
}

/// Judges again what a tape has heard of a subject; it took so long then.
pub fn run_again(
    identity: Identity,
    plan: &Plan,
    heard: impl IntoIterator<Item = Heard>,
    elapsed: Duration,
) -> Outcome {
    let terms = Terms { settings: plan.settings(&identity), identity };
    let mut ledger = Ledger::new(plan, &terms.identity, LAWS);
    heard.into_iter().for_each(|heard| ledger.enter(heard, None, &terms));
    ledger.outcome(plan, terms.identity, elapsed)
}

/// Runs the suite by laws of one's choice.
pub fn run_by(
    laws: &'static [Law],
    subject: &mut dyn Subject,
    plan: &Plan,
    files: &[FromFile],
    progress: &mut dyn Progress,
    tape: &mut dyn Tape,
) -> Outcome {
    let began = Instant::now();
    let identity = subject.identity().clone();
    let terms = Terms { settings: plan.settings(&identity), identity: identity.clone() };
    let repertoire = Repertoire { profile: plan.profile, features: identity.features.clone() };
    let mut ledger = Ledger::new(plan, &identity, laws);
    let scripted = |family: &Family| identity.scripted && repertoire.allows(*family);
    let families: Vec<Family> = Family::ALL.iter().copied().filter(scripted).collect();
    let examples = gather::examples(plan, &identity);
    let (real_examples, examples): (Vec<_>, Vec<_>) =
        examples.into_iter().partition(|candidate| real::transport(&candidate.scenario).is_some());
    let examples = if identity.scripted { examples } else { Vec::new() };
    let mut sockets = real_examples;
    sockets.extend(sockets::candidates(plan, &identity, &repertoire));
    sockets.retain(|candidate| !awaits_what_is_changed(plan, &candidate.scenario));
    let cases = families.len() as u64 * u64::from(plan.cases);
    let files = files::sort(files, &identity, &terms.settings);
    progress.start((examples.len() + sockets.len() + files.len()) as u64 + cases);
    let mut suite = Suite { subject, plan, terms: &terms, ledger: &mut ledger, progress, tape, done: 0 };
    files.known.into_iter().for_each(|known| suite.hear(known));
    suite.take(examples);
    suite.take(files.scripted);
    for family in families {
        let mut generated = gather::Generated::new(family, &repertoire, plan);
        while !suite.enough() {
            let batch = generated.batch(BATCH);
            if batch.is_empty() {
                break;
            }
            suite.take(batch);
        }
    }
    suite.converse(files.sockets);
    suite.converse(sockets);
    suite.lower(files.lowered);
    // A loop that cannot be stepped is known by what comes of it.
    if !identity.scripted || identity.loops == LoopKind::Settle {
        suite.lower(sockets::to_be_lowered(plan, &identity, &repertoire));
    }
    suite.minimise();
    progress.finish();
    ledger.outcome(plan, identity, began.elapsed())
}

struct Suite<'a> {
    subject: &'a mut dyn Subject,
    plan: &'a Plan,
    terms: &'a Terms,
    ledger: &'a mut Ledger,
    progress: &'a mut dyn Progress,
    tape: &'a mut dyn Tape,
    done: u64,
}

impl Suite<'_> {
    fn enough(&self) -> bool {
        self.ledger.given_up.is_some() || self.plan.fail_fast && self.ledger.fell_short(&self.plan.excused)
    }

    /// Runs candidates and enters what came of them.
    fn take(&mut self, candidates: Vec<Candidate>) {
        let mut candidates = candidates;
        while !candidates.is_empty() && !self.enough() {
            let rest = candidates.split_off(candidates.len().min(BATCH));
            let scenarios: Vec<_> = candidates.iter().map(|candidate| candidate.scenario.clone()).collect();
            let runs = self.subject.run(&scenarios);
            self.done += runs.len() as u64;
            for (candidate, run) in candidates.into_iter().zip(runs) {
                self.enter(candidate, Came::Scripted(run));
            }
            self.progress.advance(self.done);
            candidates = rest;
        }
    }

    /// Performs candidates on real sockets, one after the other, and enters what came of them.
    fn converse(&mut self, candidates: Vec<Candidate>) {
        let until = Instant::now() + sockets::MOST_TIME;
        let mut in_vain = 0;
        for candidate in candidates {
            if self.enough() {
                return;
            }
            self.done += 1;
            self.progress.advance(self.done);
            if in_vain >= sockets::MOST_IN_VAIN || Instant::now() >= until {
                self.leave_out(candidate.origin);
                continue;
            }
            let performance = real::perform(self.subject, &candidate.scenario, &Patience::default());
            in_vain += u32::from(matches!(&performance, Performance::Realised(realised) if realised.in_vain.is_some()));
            self.enter(candidate, Came::Performed(performance));
        }
    }

    /// Performs lowered scenarios and enters what came of them.
    fn lower(&mut self, candidates: Vec<(Candidate, Lowered)>) {
        let until = Instant::now() + sockets::MOST_TIME;
        let mut broken = 0;
        for (candidate, lowered) in candidates {
            if self.enough() {
                return;
            }
            if broken >= sockets::MOST_BROKEN || Instant::now() >= until {
                self.leave_out(candidate.origin);
                continue;
            }
            let began = Instant::now();
            let performed = real::perform_lowered(self.subject, &lowered, &sockets::BRISK);
            broken += u32::from(began.elapsed() >= sockets::BRISK.hook);
            let came = match performed {
                Ok(sighting) => Came::Lowered { lowered: lowered.scenario, sighting },
                Err(performance) => Came::Performed(performance),
            };
            self.enter(Candidate { tree: None, ..candidate }, came);
        }
    }

    /// Lets the tape hear what came of a candidate, and enters it.
    fn enter(&mut self, candidate: Candidate, came: Came) {
        let Candidate { scenario, origin, tree } = candidate;
        let heard = Heard::Came { origin, scenario, came };
        self.tape.hear(&heard);
        self.ledger.enter(heard, tree, self.terms);
    }

    /// Notes that there is no time for a candidate.
    fn leave_out(&mut self, origin: Origin) {
        self.hear(Heard::Lacked { origin, reason: LATE.to_owned() });
    }

    /// Lets the tape hear what is no run, and enters it.
    fn hear(&mut self, heard: Heard) {
        self.tape.hear(&heard);
        self.ledger.enter(heard, None, self.terms);
    }

    /// Makes every failure as small as it can be.
    fn minimise(&mut self) {
        if self.ledger.given_up.is_some() || !self.subject.identity().scripted {
            return;
        }
        self.ledger.settle();
        for clause in self.ledger.failed() {
            self.progress.note(&format!("looking for the smallest scenario that breaks {clause}"));
            let Some(found) = self.ledger.take_failure(clause) else { continue };
            let smaller = shrink::minimise(self.subject, &self.terms.settings, clause, found);
            if let Some(heard) = smaller.heard(clause) {
                self.tape.hear(&heard);
            }
            self.ledger.put_failure(clause, smaller);
        }
    }
}

/// Says whether a scenario awaits what the subject does otherwise on purpose: it may never come.
fn awaits_what_is_changed(plan: &Plan, scenario: &Scenario) -> bool {
    let changed = |clause: ClauseId| plan.changes.iter().any(|change| change.clause == clause);
    scenario.steps.iter().any(|step| match step {
        Action::Await { on, hook, .. } => changed(Awaited { on: *on, hook: *hook }.clause(plan.profile)),
        _ => false,
    })
}

/// Gives the seed of one family, so that families do not depend on each other.
fn family_seed(seed: u64, family: Family) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let name = family.name().as_bytes();
    bytes[8..8 + name.len()].copy_from_slice(name);
    bytes
}
