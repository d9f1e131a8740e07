//! What a run of the suite found: one verdict for each clause, and the evidence for it.

use std::collections::BTreeMap;
use std::time::Duration;

use asyncore_spec::change::Change;
use asyncore_spec::clause::Clause;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::profile::{Profile, Release};
use asyncore_spec::scenario::{Action, Scenario};
use asyncore_spec::trace::Trace;

use crate::concord::Disagreement;
use crate::judge::Departure;
use crate::subject::Identity;

/// Is everything that a run of one subject under one profile found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The subject as it was named on the command line, such as `python:python3`.
    pub subject: String,
    /// Who the subject says it is.
    pub identity: Identity,
    /// The profile it was judged under.
    pub profile: Profile,
    /// The release it is held to, which decides the clauses' `python:` ranges.
    pub follows: Release,
    /// How the profile was chosen, in one sentence.
    pub chosen: String,
    /// The seed of the generated scenarios.
    pub seed: u64,
    /// How many scenarios were generated for each family.
    pub cases: u32,
    /// One entry for each clause of the spec that is not withdrawn, in the order of the spec.
    pub clauses: Vec<ClauseOutcome>,
    /// How many scenarios were run to their end and judged.
    pub scenarios: u64,
    /// How many of them came from the clauses' examples.
    pub examples: u64,
    /// How many of them were run on real sockets.
    pub sockets: u64,
    /// What came of the scenarios that came from files, file by file.
    pub files: Vec<FileOutcome>,
    /// Scenarios that were not run because this machine lacks something, or time ran out: reason and number.
    pub absent: Vec<(String, u64)>,
    /// Scenarios that the subject said it could not run although it had declared what they need: reason and number.
    pub refused: Vec<(String, u64)>,
    /// The traces that the model finds in order and a law does not, or the other way round: faults of the suite.
    pub disagreements: Vec<Disagreement>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Is what came of the scenarios of one file.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize)]
pub struct FileOutcome {
    /// The file.
    pub file: String,
    /// How many scenarios it gave that were run to their end and judged: one, or one for each transport.
    pub scenarios: u64,
    /// The clauses that they broke.
    pub broke: Vec<ClauseId>,
    /// Why a scenario of it was not run to its end, if one was not.
    pub not_run: Vec<String>,
}

/// Is what was found about one clause.
#[derive(Clone, Debug)]
pub struct ClauseOutcome {
    /// The clause.
    pub clause: &'static Clause,
    /// The verdict.
    pub verdict: Verdict,
    /// How many times the clause was seen to hold or not to hold.
    pub checks: u64,
    /// How many scenarios broke it.
    pub broken: u64,
    /// The smallest scenario that breaks it, if one does.
    pub failure: Option<Failure>,
    /// What the subject is held to in place of the clause, if it does otherwise on purpose.
    pub change: Option<Followed>,
}

/// Is a change of the model that a subject says it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The change.
    pub change: Change,
    /// Whether it was seen to, where the clause as it stands would have been broken.
    pub seen: bool,
}

/// Is what can be said of one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was exercised and held every time.
    Pass,
    /// It was broken.
    Fail,
    /// The subject does not have what it speaks of.
    Unsupported {
        /// What is missing.
        reason: String,
    },
    /// The subject died, hung or answered wrongly where the clause was exercised.
    Error {
        /// What happened.
        reason: String,
    },
    /// The clause does not hold for the profile, the release or the language.
    NotApplicable {
        /// Why not.
        reason: String,
    },
    /// The command line excluded it.
    Excluded,
    /// It applies, but no scenario exercised it.
    NotExecuted {
        /// Why not.
        reason: String,
    },
    /// It was broken, and a deviations file says so.
    Excused {
        /// The reason in the file.
        reason: String,
    },
    /// A deviations file says that it is broken, but it held.
    Unexcused {
        /// The reason in the file.
        reason: String,
    },
}

