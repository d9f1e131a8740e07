//! The file of a scenario, and what it says that the scenario gives.

use std::io::{self, Read, Write};
use std::path::Path;

use asyncore_conformance::report::layout::shorten;
use asyncore_spec::model::Prediction;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::text::parse_example;
use asyncore_spec::trace::Event;
use asyncore_spec::view::View;

use crate::cli::Trouble;
use crate::cli::out::Out;

/// Is what a file holds.
pub(super) struct Scene {
    pub(super) scenario: Scenario,
    /// The events under `----`, if that line is there.
    expected: Option<Vec<Event>>,
}

impl Scene {
    /// Reads a file, or standard input for `-`.
    pub(super) fn read(path: &Path) -> Result<Self, Trouble> {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { format!("`{}`", path.display()) };
        let text =
            text(path).map_err(|error| Trouble::new(format_args!("the scenario {name} cannot be read: {error}")))?;
        let wrong = |why: String| Trouble::new(format_args!("{name} is no scenario: {why}"));
        let scene = Self::parse(&text).map_err(wrong)?;
        scene.scenario.check().map_err(|problem| wrong(problem.to_string()))?;
        if scene.scenario.steps.is_empty() {
            return Err(wrong("it has no step, so that nothing could be judged".to_owned()));
        }
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
