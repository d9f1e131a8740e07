//! The report for programs.
//!
//! One object, whose `format` grows by one whenever a field changes its meaning or goes away; new fields may come at any
//! time. Scenarios and traces have the form of the process protocol.

use asyncore_spec::feature::Feature;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::trace::{Event, Trace};
use serde::{Deserialize, Serialize};

use super::{Report, SPEC, sentence};
use crate::concord::Disagreement;
use crate::judge::{Departure, How};
use crate::outcome::{ClauseOutcome, Failure, FileOutcome, Origin, Status, Totals};

/// The version of the format.
pub const FORMAT: u32 = 1;

/// Is a subject that could not be judged at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unusable {
    /// The subject as it was named on the command line.
    pub subject: String,
    /// Why.
    pub reason: String,
}

/// Is a file of a scenario that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// Is what could not be used: the run is then not done, whatever became of the rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unused<'a> {
    /// Subjects.
    pub subjects: &'a [Unusable],
    /// Files of scenarios.
    pub files: &'a [Unreadable],
}

/// Gives the reports as one JSON text. As long as more are to come, `complete` is false.
///
/// # Panics
///
/// Never: nothing in a report is anything that JSON cannot hold.
#[must_use]
pub fn to_string(reports: &[Report<'_>], unused: Unused<'_>, complete: bool) -> String {
    let nothing_unused = unused.subjects.is_empty() && unused.files.is_empty();
    let worst = reports.iter().map(Report::status).max().filter(|_| nothing_unused);
    let status = worst.unwrap_or(Status::NotDone);
    let document = Document {
        format: FORMAT,
        spec: SPEC,
        tool: env!("CARGO_PKG_VERSION"),
        complete,
        status: name(status),
        outcomes: reports.iter().map(OutcomeJson::new).collect(),
        unusable: unused.subjects,
        unreadable: unused.files,
    };
    serde_json::to_string_pretty(&document).expect("a report is plain data") + "\n"
}

fn name(status: Status) -> &'static str {
    match status {
        Status::Held => "held",
        Status::Short => "short",
        Status::NotDone => "not_done",
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    spec: &'static str,
    tool: &'static str,
    complete: bool,
    status: &'static str,
    outcomes: Vec<OutcomeJson<'a>>,
    unusable: &'a [Unusable],
    unreadable: &'a [Unreadable],
}

#[derive(Serialize)]
struct OutcomeJson<'a> {
    subject: &'a str,
    identity: IdentityJson<'a>,
    profile: &'static str,
    follows: String,
    chosen: &'a str,
    strict: bool,
    status: &'static str,
    seed: u64,
    cases: u32,
    scenarios: u64,
    examples: u64,
    from_files: u64,
    sockets: u64,
    executed: usize,
    executed_at_least: Option<usize>,
    totals: Totals,
    refused: Vec<Refused<'a>>,
    absent: Vec<Refused<'a>>,
    files: &'a [FileOutcome],
    elapsed_ms: u64,
    /// Faults of the suite: traces on which its two judges disagree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disagreements: Vec<DisagreementJson<'a>>,
    clauses: Vec<ClauseJson<'a>>,
}

