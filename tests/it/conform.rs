//! The reference conforms: it passes every clause, and every clause that applies to it is executed.

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_spec::clause::Scope;
use asyncore_spec::profile::Profile;
use rstest::rstest;

/// Clauses that the reference does not pass, by profile, with what is said of them. Each entry is a debt.
const EXCEPTIONS: &[(Profile, &str, &str)] = &[];

fn outcome(profile: Profile, cases: u32) -> Outcome {
    let plan = Plan {
        subject: "reference".to_owned(),
        profile,
        follows: profile.release(),
        chosen: "it is what the test asks for".to_owned(),
        selected: Selection::default(),
        cases,
        seed: 0,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    run(&mut ReferenceSubject::new(profile), &plan, &mut Silent)
}

fn told(verdict: &Verdict) -> String {
    match verdict {
        Verdict::NotExecuted { reason } => format!("not executed: {reason}"),
        Verdict::Unsupported { reason } => format!("unsupported: {reason}"),
        Verdict::Error { reason } => format!("error: {reason}"),
        other => format!("{other:?}"),
    }
}

#[rstest]
fn the_reference_passes_every_clause(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
    let outcome = outcome(profile, 500);
    let mut short = Vec::new();
    for judged in &outcome.clauses {
        let foreign = matches!(judged.verdict, Verdict::NotApplicable { .. });
        let excused = !judged.clause.applies(profile, profile.release()) || judged.clause.scope == Scope::Python;
        assert_eq!(foreign, excused, "{}: {}", judged.clause.id, told(&judged.verdict));
        if !foreign && judged.verdict != Verdict::Pass {
            let scenario = judged.failure.as_ref().map(|failure| failure.scenario.to_string()).unwrap_or_default();
            short.push((judged.clause.id.as_str(), told(&judged.verdict), scenario));
        }
    }
    let known: Vec<_> = EXCEPTIONS.iter().filter(|(of, ..)| *of == profile).map(|(_, id, told)| (*id, *told)).collect();
    let found: Vec<_> = short.iter().map(|(id, told, _)| (*id, told.as_str())).collect();
    assert_eq!(found, known, "{profile}: what falls short, and what is known to: {short:#?}");
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert!(outcome.scenarios > outcome.examples && outcome.examples > 0);
    assert_eq!(outcome.status(true), Status::Held);
}
