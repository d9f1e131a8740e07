//! The file of known deviations: what a subject does otherwise on purpose.
//!
//! Strict both ways. A departure from a listed clause is excused; a listed clause that holds, or that nothing exercised,
//! makes the run fall short, so that the file never says more than is true.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use asyncore_spec::clause::clause;
use asyncore_spec::clause_id::ClauseId;
use serde::Deserialize;
use toml::Spanned;

use crate::outcome::{Outcome, Verdict};
use crate::suggest::nearest_clause;

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

    fn judge(&self, verdict: &Verdict) -> Option<Verdict> {
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
        Self::parse(&text).map_err(|Fault { at, message }| {
            let line = at.map(|at| text.bytes().take(at.start).filter(|byte| *byte == b'\n').count() + 1);
            DeviationsError { path: path.to_owned(), line, message }
        })
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let file: File = toml::from_str(text)
            .map_err(|error| Fault { at: error.span(), message: error.message().trim_end().to_owned() })?;
        let mut entries: Vec<Deviation> = Vec::new();
        for entry in file.deviation {
            let at = entry.clause.span();
            let entry = entry.check()?;
            if entries.iter().any(|other| other.clause == entry.clause) {
                let message = format!("{} is listed twice; put the reasons into one entry", entry.clause);
                return Err(Fault { at: Some(at), message });
            }
            entries.push(entry);
        }
        Ok(Self { executed: file.executed.map(floor).transpose()?, entries })
    }

    /// Names the listed clauses.
    pub fn clauses(&self) -> impl Iterator<Item = ClauseId> + '_ {
        self.entries.iter().map(|entry| entry.clause)
    }

    /// Changes the verdicts of the listed clauses to excused or unexcused.
    pub fn apply(&self, outcome: &mut Outcome) {
        for deviation in &self.entries {
            let found = outcome.clauses.iter_mut().find(|found| found.clause.id == deviation.clause);
            if let Some((found, verdict)) = found.and_then(|f| deviation.judge(&f.verdict).map(|verdict| (f, verdict)))
            {
                found.verdict = verdict;
            }
        }
    }
}

/// Is the file as TOML gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    executed: Option<Spanned<i64>>,
    #[serde(default)]
    deviation: Vec<Entry>,
}

fn floor(executed: Spanned<i64>) -> Result<usize, Fault> {
    let at = Some(executed.span());
    let message = || "`executed` is a number of clauses, such as 118".to_owned();
    usize::try_from(executed.into_inner()).map_err(|_| Fault { at, message: message() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    clause: Spanned<String>,
    reason: Spanned<String>,
    link: Option<String>,
}

impl Entry {
    fn check(self) -> Result<Deviation, Fault> {
        let name = self.clause.get_ref();
        let Some(known) = clause(name) else {
            let meant = nearest_clause(name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(Fault { at: Some(self.clause.span()), message: format!("there is no clause `{name}`{meant}") });
        };
        if known.withdrawn {
            let message = format!("{name} was withdrawn ({}); remove the entry", known.title);
            return Err(Fault { at: Some(self.clause.span()), message });
        }
        if self.reason.get_ref().trim().is_empty() {
            let message = format!("the reason for {name} is empty; say why the subject differs");
            return Err(Fault { at: Some(self.reason.span()), message });
        }
        Ok(Deviation { clause: known.id, reason: self.reason.into_inner().trim().to_owned(), link: self.link })
    }
}

/// Says what is wrong and which bytes of the file it is about.
struct Fault {
    at: Option<Range<usize>>,
    message: String,
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
