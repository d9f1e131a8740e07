//! Makes every scenario that is smaller than a given one by one thing.

use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, ChatOptions, Ending, Input, Scenario, Setup};
use asyncore_spec::value::{Bytes, Value};

use super::reduce_loop;

/// Gives every scenario that is smaller by one thing.
pub(super) fn reductions(scenario: &Scenario) -> Vec<Scenario> {
    let mut smaller = Vec::new();
    for at in 0..scenario.steps.len() {
        let mut without = scenario.clone();
        without.steps.remove(at);
        smaller.push(without);
    }
    for at in 0..scenario.setup.len() {
        let mut without = scenario.clone();
        let removed = without.setup.remove(at);
        if let Some(name) = named(&removed) {
            // What speaks of it goes with it.
            let speaks = |text: String| text.split([' ', '.', ':', ';']).any(|word| word == name.as_str());
            without.steps.retain(|step| !speaks(step.to_string()));
            without.setup.retain(|setup| !speaks(setup.to_string()));
        }
        smaller.push(without);
        for setup in lesser_setup(&scenario.setup[at]) {
            let mut with = scenario.clone();
            with.setup[at] = setup;
            smaller.push(with);
        }
    }
    for at in 0..scenario.steps.len() {
        for step in lesser_action(&scenario.steps[at]) {
            let mut with = scenario.clone();
            with.steps[at] = step;
            smaller.push(with);
        }
    }
    smaller
}

fn named(setup: &Setup) -> Option<Name> {
    match setup {
        Setup::Producer { name, .. }
        | Setup::SimpleProducer { name, .. }
        | Setup::Chat { name, .. }
        | Setup::Dispatcher { name, .. }
        | Setup::Wrapper { name }
        | Setup::Socket { name, .. }
        | Setup::Map { name } => Some(*name),
        _ => None,
    }
}

fn lesser_setup(setup: &Setup) -> Vec<Setup> {
    match setup {
        Setup::Chat { name, options } => {
            lesser_options(options).into_iter().map(|options| Setup::Chat { name: *name, options }).collect()
        }
        Setup::Producer { name, results, falsy } => {
            let drop = |at| results.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, r)| r.clone()).collect();
            let fewer = (0..results.len()).map(|at| Setup::Producer { name: *name, results: drop(at), falsy: *falsy });
            let shorter = results.iter().enumerate().flat_map(|(at, result)| {
                lesser_value(result).into_iter().map(move |value| {
                    let mut results = results.clone();
                    results[at] = value;
                    Setup::Producer { name: *name, results, falsy: *falsy }
                })
            });
            fewer
                .chain(shorter)
                .chain(falsy.then(|| Setup::Producer { name: *name, results: results.clone(), falsy: false }))
                .collect()
        }
        Setup::SimpleProducer { name, data, buffer_size } => lesser_bytes(data)
            .into_iter()
            .map(|data| Setup::SimpleProducer { name: *name, data, buffer_size: *buffer_size })
            .collect(),
        Setup::Fifo { name, items: Some(items) } => {
            let drop = |at| items.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, r)| r.clone()).collect();
            let fewer = (0..items.len()).map(|at| Setup::Fifo { name: *name, items: Some(drop(at)) });
            std::iter::once(Setup::Fifo { name: *name, items: None }).chain(fewer).collect()
        }
        Setup::Fifo { .. } => Vec::new(),
        Setup::Sends { chan, outcomes } => (0..outcomes.len())
            .map(|at| {
                let mut outcomes = outcomes.clone();
                outcomes.remove(at);
                Setup::Sends { chan: *chan, outcomes }
            })
            .collect(),
        Setup::Reaction { .. } => lesser_reaction(setup),
        _ => reduce_loop::setups(setup),
    }
}

