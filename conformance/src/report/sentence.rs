//! How a trace departs, in one plain sentence.

use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::{Event, What};

use super::layout::{first_difference, shorten, shorten_around};
use crate::judge::{Departure, How};

/// The greatest length of one event in a sentence, in characters.
const EVENT: usize = 60;

/// The greatest length of a step in a sentence, in characters.
const STEP: usize = 40;

/// Says how a trace departs, and in which step.
#[must_use]
pub fn sentence(scenario: &Scenario, departure: &Departure) -> String {
    let what = what(departure);
    let number = departure.step + 1;
    match scenario.steps.get(departure.step) {
        Some(step) => format!("In step {number}, `{}`, {what}.", shorten(&step.to_string(), STEP)),
        None => format!("After the last step, {what}."),
    }
}

fn what(departure: &Departure) -> String {
    let Departure { how, expected, actual, .. } = departure;
    match (how, expected, actual) {
        (How::Missing, Some(expected), _) => format!("{} is missing", one(expected)),
        (How::Extra, Some(expected), Some(actual)) if expected.what == actual.what => {
            format!("{} comes too early", one(actual))
        }
        (How::Extra, Some(expected), Some(actual)) => format!("{} is too much, before {}", one(actual), one(expected)),
        (How::Extra, None, Some(actual)) => format!("{} is too much", one(actual)),
        (How::Altered, Some(expected), Some(actual)) if expected.what == actual.what => {
            format!("{} is called from elsewhere", one(actual))
        }
        (How::Altered, Some(expected), Some(actual)) => {
            let (expected, actual) = both(expected, actual);
            format!("there is {actual} instead of {expected}")
        }
        (How::Flags, Some(expected), Some(actual)) => {
            format!("{} is called with the flags {} instead of {}", name(actual), flags(actual), flags(expected))
        }
        (How::Pieces, Some(expected), Some(actual)) => {
            let (expected, actual) = both(expected, actual);
            format!("the data are right but cut into other pieces: {actual} instead of {expected}")
        }
        (How::Pieces, ..) => "the data are right but cut into other pieces".to_owned(),
        (How::Law, ..) => "the trace as a whole breaks what the clause says".to_owned(),
        (_, Some(expected), None) => format!("{} is missing", one(expected)),
        (_, None, Some(actual)) => format!("{} is too much", one(actual)),
        (_, None, None) => "the traces differ".to_owned(),
    }
}

fn one(event: &Event) -> String {
    format!("`{}`", shorten(event.to_string().trim_start(), EVENT))
}

fn both(expected: &Event, actual: &Event) -> (String, String) {
    let (expected, actual) = (expected.to_string(), actual.to_string());
    let (expected, actual) = (expected.trim_start(), actual.trim_start());
    let at = first_difference(expected, actual);
    let quoted = |text: &str| format!("`{}`", shorten_around(text, at, EVENT));
    (quoted(expected), quoted(actual))
}

fn name(event: &Event) -> String {
    match &event.what {
        What::Hook { on, hook, .. } => format!("`{on}.{}`", hook.name()),
        _ => one(event),
    }
}

fn flags(event: &Event) -> String {
    match &event.what {
        What::Hook { flags: Some(flags), .. } => format!("`{flags}`"),
        _ => "none".to_owned(),
    }
}
