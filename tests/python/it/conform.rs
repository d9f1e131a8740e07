//! Every interpreter passes every clause, and every clause that applies to it is executed.

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_spec::clause::clauses;
use asyncore_spec::profile::Profile;
use rstest::rstest;

use crate::interpreters::{Modules, having};
use crate::subjects::{judge, python};

/// What does not pass, clause by clause.
fn short(outcome: &Outcome) -> Vec<String> {
    let mut short = Vec::new();
    for found in &outcome.clauses {
        let applies = found.clause.applies(outcome.profile, outcome.follows);
        let expected = if applies {
            found.verdict == Verdict::Pass
        } else {
            matches!(found.verdict, Verdict::NotApplicable { .. })
        };
        if !expected {
            let scenario = found.failure.as_ref().map(|failure| failure.scenario.to_string()).unwrap_or_default();
            short.push(format!("{}: {:?}\n{scenario}", found.clause.id, found.verdict));
        }
    }
    short
}

/// How many examples the clauses hold that apply to a subject.
fn examples(outcome: &Outcome) -> usize {
    let applying = clauses().iter().filter(|clause| clause.applies(outcome.profile, outcome.follows));
    applying.map(|clause| clause.examples_of(outcome.profile).count()).sum()
}

#[rstest]
#[case::public(Modules::Public)]
#[case::private(Modules::Private)]
fn every_interpreter_conforms(#[case] modules: Modules) {
    for interpreter in having(modules) {
        let title = interpreter.path.display();
        let mut subject = python(interpreter).start().unwrap_or_else(|error| panic!("{error}"));
        let outcome = judge(&mut subject, 1000);
        let release = if interpreter.version.0 == 2 { Profile::Py27 } else { Profile::Py311 };
        assert_eq!(outcome.profile, release, "{title}");
        assert!(short(&outcome).is_empty(), "{title}: {}", short(&outcome).join("\n"));
        assert!(outcome.refused.is_empty(), "{title}: {:?}", outcome.refused);
        assert_eq!(outcome.examples, examples(&outcome) as u64, "{title}: the examples");
        assert!(outcome.scenarios > 5000, "{title}: {} scenarios", outcome.scenarios);
        assert_eq!(outcome.status(true), Status::Held, "{title}");
        assert_eq!(subject.restarts(), 0, "{title}");
        println!("{title}: {} scenarios in {:.1} s", outcome.scenarios, outcome.elapsed.as_secs_f64());
    }
}
