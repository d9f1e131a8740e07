//! A predicted trace as a tree: a call, and what happens inside it.

use asyncore_spec::model::{Expected, Prediction};
use asyncore_spec::trace::Trace;

/// Is an event with everything that happens inside it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) expected: Expected,
    pub(super) inside: Vec<Self>,
}

/// Gives the events of every step as trees.
pub(super) fn grow(prediction: &Prediction) -> Vec<Vec<Node>> {
    let mut steps: Vec<Vec<Node>> = vec![Vec::new(); prediction.steps];
    for expected in &prediction.events {
        let siblings = innermost(&mut steps[expected.step], expected.event.depth);
        siblings.push(Node { expected: expected.clone(), inside: Vec::new() });
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

/// Gives the trace that trees stand for.
pub(super) fn fell(steps: Vec<Vec<Node>>) -> Trace {
    let steps = steps.into_iter().map(|step| {
        let mut events = Vec::new();
        step.into_iter().for_each(|node| lay(node, &mut events));
        events
    });
    Trace { steps: steps.collect() }
}

fn lay(node: Node, events: &mut Vec<asyncore_spec::trace::Event>) {
    events.push(node.expected.event);
    node.inside.into_iter().for_each(|inner| lay(inner, events));
}
