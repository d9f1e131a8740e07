//! Performs a scenario: the subject's steps, the peer's, and the passes that awaits become.

use std::time::{Duration, Instant};

use asyncore_spec::feature::Feature;
use asyncore_spec::name::Name;
use asyncore_spec::peer::{PeerAct, Transport};
use asyncore_spec::scenario::{Action, Hook, Kind, Scenario, Setup};
use asyncore_spec::trace::{Event, Trace, What};
use asyncore_spec::view::Observed;
use asyncore_spec::wait::{Report, Timeout};

use super::awaited::Awaited;
use super::spent::spent;
use super::{Patience, Performance, Realised, plausible, transport};
use crate::peer::{Peer, PeerError};
use crate::session::{Refusal, Session};
use crate::subject::Subject;

/// How long the peer looks for what is likely to be there already, before the subject is given a pass.
const GLANCE: Duration = Duration::from_millis(1);

/// After how many passes in a row the peer waits a moment before the next one.
const PASSES: u32 = 50;

/// Says why a performance ended early.
enum Stop {
    Peer(PeerError),
    Subject(Refusal),
    InVain(Awaited),
}

impl From<PeerError> for Stop {
    fn from(error: PeerError) -> Self {
        Self::Peer(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Subject(refusal)
    }
}

impl From<PeerError> for Performance {
    fn from(error: PeerError) -> Self {
        match error {
            PeerError::Absent(reason) => Self::Absent { reason },
            PeerError::Scenario(reason) => Self::Unsupported { reason },
            PeerError::Subject(reason) => Self::Error { reason, stderr: String::new() },
        }
    }
}

/// Performs a scenario and checks what the subject says against what the peer saw.
pub(super) fn perform(subject: &mut dyn Subject, scenario: &Scenario, patience: &Patience) -> Performance {
    let Some(transport) = transport(scenario) else {
        return Performance::Unsupported { reason: "its sockets are scripted ones".to_owned() };
    };
    let observed = subject.identity().observes.clone();
    let has_loop = subject.identity().features.contains(&Feature::Loop);
    let mut peer = match Peer::open(scenario, transport, patience.act) {
        Ok(peer) => peer,
        Err(error) => return error.into(),
    };
    let mut begun = match subject.begin(scenario, &peer.places()) {
        Ok(begun) => begun,
        Err(refusal) => return refusal.into(),
    };
    peer.hear(&begun.bound);
    let mut realiser = Realiser {
        session: begun.session.as_mut(),
        peer: &mut peer,
        scenario,
        transport,
        patience,
        observed: &observed,
        has_loop,
        steps: Vec::new(),
        events: Vec::new(),
        printed: String::new(),
    };
    let done = realiser.run();
    let Realiser { steps, events, printed, .. } = realiser;
    let ended = begun.session.end();
    drop(begun);
    let in_vain = match done {
        Ok(()) => None,
        Err(Stop::InVain(awaited)) => Some(awaited),
        Err(Stop::Subject(refusal)) => return refusal.into(),
        Err(Stop::Peer(error)) => return error.into(),
    };
    if let Err(refusal) = ended {
        return refusal.into();
    }
    let records = match peer.finish() {
        Ok(records) => records,
        Err(error) => return error.into(),
    };
    let trace = Trace { steps: events };
    if observed.contains(&Kind::Socket)
        && let Err(lie) = plausible::check(&trace, &records)
    {
        return Performance::Error { reason: lie, stderr: String::new() };
    }
    let scenario = Scenario { setup: scenario.setup.clone(), steps };
    Performance::Realised(Realised { scenario, trace, printed, in_vain })
}

struct Realiser<'a, 's> {
    session: &'a mut (dyn Session + 's),
    peer: &'a mut Peer,
    scenario: &'a Scenario,
    transport: Transport,
    patience: &'a Patience,
    observed: &'a Observed,
    /// Whether it can be given passes.
    has_loop: bool,
    /// The steps of the realised scenario.
    steps: Vec<Action>,
    /// What was observed in each of them.
    events: Vec<Vec<Event>>,
    printed: String,
}

impl Realiser<'_, '_> {
    fn run(&mut self) -> Result<(), Stop> {
        self.peer.greet()?;
        for step in &self.scenario.steps {
            match step {
                Action::Peer { on, does: PeerAct::Reads { bytes } } => self.read(*on, *bytes)?,
                Action::Peer { on, does } => {
                    self.peer.act(*on, does)?;
                    self.note(step.clone(), Vec::new());
                }
                Action::Await { on, hook, use_poll, map } => {
                    self.wait_for(Awaited { on: *on, hook: *hook }, *use_poll, *map)?;
                }
                _ => _ = self.step(step.clone())?,
            }
        }
        Ok(())
    }

