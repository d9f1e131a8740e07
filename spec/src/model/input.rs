//! `handle_read`: terminators, collection, held-back prefixes.

use super::Pattern;
use super::machine::{Call, Machine, Outcome, Thrown, id, thrown};
use super::prefix;
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::Hook;
use crate::value::Value;

/// What a terminator's value means to `handle_read`.
enum Meaning {
    /// Everything is collected.
    Nothing,
    /// So many bytes; negative ones only where they are not refused.
    Count(i64),
    /// This string.
    Text(Vec<u8>),
    /// It cannot be used.
    Wrong,
}

/// Names the clause on a value that a port may refuse as a terminator, or understand in its own way.
pub(super) fn oddity(terminator: &Value, profile: Profile, use_encoding: bool) -> Option<ClauseId> {
    match terminator {
        Value::Bool { .. } => Some(id("INPUT-39")),
        Value::Memoryview { .. } if profile == Profile::Py311 => Some(id("INPUT-43")),
        Value::Bytearray { .. } => Some(id("INPUT-43")),
        Value::Float { .. } | Value::List { .. } | Value::Memoryview { .. } => Some(id("INPUT-40")),
        Value::Int { value } if *value < 0 => Some(id("INPUT-42")),
        Value::Text { .. } => Some(id(if use_encoding { "INPUT-53" } else { "INPUT-44" })),
        _ => None,
    }
}

fn meaning(terminator: &Value, profile: Profile) -> (Meaning, Option<ClauseId>) {
    match terminator {
        Value::None => (Meaning::Nothing, Some(id("INPUT-14"))),
        Value::Bool { value: false } => (Meaning::Nothing, Some(id("INPUT-39"))),
        Value::Bool { value: true } => (Meaning::Count(1), Some(id("INPUT-39"))),
        Value::Int { value: 0 } => (Meaning::Nothing, Some(id("INPUT-16"))),
        Value::Int { value } if *value < 0 => (Meaning::Count(*value), Some(id("INPUT-42"))),
        Value::Int { value } => (Meaning::Count(*value), None),
        Value::Bytes { hex } if hex.is_empty() => (Meaning::Nothing, Some(id("INPUT-15"))),
        Value::Bytes { hex } => (Meaning::Text(hex.0.clone()), None),
        Value::Memoryview { .. } if profile != Profile::Py311 => (Meaning::Wrong, Some(id("INPUT-40"))),
        Value::Bytearray { hex } | Value::Memoryview { hex } if hex.is_empty() => {
            (Meaning::Nothing, Some(id("INPUT-43")))
        }
        Value::Bytearray { hex } | Value::Memoryview { hex } => (Meaning::Text(hex.0.clone()), Some(id("INPUT-43"))),
        Value::Float { tenths: 0 } => (Meaning::Nothing, Some(id("INPUT-40"))),
        Value::List { items } if items.is_empty() => (Meaning::Nothing, Some(id("INPUT-40"))),
        Value::Text { value } if value.is_empty() => (Meaning::Nothing, Some(id("INPUT-15"))),
        Value::Text { .. } => (Meaning::Wrong, Some(id("INPUT-44"))),
        Value::Float { .. } | Value::List { .. } => (Meaning::Wrong, Some(id("INPUT-40"))),
    }
}

/// Cuts as Python's `data[:n]` and `data[n:]` do, for a negative `n` too.
fn python_cut(data: &[u8], n: i64) -> usize {
    let length = i64::try_from(data.len()).unwrap_or(i64::MAX);
    let at = if n < 0 { (length + n).max(0) } else { n.min(length) };
    usize::try_from(at).unwrap_or(0)
}

/// What one round of the loop over the buffer knows of the rounds before it.
struct Round {
    /// The clause that says why the buffer held data before this read.
    earlier: Option<ClauseId>,
    /// Whether a terminator was met in this call already.
    again: bool,
    /// Whether a callback set a terminator since the last one was met.
    changed: bool,
    /// Whether the read gave nothing, so that there is only what was held back.
    nothing_new: bool,
}

