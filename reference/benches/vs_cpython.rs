//! This crate against CPython's asynchat, in one run, in alternating rounds.
//!
//! The interpreter is `$PYTHON`, or else the first of a few names whose asynchat can be imported.
//! Both sides run the same streams through `handle_read`, with `recv` and `send` replaced by
//! something that costs next to nothing: here `recv` copies the bytes, as a socket would, in CPython
//! it returns a bytes object that is there already. Figures are medians of the rounds; a ratio is
//! taken within a round, and shown with the least and the greatest of all rounds.

mod support;

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use asyncore_reference::{Channel, Framer, Terminator, find_prefix_at_end};
use support::{Counter, ECHOED, Echo, Pattern, SEARCHES, STREAMS, Stream, frame, text};

/// asynchat left the standard library in 3.12, so `python3` may be too new.
const PYTHONS: [&str; 6] = ["python3", "python3.11", "python3.10", "python3.9", "python2.7", "python2"];

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(40);

fn main() {
    let mut cpython = Cpython::find();
    match &cpython {
        Some(cpython) => println!("against {}", cpython.version),
        None => println!("no Python with asynchat was found (set PYTHON): this crate alone"),
    }
    println!("\nstreams, MB/s (this crate's columns include copying each chunk, CPython's does not)");
    heading(&["handle_read", "framer alone", "CPython", "ratio"]);
    for stream in STREAMS {
        let counter = Counter::new(stream);
        let reader = || counter.handle_read().expect("nothing fails");
        let rounds = Rounds::run(reader, &mut cpython, &stream_case(stream));
        let framer = median((0..ROUNDS).map(|_| frame_rate(stream)).collect());
        let rate = |ns: f64| mean_chunk(stream) * 1000.0 / ns;
        let figures = [rounds.ours().map(rate), Some(framer), rounds.theirs().map(rate)];
        row(stream.name, &figures, &rounds);
    }
    println!("\nfind_prefix_at_end, ns");
    heading(&["this crate", "CPython", "ratio"]);
    for search in SEARCHES {
        let (haystack, needle) = (text(search.haystack), text(search.needle));
        let find = || {
            black_box(find_prefix_at_end(black_box(&haystack), black_box(&needle)));
        };
        let case = format!("prefix {} {}", hex(search.haystack), hex(search.needle));
        let rounds = Rounds::run(find, &mut cpython, &case);
        row(search.name, &[rounds.ours(), rounds.theirs()], &rounds);
    }
    println!("\necho of a 64 B line, ns a message");
    heading(&["this crate", "CPython", "ratio"]);
    let echo = Echo::new(ECHOED);
    let serve = || echo.handle_read().expect("nothing fails");
    let rounds = Rounds::run(serve, &mut cpython, "echo");
    row("recv, collect, found, push, send", &[rounds.ours(), rounds.theirs()], &rounds);
}

/// Nanoseconds of one operation, round by round.
struct Rounds {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Rounds {
    /// Times both sides in turn; there is nothing of theirs without an interpreter.
    fn run(mut operation: impl FnMut(), cpython: &mut Option<Cpython>, case: &str) -> Self {
        if let Some(cpython) = cpython {
            cpython.ask(case);
        }
        time(&mut operation, ROUND / 4);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(time(&mut operation, ROUND / 4));
            if let Some(cpython) = cpython {
                theirs.push(cpython.ask(&format!("time {}", ROUND.as_secs_f64())));
            }
        }
        Self { ours, theirs }
    }

    fn ours(&self) -> Option<f64> {
        Some(median(self.ours.clone()))
    }

    fn theirs(&self) -> Option<f64> {
        (!self.theirs.is_empty()).then(|| median(self.theirs.clone()))
    }

    /// Tells how many times faster this crate is: the median, the least and the greatest.
    fn ratio(&self) -> String {
        let pairs = self.theirs.iter().zip(&self.ours);
        let mut ratios: Vec<f64> = pairs.map(|(theirs, ours)| theirs / ours).collect();
        ratios.sort_by(f64::total_cmp);
        let (Some(&least), Some(&most)) = (ratios.first(), ratios.last()) else {
            return "-".into();
        };
        let (least, middle, most) = (rounded(least), rounded(median(ratios)), rounded(most));
        format!("{middle}x ({least} to {most})")
    }
}

/// Repeats an operation for a while and returns the nanoseconds of one.
fn time(mut operation: impl FnMut(), at_least: Duration) -> f64 {
    let (start, mut times, mut batch) = (Instant::now(), 0_u32, 1_u32);
    loop {
        for _ in 0..batch {
            operation();
        }
        times += batch;
        let spent = start.elapsed();
        if spent >= at_least {
            return spent.as_secs_f64() * 1e9 / f64::from(times);
        }
        batch = (batch * 2).min(1 << 16);
    }
}

/// Times a framer without a channel around it, and returns its MB/s.
fn frame_rate(stream: &Stream) -> f64 {
    let terminator = Terminator::from(&text(stream.terminator)[..]);
    let chunks = stream.chunks(stream.bytes());
    let (mut framer, mut data) = (Framer::new(), Vec::new());
    let frame_all = || {
        for chunk in &chunks {
            data.extend_from_slice(chunk);
            black_box(frame(&mut framer, &terminator, &mut data));
        }
    };
    mean_chunk(stream) * chunks.len() as f64 * 1000.0 / time(frame_all, ROUND / 4)
}

