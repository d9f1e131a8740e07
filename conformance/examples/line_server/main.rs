//! A port without scripted sockets: a line server with a loop of its own, which can be stepped (`pass`), run until it is
//! quiet (`settle`), or runs in a thread all the time (`free`), as the first argument says.
//!
//! A second argument names something that it does wrong, for the tests of the suite itself; with `dawdles` it does nothing
//! wrong, but has a loop that serves each channel for long, and the last one first.

mod channel;
mod misbehave;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asyncore_conformance::protocol::{Answer, Hello, LoopKind, PROTOCOL, Place, Places, Request};
use asyncore_spec::feature::Feature;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Hook, Kind, Scenario, Setup};
use asyncore_spec::trace::Event;
use asyncore_spec::value::Value;
use channel::Channel;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let loops = match arguments.next().as_deref() {
        Some("free") => LoopKind::Free,
        Some("settle") => LoopKind::Settle,
        _ => LoopKind::Pass,
    };
    let fault = arguments.next().unwrap_or_default();
    let world = Arc::new(Mutex::new(World::default()));
    if loops == LoopKind::Free {
        let world = Arc::clone(&world);
        let dawdles = fault == "dawdles";
        std::thread::spawn(move || run_for_ever(&world, dawdles));
    }
    let mut output = io::stdout();
    for line in io::stdin().lock().lines() {
        let mut answer = serde_json::to_string(&answer(&world, loops, &fault, &line?))?;
        answer.push('\n');
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

/// Holds the channels and what was observed.
#[derive(Default)]
struct World {
    channels: BTreeMap<Name, Channel>,
    events: Vec<Event>,
    reactions: Vec<(Name, u32, Vec<Action>)>,
}

/// How long a loop waits for a channel, and how long one that dawdles does, in nanoseconds.
const MOMENT: i64 = 1_000_000;
const WHILE: i64 = 20_000_000;

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Is the loop that runs by itself; it waits for no longer than a new channel may wait for it.
fn run_for_ever(world: &Mutex<World>, dawdles: bool) {
    loop {
        let streams: Vec<TcpStream> = {
            if dawdles {
                dawdle(world);
            }
            let mut world = lock(world);
            world.pass();
            world.channels.values().filter_map(Channel::stream).collect()
        };
        comes(&streams, MOMENT);
    }
}

/// Waits until something comes over one of some streams; says whether something did.
fn comes(streams: &[TcpStream], nanoseconds: i64) -> bool {
    let mut fds: Vec<PollFd<'_>> = streams.iter().map(|stream| PollFd::new(stream, PollFlags::IN)).collect();
    // An interrupted wait is as good as any.
    poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: nanoseconds })).is_ok_and(|ready| ready > 0)
}

/// Serves every channel, the last one first, each until nothing has come over it for a while.
fn dawdle(world: &Mutex<World>) {
    let names: Vec<Name> = lock(world).channels.keys().rev().copied().collect();
    for name in names {
        lock(world).serve(name);
        let stream = || lock(world).channels.get(&name).and_then(Channel::stream);
        // What comes and is nothing to be done is the end.
        while stream().is_some_and(|stream| comes(&[stream], WHILE)) && lock(world).serve(name) {}
    }
}

impl World {
    /// Serves every channel once; says whether there was anything to do.
    fn pass(&mut self) -> bool {
        let names: Vec<Name> = self.channels.keys().copied().collect();
        names.into_iter().filter(|name| self.serve(*name)).count() > 0
    }

    /// Serves a channel as long as there are terminators; says whether there was anything to do.
    fn serve(&mut self, name: Name) -> bool {
        let mut busy = false;
        while let Some(channel) = self.channels.get_mut(&name) {
            let (before, found) = (self.events.len(), channel.read(&mut self.events));
            busy |= self.events.len() > before || channel.write();
            if !found {
                break;
            }
            busy = true;
            self.react(name);
        }
        busy
    }

    /// Does what the scenario lets a channel do at the terminator that it has just found.
    fn react(&mut self, name: Name) {
        let Some(channel) = self.channels.get_mut(&name) else { return };
        channel.found += 1;
        let nth = channel.found;
        let due = self.reactions.iter().find(|(on, number, _)| *on == name && *number == nth);
        for action in due.map(|(_, _, actions)| actions.clone()).unwrap_or_default() {
            self.act(&action);
        }
    }

