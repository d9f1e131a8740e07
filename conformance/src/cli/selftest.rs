//! The command `selftest`: the suite is put to the test itself.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use asyncore_conformance::outcome::Status;
use asyncore_conformance::report::layout::count;
use asyncore_conformance::report::style::{BAD, FAINT, GOOD, STRONG};
use asyncore_conformance::selftest::{Control, Judged, Matrix, Standing, controls};
use asyncore_spec::profile::Profile;

use super::Trouble;
use super::arguments::Selftest;
use super::files::ReportFile;
use super::out::Out;

pub(crate) fn selftest(arguments: &Selftest, out: &mut Out) -> Result<Status, Trouble> {
    let began = Instant::now();
    let create = |path: &Option<PathBuf>| path.as_deref().map(ReportFile::create).transpose();
    let (markdown, json) = (create(&arguments.markdown)?, create(&arguments.json)?);
    let profiles = arguments.profile.map_or_else(|| Profile::ALL.to_vec(), |profile| vec![profile]);
    let controls = controls::all(&profiles, &std::env::current_exe()?);
    let wrong: Vec<&Control> = controls.iter().filter(|control| control.complaint.is_some()).collect();
    let judged = Judged::new(Matrix::of(&profiles), profiles.len() == Profile::ALL.len());
    if let Some(mut file) = markdown {
        file.write(&judged.markdown())?;
    }
    if let Some(mut file) = json {
        file.write(&judged.json())?;
    }
    write_mutants(out, &judged, arguments.all)?;
    write_controls(out, &controls, &wrong)?;
    let good = judged.complaints().is_empty() && wrong.is_empty();
    let (style, verdict) = if good { (GOOD, "HELD") } else { (BAD, "FELL SHORT") };
    writeln!(out, "{STRONG}Verdict{STRONG:#}    {style}{verdict}{style:#}, in {:.1} s", began.elapsed().as_secs_f64())?;
    Ok(if good { Status::Held } else { Status::Short })
}

fn write_mutants(out: &mut Out, judged: &Judged, all: bool) -> io::Result<()> {
    for cell in judged.cells() {
        let shown = match &cell.standing {
            Standing::Wrong(why) => {
                format!("{BAD}WRONG{BAD:#}  {} {}: {why}", cell.mutation.clause, cell.mutation.fault)
            }
            Standing::Excused(why) if all => {
                format!("{FAINT}excused {} {}: {why}{FAINT:#}", cell.mutation.clause, cell.mutation.fault)
            }
            _ => continue,
        };
        writeln!(out, "{shown}  ({})", cell.profile.name())?;
        let scenario = cell.scenario.as_ref().map(ToString::to_string).unwrap_or_default();
        scenario.lines().try_for_each(|line| writeln!(out, "         {line}"))?;
    }
    judged
        .never_killed()
        .iter()
        .try_for_each(|clause| writeln!(out, "{BAD}WRONG{BAD:#}  {clause}: no mutant is killed in its name"))?;
    judged.idle().iter().try_for_each(|excuse| {
        writeln!(out, "{BAD}WRONG{BAD:#}  {} {}: is excused and needs no excuse", excuse.clause, excuse.fault)
    })?;
    let figures = judged.figures();
    writeln!(
        out,
        "{STRONG}Mutants{STRONG:#}    {} of {}: {} killed in the right name, {} excused, {} wrong",
        figures.all,
        count(judged.clauses(), "clause"),
        figures.killed,
        figures.excused,
        figures.wrong
    )
}

fn write_controls(out: &mut Out, controls: &[Control], wrong: &[&Control]) -> io::Result<()> {
    for control in wrong {
        let why = control.complaint.as_deref().unwrap_or_default();
        writeln!(out, "{BAD}WRONG{BAD:#}  {} ({}): {why}", control.name, control.profile.name())?;
    }
    let useless = controls.iter().filter(|control| control.useless).count();
    writeln!(
        out,
        "{STRONG}Controls{STRONG:#}   {useless} useless subjects fell short, {} unusual ones held, but for {}",
        controls.len() - useless,
        wrong.len()
    )
}
