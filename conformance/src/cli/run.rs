//! The command `run`: judges subjects and reports.

use std::io::Write;
use std::path::Path;

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::evidence::{Evidence, all};
use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::recording;
use asyncore_conformance::report::draft::draft;
use asyncore_conformance::report::issue::issue;
use asyncore_conformance::report::json::{self, Unusable, Unused};
use asyncore_conformance::report::{Report, terminal};
use asyncore_conformance::runner::{self, Plan};
use asyncore_conformance::select::Selection;

use super::arguments::Run;
use super::cases::Cases;
use super::files::{Format, ReportFile};
use super::new_file::NewFile;
use super::out::Out;
use super::profiles::Choice;
use super::progress::Bar;
use super::recordings::Recordings;
use super::shelf::Shelf;
use super::subjects::{Job, jobs};
use super::{Trouble, evidence};

/// Judges every subject in turn. One that cannot be used does not keep the others from being judged.
pub(crate) fn run(arguments: &Run, out: &mut Out) -> Result<Status, Trouble> {
    let mut session = Session::new(arguments)?;
    let jobs = jobs(&arguments.subjects)?;
    let mut status = session.status_so_far();
    session.open(&jobs)?;
    session.save(false)?;
    for job in &jobs {
        match session.judge(job) {
            Ok(judged) => {
                session.judged.push(judged);
                status = status.max(session.tell_last(out)?);
                session.save(false)?;
            }
            Err(trouble) => {
                trouble.tell();
                let unusable = Unusable { subject: job.text().to_owned(), reason: trouble.to_string() };
                session.recordings.unusable(&unusable);
                session.unusable.push(unusable);
                status = Status::NotDone;
            }
        }
    }
    session.tell_all(out)?;
    session.write_issue(out)?;
    session.write_draft(out)?;
    session.save(true)?;
    session.recordings.end()?;
    Ok(status)
}

/// Is what was found about one subject.
struct Judged {
    outcome: Outcome,
    /// The options without which the subject's name means another one.
    options: Vec<String>,
}

struct Session<'a> {
    arguments: &'a Run,
    selected: Selection,
    deviations: Deviations,
    cases: Cases,
    shelf: Option<Shelf>,
    issue: Option<NewFile>,
    draft: Option<NewFile>,
    files: Vec<ReportFile>,
    recordings: Recordings,
    judged: Vec<Judged>,
    unusable: Vec<Unusable>,
}

impl<'a> Session<'a> {
    fn new(arguments: &'a Run) -> Result<Self, Trouble> {
        let selected = Selection::new(&arguments.filter, &arguments.exclude)?;
        let deviations = arguments.deviations.as_deref().map(Deviations::load).transpose()?.unwrap_or_default();
        let new = |path: Option<&Path>, what| path.map(|path| NewFile::new(path, what)).transpose();
        let issue = new(arguments.issue.as_deref(), "bug report")?;
        let draft = new(arguments.write_deviations.as_deref(), "draft of deviations")?;
        let cases = Cases::read(&arguments.scenarios)?;
        let shelf = arguments.save.as_deref().map(Shelf::open).transpose()?;
        let (files, recordings, judged, unusable) = (Vec::new(), Recordings::default(), Vec::new(), Vec::new());
        Ok(Self { arguments, selected, deviations, cases, shelf, issue, draft, files, recordings, judged, unusable })
    }

    /// Writes a bug report on what the first subject that breaks a clause breaks.
    fn write_issue(&self, out: &mut Out) -> Result<(), Trouble> {
        let Some(file) = &self.issue else { return Ok(()) };
        let path = file.path().display();
        match self.reports().iter().find_map(issue) {
            Some(text) => {
                file.write(&text)?;
                writeln!(out, "Issue      {path}")?;
            }
            None => writeln!(out, "Issue      none, as no clause failed; `{path}` was not written")?,
        }
        Ok(())
    }

    /// Writes a deviations file that excuses all that the subject breaks, for its reasons to be filled in.
    fn write_draft(&self, out: &mut Out) -> Result<(), Trouble> {
        let Some(file) = &self.draft else { return Ok(()) };
        let path = file.path().display();
        match &self.reports()[..] {
            [report] => {
                file.write(&draft(report))?;
                writeln!(out, "Deviations {path}")?;
            }
            reports => {
                let judged = reports.len();
                return Err(Trouble::new(format_args!(
                    "`{path}` was not written: a deviations file is about one subject under one profile, and {judged} were judged"
                )));
            }
        }
        Ok(())
    }

