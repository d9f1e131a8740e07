//! CPython with one thing spoiled: it falls short, the clause at fault is named first, and a short scenario shows it.
//!
//! The source that is spoiled is the interpreter's own, and it is changed in memory only; see `spoil/spoiled.py`.

mod asyncore;
mod connection;
mod input;
mod output;
mod releases;
mod table;

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::process::StartError;
use asyncore_conformance::subject::Subject;
use asyncore_spec::clause::{Level, clause};
use asyncore_spec::scenario::Scenario;
use rstest::rstest;

use crate::interpreters::{Interpreter, newest};
use crate::subjects::{broken, file, judge, python, start};
use table::Extent;
pub(crate) use table::{Module, Spoiling};

impl Extent {
    /// How many scenarios are generated for each family.
    fn cases(self) -> u32 {
        match self {
            Self::Full => 2000,
            Self::Both => 600,
            Self::Asyncore => 250,
        }
    }
}

/// The greatest number of steps that it takes to show a fault.
const MOST_STEPS: usize = 5;

/// Spoilings of which the suite does not say what it should: the name, what is found, why.
/// Each entry is a debt of the suite; one that has been paid must leave the list.
const KNOWN_GAPS: &[(&str, &str, &str)] = &[
    (
        "a terminator is taken to be one byte long",
        "INPUT-46 is blamed first",
        "the rest of the terminator shows in a shorter scenario as data behind a discard",
    ),
    (
        "data that are held back are collected at the end of the stream",
        "INPUT-12 is blamed first",
        "the spoiling hands over whatever is buffered, and not only what is held back",
    ),
    (
        "a send that takes nothing is not told from others",
        "ERROR-4 is blamed first",
        "the fault raises an IndexError, which no clause allows, before anything else shows",
    ),
    (
        "2.0: the needle is a pattern",
        "PREFIX-1 is blamed first",
        "a pattern also finds other lengths than the longest, and more scenarios show that",
    ),
    (
        "a lost connection is an error of recv",
        "IO-8 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "a lost connection is an old error of recv",
        "IO-8 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "close does nothing the second time",
        "CLOSE-5 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("close leaves connecting as it was", "not blamed", "a clause nearby shows it in as short a scenario"),
    (
        "2.5: ECONNABORTED is no lost connection",
        "IO-8 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "the close that was asked for stays queued",
        "OUTPUT-20 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "the close that was asked for is taken off after handle_close",
        "ERROR-4 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("sending goes on after the close", "not blamed", "a clause nearby shows it in as short a scenario"),
    (
        "data are sent although the channel is not connected",
        "PRODUCER-7 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
];

fn known_gaps() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    KNOWN_GAPS.iter().chain(asyncore::KNOWN_GAPS)
}

/// Runs the suite on a spoiled interpreter.
pub(crate) fn run(interpreter: &Interpreter, spoiling: &Spoiling) -> Outcome {
    try_run(interpreter, spoiling).unwrap_or_else(|error| panic!("{}: {error}", spoiling.name))
}

fn try_run(interpreter: &Interpreter, spoiling: &Spoiling) -> Result<Outcome, StartError> {
    let mut python = python(interpreter);
    python.adapter = Some(file("spoil/spoiled.py"));
    let alone = spoiling.extent == Extent::Asyncore;
    if alone {
        python.asyncore = Some("asyncore".to_owned());
    }
    let text = spoiling.text.iter().map(|(module, old, new)| [module.name(), "", *old, *new]);
    let parts = spoiling.parts.iter().map(|(place, old, new)| [Module::Asyncore.name(), *place, *old, *new]);
    let changes: Vec<_> = text.chain(parts).collect();
    let changes = serde_json::to_string(&changes).expect("text can be written as JSON");
    let environment = [
        ("SPOIL_TEXT", changes.into()),
        ("SPOIL_CODE", spoiling.code.into()),
        ("SPOIL_ALONE", if alone { "1" } else { "0" }.into()),
        ("SPOIL_SCRIPTED", if spoiling.extent == Extent::Full { "0" } else { "1" }.into()),
    ];
    let mut subject = start(&python, &environment)?;
    assert_eq!(subject.identity().follows, release(interpreter), "{}: it is still the same release", spoiling.name);
    Ok(judge(&mut subject, spoiling.extent.cases()))
}

fn release(interpreter: &Interpreter) -> String {
    let (major, minor, micro) = interpreter.version;
    format!("{major}.{minor}.{micro}")
}

fn is_must(id: &str) -> bool {
    clause(id).unwrap_or_else(|| panic!("there is no clause {id}")).level == Level::Must
}

/// Says what is wrong with what was found, if anything is.
fn complaint(spoiling: &Spoiling, outcome: &Outcome) -> Option<String> {
    let broken = broken(outcome);
    let ids: Vec<_> = broken.iter().map(|found| found.clause.id.as_str()).collect();
    let Some(first) = ids.first() else { return Some("not caught".to_owned()) };
    let blamed = broken.iter().find(|found| spoiling.blamed.contains(&found.clause.id.as_str()));
    let Some(blamed) = blamed else { return Some("not blamed".to_owned()) };
    if spoiling.first && !spoiling.blamed.contains(first) {
        return Some(format!("{first} is blamed first"));
    }
    if let Some(innocent) = ids.iter().find(|id| spoiling.spares.contains(id)) {
        return Some(format!("{innocent} is blamed, too"));
    }
    let status = if ids.iter().any(|id| is_must(id)) { Status::Short } else { Status::Held };
    let expected = if spoiling.blamed.iter().any(|id| is_must(id)) { Status::Short } else { status };
    if outcome.status(false) != expected || outcome.status(true) != Status::Short {
        return Some(format!("the run ends as {:?}", outcome.status(false)));
    }
    let Some(failure) = &blamed.failure else { return Some("no scenario".to_owned()) };
    if !matches!(blamed.verdict, Verdict::Error { .. }) && failure.departure.is_none() {
        return Some("no departure".to_owned());
    }
    let steps = failure.scenario.steps.len();
    (steps > MOST_STEPS).then(|| format!("a scenario of {steps} steps"))
}

fn told(spoiling: &Spoiling, outcome: &Outcome) -> String {
    let mut lines = vec![format!(
        "{} (expected {}), {:.1} s",
        spoiling.name,
        spoiling.blamed.join(" or "),
        outcome.elapsed.as_secs_f64()
    )];
    for found in broken(outcome) {
        let scenario = found.failure.as_ref().map(|failure| &failure.scenario);
        let scenario = scenario.map(Scenario::to_string).unwrap_or_default();
        lines.push(format!("  {} {} broken by {}", found.clause.id, found.clause.level.name(), found.broken));
        lines.extend(scenario.lines().map(|line| format!("      {line}")));
        if let Verdict::Error { reason } = &found.verdict {
            lines.push(format!("      error: {reason}"));
        }
    }
    lines.join("\n")
}

/// The interpreters on which a spoiling is tried: the newest of Python 3 if it can be, else that of Python 2.
/// With `ASYNCORE_SPOIL_BOTH=1` it is both.
fn interpreters(spoiling: &Spoiling) -> Vec<&'static Interpreter> {
    let both = std::env::var_os("ASYNCORE_SPOIL_BOTH").is_some_and(|set| set == "1");
    let fitting = [3, 2].into_iter().filter(|major| spoiling.fits(*major)).filter_map(newest);
    fitting.take(if both { 2 } else { 1 }).collect()
}

#[rstest]
#[case::input(input::SPOILINGS)]
#[case::output(output::SPOILINGS)]
#[case::connection(connection::SPOILINGS)]
#[case::releases(releases::SPOILINGS)]
#[case::goals(asyncore::GOALS)]
#[case::events(asyncore::EVENTS)]
#[case::errors(asyncore::ERRORS)]
#[case::passes(asyncore::PASSES)]
#[case::polls(asyncore::POLLS)]
#[case::loops(asyncore::LOOPS)]
#[case::maps(asyncore::MAPS)]
#[case::connect(asyncore::CONNECT)]
#[case::io(asyncore::IO)]
#[case::close(asyncore::CLOSE)]
#[case::files(asyncore::FILES)]
#[case::words(asyncore::WORDS)]
#[case::history(asyncore::HISTORY)]
fn a_spoiled_interpreter_is_caught(#[case] spoilings: &[Spoiling]) {
    let mut gaps = Vec::new();
    for spoiling in spoilings {
        for interpreter in interpreters(spoiling) {
            let found = match try_run(interpreter, spoiling) {
                Ok(outcome) => {
                    let found = complaint(spoiling, &outcome);
                    println!("{}: {}", found.as_deref().unwrap_or("caught"), told(spoiling, &outcome));
                    found
                }
                Err(error) => Some(format!("it does not start: {error}")),
            };
            gaps.extend(found.map(|found| (spoiling.name, found)));
        }
    }
    gaps.dedup();
    let tried =
        |name: &str| spoilings.iter().any(|spoiling| spoiling.name == name && !interpreters(spoiling).is_empty());
    let known = known_gaps().filter(|(name, ..)| tried(name));
    let mut known: Vec<_> = known.map(|(name, found, _)| (*name, (*found).to_owned())).collect();
    gaps.sort_unstable();
    known.sort_unstable();
    assert_eq!(gaps, known, "what the suite does not say as it should, and what is known of that");
}

#[test]
fn every_name_is_there_once_and_every_clause_exists() {
    let tables = [
        input::SPOILINGS,
        output::SPOILINGS,
        connection::SPOILINGS,
        releases::SPOILINGS,
        asyncore::GOALS,
        asyncore::EVENTS,
        asyncore::ERRORS,
        asyncore::PASSES,
        asyncore::POLLS,
        asyncore::LOOPS,
        asyncore::MAPS,
        asyncore::CONNECT,
        asyncore::IO,
        asyncore::CLOSE,
        asyncore::FILES,
        asyncore::WORDS,
        asyncore::HISTORY,
    ];
    let all: Vec<_> = tables.into_iter().flatten().collect();
    let mut names: Vec<_> = all.iter().map(|spoiling| spoiling.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len());
    assert!(all.len() >= 400, "{} spoilings", all.len());
    for spoiling in all {
        assert!(!spoiling.blamed.is_empty(), "{}", spoiling.name);
        for id in spoiling.blamed.iter().chain(spoiling.spares) {
            assert!(clause(id).is_some_and(|clause| !clause.withdrawn), "{}: {id}", spoiling.name);
        }
    }
    for (name, _, why) in known_gaps() {
        assert!(names.contains(name) && !why.is_empty(), "{name}");
    }
}
