//! The folder that evidence is written to.

use std::path::Path;

use asyncore_conformance::evidence::Evidence;

use super::Trouble;
use super::subjects::Job;

/// Sees that evidence can be had, before a run begins.
pub(crate) fn check(folder: &Path, jobs: &[Job<'_>]) -> Result<(), Trouble> {
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Trouble::new(format_args!(
            "there is no folder `{folder}` for the evidence; make it or name another"
        )));
    }
    if jobs.iter().any(Job::is_reference) {
        return Err(Trouble::new(
            "the reference is written to the clauses and is no evidence; name another `--subject`",
        ));
    }
    Ok(())
}

/// Writes what was seen of a subject.
pub(crate) fn write(folder: &Path, evidence: &Evidence) -> Result<(), Trouble> {
    let path = folder.join(&evidence.file);
    std::fs::write(&path, evidence.to_text())
        .map_err(|error| Trouble::new(format_args!("the evidence `{}` cannot be written: {error}", path.display())))
}