fn lesser_reaction(setup: &Setup) -> Vec<Setup> {
    let Setup::Reaction { on, hook, nth, actions, ending } = setup else { return Vec::new() };
    let with = |actions: Vec<Action>, nth: u32, ending: &Ending| Setup::Reaction {
        on: *on,
        hook: *hook,
        nth,
        actions,
        ending: ending.clone(),
    };
    let mut lesser = Vec::new();
    for at in 0..actions.len() {
        let mut fewer = actions.clone();
        fewer.remove(at);
        lesser.push(with(fewer, *nth, ending));
        for action in lesser_action(&actions[at]) {
            let mut changed = actions.clone();
            changed[at] = action;
            lesser.push(with(changed, *nth, ending));
        }
    }
    if *nth > 1 {
        lesser.push(with(actions.clone(), nth - 1, ending));
    }
    if *ending != Ending::Normal {
        lesser.push(with(actions.clone(), *nth, &Ending::Normal));
    }
    lesser
}

fn lesser_options(options: &ChatOptions) -> Vec<ChatOptions> {
    let mut lesser = Vec::new();
    let mut change = |change: &dyn Fn(&mut ChatOptions)| {
        let mut changed = options.clone();
        change(&mut changed);
        if changed != *options {
            lesser.push(changed);
        }
    };
    change(&|options| options.ac_in_buffer_size = None);
    change(&|options| options.ac_out_buffer_size = None);
    change(&|options| options.unconnected = false);
    change(&|options| options.bare = false);
    change(&|options| options.gather = false);
    change(&|options| options.map = None);
    change(&|options| options.fd = None);
    if let Some(terminator) = &options.terminator {
        for simple in [Value::None, Value::bytes("\n"), Value::bytes("\r\n")] {
            if simple.to_string().len() < terminator.to_string().len() {
                change(&|options| options.terminator = Some(simple.clone()));
            }
        }
        for value in lesser_value(terminator) {
            change(&|options| options.terminator = Some(value.clone()));
        }
    }
    lesser
}

fn lesser_action(action: &Action) -> Vec<Action> {
    match action {
        Action::Recv { chan, input: Input::Data { hex } } => {
            let shorter = lesser_bytes(hex).into_iter().filter(|hex| !hex.is_empty());
            shorter.map(|hex| Action::Recv { chan: *chan, input: Input::Data { hex } }).collect()
        }
        Action::Push { chan, data } => {
            lesser_value(data).into_iter().map(|data| Action::Push { chan: *chan, data }).collect()
        }
        Action::SetTerminator { chan, terminator } => lesser_value(terminator)
            .into_iter()
            .map(|terminator| Action::SetTerminator { chan: *chan, terminator })
            .collect(),
        Action::FindPrefixAtEnd { haystack, needle } => {
            let haystacks = lesser_value(haystack).into_iter().map(|haystack| (haystack, needle.clone()));
            let needles = lesser_value(needle).into_iter().map(|needle| (haystack.clone(), needle));
            let pairs = haystacks.chain(needles);
            pairs.map(|(haystack, needle)| Action::FindPrefixAtEnd { haystack, needle }).collect()
        }
        _ => reduce_loop::actions(action),
    }
}

fn lesser_value(value: &Value) -> Vec<Value> {
    match value {
        Value::Bytes { hex } => lesser_bytes(hex).into_iter().map(|hex| Value::Bytes { hex }).collect(),
        Value::Bytearray { hex } => lesser_bytes(hex).into_iter().map(|hex| Value::Bytearray { hex }).collect(),
        Value::Memoryview { hex } => lesser_bytes(hex).into_iter().map(|hex| Value::Memoryview { hex }).collect(),
        Value::Int { value } if *value > 0 => {
            let mut numbers = vec![value / 2, value - 1];
            numbers.dedup();
            numbers.into_iter().map(Value::int).collect()
        }
        _ => Vec::new(),
    }
}

/// Gives the bytes without one half, and, if they are few, without each one.
pub(super) fn lesser_bytes(bytes: &Bytes) -> Vec<Bytes> {
    let half = bytes.len() / 2;
    let mut shorter = vec![Bytes::of(&bytes[..half]), Bytes::of(&bytes[half..])];
    if bytes.len() <= 64 {
        shorter.extend((0..bytes.len()).map(|at| {
            let mut rest = bytes.0.clone();
            rest.remove(at);
            Bytes(rest)
        }));
    } else {
        shorter.push(Bytes::of(&bytes[..bytes.len() - bytes.len() / 8]));
        shorter.push(Bytes::of(&bytes[..bytes.len() - 1]));
    }
    shorter.retain(|other| other.len() < bytes.len());
    shorter
}
