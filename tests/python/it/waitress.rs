//! waitress carries asyncore on as `waitress.wasyncore`, without asynchat: it is judged as what it is, and where it departs
//! from py311 is known.
//!
//! `ASYNCORE_WAITRESS` names a folder into which it is installed; see [`crate::installed`].

use std::collections::BTreeSet;

use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::python::Python;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_spec::feature::Feature;
use asyncore_spec::profile::Profile;

use crate::installed::{Package, folder};
use crate::interpreters::newest;
use crate::subjects::{broken, start};

const PACKAGE: Package =
    Package { name: "waitress", version: "3.0.2", variable: "ASYNCORE_WAITRESS", file: "waitress/wasyncore.py" };

/// Where it departs from py311, and why.
const DEPARTURES: &[(&str, &str)] = &[
    ("CONNECT-3", "the constructor leaves it to whoever calls it to say that the channel is connected"),
    ("CONNECT-20", "the constructor does not ask the socket for the address of its peer"),
    ("CONNECT-22", "the constructor does not ask the socket, and so meets no error of it"),
    ("CLOSE-15", "close forgets the socket and leaves no address"),
    ("IO-11", "close forgets the socket, so that nothing reaches it afterwards"),
    ("LOG-1", "messages go to a logger"),
    ("LOG-2", "messages go to a logger"),
    ("LOG-3", "messages go to a logger"),
];

/// Clauses that are blamed for what another clause's departure does: the clause and why. Each entry is a debt of the suite.
const KNOWN_GAPS: &[(&str, &str)] = &[
    ("CLOSE-18", "close forgets the socket, so that a second one does not reach it: CLOSE-15"),
    ("ERROR-9", "close forgets the socket, so that a second one does not reach it: CLOSE-15"),
    ("IO-27", "a second close does not reach the socket: CLOSE-15"),
    ("IO-28", "close forgets the socket, so that no further error is told: CLOSE-15"),
    ("LOOP-11", "close forgets the socket: CLOSE-15"),
    ("POLL-31", "close forgets the socket, so that a second one does not reach it: CLOSE-15"),
    ("LOG-5", "an object prints without the state and the address that CONNECT-3 and CONNECT-20 miss"),
    ("IO-23", "a send of nothing after close does not reach the socket: IO-11"),
    ("ERROR-11", "an exceptional event after close finds no socket: CLOSE-15"),
    ("POLL-21", "a second close does not reach the socket: CLOSE-15"),
];

fn judge() -> Option<Outcome> {
    let Some(interpreter) = newest(3) else {
        println!("waitress: not run, as there is no Python 3");
        return None;
    };
    let folder = folder(interpreter, &PACKAGE)?;
    let python = Python { asyncore: Some("waitress.wasyncore".to_owned()), ..Python::new(interpreter.path.clone()) };
    let mut subject = start(&python, &[("PYTHONPATH", folder.into())]).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan {
        subject: python.title(),
        profile: Profile::Py311,
        follows: Profile::Py311.release(),
        chosen: "it is what the test asks for".to_owned(),
        selected: Selection::default(),
        cases: 1000,
        seed: 0,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    Some(run(&mut subject, &plan, &mut Silent))
}

#[test]
fn waitress_departs_where_it_is_known_to() {
    let Some(outcome) = judge() else { return };
    for found in broken(&outcome) {
        let scenario = found.failure.as_ref().map(|failure| failure.scenario.to_string()).unwrap_or_default();
        println!("{} broken by {}\n{scenario}", found.clause.id, found.broken);
    }
    assert_ne!(outcome.status(false), Status::NotDone);
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);

    let found: BTreeSet<_> = broken(&outcome).iter().map(|found| found.clause.id.as_str()).collect();
    let known: BTreeSet<_> = DEPARTURES.iter().chain(KNOWN_GAPS).map(|(clause, _)| *clause).collect();
    assert_eq!(found, known, "where it departs, and what is known of that");
    assert_eq!(known.len(), DEPARTURES.len() + KNOWN_GAPS.len(), "each is told once");
}

#[test]
fn what_waitress_lacks_is_unsupported() {
    let Some(outcome) = judge() else { return };
    for absent in [Feature::Chat, Feature::Prefix, Feature::Fifo, Feature::SimpleProducer] {
        assert!(!outcome.identity.features.contains(&absent), "{absent:?}");
    }
    for found in &outcome.clauses {
        let id = found.clause.id.as_str();
        assert!(!matches!(found.verdict, Verdict::Error { .. }), "{id}: {:?}", found.verdict);
        if ["PREFIX-", "FIFO-", "PRODUCER-", "INPUT-"].iter().any(|area| id.starts_with(area)) {
            let is_left_out = matches!(found.verdict, Verdict::Unsupported { .. } | Verdict::NotApplicable { .. });
            assert!(is_left_out, "{id}: {:?}", found.verdict);
        }
    }
}
