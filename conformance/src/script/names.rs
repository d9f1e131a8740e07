//! What the things of a scenario are called in the program, and what is known of each.

use std::collections::{HashMap, HashSet};

use asyncore_spec::dispatcher::Class;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Scenario, Setup};

use super::parts;

/// Is a thing of a scenario.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    /// The variable that holds it.
    pub(super) var: String,
    /// The variable of its socket or file, if it has one of its own; of a socket, the socket itself.
    pub(super) socket: Option<String>,
    /// The scenario's socket that a dispatcher is made on.
    pub(super) on: Option<Name>,
    /// The number of its socket's descriptor, if it has a socket of its own.
    pub(super) number: u16,
    /// Whether it is constructed by a step.
    pub(super) later: bool,
}

/// Holds the things of a scenario by their names.
pub(super) struct Names {
    things: HashMap<Name, Thing>,
    /// A number of a descriptor that nothing has.
    pub(super) free_number: u16,
}

/// The first number that a descriptor is given which the scenario does not choose.
const FIRST_NUMBER: u16 = 100;

impl Names {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let given: HashSet<u16> = scenario.setup.iter().filter_map(given_number).collect();
        let mut free = (FIRST_NUMBER..).filter(|number| !given.contains(number));
        let globals = parts::globals();
        let is_free = |name: &str| !globals.contains(name) && !RESERVED.contains(&name);
        let mut taken = globals.clone();
        taken.extend(scenario.setup.iter().filter_map(name).map(|name| name.to_string()));
        let mut things = HashMap::new();
        for line in &scenario.setup {
            let Some(name) = name(line) else { continue };
            let name_text = name.to_string();
            let var = if is_free(&name_text) { name_text } else { variable(&name_text, &taken) };
            taken.insert(var.clone());
            let socket = socket_suffix(line).map(|suffix| {
                let socket = if suffix.is_empty() { var.clone() } else { variable(&format!("{var}_{suffix}"), &taken) };
                taken.insert(socket.clone());
                socket
            });
            let number = given_number(line).or_else(|| socket.as_ref().and_then(|_| free.next()));
            let number = number.unwrap_or_default();
            let (on, later) = match line {
                Setup::Dispatcher { options, .. } => (options.on, options.later),
                _ => (None, false),
            };
            things.insert(name, Thing { var, socket, on, number, later });
        }
        let most = given.iter().copied().chain(free.next()).max().unwrap_or(FIRST_NUMBER);
        Self { things, free_number: most.saturating_add(1) }
    }

    /// Gives a thing that the scenario sets up; the check of a scenario rules out that there is none.
    pub(super) fn thing(&self, name: Name) -> &Thing {
        self.things.get(&name).expect("the scenario was checked")
    }

    /// Gives the variable of a thing.
    pub(super) fn var(&self, name: Name) -> &str {
        &self.thing(name).var
    }

    /// Gives the variable of the socket or file that a thing has, or is.
    pub(super) fn socket(&self, name: Name) -> &str {
        let thing = self.thing(name);
        match (&thing.socket, thing.on) {
            (Some(socket), _) => socket,
            (None, Some(on)) => self.socket(on),
            (None, None) => &thing.var,
        }
    }
}

fn name(line: &Setup) -> Option<Name> {
    match line {
        Setup::Chat { name, .. }
        | Setup::Dispatcher { name, .. }
        | Setup::Wrapper { name }
        | Setup::Socket { name, .. }
        | Setup::Map { name }
        | Setup::Producer { name, .. }
        | Setup::SimpleProducer { name, .. }
        | Setup::Fifo { name, .. } => Some(*name),
        Setup::Over { .. } | Setup::Replies { .. } | Setup::Sends { .. } | Setup::Reaction { .. } => None,
    }
}

fn given_number(line: &Setup) -> Option<u16> {
    match line {
        Setup::Chat { options, .. } => options.fd,
        Setup::Dispatcher { options, .. } => options.fd,
        Setup::Socket { fd, .. } => *fd,
        _ => None,
    }
}

/// Says how the variable of a thing's own socket or file ends; empty for a socket, which is one itself.
fn socket_suffix(line: &Setup) -> Option<&'static str> {
    match line {
        Setup::Chat { .. } => Some("socket"),
        Setup::Dispatcher { options, .. } if options.on.is_some() => None,
        Setup::Dispatcher { options, .. } if options.class == Class::File => Some("file"),
        Setup::Dispatcher { .. } => Some("socket"),
        Setup::Wrapper { .. } => Some("file"),
        Setup::Socket { .. } => Some(""),
        _ => None,
    }
}

/// Words that mean something in Python, and built-in functions that the parts use.
const RESERVED: &[&str] = &[
    "and",
    "as",
    "assert",
    "async",
    "await",
    "bool",
    "break",
    "bytes",
    "chr",
    "class",
    "continue",
    "def",
    "del",
    "dict",
    "elif",
    "else",
    "except",
    "exec",
    "finally",
    "float",
    "for",
    "from",
    "getattr",
    "global",
    "hasattr",
    "if",
    "import",
    "in",
    "int",
    "is",
    "isinstance",
    "lambda",
    "len",
    "max",
    "min",
    "nonlocal",
    "not",
    "object",
    "or",
    "pass",
    "print",
    "raise",
    "range",
    "repr",
    "return",
    "round",
    "setattr",
    "str",
    "sum",
    "try",
    "tuple",
    "type",
    "while",
    "with",
    "yield",
    "zip",
    "expected",
];

/// Gives a variable's name that is not taken.
fn variable(name: &str, taken: &HashSet<String>) -> String {
    let mut variable = name.to_owned();
    while taken.contains(&variable) || RESERVED.contains(&variable.as_str()) {
        variable.push('_');
    }
    variable
}
