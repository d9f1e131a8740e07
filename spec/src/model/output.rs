//! The output queue of 2.6 and later: a fifo of entries, one of which is sent at a time.

use super::Pattern;
use super::machine::{Machine, Outcome, Thrown, id, thrown};
use super::producer::Producer;
use super::queue::{Entry, EntryItem};
use crate::clause_id::ClauseId;
use crate::exception::Exception;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::Hook;
use crate::value::Value;

/// What `push` makes of its argument.
enum Pushed {
    Data(Vec<u8>, ClauseId),
    Refused(&'static str, ClauseId),
    Unspecified,
}

impl Machine<'_> {
    /// Says what `writable` of a chat gives.
    pub(super) fn chat_writable(&mut self, chan: Name) -> (bool, ClauseId) {
        let modern = self.modern();
        let it = self.chan(chan);
        if modern && it.is_apart() {
            return (true, id("OUTPUT-41"));
        }
        let waiting = !it.fifo.is_empty() || !it.out.is_empty() || !it.connected;
        let plain = id(if modern { "OUTPUT-20" } else { "OUTPUT-38" });
        // What is still queued for a reason of its own is blamed on that reason.
        let kept = match it.fifo.front() {
            _ if it.discarded => Some(id("OUTPUT-22")),
            _ if it.flags_why == id("CONNECT-5") => Some(it.flags_why),
            _ if !it.connected => None,
            Some(head) => Some(head.why),
            None if !it.out.is_empty() => Some(it.out_why),
            None => None,
        };
        let own = kept.filter(|why| {
            ["OUTPUT-8", "OUTPUT-9", "OUTPUT-10", "OUTPUT-12", "OUTPUT-13", "OUTPUT-22", "PRODUCER-10", "CONNECT-5"]
                .contains(&why.as_str())
        });
        (waiting, own.unwrap_or(plain))
    }

    pub(super) fn chat_handle_write(&mut self, chan: Name) -> Outcome<()> {
        self.initiate_send(chan, id("OUTPUT-21"))
    }

    fn pushed(&self, data: &Value) -> Pushed {
        match (data, self.profile) {
            (Value::Bytes { hex }, _) => Pushed::Data(hex.0.clone(), id("OUTPUT-1")),
            (Value::Bytearray { hex } | Value::Memoryview { hex }, Profile::Py311) => {
                Pushed::Data(hex.0.clone(), id("OUTPUT-25"))
            }
            (_, Profile::Py311) => Pushed::Refused("TypeError", id("OUTPUT-25")),
            (Value::None | Value::Int { .. } | Value::Bool { .. } | Value::Float { .. }, _) => {
                Pushed::Refused("TypeError", id("OUTPUT-26"))
            }
            _ => Pushed::Unspecified,
        }
    }

    pub(super) fn push(&mut self, chan: Name, data: &Value) -> Outcome<()> {
        let (data, why) = match self.pushed(data) {
            Pushed::Data(data, why) => (data, why),
            Pushed::Refused(..) if !self.modern() => return self.push25(chan, EntryItem::Broken, id("OUTPUT-26")),
            Pushed::Refused(class, why) => {
                self.forbid_hooks(chan, &[Hook::InitiateSend, Hook::Send], why);
                return thrown(class, why);
            }
            Pushed::Unspecified => {
                self.unspecified("the spec does not say what pushing such a value does");
                return Ok(());
            }
        };
        if !self.modern() {
            return self.push25(chan, EntryItem::Pieces(data), id("OUTPUT-2"));
        }
        let size = self.chan(chan).ac_out;
        if size == 0 && !data.is_empty() {
            self.accident(id("OUTPUT-27"));
            return thrown("ValueError", id("OUTPUT-27"));
        }
        self.queue(chan, &data, size, why);
        if data.is_empty() {
            self.accident(id("OUTPUT-14"));
        }
        let connected = self.chan(chan).connected;
        let plain = id(if connected { "OUTPUT-2" } else { "OUTPUT-3" });
        let why = if why == id("OUTPUT-1") { plain } else { why };
        self.initiate_send(chan, why)?;
        self.forbid_hooks(chan, &[Hook::InitiateSend], why);
        Ok(())
    }

