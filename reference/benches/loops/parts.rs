//! The parts of the benchmark.

use std::fmt;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{self, Load};
use crate::goals::{self, Idle, Measured};
use crate::machine;
use crate::rounds::{Figure, Spread};
use crate::server::{Server, find_python};
use crate::subject::{Kind, SUBJECTS, Subject};

/// How many connections are busy beside idle ones.
const ACTIVE: usize = 50;
/// How many connections come at once where they are only made.
const TOGETHER: usize = 50;

/// How long everything takes.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    /// How long a server is measured in a round.
    slice: Duration,
    /// The same beside idle connections, where a pass takes longest and less is done in it.
    idle_slice: Duration,
    cases: &'static [Case],
    idle: &'static [usize],
}

const THOROUGH: Effort = Effort {
    rounds: 5,
    slice: Duration::from_millis(50),
    idle_slice: Duration::from_millis(250),
    cases: &[
        Case::new(1, 1, 64),
        Case::new(1, 1, 4096),
        Case::new(1, 16, 64),
        Case::new(1, 16, 4096),
        Case::new(50, 1, 64),
        Case::new(50, 1, 4096),
        Case::new(50, 16, 64),
        Case::new(50, 16, 4096),
        Case::new(1000, 1, 64),
        Case::new(1000, 1, 4096),
        Case::new(1000, 16, 64),
        Case::new(1000, 16, 4096),
    ],
    idle: &[0, 1000, 10_000],
};

const QUICK: Effort = Effort {
    rounds: 3,
    slice: Duration::from_millis(20),
    idle_slice: Duration::from_millis(20),
    cases: &[Case::new(50, 1, 64), Case::new(50, 16, 64), Case::new(50, 16, 4096)],
    idle: &[0, 1000],
};

/// How many connections send how many lines at once, of how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    connections: usize,
    pub(crate) depth: usize,
    pub(crate) bytes: usize,
}

impl Case {
    pub(crate) const fn new(connections: usize, depth: usize, bytes: usize) -> Self {
        Self { connections, depth, bytes }
    }

    fn load(self) -> Load {
        Load::new(self.depth, self.bytes)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.connections == 1 { "" } else { "s" };
        f.pad(&format!("{} connection{s}, depth {}, {} B", self.connections, self.depth, self.bytes))
    }
}

/// Runs the parts that are named, or all.
pub(crate) fn run(words: &[&str]) {
    const PARTS: [&str; 3] = ["echo", "idle", "accept"];
    if let Some(word) = words.iter().find(|word| **word != "--quick" && !PARTS.contains(word)) {
        panic!("{word:?} is none of echo, idle, accept, --quick");
    }
    let effort = if words.contains(&"--quick") { QUICK } else { THOROUGH };
    let wanted = |part| words.contains(&part) || !PARTS.iter().any(|part| words.contains(part));
    machine::raise_limit();
    let python = find_python();
    match &python {
        Some((python, version)) => println!("against {python}, CPython {version}"),
        None => println!("left out: no Python with asyncore and asynchat was found (set PYTHON)"),
    }
    println!("{} cores, load average {}", machine::cores(), machine::load_average());
    let bench = Bench { python: python.map(|(python, _)| python), effort };
    if wanted("echo") {
        bench.echo();
    }
    if wanted("idle") {
        bench.idle();
    }
    if wanted("accept") {
        bench.accept();
    }
    println!("\nload average {} at the end", machine::load_average());
}

/// Keeps one server busy.
pub(crate) fn alone(subject: Subject, case: Case, seconds: usize, idle: usize) {
    machine::raise_limit();
    let python = find_python().map(|(python, _)| python).unwrap_or_default();
    let mut stand = Stand::new(subject, &python, case.connections);
    let _idle = client::connections(stand.server.address, idle);
    println!("{} is process {}", subject.name, stand.server.id());
    let figure = stand.measure(&case.load(), Duration::from_secs(seconds as u64));
    println!("{case}: {:.3} us of CPU a message, {:.3} us", figure.cpu, figure.wall);
}

/// A server with its connections.
struct Stand {
    subject: Subject,
    server: Server,
    streams: Vec<TcpStream>,
}

impl Stand {
    fn new(subject: Subject, python: &str, connections: usize) -> Self {
        let server = Server::start(subject, python);
        let streams = client::connections(server.address, connections);
        Self { subject, server, streams }
    }

    fn measure(&mut self, load: &Load, time: Duration) -> Figure {
        let Self { server, streams, .. } = self;
        measure(server, || load.run(streams, time))
    }
}

/// Tells what each message of `work` has cost.
fn measure(server: &Server, work: impl FnOnce() -> usize) -> Figure {
    let (cpu, start) = (server.cpu(), Instant::now());
    let messages = work();
    let wall = start.elapsed();
    Figure::new(server.cpu() - cpu, wall, messages)
}

struct Bench {
    python: Option<String>,
    effort: Effort,
}

impl Bench {
    /// Returns what can be measured with so many connections.
    fn subjects(&self, connections: usize) -> impl Iterator<Item = Subject> {
        let no_python = self.python.is_none();
        SUBJECTS.into_iter().filter(move |subject| {
            let absent = no_python && matches!(subject.kind, Kind::Cpython(_));
            !absent && subject.serves(connections)
        })
    }

    fn stand(&self, subject: Subject, connections: usize) -> Stand {
        Stand::new(subject, self.python.as_deref().unwrap_or_default(), connections)
    }

