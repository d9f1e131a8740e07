//! Subjects that are of no use and must not pass, and subjects that are unusual and must.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::feature::Feature;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Hook, Kind, Scenario};
use asyncore_spec::trace::{Event, Trace, What};
use asyncore_spec::value::Value;
use asyncore_spec::view::{join, observe};
use asyncore_spec::wait::WaitCall;

use super::sockets::OnlySockets;
use super::variants::{Backwards, OtherSizes};
use crate::outcome::{Outcome, Status, Verdict};
use crate::process::{Command, ProcessSubject};
use crate::protocol::LoopKind;
use crate::reference::ReferenceSubject;
use crate::runner::{Plan, Silent, run};
use crate::select::Selection;
use crate::subject::{Identity, Run, Subject};

/// How many scenarios are generated for each family.
const CASES: u32 = 60;
/// As many clauses pass at least if a subject is judged in earnest.
const FEW: usize = 10;
/// How long a process that may hang is waited for.
const PATIENCE: Duration = Duration::from_millis(300);

/// What became of one control.
#[derive(Clone, Debug)]
pub struct Control {
    /// What the subject does.
    pub name: String,
    /// The profile.
    pub profile: Profile,
    /// Whether it must not pass.
    pub useless: bool,
    /// What is wrong, if anything is.
    pub complaint: Option<String>,
}

/// Runs every control; `program` is the one that [poses](BAD_PROCESSES) as subjects.
#[must_use]
pub fn all(profiles: &[Profile], program: &Path) -> Vec<Control> {
    let mut controls = Vec::new();
    for &profile in profiles {
        controls.extend(USELESS.iter().map(|(name, idle, change)| useless(name, profile, *idle, *change)));
        controls.extend(unusual(profile));
    }
    controls.extend(bad_processes(program));
    controls
}

/// Changes what comes of running the reference.
type Change = fn(&Scenario, Run) -> Run;

type Changes = dyn Fn(&Identity, &Scenario, Run) -> Run;

struct Changed {
    inner: ReferenceSubject,
    identity: Identity,
    change: Box<Changes>,
}

impl Changed {
    fn new(profile: Profile, change: impl Fn(&Identity, &Scenario, Run) -> Run + 'static) -> Self {
        let inner = ReferenceSubject::new(profile);
        let mut identity = inner.identity().clone();
        // What is changed is what it does with scripted sockets.
        identity.features.retain(|feature| !feature.is_of_real_sockets());
        Self { inner, identity, change: Box::new(change) }
    }
}

impl Subject for Changed {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let runs = self.inner.run(scenarios);
        scenarios.iter().zip(runs).map(|(scenario, run)| (self.change)(&self.identity, scenario, run)).collect()
    }
}

