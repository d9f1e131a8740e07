//! Lowering: makes of a scripted scenario about framing or output one that needs nothing but a peer.
//!
//! What a script lets a `recv` find, the peer sends. What a `handle_read` or `handle_write` of the scenario would do, the
//! loop does by itself. What is expected is predicted from a scripted scenario all the same: the *plain* one, in which
//! every byte is read as soon as it has come and everything is sent as soon as it is there.

use asyncore_spec::model::{Prediction, Settings, predict};
use asyncore_spec::name::Name;
use asyncore_spec::peer::{PeerAct, Transport};
use asyncore_spec::scenario::{Action, Ending, Hook, Input, Item, Outcome, Scenario, Setup};
use asyncore_spec::trace::What;
use asyncore_spec::value::Value;

/// Is a lowered scenario, with what is expected of it.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What is done on real sockets; the loop is to come to rest after each step.
    pub scenario: Scenario,
    /// The plain scripted scenario.
    pub plain: Scenario,
    /// How many steps of the plain scenario belong to the steps up to each of the lowered one.
    pub upto: Vec<usize>,
    /// What is predicted of the plain one.
    pub prediction: Prediction,
}

/// Lowers a scenario; none if it is about something that cannot be seen from outside.
#[must_use]
pub fn lower(scenario: &Scenario, transport: Transport, settings: &Settings) -> Option<Lowered> {
    let mut setup = vec![Setup::Over { transport }];
    let mut plain = Scenario::default();
    for line in &scenario.setup {
        match line {
            Setup::Sends { outcomes, .. } if takes(outcomes) => continue,
            _ if is_visible(line) => {}
            _ => return None,
        }
        setup.push(line.clone());
        plain.setup.push(line.clone());
    }
    let (mut steps, mut upto) = (Vec::new(), Vec::new());
    for step in &scenario.steps {
        let Some(lowered) = lowered(step)? else { continue };
        plain.steps.push(step.clone());
        plain.steps.extend(further(step, scenario, settings)?);
        steps.push(lowered);
        upto.push(plain.steps.len());
    }
    let prediction = predict(&plain, settings);
    let fits = prediction.unspecified.is_none() && prediction.events.iter().all(|event| is_usual(&event.event.what));
    let lowered = Scenario { setup, steps };
    let sound = fits && !lowered.steps.is_empty() && lowered.check().is_ok();
    sound.then_some(Lowered { scenario: lowered, plain, upto, prediction })
}

/// Says whether sends do nothing that the kernel does not do by itself.
fn takes(outcomes: &[Outcome]) -> bool {
    outcomes.iter().all(|outcome| matches!(outcome, Outcome::All | Outcome::Take { .. }))
}

/// Says whether a line of the set-up means the same on real sockets.
fn is_visible(line: &Setup) -> bool {
    match line {
        Setup::Chat { options, .. } => {
            !options.unconnected && !options.bare && !options.gather && options.map.is_none()
        }
        Setup::Producer { .. } | Setup::SimpleProducer { .. } => true,
        Setup::Reaction { hook: Hook::FoundTerminator, actions, ending: Ending::Normal, .. } => {
            actions.iter().all(|action| matches!(action, Action::Push { .. } | Action::SetTerminator { .. }))
        }
        _ => false,
    }
}

/// Gives what is done in place of a step: nothing, where the loop does it; none, where it cannot be done.
fn lowered(step: &Action) -> Option<Option<Action>> {
    let peer = |on: Name, does| Some(Some(Action::Peer { on, does }));
    match step {
        Action::Recv { chan, input: Input::Data { hex } } => peer(*chan, PeerAct::Sends { hex: hex.clone() }),
        Action::Recv { chan, input: Input::Eof } => peer(*chan, PeerAct::Ends),
        Action::HandleWrite { .. }
        | Action::InitiateSend { .. }
        | Action::Writable { .. }
        | Action::Readable { .. }
        | Action::GetTerminator { .. }
        | Action::BufferSizes { .. } => Some(None),
        Action::Push { data: Value::Bytes { .. }, .. }
        | Action::PushWithProducer { producer: Item::Producer { .. }, .. }
        | Action::CloseWhenDone { .. }
        | Action::SetTerminator { .. } => Some(Some(step.clone())),
        _ => None,
    }
}

/// How often the plain scenario lets each channel write after a step, at most. What would take longer is not lowered.
const MOST_WRITES: usize = 200;

/// Gives the steps by which the plain scenario reads all that has come and sends all that is there; none if they are too
/// many.
fn further(step: &Action, scenario: &Scenario, settings: &Settings) -> Option<Vec<Action>> {
    let mut steps = Vec::new();
    if let Action::Recv { chan, input: Input::Data { hex } } = step {
        let size = size_of(scenario, *chan).map_or(settings.ac_in_buffer_size, |size| size as usize).max(1);
        let reads = hex.len().div_ceil(size);
        steps.extend((1..reads).map(|_| Action::HandleRead { chan: *chan }));
    }
    for line in &scenario.setup {
        if let Setup::Chat { name, options } = line {
            let size = options.ac_out_buffer_size.map_or(settings.ac_out_buffer_size, |size| size as usize).max(1);
            let writes = bytes_of(scenario).div_ceil(size) + 2 * scenario.setup.len() + 4;
            if writes > MOST_WRITES {
                return None;
            }
            steps.extend((0..writes).map(|_| Action::HandleWrite { chan: *name }));
        }
    }
    Some(steps)
}

fn size_of(scenario: &Scenario, chan: Name) -> Option<u32> {
    scenario.setup.iter().find_map(|line| match line {
        Setup::Chat { name, options } if *name == chan => options.ac_in_buffer_size,
        _ => None,
    })
}

/// Measures the scenario's text, which is at least all that it can send.
fn bytes_of(scenario: &Scenario) -> usize {
    scenario.to_string().len()
}

/// Says whether an event is one that nothing has gone wrong before.
fn is_usual(what: &What) -> bool {
    !matches!(what, What::Raised { .. } | What::Hook { hook: Hook::HandleError, .. })
}
