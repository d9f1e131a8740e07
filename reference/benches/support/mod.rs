//! The streams and the channels that the benchmarks share.

#![allow(dead_code, reason = "no benchmark uses all of it")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use asyncore_reference::{Address, Channel, Class, Core, Cut, Exception, Framer, Profile, Socket, Terminator, errno};

/// Text that is told shortly: each piece so many times.
pub(crate) type Pattern = &'static [(&'static str, usize)];

pub(crate) fn text(pattern: Pattern) -> Vec<u8> {
    pattern.iter().flat_map(|&(piece, times)| piece.repeat(times).into_bytes()).collect()
}

/// A stream to be framed.
#[derive(Clone, Copy)]
pub(crate) struct Stream {
    pub(crate) name: &'static str,
    pub(crate) terminator: Pattern,
    /// What the stream repeats.
    pub(crate) unit: Pattern,
    /// How many bytes come at once.
    pub(crate) chunk: usize,
}

const CRLF: Pattern = &[("\r\n", 1)];
const LINE: Pattern = &[("x", 62), ("\r\n", 1)];
const BOUNDARY: Pattern = &[("--boundary-01234", 1)];
const LATE: Pattern = &[("a", 1000), ("b", 1)];
const EARLY: Pattern = &[("b", 1), ("a", 1000)];

const fn stream(name: &'static str, terminator: Pattern, unit: Pattern, chunk: usize) -> Stream {
    Stream { name, terminator, unit, chunk }
}

pub(crate) const STREAMS: &[Stream] = &[
    stream("64 B lines, 1 B", CRLF, LINE, 1),
    stream("64 B lines, 1460 B", CRLF, LINE, 1460),
    stream("64 B lines, 64 KiB", CRLF, LINE, 65536),
    stream("4 KiB messages to CRLF.CRLF, 1460 B", &[("\r\n.\r\n", 1)], &[("x", 4091), ("\r\n.\r\n", 1)], 1460),
    stream("16 B boundary, 64 B", BOUNDARY, &[("x", 496), ("--boundary-01234", 1)], 64),
    stream("a*1000+b on a's, 1 B", LATE, &[("a", 4096)], 1),
    stream("a*1000+b on a's, 600 B", LATE, &[("a", 4096)], 600),
    stream("a*1000+b on a's, 1460 B", LATE, &[("a", 4096)], 1460),
    stream("b+a*1000 on a's, 1 B", EARLY, &[("a", 4096)], 1),
    stream("b+a*1000 on a's, 1460 B", EARLY, &[("a", 4096)], 1460),
    stream("a*1000+b on a*900+b, 1460 B", LATE, &[("a", 900), ("b", 1)], 1460),
];

impl Stream {
    /// Cuts at least `bytes` bytes of the stream into chunks.
    pub(crate) fn chunks(&self, bytes: usize) -> Vec<Vec<u8>> {
        let unit = text(self.unit);
        let whole = unit.repeat(bytes.div_ceil(unit.len()));
        whole.chunks(self.chunk).map(<[u8]>::to_vec).collect()
    }

    /// How many bytes to prepare so that the chunks do not fit in the fastest cache by accident.
    pub(crate) fn bytes(&self) -> usize {
        (self.chunk * 16).clamp(16 << 10, 1 << 20)
    }
}

/// Frames one chunk and returns how many bytes and terminators it held.
#[inline]
pub(crate) fn frame(framer: &mut Framer, terminator: &Terminator, data: &mut Vec<u8>) -> usize {
    let mut seen = 0;
    framer.append(data);
    while !framer.bytes().is_empty() {
        let len = framer.bytes().len();
        match framer.cut(terminator) {
            Cut::Found { at, len } => {
                seen += at + 1;
                framer.drop_front(at + len);
            }
            Cut::Held(held) if held > 0 => {
                seen += len - held;
                framer.keep_back(held);
                break;
            }
            _ => {
                seen += len;
                framer.clear();
            }
        }
    }
    seen
}

