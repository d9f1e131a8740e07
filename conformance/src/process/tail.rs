//! Keeps the end of what a child writes on standard error.

use std::convert::Infallible;
use std::io::Read;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many bytes are kept.
pub(super) const KEPT: usize = 4096;

/// Holds the last bytes that were read so far.
#[derive(Debug)]
pub(super) struct Tail {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Closed by the reader at the end of the stream.
    end: Receiver<Infallible>,
}

/// Is what reads.
#[derive(Debug)]
pub(super) struct TailReader {
    bytes: Arc<Mutex<Vec<u8>>>,
    _end: Sender<Infallible>,
}

/// Makes a tail and its reader.
pub(super) fn tail() -> (Tail, TailReader) {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let (sender, end) = channel();
    (Tail { bytes: Arc::clone(&bytes), end }, TailReader { bytes, _end: sender })
}

impl Tail {
    /// Gives what is kept, without the part of a character that the cut may have left.
    pub(super) fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = if bytes.len() < KEPT { 0 } else { bytes.iter().take(3).take_while(|&&b| b & 0xc0 == 0x80).count() };
        String::from_utf8_lossy(&bytes[cut..]).into_owned()
    }

    /// Waits for the end of the stream, but not for ever.
    pub(super) fn wait(&self, patience: Duration) {
        let _ = self.end.recv_timeout(patience);
    }
}

impl TailReader {
    /// Reads until the end.
    pub(super) fn read(&self, mut from: impl Read) {
        let mut chunk = [0; KEPT];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
            bytes.extend_from_slice(&chunk[..count]);
            let surplus = bytes.len().saturating_sub(KEPT);
            bytes.drain(..surplus);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_kept() {
        let (tail, reader) = tail();
        let text = "é".repeat(KEPT) + "end";
        reader.read(text.as_bytes());
        assert!(tail.text().ends_with("éend"));
        assert!(tail.text().starts_with('é'));
        assert!(tail.text().len() <= KEPT);
    }
}
