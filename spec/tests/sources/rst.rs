//! Cuts asyncore's manual of 2.7, in reStructuredText.

use super::sentence::{collapse, sentences};

/// Gives the units of the manual, in order, each with its white space collapsed.
pub(super) fn units(manual: &str) -> Vec<String> {
    let mut units = Vec::new();
    let mut prose = String::new();
    let mut code: Option<usize> = None;
    let flush = |prose: &mut String, units: &mut Vec<String>| units.extend(sentences(&std::mem::take(prose)));
    let lines = manual.lines().skip_while(|line| !line.starts_with(":mod:"));
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        let line = line.trim();
        if code.is_some_and(|outer| indent > outer) {
            units.push(collapse(line));
            continue;
        }
        code = None;
        if line.starts_with("..") {
            flush(&mut prose, &mut units);
            units.push(collapse(line));
        } else if line.starts_with('+') || underlines(line) {
            flush(&mut prose, &mut units);
        } else if line.starts_with('|') {
            prose += &format!("{} ", line.replace('|', " "));
        } else {
            prose += &format!("{line} ");
            if line.ends_with("::") {
                flush(&mut prose, &mut units);
                code = Some(indent);
            }
        }
    }
    flush(&mut prose, &mut units);
    units
}

fn underlines(line: &str) -> bool {
    line.chars().all(|c| c == '=') || line.chars().all(|c| c == '-')
}
