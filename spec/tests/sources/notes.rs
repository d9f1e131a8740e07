//! Cuts the notes on writing a server.

use super::sentence::{collapse, sentences};

/// The line from which on the notes are code.
const CODE: &str = "asyncore_echo_server.py";

/// The greatest length of a line that stands by itself, in characters.
const SHORT: usize = 50;

/// Gives the units of the notes, in order, each with its white space collapsed.
pub(super) fn units(notes: &str) -> Vec<String> {
    let lines: Vec<&str> = notes.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (text, code) = lines.split_at(lines.iter().position(|line| *line == CODE).unwrap_or(lines.len()));
    let mut units = Vec::new();
    for run in text.chunk_by(|a, b| go_together(a, b)) {
        let joined = run.join(" ");
        if is_drawing(run[0]) { units.push(collapse(&joined)) } else { units.extend(sentences(&joined)) }
    }
    units.extend(code.iter().map(|line| collapse(line)));
    units
}

/// Says whether a sentence may go on from one line into the next.
fn go_together(line: &str, next: &str) -> bool {
    is_drawing(line) == is_drawing(next) && !stands_alone(line) && !stands_alone(next)
}

fn is_drawing(line: &str) -> bool {
    line.starts_with(['+', '|'])
}

fn stands_alone(line: &str) -> bool {
    let short = line.chars().count() <= SHORT && !line.contains(['.', ':']);
    !is_drawing(line) && (line.starts_with("- ") || short)
}
