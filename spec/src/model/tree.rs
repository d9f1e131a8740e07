//! A predicted trace as a tree: a call, and what happens inside it.

use super::{Expected, Prediction};
use crate::change::Fault;
use crate::trace::What;

/// Is an event with everything that happens inside it.
#[derive(Clone, Debug)]
pub struct Node {
    /// The number of the event in the prediction.
    pub number: usize,
    /// The event.
    pub expected: Expected,
    /// What happens inside it.
    pub inside: Vec<Self>,
}

/// Gives the events of every step as trees.
#[must_use]
pub fn grow(prediction: &Prediction) -> Vec<Vec<Node>> {
    let mut steps: Vec<Vec<Node>> = vec![Vec::new(); prediction.steps];
    for (number, expected) in prediction.events.iter().enumerate() {
        let siblings = innermost(&mut steps[expected.step], expected.event.depth);
        siblings.push(Node { number, expected: expected.clone(), inside: Vec::new() });
    }
    steps
}

/// Finds the list in which an event of some depth goes.
fn innermost(siblings: &mut Vec<Node>, depth: u16) -> &mut Vec<Node> {
    let deeper = siblings.last().is_some_and(|last| last.expected.event.depth < depth);
    if !deeper {
        return siblings;
    }
    let last = siblings.last_mut().expect("there is one that is less deep");
    innermost(&mut last.inside, depth)
}

/// Gives the events of trees in order, each with its number.
#[must_use]
pub fn fell(steps: Vec<Vec<Node>>) -> Vec<(usize, Expected)> {
    let mut events = Vec::new();
    steps.into_iter().flatten().for_each(|node| lay(node, &mut events));
    events
}

fn lay(node: Node, events: &mut Vec<(usize, Expected)>) {
    events.push((node.number, node.expected));
    node.inside.into_iter().for_each(|inner| lay(inner, events));
}

/// Lets the events that are meant change places with the one before, or with the next; `swapped` hears of each two, in the
/// order that they had.
pub fn swap(
    siblings: &mut [Node],
    is_meant: impl Fn(&Expected) -> bool,
    fault: Fault,
    swapped: &mut impl FnMut(&Node, &Node),
) {
    let mut at = 0;
    while at + 1 < siblings.len() {
        let (first, second) = (&siblings[at], &siblings[at + 1]);
        let meant = if fault == Fault::Late { first } else { second };
        let movable = happens(&first.expected) && happens(&second.expected);
        if movable && first.expected.event != second.expected.event && is_meant(&meant.expected) {
            swapped(first, second);
            siblings.swap(at, at + 1);
            at += 1;
        }
        at += 1;
    }
}

/// Says whether an event is something that happens, and not what comes of a step.
#[must_use]
pub fn happens(expected: &Expected) -> bool {
    matches!(expected.event.what, What::Hook { .. } | What::Socket { .. } | What::Wait { .. } | What::Printed { .. })
}
