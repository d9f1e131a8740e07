//! Keeps count, clause by clause.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use asyncore_spec::clause::{Clause, Level, Scope, clauses};
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::feature::Feature;
use asyncore_spec::law::{self, Law, Laws, Seen};
use asyncore_spec::model::{Prediction, Settings, predict};
use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;
use asyncore_spec::view::Observed;

use super::enter::Terms;
use super::gather::{Candidate, Tree};
use super::tape::{Came, Heard, clause_id};
use super::{Plan, shrink};
use crate::concord::{Disagreement, disagreements, steps_in_order};
use crate::judge::{Departure, Judgement};
use crate::ordered::{ORDER, judge_scenario};
use crate::outcome::{ClauseOutcome, Failure, FileOutcome, Followed, Origin, Outcome, Verdict};
use crate::real::lower::Lowered;
use crate::real::lowered::Sighting;
use crate::real::{self, Performance, Realised};
use crate::subject::{Identity, Run};

/// At how many scenarios a subject may fail altogether before it is given up.
const MOST_ERRORS: usize = 30;

/// Is a failure that has been found, with the means to make it smaller.
pub(super) struct Found {
    pub(super) failure: Failure,
    pub(super) tree: Option<Tree>,
    /// What the subject did, where it failed altogether.
    pub(super) error: Option<String>,
}

/// Holds what is known of one clause.
struct Entry {
    clause: &'static Clause,
    /// Why the clause is not judged, if it is not.
    standing: Standing,
    checks: u64,
    broken: u64,
    found: Option<Found>,
    /// What its own examples need that the subject does not declare.
    lacking: Option<String>,
    /// The clause's own example, where that departs at an event of another clause.
    own: Option<Failure>,
}

enum Standing {
    Judged,
    Left(Verdict),
}

/// Holds what is known of every clause.
pub(super) struct Ledger {
    entries: Vec<Entry>,
    by_id: HashMap<ClauseId, usize>,
    observed: Observed,
    refused: BTreeMap<String, u64>,
    /// At how many scenarios the subject failed altogether.
    errors: usize,
    /// Why the subject is not run any more, if it is not.
    pub(super) given_up: Option<String>,
    pub(super) scenarios: u64,
    pub(super) examples: u64,
    /// How many scenarios were run on real sockets.
    pub(super) sockets: u64,
    /// What was not run for want of something on this machine.
    absent: BTreeMap<String, u64>,
    /// What stands beside the model as a second judge.
    laws: &'static [Law],
    /// The smallest trace on which the model and each law disagree.
    disagreements: BTreeMap<ClauseId, Disagreement>,
    /// What came of scenarios from files.
    files: Vec<FileOutcome>,
    /// What the subject does otherwise on purpose.
    changes: Vec<Followed>,
    /// What is blamed on an accident, by its clause and by the clause that is broken if that was not to blame.
    accidents: BTreeMap<(ClauseId, ClauseId), (u64, Found)>,
}

/// Is a trace with what it is the trace of.
struct Observation<'a> {
    scenario: &'a Scenario,
    /// The scenario as it was written, where it became another one.
    written: Option<&'a Scenario>,
    trace: &'a Trace,
    /// What is expected, where that is not simply what the model predicts of the scenario.
    expected: Option<Trace>,
    printed: &'a str,
}

impl Observation<'_> {
    fn failure(&self, departure: Departure, origin: Origin) -> Failure {
        Failure {
            scenario: self.scenario.clone(),
            written: self.written.cloned(),
            expected: self.expected.clone().unwrap_or_default(),
            actual: self.trace.clone(),
            departure: Some(departure),
            origin,
            printed: self.printed.to_owned(),
            stderr: String::new(),
        }
    }

    fn size(&self) -> (usize, usize) {
        entry_size(self.written.unwrap_or(self.scenario))
    }
}

