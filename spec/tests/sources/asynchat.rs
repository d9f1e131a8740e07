//! Cuts asynchat's manual of the 2.5 era, in LaTeX whose line breaks are lost.

use super::latex::{COMMANDS, groups};

/// The words that begin a line of code.
const STATEMENTS: &[&str] = &["class", "def", "if", "elif", "else:", "#"];

/// Gives the units of a manual, in order, each with its white space collapsed.
pub(crate) fn units(manual: &str) -> Vec<String> {
    let text = manual.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text.find("\\section").map_or("", |at| &text[at..]);
    let mut units = Vec::new();
    let mut prose = String::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("\\end") {
            sentences(&mut prose, &mut units);
            rest = &after[groups(after)..];
        } else if let Some(after) = rest.strip_prefix("\\begin{verbatim}") {
            sentences(&mut prose, &mut units);
            let (code, after) = after.split_once("\\end{verbatim}").unwrap_or((after, ""));
            units.extend(statements(code));
            rest = after;
        } else if let Some(command) = COMMANDS.iter().find(|command| begins(rest, command)) {
            sentences(&mut prose, &mut units);
            let length = command.len() + groups(&rest[command.len()..]);
            units.push(rest[..length].to_owned());
            rest = &rest[length..];
        } else {
            let next = rest.chars().next().unwrap_or_default();
            prose.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    sentences(&mut prose, &mut units);
    units
}

fn begins(text: &str, command: &str) -> bool {
    text.strip_prefix(command).is_some_and(|after| after.starts_with('{'))
}

/// Cuts prose after every full stop that a capital or a command follows.
fn sentences(prose: &mut String, units: &mut Vec<String>) {
    let text = std::mem::take(prose);
    let mut from = 0;
    for (at, _) in text.match_indices(". ") {
        let next = text[at + 2..].chars().next();
        if next.is_some_and(|c| c.is_uppercase() || c == '\\') {
            units.push(text[from..=at].trim().to_owned());
            from = at + 2;
        }
    }
    let last = text[from..].trim();
    if !last.is_empty() {
        units.push(last.to_owned());
    }
}

/// Cuts code whose line breaks are lost into statements.
fn statements(code: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut depth = 0_i32;
    let mut before = "";
    for word in code.split_whitespace() {
        let starts = STATEMENTS.contains(&word)
            || word.starts_with("\"\"\"")
            || word == "clen"
            || (word.starts_with("self.") || word.starts_with("asynchat."))
                && !["if", "elif", "not", "="].contains(&before);
        match lines.last_mut() {
            Some(line) if depth > 0 || !starts => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
        depth += i32::try_from(word.matches('(').count()).unwrap_or(0)
            - i32::try_from(word.matches(')').count()).unwrap_or(0);
        before = word;
    }
    lines
}
