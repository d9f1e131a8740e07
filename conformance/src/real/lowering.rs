//! Performs lowered scenarios: after each step the subject's loop comes to rest, in the way that it can.
//!
//! A loop that is driven has come to rest when all is there that should be, or when several passes and some time brought
//! nothing more. Of a loop that runs by itself nobody knows whether it has had its turn: what it has not done in time is
//! never held against a clause.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use asyncore_spec::name::Name;
use asyncore_spec::scenario::Action;
use asyncore_spec::trace::{Event, What};
use asyncore_spec::value::Bytes;
use asyncore_spec::wait::{Report, Timeout};

use super::lower::Lowered;
use super::lowered::{Sighting, length};
use super::{Patience, Performance, transport};
use crate::peer::{Peer, Read};
use crate::protocol::LoopKind;
use crate::session::{Session, Stepped};
use crate::subject::Subject;

/// How long the peer looks before the subject is given another pass.
const GLANCE: Duration = Duration::from_millis(1);

/// How many passes have to bring nothing before it is believed that there is nothing more to come.
const PASSES: u32 = 8;

/// Performs a lowered scenario and gives what was seen.
pub(super) fn perform(
    subject: &mut dyn Subject,
    lowered: &Lowered,
    patience: &Patience,
) -> Result<Sighting, Performance> {
    let scenario = &lowered.scenario;
    let Some(transport) = transport(scenario) else {
        return Err(Performance::Unsupported { reason: "its sockets are scripted ones".to_owned() });
    };
    let identity = subject.identity().clone();
    if let Some(missing) = scenario.needs().difference(&identity.features).next() {
        let reason = format!("lowered scenarios need the feature `{missing}` of it");
        return Err(Performance::Unsupported { reason });
    }
    let mut peer = Peer::open(scenario, transport, patience.act)?;
    let mut begun = subject.begin(scenario, &peer.places())?;
    peer.hear(&begun.bound);
    let mut lowering = Lowering {
        session: begun.session.as_mut(),
        peer: &mut peer,
        lowered,
        patience,
        loops: identity.loops,
        fresh: BTreeMap::new(),
        ended: Vec::new(),
        seen: Sighting::default(),
    };
    let done = lowering.run();
    let mut seen = lowering.seen;
    let ended = begun.session.end();
    seen.rest = begun.session.rest();
    drop(begun);
    done?;
    ended?;
    for (on, record) in peer.finish()? {
        let before = seen.steps.iter().flatten().map(|event| seen_of(event, on)).sum();
        if let Some(late @ [_, ..]) = record.seen.get(before..) {
            seen.rest.push(Read { bytes: late.to_vec(), ended: false }.event(on));
        }
    }
    Ok(seen)
}

/// Measures what an event says that a peer read.
fn seen_of(event: &Event, of: Name) -> usize {
    match &event.what {
        What::Seen { on, hex: Bytes(bytes), .. } if *on == of => bytes.len(),
        _ => 0,
    }
}

/// Is something that should be there and is not yet.
struct Lack {
    what: String,
    /// Whether it cannot come any more.
    hopeless: bool,
}

struct Lowering<'a, 's> {
    session: &'a mut (dyn Session + 's),
    peer: &'a mut Peer,
    lowered: &'a Lowered,
    patience: &'a Patience,
    loops: LoopKind,
    /// What was read in the step under way.
    fresh: BTreeMap<Name, Read>,
    /// Whose connection has ended.
    ended: Vec<Name>,
    seen: Sighting,
}

