//! The command `run`: judges subjects and reports.

use std::io::Write;

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::outcome::{Outcome, Status};
use asyncore_conformance::report::json::{self, Unusable};
use asyncore_conformance::report::{Report, terminal};
use asyncore_conformance::runner::{self, Plan};
use asyncore_conformance::select::Selection;

use super::Trouble;
use super::arguments::Run;
use super::files::ReportFile;
use super::out::Out;
use super::profiles::Choice;
use super::progress::Bar;
use super::subjects::{Job, jobs};

/// Judges every subject in turn. One that cannot be used does not keep the others from being judged.
pub(crate) fn run(arguments: &Run, out: &mut Out) -> Result<Status, Trouble> {
    let mut session = Session::new(arguments)?;
    let jobs = jobs(&arguments.subjects)?;
    let mut status = Status::Held;
    session.files = arguments.report.iter().map(ReportFile::create).collect::<Result<_, _>>()?;
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
                session.unusable.push(Unusable { subject: job.text().to_owned(), reason: trouble.to_string() });
                status = Status::NotDone;
            }
        }
    }
    session.tell_all(out)?;
    session.save(true)?;
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
    files: Vec<ReportFile>,
    judged: Vec<Judged>,
    unusable: Vec<Unusable>,
}

impl<'a> Session<'a> {
    fn new(arguments: &'a Run) -> Result<Self, Trouble> {
        let selected = Selection::new(&arguments.filter, &arguments.exclude)?;
        let deviations = arguments.deviations.as_deref().map(Deviations::load).transpose()?.unwrap_or_default();
        Ok(Self { arguments, selected, deviations, files: Vec::new(), judged: Vec::new(), unusable: Vec::new() })
    }

    fn judge(&self, job: &Job<'_>) -> Result<Judged, Trouble> {
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
            excused: self.deviations.clauses().collect(),
        };
        let mut outcome = runner::run(subject.as_mut(), &plan, &mut Bar::new(job.text()));
        self.deviations.apply(&mut outcome);
        Ok(Judged { outcome, options: job.further_options() })
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
        let text = json::to_string(&self.reports(), &self.unusable, complete);
        self.files.iter_mut().try_for_each(|file| file.write(&text))
    }
}
