//! Splits what a child writes into lines, none longer than it may be.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::SyncSender;

/// How many lines may wait to be looked at; a child that writes more has to wait.
pub(super) const WAITING: usize = 64;

/// Is what was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, without its end.
    Whole(Vec<u8>),
    /// The beginning of a line that is longer than it may be; nothing is read after it.
    Endless(Vec<u8>),
    /// The end, and what stood there without an end of line.
    End(Vec<u8>),
}

/// Reads lines until the end, until one is too long, or until nobody listens.
pub(super) fn read(from: impl Read, limit: usize, to: &SyncSender<Line>) {
    let mut from = BufReader::with_capacity(1 << 16, from);
    loop {
        let line = next(&mut from, limit);
        let goes_on = matches!(line, Line::Whole(_));
        if to.send(line).is_err() || !goes_on {
            return;
        }
    }
}

fn next(from: &mut impl BufRead, limit: usize) -> Line {
    let mut line = Vec::new();
    let read = from.take(limit as u64 + 1).read_until(b'\n', &mut line);
    if line.last() == Some(&b'\n') {
        line.pop();
        return Line::Whole(line);
    }
    match read {
        Ok(_) if line.len() > limit => Line::Endless(line),
        // That a pipe cannot be read any more is its end, too.
        Ok(_) | Err(_) => Line::End(line),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn lines(bytes: &[u8], limit: usize) -> Vec<Line> {
        let (to, from) = sync_channel(WAITING);
        read(bytes, limit, &to);
        drop(to);
        from.iter().collect()
    }

    #[test]
    fn lines_are_split_and_the_rest_is_kept() {
        let expected = [Line::Whole(b"one".to_vec()), Line::Whole(Vec::new()), Line::End(b"two".to_vec())];
        assert_eq!(lines(b"one\n\ntwo", 3), expected);
    }

    #[test]
    fn a_line_of_just_the_limit_is_whole() {
        assert_eq!(lines(b"four\n", 4), [Line::Whole(b"four".to_vec()), Line::End(Vec::new())]);
    }

    #[test]
    fn nothing_is_read_after_a_line_that_is_too_long() {
        assert_eq!(lines(b"fives\nmore\n", 4), [Line::Endless(b"fives".to_vec())]);
    }
}
