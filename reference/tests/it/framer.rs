//! The framer against asynchat's loop written the naive way, and against itself.

use asyncore_reference::{Cut, Framer, Terminator};
use proptest::prelude::*;

/// What a chunk of input gives: data, and terminators as `None`.
type Events = Vec<Option<Vec<u8>>>;

/// Feeds one chunk to the framer and does what `handle_read` does.
fn feed(framer: &mut Framer, terminator: &mut Terminator, chunk: &[u8]) -> Events {
    let mut events = Vec::new();
    framer.append(&mut chunk.to_vec());
    while !framer.bytes().is_empty() {
        let len = framer.bytes().len();
        let (data, dropped, found) = match framer.cut(terminator) {
            Cut::Everything | Cut::Held(0) => (len, len, false),
            Cut::Part => {
                let Terminator::Count(count) = terminator else { panic!("no number") };
                *count -= len as i64;
                (len, len, false)
            }
            Cut::Whole(count) => {
                *terminator = Terminator::Count(0);
                (count as usize, count as usize, true)
            }
            Cut::Found { at, len } => (at, at + len, true),
            Cut::Held(held) if held == len => break,
            Cut::Held(held) => (len - held, len - held, false),
        };
        if data > 0 {
            events.push(Some(framer.bytes()[..data].to_vec()));
        }
        framer.drop_front(dropped);
        if found {
            events.push(None);
        }
    }
    events
}

/// asynchat's loop for a string terminator, by the definition of each step.
fn naive(buffer: &mut Vec<u8>, terminator: &[u8], chunk: &[u8]) -> Events {
    let mut events = Vec::new();
    buffer.extend_from_slice(chunk);
    while let Some(at) = buffer.windows(terminator.len()).position(|text| text == terminator) {
        if at > 0 {
            events.push(Some(buffer[..at].to_vec()));
        }
        events.push(None);
        buffer.drain(..at + terminator.len());
    }
    let prefixes = (1..terminator.len()).rev();
    let held = prefixes.filter(|&n| buffer.ends_with(&terminator[..n])).max().unwrap_or(0);
    let rest: Vec<_> = buffer.drain(..buffer.len() - held).collect();
    if !rest.is_empty() {
        events.push(Some(rest));
    }
    events
}

/// Joins adjacent data, so that only the bytes and the terminators are left.
fn joined(events: impl IntoIterator<Item = Option<Vec<u8>>>) -> Events {
    let mut joined: Events = Vec::new();
    for event in events {
        match (joined.last_mut(), event) {
            (Some(Some(before)), Some(data)) => before.extend(data),
            (_, event) => joined.push(event),
        }
    }
    joined
}

/// A needle that overlaps itself, alone or many times over.
fn needle() -> impl Strategy<Value = Vec<u8>> {
    let unit = prop::collection::vec(b'a'..=b'b', 1..5);
    (unit.clone(), 0..30_usize, unit).prop_map(|(unit, times, end)| [unit.repeat(times), end].concat())
}

/// A stream made of pieces of the needle and of noise, cut into chunks.
fn chunks(needle: &[u8]) -> impl Strategy<Value = Vec<Vec<u8>>> + use<> {
    let needle = needle.to_vec();
    let piece = prop_oneof![
        any::<prop::sample::Index>().prop_map({
            let needle = needle.clone();
            move |cut| needle[..=cut.index(needle.len())].to_vec()
        }),
        Just(needle),
        prop::collection::vec(b'a'..=b'c', 0..40),
    ];
    let stream = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    (stream, prop::collection::vec(prop_oneof![Just(1), 1..20_usize, 1..200_usize], 1..20)).prop_map(
        |(stream, sizes)| {
            let (mut rest, mut chunks) = (&stream[..], Vec::new());
            for size in sizes.into_iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (chunk, after) = rest.split_at(size.min(rest.len()));
                chunks.push(chunk.to_vec());
                rest = after;
            }
            chunks
        },
    )
}

fn streams() -> impl Strategy<Value = (Vec<u8>, Vec<Vec<u8>>)> {
    needle().prop_flat_map(|needle| (Just(needle.clone()), chunks(&needle)))
}

proptest! {
    #[test]
    fn every_chunk_gives_what_the_naive_loop_gives((needle, chunks) in streams()) {
        let mut terminator = Terminator::from(&needle[..]);
        let (mut framer, mut buffer) = (Framer::new(), Vec::new());
        for chunk in chunks {
            let events = feed(&mut framer, &mut terminator, &chunk);
            prop_assert_eq!(events, naive(&mut buffer, &needle, &chunk));
            prop_assert_eq!(framer.bytes(), &buffer[..]);
        }
    }

    #[test]
    fn a_terminator_may_change_between_chunks(
        (needle, chunks) in streams(),
        others in prop::collection::vec(needle(), 1..4),
    ) {
        let (mut framer, mut buffer) = (Framer::new(), Vec::new());
        let needles = [vec![needle], others].concat();
        for (chunk, needle) in chunks.iter().zip(needles.iter().cycle()) {
            let events = feed(&mut framer, &mut Terminator::from(&needle[..]), chunk);
            prop_assert_eq!(events, naive(&mut buffer, needle, chunk));
        }
    }

    #[test]
    fn the_cuts_of_the_stream_do_not_show((needle, chunks) in streams()) {
        let frame = |chunks: &[Vec<u8>]| {
            let (mut framer, mut terminator) = (Framer::new(), Terminator::from(&needle[..]));
            let events = chunks.iter().flat_map(|chunk| feed(&mut framer, &mut terminator, chunk));
            (joined(events.collect::<Events>()), framer.bytes().to_vec())
        };
        let whole = chunks.concat();
        let bytes: Vec<_> = whole.iter().map(|&byte| vec![byte]).collect();
        prop_assert_eq!(frame(&chunks), frame(std::slice::from_ref(&whole)));
        prop_assert_eq!(frame(&bytes), frame(&[whole]));
    }

    #[test]
    fn a_number_of_bytes_is_cut_exactly(chunks: Vec<Vec<u8>>, count in 1..60_usize) {
        let (mut framer, mut terminator) = (Framer::new(), Terminator::Count(count as i64));
        let events: Events =
            chunks.iter().flat_map(|chunk| feed(&mut framer, &mut terminator, chunk)).collect();
        let stream = chunks.concat();
        let mut expected: Events = Vec::new();
        if stream.len() >= count {
            expected.extend([Some(stream[..count].to_vec()), None]);
        }
        let rest = stream.len().checked_sub(count).map_or(&stream[..], |_| &stream[count..]);
        if !rest.is_empty() {
            expected.push(Some(rest.to_vec()));
        }
        prop_assert_eq!(joined(events), expected);
    }
}
