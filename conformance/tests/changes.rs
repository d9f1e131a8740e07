//! Deviations that name a change of the model: who follows the change is in order, who does not is not, and nothing else
//! is hidden behind it.

use asyncore_conformance::deviations::{Deviation, Deviations};
use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_conformance::selftest::{Modelled, Mutation};
use asyncore_conformance::subject::{Identity, Run, Subject};
use asyncore_spec::change::{Change, Fault};
use asyncore_spec::clause::{clause, clauses};
use asyncore_spec::feature::Feature;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use rstest::rstest;

const PROFILE: Profile = Profile::Py311;

/// Does what the model predicts, changed.
struct Port {
    identity: Identity,
    settings: Settings,
}

impl Port {
    fn new(changes: Vec<Change>) -> Self {
        let mut identity = ReferenceSubject::new(PROFILE).identity().clone();
        identity.features = Feature::ALL.iter().copied().filter(|one| !one.is_of_real_sockets()).collect();
        let settings = Settings { changes, ..identity.settings(PROFILE) };
        Self { identity, settings }
    }
}

impl Subject for Port {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        let perform = |scenario: &Scenario| {
            let trace = predict(scenario, &self.settings).trace();
            Run::Trace { trace, printed: String::new() }
        };
        scenarios.iter().map(perform).collect()
    }
}

fn change(id: &str, fault: Fault, to: Option<&str>) -> Change {
    let clause = clause(id).expect("there is such a clause").id;
    Change { clause, event: None, fault, to: to.map(|to| to.parse().expect("it is a value or an exception")) }
}

fn saying(changes: &[Change]) -> Deviations {
    let entry = |change: &Change| Deviation {
        clause: change.clause,
        reason: "on purpose".to_owned(),
        link: None,
        change: Some(change.clone()),
    };
    Deviations { executed: None, entries: changes.iter().map(entry).collect() }
}

/// Judges who does some changes and says some.
fn judged(does: &[Change], says: &[Change], cases: u32) -> Outcome {
    judged_as(&mut Port::new(does.to_vec()), says, cases)
}

fn judged_as(subject: &mut dyn Subject, says: &[Change], cases: u32) -> Outcome {
    let deviations = saying(says);
    let plan = Plan {
        subject: "a port".to_owned(),
        profile: PROFILE,
        follows: PROFILE.release(),
        chosen: "it is a test".to_owned(),
        selected: Selection::default(),
        cases,
        seed: 3,
        fail_fast: false,
        excused: deviations.excused().collect(),
        changes: deviations.changes(),
    };
    let mut outcome = run(subject, &plan, &mut Silent);
    assert_eq!(outcome.disagreements, [], "the two judges agree");
    deviations.apply(&mut outcome);
    outcome
}

fn verdict<'a>(outcome: &'a Outcome, id: &str) -> &'a Verdict {
    &outcome.clauses.iter().find(|found| found.clause.id.as_str() == id).expect("there is such a clause").verdict
}

fn broken(outcome: &Outcome) -> Vec<&str> {
    outcome.broken().iter().map(|found| found.clause.id.as_str()).collect()
}

#[rstest]
#[case::no_urgent_data("EVENT-13", Fault::Dropped, None)]
#[case::no_warning("EVENT-15", Fault::Dropped, None)]
#[case::connected_twice("CONNECT-1", Fault::Doubled, None)]
#[case::closed_twice("CLOSE-10", Fault::Doubled, None)]
#[case::no_terminator_told("INPUT-1", Fault::Dropped, None)]
#[case::another_warning("EVENT-16", Fault::Altered, Some("\"nobody writes\""))]
#[case::another_error("INPUT-37", Fault::Altered, Some("other AttributeError"))]
#[case::no_error("INPUT-37", Fault::Dropped, None)]
#[case::another_result("PREFIX-5", Fault::Altered, Some("0"))]
#[case::reads_after_writes("POLL-12", Fault::Late, None)]
#[case::events_in_another_order("POLL-15", Fault::Late, None)]
fn who_follows_a_change_and_says_so_is_in_order(#[case] id: &str, #[case] fault: Fault, #[case] to: Option<&str>) {
    let change = [change(id, fault, to)];
    let outcome = judged(&change, &change, 200);
    assert_eq!((broken(&outcome), outcome.status(true)), (vec![], Status::Held));
    assert_eq!(*verdict(&outcome, id), Verdict::Excused { reason: "on purpose".to_owned() });

    let silent = judged(&change, &[], 200);
    assert!(silent.status(true) == Status::Short, "{id} {fault} is not caught at all");

    let outcome = judged(&[], &change, 200);
    assert_eq!(
        (verdict(&outcome, id), outcome.status(false)),
        (&Verdict::Fail, Status::Short),
        "{:?}",
        broken(&outcome)
    );
}

/// What a clause rules out may come, and need not.
#[test]
fn what_may_come_need_not() {
    let extra = [change("INPUT-2", Fault::Extra, None)];
    let outcome = judged(&[], &extra, 200);
    assert_eq!(broken(&outcome), [""; 0]);
    assert!(matches!(verdict(&outcome, "INPUT-2"), Verdict::Unexcused { .. }), "nobody saw it come");
}

#[test]
fn what_may_come_may() {
    let extra = change("INPUT-2", Fault::Extra, None);
    let mut subject = Modelled::new(PROFILE, Mutation { clause: extra.clause, fault: Fault::Extra });
    let caught = judged_as(&mut subject, &[], 50);
    assert_eq!(verdict(&caught, "INPUT-2"), &Verdict::Fail);
    let outcome = judged_as(&mut subject, &[extra], 50);
    assert_eq!(broken(&outcome), [""; 0]);
    assert!(matches!(verdict(&outcome, "INPUT-2"), Verdict::Excused { .. }));
}

#[test]
fn nothing_hides_behind_a_change() {
    let said = change("EVENT-13", Fault::Dropped, None);
    let hidden = change("EVENT-15", Fault::Dropped, None);
    let outcome = judged(&[said.clone(), hidden], &[said], 200);
    assert_eq!(broken(&outcome), ["EVENT-15"]);
    assert!(matches!(verdict(&outcome, "EVENT-13"), Verdict::Excused { .. }));
}

/// Whatever a port changes, the changed model and the laws agree on it. Each clause is changed in one way.
#[test]
fn the_judges_agree_whatever_is_changed() {
    let applicable = clauses().iter().filter(|clause| clause.applies(PROFILE, PROFILE.release()));
    let mut shown = 0;
    for (clause, fault) in applicable.zip(Fault::ALL.into_iter().cycle()).filter(|(_, fault)| *fault != Fault::Altered)
    {
        let change = [change(clause.id.as_str(), fault, None)];
        let outcome = judged(&change, &change, 2);
        assert_eq!(broken(&outcome), [""; 0], "{} {fault}", clause.id);
        shown += usize::from(matches!(verdict(&outcome, clause.id.as_str()), Verdict::Excused { .. }));
    }
    assert!(shown > 60, "{shown}");
}
