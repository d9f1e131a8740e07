//! A small spec and an outcome made by hand, so that the pictures of reports do not change with the real ones.

use std::time::Duration;

use asyncore_conformance::judge::judge;
use asyncore_conformance::outcome::{ClauseOutcome, Failure, FileOutcome, Origin, Outcome, Verdict};
use asyncore_conformance::protocol::LoopKind;
use asyncore_conformance::subject::Identity;
use asyncore_spec::clause::{Clause, parse_area};
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::feature::Feature;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::{Profile, Release};
use asyncore_spec::scenario::Kind;
use asyncore_spec::text::parse_scenario;
use asyncore_spec::trace::Trace;
use asyncore_spec::view::observe;

const FRAMING: &str = include_str!("framing.md");
const CLOSING: &str = include_str!("closing.md");

/// The clauses of the small spec.
fn clauses() -> Vec<&'static Clause> {
    let areas = [parse_area("framing.md", FRAMING), parse_area("closing.md", CLOSING)];
    let clauses = areas.into_iter().flat_map(|area| area.expect("the small spec is well formed"));
    clauses.map(|clause| &*Box::leak(Box::new(clause))).collect()
}

fn identity() -> Identity {
    Identity {
        name: "asyncnet".to_owned(),
        version: "4.2".to_owned(),
        language: "c++".to_owned(),
        follows: "3.10.4".to_owned(),
        because: "its manual says so".to_owned(),
        features: [Feature::Chat, Feature::NoTerminator].into(),
        observes: Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Classes).collect(),
        ac_in_buffer_size: 65536,
        ac_out_buffer_size: 65536,
        loops: LoopKind::Pass,
        scripted: true,
    }
}

/// Makes the failure that a subject shows whose trace is `actual`.
pub(crate) fn failure(scenario: &str, actual: &str, origin: Origin) -> Failure {
    let scenario = parse_scenario(scenario).expect("the scenario is right");
    let actual: Trace = actual.parse().expect("the trace is right");
    let prediction = predict(&scenario, &Settings::of(Profile::Py311));
    let observed = identity().observes;
    let departure = judge(&prediction, &actual, &observed).departures.first().cloned();
    Failure {
        scenario,
        written: None,
        expected: observe(&prediction.trace(), &observed),
        actual: observe(&actual, &observed),
        departure,
        origin,
        printed: String::new(),
        stderr: String::new(),
    }
}

/// A terminator that is split across reads is not seen.
fn split_terminator(clause: &Clause) -> Failure {
    let scenario = "chat c terminator \"\\r\\n\"\nrecv c \"GET /\\r\"\nrecv c \"\\n\"\nget_terminator c\n";
    let actual = "\
        > 1\nc.recv 65536\n  c.socket.recv 65536 -> \"GET /\\r\"\nc.collect_incoming_data \"GET /\"\n\
        > 2\nc.recv 65536\n  c.socket.recv 65536 -> \"\\n\"\nc.collect_incoming_data \"\\r\\n\"\n\
        > 3\n-> \"\\r\\n\"\n";
    let printed = "warning: \u{1b}[31mshort read\n".to_owned();
    let stderr = "trace: handle_read\ntrace: find\n".to_owned();
    Failure { printed, stderr, ..failure(scenario, actual, Origin::Example(clause.id)) }
}

/// The last byte of long data is lost.
fn lost_byte() -> Failure {
    let data = "x".repeat(70);
    let scenario = format!("chat c terminator none\nrecv c \"{data}y\"\n");
    let actual =
        format!("> 1\nc.recv 65536\n  c.socket.recv 65536 -> \"{data}y\"\nc.collect_incoming_data \"{data}\"\n");
    failure(&scenario, &actual, Origin::Generated("framing"))
}

fn crash() -> Failure {
    let stderr = "*** stack smashing detected ***\n".to_owned();
    Failure {
        actual: Trace::default(),
        departure: None,
        stderr,
        ..failure("chat c\nrecv c \"a\"\n", "> 1\n", Origin::Generated("framing"))
    }
}

fn verdict(clause: &'static Clause) -> (Verdict, Option<Failure>) {
    match clause.id.as_str() {
        "FRAMING-2" => (Verdict::Fail, Some(split_terminator(clause))),
        "FRAMING-3" => (Verdict::Fail, Some(lost_byte())),
        "FRAMING-4" => {
            (Verdict::Unsupported { reason: "the subject does not declare terminator.count".to_owned() }, None)
        }
        "FRAMING-5" => (Verdict::NotApplicable { reason: "it means nothing outside Python".to_owned() }, None),
        "FRAMING-6" => (Verdict::NotExecuted { reason: "no scenario exercised it".to_owned() }, None),
        "CLOSING-1" | "CLOSING-2" => {
            (Verdict::Error { reason: "it ended with signal 6 (SIGABRT)".to_owned() }, Some(crash()))
        }
        "CLOSING-3" => {
            (Verdict::Excused { reason: "sockets are closed by the caller (https://example.org/7)".to_owned() }, None)
        }
        "CLOSING-4" => (Verdict::Unexcused { reason: "the queue is bounded".to_owned() }, None),
        "CLOSING-5" => (Verdict::Excluded, None),
        "CLOSING-6" => (Verdict::Unexcused { reason: "was not executed: no scenario exercised it".to_owned() }, None),
        _ => (Verdict::Pass, None),
    }
}

fn judged(clause: &'static Clause) -> ClauseOutcome {
    let (verdict, failure) = verdict(clause);
    let checks = match verdict {
        Verdict::Pass | Verdict::Fail | Verdict::Excused { .. } => 40,
        Verdict::Unexcused { .. } if clause.id.as_str() == "CLOSING-4" => 12,
        _ => 0,
    };
    let broken = u64::from(failure.is_some()) * 3;
    ClauseOutcome { clause, verdict, checks, broken, failure, change: None }
}

/// One file breaks a clause, and one could not be run.
fn files() -> Vec<FileOutcome> {
    let broke = vec![ClauseId::new("FRAMING-2")];
    let not_run = vec!["the subject does not declare loop".to_owned()];
    vec![
        FileOutcome { file: "known/split.scn".to_owned(), scenarios: 1, broke, ..FileOutcome::default() },
        FileOutcome { file: "known/wait.scn".to_owned(), not_run, ..FileOutcome::default() },
    ]
}

/// An outcome with every kind of verdict.
pub(crate) fn outcome() -> Outcome {
    Outcome {
        subject: "cmd:./asyncnet --adapter".to_owned(),
        identity: identity(),
        profile: Profile::Py311,
        follows: Release([3, 10, 4]),
        chosen: "the nearest to the release that the subject says it follows".to_owned(),
        seed: 7,
        cases: 500,
        clauses: clauses().into_iter().filter(|clause| !clause.withdrawn).map(judged).collect(),
        scenarios: 1040,
        examples: 40,
        sockets: 0,
        files: files(),
        absent: Vec::new(),
        refused: vec![("no room for another channel".to_owned(), 3)],
        disagreements: Vec::new(),
        elapsed: Duration::from_millis(1250),
    }
}
