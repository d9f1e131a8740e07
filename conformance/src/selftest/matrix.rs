//! Every rule broken in every way, and what the suite said of it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use asyncore_spec::change::Fault;
use asyncore_spec::clause::clauses;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;

use super::modelled::Modelled;
use super::mutation::Mutation;
use crate::runner::{Plan, Silent, run, scenarios};
use crate::select::Selection;

/// How many scenarios are generated for each family where the examples are not enough.
const CASES: u32 = 100;

/// What became of one mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was caught, and a clause was blamed first that may be: the one that it breaks, mostly.
    Killed {
        /// All that were blamed and may be.
        blamed: Vec<ClauseId>,
    },
    /// It was caught, and another clause was blamed first.
    Elsewhere {
        /// The clause that was blamed first.
        first: ClauseId,
        /// Whether the right one was blamed as well.
        also: bool,
        /// The scenario.
        scenario: Option<Box<Scenario>>,
    },
    /// It was not caught.
    Survived,
    /// The clause has nothing that could be broken in this way.
    None,
}

/// One mutant of one profile.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The profile.
    pub profile: Profile,
    /// The mutant.
    pub mutation: Mutation,
    /// What became of it.
    pub fate: Fate,
}

/// What became of all mutants.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// One cell for each clause, fault and profile, in this order.
    pub cells: Vec<Cell>,
}

impl Matrix {
    /// Tries every mutant of the profiles, on two threads.
    #[must_use]
    pub fn of(profiles: &[Profile]) -> Self {
        let mutants = mutants(profiles);
        let next = AtomicUsize::new(0);
        let cells = Mutex::new(Vec::with_capacity(mutants.len()));
        let work = || {
            while let Some((profile, mutation, possible)) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
                let fate = if *possible { fate(*profile, *mutation) } else { Fate::None };
                let cell = Cell { profile: *profile, mutation: *mutation, fate };
                cells.lock().expect("no thread has failed").push(cell);
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(work);
            scope.spawn(work);
        });
        let mut cells = cells.into_inner().expect("no thread has failed");
        let place = |clause| clauses().iter().position(|other| other.id == clause);
        cells.sort_by_cached_key(|cell| (place(cell.mutation.clause), cell.mutation.fault, cell.profile));
        Self { cells }
    }
}

/// Lists the mutants of the profiles, each with whether there is anything for it to break.
fn mutants(profiles: &[Profile]) -> Vec<(Profile, Mutation, bool)> {
    let mut mutants = Vec::new();
    for &profile in profiles {
        let possible = possible(profile);
        for clause in clauses().iter().filter(|clause| !clause.withdrawn && clause.profiles.contains(&profile)) {
            let of_fault = |fault| {
                let mutation = Mutation { clause: clause.id, fault };
                (profile, mutation, possible.contains(&mutation))
            };
            mutants.extend(Fault::ALL.map(of_fault));
        }
    }
    mutants
}

/// Finds the rules that any scenario of a run applies, and the ways in which they can be broken there.
fn possible(profile: Profile) -> BTreeSet<Mutation> {
    let plan = plan(profile, CASES);
    let settings = Settings::of(profile);
    let mut possible = BTreeSet::new();
    for scenario in scenarios(&plan, &Modelled::identity_of(profile)) {
        let prediction = predict(&scenario, &settings);
        let clauses: BTreeSet<ClauseId> = prediction.exercised().collect();
        let all = clauses.into_iter().flat_map(|clause| Fault::ALL.map(|fault| Mutation { clause, fault }));
        let new: Vec<_> = all.filter(|mutation| !possible.contains(mutation)).collect();
        possible.extend(new.into_iter().filter(|mutation| mutation.apply(&prediction).places > 0));
    }
    possible
}

fn fate(profile: Profile, mutation: Mutation) -> Fate {
    match tried(profile, mutation, 0) {
        Fate::None | Fate::Survived => tried(profile, mutation, CASES),
        fate => fate,
    }
}

fn plan(profile: Profile, cases: u32) -> Plan {
    Plan {
        subject: "the model".to_owned(),
        profile,
        follows: profile.release(),
        chosen: "it is a test of the suite itself".to_owned(),
        selected: Selection::default(),
        cases,
        seed: 0,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    }
}

fn tried(profile: Profile, mutation: Mutation, cases: u32) -> Fate {
    let mut subject = Modelled::new(profile, mutation);
    let outcome = run(&mut subject, &plan(profile, cases), &mut Silent);
    if subject.places == 0 {
        return Fate::None;
    }
    let broken = outcome.broken();
    let Some(first) = broken.first() else { return Fate::Survived };
    if subject.blamed.contains(&first.clause.id) {
        let blamed = broken.iter().map(|found| found.clause.id).filter(|clause| subject.blamed.contains(clause));
        return Fate::Killed { blamed: blamed.collect() };
    }
    let also = broken.iter().any(|found| found.clause.id == mutation.clause);
    let scenario = first.failure.as_ref().map(|failure| Box::new(failure.scenario.clone()));
    Fate::Elsewhere { first: first.clause.id, also, scenario }
}