impl Found {
    /// Gives what a tape is to hear of a failure that was made smaller; nothing if it stands as it was found.
    pub(super) fn heard(&self, clause: ClauseId) -> Option<Heard> {
        let failure = &self.failure;
        if self.error.is_some() || failure.is_in_vain() {
            return None;
        }
        let (trace, printed) = (failure.actual.clone(), failure.printed.clone());
        let came = match failure.written {
            None => Came::Scripted(Run::Trace { trace, printed }),
            Some(_) => {
                let scenario = failure.scenario.clone();
                Came::Performed(Performance::Realised(Realised { scenario, trace, printed, in_vain: None }))
            }
        };
        Some(Heard::Smallest { clause: clause.to_string(), scenario: failure.again().clone(), came })
    }
}

impl Ledger {
    pub(super) fn new(plan: &Plan, identity: &Identity, laws: &'static [Law]) -> Self {
        let live = clauses().iter().filter(|clause| !clause.withdrawn);
        let entries: Vec<Entry> = live
            .map(|clause| Entry {
                clause,
                standing: standing(clause, plan, identity),
                lacking: lacking(clause, identity),
                checks: 0,
                broken: 0,
                found: None,
                own: None,
            })
            .collect();
        let by_id = entries.iter().enumerate().map(|(at, entry)| (entry.clause.id, at)).collect();
        let observed = identity.observes.clone();
        Self {
            entries,
            by_id,
            observed,
            refused: BTreeMap::new(),
            errors: 0,
            given_up: None,
            scenarios: 0,
            examples: 0,
            sockets: 0,
            absent: BTreeMap::new(),
            laws,
            disagreements: BTreeMap::new(),
            files: Vec::new(),
            changes: plan.changes.iter().map(|change| Followed { change: change.clone(), seen: false }).collect(),
            accidents: BTreeMap::new(),
        }
    }

    /// Gives what is known of the file that a scenario came from, if it came from one.
    fn file(&mut self, origin: &Origin) -> Option<&mut FileOutcome> {
        let Origin::File(name) = origin else { return None };
        self.files.iter_mut().find(|file| file.file == *name)
    }

    /// Enters that there is a scenario in a file, and why it is not run if it is not.
    pub(super) fn know(&mut self, origin: &Origin, left: Option<String>) {
        if let (Origin::File(name), None) = (origin, self.file(origin)) {
            self.files.push(FileOutcome { file: name.clone(), ..FileOutcome::default() });
        }
        if let Some(reason) = left {
            self.leave(origin, reason);
        }
    }

    /// Enters why a scenario from a file was not run to its end.
    fn leave(&mut self, origin: &Origin, reason: String) {
        if let Some(file) = self.file(origin) {
            file.not_run.push(reason);
        }
    }

    /// Enters that a scenario was run to its end and judged.
    fn ran(&mut self, origin: &Origin) {
        self.scenarios += 1;
        if let Some(file) = self.file(origin) {
            file.scenarios += 1;
        }
    }

    fn entry(&mut self, id: ClauseId) -> Option<&mut Entry> {
        let at = *self.by_id.get(&id)?;
        let entry = &mut self.entries[at];
        matches!(entry.standing, Standing::Judged).then_some(entry)
    }

    /// Judges a trace and enters the result.
    pub(super) fn judge(&mut self, candidate: Candidate, trace: &Trace, printed: &str, settings: &Settings) {
        self.ran(&candidate.origin);
        self.examples += u64::from(matches!(candidate.origin, Origin::Example(_)));
        let (prediction, judgement) = judge_scenario(&candidate.scenario, settings, trace, &self.observed);
        // Where nothing was observed nothing was done, as far as anybody knows.
        let active = !trace.is_empty();
        if active {
            self.hold(&judgement.held);
        }
        let laws = self.compare(&candidate.scenario, trace, settings, &prediction, &judgement);
        self.follow(&prediction, &judgement, settings, |settings, observed| {
            judge_scenario(&candidate.scenario, settings, trace, observed).1
        });
        let mut departures = judgement.departures;
        if departures.is_empty() {
            self.hold(if active { &laws.held } else { &[] });
        } else if !departures.iter().any(|departure| self.is_must(departure.clause)) {
            // What no MUST forbids may hide what one does: the laws look at the trace as it is.
            departures.extend(laws.broken.iter().map(Departure::of_law));
        }
        let Candidate { scenario, origin, tree } = candidate;
        let seen = Observation { scenario: &scenario, written: None, trace, expected: None, printed };
        self.depart(&seen, &origin, tree, departures);
    }

