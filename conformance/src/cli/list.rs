//! The command `list`: the clauses, one line each.

use std::io::{self, Write};

use asyncore_conformance::outcome::Status;
use asyncore_conformance::report::layout::count;
use asyncore_conformance::report::style::{FAINT, STRONG};
use asyncore_conformance::suggest::{areas, nearest};
use asyncore_spec::clause::{Clause, clauses};

use super::Trouble;
use super::arguments::List;
use super::out::Out;

pub(crate) fn list(arguments: &List, out: &mut Out) -> Result<Status, Trouble> {
    let area = arguments.area.as_deref().map(known_area).transpose()?;
    let wanted = |clause: &&Clause| {
        let in_area = area.is_none_or(|area| clause.id.area() == area);
        in_area && arguments.profile.is_none_or(|profile| clause.profiles.contains(&profile))
    };
    for clause in clauses().iter().filter(wanted) {
        write_line(out, clause)?;
        if arguments.long && !clause.withdrawn {
            write_details(out, clause)?;
        }
    }
    Ok(Status::Held)
}

fn known_area(name: &str) -> Result<&'static str, Trouble> {
    let areas = areas();
    let found = areas.iter().copied().find(|area| area.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let all = format!("the areas are {}", areas.join(", "));
        let remedy = nearest(name, areas).map_or(all, |meant| format!("did you mean `{meant}`?"));
        Trouble::new(format_args!("there is no area `{name}`; {remedy}"))
    })
}

fn write_line(out: &mut Out, clause: &Clause) -> io::Result<()> {
    let Clause { id, level, scope, title, .. } = clause;
    if clause.withdrawn {
        return writeln!(out, "{STRONG}{id:<11}{STRONG:#}  {:<38}  {title}", "withdrawn");
    }
    let profiles: Vec<_> = clause.profiles.iter().map(|profile| profile.name()).collect();
    let profiles = profiles.join(" ");
    writeln!(out, "{STRONG}{id:<11}{STRONG:#}  {level:<11}  {scope:<8}  {profiles:<15}  {title}")
}

fn write_details(out: &mut Out, clause: &Clause) -> io::Result<()> {
    let needs: Vec<_> = clause.needs.iter().map(|feature| feature.name()).collect();
    let (needs, view, python, spec) = (needs.join(" "), clause.view, &clause.python_text, &clause.spec);
    let examples = count(clause.examples.len(), "example");
    writeln!(
        out,
        "{FAINT}             needs: {needs} · view: {view} · python: {python} · spec: {spec} · {examples}{FAINT:#}"
    )
}
