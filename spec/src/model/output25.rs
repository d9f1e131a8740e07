//! The output of the 2.5 generation: producers, refilled into one buffer.

use super::Pattern;
use super::machine::{Call, Machine, Outcome, Thrown, id, thrown};
use super::producer::BUFFER_SIZE;
use super::queue::{Entry, EntryItem};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::scenario::Hook;
use crate::value::Value;

/// What the head of the queue gave.
enum Piece {
    Data(Vec<u8>, ClauseId),
    Exhausted,
    Stop,
}

impl Machine<'_> {
    pub(super) fn push25(&mut self, chan: Name, item: EntryItem, demand: ClauseId) -> Outcome<()> {
        let why = match &item {
            EntryItem::Pieces(data) if data.len() > BUFFER_SIZE => id("OUTPUT-30"),
            _ => id("OUTPUT-1"),
        };
        self.append(chan, item, why);
        self.initiate_send(chan, demand)
    }

    /// Refills the output buffer and sends its beginning.
    pub(super) fn send_buffer(&mut self, chan: Name) -> Outcome<()> {
        let size = self.chan(chan).ac_out;
        if self.chan(chan).out.len() < size {
            self.refill_buffer(chan, id("OUTPUT-31"))?;
        } else {
            self.forbid_hooks(chan, &[Hook::RefillBuffer], id("OUTPUT-31"));
        }
        self.forbid(Pattern::AnyHook(Hook::More), id("OUTPUT-31"));
        let it = self.chan(chan);
        if it.out.is_empty() {
            let clause = if it.discarded { "OUTPUT-22" } else { "OUTPUT-29" };
            self.forbid_hooks(chan, &[Hook::Send], id(clause));
            return Ok(());
        }
        if !it.connected {
            self.forbid_hooks(chan, &[Hook::Send], id("OUTPUT-3"));
            return Ok(());
        }
        let data = it.out[..it.out.len().min(size)].to_vec();
        let why = if it.out.len() > size { id("OUTPUT-5") } else { it.out_why };
        match self.send(chan, &data, why) {
            Ok(sent) => {
                self.forbid_hooks(chan, &[Hook::Send, Hook::Close], id("OUTPUT-4"));
                self.sent(chan, sent, data.len());
                Ok(())
            }
            Err(Thrown { exception: exception @ Exception::Os { .. }, .. }) => {
                self.chan(chan).out_why = id("OUTPUT-10");
                let Exception::Os { errno, .. } = exception else { unreachable!("matched above") };
                let lost = matches!(errno, Errno::EPIPE | Errno::ECONNRESET | Errno::ENOTCONN | Errno::ESHUTDOWN);
                self.handle_error(chan, &exception, id(if lost { "OUTPUT-12" } else { "OUTPUT-10" }))?;
                self.forbid(Pattern::Raised, id("OUTPUT-10"));
                Ok(())
            }
            Err(thrown) => {
                self.chan(chan).out_why = id("OUTPUT-13");
                Err(thrown)
            }
        }
    }

    fn sent(&mut self, chan: Name, sent: usize, offered: usize) {
        let it = self.chan(chan);
        it.out.drain(..sent.min(it.out.len()));
        if !it.out.is_empty() {
            it.out_why = id(match sent {
                0 => "OUTPUT-9",
                _ if sent < offered => "OUTPUT-8",
                _ => "OUTPUT-32",
            });
        }
    }

    /// Calls `refill_buffer`.
    pub(super) fn refill_buffer(&mut self, chan: Name, demand: ClauseId) -> Outcome<()> {
        if self.modern() {
            self.unspecified("refill_buffer belongs to the 2.5 generation");
            return Ok(());
        }
        let call = Call::of(chan, Hook::RefillBuffer, demand, id("ERROR-3"));
        self.hook(call, |machine| machine.refill(chan), ())
    }

    fn refill(&mut self, chan: Name) -> Outcome<()> {
        let mut passed_over = false;
        while let Some(mut head) = self.chan(chan).fifo.front().cloned() {
            if passed_over && matches!(head.item, EntryItem::Producer(_)) {
                head.why = id("OUTPUT-37");
            }
            match self.piece(chan, &head)? {
                Piece::Stop => return Ok(()),
                Piece::Exhausted => {
                    self.chan(chan).fifo.pop_front();
                    passed_over = true;
                }
                Piece::Data(data, why) => {
                    let it = self.chan(chan);
                    it.out_why = match (it.out.is_empty(), it.connected) {
                        (true, true) => why,
                        (true, false) => id("OUTPUT-33"),
                        (false, _) => id("OUTPUT-32"),
                    };
                    it.out.extend(data);
                    self.forbid(Pattern::AnyHook(Hook::More), id("OUTPUT-31"));
                    return Ok(());
                }
            }
        }
        self.forbid_hooks(chan, &[Hook::Close, Hook::HandleClose], id("OUTPUT-39"));
        Ok(())
    }

    fn piece(&mut self, chan: Name, head: &Entry) -> Outcome<Piece> {
        match &head.item {
            EntryItem::Close => self.pending_close(chan, head.why).map(|()| Piece::Stop),
            EntryItem::Data(data) => {
                self.chan(chan).fifo.pop_front();
                Ok(Piece::Data(data.clone(), head.why))
            }
            EntryItem::Broken => {
                self.accident(id("OUTPUT-26"));
                thrown("TypeError", id("OUTPUT-26"))
            }
            EntryItem::Pieces(data) => {
                if data.is_empty() {
                    return Ok(Piece::Exhausted);
                }
                let (piece, rest) = data.split_at(data.len().min(BUFFER_SIZE));
                let rest = Entry::new(EntryItem::Pieces(rest.to_vec()), head.why);
                self.chan(chan).fifo.replace_front(rest);
                Ok(Piece::Data(piece.to_vec(), head.why))
            }
            EntryItem::Producer(producer) => self.ask(chan, *producer, head.why),
        }
    }

    fn ask(&mut self, chan: Name, producer: Name, queued: ClauseId) -> Outcome<Piece> {
        let connected = self.chan(chan).connected;
        let given = self.more(producer, if connected { queued } else { id("PRODUCER-8") });
        if given.is_err() {
            self.chan(chan).fifo.blame_front(id("PRODUCER-11"));
        }
        match given? {
            Value::Bytes { hex } if !hex.is_empty() => Ok(Piece::Data(hex.0, id("PRODUCER-5"))),
            nothing => {
                let why = id(if nothing == Value::None { "PRODUCER-12" } else { "PRODUCER-6" });
                self.forbid_for_good(Pattern::Hook(producer, Hook::More), why);
                self.forbid(Pattern::Hook(producer, Hook::More), id("OUTPUT-37"));
                Ok(Piece::Exhausted)
            }
        }
    }

    /// Meets a request to close at the head of the queue.
    fn pending_close(&mut self, chan: Name, why: ClauseId) -> Outcome<()> {
        let it = self.chan(chan);
        if !it.out.is_empty() {
            self.forbid_hooks(chan, &[Hook::Close, Hook::HandleClose], id("OUTPUT-36"));
            return Ok(());
        }
        let connected = it.connected;
        it.fifo.pop_front();
        self.forbid_hooks(chan, &[Hook::HandleClose], id("OUTPUT-34"));
        self.close(chan, if connected { why } else { id("OUTPUT-35") })
    }
}
