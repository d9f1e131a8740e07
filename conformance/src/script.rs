//! A scenario as a program of its own, against plain asyncore and asynchat.
//!
//! The program needs nothing of this project, so that whoever maintains the two modules can run it as it is. It prints
//! the trace that the model predicts beside the trace that it sees, and ends with 0 if they are equal and with 1 if not.
//! What every such program has in common is Python in `parts/`; what only this scenario has is written by `setup.rs` and
//! `actions.rs`.

mod actions;
mod literal;
mod names;
mod parts;
mod setup;

use std::fmt;

use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, Ending, Scenario, Setup};
use asyncore_spec::text::print_trace_of;

use literal::{quoted, raw};
use names::Names;

/// The profiles of the releases that such a program is run on: that of Python 2 and that of Python 3.
pub const PROFILES: &[Profile] = &[Profile::Py27, Profile::Py311];

/// Why what needs a real connection is refused.
const NO_OTHER_END: &str = "it is about real sockets, and a script has no other end of a connection";

/// Says what cannot be written in such a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line of the scenario.
    pub line: String,
    /// Why not.
    pub why: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the line `{}` cannot be written in a script: {}", self.line, self.why)
    }
}

impl std::error::Error for Refusal {}

/// Writes the program. With one profile it expects what that predicts; with two, Python 2 is held to the first and
/// Python 3 to the second.
///
/// # Errors
///
/// When a line of the scenario needs more than a program of its own has, such as the other end of a real connection.
pub fn script(scenario: &Scenario, profiles: &[Profile]) -> Result<String, Refusal> {
    let names = Names::of(scenario);
    let mut text = head(scenario);
    for part in parts::needed(scenario, &names) {
        text += &part;
        text += "\n\n";
    }
    let setup = setup::lines(scenario, &names)?;
    if !setup.is_empty() {
        text += "# What is set up\n\n";
        push_lines(&mut text, &setup);
        text += "\n";
    }
    text += &reactions(scenario, &names)?;
    text += "start()\n\n\n# The steps\n\n";
    for action in &scenario.steps {
        let body = actions::lines(action, &names)?;
        push_function(&mut text, &format!("@step({})", raw(&action.to_string())), &body);
    }
    text += &ending(scenario, profiles);
    Ok(text)
}

fn head(scenario: &Scenario) -> String {
    let mut text = String::from(HEAD);
    for line in scenario.to_string().lines() {
        text += &format!("#     {line}\n");
    }
    text += "\n";
    text
}

const HEAD: &str = "\
#!/usr/bin/env python
# Plays a scenario on plain asyncore and asynchat, on sockets without a kernel, and needs nothing else.
# It prints what is expected beside what it sees. Exit status: 0 if they are equal, 1 if not.
# Python 2.7 and 3.6 to 3.11 have the two modules; from 3.12 on they must be installed (pyasyncore, pyasynchat).
#
";

fn push_lines(text: &mut String, lines: &[String]) {
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
}

/// Adds a function without a name, below its decorator.
fn push_function(text: &mut String, decorator: &str, body: &[String]) {
    text.push_str(decorator);
    text.push_str("\ndef _():\n");
    for line in body {
        text.push_str(&format!("    {line}\n"));
    }
    if body.is_empty() {
        text.push_str("    pass\n");
    }
    text.push_str("\n\n");
}

/// Writes how calls of hooks react.
fn reactions(scenario: &Scenario, names: &Names) -> Result<String, Refusal> {
    let mut text = String::new();
    for line in &scenario.setup {
        let Setup::Reaction { on, hook, nth, actions, ending } = line else { continue };
        let mut body = Vec::new();
        for action in actions {
            body.extend(actions::lines(action, names)?);
        }
        let call = format!("{}, {}, {nth}", quoted(&on.to_string()), quoted(hook.name()));
        body.extend(end_of_call(ending, &call));
        let decorator = format!("@on({call})");
        push_function(&mut text, &decorator, &body);
    }
    if text.is_empty() { Ok(text) } else { Ok(format!("\n# How calls react\n\n{text}")) }
}

/// Writes how a call ends, which is told by who is called, the hook and the number.
fn end_of_call(ending: &Ending, call: &str) -> Option<String> {
    match ending {
        Ending::Normal => None,
        Ending::Return => Some("return True".to_owned()),
        Ending::Raise { exception } => Some(format!("raise {}", literal::exception(exception, call))),
    }
}

/// Writes what is expected, and the end of the program.
fn ending(scenario: &Scenario, profiles: &[Profile]) -> String {
    let mut expectations: Vec<_> = profiles.iter().map(|profile| expectation(scenario, *profile)).collect();
    expectations.dedup();
    match expectations.as_slice() {
        [both] => format!("# What is expected\n\n{}", both.written("")),
        [two, three, ..] => format!(
            "# What is expected of Python 2, and of Python 3\n\nif sys.version_info[0] == 2:\n{}else:\n{}",
            two.written("    "),
            three.written("    ")
        ),
        [] => String::new(),
    }
}

/// Is what is expected under one profile.
#[derive(PartialEq, Eq)]
struct Expectation {
    trace: String,
    /// Whether the spec speaks of the trace up to its end.
    whole: bool,
}

fn expectation(scenario: &Scenario, profile: Profile) -> Expectation {
    let prediction = predict(scenario, &Settings::of(profile));
    let whole = prediction.unspecified.is_none();
    let mut trace = print_trace_of(scenario, &prediction.trace());
    if !whole {
        trace = up_to_last_event(&trace);
    }
    Expectation { trace, whole }
}

/// Leaves out the steps behind the last event: the spec does not speak of them.
fn up_to_last_event(trace: &str) -> String {
    let lines: Vec<_> = trace.lines().collect();
    let last = lines.iter().rposition(|line| !line.starts_with("> ")).unwrap_or(0);
    lines.iter().take(last + 1).map(|line| format!("{line}\n")).collect()
}

impl Expectation {
    fn written(&self, indent: &str) -> String {
        let whole = if self.whole { "" } else { ", whole=False" };
        let trace = &self.trace;
        format!("{indent}expected = r\"\"\"\n{trace}\"\"\"\n{indent}sys.exit(compare(expected{whole}))\n")
    }
}

/// Gives every action of a scenario, those of its reactions included.
fn all_actions(scenario: &Scenario) -> impl Iterator<Item = &Action> {
    let reacting = scenario.setup.iter().flat_map(|line| match line {
        Setup::Reaction { actions, .. } => actions.as_slice(),
        _ => &[],
    });
    reacting.chain(&scenario.steps)
}
