//! A stream of bytes through a channel of the reference, however it is split.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use asyncore_reference::{Address, Channel, Class, Core, Exception, Profile as Release, Socket, Terminator, errno};
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::name::Name;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, ChatOptions, Hook, Input, Scenario, Setup};
use asyncore_spec::trace::What;
use asyncore_spec::value::{Bytes, Value};
use asyncore_spec::view::collected;

/// Is what a stream was made into: the data before each terminator, and at the end what came after the last one.
pub type Message = Vec<u8>;

/// Cuts chunks, received one after the other, into messages; a number as terminator is set again after each.
pub type Frame = fn(Release, &Terminator, &[&[u8]]) -> Vec<Message>;

/// A stream gives the same messages whole, split anywhere, and byte by byte: those of the definition.
///
/// The first four bytes choose release, kind of terminator, its length or number, and how often the stream is split; then
/// come the terminator, the places to split at, and the stream.
pub fn splits_make_no_difference(frame: Frame, data: &[u8]) {
    let [release, kind, size, cuts, rest @ ..] = data else { return };
    let release = [Release::Py25, Release::Py27, Release::Py311][usize::from(*release) % 3];
    let size = 1 + usize::from(*size % 8);
    let (text, rest) = if kind % 4 == 0 {
        (None, rest)
    } else {
        rest.split_at_checked(size).map_or((None, rest), |(t, r)| (Some(t), r))
    };
    let (cuts, stream) = rest.split_at(usize::from(*cuts % 8).min(rest.len()));
    let (terminator, messages) = match text {
        Some(text) => (Terminator::from(text), predicted(text, stream)),
        None => (Terminator::Count(i64::try_from(size).expect("it is small")), counted(size, stream)),
    };
    let told = |how: &str| format!("{how}, {release:?}, {terminator:?}: \"{}\"", stream.escape_ascii());
    assert_eq!(frame(release, &terminator, &[stream]), messages, "{}", told("whole"));
    assert_eq!(frame(release, &terminator, &split(stream, cuts)), messages, "{}", told("split"));
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(frame(release, &terminator, &bytes), messages, "{}", told("byte by byte"));
}

/// Splits a stream after each of these distances; the last piece is what is left.
fn split<'a>(mut stream: &'a [u8], cuts: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for cut in cuts {
        let (piece, rest) = stream.split_at(usize::from(*cut).min(stream.len()));
        pieces.push(piece);
        stream = rest;
    }
    pieces.push(stream);
    pieces
}

/// Gives the messages that a number as terminator makes, by its definition.
fn counted(size: usize, stream: &[u8]) -> Vec<Message> {
    let mut messages: Vec<_> = stream.chunks(size).map(<[u8]>::to_vec).collect();
    if stream.len().is_multiple_of(size) {
        messages.push(Vec::new());
    }
    messages
}

/// Gives the messages that the model predicts for the whole stream.
fn predicted(terminator: &[u8], stream: &[u8]) -> Vec<Message> {
    let chan = Name::of("c");
    let options = ChatOptions { terminator: Some(Value::bytes(terminator)), ..ChatOptions::default() };
    let recv = Action::Recv { chan, input: Input::Data { hex: Bytes::of(stream) } };
    let steps = if stream.is_empty() { Vec::new() } else { vec![recv] };
    let scenario = Scenario { setup: vec![Setup::Chat { name: chan, options }], steps };
    let settings = Settings { ac_in_buffer_size: stream.len(), ..Settings::of(Profile::Py311) };
    let mut messages = vec![Vec::new()];
    for expected in &predict(&scenario, &settings).events {
        match expected.event.what {
            What::Hook { hook: Hook::FoundTerminator, .. } => messages.push(Vec::new()),
            _ => add(&mut messages, collected(&expected.event).unwrap_or_default()),
        }
    }
    messages
}

fn add(messages: &mut [Message], data: &[u8]) {
    messages.last_mut().expect("there is always a last one").extend(data);
}

/// Cuts chunks into messages with a channel of the reference.
#[must_use]
pub fn frame(release: Release, terminator: &Terminator, chunks: &[&[u8]]) -> Vec<Message> {
    let chunks: VecDeque<_> = chunks.iter().filter(|chunk| !chunk.is_empty()).map(|chunk| chunk.to_vec()).collect();
    let socket = Rc::new(Chunks(RefCell::new(chunks)));
    let core =
        Core::with_socket(Class::Chat, release, Rc::clone(&socket) as Rc<dyn Socket>).expect("the chunks do not fail");
    let framer = Collector { core, terminator: terminator.clone(), messages: RefCell::new(vec![Vec::new()]) };
    framer.set_terminator(terminator.clone()).expect("the terminator is no negative number");
    while !socket.0.borrow().is_empty() {
        framer.handle_read().expect("nothing raises");
    }
    framer.messages.into_inner()
}

/// Collects messages.
struct Collector {
    core: Core,
    terminator: Terminator,
    messages: RefCell<Vec<Message>>,
}

impl Channel for Collector {
    fn core(&self) -> &Core {
        &self.core
    }

    fn collect_incoming_data(&self, data: &[u8]) -> Result<(), Exception> {
        add(&mut self.messages.borrow_mut(), data);
        Ok(())
    }

    fn found_terminator(&self) -> Result<(), Exception> {
        self.messages.borrow_mut().push(Vec::new());
        self.set_terminator(self.terminator.clone())
    }
}

/// A socket at whose other end these chunks were written.
struct Chunks(RefCell<VecDeque<Vec<u8>>>);

impl Socket for Chunks {
    fn recv(&self, max: usize, into: &mut Vec<u8>) -> Result<usize, Exception> {
        let mut chunks = self.0.borrow_mut();
        let Some(chunk) = chunks.front_mut() else { return Err(Exception::Os(errno::EWOULDBLOCK)) };
        let taken = chunk.len().min(max);
        into.extend(chunk.drain(..taken));
        if chunk.is_empty() {
            chunks.pop_front();
        }
        Ok(taken)
    }

    fn send(&self, data: &[u8]) -> Result<usize, Exception> {
        Ok(data.len())
    }

    fn close(&self) -> Result<(), Exception> {
        Ok(())
    }

    fn connect(&self, _: &Address) -> Result<i32, Exception> {
        Ok(0)
    }

    fn take_error(&self) -> Result<i32, Exception> {
        Ok(0)
    }

    fn peer_name(&self) -> Result<Address, Exception> {
        Ok(Address::Unix("peer".into()))
    }

    fn set_nonblocking(&self) -> Result<(), Exception> {
        Ok(())
    }
}
