//! The kill matrix, held against what it should be.

use std::collections::BTreeSet;

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;

use super::excused::Excuse;
use super::matrix::{Cell, Fate, Matrix};
use super::mutation::Mutation;

/// Says whether what became of a mutant is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was killed, in the right name.
    Killed,
    /// There is no such mutant.
    None,
    /// It need not be killed so, for this reason.
    Excused(String),
    /// It should have been.
    Wrong(String),
}

/// Is one mutant with what is to be said of it.
#[derive(Clone, Debug)]
pub struct JudgedCell {
    /// The profile.
    pub profile: Profile,
    /// The mutant.
    pub mutation: Mutation,
    /// Whether it is as it should be.
    pub standing: Standing,
    /// What showed it, where another clause was blamed.
    pub scenario: Option<Scenario>,
}

/// Counts mutants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// All that there are.
    pub all: usize,
    /// Killed in the right name.
    pub killed: usize,
    /// Excused.
    pub excused: usize,
    /// Neither.
    pub wrong: usize,
}

/// Is a kill matrix with the excuses applied.
#[derive(Clone, Debug)]
pub struct Judged {
    cells: Vec<JudgedCell>,
    never: Vec<ClauseId>,
    idle: Vec<Excuse>,
    clauses: usize,
}

impl Judged {
    /// Applies the excuses; where the matrix is of every profile, it is judged as a whole, too.
    #[must_use]
    pub fn new(matrix: Matrix, whole: bool) -> Self {
        let excuses = Excuse::all();
        let named: BTreeSet<ClauseId> = matrix.cells.iter().flat_map(killed_in_the_name_of).copied().collect();
        let clauses: BTreeSet<ClauseId> = matrix.cells.iter().map(|cell| cell.mutation.clause).collect();
        let cells: Vec<_> = matrix.cells.into_iter().map(|cell| judged(cell, &excuses)).collect();
        let needed = |excuse: &Excuse| {
            let of_it =
                |cell: &&JudgedCell| (cell.mutation.clause, cell.mutation.fault) == (excuse.clause, excuse.fault);
            cells.iter().filter(of_it).any(|cell| matches!(cell.standing, Standing::Excused(_)))
        };
        let idle = excuses.iter().filter(|excuse| whole && !needed(excuse)).cloned().collect();
        let never = clauses.iter().filter(|clause| whole && !named.contains(clause)).copied().collect();
        Self { cells, never, idle, clauses: clauses.len() }
    }

    /// Gives all mutants.
    #[must_use]
    pub fn cells(&self) -> &[JudgedCell] {
        &self.cells
    }

    /// Counts the clauses that mutants were made of.
    #[must_use]
    pub fn clauses(&self) -> usize {
        self.clauses
    }

    /// Names the clauses in whose name no mutant was killed.
    #[must_use]
    pub fn never_killed(&self) -> &[ClauseId] {
        &self.never
    }

    /// Gives the excuses that were not needed.
    #[must_use]
    pub fn idle(&self) -> &[Excuse] {
        &self.idle
    }

    /// Counts the mutants.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for cell in self.cells.iter().filter(|cell| cell.standing != Standing::None) {
            figures.all += 1;
            match cell.standing {
                Standing::Killed => figures.killed += 1,
                Standing::Excused(_) => figures.excused += 1,
                Standing::Wrong(_) | Standing::None => figures.wrong += 1,
            }
        }
        figures
    }

    /// Says everything that is not as it should be.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let wrong = self.cells.iter().filter_map(|cell| match &cell.standing {
            Standing::Wrong(why) => Some(format!("{} {}: {why}", cell.mutation.clause, cell.mutation.fault)),
            _ => None,
        });
        let never = self.never.iter().map(|clause| format!("{clause} is never blamed"));
        let idle = self.idle.iter().map(|excuse| format!("{} {} needs no excuse", excuse.clause, excuse.fault));
        wrong.chain(never).chain(idle).collect()
    }
}

fn killed_in_the_name_of(cell: &Cell) -> &[ClauseId] {
    match &cell.fate {
        Fate::Killed { blamed } => blamed,
        _ => &[],
    }
}

fn judged(cell: Cell, excuses: &[Excuse]) -> JudgedCell {
    let Cell { profile, mutation, fate } = cell;
    let excuse = excuses.iter().find(|excuse| (excuse.clause, excuse.fault) == (mutation.clause, mutation.fault));
    let excused = |complaint: String| match excuse {
        Some(excuse) => Standing::Excused(excuse.why.clone()),
        None => Standing::Wrong(complaint),
    };
    let (standing, scenario) = match fate {
        Fate::Killed { .. } => (Standing::Killed, None),
        Fate::None => (Standing::None, None),
        Fate::Survived => (excused("it is not caught".to_owned()), None),
        Fate::Elsewhere { first, also, scenario } => {
            let also = if also { "" } else { ", and it is not blamed at all" };
            (excused(format!("{first} is blamed first{also}")), scenario.map(|scenario| *scenario))
        }
    };
    JudgedCell { profile, mutation, standing, scenario }
}