impl Verdict {
    /// Gives the verdict's name and, where there is one, its reason.
    #[must_use]
    pub fn told(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Pass => ("pass", None),
            Self::Fail => ("fail", None),
            Self::Excluded => ("excluded", None),
            Self::Unsupported { reason } => ("unsupported", Some(reason)),
            Self::Error { reason } => ("error", Some(reason)),
            Self::NotApplicable { reason } => ("not_applicable", Some(reason)),
            Self::NotExecuted { reason } => ("not_executed", Some(reason)),
            Self::Excused { reason } => ("excused", Some(reason)),
            Self::Unexcused { reason } => ("unexcused", Some(reason)),
        }
    }
}

/// Is a scenario that breaks a clause, with the story of how.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The scenario, as small as it could be made; on real sockets, what became of it.
    pub scenario: Scenario,
    /// The scenario as it was written, where running it on real sockets made another of it.
    pub written: Option<Scenario>,
    /// What the model predicts, reduced to what the subject can observe.
    pub expected: Trace,
    /// What was observed; empty if the subject did not get to its end.
    pub actual: Trace,
    /// The first departure; none when the subject failed altogether.
    pub departure: Option<Departure>,
    /// Where the scenario came from.
    pub origin: Origin,
    /// What the subject printed on its standard output.
    pub printed: String,
    /// The end of what the subject wrote on its standard error.
    pub stderr: String,
}

