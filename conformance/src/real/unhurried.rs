//! Lowers for a loop that runs by itself, of which nobody can say when it has had its turn.
//!
//! That it has read all that came over a connection is proved over this same connection: the peer ends its side, and the
//! channel closes its own when it has come to the end. So every connection is ended after the last step. Before that
//! the loop may be behind, and what a scenario gives must not depend on how far: one that does is left out.

use asyncore_spec::model::Settings;
use asyncore_spec::name::Name;
use asyncore_spec::peer::{PeerAct, Transport};
use asyncore_spec::scenario::{Action, Input, Scenario, Setup};
use asyncore_spec::value::Bytes;

use super::lower::{Lowered, lower};

/// Into how many pieces data are cut at most, to see whether that makes a difference.
const PIECES: usize = 8;

/// Lowers a scenario with the ends of its connections; none if a loop that is behind may rightly do something else.
pub(super) fn lower_unhurried(scenario: &Scenario, transport: Transport, settings: &Settings) -> Option<Lowered> {
    let open = lower(scenario, transport, settings)?;
    if hurries(&open.scenario) {
        return None;
    }
    let mut ended = scenario.clone();
    let still_open = open.channels().into_iter().filter(|on| !open.closes(open.upto.len(), *on));
    ended.steps.extend(still_open.map(|chan| Action::Recv { chan, input: Input::Eof }));
    let lowered = lower(&ended, transport, settings)?;
    let proved = lowered.channels().into_iter().all(|on| lowered.closes(lowered.upto.len(), on));
    let same = |other: Scenario| lower(&other, transport, settings).is_some_and(|other| lowered.gives_the_same(&other));
    (proved && same(cut(&ended)) && same(merged(&ended))).then_some(lowered)
}

/// Says whether something happens to a channel that may or may not have read what came before.
fn hurries(lowered: &Scenario) -> bool {
    let mut behind: Vec<Name> = Vec::new();
    let hurried = lowered.steps.iter().any(|step| match step {
        Action::Peer { on, does: PeerAct::Sends { .. } } => {
            behind.push(*on);
            false
        }
        Action::SetTerminator { chan, .. } | Action::CloseWhenDone { chan } => behind.contains(chan),
        _ => false,
    });
    hurried || lowered.setup.iter().any(meddles)
}

/// Says whether a callback of one channel changes how another one reads.
fn meddles(line: &Setup) -> bool {
    let Setup::Reaction { on, actions, .. } = line else { return false };
    actions.iter().any(|action| matches!(action, Action::SetTerminator { chan, .. } if chan != on))
}

/// Cuts what comes into small pieces.
fn cut(scenario: &Scenario) -> Scenario {
    let steps = scenario.steps.iter().flat_map(|step| match step {
        Action::Recv { chan, input: Input::Data { hex } } if !hex.is_empty() => {
            let pieces = hex.chunks(hex.len().div_ceil(PIECES));
            let piece = |piece: &[u8]| Action::Recv { chan: *chan, input: Input::Data { hex: Bytes::of(piece) } };
            pieces.map(piece).collect()
        }
        _ => vec![step.clone()],
    });
    Scenario { steps: steps.collect(), ..scenario.clone() }
}

/// Joins what comes in pieces one after the other.
fn merged(scenario: &Scenario) -> Scenario {
    let mut steps: Vec<Action> = Vec::new();
    for step in &scenario.steps {
        match (steps.last_mut(), step) {
            (
                Some(Action::Recv { chan, input: Input::Data { hex } }),
                Action::Recv { chan: on, input: Input::Data { hex: more } },
            ) if chan == on => *hex = Bytes::of([&hex[..], &more[..]].concat()),
            _ => steps.push(step.clone()),
        }
    }
    Scenario { steps, ..scenario.clone() }
}
