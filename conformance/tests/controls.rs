//! Controls of the suite itself: subjects that are right but observe less must stay green, and subjects that do nothing
//! of use must not pass.

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::{Identity, Run, Subject};
use asyncore_spec::feature::Feature;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::trace::Trace;
use asyncore_spec::view::{join, observe};
use rstest::rstest;

/// Changes what comes of running the reference.
type Change = fn(&Identity, &Scenario, Run) -> Run;

struct Changed {
    inner: ReferenceSubject,
    identity: Identity,
    change: Change,
}

impl Changed {
    fn new(profile: Profile, change: Change) -> Self {
        let inner = ReferenceSubject::new(profile);
        let mut identity = inner.identity().clone();
        // What is changed is what it does with scripted sockets.
        identity.features.retain(|feature| !feature.name().starts_with("sockets."));
        Self { inner, identity, change }
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

fn conform(subject: &mut dyn Subject, profile: Profile) -> Outcome {
    let plan = Plan {
        subject: "control".to_owned(),
        profile,
        follows: profile.release(),
        chosen: "it is a control".to_owned(),
        selected: Selection::new(&[], &[]).expect("everything can be selected"),
        cases: 100,
        seed: 1,
        fail_fast: false,
        excused: Vec::new(),
    };
    run(subject, &plan, &mut Silent)
}

fn broken(outcome: &Outcome) -> Vec<String> {
    let bad = |verdict: &Verdict| matches!(verdict, Verdict::Fail | Verdict::Error { .. });
    outcome.clauses.iter().filter(|found| bad(&found.verdict)).map(|found| found.clause.id.to_string()).collect()
}

/// Shows only what the subject says it observes.
fn coarser(identity: &Identity, _: &Scenario, run: Run) -> Run {
    match run {
        Run::Trace { trace, printed } => Run::Trace { trace: observe(&trace, &identity.observes), printed },
        other => other,
    }
}

#[rstest]
#[case::no_flags(&[Kind::Flags])]
#[case::no_internals(&[Kind::Internals])]
#[case::no_socket(&[Kind::Socket])]
#[case::no_log(&[Kind::Log])]
#[case::no_classes(&[Kind::Classes])]
#[case::no_results(&[Kind::Results])]
#[case::callbacks_alone(&[Kind::Internals, Kind::Socket, Kind::Log, Kind::Results, Kind::Flags, Kind::Classes])]
#[case::socket_alone(&[Kind::Internals, Kind::Callbacks, Kind::Log, Kind::Results, Kind::Flags, Kind::Classes])]
fn observing_less_breaks_nothing(
    #[case] unseen: &[Kind],
    #[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile,
) {
    let mut subject = Changed::new(profile, coarser);
    subject.identity.observes.retain(|kind| !unseen.contains(kind));
    let outcome = conform(&mut subject, profile);
    assert_eq!(broken(&outcome), Vec::<String>::new());
    assert_eq!(outcome.status(true), Status::Held);
    assert!(outcome.totals().pass > 10, "{:?}", outcome.totals());
}

#[rstest]
#[case(Feature::CountTerminator)]
#[case(Feature::NoTerminator)]
#[case(Feature::Binary)]
#[case(Feature::Errors)]
#[case(Feature::PartialSends)]
#[case(Feature::Reactions)]
#[case(Feature::Raise)]
#[case(Feature::Sizes)]
#[case(Feature::Unconnected)]
#[case(Feature::Producer)]
fn lacking_a_feature_breaks_nothing(#[case] lacking: Feature) {
    let mut subject = Changed::new(Profile::Py27, |_, _, run| run);
    subject.identity.features.remove(&lacking);
    let outcome = conform(&mut subject, Profile::Py27);
    assert_eq!(broken(&outcome), Vec::<String>::new());
    assert_eq!(outcome.refused, Vec::new());
    assert_eq!(outcome.status(true), Status::Held);
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

fn in_one_piece(_: &Identity, _: &Scenario, run: Run) -> Run {
    with_trace(run, |trace| trace.steps.iter_mut().for_each(join))
}

#[test]
fn other_pieces_are_no_fault() {
    let outcome = conform(&mut Changed::new(Profile::Py311, in_one_piece), Profile::Py311);
    assert_eq!(outcome.status(false), Status::Held, "{:?}", broken(&outcome));
}

fn nothing_happens(_: &Identity, scenario: &Scenario, _: Run) -> Run {
    Run::Trace { trace: Trace { steps: vec![Vec::new(); scenario.steps.len()] }, printed: String::new() }
}

fn no_steps(_: &Identity, _: &Scenario, _: Run) -> Run {
    Run::Trace { trace: Trace::default(), printed: String::new() }
}

fn the_last_event_is_lost(_: &Identity, _: &Scenario, run: Run) -> Run {
    with_trace(run, |trace| {
        if let Some(step) = trace.steps.iter_mut().rev().find(|step| !step.is_empty()) {
            step.pop();
        }
    })
}

fn the_first_event_is_doubled(_: &Identity, _: &Scenario, run: Run) -> Run {
    with_trace(run, |trace| {
        if let Some(step) = trace.steps.iter_mut().find(|step| !step.is_empty()) {
            step.insert(0, step[0].clone());
        }
    })
}

fn everything_comes_a_step_late(_: &Identity, _: &Scenario, run: Run) -> Run {
    with_trace(run, |trace| {
        trace.steps.insert(0, Vec::new());
        trace.steps.pop();
    })
}

fn fails(_: &Identity, _: &Scenario, _: Run) -> Run {
    Run::Error { reason: "broken".to_owned(), stderr: String::new() }
}

#[rstest]
#[case(nothing_happens as Change)]
#[case(no_steps as Change)]
#[case(the_last_event_is_lost as Change)]
#[case(the_first_event_is_doubled as Change)]
#[case(everything_comes_a_step_late as Change)]
#[case(fails as Change)]
fn useless_subjects_fall_short(#[case] change: Change) {
    let outcome = conform(&mut Changed::new(Profile::Py311, change), Profile::Py311);
    assert_eq!(outcome.status(false), Status::Short);
}

fn refuses(_: &Identity, _: &Scenario, _: Run) -> Run {
    Run::Unsupported { reason: "no".to_owned() }
}

fn is_given_up(_: &Identity, _: &Scenario, _: Run) -> Run {
    Run::GivenUp { reason: "no".to_owned() }
}

#[rstest]
#[case(refuses as Change)]
#[case(is_given_up as Change)]
fn nothing_executed_is_no_pass(#[case] change: Change) {
    let outcome = conform(&mut Changed::new(Profile::Py311, change), Profile::Py311);
    assert_eq!(outcome.executed(), 0);
    assert_eq!(outcome.status(false), Status::NotDone);
}
