//! Chooses data, terminators, sizes and errors.

use super::Draft;
use crate::exception::Errno;
use crate::feature::Feature;
use crate::profile::Profile;
use crate::scenario::{Input, Outcome};
use crate::value::{Bytes, Value};

/// Terminators that are strings, simplest first; several overlap with themselves.
const TERMINATORS: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"aa",
    b"abab",
    b"aab",
    b"\r\n.\r\n",
    b"abcabd",
    b"\r\n\r\n",
    b"aabaaaa",
    b"bbabbbb",
    b"\n.",
    b"012345678",
    b"--boundary-0123456789abcdefghijklmnopqrstuvwxyz--",
    b"\r\n--0123456789abcdefghijklmnopqrstuvwxyz'()+_,-./:=?ABCDEFGHIJKLMNOPQRSTUVWXYZ01",
];

/// Terminators with bytes that are no characters of a text.
const BINARY: &[&[u8]] = &[b"\0", b"\xff\xfe", b"a\0b", b"\x80"];

/// Chooses one of several by a number, smaller numbers first.
pub(super) fn pick<T: Copy>(from: &[T], number: u8) -> T {
    from[usize::from(number) % from.len()]
}

/// Swaps the case of letters, so that what looks alike is not the same.
fn swapped(term: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
    term.iter().map(swap).collect()
}

impl Draft<'_> {
    /// Chooses a terminator.
    pub(super) fn terminator(&self, number: u8) -> Value {
        if self.python && number % 3 == 2 {
            return self.odd_terminator(number / 3);
        }
        let mut choices: Vec<Value> = TERMINATORS.iter().map(Value::bytes).collect();
        if self.has(Feature::CountTerminator) {
            choices.extend([1, 2, 3, 5, 10, 0, 100, 1 << 40, (1 << 53) + 1].map(Value::int));
        }
        if self.has(Feature::Binary) {
            choices.extend(BINARY.iter().map(Value::bytes));
        }
        if self.has(Feature::NoTerminator) {
            choices.push(Value::None);
        }
        choices.push(Value::bytes(""));
        choices.swap_remove(usize::from(number) % choices.len())
    }

    /// Chooses data to receive or to search, made of pieces of the terminators.
    pub(super) fn data(&self, kind: u8, term: u8, more: u8) -> Bytes {
        let own = match self.terminator(self.head[0]) {
            Value::Bytes { hex } if !hex.is_empty() && term < 192 => Some(hex),
            _ => None,
        };
        let term: &[u8] = match &own {
            Some(own) => own,
            None => pick(TERMINATORS, term),
        };
        let cut = 1 + usize::from(more) % term.len();
        let mut data = match kind % 13 {
            0 => b"a".to_vec(),
            1 => term.to_vec(),
            2 => [b"ab", term].concat(),
            3 => term[..cut].to_vec(),
            4 => [b"x", &term[..cut]].concat(),
            5 => term[cut - 1..].to_vec(),
            6 => [b"a", term, b"b", term].concat(),
            7 => [term, term, b"cd"].concat(),
            8 => [&term[..cut], term].concat(),
            9 => b"ababababab"[..2 + usize::from(more) % 8].to_vec(),
            10 => [b"x", &swapped(term)[..], b"y"].concat(),
            11 => [&term[..cut], term, &term[..cut - 1]].concat().repeat(1 + usize::from(more) % 6),
            _ => [b"l", term].concat().repeat(1 + usize::from(more) % 40),
        };
        // A port that reads until nothing is left reads them whole, however small the buffer.
        if (226..=230).contains(&kind) && self.head[1] < 128 {
            // Long data, with the terminator around a place where buffers end.
            let length = pick(&[510, 4095, 512, 510, 4096, 512, 510, 65535], more);
            data = [&vec![b'f'; length][..], &data].concat();
        }
        if kind == 231 && self.head[1] < 128 {
            // More terminators than calls can lie in one another, if they are short.
            data = [b"l", term].concat().repeat(4000 / (1 + term.len()));
        }
        if kind >= 240 && self.has(Feature::Binary) {
            data.extend([0, 255, more]);
        }
        Bytes(data)
    }

    /// Chooses data to send, by length.
    pub(super) fn text(&self, number: u8) -> Vec<u8> {
        const LENGTHS: &[usize] = &[1, 2, 3, 4, 5, 8, 9, 13, 0];
        const LONG: &[usize] = &[513, 1024, 1535, 2049, 4097, 65537];
        if (244..250).contains(&number) && self.has(Feature::Binary) {
            return [&b"a"[..], &[0, 255, number], b"b"].concat()[usize::from(number) % 3..].to_vec();
        }
        // A port that sends until nothing is left sends them in one call, however small the buffer.
        let long = if self.size(self.head[3]).is_some() { &LONG[..4] } else { LONG };
        let length = if number >= 250 { pick(long, number - 250) } else { pick(LENGTHS, number) };
        let start = usize::from(number) % 7;
        (start..start + length).map(|at| b'a' + u8::try_from(at % 26).unwrap_or(0)).collect()
    }

    /// Chooses what a `recv` finds.
    pub(super) fn input(&self, kind: u8, term: u8, more: u8) -> Input {
        Input::Data { hex: self.data(kind, term, more) }
    }

    pub(super) fn errno(&self, number: u8) -> Errno {
        use Errno::{
            EAGAIN, EALREADY, EBADF, ECONNABORTED, ECONNREFUSED, ECONNRESET, EHOSTDOWN, EHOSTUNREACH, EINPROGRESS,
            EINTR, EINVAL, EIO, EISCONN, ENETDOWN, ENETRESET, ENOBUFS, ENOENT, ENOMEM, ENOTCONN, EPIPE, EPROTO,
            ESHUTDOWN, ETIMEDOUT,
        };
        const COMMON: &[Errno] = &[
            EIO,
            EPIPE,
            ECONNRESET,
            EAGAIN,
            ENOTCONN,
            EAGAIN,
            ESHUTDOWN,
            ECONNABORTED,
            EBADF,
            ENOBUFS,
            ETIMEDOUT,
            EHOSTUNREACH,
            EAGAIN,
            ECONNREFUSED,
            EAGAIN,
            EINPROGRESS,
            EALREADY,
            ENOENT,
            EISCONN,
            EINVAL,
            ENOMEM,
            EAGAIN,
            ENETRESET,
            EHOSTDOWN,
            ENETDOWN,
            EPROTO,
        ];
        // Only releases before 3.5 let an interrupted call through.
        if number == 255 && self.repertoire.profile != Profile::Py311 { EINTR } else { pick(COMMON, number) }
    }

    /// Chooses what one `send` does, from what the subject's sockets can do.
    pub(super) fn outcome(&self, kind: u8, more: u8) -> Outcome {
        match kind % 4 {
            0 | 1 if self.has(Feature::PartialSends) => Outcome::Take { bytes: u32::from(more % 5) },
            2 if self.has(Feature::Errors) => {
                // A send is not interrupted here: what becomes of that is the runtime's matter.
                let errno = self.errno(more);
                Outcome::Fail { errno: if errno == Errno::EINTR { Errno::EIO } else { errno } }
            }
            _ => Outcome::All,
        }
    }

    /// Chooses a buffer size in bytes, or the default.
    pub(super) fn size(&self, number: u8) -> Option<u32> {
        (self.has(Feature::Sizes) && number % 2 == 1).then(|| 1 + u32::from(number / 2 % 8))
    }
}
