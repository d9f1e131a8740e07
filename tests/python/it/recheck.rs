//! A recorded run of an interpreter is judged the same when the interpreter is gone.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::recording::{self, Recorder, Recording};
use asyncore_conformance::report::{Report, json};
use asyncore_conformance::runner::{Plan, Silent, run_with};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::Subject;
use asyncore_spec::profile::{Profile, Release};

use crate::interpreters::{Interpreter, newest_of_each};
use crate::subjects::python;

/// Gives an interpreter another path, which can be taken away.
fn elsewhere(interpreter: &Interpreter, folder: &Path) -> PathBuf {
    let path = folder.join("python");
    let _ = fs::remove_file(&path);
    std::os::unix::fs::symlink(&interpreter.path, &path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}

fn record(path: &Path, interpreter: &Interpreter, file: &Path) -> Outcome {
    let mut python = python(interpreter);
    python.interpreter = path.into();
    let mut subject = python.start().unwrap_or_else(|error| panic!("{error}"));
    let follows: Release = subject.identity().follows.parse().expect("it follows a release");
    let plan = Plan {
        subject: subject.identity().name.clone(),
        profile: Profile::nearest(follows),
        follows,
        chosen: "it is a test".to_owned(),
        selected: Selection::default(),
        cases: 200,
        seed: 5,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    let mut recorder = Recorder::new(Box::new(BufWriter::new(File::create(file).expect("there is room"))));
    recorder.begin(recording::Subject::new(subject.identity(), &plan, true, &Deviations::default(), &[]));
    let outcome = run_with(&mut subject, &plan, &[], &mut Silent, &mut recorder);
    recorder.judged(&outcome).expect("there is room");
    recorder.end().expect("there is room");
    outcome
}

/// Everything that can be said of a run, the time that it took included.
fn told(report: Report<'_>) -> String {
    json::to_string(&[report], json::Unused::default(), true)
}

#[test]
fn a_recorded_interpreter_is_judged_the_same_without_it() {
    for interpreter in newest_of_each() {
        let (major, minor, _) = interpreter.version;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("recheck-{major}.{minor}"));
        fs::create_dir_all(&folder).expect("there is room");
        let path = elsewhere(interpreter, &folder);
        let file = folder.join("run.jsonl");
        let outcome = record(&path, interpreter, &file);
        fs::remove_file(&path).expect("the path can be taken away");

        let recording = Recording::load(&file).unwrap_or_else(|error| panic!("{error}"));
        assert!(!recording.is_of_another_spec());
        let (judged, _) = recording.judge().unwrap_or_else(|error| panic!("{error}"));
        let [again] = &judged[..] else { panic!("one subject was recorded") };
        assert_eq!(again.changed(), []);
        let before = Report { outcome: &outcome, strict: true, floor: None, options: &[] };
        assert_eq!((again.status(), before.status()), (Status::Held, Status::Held));
        assert!(outcome.sockets > 50, "{} scenarios on real sockets", outcome.sockets);
        assert!(told(again.report()) == told(before), "the reports differ");
    }
}
