//! The two judges: where the model and a law disagree on what is in order, the suite is at fault and says so.

use asyncore_conformance::concord::{disagreements, steps_in_order};
use asyncore_conformance::judge::judge;
use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::report::{Report, terminal};
use asyncore_conformance::runner::tape::Untaped;
use asyncore_conformance::runner::{Plan, Silent, run_by};
use asyncore_conformance::select::Selection;
use asyncore_spec::action::Action;
use asyncore_spec::law::{LAWS, Law, Saying, Seen, apply_these};
use asyncore_spec::model::{Prediction, Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::trace::Trace;
use asyncore_spec::view::Observed;

const PROFILE: Profile = Profile::Py311;

/// A law that is wrong: no step is ever given data of two bytes.
fn nothing_of_two_bytes(seen: &Seen<'_>) -> Saying {
    let two = |step: &Action| step.to_string().ends_with("\"ab\"");
    let at = seen.scenario.steps.iter().position(two)?;
    Some(Err((at, "two bytes came at once".to_owned())))
}

/// The laws with one more, which is wrong.
const WITH_A_FALSE_ONE: &[Law] = &[("INPUT-1", nothing_of_two_bytes)];

fn outcome(laws: &'static [Law]) -> Outcome {
    let plan = Plan {
        subject: "reference".to_owned(),
        profile: PROFILE,
        follows: PROFILE.release(),
        chosen: "it is a test".to_owned(),
        selected: Selection::default(),
        cases: 100,
        seed: 1,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    run_by(laws, &mut ReferenceSubject::new(PROFILE), &plan, &[], &mut Silent, &mut Untaped)
}

#[test]
fn the_judges_agree_about_the_reference() {
    let outcome = outcome(LAWS);
    assert_eq!(outcome.disagreements, []);
    assert_eq!(outcome.status(true), Status::Held);
}

#[test]
fn a_false_law_is_an_internal_error_that_names_both() {
    let outcome = outcome(WITH_A_FALSE_ONE);
    let [found] = &outcome.disagreements[..] else { panic!("{:?}", outcome.disagreements) };
    assert_eq!(found.law.as_str(), "INPUT-1");
    assert!(found.times > 1, "{}", found.times);
    let report = Report { outcome: &outcome, strict: false, floor: None, options: &[] };
    assert_eq!((outcome.status(false), report.status()), (Status::NotDone, Status::NotDone));
    let mut out = Vec::new();
    terminal::write(&mut out, &report, 100).expect("memory can be written");
    let text = anstream::adapter::strip_str(&String::from_utf8(out).expect("a report is text")).to_string();
    let said = "INTERNAL ERROR: the model finds this trace in order, and the law of INPUT-1 does not";
    assert!(text.contains(said) && text.contains("two bytes came at once"), "{text}");
    assert!(text.contains("Verdict    NOT DONE: internal error"), "{text}");
}

const LINES: &str = "chat c terminator \"\\n\"\nrecv c \"ab\\n\"\nrecv c \"cd\\n\"\n";

fn everything() -> Observed {
    Kind::ALL.iter().copied().collect()
}

/// Names the laws that disagree with a prediction about a trace, each with its step.
fn compare(scenario: &str, spoil: impl FnOnce(&mut Prediction), actual: impl FnOnce(Trace) -> Trace) -> Vec<String> {
    let scenario: Scenario = scenario.parse().expect("a scenario");
    let settings = Settings::of(PROFILE);
    let mut prediction = predict(&scenario, &settings);
    spoil(&mut prediction);
    let trace = actual(prediction.trace());
    let observed = everything();
    let judgement = judge(&prediction, &trace, &observed);
    let seen = Seen { scenario: &scenario, settings: &settings, trace: &trace, observed: &observed };
    let laws = apply_these(LAWS, &seen);
    let found = disagreements(LAWS, &seen, &laws, steps_in_order(&prediction, &judgement));
    found.iter().map(|found| format!("{} in step {} of {}", found.law, found.step, found.steps)).collect()
}

fn altered(trace: &Trace, from: &str, to: &str) -> Trace {
    let text = trace.to_string();
    assert_eq!(text.matches(from).count(), 1, "{from} stands once in\n{text}");
    text.replace(from, to).parse().expect("a trace")
}

/// Lets the model predict something else.
fn believe(from: &'static str, to: &'static str) -> impl FnOnce(&mut Prediction) {
    move |prediction| {
        let believed = altered(&prediction.trace(), from, to);
        for (expected, (_, event)) in prediction.events.iter_mut().zip(believed.events()) {
            expected.event = event.clone();
        }
    }
}

#[test]
fn a_true_model_and_true_laws_agree() {
    assert_eq!(compare(LINES, |_| {}, |trace| trace), Vec::<String>::new());
}

#[test]
fn a_false_model_is_seen() {
    let found = compare(LINES, believe("data \"cd\"", "data \"dc\""), |trace| trace);
    assert_eq!(found, ["INPUT-1 in step 1 of 2"]);
}

#[test]
fn a_false_model_is_seen_before_the_first_departure() {
    let spoil = believe("data \"ab\"", "data \"ba\"");
    let found = compare(LINES, spoil, |trace| altered(&trace, "data \"cd\"", "data \"c\""));
    assert_eq!(found, ["INPUT-1 in step 0 of 1"]);
}

/// What breaks a law because the model's prediction is not met is the subject's doing.
#[test]
fn a_departure_is_no_disagreement() {
    assert_eq!(compare(LINES, |_| {}, |trace| altered(&trace, "data \"cd\"", "data \"c\"")), Vec::<String>::new());
}

/// Nothing is claimed by the model where the spec does not speak.
#[test]
fn silence_is_no_disagreement() {
    let silent = |prediction: &mut Prediction| prediction.unspecified = Some((1, "it is a test"));
    let lose = |trace: Trace| altered(&trace, "data \"cd\"", "data \"c\"");
    assert_eq!(compare(LINES, silent, lose), Vec::<String>::new());
}