impl Machine<'_> {
    pub(super) fn chat_handle_read(&mut self, chan: Name) -> Outcome<()> {
        let outer = std::mem::replace(&mut self.chan(chan).reading, true);
        if outer {
            self.accident(id("INPUT-48"));
        }
        let before = self.read_oddly(chan);
        let result = self.read(chan);
        if let Some(why) = self.odd_reading {
            self.forbid(Pattern::Raised, why);
        }
        self.odd_reading = before;
        self.chan(chan).reading = outer;
        result
    }

    /// Says whether what a channel does with what it reads is blamed on an odd terminator; gives what was so before.
    fn read_oddly(&mut self, chan: Name) -> Option<ClauseId> {
        let odd = self.chan(chan).odd_input;
        std::mem::replace(&mut self.odd_reading, odd)
    }

    /// Notes that data met the terminator; from then on an odd one may have led a port elsewhere.
    fn meets(&mut self, chan: Name, terminator: &Value) {
        let it = self.chan(chan);
        let encoded = (it.terminator_why == id("INPUT-53")).then_some(it.terminator_why);
        let Some(why) = oddity(terminator, self.profile, false).or(encoded) else { return };
        self.chan(chan).odd_input.get_or_insert(why);
        _ = self.read_oddly(chan);
        self.forbid(Pattern::Raised, why);
    }

    fn read(&mut self, chan: Name) -> Outcome<()> {
        let size = self.chan(chan).ac_in;
        let data = match self.recv(chan, size) {
            Ok(data) => data,
            Err(Thrown { exception: Exception::Os { errno, .. }, .. }) => return self.failed_read(chan, errno),
            Err(thrown) => return Err(thrown),
        };
        self.forbid_hooks(chan, &[Hook::Recv], id("INPUT-54"));
        if data.is_empty() {
            self.forbid_hooks(chan, &[Hook::HandleClose], id("INPUT-20"));
            let profile = self.profile;
            let it = self.chan(chan);
            let held = match it.terminator.as_ref().map(|terminator| meaning(terminator, profile).0) {
                Some(Meaning::Text(text)) => text.len() > it.buffer.len() && text.starts_with(&it.buffer),
                _ => false,
            };
            if it.buffer.is_empty() || held {
                let clause = if it.buffer.is_empty() { "INPUT-50" } else { "INPUT-21" };
                self.forbid_hooks(chan, &[Hook::CollectIncomingData, Hook::FoundTerminator], id(clause));
            } else {
                self.accident(id("INPUT-22"));
            }
        }
        let it = self.chan(chan);
        let discarded = std::mem::take(&mut it.input_discarded).then_some(id("INPUT-46"));
        let earlier = if it.buffer.is_empty() { discarded } else { it.buffer_why };
        let waiting = !it.buffer.is_empty();
        let across = waiting && self.closed(chan);
        let nothing_new = data.is_empty();
        let it = self.chan(chan);
        it.buffer.extend(data);
        let outer = std::mem::replace(&mut it.consuming, true);
        if across {
            self.accident(id("INPUT-31"));
        } else if let Some(accident) =
            earlier.filter(|why| ["INPUT-22", "INPUT-29", "INPUT-32"].contains(&why.as_str()))
        {
            self.accident(accident);
        }
        let result = self.consume(chan, earlier, nothing_new);
        self.forbid_hooks(chan, &[Hook::Recv], id("INPUT-54"));
        self.chan(chan).consuming = outer;
        result
    }

    fn failed_read(&mut self, chan: Name, errno: Errno) -> Outcome<()> {
        let blocking = matches!(errno, Errno::EAGAIN | Errno::EALREADY | Errno::EINPROGRESS);
        if blocking && self.modern() {
            let quiet =
                [Hook::HandleError, Hook::HandleClose, Hook::CollectIncomingData, Hook::FoundTerminator, Hook::Recv];
            self.forbid_hooks(chan, &quiet, id("INPUT-23"));
            self.forbid(Pattern::Raised, id("INPUT-23"));
            return Ok(());
        }
        let demand = match errno {
            Errno::EINTR => "INPUT-28",
            _ if blocking => "INPUT-24",
            Errno::ECONNABORTED | Errno::EPIPE | Errno::EBADF if !self.modern() => "INPUT-26",
            _ => "INPUT-27",
        };
        self.handle_error(chan, &Exception::os(errno), id(demand))?;
        self.forbid(Pattern::Raised, id("INPUT-27"));
        Ok(())
    }

    /// Works on the buffer until nothing more can be decided.
    fn consume(&mut self, chan: Name, earlier: Option<ClauseId>, nothing_new: bool) -> Outcome<()> {
        let mut round = Round { earlier, again: false, changed: false, nothing_new };
        while !self.chan(chan).buffer.is_empty() {
            let Some(terminator) = self.chan(chan).terminator.clone() else {
                self.chan(chan).buffer_why = Some(id("INPUT-32"));
                return thrown("AttributeError", id("INPUT-32"));
            };
            self.meets(chan, &terminator);
            let (meaning, why) = meaning(&terminator, self.profile);
            let go_on = match meaning {
                Meaning::Nothing => self.collect_all(chan, why, &mut round)?,
                Meaning::Count(n) => self.count_down(chan, n, why, &mut round)?,
                Meaning::Text(text) => self.search(chan, &text, why, &mut round)?,
                Meaning::Wrong => {
                    self.chan(chan).buffer_why = why;
                    return thrown("TypeError", why.unwrap_or(id("INPUT-40")));
                }
            };
            if !go_on {
                return Ok(());
            }
        }
        let clause = id(if round.again { "INPUT-7" } else { "INPUT-50" });
        self.forbid_hooks(chan, &[Hook::CollectIncomingData, Hook::FoundTerminator], clause);
        Ok(())
    }

    fn collect_all(&mut self, chan: Name, why: Option<ClauseId>, round: &mut Round) -> Outcome<bool> {
        let zeroed = self.chan(chan).terminator_why;
        let own = if zeroed == id("INPUT-38") { why.unwrap_or(id("INPUT-14")) } else { zeroed };
        self.forbid_hooks(chan, &[Hook::FoundTerminator], own);
        let data = self.chan(chan).buffer.clone();
        self.collect(chan, &data, round.earlier.take().map_or(own, rejudged), false)?;
        self.forbid_hooks(chan, &[Hook::FoundTerminator], own);
        self.chan(chan).buffer.clear();
        Ok(true)
    }

    fn count_down(&mut self, chan: Name, n: i64, why: Option<ClauseId>, round: &mut Round) -> Outcome<bool> {
        let set = self.chan(chan).terminator_why;
        let plain = round.changed_or(why.unwrap_or(id("INPUT-11")));
        let demand = if set == id("INPUT-38") { plain } else { set };
        let data = self.chan(chan).buffer.clone();
        let length = i64::try_from(data.len()).unwrap_or(i64::MAX);
        if length < n {
            let fresh = if demand == plain { id("INPUT-12") } else { demand };
            let demand = round.earlier.take().map_or(fresh, rejudged);
            let touched = self.collect(chan, &data, demand, false)?;
            self.forbid_hooks(chan, &[Hook::FoundTerminator], id("INPUT-11"));
            self.chan(chan).buffer.clear();
            return self.subtract(chan, length, touched);
        }
        self.forbid_hooks(chan, &[Hook::FoundTerminator], id("INPUT-11"));
        let first = &data[..python_cut(&data, n)];
        let touched = self.collect(chan, first, round.earlier.take().map_or(demand, rejudged), false)?;
        let it = self.chan(chan);
        let cut = python_cut(&it.buffer, n);
        it.buffer.drain(..cut);
        it.terminator = Some(Value::int(0));
        it.terminator_why = id(if touched { "INPUT-19" } else { "INPUT-13" });
        if touched {
            self.accident(id("INPUT-19"));
        } else if n < 0 {
            self.accident(demand);
        }
        self.found(chan, demand, round)?;
        Ok(true)
    }

    /// Takes what was collected from whatever the terminator is now.
    fn subtract(&mut self, chan: Name, length: i64, touched: bool) -> Outcome<bool> {
        if touched {
            self.accident(id("INPUT-18"));
        }
        let it = self.chan(chan);
        let left = match &it.terminator {
            Some(Value::Int { value }) => Value::int(value.saturating_sub(length)),
            Some(Value::Bool { value }) => Value::int(i64::from(*value).saturating_sub(length)),
            Some(Value::Float { tenths }) => match i32::try_from(length * 10) {
                Ok(taken) => Value::Float { tenths: tenths.saturating_sub(taken) },
                Err(_) => return thrown("TypeError", id("INPUT-18")),
            },
            _ => return thrown("TypeError", id("INPUT-18")),
        };
        it.terminator = Some(left);
        it.terminator_why = id(if touched { "INPUT-18" } else { "INPUT-12" });
        Ok(true)
    }

    fn search(&mut self, chan: Name, text: &[u8], why: Option<ClauseId>, round: &mut Round) -> Outcome<bool> {
        let data = self.chan(chan).buffer.clone();
        match data.windows(text.len()).position(|window| window == text) {
            Some(at) => self.matched(chan, &data[..at], text, why, round).map(|()| true),
            None => self.unmatched(chan, &data, text, why, round),
        }
    }

    fn matched(
        &mut self,
        chan: Name,
        line: &[u8],
        text: &[u8],
        why: Option<ClauseId>,
        round: &mut Round,
    ) -> Outcome<()> {
        let earlier = round.earlier.take();
        let fresh = if prefix::longest(text, text) > 0 {
            "INPUT-9"
        } else if round.again {
            "INPUT-7"
        } else {
            "INPUT-1"
        };
        let demand = why.unwrap_or_else(|| round.changed_or(id(fresh)));
        let mut touched = false;
        if line.is_empty() {
            self.forbid(Pattern::Empty(chan, Hook::CollectIncomingData), id("INPUT-2"));
            let again = self.chan(chan).buffer[1..].windows(text.len()).any(|window| window == text);
            let skipped = if again { id("INPUT-9") } else { earlier.unwrap_or(demand) };
            self.forbid_hooks(chan, &[Hook::CollectIncomingData], skipped);
        } else {
            let demand = earlier.map_or(demand, |why| if why == id("INPUT-3") { id("INPUT-6") } else { why });
            touched = self.collect(chan, line, demand, true)?;
        }
        let it = self.chan(chan);
        let cut = (line.len() + text.len()).min(it.buffer.len());
        it.buffer.drain(..cut);
        if touched {
            self.accident(id("INPUT-17"));
        }
        let it = self.chan(chan);
        let long = text.len() > it.ac_in && earlier == Some(id("INPUT-3"));
        let demand = match earlier {
            _ if touched => id("INPUT-17"),
            Some(_) if long => id("INPUT-36"),
            earlier => earlier.unwrap_or(demand),
        };
        self.found(chan, demand, round)
    }

    fn unmatched(
        &mut self,
        chan: Name,
        data: &[u8],
        text: &[u8],
        why: Option<ClauseId>,
        round: &mut Round,
    ) -> Outcome<bool> {
        let held = prefix::longest(data, text);
        let earlier = round.earlier.take().map(|why| if why == id("INPUT-3") { id("INPUT-6") } else { why });
        self.forbid_hooks(chan, &[Hook::FoundTerminator], id("INPUT-1"));
        if held == 0 {
            let demand = earlier.or(why).unwrap_or_else(|| round.changed_or(id("INPUT-10")));
            self.collect(chan, data, demand, false)?;
            self.forbid_hooks(chan, &[Hook::FoundTerminator], id("INPUT-1"));
            self.chan(chan).buffer.clear();
            return Ok(true);
        }
        let mut touched = false;
        if held == data.len() {
            let hooks = [Hook::CollectIncomingData, Hook::FoundTerminator];
            self.forbid_hooks(chan, &hooks, id(if round.nothing_new { "INPUT-21" } else { "INPUT-5" }));
        } else {
            let demand = earlier.or(why).unwrap_or_else(|| round.changed_or(id("INPUT-4")));
            touched = self.collect(chan, &data[..data.len() - held], demand, false)?;
            let it = self.chan(chan);
            let cut = it.buffer.len().saturating_sub(held);
            it.buffer.drain(..cut);
            self.forbid_hooks(chan, &[Hook::CollectIncomingData, Hook::FoundTerminator], id("INPUT-4"));
        }
        let it = self.chan(chan);
        it.buffer_why = Some(id(if touched { "INPUT-22" } else { "INPUT-3" }));
        Ok(false)
    }

    /// Calls `collect_incoming_data`; if it raises, the data stay. Says whether the call set a terminator.
    fn collect(&mut self, chan: Name, data: &[u8], demand: ClauseId, before_found: bool) -> Outcome<bool> {
        if self.chan(chan).bare {
            let it = self.chan(chan);
            it.buffer_why = Some(id("INPUT-29"));
            it.terminator_why = id("INPUT-29");
            return thrown("NotImplementedError", id("INPUT-37"));
        }
        let plain = ["INPUT-1", "INPUT-10", "INPUT-14"].contains(&demand.as_str());
        let binary = data.iter().any(|byte| *byte == 0 || *byte > 127);
        let demand = if plain && binary { id("INPUT-47") } else { demand };
        let open = !self.closed(chan);
        let it = self.chan(chan);
        let sets = it.sets;
        let outer = std::mem::replace(&mut it.collecting, true);
        let call = Call::of(chan, Hook::CollectIncomingData, demand, id("INPUT-29")).with(Value::bytes(data));
        let result = self.hook(
            call,
            |machine| {
                let it = machine.chan(chan);
                if it.gather {
                    it.incoming.extend(data);
                }
                Ok(())
            },
            (),
        );
        self.chan(chan).collecting = outer;
        if open && self.closed(chan) {
            self.accident(id("INPUT-31"));
        }
        let it = self.chan(chan);
        let touched = it.sets != sets;
        if result.is_err() {
            it.buffer_why = Some(id("INPUT-29"));
            self.accident(id("INPUT-29"));
        } else {
            let clause = id(if before_found { "INPUT-2" } else { "INPUT-51" });
            self.forbid_hooks(chan, &[Hook::CollectIncomingData], clause);
        }
        result.map(|()| touched)
    }

    /// Calls `found_terminator`; if it raises, the line and the terminator are gone, the rest stays.
    fn found(&mut self, chan: Name, demand: ClauseId, round: &mut Round) -> Outcome<()> {
        if self.chan(chan).bare {
            self.chan(chan).buffer_why = Some(id("INPUT-30"));
            return thrown("NotImplementedError", id("INPUT-37"));
        }
        let before = self.chan(chan).terminator.clone();
        let was_open = !self.closed(chan);
        let call = Call::of(chan, Hook::FoundTerminator, demand, id("INPUT-30"));
        let result = self.hook(call, |_| Ok(()), ());
        if result.is_err() {
            self.chan(chan).buffer_why = Some(id("INPUT-30"));
            return result;
        }
        self.forbid_hooks(chan, &[Hook::FoundTerminator], demand);
        round.again = true;
        let it = self.chan(chan);
        round.changed = it.terminator != before;
        if it.buffer.is_empty() {
            self.forbid_hooks(chan, &[Hook::CollectIncomingData], id("INPUT-46"));
        } else if was_open && self.closed(chan) {
            round.earlier = Some(id("INPUT-31"));
            self.accident(id("INPUT-31"));
        }
        Ok(())
    }
}

impl Round {
    fn changed_or(&self, otherwise: ClauseId) -> ClauseId {
        if self.changed { id("INPUT-8") } else { otherwise }
    }
}

/// Data held back under a string and met by another kind of terminator are judged anew.
fn rejudged(why: ClauseId) -> ClauseId {
    if why == id("INPUT-3") { id("INPUT-22") } else { why }
}
