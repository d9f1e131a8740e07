//! A broken clause as a report for the project that breaks it, in Markdown.

use asyncore_spec::clause::Clause;
use asyncore_spec::text::print_trace_of;

use super::case::{failing, what_happened};
use super::citation::citation;
use super::layout::plain;
use super::{Report, command};
use crate::outcome::{ClauseOutcome, Failure};
use crate::script::script;

/// Writes a report on the clause that is the likeliest cause; the others that were broken are named. None if no clause
/// was broken.
#[must_use]
pub fn issue(report: &Report<'_>) -> Option<String> {
    let mut broken = failing(report);
    let (found, failure) = broken.next()?;
    let others: Vec<_> = broken.map(|(other, _)| other).collect();
    let sections = [
        head(report, found),
        clause(found.clause),
        seen(found, failure),
        again(report, found, failure),
        alone(report, failure),
        named(&others),
        format!("## Citation\n\n{}\n", citation(found.clause)),
    ];
    Some(sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n"))
}

fn head(report: &Report<'_>, found: &ClauseOutcome) -> String {
    let (outcome, clause) = (report.outcome, found.clause);
    let who = &outcome.identity;
    let subject = plain(&format!("{} {} ({})", who.name, who.version, who.language));
    format!(
        "# {}: {}\n\n{subject}, which follows Python {}, breaks {}, a {} of the behavioural specification of asyncore and \
         asynchat.\nIt was judged as `{}`, held to release {}.\n",
        clause.id, clause.title, who.follows, clause.id, clause.level, outcome.profile, outcome.follows
    )
}

/// Tells what the clause says, where it comes from and where it holds.
fn clause(clause: &Clause) -> String {
    let profiles: Vec<_> = clause.profiles.iter().map(|profile| profile.name()).collect();
    let releases = if clause.python_text == "all" { "every release" } else { &clause.python_text };
    let said = format!("**{}.**\n\n{}", clause.title, clause.text.trim());
    let quoted: String = said.trim_end().lines().map(|line| format!("{}\n", format!("> {line}").trim_end())).collect();
    format!(
        "## What the clause says\n\n{quoted}\nIt holds for Python: {releases}; of the profiles, for {}.\nIt stands in the \
         specification since version {}.\n",
        profiles.join(" "),
        clause.spec
    )
}

/// Tells what was expected and what was seen.
fn seen(found: &ClauseOutcome, failure: &Failure) -> String {
    let scenario = fenced("text", &failure.scenario.to_string());
    let mut text = format!("## What happens\n\n{}\n\nThe scenario:\n\n{scenario}", what_happened(found, failure));
    // A subject that fails altogether leaves no trace.
    for (heading, trace) in [("Expected:", &failure.expected), ("Seen:", &failure.actual)] {
        if !trace.steps.is_empty() {
            let trace = fenced("text", &print_trace_of(&failure.scenario, trace));
            text += &format!("\n{heading}\n\n{trace}");
        }
    }
    for (heading, words) in
        [("The subject printed:", &failure.printed), ("Its standard error ends with:", &failure.stderr)]
    {
        if !words.trim().is_empty() {
            text += &format!("\n{heading}\n\n{}", fenced("text", &format!("{}\n", plain(words))));
        }
    }
    text
}

fn again(report: &Report<'_>, found: &ClauseOutcome, failure: &Failure) -> String {
    let outcome = report.outcome;
    let mut words = Vec::new();
    let written = command::write_replay(&mut words, failure.again(), &outcome.subject, outcome.profile, report.options);
    written.expect("memory can be written");
    let words = String::from_utf8_lossy(&words).into_owned() + &command::explain(found.clause.id) + "\n";
    format!("## To see it again\n\n{}", fenced("sh", &words))
}

/// Gives the scenario as a program that needs nothing of this project.
fn alone(report: &Report<'_>, failure: &Failure) -> String {
    let told = match script(failure.again(), &[report.outcome.profile]) {
        Ok(program) => format!(
            "This program plays the scenario on the asyncore and asynchat that its Python imports, and shows what these \
             do beside what is expected.\nIt needs nothing else, and ends with 1 if the two differ.\nFor other modules, \
             change the two lines that import them.\n\n{}",
            fenced("python", &program)
        ),
        Err(refusal) => format!("There is no program that shows it on its own: {refusal}.\n"),
    };
    format!("## On its own\n\n{told}")
}

fn named(others: &[&ClauseOutcome]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let line = |other: &&ClauseOutcome| {
        let Clause { id, level, title, .. } = other.clause;
        format!("- {id} ({level}): {title}\n")
    };
    let lines: String = others.iter().map(line).collect();
    format!("## What else was broken\n\nIt may follow from the same cause.\n\n{lines}")
}

/// Puts a text between fences that are longer than any in it.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{text}{fence}\n")
}
