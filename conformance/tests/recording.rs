//! What was recorded is judged again as it was judged, and nothing but a whole recording is.

mod programs;

use std::cell::RefCell;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::process::{Command, ProcessSubject};
use asyncore_conformance::recording::{self, Recorded, Recorder, Recording};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::report::{Report, json};
use asyncore_conformance::runner::{Plan, Silent, run_with};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::{Identity, Run, Subject};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use rstest::rstest;
use tempfile::TempDir;

/// Is a file that stays to be looked at when the recorder is gone.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn plan(profile: Profile, cases: u32) -> Plan {
    Plan {
        subject: "a subject".to_owned(),
        profile,
        follows: profile.release(),
        chosen: "it is a test".to_owned(),
        selected: Selection::default(),
        cases,
        seed: 1,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    }
}

/// Runs the suite and records it; gives what was found and the recording.
fn record(subject: &mut dyn Subject, plan: &Plan, deviations: &Deviations) -> (Outcome, String) {
    let memory = Memory::default();
    let mut recorder = Recorder::new(Box::new(memory.clone()));
    recorder.begin(recording::Subject::new(subject.identity(), plan, false, deviations, &[]));
    let mut outcome = run_with(subject, plan, &[], &mut Silent, &mut recorder);
    deviations.apply(&mut outcome);
    recorder.judged(&outcome).expect("memory can be written");
    recorder.end().expect("memory can be written");
    let text = memory.0.borrow().clone();
    (outcome, String::from_utf8(text).expect("a recording is text"))
}

fn load(text: &str) -> Result<Recording, String> {
    let directory = TempDir::new().expect("there is room");
    let file = directory.path().join("run.jsonl");
    fs::write(&file, text).expect("there is room");
    let message = |error: &dyn std::fmt::Display| error.to_string().replace(&file.display().to_string(), "run.jsonl");
    Recording::load(&file).map_err(|error| message(&error))
}

#[track_caller]
fn again(text: &str) -> Recorded {
    let (mut judged, unusable) =
        load(text).expect("the recording is whole").judge().expect("each line is in its place");
    assert_eq!((judged.len(), unusable.len()), (1, 0));
    judged.remove(0)
}

/// Everything that can be said of a run.
fn whole(report: Report<'_>) -> String {
    json::to_string(&[report], json::Unused::default(), true)
}

#[track_caller]
fn is_judged_the_same(outcome: &Outcome, text: &str, floor: Option<usize>) {
    let again = again(text);
    assert_eq!(again.changed(), []);
    let before = Report { outcome, strict: false, floor, options: &[] };
    assert_eq!(again.status(), before.status());
    assert!(whole(again.report()) == whole(before), "the reports differ");
}

#[rstest]
fn the_reference_is_judged_the_same(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
    let (outcome, text) = record(&mut ReferenceSubject::new(profile), &plan(profile, 60), &Deviations::default());
    assert_eq!(outcome.status(true), Status::Held);
    is_judged_the_same(&outcome, &text, None);
}

/// Does what the reference does, with something wrong.
struct Wrong {
    inner: ReferenceSubject,
    change: fn(Run) -> Run,
}

impl Subject for Wrong {
    fn identity(&self) -> &Identity {
        self.inner.identity()
    }

    fn run(&mut self, scenarios: &[Scenario]) -> Vec<Run> {
        self.inner.run(scenarios).into_iter().map(self.change).collect()
    }

    fn begin(
        &mut self,
        scenario: &Scenario,
        places: &asyncore_conformance::protocol::Places,
    ) -> Result<asyncore_conformance::session::Begun<'_>, asyncore_conformance::session::Refusal> {
        self.inner.begin(scenario, places)
    }
}

fn loses_the_last_event(run: Run) -> Run {
    match run {
        Run::Trace { mut trace, printed } => {
            if let Some(step) = trace.steps.iter_mut().rev().find(|step| !step.is_empty()) {
                step.pop();
            }
            Run::Trace { trace, printed }
        }
        other => other,
    }
}

fn dies_where_much_happens(run: Run) -> Run {
    match run {
        Run::Trace { trace, .. } if trace.events().count() > 40 => {
            Run::Error { reason: "it died".to_owned(), stderr: "too much".to_owned() }
        }
        other => other,
    }
}

#[rstest]
#[case::wrong(loses_the_last_event as fn(Run) -> Run)]
#[case::dead(dies_where_much_happens as fn(Run) -> Run)]
fn a_subject_that_falls_short_falls_short_in_the_same_places(#[case] change: fn(Run) -> Run) {
    let mut subject = Wrong { inner: ReferenceSubject::new(Profile::Py27), change };
    let (outcome, text) = record(&mut subject, &plan(Profile::Py27, 30), &Deviations::default());
    assert_eq!(outcome.status(false), Status::Short);
    assert!(!outcome.broken().is_empty());
    is_judged_the_same(&outcome, &text, None);
}

