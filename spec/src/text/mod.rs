//! The text form of scenarios and traces.
//!
//! Rules: one line an element; `#` starts a comment line; a line `----` divides a scenario from a trace; in a trace,
//! two spaces of indentation stand for one enclosing call, and a line that starts with `>` begins the next step.
//! Whatever is printed parses again to the same value.

mod cursor;
mod lex;
mod parse;
mod parse_loop;
mod parse_trace;
mod print;
mod print_action;

use std::fmt;

use crate::scenario::Scenario;
use crate::trace::{Event, Trace};

pub use parse::parse_scenario;
pub use parse_trace::{parse_events, parse_trace};
pub use print::{print_events, print_trace_of};

/// Says where a text stopped being a scenario or a trace, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What would have been right.
    pub expected: String,
    /// What stood there.
    pub found: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, expected, found } = self;
        write!(f, "line {line}, column {column}: expected {expected}, found {found}")
    }
}

impl std::error::Error for ParseError {}

/// Holds a scenario with what the text says that it gives, as an example in a clause has both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The scenario.
    pub scenario: Scenario,
    /// The events printed under `----`, if that line is there.
    pub expected: Option<Vec<Event>>,
}

/// Parses a scenario and, where a line `----` follows, the flat list of events under it.
///
/// # Errors
///
/// When the text is not a scenario, or what follows the line is not a list of events.
pub fn parse_example(text: &str) -> Result<Example, ParseError> {
    let Some(at) = text.lines().position(|line| line.trim_end() == "----") else {
        return Ok(Example { scenario: parse_scenario(text)?, expected: None });
    };
    let above: String = text.lines().take(at).flat_map(|line| [line, "\n"]).collect();
    let below: String = text.lines().skip(at + 1).flat_map(|line| [line, "\n"]).collect();
    let scenario = parse_scenario(&above)?;
    let expected = parse_events(&below).map_err(|e| ParseError { line: e.line + at + 1, ..e })?;
    Ok(Example { scenario, expected: Some(expected) })
}

impl std::str::FromStr for Scenario {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_scenario(text)
    }
}

impl std::str::FromStr for Trace {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_trace(text)
    }
}
