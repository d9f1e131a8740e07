//! Standard output: with colours only where they are wanted, and deaf to a reader who has gone away.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};

use anstream::AutoStream;
use asyncore_conformance::report::terminal::WIDTH;

/// The narrowest and the widest report that is still pleasant to read, in characters.
const WIDTHS: (usize, usize) = (60, 200);

/// Is standard output.
pub(crate) struct Out {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
    /// The reader has gone away. The exit status and the files of reports may still matter to somebody.
    gone: bool,
}

impl Out {
    pub(crate) fn new() -> Self {
        Self { stream: BufWriter::new(AutoStream::auto(io::stdout().lock())), gone: false }
    }

    /// Gives the width of the terminal, or of a report that is not written to one.
    pub(crate) fn width() -> usize {
        let size = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        size.map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(WIDTHS.0, WIDTHS.1))
    }

    fn heed<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            other => other.map_err(|error| io::Error::other(format!("standard output cannot be written: {error}"))),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let written = self.stream.write(bytes);
        self.heed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let flushed = self.stream.flush();
        self.heed(flushed, ())
    }
}