/// Is where a scenario came from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An example of this clause.
    Example(ClauseId),
    /// Generated for the family of this name.
    Generated(&'static str),
    /// One of the suite's own for real sockets, of this name.
    Written(&'static str),
    /// The file of this name.
    File(String),
}

impl Failure {
    /// Gives the scenario to run when the failure is to be seen again.
    #[must_use]
    pub fn again(&self) -> &Scenario {
        self.written.as_ref().unwrap_or(&self.scenario)
    }

    /// Says whether a hook was awaited in vain, on real sockets.
    #[must_use]
    pub fn is_in_vain(&self) -> bool {
        matches!(self.scenario.steps.last(), Some(Action::Await { .. }))
    }
}

/// Counts verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize)]
pub struct Totals {
    /// Clauses that passed.
    pub pass: usize,
    /// Clauses that failed.
    pub fail: usize,
    /// Clauses that the subject lacks something for.
    pub unsupported: usize,
    /// Clauses at which the subject failed altogether.
    pub error: usize,
    /// Clauses that do not hold for the profile, the release or the language.
    pub not_applicable: usize,
    /// Clauses that were excluded.
    pub excluded: usize,
    /// Clauses that apply but were not exercised.
    pub not_executed: usize,
    /// Clauses that were broken as a deviations file says.
    pub excused: usize,
    /// Clauses that held, or were not exercised, although a deviations file says that they are broken.
    pub unexcused: usize,
    /// How many times any clause was seen to hold or not to hold.
    pub checks: u64,
}

impl ClauseOutcome {
    /// Says whether the run falls short if this clause fails.
    #[must_use]
    pub fn has_to_hold(&self, strict: bool) -> bool {
        // Who names a change is held to it, whatever the level.
        self.clause.level.has_to_hold(strict) || self.change.is_some()
    }

    /// Says whether the clause was exercised by a scenario that the subject ran.
    #[must_use]
    pub fn is_executed(&self) -> bool {
        match self.verdict {
            Verdict::Pass | Verdict::Fail | Verdict::Error { .. } | Verdict::Excused { .. } => true,
            Verdict::Unexcused { .. } => self.checks > 0,
            Verdict::Unsupported { .. }
            | Verdict::NotApplicable { .. }
            | Verdict::Excluded
            | Verdict::NotExecuted { .. } => false,
        }
    }

    /// Measures how much speaks for the clause as the cause of all that was found, among the broken ones of its level.
    ///
    /// A short scenario does, and so does what it breaks often, above all if it seldom holds: many clauses suffer now and
    /// then from what another one is broken by all the time. A line less weighs as much as
    /// one and a half times as many; that the clause's own example shows it weighs half of that.
    #[must_use]
    pub fn suspicion(&self) -> f64 {
        let log = |number: u64| f64::from(u32::try_from(number.max(1)).unwrap_or(u32::MAX)).log2();
        let own = matches!(self.failure, Some(Failure { origin: Origin::Example(of), .. }) if of == self.clause.id);
        let lines = f64::from(u32::try_from(self.lines()).unwrap_or(u32::MAX));
        1.5 * log(self.broken) - 0.25 * log(self.checks.max(self.broken)) - lines + if own { 0.5 } else { 0.0 }
    }

    /// Counts the lines of the smallest scenario that breaks it.
    fn lines(&self) -> usize {
        self.failure.as_ref().map_or(0, |failure| failure.again().setup.len() + failure.again().steps.len())
    }
}

impl Outcome {
    /// Gives the verdict on every clause by name.
    #[must_use]
    pub fn verdicts(&self) -> BTreeMap<String, String> {
        let name = |found: &ClauseOutcome| (found.clause.id.to_string(), found.verdict.told().0.to_owned());
        self.clauses.iter().map(name).collect()
    }

    /// Counts the clauses that were exercised by a scenario that the subject ran.
    #[must_use]
    pub fn executed(&self) -> usize {
        self.clauses.iter().filter(|found| found.is_executed()).count()
    }

    /// Gives the clauses that were broken or at which the subject failed, the likeliest cause first.
    ///
    /// Heavier levels come first; see [`ClauseOutcome::suspicion`] for the order within one.
    #[must_use]
    pub fn broken(&self) -> Vec<&ClauseOutcome> {
        let is_broken = |found: &&ClauseOutcome| matches!(found.verdict, Verdict::Fail | Verdict::Error { .. });
        let mut broken: Vec<_> = self.clauses.iter().filter(is_broken).collect();
        broken.sort_by(|one, other| {
            let suspicion = other.suspicion().total_cmp(&one.suspicion());
            one.clause.level.cmp(&other.clause.level).then(suspicion).then(one.lines().cmp(&other.lines()))
        });
        broken
    }

    /// Counts the scenarios from files that were run to their end and judged.
    #[must_use]
    pub fn from_files(&self) -> u64 {
        self.files.iter().map(|file| file.scenarios).sum()
    }

    /// Counts the verdicts.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for outcome in &self.clauses {
            totals.checks += outcome.checks;
            *match outcome.verdict {
                Verdict::Pass => &mut totals.pass,
                Verdict::Fail => &mut totals.fail,
                Verdict::Unsupported { .. } => &mut totals.unsupported,
                Verdict::Error { .. } => &mut totals.error,
                Verdict::NotApplicable { .. } => &mut totals.not_applicable,
                Verdict::Excluded => &mut totals.excluded,
                Verdict::NotExecuted { .. } => &mut totals.not_executed,
                Verdict::Excused { .. } => &mut totals.excused,
                Verdict::Unexcused { .. } => &mut totals.unexcused,
            } += 1;
        }
        totals
    }

    /// Says how the run ends: see [`Status`].
    #[must_use]
    pub fn status(&self, strict: bool) -> Status {
        if self.executed() == 0 || !self.disagreements.is_empty() {
            return Status::NotDone;
        }
        let bad = |outcome: &ClauseOutcome| match outcome.verdict {
            Verdict::Fail => outcome.has_to_hold(strict),
            Verdict::Error { .. } | Verdict::Unexcused { .. } => true,
            _ => false,
        };
        if self.clauses.iter().any(bad) { Status::Short } else { Status::Held }
    }
}

/// Is how a run ends; its number is the program's exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Status {
    /// All that had to hold did.
    Held = 0,
    /// Something fell short.
    Short = 1,
    /// The run could not be done, or nothing was executed.
    NotDone = 2,
}
