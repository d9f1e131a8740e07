//! Framing in memory: this crate, a bare substring search, and tokio-util's codecs.

mod support;

use asyncore_reference::{Framer, Terminator};
use bytes::BytesMut;
use divan::{Bencher, counter::BytesCount};
use memchr::memmem::Finder;
use support::{STREAMS, Stream, frame, text};
use tokio_util::codec::{AnyDelimiterCodec, Decoder, LinesCodec};

fn main() {
    divan::main();
}

fn names() -> impl Iterator<Item = &'static str> {
    STREAMS.iter().map(|stream| stream.name)
}

fn lines() -> impl Iterator<Item = &'static str> {
    names().filter(|name| name.starts_with("64 B lines"))
}

fn stream(name: &str) -> (&'static Stream, Vec<Vec<u8>>, BytesCount) {
    let stream = STREAMS.iter().find(|stream| stream.name == name).expect("a name");
    let chunks = stream.chunks(stream.bytes());
    let bytes = chunks.iter().map(Vec::len).sum::<usize>();
    (stream, chunks, BytesCount::new(bytes))
}

#[divan::bench(args = names(), max_time = 0.2)]
fn framer(bencher: Bencher<'_, '_>, name: &str) {
    let (stream, chunks, bytes) = stream(name);
    let terminator = Terminator::from(&text(stream.terminator)[..]);
    let (mut framer, mut data) = (Framer::new(), Vec::new());
    bencher.counter(bytes).bench_local(|| {
        let mut seen = 0;
        for chunk in &chunks {
            data.extend_from_slice(chunk);
            seen += frame(&mut framer, &terminator, &mut data);
        }
        seen
    });
}

/// Counts the terminators of the whole stream: what no framer can be faster than.
#[divan::bench(args = names(), max_time = 0.2)]
fn memmem_of_the_whole(bencher: Bencher<'_, '_>, name: &str) {
    let (stream, chunks, bytes) = stream(name);
    let (terminator, whole) = (text(stream.terminator), chunks.concat());
    let finder = Finder::new(&terminator);
    bencher.counter(bytes).bench_local(|| finder.find_iter(&whole).count());
}

fn decode<D: Decoder>(bencher: Bencher<'_, '_>, name: &str, mut codec: D) {
    let (_, chunks, bytes) = stream(name);
    let mut buffer = BytesMut::new();
    bencher.counter(bytes).bench_local(|| {
        let mut seen = 0;
        for chunk in &chunks {
            buffer.extend_from_slice(chunk);
            while let Ok(Some(_)) = codec.decode(&mut buffer) {
                seen += 1;
            }
        }
        seen
    });
}

#[divan::bench(args = lines(), max_time = 0.2)]
fn tokio_lines(bencher: Bencher<'_, '_>, name: &str) {
    decode(bencher, name, LinesCodec::new());
}

#[divan::bench(args = lines(), max_time = 0.2)]
fn tokio_any_delimiter(bencher: Bencher<'_, '_>, name: &str) {
    decode(bencher, name, AnyDelimiterCodec::new(b"\n".to_vec(), Vec::new()));
}
