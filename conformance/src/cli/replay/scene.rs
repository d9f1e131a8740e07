//! The file of a scenario, and what it says that the scenario gives.

use std::io::{self, Read, Write};
use std::path::Path;

use asyncore_conformance::real::{self, written};
use asyncore_conformance::report::layout::shorten;
use asyncore_spec::check::Problem;
use asyncore_spec::model::Prediction;
use asyncore_spec::peer::Transport;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Scenario, Setup};
use asyncore_spec::text::parse_example;
use asyncore_spec::trace::Event;
use asyncore_spec::view::View;

use crate::cli::Trouble;
use crate::cli::out::Out;

/// Is what a file holds.
pub(crate) struct Scene {
    pub(crate) scenario: Scenario,
    /// The events under `----`, if that line is there.
    expected: Option<Vec<Event>>,
}

impl Scene {
    /// Reads a file, or standard input for `-`; it gives a scene for each transport that the scenario is to run over.
    pub(crate) fn read(path: &Path, over: Option<Transport>) -> Result<Vec<Self>, Trouble> {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { format!("`{}`", path.display()) };
        let text =
            text(path).map_err(|error| Trouble::new(format_args!("the scenario {name} cannot be read: {error}")))?;
        let wrong = |why: String| Trouble::new(format_args!("{name} is no scenario: {why}"));
        let scenes = Self::parse_all(&text, over).map_err(wrong)?;
        scenes.iter().try_for_each(|scene| scene.check(&text)).map_err(wrong)?;
        Ok(scenes)
    }

    fn check(&self, text: &str) -> Result<(), String> {
        self.scenario.check().map_err(|problem| match line_of(text, &problem) {
            Some(line) => format!("line {line}: {problem}"),
            None => problem.to_string(),
        })?;
        if self.scenario.steps.is_empty() {
            return Err("it has no step, so that nothing could be judged".to_owned());
        }
        Ok(())
    }

    fn parse_all(text: &str, over: Option<Transport>) -> Result<Vec<Self>, String> {
        let named = written::transports(text).unwrap_or_default();
        let transports = match over {
            Some(transport) if named.is_empty() || named.contains(&transport) => vec![transport],
            Some(transport) => {
                let names: Vec<_> = named.iter().map(|transport| transport.name()).collect();
                let (name, names) = (transport.name(), names.join(" "));
                return Err(format!("it is not for `{name}`; its first line says `# over {names}`"));
            }
            None => named,
        };
        if transports.is_empty() {
            return Ok(vec![Self::parse(text).map_err(|why| with_hint(text, why))?]);
        }
        transports.into_iter().map(|transport| Self::parse_over(text, transport)).collect()
    }

    /// Parses the text for one transport.
    fn parse_over(text: &str, transport: Transport) -> Result<Self, String> {
        let mut scene = Self::parse(&written::fill_in(text, transport))?;
        if real::transport(&scene.scenario).is_some() {
            return Err(
                "it has a line `over` of its own; leave out either this line or `--over` and `# over`".to_owned()
            );
        }
        scene.scenario.setup.insert(0, Setup::Over { transport });
        Ok(scene)
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with('{') {
            let scenario = serde_json::from_str(text).map_err(|error| error.to_string())?;
            return Ok(Self { scenario, expected: None });
        }
        let example = parse_example(text).map_err(|error| error.to_string())?;
        Ok(Self { scenario: example.scenario, expected: example.expected })
    }

    /// Says whether the model predicts what the file says, if it says anything.
    pub(super) fn write_agreement(&self, out: &mut Out, prediction: &Prediction, profile: Profile) -> io::Result<()> {
        let Some(expected) = &self.expected else { return Ok(()) };
        let predicted = |view: View| view.project(&prediction.trace());
        // The finest view in which they agree says most.
        if let Some(view) = View::ALL.iter().rev().find(|view| predicted(**view) == *expected) {
            return writeln!(
                out,
                "The trace in the file is what the model predicts under {profile}, in the view `{view}`."
            );
        }
        // The coarsest view that shows all of the file is the one that was probably meant.
        let all = |view: &&View| expected.iter().all(|event| view.shows(event));
        let view = *View::ALL.iter().find(all).unwrap_or(&View::Exact);
        let predicted = predicted(view);
        let at = predicted.iter().zip(expected).take_while(|(a, b)| a == b).count();
        let (file, model) = (told(expected.get(at)), told(predicted.get(at)));
        let number = at + 1;
        writeln!(out, "The trace in the file is not what the model predicts under {profile}:")?;
        writeln!(out, "  as event {number} the file has {file}, the model {model}, in the view `{view}`.")
    }
}

/// Finds the line that makes no sense: with it the text up to there has the same problem. JSON has no lines.
fn line_of(text: &str, problem: &Problem) -> Option<usize> {
    let lines: Vec<_> = text.lines().take_while(|line| line.trim_end() != "----").collect();
    (1..=lines.len()).find(|until| {
        let above = parse_example(&lines[..*until].join("\n"));
        above.is_ok_and(|above| above.scenario.check().as_ref() == Err(problem))
    })
}

/// Adds what to do where a text has words that only a transport gives a meaning.
fn with_hint(text: &str, why: String) -> String {
    match written::PLACEHOLDERS.iter().find(|word| text.contains(**word)) {
        Some(word) => format!(
            "{why}; `{word}` has a meaning over a transport only: say which by `--over`, or in a first line such as \
             `# over tcp4`"
        ),
        None => why,
    }
}

fn told(event: Option<&Event>) -> String {
    event.map_or_else(|| "nothing".to_owned(), |event| format!("`{}`", shorten(event.to_string().trim_start(), 60)))
}

fn text(path: &Path) -> io::Result<String> {
    if path != Path::new("-") {
        return std::fs::read_to_string(path);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