/// Returns the bytes of a chunk on average: the last one of a stream may be short.
fn mean_chunk(stream: &Stream) -> f64 {
    let chunks = stream.chunks(stream.bytes());
    chunks.iter().map(Vec::len).sum::<usize>() as f64 / chunks.len() as f64
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn heading(columns: &[&str]) {
    let (ratio, figures) = columns.split_last().expect("columns");
    let figures: String = figures.iter().map(|column| format!("{column:>14}")).collect();
    println!("{:<40}{figures}   {ratio}", "");
}

fn row(name: &str, figures: &[Option<f64>], rounds: &Rounds) {
    let figure = |figure: &Option<f64>| match figure {
        Some(figure) => format!("{:>14}", rounded(*figure)),
        None => format!("{:>14}", "-"),
    };
    let figures: String = figures.iter().map(figure).collect();
    println!("{name:<40}{figures}   {}", rounds.ratio());
}

fn rounded(figure: f64) -> String {
    let places = if figure < 1.0 { 3 } else { usize::from(figure < 100.0) };
    format!("{figure:.places$}")
}

fn stream_case(stream: &Stream) -> String {
    let (terminator, unit) = (hex(stream.terminator), hex(stream.unit));
    format!("stream {terminator} {unit} {} {}", stream.chunk, stream.bytes())
}

/// Writes a pattern as the child reads it: hexadecimal pieces with their counts.
fn hex(pattern: Pattern) -> String {
    let digits = |piece: &str| piece.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let pieces = pattern.iter().map(|(piece, times)| format!("{}:{times}", digits(piece)));
    pieces.collect::<Vec<_>>().join(",")
}

/// A child that runs the same cases on CPython's asynchat.
struct Cpython {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: String,
}

impl Cpython {
    fn find() -> Option<Self> {
        match std::env::var("PYTHON") {
            Ok(python) => Self::start(&python),
            Err(_) => PYTHONS.into_iter().find_map(Self::start),
        }
    }

    fn start(python: &str) -> Option<Self> {
        let mut child = Command::new(python)
            .args(["-W", "ignore", "-c", CHILD])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let input = child.stdin.take().expect("piped");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let mut version = String::new();
        if output.read_line(&mut version).ok()? == 0 {
            child.wait().ok()?;
            return None;
        }
        Some(Self { child, input, output, version: version.trim().into() })
    }

    fn ask(&mut self, request: &str) -> f64 {
        writeln!(self.input, "{request}").expect("the child reads");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("the child writes");
        answer.trim().parse().expect("a figure")
    }
}

impl Drop for Cpython {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Sets up the case that a line names, or times it, and answers each line with a figure.
const CHILD: &str = r#"
import asynchat, binascii, itertools, sys, time
clock = getattr(time, 'perf_counter', time.time)

def text(pattern):
    pieces = [piece.split(':') for piece in pattern.split(',')]
    return b''.join(binascii.unhexlify(piece.encode()) * int(times) for piece, times in pieces)

class Counter(asynchat.async_chat):
    seen = 0
    def __init__(self, terminator, chunks):
        asynchat.async_chat.__init__(self)
        self.next_chunk = getattr(itertools.cycle(chunks), '__next__', None) or itertools.cycle(chunks).next
        self.set_terminator(terminator)
    def recv(self, size):
        return self.next_chunk()
    def collect_incoming_data(self, data):
        self.seen += len(data)
    def found_terminator(self):
        self.seen += 1

class Echo(asynchat.async_chat):
    def __init__(self, line):
        asynchat.async_chat.__init__(self)
        self.connected = True
        self.line, self.lines = line, []
        self.set_terminator(b'\r\n')
    def recv(self, size):
        return self.line
    def send(self, data):
        return len(data)
    def collect_incoming_data(self, data):
        self.lines.append(data)
    def found_terminator(self):
        line = b''.join(self.lines) + b'\r\n'
        self.lines = []
        self.push(line)

def stream(terminator, unit, size, total):
    terminator, unit, size, total = text(terminator), text(unit), int(size), int(total)
    whole = unit * -(-total // len(unit))
    chunks = [whole[at:at + size] for at in range(0, len(whole), size)]
    operation = Counter(terminator, chunks).handle_read
    for _ in range(0, 2 * len(terminator), size):
        operation()
    return operation

def prefix(haystack, needle):
    haystack, needle = text(haystack), text(needle)
    return lambda: asynchat.find_prefix_at_end(haystack, needle)

def echo():
    return Echo(b'x' * 62 + b'\r\n').handle_read

def timed(operation, at_least):
    start, times, batch = clock(), 0, 1
    while True:
        for _ in range(batch):
            operation()
        times += batch
        spent = clock() - start
        if spent >= at_least:
            return spent * 1e9 / times
        if spent < at_least / 4:
            batch *= 2

def answer(figure):
    sys.stdout.write('%s\n' % figure)
    sys.stdout.flush()

answer('CPython ' + sys.version.split()[0])
while True:
    words = sys.stdin.readline().split()
    if not words:
        break
    if words[0] == 'time':
        answer('%f' % timed(operation, float(words[1])))
    else:
        operation = globals()[words[0]](*words[1:])
        answer(0)
"#;