    /// Judges what became of a scenario on real sockets and enters the result.
    pub(super) fn judge_realised(&mut self, candidate: Candidate, realised: &Realised, settings: &Settings) {
        self.ran(&candidate.origin);
        self.sockets += 1;
        let (prediction, judgement) = real::judge_realised(realised, settings, &self.observed);
        self.hold(&judgement.held);
        self.compare(&realised.scenario, &realised.trace, settings, &prediction, &judgement);
        self.follow(&prediction, &judgement, settings, |settings, observed| {
            real::judge_realised(realised, settings, observed).1
        });
        let Candidate { scenario: written, origin, tree } = candidate;
        let Realised { scenario, trace, printed, .. } = realised;
        let seen = Observation { scenario, written: Some(&written), trace, expected: None, printed };
        self.depart(&seen, &origin, tree, judgement.departures);
    }

    /// Judges what was seen of a lowered scenario and enters the result.
    pub(super) fn judge_lowered(&mut self, candidate: &Candidate, lowered: &Lowered, sighting: &Sighting) {
        self.ran(&candidate.origin);
        self.sockets += 1;
        let judgement = lowered.judge(sighting, &self.observed);
        self.hold(&judgement.held);
        let seen = Observation {
            scenario: &lowered.scenario,
            written: Some(&candidate.scenario),
            trace: &lowered.trace(sighting, &self.observed),
            expected: Some(lowered.expected_trace(&self.observed)),
            printed: &sighting.printed,
        };
        self.depart(&seen, &candidate.origin, None, judgement.departures);
    }

    /// Holds the two judges against each other, and gives what the laws say.
    fn compare(
        &mut self,
        scenario: &Scenario,
        trace: &Trace,
        settings: &Settings,
        prediction: &Prediction,
        judgement: &Judgement,
    ) -> Laws {
        let seen = Seen { scenario, settings, trace, observed: &self.observed };
        let laws = law::apply_these(self.laws, &seen);
        for found in disagreements(self.laws, &seen, &laws, steps_in_order(prediction, judgement)) {
            let known = self.disagreements.remove(&found.law);
            let times = known.as_ref().map_or(0, |known| known.times) + 1;
            let smaller = |known: &Disagreement| entry_size(&known.scenario) <= entry_size(&found.scenario);
            let smallest = known.filter(smaller).unwrap_or(found);
            self.disagreements.insert(smallest.law, Disagreement { times, ..smallest });
        }
        laws
    }

    /// Enters which changes a trace that agrees shows: those without which it would not.
    fn follow(
        &mut self,
        prediction: &Prediction,
        judgement: &Judgement,
        settings: &Settings,
        judged: impl Fn(&Settings, &Observed) -> Judgement,
    ) {
        if !judgement.departures.is_empty() {
            return;
        }
        let open = self.changes.iter_mut().filter(|followed| !followed.seen);
        for followed in open.filter(|followed| prediction.changed.contains(&followed.change.clause)) {
            let mut others = settings.clone();
            others.changes.retain(|change| *change != followed.change);
            followed.seen = !judged(&others, &self.observed).departures.is_empty();
        }
    }

    /// Enters that this machine lacks something for a scenario.
    pub(super) fn lack(&mut self, origin: &Origin, reason: String) {
        self.leave(origin, reason.clone());
        *self.absent.entry(reason).or_default() += 1;
    }

