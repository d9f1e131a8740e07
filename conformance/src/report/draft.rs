//! A deviations file for a subject that nobody has looked at yet.

use std::fmt::Write;

use toml::Value;

use super::{Report, SPEC, sentence};
use crate::outcome::{ClauseOutcome, Followed, Verdict};

/// Gives a file that excuses everything that the subject breaks, with what it does in the place of the reasons.
///
/// What the subject could not finish cannot be excused and is a comment.
#[must_use]
pub fn draft(report: &Report<'_>) -> String {
    let outcome = report.outcome;
    let mut text = format!(
        "# What {} does otherwise than {} in spec {SPEC}, as a run found it.\n# Say why in each reason, or mend it.\n\n",
        outcome.subject,
        outcome.profile.name()
    );
    writeln!(text, "executed = {}", outcome.executed()).expect("text can be written to");
    for found in &outcome.clauses {
        let id = found.clause.id;
        match &found.verdict {
            Verdict::Fail => entry(&mut text, found, &format!("not said yet. {}", told(found))),
            Verdict::Excused { reason } => entry(&mut text, found, reason),
            Verdict::Error { reason } => {
                let reason = reason.replace('\n', " ");
                writeln!(text, "\n# {id} cannot be excused: {reason}").expect("text can be written to");
            }
            _ => {}
        }
    }
    text
}

fn entry(text: &mut String, found: &ClauseOutcome, reason: &str) {
    let clause = found.clause;
    let title = format!("# {}: {}", clause.level.name(), clause.title);
    let (id, reason) = (Value::from(clause.id.as_str()), Value::from(reason));
    writeln!(text, "\n{title}\n[[deviation]]\nclause = {id}\nreason = {reason}").expect("text can be written to");
    if let Some(Followed { change, .. }) = &found.change {
        writeln!(text, "change = {}", Value::from(change.fault.name())).expect("text can be written to");
        let event = change.event.iter().map(|event| Value::from(event.to_string()));
        { event }.for_each(|event| writeln!(text, "event = {event}").expect("text can be written to"));
        let to = change.to.iter().map(|to| Value::from(to.to_string()));
        { to }.for_each(|to| writeln!(text, "to = {to}").expect("text can be written to"));
    }
}

fn told(found: &ClauseOutcome) -> String {
    let failure = found.failure.as_ref();
    let told = failure.and_then(|failure| {
        failure.departure.as_ref().map(|departure| sentence::sentence(&failure.scenario, departure))
    });
    told.unwrap_or_default()
}
