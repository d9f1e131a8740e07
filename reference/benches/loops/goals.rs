//! What this crate is to reach, beside what it has reached in this run.

use crate::parts::Case;
use crate::rounds::Spread;
use crate::subject::{Kind, SUBJECTS, Subject};

/// A bound for the ratio of CPU time to that of a rival.
struct Goal {
    text: &'static str,
    /// Depth and bytes; `None` for all.
    at: Option<(usize, usize)>,
    coalesces: bool,
    rival: Rival,
    bound: Bound,
}

/// Stands for the place of the rival in [`Subject::rivals`].
#[derive(Clone, Copy)]
enum Rival {
    Cpython = 0,
    Mio = 1,
    Tokio = 2,
}

/// How many times as much as this crate a rival takes at least, or this crate as a rival at most.
enum Bound {
    RivalAtLeast(f64),
    AtMost(f64),
}

const fn goal(text: &'static str, at: Option<(usize, usize)>, coalesces: bool, rival: Rival, bound: Bound) -> Goal {
    Goal { text, at, coalesces, rival, bound }
}

const GOALS: [Goal; 7] = [
    goal("64 B: CPython / this", Some((1, 64)), false, Rival::Cpython, Bound::RivalAtLeast(1.25)),
    goal("4 KiB, depth 16: CPython / this", Some((16, 4096)), false, Rival::Cpython, Bound::RivalAtLeast(1.7)),
    goal("coalescing, 64 B, depth 16: CPython / this", Some((16, 64)), true, Rival::Cpython, Bound::RivalAtLeast(12.0)),
    goal(
        "coalescing, 4 KiB, depth 16: CPython / this",
        Some((16, 4096)),
        true,
        Rival::Cpython,
        Bound::RivalAtLeast(7.0),
    ),
    goal("this / mio", None, false, Rival::Mio, Bound::AtMost(1.10)),
    goal("this / tokio", None, false, Rival::Tokio, Bound::AtMost(1.0)),
    goal("4 KiB, depth 16: tokio / this", Some((16, 4096)), false, Rival::Tokio, Bound::RivalAtLeast(1.25)),
];

/// The rounds of every subject in one case.
pub(crate) type Measured = Vec<(Subject, Vec<crate::rounds::Figure>)>;

/// Shows every goal in every case that it speaks of.
pub(crate) fn show(cases: &[(Case, Measured)]) {
    println!("\ngoals (median of the rounds)");
    for goal in &GOALS {
        for (case, measured) in cases.iter().filter(|(case, _)| goal.at.is_none_or(|at| at == (case.depth, case.bytes)))
        {
            for subject in SUBJECTS {
                let ours = matches!(subject.kind, Kind::Reference(_)) && subject.coalesces == goal.coalesces;
                if let Some(ratio) = ours.then(|| goal.ratio(subject, measured)).flatten() {
                    let (bound, reached) = goal.judge(ratio);
                    println!("{:<46}{:<20}{case:<34}{ratio:>20}  {bound:<8}{reached}", goal.text, subject.name);
                }
            }
        }
    }
}

impl Goal {
    fn ratio(&self, subject: Subject, measured: &Measured) -> Option<Spread> {
        let rounds =
            |wanted: Subject| measured.iter().find(|(subject, _)| *subject == wanted).map(|(_, rounds)| rounds);
        let (ours, theirs) = (rounds(subject)?, rounds(subject.rivals()[self.rival as usize])?);
        Some(match self.bound {
            Bound::RivalAtLeast(_) => Spread::ratio(theirs, ours),
            Bound::AtMost(_) => Spread::ratio(ours, theirs),
        })
    }

    fn judge(&self, ratio: Spread) -> (String, &'static str) {
        let (bound, reached) = match self.bound {
            Bound::RivalAtLeast(bound) => (format!(">= {bound}"), ratio.median >= bound),
            Bound::AtMost(bound) => (format!("<= {bound}"), ratio.median <= bound),
        };
        (bound, if reached { "reached" } else { "not reached" })
    }
}