    /// A file that is no scenario leaves the run undone, whatever becomes of the rest.
    fn status_so_far(&self) -> Status {
        if self.cases.unreadable.is_empty() { Status::Held } else { Status::NotDone }
    }

    /// Makes the files, so that what cannot be written is known before the run begins.
    fn open(&mut self, jobs: &[Job<'_>]) -> Result<(), Trouble> {
        match &self.arguments.evidence {
            Some(folder) => evidence::check(folder, jobs)?,
            // What is told of failures rests on evidence that is as it was written; recording it anew mends what is not.
            None => _ = all()?,
        }
        for wanted in &self.arguments.report {
            let file = ReportFile::create(&wanted.path)?;
            match wanted.format {
                Format::Json => self.files.push(file),
                Format::Record => self.recordings.add(wanted, file),
            }
        }
        Ok(())
    }

    fn judge(&mut self, job: &Job<'_>) -> Result<Judged, Trouble> {
        let mut subject = job.open()?;
        let Choice { profile, follows, why } = Choice::of(job, subject.identity(), self.arguments.subjects.profile)?;
        let plan = Plan {
            subject: job.text().to_owned(),
            profile,
            follows,
            chosen: why,
            selected: self.selected.clone(),
            cases: self.arguments.cases,
            seed: self.arguments.seed,
            fail_fast: self.arguments.fail_fast,
            excused: self.deviations.excused().collect(),
            changes: self.deviations.changes(),
        };
        let mut options = job.further_options();
        options.extend(self.change_options().into_iter().flatten());
        let strict = self.arguments.strict;
        self.recordings
            .begin(|| recording::Subject::new(subject.identity(), &plan, strict, &self.deviations, &options));
        let (files, mut bar) = (&self.cases.found, Bar::new(job.text()));
        let mut outcome = runner::run_with(subject.as_mut(), &plan, files, &mut bar, &mut self.recordings);
        let seen = Evidence::of(&outcome);
        self.deviations.apply(&mut outcome);
        self.recordings.judged(&outcome)?;
        if let Some(folder) = &self.arguments.evidence {
            evidence::write(folder, &seen)?;
        }
        Ok(Judged { outcome, options })
    }

    /// Gives the options without which a replay would know nothing of the changes.
    fn change_options(&self) -> Option<[String; 2]> {
        let file = self.arguments.deviations.as_deref().filter(|_| !self.deviations.changes().is_empty());
        file.map(|file| ["--deviations".to_owned(), file.display().to_string()])
    }

    fn reports(&self) -> Vec<Report<'_>> {
        self.judged.iter().map(|judged| self.report(judged)).collect()
    }

    fn report<'b>(&self, judged: &'b Judged) -> Report<'b> {
        let Judged { outcome, options } = judged;
        Report { outcome, strict: self.arguments.strict, floor: self.deviations.executed, options }
    }

    /// Tells what was found about the subject that was judged last.
    fn tell_last(&self, out: &mut Out) -> Result<Status, Trouble> {
        let Some(last) = self.judged.last() else { return Ok(Status::NotDone) };
        let report = self.report(last);
        if self.judged.len() > 1 {
            writeln!(out)?;
        }
        terminal::write(out, &report, Out::width())?;
        if let Some(shelf) = &self.shelf {
            shelf.save(out, &report)?;
        }
        out.flush()?;
        Ok(report.status())
    }

    fn tell_all(&self, out: &mut Out) -> Result<(), Trouble> {
        if self.judged.len() > 1 {
            writeln!(out)?;
            terminal::write_summary(out, &self.reports())?;
        }
        Ok(())
    }

    /// Writes the reports for programs with all that was found so far, so that nothing is lost if the run is cut short.
    fn save(&mut self, complete: bool) -> Result<(), Trouble> {
        if self.files.is_empty() {
            return Ok(());
        }
        let unused = Unused { subjects: &self.unusable, files: &self.cases.unreadable };
        let text = json::to_string(&self.reports(), unused, complete);
        self.files.iter_mut().try_for_each(|file| file.write(&text))
    }
}