    fn hold(&mut self, held: &[ClauseId]) {
        for id in held {
            if let Some(entry) = self.entry(*id) {
                entry.checks += 1;
            }
        }
    }

    /// Enters departures; the smallest scenario of each clause is kept.
    fn depart(&mut self, seen: &Observation<'_>, origin: &Origin, mut tree: Option<Tree>, departures: Vec<Departure>) {
        self.keep_own(seen, origin, departures.first());
        for departure in departures {
            let clause = departure.clause;
            if let Some(own) = departure.instead_of {
                let found = Found { failure: seen.failure(departure, origin.clone()), tree: None, error: None };
                self.hold_back(clause, own, found);
            } else if let Some(entry) = self.entry(clause) {
                entry.checks += 1;
                entry.broken += 1;
                if entry.is_smaller(seen.size()) {
                    let failure = seen.failure(departure, origin.clone());
                    entry.found = Some(Found { failure, tree: tree.take(), error: None });
                }
            } else {
                continue;
            }
            if let Some(file) = self.file(origin).filter(|file| !file.broke.contains(&clause)) {
                file.broke.push(clause);
            }
        }
    }

    /// Keeps what is blamed on an accident until it is known what else is broken.
    fn hold_back(&mut self, accident: ClauseId, own: ClauseId, found: Found) {
        let size = |found: &Found| entry_size(found.failure.again());
        let (times, smallest) = match self.accidents.remove(&(accident, own)) {
            Some((times, known)) if size(&known) <= size(&found) => (times + 1, known),
            Some((times, _)) => (times + 1, found),
            None => (1, found),
        };
        self.accidents.insert((accident, own), (times, smallest));
    }

    /// Blames accidents for what is broken in their wake alone; what is broken elsewhere, too, is not their doing.
    pub(super) fn settle(&mut self) {
        for ((accident, own), (times, found)) in std::mem::take(&mut self.accidents) {
            if self.entry(own).is_some_and(|entry| entry.broken > 0) {
                continue;
            }
            let Some(entry) = self.entry(accident) else { continue };
            entry.checks += times;
            entry.broken += times;
            if entry.is_smaller(entry_size(found.failure.again())) {
                entry.found = Some(found);
            }
        }
    }

    /// Keeps a clause's own example that departs; it counts only if nothing else can be said of the clause.
    fn keep_own(&mut self, seen: &Observation<'_>, origin: &Origin, first: Option<&Departure>) {
        let (Origin::Example(id), Some(departure)) = (origin, first) else { return };
        let Some(entry) = self.entry(*id).filter(|entry| entry.own.is_none()) else { return };
        entry.own = Some(seen.failure(departure.clone(), origin.clone()));
    }

    fn is_must(&self, id: ClauseId) -> bool {
        self.by_id.get(&id).is_some_and(|at| self.entries[*at].clause.level == Level::Must)
    }

    /// Enters that the subject would not run a scenario although it had declared what that needs.
    pub(super) fn refuse(&mut self, origin: &Origin, reason: String) {
        self.leave(origin, reason.clone());
        *self.refused.entry(reason).or_default() += 1;
    }

