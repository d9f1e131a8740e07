//! CPython with any one small change: whatever a program can see of it is caught.
//!
//! The changes are made from the interpreter's own modules and in memory only; see `mutants/first_order.py`.
//! A run takes one in forty; `ASYNCORE_MUTANTS=all` takes all, and a part of a name those whose names contain it.

mod explained;
mod report;

use std::collections::BTreeMap;
use std::fmt;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::process::StartError;

use crate::interpreters::{Interpreter, newest};
use crate::subjects::{broken, file, judge, python, start};
use explained::Explanations;
use report::Report;

/// How many scenarios are generated for each family.
const CASES: u32 = 600;
/// Of how many changes one is tried unless all are.
const ONE_IN: usize = 40;
/// The first release whose `ast` can print what it has read.
const UNPARSES: (u32, u32, u32) = (3, 9, 0);

/// Is one change: the module, its place in the list, its name.
#[derive(Clone, Debug)]
struct Change {
    module: &'static str,
    place: usize,
    name: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.module, self.name)
    }
}

/// What the suite says of a change.
#[derive(Clone, Debug)]
enum Found {
    /// The run fails: the clauses that are broken, the first one first.
    Caught(Vec<&'static str>),
    /// Only clauses that a strict run counts are broken.
    Noted(Vec<&'static str>),
    /// The modules cannot be imported, the subject is none, or nothing was changed.
    NotStarted,
    Silent,
}

fn changes(interpreter: &Interpreter) -> Vec<Change> {
    let of = |module: &'static str| {
        let listed = Command::new(&interpreter.path)
            .args(["-W", "ignore"])
            .arg(file("mutants/first_order.py"))
            .arg(module)
            .output()
            .expect("the interpreter was found");
        let list: Vec<String> = serde_json::from_slice(&listed.stdout).expect("it prints a list");
        list.into_iter().enumerate().map(move |(place, name)| Change { module, place, name })
    };
    of("asyncore").chain(of("asynchat")).collect()
}

fn wanted(all: Vec<Change>) -> Vec<Change> {
    match std::env::var("ASYNCORE_MUTANTS").ok().as_deref() {
        None => all.into_iter().step_by(ONE_IN).collect(),
        Some("all") => all,
        Some(part) => all.into_iter().filter(|change| change.name.contains(part)).collect(),
    }
}

fn tried(interpreter: &Interpreter, change: &Change) -> Found {
    match run(interpreter, change) {
        Err(_) => Found::NotStarted,
        Ok(outcome) => {
            let broken: Vec<_> = broken(&outcome).iter().map(|found| found.clause.id.as_str()).collect();
            match outcome.status(false) {
                Status::Short => Found::Caught(broken),
                _ if broken.is_empty() => Found::Silent,
                _ => Found::Noted(broken),
            }
        }
    }
}

fn run(interpreter: &Interpreter, change: &Change) -> Result<Outcome, StartError> {
    let mut python = python(interpreter);
    python.adapter = Some(file("mutants/mutated.py"));
    let environment = [
        ("MUTANT", format!("{} {}", change.module, change.place).into()),
        ("MUTANT_FOLDER", file("mutants").into()),
        // What a file_wrapper does is seen on real pipes alone.
        ("MUTANT_SCRIPTED", if change.name.starts_with("file_") { "0" } else { "1" }.into()),
    ];
    Ok(judge(&mut start(&python, &environment)?, CASES))
}

/// Tries every change, two at a time.
fn try_all(interpreter: &Interpreter, changes: &[Change]) -> Vec<Found> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((number, change)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            changes.get(number).map(|change| (number, change))
        } {
            let result = tried(interpreter, change);
            found.lock().expect("no thread has failed").insert(number, result);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    found.into_inner().expect("no thread has failed").into_values().collect()
}

#[test]
fn every_small_change_is_caught_or_explained() {
    let Some(interpreter) = newest(3).filter(|interpreter| interpreter.version >= UNPARSES) else {
        println!("left out: no Python 3.9 to 3.11 was found");
        return;
    };
    let explanations = Explanations::read();
    let changes = wanted(changes(interpreter));
    assert!(!changes.is_empty(), "no change has such a name");
    let found = try_all(interpreter, &changes);
    let mut report = Report::default();
    for (change, found) in changes.iter().zip(&found) {
        report.note(change, found, &explanations);
    }
    println!("{report}");
    assert!(report.unexplained.is_empty(), "nothing says why these pass:\n{}", report.unexplained.join("\n"));
    if std::env::var("ASYNCORE_MUTANTS").is_ok_and(|which| which == "all") {
        let idle = explanations.idle();
        assert!(idle.is_empty(), "these explain nothing: {idle:?}");
    }
}
