//! Reads deviations files.

use std::ops::Range;

use asyncore_spec::change::{Change, Fault, Other, Sort};
use asyncore_spec::clause::clause;
use asyncore_spec::clause_id::ClauseId;
use serde::Deserialize;
use toml::Spanned;

use super::{Deviation, Deviations};
use crate::suggest::nearest_clause;

/// Reads the text of a file.
pub(super) fn parse(text: &str) -> Result<Deviations, Complaint> {
    let file: File = toml::from_str(text)
        .map_err(|error| Complaint { at: error.span(), message: error.message().trim_end().to_owned() })?;
    let mut entries: Vec<Deviation> = Vec::new();
    for entry in file.deviation {
        let at = entry.clause.span();
        let entry = entry.check()?;
        if entries.iter().any(|other| other.clause == entry.clause) {
            let message = format!("{} is listed twice; put the reasons into one entry", entry.clause);
            return Err(Complaint { at: Some(at), message });
        }
        entries.push(entry);
    }
    Ok(Deviations { executed: file.executed.map(floor).transpose()?, entries })
}

/// Says what is wrong and which bytes of the file it is about.
pub(super) struct Complaint {
    pub(super) at: Option<Range<usize>>,
    pub(super) message: String,
}

impl Complaint {
    fn new<T>(at: &Spanned<T>, message: impl Into<String>) -> Self {
        Self { at: Some(at.span()), message: message.into() }
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

fn floor(executed: Spanned<i64>) -> Result<usize, Complaint> {
    let complaint = Complaint::new(&executed, "`executed` is a number of clauses, such as 118");
    usize::try_from(executed.into_inner()).map_err(|_| complaint)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    clause: Spanned<String>,
    reason: Spanned<String>,
    link: Option<String>,
    change: Option<Spanned<String>>,
    event: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
}

impl Entry {
    fn check(self) -> Result<Deviation, Complaint> {
        let name = self.clause.get_ref();
        let Some(known) = clause(name) else {
            let meant = nearest_clause(name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(Complaint::new(&self.clause, format!("there is no clause `{name}`{meant}")));
        };
        if known.withdrawn {
            let message = format!("{name} was withdrawn ({}); remove the entry", known.title);
            return Err(Complaint::new(&self.clause, message));
        }
        if self.reason.get_ref().trim().is_empty() {
            let message = format!("the reason for {name} is empty; say why the subject differs");
            return Err(Complaint::new(&self.reason, message));
        }
        let change = self.change(known.id)?;
        let reason = self.reason.into_inner().trim().to_owned();
        Ok(Deviation { clause: known.id, reason, link: self.link, change })
    }

    /// Reads what the subject does instead.
    fn change(&self, clause: ClauseId) -> Result<Option<Change>, Complaint> {
        let Some(change) = &self.change else {
            let alone = self.to.as_ref().or(self.event.as_ref());
            return alone.map_or(Ok(None), |alone| {
                Err(Complaint::new(alone, "`event` and `to` say more about a `change`, and there is none"))
            });
        };
        let name = change.get_ref();
        let Some(fault) = Fault::by_name(name) else {
            let known = Fault::ALL.map(Fault::name).join(", ");
            return Err(Complaint::new(change, format!("there is no change `{name}`; it is one of {known}")));
        };
        let to = match (fault == Fault::Altered, &self.to) {
            (true, Some(to)) => Some(other(to)?),
            (true, None) => {
                let message = "`altered` goes with `to`: the value or the exception that comes instead";
                return Err(Complaint::new(change, message));
            }
            (false, Some(to)) => {
                return Err(Complaint::new(to, format!("`to` goes with `altered`, not with `{name}`")));
            }
            (false, None) => None,
        };
        let event = self.event.as_ref().map(sort).transpose()?;
        Ok(Some(Change { clause, event, fault, to }))
    }
}

fn sort(event: &Spanned<String>) -> Result<Sort, Complaint> {
    let name = event.get_ref();
    let what = "a hook such as handle_expt, a call such as socket.close, or ->, raised, waits or prints";
    Sort::by_name(name).ok_or_else(|| Complaint::new(event, format!("`{name}` names no event; an event is {what}")))
}

fn other(to: &Spanned<String>) -> Result<Other, Complaint> {
    let text = to.get_ref();
    let what = "a value or an exception as a trace writes it, such as \"abc\", 7, none, os EIO or other ValueError";
    text.parse().map_err(|_| Complaint::new(to, format!("`{text}` is not {what}")))
}