    fn queue(&mut self, chan: Name, data: &[u8], size: usize, why: ClauseId) {
        let sending = self.chan(chan).sending;
        let busy = !self.chan(chan).fifo.is_empty();
        let connected = self.chan(chan).connected;
        let plain = if why != id("OUTPUT-1") {
            why
        } else if sending {
            id("OUTPUT-24")
        } else if !connected {
            id("OUTPUT-3")
        } else if busy {
            id("OUTPUT-1")
        } else {
            id("OUTPUT-2")
        };
        if data.len() <= size {
            let why = if data.is_empty() { id("OUTPUT-14") } else { plain };
            self.append(chan, EntryItem::Data(data.to_vec()), why);
            return;
        }
        for piece in data.chunks(size) {
            self.append(chan, EntryItem::Data(piece.to_vec()), id("OUTPUT-6"));
        }
    }

    /// Queues an entry; behind a request to close it has a clause of its own.
    pub(super) fn append(&mut self, chan: Name, item: EntryItem, why: ClauseId) {
        let modern = self.modern();
        let it = self.chan(chan);
        let discarded = std::mem::replace(&mut it.discarded, false);
        let closing = it.fifo.is_closing();
        let mixed = it.fifo.back().is_some_and(|last| last.is_producer() != matches!(item, EntryItem::Producer(_)));
        let why = match item {
            EntryItem::Close if closing && modern => id("OUTPUT-18"),
            EntryItem::Close => why,
            _ if discarded => id("OUTPUT-22"),
            _ if closing && modern => id("OUTPUT-18"),
            _ if mixed => id("PRODUCER-15"),
            _ => why,
        };
        let behind = closing && modern && !matches!(item, EntryItem::Close);
        if let EntryItem::Producer(producer) = item {
            // Who comes again may be asked again.
            let lasting = self.prediction.guards.iter_mut().filter(|guard| guard.lasting);
            lasting
                .filter(|guard| guard.pattern == Pattern::Hook(producer, Hook::More))
                .for_each(|g| g.lasting = false);
        }
        self.chan(chan).fifo.push_back(Entry::new(item, why));
        if behind {
            self.accident(id("OUTPUT-18"));
        }
    }

    pub(super) fn push_producer(&mut self, chan: Name, producer: Name) -> Outcome<()> {
        self.append(chan, EntryItem::Producer(producer), id("PRODUCER-5"));
        self.initiate_send(chan, id("PRODUCER-5"))
    }

    /// Queues a plain value in a producer's place.
    pub(super) fn push_value(&mut self, chan: Name, value: &Value) -> Outcome<()> {
        let (item, why) = match value {
            Value::None => (EntryItem::Close, id("OUTPUT-19")),
            Value::Bytes { hex } => (EntryItem::Data(hex.0.clone()), id("OUTPUT-23")),
            Value::Text { value } if value.is_ascii() && self.chan(chan).use_encoding => {
                self.accident(id("OUTPUT-40"));
                (EntryItem::Data(value.as_bytes().to_vec()), id("OUTPUT-40"))
            }
            _ => {
                self.unspecified("the spec does not say what such a value does in a producer's place");
                return Ok(());
            }
        };
        self.append(chan, item, why);
        self.initiate_send(chan, why)
    }

    pub(super) fn close_when_done(&mut self, chan: Name) {
        let why = id(if self.modern() { "OUTPUT-15" } else { "OUTPUT-34" });
        let quiet = [Hook::InitiateSend, Hook::Send, Hook::HandleClose, Hook::Close, Hook::RefillBuffer];
        self.forbid_hooks(chan, &quiet, id("OUTPUT-16"));
        self.append(chan, EntryItem::Close, why);
    }

    /// Sends the head of the queue; inside another such call that is an accident.
    pub(super) fn send_again(&mut self, chan: Name) -> Outcome<()> {
        let outer = std::mem::replace(&mut self.chan(chan).initiating, true);
        if outer {
            self.accident(id(if self.asking() { "PRODUCER-14" } else { "OUTPUT-24" }));
        }
        let result = self.send_head(chan);
        self.chan(chan).initiating = outer;
        result
    }