#[rstest]
#[case::loses("line_server", &["pass", "loses a byte"])]
#[case::says_nothing("line_server", &["settle", "skips terminators"])]
#[case::runs_by_itself("line_server", &["free", "sends twice"])]
#[case::crashes("fake_subject", &["crashes", "1"])]
fn a_subject_in_a_process_is_not_needed_again(#[case] program: &str, #[case] arguments: &[&str]) {
    let mut command = Command::new(format!("cmd:{program}"), programs::example(program));
    command.args = arguments.iter().map(Into::into).collect();
    let mut subject = ProcessSubject::start(command).unwrap_or_else(|error| panic!("{error}"));
    let (outcome, text) = record(&mut subject, &plan(Profile::Py311, 10), &Deviations::default());
    assert!(!outcome.broken().is_empty());
    drop(subject);
    is_judged_the_same(&outcome, &text, None);
}

#[test]
fn what_was_excused_is_excused_again() {
    let directory = TempDir::new().expect("there is room");
    let file: PathBuf = directory.path().join("known.toml");
    let listed = "executed = 1000\n[[deviation]]\nclause = \"PREFIX-1\"\nreason = \"it is a test\"\n";
    fs::write(&file, listed).expect("there is room");
    let deviations = Deviations::load(&file).expect("the file is in order");
    let plan = plan(Profile::Py311, 5);
    let (outcome, text) = record(&mut ReferenceSubject::new(Profile::Py311), &plan, &deviations);
    is_judged_the_same(&outcome, &text, Some(1000));
    assert_eq!(again(&text).status(), Status::Short);
}

/// A short recording of the reference.
fn short() -> String {
    let selected = Selection::new(&["PREFIX-1".to_owned()], &[]).expect("there is such a clause");
    let plan = Plan { selected, ..plan(Profile::Py311, 3) };
    record(&mut ReferenceSubject::new(Profile::Py311), &plan, &Deviations::default()).1
}

#[test]
fn a_choice_of_clauses_is_recorded() {
    let again = again(&short());
    assert_eq!(again.changed(), []);
    assert_eq!(again.outcome.executed(), 1);
}

fn without_the_last_line(text: &str) -> String {
    text.trim_end().rsplit_once('\n').map(|(before, _)| format!("{before}\n")).unwrap_or_default()
}

fn without_a_line(text: &str) -> String {
    let lines: Vec<_> = text.lines().enumerate().filter(|(at, _)| *at != 3).map(|(_, line)| line).collect();
    lines.join("\n") + "\n"
}

#[rstest]
#[case::cut_at_a_line(without_the_last_line, "was cut short")]
#[case::cut_within_a_line(|text: &str| text[..text.len() - 5].to_owned(), "was cut short")]
#[case::cut_after_the_first(|text: &str| text.lines().next().unwrap_or_default().to_owned() + "\n", "was cut short")]
#[case::edited(|text: &str| text.replace("\"seed\":1", "\"seed\":2"), "was changed after it was written")]
#[case::line_left_out(without_a_line, "lines where it says")]
#[case::newer(|text: &str| text.replace("\"format\":1", "\"format\":2"), "has the format 2, and this program reads 1")]
#[case::empty(|_: &str| String::new(), "is none")]
#[case::report(|_: &str| "{\n  \"format\": 1\n}\n".to_owned(), "is none")]
#[case::something_else(|_: &str| "{\"recording\":{}}\n".to_owned(), "is none")]
#[case::no_text(|_: &str| "hello\n".to_owned(), "is none")]
fn what_is_not_whole_is_not_judged(#[case] spoil: fn(&str) -> String, #[case] expected: &str) {
    let message = load(&spoil(&short())).expect_err("it is not whole");
    assert!(message.starts_with("the recording `run.jsonl` ") && message.contains(expected), "{message}");
}

/// Writes the last line of a recording anew, as its writer would.
fn sealed(text: &str) -> String {
    let body = without_the_last_line(text);
    let mut digest = asyncore_conformance::digest::Digest::default();
    digest.add(body.as_bytes());
    format!("{body}{{\"end\":{{\"lines\":{},\"digest\":\"{digest}\"}}}}\n", body.lines().count())
}

#[test]
fn a_changed_spec_is_told_and_the_verdicts_that_are_others() {
    let text = short();
    assert!(!load(&text).expect("it is whole").is_of_another_spec());
    let digest = asyncore_conformance::digest::of_spec().to_string();
    let text = text.replace(&digest, "0123456789abcdef").replace("\"PREFIX-1\":\"pass\"", "\"PREFIX-1\":\"fail\"");
    let text = sealed(&text.replace("\"PREFIX-2\":\"excluded\"", "\"PREFIX-777\":\"pass\""));
    assert!(load(&text).expect("it is whole").is_of_another_spec());
    let changed = again(&text).changed();
    let told: Vec<_> = changed.iter().map(|(id, then, now)| format!("{id} {then} {now}")).collect();
    assert_eq!(told, ["PREFIX-1 fail pass", "PREFIX-2 absent excluded", "PREFIX-777 pass absent"]);
}

#[test]
fn a_trace_that_was_changed_is_judged_as_it_is_now() {
    let text = short();
    let spoiled = text.replace("{\"type\":\"int\",\"value\":1}", "{\"type\":\"int\",\"value\":7}");
    assert_ne!(text, spoiled);
    let again = again(&sealed(&spoiled));
    assert_eq!(again.status(), Status::Short);
    assert_eq!(again.changed(), [("PREFIX-1".to_owned(), "pass".to_owned(), "fail".to_owned())]);
}
