//! supervisor carries the 2.5 generation on: it conforms to py25 but for what its deviations file says.
//!
//! `ASYNCORE_SUPERVISOR_43` and `ASYNCORE_SUPERVISOR_335` name folders into which the two releases are installed. Without
//! them pip installs what is missing, once; where that cannot be, `ASYNCORE_OFFLINE=1` leaves these tests out.

use std::path::Path;

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::outcome::{Outcome, Status, Verdict};
use asyncore_conformance::python::Python;
use asyncore_conformance::report::Report;
use asyncore_conformance::runner::{Plan, Silent, run};
use asyncore_conformance::select::Selection;
use asyncore_conformance::subject::Subject;
use asyncore_spec::profile::Profile;
use rstest::rstest;

use crate::installed::{Package, folder};
use crate::interpreters::{Interpreter, newest};
use crate::subjects::{broken, start};

/// Clauses that are blamed for what another clause's departure does: the release, the clause, why. Each entry is a debt of
/// the suite.
const KNOWN_GAPS: &[(&str, &str, &str)] = &[];

/// Makes the folder a package for Python 2: pip leaves the file out, as supervisor is a namespace, and relies on a `.pth`
/// file that is not read in a folder of `PYTHONPATH`.
fn complete(folder: &Path) {
    let file = folder.join("supervisor/__init__.py");
    if !file.exists() {
        std::fs::write(&file, "").unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

fn judge(interpreter: &Interpreter, folder: &Path) -> Outcome {
    complete(folder);
    let python = Python {
        asyncore: Some("supervisor.medusa.asyncore_25".to_owned()),
        asynchat: Some("supervisor.medusa.asynchat_25".to_owned()),
        ..Python::new(interpreter.path.clone())
    };
    let mut subject = start(&python, &[("PYTHONPATH", folder.into())]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(subject.identity().follows, "2.5.6");
    let plan = Plan {
        subject: python.title(),
        profile: Profile::Py25,
        follows: Profile::Py25.release(),
        chosen: "it is what the test asks for".to_owned(),
        selected: Selection::default(),
        cases: 1000,
        seed: 0,
        fail_fast: false,
        excused: Vec::new(),
        changes: Vec::new(),
    };
    run(&mut subject, &plan, &mut Silent)
}

fn status(outcome: &Outcome, deviations: &Deviations) -> Status {
    Report { outcome, strict: false, floor: deviations.executed, options: &[] }.status()
}

#[rstest]
#[case::on_python_2("3.3.5", 2, "ASYNCORE_SUPERVISOR_335")]
#[case::on_python_3("4.3.0", 3, "ASYNCORE_SUPERVISOR_43")]
fn supervisor_departs_from_2_5_as_its_file_says(
    #[case] version: &'static str,
    #[case] major: u32,
    #[case] variable: &'static str,
) {
    let Some(interpreter) = newest(major) else {
        println!("supervisor {version}: not run, as there is no Python {major}");
        return;
    };
    let package = Package { name: "supervisor", version, variable, file: "supervisor/medusa/asynchat_25.py" };
    let Some(folder) = folder(interpreter, &package) else { return };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/deviations");
    let deviations = Deviations::load(&file.join(format!("supervisor-{version}.toml"))).expect("the file is in order");
    let mut outcome = judge(interpreter, &folder);

    let mut found: Vec<_> = broken(&outcome).iter().map(|found| found.clause.id.as_str()).collect();
    let mut known: Vec<_> = deviations.entries.iter().map(|entry| entry.clause.as_str()).collect();
    known.extend(KNOWN_GAPS.iter().filter(|(of, ..)| *of == version).map(|(_, clause, _)| *clause));
    found.sort_unstable();
    known.sort_unstable();
    assert_eq!(found, known, "what it departs from, and what is known of that");

    deviations.apply(&mut outcome);
    assert_eq!(status(&outcome, &deviations), Status::Held);
    let excused = outcome.clauses.iter().filter(|found| matches!(found.verdict, Verdict::Excused { .. }));
    assert_eq!(excused.count(), deviations.entries.len());
}
