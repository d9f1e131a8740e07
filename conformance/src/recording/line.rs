//! The lines of a recording.

use std::collections::BTreeMap;
use std::time::Duration;

use asyncore_spec::change::{Change, Fault, Other, Sort};
use asyncore_spec::clause::clause;
use asyncore_spec::profile::Profile;
use serde::{Deserialize, Serialize};

use super::FORMAT;
use crate::deviations::{Deviation, Deviations};
use crate::digest::{Digest, of_spec};
use crate::outcome::{Outcome, Status};
use crate::report::json::Unusable;
use crate::report::{Report, SPEC};
use crate::runner::Plan;
use crate::runner::tape::Heard;
use crate::select::Selection;
use crate::subject::Identity;

/// Is one line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    Recording(Header),
    Subject(Box<Subject>),
    Heard(Heard),
    Judged(Judged),
    Unusable(Unusable),
    End(End),
}

/// Is a line about what was heard, as it is written: the same as [`Line::Heard`] without a copy.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Written<'a> {
    Heard(&'a Heard),
}

/// Says what wrote a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    pub format: u32,
    /// The version of the program.
    pub tool: String,
    /// The version of the spec.
    pub spec: String,
    /// The digest of the spec.
    pub digest: Digest,
}

impl Header {
    /// Gives the line of this program.
    #[must_use]
    pub fn own() -> Self {
        Self { format: FORMAT, tool: env!("CARGO_PKG_VERSION").to_owned(), spec: SPEC.to_owned(), digest: of_spec() }
    }
}

/// Says who a subject was and how it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    subject: String,
    identity: Identity,
    profile: Profile,
    follows: String,
    chosen: String,
    /// The clauses that were judged; none if all were.
    selected: Option<Vec<String>>,
    cases: u32,
    seed: u64,
    fail_fast: bool,
    strict: bool,
    executed_at_least: Option<usize>,
    deviations: Vec<Listed>,
    options: Vec<String>,
}

/// Is an entry of a deviations file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    clause: String,
    reason: String,
    link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    change: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

impl Listed {
    fn new(entry: &Deviation) -> Self {
        let change = entry.change.as_ref();
        Self {
            clause: entry.clause.to_string(),
            reason: entry.reason.clone(),
            link: entry.link.clone(),
            change: change.map(|change| change.fault.name().to_owned()),
            event: change.and_then(|change| change.event).map(|event| event.to_string()),
            to: change.and_then(|change| change.to.as_ref()).map(Other::to_string),
        }
    }

    /// Gives the entry, if the spec still has the clause and the change can be read.
    fn entry(&self) -> Option<Deviation> {
        let clause = clause(&self.clause).filter(|clause| !clause.withdrawn)?.id;
        let to = self.to.as_deref().map(str::parse).transpose().ok()?;
        let event = match &self.event {
            Some(name) => Some(Sort::by_name(name)?),
            None => None,
        };
        let change = match &self.change {
            Some(name) => Some(Change { clause, event, fault: Fault::by_name(name)?, to }),
            None => None,
        };
        Some(Deviation { clause, reason: self.reason.clone(), link: self.link.clone(), change })
    }
}

impl Subject {
    /// Describes a subject that is about to be judged.
    #[must_use]
    pub fn new(identity: &Identity, plan: &Plan, strict: bool, deviations: &Deviations, options: &[String]) -> Self {
        let everything = plan.selected == Selection::default();
        Self {
            subject: plan.subject.clone(),
            identity: identity.clone(),
            profile: plan.profile,
            follows: plan.follows.to_string(),
            chosen: plan.chosen.clone(),
            selected: (!everything).then(|| plan.selected.names().collect()),
            cases: plan.cases,
            seed: plan.seed,
            fail_fast: plan.fail_fast,
            strict,
            executed_at_least: deviations.executed,
            deviations: deviations.entries.iter().map(Listed::new).collect(),
            options: options.to_vec(),
        }
    }

    /// Gives the plan by which it was judged; none if it speaks of no release.
    pub(super) fn plan(&self) -> Option<Plan> {
        Some(Plan {
            subject: self.subject.clone(),
            profile: self.profile,
            follows: self.follows.parse().ok()?,
            chosen: self.chosen.clone(),
            selected: self.selected.as_deref().map_or_else(Selection::default, Selection::of),
            cases: self.cases,
            seed: self.seed,
            fail_fast: self.fail_fast,
            excused: self.deviations().excused().collect(),
            changes: self.deviations().changes(),
        })
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Gives the deviations file; what it lists and the spec no longer has is left out.
    pub(super) fn deviations(&self) -> Deviations {
        let entries = self.deviations.iter().filter_map(Listed::entry).collect();
        Deviations { executed: self.executed_at_least, entries }
    }
}

/// Says how a subject was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// How long it took, in microseconds.
    pub micros: u64,
    /// Every clause with the name of its verdict.
    pub verdicts: BTreeMap<String, String>,
}

impl Judged {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let micros = u64::try_from(outcome.elapsed.as_micros()).unwrap_or(u64::MAX);
        Self { micros, verdicts: outcome.verdicts() }
    }
}

/// Is the last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    /// How many lines there are before it.
    pub(super) lines: u64,
    /// Their digest.
    pub(super) digest: Digest,
}

/// Is a subject of a recording, judged again.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What is found now.
    pub outcome: Outcome,
    subject: Subject,
    then: Judged,
}

impl Recorded {
    pub(super) fn new(mut outcome: Outcome, subject: Subject, then: Judged) -> Self {
        outcome.elapsed = Duration::from_micros(then.micros);
        subject.deviations().apply(&mut outcome);
        Self { outcome, subject, then }
    }

    /// Gives the report, read as it was read when it was recorded.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report {
            outcome: &self.outcome,
            strict: self.subject.strict,
            floor: self.subject.executed_at_least,
            options: &self.subject.options,
        }
    }

    /// Says how the run ends now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.report().status()
    }

    /// Names the clauses whose verdicts are others now: what they were, and what they are.
    #[must_use]
    pub fn changed(&self) -> Vec<(String, String, String)> {
        let now = self.outcome.verdicts();
        let all: std::collections::BTreeSet<_> = now.keys().chain(self.then.verdicts.keys()).collect();
        let verdict = |of: &BTreeMap<String, String>, id: &str| of.get(id).map_or("absent", |name| name).to_owned();
        let both = all.into_iter().map(|id| (id.clone(), verdict(&self.then.verdicts, id), verdict(&now, id)));
        both.filter(|(_, then, now)| then != now).collect()
    }
}