    fn act(&mut self, action: &Action) -> bool {
        let channel = match action {
            Action::Push { chan, .. } | Action::CloseWhenDone { chan } | Action::SetTerminator { chan, .. } => {
                self.channels.get_mut(chan)
            }
            _ => None,
        };
        match (action, channel) {
            (Action::Push { data: Value::Bytes { hex }, .. }, Some(channel)) => channel.push(Some(hex.0.clone())),
            (Action::CloseWhenDone { .. }, Some(channel)) => channel.push(None),
            (Action::SetTerminator { terminator: Value::Bytes { hex }, .. }, Some(channel)) => {
                channel.terminator = hex.0.clone();
            }
            _ => return false,
        }
        true
    }

    fn begin(&mut self, scenario: &Scenario, places: &Places, fault: &str) -> io::Result<()> {
        *self = Self::default();
        for line in &scenario.setup {
            match line {
                Setup::Chat { name, options } => {
                    let Some(Place::Inet { host, port }) = places.get(name) else { continue };
                    if fault == "ignores its port" {
                        continue;
                    }
                    let stream = TcpStream::connect((*host, *port))?;
                    stream.set_nonblocking(true)?;
                    stream.set_nodelay(true)?;
                    let terminator = match &options.terminator {
                        Some(Value::Bytes { hex }) => hex.0.clone(),
                        _ => Vec::new(),
                    };
                    self.channels.insert(*name, Channel::new(*name, stream, terminator, fault));
                }
                Setup::Reaction { on, hook: Hook::FoundTerminator, nth, actions, .. } => {
                    self.reactions.push((*on, *nth, actions.clone()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn answer(world: &Mutex<World>, loops: LoopKind, fault: &str, line: &str) -> Answer {
    let request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => {
            let request: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            return Answer::Unsupported { id: request["id"].as_u64().unwrap_or(0), reason: error.to_string() };
        }
    };
    if let Some(answer) = misbehave::instead(fault, &request) {
        return answer;
    }
    let world = &mut *lock(world);
    match request {
        Request::Hello { nonce, .. } => Answer::Hello(misbehave::claiming(fault, hello(nonce, loops))),
        Request::Run { id, .. } => Answer::Unsupported { id, reason: "there are no scripted sockets".to_owned() },
        Request::Begin { id, scenario, places } => match world.begin(&scenario, &places, fault) {
            Ok(()) => Answer::Began { id, bound: Places::new() },
            Err(error) => Answer::Error { id, reason: error.to_string() },
        },
        Request::Settle { id } => {
            while world.pass() {}
            stepped(world, id)
        }
        Request::Step { id, action: Action::Poll { .. } } if loops == LoopKind::Pass => {
            world.pass();
            stepped(world, id)
        }
        Request::Step { id, action } => {
            if world.act(&action) {
                stepped(world, id)
            } else {
                Answer::Unsupported { id, reason: format!("there is nothing to do `{action}` with") }
            }
        }
        Request::End { id } => {
            world.channels.clear();
            Answer::Ended { id, events: std::mem::take(&mut world.events) }
        }
    }
}

fn stepped(world: &mut World, id: u64) -> Answer {
    let events = std::mem::take(&mut world.events);
    Answer::Stepped { id, events, bound: Places::new(), printed: String::new() }
}

fn hello(nonce: String, loops: LoopKind) -> Hello {
    let mut features = vec![Feature::Chat, Feature::Tcp4, Feature::Reactions, Feature::Binary];
    features.extend((loops == LoopKind::Pass).then_some(Feature::Loop));
    Hello {
        protocol: PROTOCOL,
        nonce,
        name: "line server".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        language: "Rust".to_owned(),
        follows: "3.11".to_owned(),
        because: "it says so itself".to_owned(),
        features,
        observes: vec![Kind::Callbacks],
        missing: Vec::new(),
        ac_in_buffer_size: 65536,
        ac_out_buffer_size: 65536,
        batch: 1,
        loops,
        scripted: false,
    }
}