impl<'a> OutcomeJson<'a> {
    fn new(report: &Report<'a>) -> Self {
        let outcome = report.outcome;
        Self {
            subject: &outcome.subject,
            identity: IdentityJson::new(&outcome.identity),
            profile: outcome.profile.name(),
            follows: outcome.follows.to_string(),
            chosen: &outcome.chosen,
            strict: report.strict,
            status: name(report.status()),
            seed: outcome.seed,
            cases: outcome.cases,
            scenarios: outcome.scenarios,
            examples: outcome.examples,
            from_files: outcome.from_files(),
            sockets: outcome.sockets,
            executed: report.outcome.executed(),
            executed_at_least: report.floor,
            totals: outcome.totals(),
            refused: outcome.refused.iter().map(Refused::new).collect(),
            absent: outcome.absent.iter().map(Refused::new).collect(),
            files: &outcome.files,
            elapsed_ms: u64::try_from(outcome.elapsed.as_millis()).unwrap_or(u64::MAX),
            disagreements: outcome.disagreements.iter().map(DisagreementJson::new).collect(),
            clauses: outcome.clauses.iter().map(ClauseJson::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct DisagreementJson<'a> {
    law: &'static str,
    why: &'a str,
    /// Counted from 0.
    step: usize,
    traces: u64,
    scenario: &'a Scenario,
    scenario_text: String,
    trace: &'a Trace,
}

impl<'a> DisagreementJson<'a> {
    fn new(found: &'a Disagreement) -> Self {
        Self {
            law: found.law.as_str(),
            why: &found.why,
            step: found.step,
            traces: found.times,
            scenario: &found.scenario,
            scenario_text: found.scenario.to_string(),
            trace: &found.trace,
        }
    }
}

#[derive(Serialize)]
struct IdentityJson<'a> {
    name: &'a str,
    version: &'a str,
    language: &'a str,
    follows: &'a str,
    because: &'a str,
    features: Vec<Feature>,
    observes: Vec<Kind>,
    ac_in_buffer_size: usize,
    ac_out_buffer_size: usize,
}

impl<'a> IdentityJson<'a> {
    fn new(identity: &'a crate::subject::Identity) -> Self {
        Self {
            name: &identity.name,
            version: &identity.version,
            language: &identity.language,
            follows: &identity.follows,
            because: &identity.because,
            features: identity.features.iter().copied().collect(),
            observes: identity.observes.kinds().collect(),
            ac_in_buffer_size: identity.ac_in_buffer_size,
            ac_out_buffer_size: identity.ac_out_buffer_size,
        }
    }
}

#[derive(Serialize)]
struct Refused<'a> {
    reason: &'a str,
    scenarios: u64,
}

impl<'a> Refused<'a> {
    fn new((reason, scenarios): &'a (String, u64)) -> Self {
        Self { reason, scenarios: *scenarios }
    }
}

#[derive(Serialize)]
struct ClauseJson<'a> {
    clause: &'static str,
    level: &'static str,
    scope: &'static str,
    title: &'static str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    executed: bool,
    checks: u64,
    broken: u64,
    /// What the subject was held to in place of the clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureJson<'a>>,
}

impl<'a> ClauseJson<'a> {
    fn new(found: &'a ClauseOutcome) -> Self {
        let (verdict, reason) = found.verdict.told();
        Self {
            clause: found.clause.id.as_str(),
            level: found.clause.level.name(),
            scope: found.clause.scope.name(),
            title: &found.clause.title,
            verdict,
            reason,
            executed: found.is_executed(),
            checks: found.checks,
            broken: found.broken,
            change: found.change.as_ref().map(|followed| followed.change.to_string()),
            failure: found.failure.as_ref().map(FailureJson::new),
        }
    }
}

#[derive(Serialize)]
struct FailureJson<'a> {
    origin: &'a Origin,
    scenario: &'a Scenario,
    scenario_text: String,
    /// The scenario before it became this one on real sockets.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<&'a Scenario>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_text: Option<String>,
    expected: &'a Trace,
    actual: &'a Trace,
    departure: Option<DepartureJson<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    printed: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    stderr: &'a str,
}

impl<'a> FailureJson<'a> {
    fn new(failure: &'a Failure) -> Self {
        let departure = failure.departure.as_ref().map(|departure| DepartureJson::new(&failure.scenario, departure));
        Self {
            origin: &failure.origin,
            scenario: &failure.scenario,
            scenario_text: failure.scenario.to_string(),
            written: failure.written.as_ref(),
            written_text: failure.written.as_ref().map(Scenario::to_string),
            expected: &failure.expected,
            actual: &failure.actual,
            departure,
            printed: &failure.printed,
            stderr: &failure.stderr,
        }
    }
}

#[derive(Serialize)]
struct DepartureJson<'a> {
    clause: &'static str,
    how: How,
    /// Counted from 0.
    step: usize,
    expected: &'a Option<Event>,
    actual: &'a Option<Event>,
    sentence: String,
}

impl<'a> DepartureJson<'a> {
    fn new(scenario: &Scenario, departure: &'a Departure) -> Self {
        Self {
            clause: departure.clause.as_str(),
            how: departure.how,
            step: departure.step,
            expected: &departure.expected,
            actual: &departure.actual,
            sentence: sentence::sentence(scenario, departure),
        }
    }
}