/// A channel that counts what it collects, and receives the same chunks again and again.
pub(crate) struct Counter {
    core: Core,
    chunks: Vec<Vec<u8>>,
    next: Cell<usize>,
    pub(crate) seen: Cell<usize>,
}

impl Counter {
    pub(crate) fn new(stream: &Stream) -> Self {
        let core = Core::new(Class::Chat, Profile::Py311);
        let chunks = stream.chunks(stream.bytes());
        let counter = Self { core, chunks, next: Cell::new(0), seen: Cell::new(0) };
        let terminator = Terminator::from(&text(stream.terminator)[..]);
        counter.set_terminator(terminator).expect("a good terminator");
        counter
    }
}

impl Channel for Counter {
    fn core(&self) -> &Core {
        &self.core
    }

    fn recv(&self, _max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let next = self.next.get();
        let chunk = &self.chunks[next];
        self.next.set(if next + 1 == self.chunks.len() { 0 } else { next + 1 });
        into.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        self.seen.set(self.seen.get() + data.len());
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        self.seen.set(self.seen.get() + 1);
        Ok(())
    }
}

/// A socket that has the same line ready for ever and takes all it is given.
struct Stub(&'static [u8]);

impl Socket for Stub {
    fn recv(&self, _max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        into.extend_from_slice(self.0);
        Ok(self.0.len())
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        Ok(data.len())
    }

    fn close(&self) -> Result<(), Exception> {
        Ok(())
    }

    fn connect(&self, _address: &Address) -> Result<i32, Exception> {
        Ok(0)
    }

    fn take_error(&self) -> Result<i32, Exception> {
        Ok(0)
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Err(Exception::Os(errno::EINVAL))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        Ok(())
    }
}

/// A channel that sends each line back.
pub(crate) struct Echo {
    core: Core,
    line: RefCell<Vec<u8>>,
}

impl Echo {
    pub(crate) fn new(line: &'static [u8]) -> Self {
        let socket = Rc::new(Stub(line));
        let core = Core::with_socket(Class::Chat, Profile::Py311, socket).expect("a stub");
        core.set_connected(true);
        let echo = Self { core, line: RefCell::default() };
        echo.set_terminator("\r\n".into()).expect("a good terminator");
        echo
    }
}

impl Channel for Echo {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        self.line.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        let mut line = self.line.take();
        line.extend_from_slice(b"\r\n");
        let pushed = self.push(&line);
        line.clear();
        self.line.replace(line);
        pushed
    }
}

/// A line of 64 bytes, its end included.
pub(crate) const ECHOED: &[u8] = b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";

/// A search for a prefix at the end.
pub(crate) struct Search {
    pub(crate) name: &'static str,
    pub(crate) haystack: Pattern,
    pub(crate) needle: Pattern,
}

const fn search(name: &'static str, haystack: Pattern, needle: Pattern) -> Search {
    Search { name, haystack, needle }
}

pub(crate) const SEARCHES: &[Search] = &[
    search("2, no match", &[("x", 2)], CRLF),
    search("16, no match", &[("x", 16)], BOUNDARY),
    search("1,000, no match", &[("x", 1000)], &[("a", 1000)]),
    search("1,000, no match, last byte everywhere", &[("a", 1000)], &[("b", 1), ("a", 999)]),
    search("1,000, no match, ends that agree", &[("abbb", 250)], &[("a", 1), ("b", 999)]),
    search("1,000, late failures, short match", &[("a", 600), ("b", 1), ("a", 399)], &[("a", 1000)]),
    search("100,000, no match", &[("x", 100_000)], &[("a", 100_000)]),
    search("100,000, worst case", &[("a", 60_000), ("b", 1), ("a", 39_999)], &[("a", 100_000)]),
    search("100,000, match at once", &[("a", 100_000)], &[("a", 100_000)]),
];
