//! Holds what a subject says that the kernel did against what the peer knows of it.

use std::collections::BTreeSet;

use asyncore_spec::name::Name;
use asyncore_spec::trace::{Reply, SocketCall, Trace, What};
use asyncore_spec::value::Value;

use crate::peer::{Record, Sent};

/// Checks a trace against the records; says what cannot be true.
pub(super) fn check(trace: &Trace, records: &[(Name, Record)]) -> Result<(), String> {
    records.iter().try_for_each(|(name, record)| {
        let claims = Claims::of(trace, *name);
        // What an earlier connection lost cannot be told from what the last one had.
        if record.connections > 1 {
            return Ok(());
        }
        claims.received_was_sent(*name, record)?;
        claims.sent_was_seen(*name, record)
    })
}

/// Is what a trace says of one socket.
struct Claims<'a> {
    /// What each `recv` gave.
    received: Vec<&'a [u8]>,
    /// What the `send`s took.
    taken: Vec<u8>,
}

impl<'a> Claims<'a> {
    fn of(trace: &'a Trace, name: Name) -> Self {
        let mut claims = Self { received: Vec::new(), taken: Vec::new() };
        for (_, event) in trace.events() {
            let What::Socket { on, call, arg, reply: Reply::Value { value } } = &event.what else { continue };
            if *on != name {
                continue;
            }
            match (call, arg, value) {
                (SocketCall::Recv, _, Value::Bytes { hex }) => claims.received.push(hex),
                (SocketCall::Send, Some(Value::Bytes { hex }), Value::Int { value }) => {
                    let taken = usize::try_from(*value).unwrap_or(0).min(hex.len());
                    claims.taken.extend_from_slice(&hex[..taken]);
                }
                _ => {}
            }
        }
        claims
    }

    fn received_was_sent(&self, name: Name, record: &Record) -> Result<(), String> {
        let fits = if record.datagrams { self.are_datagrams(record) } else { self.are_of_stream(record) };
        let received = self.received.iter().map(|piece| piece.len()).sum::<usize>();
        let sent: usize = record.sent.iter().map(length).sum();
        if fits {
            return Ok(());
        }
        Err(format!(
            "it says that `{name}` received {received} bytes that are not those that the peer sent, which were {sent} in all"
        ))
    }

    /// Says whether the pieces received are datagrams that were sent, in order, each cut to what there was room for.
    fn are_datagrams(&self, record: &Record) -> bool {
        let mut sent = record.sent.iter();
        self.received.iter().all(|piece| sent.any(|sent| matches!(sent, Sent::Data(data) if data.starts_with(piece))))
    }

    /// Says whether what was received is the beginning of what was sent.
    fn are_of_stream(&self, record: &Record) -> bool {
        is_beginning(&self.received.concat(), &record.sent)
    }

    fn sent_was_seen(&self, name: Name, record: &Record) -> Result<(), String> {
        let (taken, seen) = (&self.taken, &record.seen);
        if !taken.starts_with(seen) {
            return Err(format!(
                "it says that `{name}` sent {} bytes, and the peer saw {} others",
                taken.len(),
                seen.len()
            ));
        }
        // A connection that ended in order has delivered all.
        if record.ended && !record.broken && !record.datagrams && seen.len() < taken.len() {
            return Err(format!(
                "it says that `{name}` sent {} bytes, and the peer saw {} of them before the stream ended",
                taken.len(),
                seen.len()
            ));
        }
        Ok(())
    }
}

fn length(sent: &Sent) -> usize {
    match sent {
        Sent::Data(data) => data.len(),
        Sent::Urgent(_) => 1,
    }
}

/// Says whether bytes are the beginning of a stream. An urgent byte stays in the stream where a later one took its place,
/// if the channel had not read up to it by then: each of them may be there or not.
fn is_beginning(received: &[u8], sent: &[Sent]) -> bool {
    // Up to where the bytes may have been accounted for.
    let mut places = BTreeSet::from([0]);
    for sent in sent {
        if places.contains(&received.len()) {
            return true;
        }
        match sent {
            Sent::Data(data) if places.iter().any(|at| data.starts_with(&received[*at..])) => return true,
            Sent::Data(data) => {
                let reached = places.iter().filter(|at| received[**at..].starts_with(data)).map(|at| at + data.len());
                places = reached.collect();
            }
            Sent::Urgent(byte) => {
                let reached: Vec<usize> = places.iter().filter(|at| received[**at] == *byte).map(|at| at + 1).collect();
                places.extend(reached);
            }
        }
    }
    places.contains(&received.len())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Makes what was sent of letters, of which each `!` is urgent.
    fn sent(letters: &str) -> Vec<Sent> {
        let pieces = letters.split_inclusive('!').flat_map(|piece| {
            let data = piece.trim_end_matches('!');
            let urgent = (data != piece).then_some(Sent::Urgent(b'!'));
            (!data.is_empty()).then(|| Sent::Data(data.into())).into_iter().chain(urgent)
        });
        pieces.collect()
    }

    #[rstest]
    #[case::nothing("", "", true)]
    #[case::not_read_yet("ab!cd!ef", "", true)]
    #[case::out_of_the_stream("ab!cd!ef", "abcdef", true)]
    #[case::all_in_the_stream("ab!cd!ef", "ab!cd!ef", true)]
    #[case::one_in_the_stream("ab!cd!ef", "ab!cdef", true)]
    #[case::the_other_one("ab!cd!ef", "abcd!ef", true)]
    #[case::not_all("ab!cd!ef", "ab!cde", true)]
    #[case::ends_with_an_urgent_byte("ab!cd!", "abcd!", true)]
    #[case::two_for_one("ab!cd", "ab!!cd", false)]
    #[case::in_another_place("ab!cd", "abc!d", false)]
    #[case::altered("ab!cd", "abxd", false)]
    #[case::too_much("ab!cd", "abcde", false)]
    #[case::left_out("ab!cd", "acd", false)]
    fn the_beginning_of_a_stream(#[case] letters: &str, #[case] received: &str, #[case] expected: bool) {
        assert_eq!(is_beginning(received.as_bytes(), &sent(letters)), expected);
    }
}