    /// Enters that the subject failed altogether.
    pub(super) fn fail(&mut self, candidate: Candidate, reason: String, stderr: String, settings: &Settings) {
        self.errors += 1;
        if self.errors >= MOST_ERRORS {
            self.given_up
                .get_or_insert_with(|| format!("given up after {MOST_ERRORS} scenarios at which the subject failed"));
        }
        let Candidate { scenario, origin, tree } = candidate;
        self.leave(&origin, format!("the subject failed: {reason}"));
        let prediction = predict(&scenario, settings);
        let own = match origin {
            Origin::Example(id) => Some(id),
            Origin::Generated(_) | Origin::Written(_) | Origin::File(_) => None,
        };
        let mut likely: Vec<ClauseId> = own.into_iter().collect();
        likely.extend(prediction.events.iter().rev().map(|expected| expected.demand));
        // What real sockets give is not known beforehand; but no failure is to be forgotten.
        likely.extend(self.entries.iter().map(|entry| entry.clause.id));
        let Some(id) = likely.into_iter().find(|id| self.entry(*id).is_some()) else { return };
        let Some(entry) = self.entry(id) else { return };
        entry.checks += 1;
        entry.broken += 1;
        if entry
            .found
            .as_ref()
            .is_none_or(|found| found.error.is_some() && entry_size(found.failure.again()) > entry_size(&scenario))
        {
            let failure = Failure {
                scenario,
                written: None,
                expected: Trace::default(),
                actual: Trace::default(),
                departure: None,
                origin,
                printed: String::new(),
                stderr,
            };
            entry.found = Some(Found { failure, tree, error: Some(reason) });
        }
    }

    /// Says whether a clause that has to hold was broken, other than those excused.
    pub(super) fn fell_short(&self, excused: &[ClauseId]) -> bool {
        self.entries.iter().filter(|entry| !excused.contains(&entry.clause.id)).any(|entry| {
            let error = entry.found.as_ref().is_some_and(|found| found.error.is_some());
            entry.found.is_some() && (error || entry.clause.level == Level::Must)
        })
    }

    /// Names the clauses that were broken.
    pub(super) fn failed(&self) -> Vec<ClauseId> {
        self.entries.iter().filter(|entry| entry.found.is_some()).map(|entry| entry.clause.id).collect()
    }

    pub(super) fn take_failure(&mut self, id: ClauseId) -> Option<Found> {
        self.entry(id)?.found.take()
    }

    pub(super) fn put_failure(&mut self, id: ClauseId, found: Found) {
        if let Some(entry) = self.entry(id) {
            entry.found = Some(found);
        }
    }

    /// Takes a scenario for the smallest that breaks a clause, if it does break that clause.
    pub(super) fn take_smaller(&mut self, clause: &str, scenario: &Scenario, came: Came, terms: &Terms) {
        self.settle();
        let clause = clause_id(clause);
        let Some(found) = self.take_failure(clause) else { return };
        let found = shrink::adopt(&terms.identity, &terms.settings, clause, found, scenario, came);
        self.put_failure(clause, found);
    }

    /// Closes the books.
    pub(super) fn outcome(mut self, plan: &Plan, identity: Identity, elapsed: Duration) -> Outcome {
        self.settle();
        let settings = plan.settings(&identity);
        let observed = &self.observed;
        let idle = self.given_up.as_deref().unwrap_or("no scenario that the subject can run and observe exercised it");
        let broken: HashSet<ClauseId> =
            self.entries.iter().filter(|entry| entry.found.is_some()).map(|entry| entry.clause.id).collect();
        let followed = |id: ClauseId| self.changes.iter().find(|followed| followed.change.clause == id).cloned();
        let close = |entry: Entry| {
            let change = followed(entry.clause.id);
            ClauseOutcome { change, ..entry.close(&settings, observed, idle, &broken) }
        };
        let clauses = self.entries.into_iter().map(close).collect();
        Outcome {
            subject: plan.subject.clone(),
            identity,
            profile: plan.profile,
            follows: plan.follows,
            chosen: plan.chosen.clone(),
            seed: plan.seed,
            cases: plan.cases,
            clauses,
            scenarios: self.scenarios,
            examples: self.examples,
            sockets: self.sockets,
            files: self.files.into_iter().map(|file| accounted(file, self.given_up.as_deref())).collect(),
            absent: self.absent.into_iter().collect(),
            disagreements: self.disagreements.into_values().collect(),
            refused: self.refused.into_iter().collect(),
            elapsed,
        }
    }
}

impl Entry {
    fn is_smaller(&self, size: (usize, usize)) -> bool {
        self.found.as_ref().is_none_or(|found| size < entry_size(found.failure.again()))
    }