fn judge(subject: &mut dyn Subject, profile: Profile) -> Outcome {
    let plan = Plan {
        subject: "a control".to_owned(),
        profile,
        follows: profile.release(),
        chosen: "it is a control".to_owned(),
        selected: Selection::default(),
        cases: CASES,
        seed: 0,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    run(subject, &plan, &mut Silent)
}

/// What a subject does, whether it is idle, and how it does it.
const USELESS: &[(&str, bool, Change)] = &[
    ("does nothing", true, |scenario, _| traced(vec![Vec::new(); scenario.steps.len()])),
    ("does not even take the steps", true, |_, _| traced(Vec::new())),
    ("says none to everything", false, |scenario, _| every_step(scenario, What::Result { value: Value::None })),
    ("says yes to everything", false, |scenario, _| every_step(scenario, What::Result { value: Value::bool(true) })),
    ("raises at everything", false, |scenario, _| {
        every_step(scenario, What::Raised { exception: Exception::os(Errno::EIO) })
    }),
    ("closes at everything", false, closes),
    ("gives back what it is told", false, |scenario, _| {
        let said = |text: String| vec![Event { depth: 0, what: What::Result { value: Value::bytes(text) } }];
        traced(scenario.to_string().lines().take(scenario.steps.len()).map(|line| said(line.to_owned())).collect())
    }),
    ("loses the last event", false, |_, run| {
        with_trace(run, |trace| {
            if let Some(step) = trace.steps.iter_mut().rev().find(|step| !step.is_empty()) {
                step.pop();
            }
        })
    }),
    ("does everything a step late", false, |_, run| {
        with_trace(run, |trace| {
            trace.steps.insert(0, Vec::new());
            trace.steps.pop();
        })
    }),
    ("fails at everything", true, |_, _| Run::Error { reason: "broken".to_owned(), stderr: String::new() }),
    ("refuses everything", true, |_, _| Run::Unsupported { reason: "no".to_owned() }),
    ("is given up", true, |_, _| Run::GivenUp { reason: "no".to_owned() }),
];

fn traced(steps: Vec<Vec<Event>>) -> Run {
    Run::Trace { trace: Trace { steps }, printed: String::new() }
}

fn every_step(scenario: &Scenario, what: What) -> Run {
    traced(vec![vec![Event { depth: 0, what }]; scenario.steps.len()])
}

fn closes(_: &Scenario, run: Run) -> Run {
    with_trace(run, |trace| {
        let on = trace.events().find_map(|(_, event)| event.on());
        let closed =
            on.map(|on| Event { depth: 0, what: What::Hook { on, hook: Hook::HandleClose, arg: None, flags: None } });
        trace.steps.iter_mut().for_each(|step| *step = closed.iter().cloned().collect());
    })
}

fn with_trace(run: Run, change: impl FnOnce(&mut Trace)) -> Run {
    match run {
        Run::Trace { mut trace, printed } => {
            change(&mut trace);
            Run::Trace { trace, printed }
        }
        other => other,
    }
}

/// Runs a subject that must not pass, and if it is idle, not in a single clause.
fn useless(name: &str, profile: Profile, idle: bool, change: Change) -> Control {
    let outcome = judge(&mut Changed::new(profile, move |_, scenario, run| change(scenario, run)), profile);
    let passed =
        outcome.clauses.iter().filter(|found| found.verdict == Verdict::Pass).map(|found| found.clause.id.as_str());
    let passed: Vec<_> = passed.collect();
    let complaint = match outcome.status(false) {
        Status::Held => Some("it passes".to_owned()),
        Status::Short | Status::NotDone if idle && !passed.is_empty() => {
            Some(format!("it passes {}", passed.join(" ")))
        }
        Status::Short | Status::NotDone => None,
    };
    Control { name: format!("a subject that {name}"), profile, useless: true, complaint }
}

fn unusual(profile: Profile) -> Vec<Control> {
    let mut controls = Vec::new();
    for kind in [
        Kind::Flags,
        Kind::Internals,
        Kind::Socket,
        Kind::Log,
        Kind::Classes,
        Kind::Results,
        Kind::Predicates,
        Kind::Waits,
        Kind::Texts,
    ] {
        let mut subject = Changed::new(profile, coarser);
        subject.identity.observes.remove(&kind);
        controls.push(holds(format!("a subject that does not observe {kind:?}"), profile, true, &mut subject));
    }
    let lacking = [
        Feature::CountTerminator,
        Feature::Binary,
        Feature::Errors,
        Feature::PartialSends,
        Feature::Reactions,
        Feature::Raise,
        Feature::Sizes,
        Feature::Unconnected,
        Feature::Producer,
    ];
    for feature in lacking {
        let mut subject = Changed::new(profile, |_, _, run| run);
        subject.identity.features.remove(&feature);
        controls.push(holds(format!("a subject that lacks {}", feature.name()), profile, true, &mut subject));
    }
    let mut joined = Changed::new(profile, |_, _, run| with_trace(run, |trace| trace.steps.iter_mut().for_each(join)));
    controls.push(holds("a subject that collects in one piece".to_owned(), profile, false, &mut joined));
    controls.push(holds("a subject with other buffer sizes".to_owned(), profile, true, &mut OtherSizes::new(profile)));
    controls.push(holds(
        "a subject that takes channels backwards".to_owned(),
        profile,
        false,
        &mut Backwards::new(profile),
    ));
    let mut idle = Changed::new(profile, |_, _, run| {
        with_trace(run, |trace| trace.steps.iter_mut().flatten().for_each(wait_for_nothing_otherwise))
    });
    controls.push(holds("a subject that waits for nothing by another call".to_owned(), profile, true, &mut idle));
    for (loops, how) in [(LoopKind::Pass, "stepped"), (LoopKind::Settle, "run until it is quiet")] {
        let name = format!("a subject without scripted sockets whose loop can be {how}");
        controls.push(holds(name, profile, false, &mut OnlySockets::new(profile, loops)));
    }
    controls
}

fn wait_for_nothing_otherwise(event: &mut Event) {
    if let What::Wait { call, asked, .. } = &mut event.what
        && asked.is_empty()
    {
        *call = if *call == WaitCall::Select { WaitCall::Poll } else { WaitCall::Select };
    }
}

/// Shows only what the subject says it observes.
fn coarser(identity: &Identity, _: &Scenario, run: Run) -> Run {
    match run {
        Run::Trace { trace, printed } => Run::Trace { trace: observe(&trace, &identity.observes), printed },
        other => other,
    }
}

fn holds(name: String, profile: Profile, strict: bool, subject: &mut dyn Subject) -> Control {
    let outcome = judge(subject, profile);
    let bad = |verdict: &Verdict| matches!(verdict, Verdict::Fail | Verdict::Error { .. });
    let broken: Vec<_> =
        outcome.clauses.iter().filter(|found| bad(&found.verdict)).map(|found| found.clause.id.as_str()).collect();
    let complaint = match outcome.status(strict) {
        Status::Held if outcome.totals().pass <= FEW => Some("hardly anything was executed".to_owned()),
        Status::Held => None,
        status => Some(format!("it ends as {status:?}: {}", broken.join(" "))),
    };
    Control { name, profile, useless: false, complaint }
}

/// What processes do that only look like subjects: `asyncore-conformance pose KIND` plays them.
pub const BAD_PROCESSES: &[&str] = &[
    "ends",
    "hangs",
    "echoes",
    "says-ok",
    "closes",
    "floods",
    "greets-and-ends",
    "greets-and-hangs",
    "greets-and-agrees",
    "works-and-dies",
];

/// How those are called that are taken for subjects.
const GREETS: &[&str] = &["greets", "works"];

/// Says whether a program plays subjects at all, so that no failure is taken for one of theirs.
fn poses(program: &Path) -> bool {
    let played = std::process::Command::new(program).args(["pose", "ends"]).stdin(Stdio::null()).status();
    played.is_ok_and(|status| status.success())
}

fn bad_processes(program: &Path) -> Vec<Control> {
    let tried = |kind: &&str| {
        let mut command = Command::new(*kind, program);
        command.args = vec!["pose".into(), (*kind).into()];
        command.timeout = PATIENCE;
        let complaint = match ProcessSubject::start(command) {
            Err(_) if !poses(program) => Some("the program cannot play it".to_owned()),
            Err(why) if GREETS.iter().any(|greets| kind.starts_with(greets)) => {
                Some(format!("no subject at all: {why}"))
            }
            Err(_) => None,
            Ok(mut subject) => match judge(&mut subject, Profile::Py311).status(false) {
                Status::Held => Some("it passes".to_owned()),
                Status::Short | Status::NotDone => None,
            },
        };
        Control { name: format!("a process that {kind}"), profile: Profile::Py311, useless: true, complaint }
    };
    BAD_PROCESSES.iter().map(tried).collect()
}
