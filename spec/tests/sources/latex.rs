//! Cuts asyncore's manual of the 2.0 era, in LaTeX.

use super::sentence::{collapse, sentences};

/// The commands that are a unit of their own, together with the groups that follow them.
pub(super) const COMMANDS: &[&str] = &[
    "\\section",
    "\\subsection",
    "\\declaremodule",
    "\\modulesynopsis",
    "\\moduleauthor",
    "\\sectionauthor",
    "\\lineii",
    "\\begin",
];

/// Gives the length of the groups in braces at the beginning of a text.
pub(super) fn groups(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Gives the units of the manual, in order, each with its white space collapsed.
pub(super) fn units(manual: &str) -> Vec<String> {
    let text = manual.lines().map(without_bar).collect::<Vec<_>>().join("\n");
    let mut rest = text.find("\\section").map_or("", |at| &text[at..]);
    let mut units = Vec::new();
    let mut prose = String::new();
    let flush = |prose: &mut String, units: &mut Vec<String>| units.extend(sentences(&std::mem::take(prose)));
    while let Some(next) = rest.chars().next() {
        let command = COMMANDS.iter().find(|command| rest.strip_prefix(**command).is_some_and(|r| r.starts_with('{')));
        if let Some(after) = rest.strip_prefix("\\end").filter(|after| after.starts_with('{')) {
            flush(&mut prose, &mut units);
            rest = &after[groups(after)..];
        } else if let Some(after) = rest.strip_prefix("\\begin{verbatim}") {
            flush(&mut prose, &mut units);
            let (code, after) = after.split_once("\\end{verbatim}").unwrap_or((after, ""));
            units.extend(code.lines().map(collapse).filter(|line| !line.is_empty()));
            rest = after;
        } else if next == '%' && (prose.is_empty() || prose.ends_with('\n')) {
            flush(&mut prose, &mut units);
            let end = rest.find('\n').unwrap_or(rest.len());
            units.push(collapse(&rest[..end]));
            rest = &rest[end..];
        } else if let Some(command) = command {
            flush(&mut prose, &mut units);
            let length = command.len() + groups(&rest[command.len()..]);
            units.push(collapse(&rest[..length]));
            rest = &rest[length..];
        } else {
            prose.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    flush(&mut prose, &mut units);
    units
}

/// Gives a line without the bar that a copy may have before it.
fn without_bar(line: &str) -> &str {
    let Some(after) = line.trim_start().strip_prefix('|') else { return line };
    let after = after.strip_prefix(char::is_whitespace).unwrap_or(after);
    if after.trim() == "|" { "" } else { after }
}
