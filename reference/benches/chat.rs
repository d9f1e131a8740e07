//! A chat over stubbed sockets: all there is besides the system's calls.

mod support;

use asyncore_reference::Channel;
use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use support::{Counter, ECHOED, Echo, STREAMS};

fn main() {
    divan::main();
}

/// Reads a line of 64 bytes and sends it back, a thousand times.
#[divan::bench(max_time = 0.5)]
fn echo(bencher: Bencher<'_, '_>) {
    let echo = Echo::new(ECHOED);
    bencher.counter(ItemsCount::new(1000_u32)).bench_local(|| {
        for _ in 0..1000 {
            echo.handle_read().expect("nothing fails");
        }
    });
}

/// Reads everything of a stream.
#[divan::bench(args = 0..STREAMS.len(), max_time = 0.2)]
fn handle_read(bencher: Bencher<'_, '_>, index: usize) {
    let stream = &STREAMS[index];
    let counter = Counter::new(stream);
    let chunks = stream.chunks(stream.bytes());
    let bytes = chunks.iter().map(Vec::len).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for _ in &chunks {
            counter.handle_read().expect("nothing fails");
        }
    });
}