    fn note(&mut self, step: Action, events: Vec<Event>) {
        self.steps.push(step);
        self.events.push(events);
    }

    /// Lets the subject do a step; gives what was observed.
    fn step(&mut self, step: Action) -> Result<&[Event], Stop> {
        self.peer.pump();
        let stepped = self.session.step(&step)?;
        if let Some(reason) = spent(&stepped.events, self.transport) {
            return Err(Stop::Peer(PeerError::Subject(reason)));
        }
        self.peer.hear(&stepped.bound);
        self.printed.push_str(&stepped.printed);
        self.note(step, stepped.events);
        Ok(self.events.last().map_or(&[], Vec::as_slice))
    }

    fn pass(&mut self, use_poll: bool, map: Option<Name>, timeout: Duration) -> Result<&[Event], Stop> {
        let micros = i64::try_from(timeout.as_micros()).unwrap_or(i64::MAX);
        let timeout = Some(Timeout::Micros { value: micros });
        self.step(Action::Poll { map, use_poll, timeout, report: Report::default() })
    }

    /// Runs passes until a hook is called. Where nothing is in the map, nothing can call it any more.
    fn wait_for(&mut self, awaited: Awaited, use_poll: bool, map: Option<Name>) -> Result<(), Stop> {
        if self.observed.missing().any(|hook| hook == awaited.hook) {
            let reason = format!("`{}` is awaited, which it does not have", awaited.hook.name());
            return Err(Stop::Peer(PeerError::Scenario(reason)));
        }
        let until = Instant::now() + self.patience.hook;
        let sees_waits = self.observed.contains(&Kind::Waits);
        for pass in 1.. {
            let patience = self.patience.pass;
            let events = self.pass(use_poll, map, patience)?;
            if calls(events, awaited) {
                return Ok(());
            }
            let idle = sees_waits && !events.iter().any(|event| matches!(event.what, What::Wait { .. }));
            if idle || Instant::now() >= until {
                break;
            }
            if pass > PASSES {
                self.peer.wait(Duration::from_millis(1));
            }
        }
        let Awaited { on, hook } = awaited;
        self.note(Action::Await { on, hook, use_poll, map }, Vec::new());
        Err(Stop::InVain(awaited))
    }

    /// Reads; what the subject has yet to send it sends in passes between.
    fn read(&mut self, on: Name, bytes: u32) -> Result<(), Stop> {
        let until = Instant::now() + self.patience.hook;
        let (use_poll, map) = (self.discipline(), self.map_of(on));
        let mut left = bytes;
        loop {
            let glance = if self.has_loop { GLANCE } else { self.patience.hook };
            let read = self.peer.read(on, left as usize, glance)?;
            let got = u32::try_from(read.bytes.len()).unwrap_or(u32::MAX);
            self.note(Action::Peer { on, does: PeerAct::Reads { bytes: left } }, vec![read.event(on)]);
            left = left.saturating_sub(got);
            if left == 0 || read.ended {
                return Ok(());
            }
            if Instant::now() >= until {
                let reason =
                    format!("`{on}` did not send the {bytes} bytes that its peer was to read: {left} are missing");
                return Err(Stop::Peer(PeerError::Subject(reason)));
            }
            self.pass(use_poll, map, Duration::ZERO)?;
        }
    }

    /// Says whether the scenario's passes are those of `poll2`.
    fn discipline(&self) -> bool {
        self.scenario
            .steps
            .iter()
            .any(|step| matches!(step, Action::Await { use_poll: true, .. } | Action::Poll { use_poll: true, .. }))
    }

    /// Gives the map that a channel is set up in.
    fn map_of(&self, on: Name) -> Option<Name> {
        self.scenario.setup.iter().find_map(|setup| match setup {
            Setup::Chat { name, options } if *name == on => options.map,
            Setup::Dispatcher { name, options } if *name == on || options.on == Some(on) => options.map,
            _ => None,
        })
    }
}

fn calls(events: &[Event], awaited: Awaited) -> bool {
    let called: fn(&Event) -> Option<(Name, Hook)> = |event| match event.what {
        What::Hook { on, hook, .. } => Some((on, hook)),
        _ => None,
    };
    events.iter().filter_map(called).any(|(on, hook)| on == awaited.on && hook == awaited.hook)
}