    /// Sends the head of the queue, once.
    fn send_head(&mut self, chan: Name) -> Outcome<()> {
        // What comes in the same call after a producer was dropped comes because it was dropped.
        let mut dropped: Option<ClauseId> = None;
        loop {
            if !self.may_send(chan) {
                return Ok(());
            }
            let Some(first) = self.chan(chan).fifo.front().cloned() else { return Ok(()) };
            if self.is_false(&first) {
                self.chan(chan).fifo.pop_front();
            }
            match first.item {
                EntryItem::Close => {
                    self.handle_close(chan, dropped.unwrap_or(first.why))?;
                    if self.chan(chan).fifo.is_closing() {
                        self.accident(id("OUTPUT-18"));
                    }
                    self.forbid_hooks(chan, &[Hook::Send], id("OUTPUT-15"));
                    self.forbid(Pattern::AnyHook(Hook::More), id("OUTPUT-15"));
                    return Ok(());
                }
                EntryItem::Producer(producer) => {
                    dropped = self.take_more(chan, producer, dropped.unwrap_or(first.why))?;
                }
                EntryItem::Data(data) if data.is_empty() => {
                    self.accident(id("OUTPUT-14"));
                    return self.send_entry(chan, &data, first.why);
                }
                EntryItem::Data(data) => return self.send_entry(chan, &data, dropped.unwrap_or(first.why)),
                EntryItem::Pieces(_) | EntryItem::Broken => unreachable!("only the 2.5 generation queues these"),
            }
        }
    }

    fn is_false(&mut self, entry: &Entry) -> bool {
        match &entry.item {
            EntryItem::Close => true,
            EntryItem::Data(data) => data.is_empty(),
            EntryItem::Producer(producer) => self.producer(*producer).falsy,
            EntryItem::Pieces(_) | EntryItem::Broken => false,
        }
    }

    /// Says whether there is something to send and somewhere to send it; where not, notes what must not happen.
    fn may_send(&mut self, chan: Name) -> bool {
        let it = self.chan(chan);
        let sends = [Hook::Send, Hook::HandleClose, Hook::Close];
        if it.fifo.is_empty() {
            let clause = if it.discarded { "OUTPUT-22" } else { "OUTPUT-29" };
            self.forbid_hooks(chan, &sends, id(clause));
            return false;
        }
        if it.connected {
            return true;
        }
        let closing = it.fifo.is_closing();
        let closed = self.closed(chan);
        self.forbid_hooks(chan, &[Hook::Send], id(if closed { "OUTPUT-28" } else { "OUTPUT-3" }));
        self.forbid(Pattern::AnyHook(Hook::More), id("PRODUCER-7"));
        let clause = if closing && !closed { "OUTPUT-17" } else { "OUTPUT-28" };
        self.forbid_hooks(chan, &[Hook::HandleClose, Hook::Close], id(clause));
        false
    }

    /// Asks a producer at the head for its next data and puts them in front of it, or drops the head.
    ///
    /// Gives the clause by which the head was dropped, if it was.
    fn take_more(&mut self, chan: Name, producer: Name, queued: ClauseId) -> Outcome<Option<ClauseId>> {
        let Producer { falsy, asked, .. } = *self.producer(producer);
        let why = match (falsy, asked) {
            (true, _) => id("PRODUCER-13"),
            (false, true) => id("PRODUCER-14"),
            (false, false) => queued,
        };
        if falsy || asked {
            self.accident(why);
        }
        let given = self.more(producer, why);
        if given.is_err() {
            self.chan(chan).fifo.blame_front(id("PRODUCER-11"));
        }
        match given? {
            Value::Bytes { hex } if !hex.is_empty() => {
                self.chan(chan).fifo.push_front(Entry::new(EntryItem::Data(hex.0), why));
            }
            nothing => {
                let front = self.chan(chan).fifo.front().map(|entry| &entry.item);
                let changed = !matches!(front, Some(EntryItem::Producer(first)) if *first == producer);
                if changed {
                    self.accident(id("PRODUCER-14"));
                }
                let why = id(if changed {
                    "PRODUCER-14"
                } else if falsy {
                    "PRODUCER-13"
                } else if nothing == Value::None {
                    "PRODUCER-12"
                } else {
                    "PRODUCER-6"
                });
                self.forbid_for_good(Pattern::Hook(producer, Hook::More), why);
                self.forbid(Pattern::Raised, why);
                if falsy {
                    self.forbid(Pattern::AnyHook(Hook::More), why);
                }
                if self.chan(chan).fifo.pop_front().is_none() {
                    return thrown("IndexError", why);
                }
                self.forbid_hooks(chan, &[Hook::HandleClose, Hook::Send], why);
                return Ok(Some(if falsy { why } else { id("PRODUCER-17") }));
            }
        }
        Ok(None)
    }