    /// Measures everything once a round, beginning with another one each time.
    fn rounds<T>(
        &self,
        slice: Duration,
        all: &mut [T],
        mut measure: impl FnMut(&mut T, Duration) -> Figure,
    ) -> Vec<Vec<Figure>> {
        let rounds = self.effort.rounds;
        for one in &mut *all {
            measure(one, slice / 3);
        }
        let mut figures = vec![Vec::with_capacity(rounds); all.len()];
        for round in 0..rounds {
            for place in 0..all.len() {
                let place = (place + round) % all.len();
                figures[place].push(measure(&mut all[place], slice));
            }
        }
        figures
    }

    fn echo(&self) {
        let mut shown = Vec::new();
        for cases in self.effort.cases.chunk_by(|one, other| one.connections == other.connections) {
            let connections = cases[0].connections;
            let subjects = self.subjects(connections).filter(|subject| !subject.only_beside_idle());
            let subjects: Vec<_> = subjects.collect();
            if !machine::enough_for(connections * subjects.len()) {
                continue;
            }
            let mut stands: Vec<_> = subjects.into_iter().map(|subject| self.stand(subject, connections)).collect();
            for case in cases {
                let load = case.load();
                let rounds = self.rounds(self.effort.slice, &mut stands, |stand, slice| stand.measure(&load, slice));
                let measured: Measured = stands.iter().map(|stand| stand.subject).zip(rounds).collect();
                compare(&format!("echo, {case}: a line"), &measured);
                shown.push((*case, measured));
            }
        }
        goals::show(&shown);
    }

    fn accept(&self) {
        let subjects = self.subjects(TOGETHER).filter(|subject| !subject.coalesces && !subject.only_beside_idle());
        let mut stands: Vec<_> = subjects.map(|subject| self.stand(subject, 0)).collect();
        let rounds = self.rounds(self.effort.slice, &mut stands, |stand, slice| {
            measure(&stand.server, || client::visit(stand.server.address, TOGETHER, slice))
        });
        let measured = stands.iter().map(|stand| stand.subject).zip(rounds).collect();
        compare(&format!("accept, {TOGETHER} at once: a connection that sends a line and is reset"), &measured);
    }

    /// Measures servers that differ in their idle connections alone, so that these can be compared
    /// within a round; and what an idle connection weighs.
    fn idle(&self) {
        println!("\nidle connections beside {ACTIVE} active ones, depth 1, 64 B: CPU us a line, and memory");
        println!(
            "{:<18}{:>8}{:>22}{:>22}{:>14}{:>14}",
            "", "idle", "CPU us", "to none idle", "B each", "having spoken"
        );
        let mut needed = 0;
        let possible = |idle: &&usize| {
            needed += **idle + ACTIVE;
            machine::enough_for(needed)
        };
        let levels: Vec<usize> = self.effort.idle.iter().take_while(possible).copied().collect();
        let mut measured = Vec::new();
        for subject in SUBJECTS.into_iter().filter(|subject| !subject.coalesces) {
            if self.subjects(levels.iter().sum::<usize>() + ACTIVE).any(|possible| possible == subject) {
                measured.extend(self.idle_beside(subject, &levels));
            }
        }
        goals::show_idle(&measured);
    }

    fn idle_beside(&self, subject: Subject, levels: &[usize]) -> Vec<Idle> {
        let load = Load::new(1, 64);
        let mut weights = Vec::new();
        let mut stands = Vec::new();
        for &level in levels {
            let stand = self.stand(subject, ACTIVE);
            let before = stand.server.resident();
            let mut idle = client::connections(stand.server.address, level);
            let silent = stand.server.resident();
            load.exchange(&mut idle);
            let spoken = stand.server.resident();
            weights.push([silent, spoken].map(|after| after.saturating_sub(before) as f64 / level as f64));
            stands.push((stand, idle));
        }
        let rounds = self.rounds(self.effort.idle_slice, &mut stands, |(stand, _), slice| stand.measure(&load, slice));
        let mut measured = Vec::new();
        for ((&level, rounds_here), [silent, spoken]) in levels.iter().zip(&rounds).zip(weights) {
            let (cpu, growth) = (Spread::cpu(rounds_here), Spread::ratio(rounds_here, &rounds[0]));
            print!("{:<18}{level:>8}{cpu:>22}{growth:>22}", subject.name);
            match level {
                0 => println!("{:>14}{:>14}", "-", "-"),
                _ => println!("{silent:>14.0}{spoken:>14.0}"),
            }
            measured.push(Idle { subject, level, growth, weight: spoken });
        }
        measured
    }
}

/// Shows all subjects of a case, each beside its rivals.
fn compare(title: &str, measured: &Measured) {
    println!("\n{title}");
    let columns = ["CPython / it", "it / mio", "it / tokio"].map(|column| format!("{column:>22}")).join("");
    println!("{:<18}{:>22}{:>22}{columns}", "", "CPU us", "wall us");
    for (subject, rounds) in measured {
        print!("{:<18}{:>22}{:>22}", subject.name, Spread::cpu(rounds), Spread::wall(rounds));
        for (place, rival) in subject.rivals().into_iter().enumerate() {
            let theirs = measured.iter().find(|(subject, _)| *subject == rival).map(|(_, rounds)| rounds);
            let ratio = theirs.filter(|_| rival != *subject).map(|theirs| match place {
                0 => Spread::ratio(theirs, rounds),
                _ => Spread::ratio(rounds, theirs),
            });
            print!("{:>22}", ratio.map_or_else(|| "-".into(), |ratio| ratio.to_string()));
        }
        println!();
    }
}
