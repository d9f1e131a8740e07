//! What this crate is to reach, beside what it has reached in this run, and what the least that a
//! program can do has reached in it.

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
                    let least = goal.least(subject, measured).map(|least| format!("bare mio {least}"));
                    let least = least.unwrap_or_default();
                    println!(
                        "{:<46}{:<20}{case:<34}{ratio:>20}  {bound:<8}{reached:<13}{least}",
                        goal.text, subject.name
                    );
                }
            }
        }
    }
}

/// How many idle connections the goals are about.
const MANY: usize = 10_000;
/// How many times as much CPU a message may take beside them as beside none.
const GROWTH: f64 = 1.15;
/// How many bytes an idle connection may weigh.
const WEIGHT: f64 = 512.0;

/// What idle connections have cost: how many there were, how much more CPU a message took than
/// beside none, and what each weighed after it had spoken.
pub(crate) struct Idle {
    pub(crate) subject: Subject,
    pub(crate) level: usize,
    pub(crate) growth: Spread,
    pub(crate) weight: f64,
}

/// Shows what is to be reached beside that many idle connections.
///
/// A loop of asyncore asks every channel in every pass. So does `mio-asking`, and nothing else
/// with the answers: what it grows by, no loop that asks can stay below.
pub(crate) fn show_idle(measured: &[Idle]) {
    let most = || measured.iter().filter(|idle| idle.level == MANY);
    let asking = most().find(|idle| idle.subject.kind == Kind::Asking);
    let floor = asking.map_or_else(String::new, |idle| format!("{} {}", idle.subject.name, idle.growth));
    let ours = most().filter(|idle| matches!(idle.subject.kind, Kind::Reference(_)));
    for (place, Idle { subject, growth, weight, .. }) in ours.enumerate() {
        if place == 0 {
            println!("\ngoals with {MANY} idle connections (median of the rounds)");
        }
        let reached = |reached| if reached { "reached" } else { "not reached" };
        let (grown, weighed) = (reached(growth.median <= GROWTH), reached(*weight <= WEIGHT));
        println!("{:<16}{:<14}{growth:>20}  <= {GROWTH:<5}{grown:<13}{floor}", subject.name, "CPU to none");
        println!("{:<16}{:<14}{weight:>20.0}  <= {WEIGHT:<5}{weighed}", subject.name, "bytes each");
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

    /// Returns what bare mio reaches where it is not the rival itself.
    fn least(&self, subject: Subject, measured: &Measured) -> Option<Spread> {
        let mio = subject.rivals()[Rival::Mio as usize];
        if matches!(self.rival, Rival::Mio) { None } else { self.ratio(mio, measured) }
    }

    fn judge(&self, ratio: Spread) -> (String, &'static str) {
        let (bound, reached) = match self.bound {
            Bound::RivalAtLeast(bound) => (format!(">= {bound}"), ratio.median >= bound),
            Bound::AtMost(bound) => (format!("<= {bound}"), ratio.median <= bound),
        };
        (bound, if reached { "reached" } else { "not reached" })
    }
}