    fn send_entry(&mut self, chan: Name, first: &[u8], why: ClauseId) -> Outcome<()> {
        let size = self.chan(chan).ac_out;
        let data = &first[..first.len().min(size)];
        let long = size < first.len();
        if size == 0 {
            self.accident(id("OUTPUT-27"));
        }
        let outer = std::mem::replace(&mut self.chan(chan).sending, true);
        if outer {
            self.accident(id("OUTPUT-24"));
        }
        let alone = !self.chan(chan).fifo.second().is_some_and(|next| matches!(next.item, EntryItem::Data(_)));
        let why = match why.as_str() {
            _ if outer => id("OUTPUT-24"),
            "OUTPUT-1" | "PRODUCER-5" | "OUTPUT-23" if long => id("OUTPUT-5"),
            _ => why,
        };
        self.forbid(Pattern::AnyHook(Hook::More), why);
        let next = self.chan(chan).fifo.second().map(|next| next.why);
        self.longer = (!alone).then_some(if data.len() == size {
            id("OUTPUT-5")
        } else if next == Some(id("OUTPUT-6")) {
            id("OUTPUT-6")
        } else {
            id("OUTPUT-7")
        });
        let sent = self.send(chan, data, why);
        self.longer = None;
        self.chan(chan).sending = outer;
        let sent = match sent {
            Ok(sent) => sent,
            Err(Thrown { exception: exception @ Exception::Os { .. }, .. }) => {
                self.head_stays(chan, "OUTPUT-10");
                self.handle_error(chan, &exception, id("OUTPUT-10"))?;
                self.forbid(Pattern::Raised, id("OUTPUT-10"));
                return Ok(());
            }
            Err(thrown) => {
                self.head_stays(chan, "OUTPUT-13");
                return Err(thrown);
            }
        };
        self.forbid_hooks(chan, &[Hook::Send], id("OUTPUT-4"));
        let all = sent == first.len();
        let fifo = &self.chan(chan).fifo;
        let last = all && matches!(fifo.second(), Some(Entry { item: EntryItem::Close, .. }));
        let untimely = match fifo.is_closing() {
            true if last => "OUTPUT-42",
            true => "OUTPUT-15",
            false => "OUTPUT-9",
        };
        self.forbid_hooks(chan, &[Hook::HandleClose], id(untimely));
        self.forbid_hooks(chan, &[Hook::HandleError], id("OUTPUT-9"));
        self.forbid(Pattern::AnyHook(Hook::More), id(if all { "PRODUCER-16" } else { "PRODUCER-9" }));
        if sent == 0 {
            if !first.is_empty() {
                let lost = std::mem::take(&mut self.chan(chan).lost);
                self.head_stays(chan, if lost { "OUTPUT-11" } else { "OUTPUT-9" });
            }
            return Ok(());
        }
        let it = self.chan(chan);
        if sent < data.len() || long {
            let clause = if sent < data.len() { "OUTPUT-8" } else { "PRODUCER-10" };
            let rest = Entry::new(EntryItem::Data(first[sent..].to_vec()), id(clause));
            if it.fifo.replace_front(rest).is_none() {
                return thrown("IndexError", id("OUTPUT-24"));
            }
        } else if it.fifo.pop_front().is_none() {
            return thrown("IndexError", id("OUTPUT-24"));
        }
        Ok(())
    }

    fn head_stays(&mut self, chan: Name, why: &'static str) {
        let fifo = &mut self.chan(chan).fifo;
        if fifo.front().is_some_and(|head| matches!(head.item, EntryItem::Data(_))) {
            fifo.blame_front(id(why));
        }
    }
}
