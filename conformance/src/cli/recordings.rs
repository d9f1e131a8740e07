//! The recordings that a run writes.

use std::io::{self, BufWriter};
use std::path::PathBuf;

use asyncore_conformance::outcome::Outcome;
use asyncore_conformance::recording::{Recorder, Subject};
use asyncore_conformance::report::json::Unusable;
use asyncore_conformance::runner::tape::{Heard, Tape};

use super::Trouble;
use super::files::{ReportFile, Wanted};

/// Holds every recording under way.
#[derive(Default)]
pub(crate) struct Recordings(Vec<(PathBuf, Recorder)>);

impl Recordings {
    pub(crate) fn add(&mut self, wanted: &Wanted, file: ReportFile) {
        let out = BufWriter::new(file.into_inner());
        self.0.push((wanted.path.clone(), Recorder::new(Box::new(out))));
    }

    /// Begins a subject, which is described if anybody is to know.
    pub(crate) fn begin(&mut self, describe: impl Fn() -> Subject) {
        self.0.iter_mut().for_each(|(_, recorder)| recorder.begin(describe()));
    }

    pub(crate) fn unusable(&mut self, unusable: &Unusable) {
        self.0.iter_mut().for_each(|(_, recorder)| recorder.unusable(unusable));
    }

    pub(crate) fn judged(&mut self, outcome: &Outcome) -> Result<(), Trouble> {
        self.each(|recorder| recorder.judged(outcome))
    }

    pub(crate) fn end(&mut self) -> Result<(), Trouble> {
        self.each(Recorder::end)
    }

    fn each(&mut self, does: impl Fn(&mut Recorder) -> io::Result<()>) -> Result<(), Trouble> {
        let done =
            self.0.iter_mut().map(|(path, recorder)| does(recorder).map_err(|error| ReportFile::trouble(path, &error)));
        done.collect()
    }
}

impl Tape for Recordings {
    fn hear(&mut self, heard: &Heard) {
        self.0.iter_mut().for_each(|(_, recorder)| recorder.hear(heard));
    }
}
