//! The file of known deviations: what a subject does otherwise on purpose.
//!
//! Strict both ways. A departure from a listed clause is excused; a listed clause that holds, or that nothing exercised,
//! makes the run fall short, so that the file never says more than is true.

mod read;

use std::fmt;
use std::path::{Path, PathBuf};

use asyncore_spec::change::Change;
use asyncore_spec::clause_id::ClauseId;

use crate::outcome::{ClauseOutcome, Followed, Outcome, Verdict};

/// Is the contents of a deviations file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deviations {
    /// Fewer clauses executed than this is falling short.
    pub executed: Option<usize>,
    /// The deviations, in the order of the file.
    pub entries: Vec<Deviation>,
}

/// Is one clause that a subject breaks on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The clause.
    pub clause: ClauseId,
    /// Why.
    pub reason: String,
    /// Where more is said about it.
    pub link: Option<String>,
    /// What it does instead, if that can be said: the subject is then held to it.
    pub change: Option<Change>,
}

impl Deviation {
    /// Gives the reason, with the link if there is one.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.link {
            Some(link) => format!("{} ({link})", self.reason),
            None => self.reason.clone(),
        }
    }

    fn judge(&self, found: &ClauseOutcome) -> Option<Verdict> {
        match &found.change {
            Some(followed) => self.judge_change(followed, &found.verdict),
            None => self.judge_verdict(&found.verdict),
        }
    }

    /// Judges a clause in whose place the subject was held to a change: a failure stays one.
    fn judge_change(&self, followed: &Followed, verdict: &Verdict) -> Option<Verdict> {
        match verdict {
            Verdict::Pass if followed.seen => Some(Verdict::Excused { reason: self.told() }),
            Verdict::Pass => {
                let change = &followed.change;
                Some(Verdict::Unexcused {
                    reason: format!("no scenario showed `{change}`, although the file says: {}", self.told()),
                })
            }
            Verdict::Fail => None,
            _ => self.judge_verdict(verdict),
        }
    }

    fn judge_verdict(&self, verdict: &Verdict) -> Option<Verdict> {
        let idle = |why: &str| Verdict::Unexcused { reason: format!("was not executed: {why}") };
        match verdict {
            Verdict::Fail => Some(Verdict::Excused { reason: self.told() }),
            Verdict::Pass => Some(Verdict::Unexcused { reason: self.told() }),
            Verdict::Unsupported { reason } | Verdict::NotApplicable { reason } | Verdict::NotExecuted { reason } => {
                Some(idle(reason))
            }
            Verdict::Error { .. } | Verdict::Excluded | Verdict::Excused { .. } | Verdict::Unexcused { .. } => None,
        }
    }
}

impl Deviations {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not what it should be; the error says where.
    pub fn load(path: &Path) -> Result<Self, DeviationsError> {
        let read = std::fs::read_to_string(path);
        let text = read.map_err(|error| DeviationsError {
            path: path.to_owned(),
            line: None,
            message: format!("cannot be read: {error}"),
        })?;
        read::parse(&text).map_err(|read::Complaint { at, message }| {
            let line = at.map(|at| text.bytes().take(at.start).filter(|byte| *byte == b'\n').count() + 1);
            DeviationsError { path: path.to_owned(), line, message }
        })
    }

    /// Names the listed clauses.
    pub fn clauses(&self) -> impl Iterator<Item = ClauseId> + '_ {
        self.entries.iter().map(|entry| entry.clause)
    }

    /// Names the listed clauses that may fail.
    pub fn excused(&self) -> impl Iterator<Item = ClauseId> + '_ {
        self.entries.iter().filter(|entry| entry.change.is_none()).map(|entry| entry.clause)
    }

    /// Gives what the subject is to be held to in place of listed clauses.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        self.entries.iter().filter_map(|entry| entry.change.clone()).collect()
    }

    /// Changes the verdicts of the listed clauses to excused or unexcused.
    pub fn apply(&self, outcome: &mut Outcome) {
        for deviation in &self.entries {
            let found = outcome.clauses.iter_mut().find(|found| found.clause.id == deviation.clause);
            if let Some((found, verdict)) =
                found.and_then(|found| deviation.judge(found).map(|verdict| (found, verdict)))
            {
                found.verdict = verdict;
            }
        }
    }
}

/// Says why a deviations file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviationsError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1, if it is about one.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for DeviationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the deviations file `{}`", self.path.display())?;
        match self.line {
            Some(line) => write!(f, ", line {line}: {}", self.message),
            None => write!(f, " {}", self.message),
        }
    }
}

impl std::error::Error for DeviationsError {}
