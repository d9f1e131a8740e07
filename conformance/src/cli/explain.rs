//! The command `explain`: one clause, with all that is known of it.

use std::io::{self, Write};

use asyncore_conformance::evidence::{self, Evidence, told};
use asyncore_conformance::outcome::Status;
use asyncore_conformance::report::citation::{citation, path};
use asyncore_conformance::report::layout::write_wrapped;
use asyncore_conformance::report::style::{FAINT, STRONG};
use asyncore_conformance::suggest::nearest_clause;
use asyncore_spec::clause::{Clause, clauses};
use asyncore_spec::profile::Profile;

use super::Trouble;
use super::arguments::Explain;
use super::out::Out;

pub(crate) fn explain(arguments: &Explain, out: &mut Out) -> Result<Status, Trouble> {
    let name = &arguments.clause;
    let found = clauses().iter().find(|clause| clause.id.as_str().eq_ignore_ascii_case(name));
    let Some(clause) = found else {
        let meant = nearest_clause(name).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        return Err(Trouble::new(format_args!("there is no clause `{name}`{meant}")));
    };
    if arguments.cite {
        writeln!(out, "{}", citation(clause))?;
    } else {
        write(out, clause, evidence::all()?)?;
    }
    Ok(Status::Held)
}

fn write(out: &mut Out, clause: &Clause, evidence: &[Evidence]) -> io::Result<()> {
    let Clause { id, level, scope, title, .. } = clause;
    if clause.withdrawn {
        return writeln!(out, "{STRONG}{id}{STRONG:#} · withdrawn — {title}");
    }
    writeln!(out, "{STRONG}{id}{STRONG:#} · {level} · {scope} — {title}\n")?;
    let needs: Vec<_> = clause.needs.iter().map(|feature| feature.name()).collect();
    let fields = [
        ("Profiles", names(&clause.profiles)),
        ("Python", clause.python_text.clone()),
        ("Since", format!("spec {}", clause.spec)),
        ("Needs", needs.join(" ")),
        ("View", clause.view.to_string()),
        ("Text", path(clause)),
        ("Seen in", told(evidence, clause).to_string()),
    ];
    for (name, value) in fields {
        writeln!(out, "{FAINT}{name:<9}{FAINT:#}  {value}")?;
    }
    for paragraph in clause.text.split("\n\n") {
        writeln!(out)?;
        paragraph.lines().try_for_each(|line| write_wrapped(out, line, "", Out::width()))?;
    }
    for (at, example) in clause.examples.iter().enumerate() {
        let limit =
            if example.profiles == clause.profiles { String::new() } else { format!(", {}", names(&example.profiles)) };
        writeln!(out, "\n{STRONG}Example {}{STRONG:#}{limit}\n", at + 1)?;
        example.text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

fn names(profiles: &[Profile]) -> String {
    profiles.iter().map(|profile| profile.name()).collect::<Vec<_>>().join(" ")
}