impl Lowering<'_, '_> {
    fn run(&mut self) -> Result<(), Performance> {
        self.peer.greet()?;
        for step in &self.lowered.scenario.steps {
            self.seen.steps.push(Vec::new());
            match step {
                Action::Peer { on, does } => self.peer.act(*on, does)?,
                _ => self.step(step)?,
            }
            let rested = self.come_to_rest(step);
            let fresh = std::mem::take(&mut self.fresh);
            self.note(fresh.into_iter().map(|(on, read)| read.event(on)));
            if !rested? {
                break;
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Action) -> Result<(), Performance> {
        self.peer.pump();
        let stepped = self.session.step(step)?;
        self.hear(stepped);
        Ok(())
    }

    fn hear(&mut self, stepped: Stepped) {
        self.peer.hear(&stepped.bound);
        self.seen.printed.push_str(&stepped.printed);
        self.note(stepped.events);
    }

    fn note(&mut self, events: impl IntoIterator<Item = Event>) {
        if let Some(last) = self.seen.steps.last_mut() {
            last.extend(events);
        }
    }

    /// Lets the loop do what there is to do.
    fn drive(&mut self) -> Result<(), Performance> {
        self.peer.pump();
        match self.loops {
            LoopKind::Free => Ok(()),
            LoopKind::Settle => {
                let stepped = self.session.settle()?;
                self.hear(stepped);
                Ok(())
            }
            LoopKind::Pass => {
                let timeout = Some(Timeout::seconds(0));
                self.step(&Action::Poll { map: None, use_poll: false, timeout, report: Report::default() })
            }
        }
    }

    /// Lets the loop go on until all has come that should, and once more; says whether all came.
    fn come_to_rest(&mut self, step: &Action) -> Result<bool, Performance> {
        let (mut since, mut passes, mut reached) = (Instant::now(), 0, self.reached());
        loop {
            self.drive()?;
            let Some(lack) = self.lack()? else {
                // What comes too much comes now.
                self.drive()?;
                return Ok(true);
            };
            passes += 1;
            if self.reached() > reached {
                (since, passes, reached) = (Instant::now(), 0, self.reached());
            }
            let over = since.elapsed() >= self.patience() && (self.loops == LoopKind::Free || passes >= PASSES);
            if lack.hopeless || over {
                return self.give_up(step, &lack);
            }
            self.peer.wait(GLANCE);
        }
    }

    /// Says how long nothing may come. Who runs by itself has the longer time, as it cannot be made to run.
    fn patience(&self) -> Duration {
        match self.loops {
            LoopKind::Free => self.patience.hook.max(self.patience.act),
            LoopKind::Settle | LoopKind::Pass => self.patience.hook,
        }
    }

    /// Ends what came to nothing: passes that bring nothing are evidence, time alone is none.
    fn give_up(&self, step: &Action, lack: &Lack) -> Result<bool, Performance> {
        if self.loops != LoopKind::Free {
            return Ok(false);
        }
        let what = &lack.what;
        let reason = if lack.hopeless {
            format!("after `{step}` it {what}, and the connection has ended")
        } else {
            format!("within {:?} after `{step}` it {what}", self.patience())
        };
        Err(Performance::Error { reason, stderr: String::new() })
    }

    /// Measures all that has come so far.
    fn reached(&self) -> usize {
        let seen: usize = self.lowered.channels().into_iter().map(|on| self.peer.seen(on)).sum();
        self.seen.steps.iter().map(Vec::len).sum::<usize>() + seen + self.ended.len()
    }

    /// Looks for something that should be there after the steps so far. A loop that runs by itself tells its events in
    /// the end.
    fn lack(&mut self) -> Result<Option<Lack>, Performance> {
        let mut lack = None;
        for on in self.lowered.channels() {
            let found = self.lack_of(on)?;
            if lack.is_none() || found.as_ref().is_some_and(|found| found.hopeless) {
                lack = found.or(lack);
            }
        }
        Ok(lack)
    }

    fn lack_of(&mut self, on: Name) -> Result<Option<Lack>, Performance> {
        let steps = self.seen.steps.len();
        let wanted = self.lowered.wire_length(steps, on);
        if wanted > self.peer.seen(on) {
            self.read(on, wanted - self.peer.seen(on))?;
        }
        let seen = self.peer.seen(on);
        if wanted > seen {
            let what = format!("had sent {seen} of the {wanted} bytes that were due from `{on}`");
            return Ok(Some(Lack { what, hopeless: self.ended.contains(&on) }));
        }
        if self.lowered.closes(steps, on) && !self.ended.contains(&on) {
            self.read(on, usize::MAX)?;
            if !self.ended.contains(&on) {
                let what = format!("had not closed the connection of `{on}`");
                return Ok(Some(Lack { what, hopeless: false }));
            }
        }
        let short = self.loops != LoopKind::Free && self.stream_length(on) < self.lowered.stream_length(steps, on);
        let what = || format!("had not collected all that came over `{on}`");
        Ok(short.then(|| Lack { what: what(), hopeless: false }))
    }

    /// Lets the peer read what is there.
    fn read(&mut self, on: Name, most: usize) -> Result<(), Performance> {
        if self.ended.contains(&on) {
            return Ok(());
        }
        let read = self.peer.read(on, most, GLANCE)?;
        if read.ended {
            self.ended.push(on);
        }
        if read != Read::default() {
            let fresh = self.fresh.entry(on).or_default();
            fresh.bytes.extend(read.bytes);
            fresh.ended |= read.ended;
        }
        Ok(())
    }

    fn stream_length(&self, on: Name) -> usize {
        let events = self.seen.steps.iter().flatten().filter(|event| event.on() == Some(on));
        events.map(length).sum()
    }
}