    fn close(
        mut self,
        settings: &Settings,
        observed: &Observed,
        idle: &str,
        broken: &HashSet<ClauseId>,
    ) -> ClauseOutcome {
        let mut failure = None;
        let mut idle = idle.to_owned();
        if let Some(own) = self.own.take().filter(|_| self.checks == 0) {
            // The clause is never reached, because its own example departs before.
            let blamed = own.departure.as_ref().map(|departure| departure.clause);
            match blamed.filter(|clause| broken.contains(clause)) {
                Some(clause) => idle = format!("its own example departs before, where {clause} is broken"),
                None => {
                    self.checks = 1;
                    self.broken = 1;
                    self.found = Some(Found { failure: own, tree: None, error: None });
                }
            }
        }
        let verdict = match (self.standing, self.found) {
            (Standing::Left(verdict), _) => verdict,
            (Standing::Judged, Some(Found { failure: found, error, .. })) => {
                failure = Some(with_expected(found, settings, observed));
                error.map_or(Verdict::Fail, |reason| Verdict::Error { reason })
            }
            (Standing::Judged, None) if self.checks > 0 => Verdict::Pass,
            (Standing::Judged, None) => match self.lacking {
                Some(reason) => Verdict::Unsupported { reason },
                None => Verdict::NotExecuted { reason: idle },
            },
        };
        let Self { clause, checks, broken, .. } = self;
        ClauseOutcome { clause, verdict, checks, broken, failure, change: None }
    }
}

/// Says why a file was not run where nothing else does.
fn accounted(mut file: FileOutcome, given_up: Option<&str>) -> FileOutcome {
    if file.scenarios == 0 && file.not_run.is_empty() {
        file.not_run.push(given_up.unwrap_or("the run ended before").to_owned());
    }
    file
}

/// Adds what the model predicts, unless it is known already what is expected.
fn with_expected(found: Failure, settings: &Settings, observed: &Observed) -> Failure {
    if !found.expected.steps.is_empty() {
        return found;
    }
    let of_order = found.departure.as_ref().is_none_or(|departure| departure.clause == ORDER);
    let prediction = if of_order {
        real::predict_beside(&found.scenario, settings, &found.actual)
    } else {
        judge_scenario(&found.scenario, settings, &found.actual, observed).0
    };
    let expected = real::shown_beside(&prediction, &found.actual, observed);
    Failure { expected, ..found }
}

/// Measures a scenario: lines first, then the length of its text.
pub(super) fn entry_size(scenario: &Scenario) -> (usize, usize) {
    (scenario.steps.len() + scenario.setup.len(), scenario.to_string().len())
}

fn standing(clause: &Clause, plan: &Plan, identity: &Identity) -> Standing {
    let not_applicable = |reason: String| Standing::Left(Verdict::NotApplicable { reason });
    if !clause.profiles.contains(&plan.profile) {
        return not_applicable(format!("it does not belong to the profile {}", plan.profile));
    }
    if !clause.applies(plan.profile, plan.follows) {
        return not_applicable(format!(
            "Python {} does otherwise (the clause's range is {})",
            plan.follows, clause.python_text
        ));
    }
    if clause.scope == Scope::Python && !identity.features.contains(&Feature::Python) {
        return not_applicable("it means nothing outside Python".to_owned());
    }
    if !plan.selected.contains(clause.id) {
        return Standing::Left(Verdict::Excluded);
    }
    Standing::Judged
}

/// Says what a clause's own examples need that the subject does not declare.
///
/// The clause may be seen to hold, or to be broken, in other scenarios all the same.
fn lacking(clause: &Clause, identity: &Identity) -> Option<String> {
    let missing = clause.needs.iter().filter(|need| !identity.features.contains(need));
    let missing: Vec<_> = missing.map(|feature| feature.name()).collect();
    (!missing.is_empty()).then(|| format!("the subject does not declare {}", missing.join(", ")))
}
