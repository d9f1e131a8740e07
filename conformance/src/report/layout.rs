//! Fits text into a width.

use std::io::{self, Write};

use anstyle::Style;

/// Shortens a text to a number of characters; its end gives way to `…`.
#[must_use]
pub fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    kept + "…"
}

/// Shortens a text to a number of characters so that the place `at` can still be seen.
#[must_use]
pub fn shorten_around(text: &str, at: usize, width: usize) -> String {
    const LEAST: usize = 8;
    const BEFORE: usize = 6;
    let length = text.chars().count();
    if length <= width || at + BEFORE < width || width < 3 * LEAST {
        return shorten(text, width);
    }
    let tail: String = text.chars().skip(at - BEFORE).collect();
    let head = (width - 1).saturating_sub(tail.chars().count()).max(LEAST);
    let beginning: String = text.chars().take(head).collect();
    format!("{beginning}…{}", shorten(&tail, width - 1 - head))
}

/// Finds the first character in which two texts differ.
#[must_use]
pub fn first_difference(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

/// Writes a text in lines of at most `width` characters, each after the same indentation.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_wrapped(out: &mut dyn Write, text: &str, indent: &str, width: usize) -> io::Result<()> {
    let options = textwrap::Options::new(width).initial_indent(indent).subsequent_indent(indent).break_words(false);
    for line in textwrap::wrap(text, options) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Writes a coloured word and a text; further lines of the text are indented.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_headed(out: &mut dyn Write, word: &str, style: Style, text: &str, width: usize) -> io::Result<()> {
    let blank = " ".repeat(word.chars().count());
    let options = textwrap::Options::new(width).initial_indent(&blank).subsequent_indent("  ").break_words(false);
    for (at, line) in textwrap::wrap(text, options).into_iter().enumerate() {
        match line.strip_prefix(blank.as_str()).filter(|_| at == 0) {
            Some(rest) => writeln!(out, "{style}{word}{style:#}{rest}")?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}

/// Makes a text that somebody else wrote harmless for a terminal: control characters become visible, line ends stay.
#[must_use]
pub fn plain(text: &str) -> String {
    let visible = text.trim_end().chars().map(|c| match c {
        '\n' => "\n".to_owned(),
        c if c.is_control() => c.escape_default().to_string(),
        c => c.to_string(),
    });
    visible.collect()
}

/// Gives a number with its noun: `1 clause`, `2 clauses`.
#[must_use]
pub fn count(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_far_behind_stays_visible() {
        let text = format!("c.send \"{}y\"", "x".repeat(200));
        let shortened = shorten_around(&text, 208, 40);
        assert_eq!(shortened, format!("c.send \"{}…xxxxxxy\"", "x".repeat(23)));
    }

    #[test]
    fn a_short_text_is_left_alone() {
        assert_eq!(shorten_around("c.send \"a\"", 8, 40), "c.send \"a\"");
        assert_eq!(shorten("abcdef", 4), "abc…");
    }
}
