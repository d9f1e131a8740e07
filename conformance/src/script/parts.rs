//! What every such program has in common: Python, of which a program gets what it needs.

use std::collections::HashSet;

use asyncore_spec::dispatcher::Class;
use asyncore_spec::scenario::{Action, Scenario, Setup};

use super::all_actions;
use super::names::Names;

const TRACE: &str = include_str!("parts/trace.py");
const SOCKETS: &str = include_str!("parts/sockets.py");
const CHAT: &str = include_str!("parts/chat.py");
const DISPATCHER: &str = include_str!("parts/dispatcher.py");
const FILES: &str = include_str!("parts/files.py");
const PRODUCERS: &str = include_str!("parts/producers.py");
const CREATE: &str = include_str!("parts/create.py");
const WAITS: &str = include_str!("parts/waits.py");
const LOG: &str = include_str!("parts/log.py");
const TEXTS: &str = include_str!("parts/texts.py");

const ALL: &[&str] = &[TRACE, SOCKETS, CHAT, DISPATCHER, FILES, PRODUCERS, CREATE, WAITS, LOG, TEXTS];

/// Stands in `files.py` for the first number of a descriptor that nothing has.
const NEXT: &str = "%NEXT%";

/// Gives the parts that a scenario needs, in order.
pub(super) fn needed(scenario: &Scenario, names: &Names) -> Vec<String> {
    let sets_up = |is: fn(&Setup) -> bool| scenario.setup.iter().any(is);
    let does = |is: fn(&Action) -> bool| all_actions(scenario).any(is);
    let files = sets_up(is_file);
    let wanted = [
        (true, TRACE),
        (sets_up(has_sockets) || does(is_of_a_map), SOCKETS),
        (sets_up(|line| matches!(line, Setup::Chat { .. })), CHAT),
        (files || sets_up(|line| matches!(line, Setup::Dispatcher { .. })), DISPATCHER),
        (files, FILES),
        (sets_up(|line| matches!(line, Setup::Producer { .. } | Setup::SimpleProducer { .. })), PRODUCERS),
        (does(|action| matches!(action, Action::CreateSocket { .. })), CREATE),
        (does(|action| matches!(action, Action::Poll { .. } | Action::Loop { .. } | Action::Readwrite { .. })), WAITS),
        (does(|action| matches!(action, Action::Log { .. } | Action::LogInfo { .. })), LOG),
        (does(is_about_texts), TEXTS),
    ];
    let number = names.free_number.to_string();
    wanted.iter().filter(|(wanted, _)| *wanted).map(|(_, part)| part.replace(NEXT, &number)).collect()
}

fn has_sockets(line: &Setup) -> bool {
    matches!(
        line,
        Setup::Chat { .. }
            | Setup::Dispatcher { .. }
            | Setup::Wrapper { .. }
            | Setup::Socket { .. }
            | Setup::Map { .. }
    )
}

fn is_of_a_map(action: &Action) -> bool {
    matches!(action, Action::Poll { .. } | Action::Loop { .. } | Action::CloseAll { .. } | Action::MapNames { .. })
}

fn is_file(line: &Setup) -> bool {
    match line {
        Setup::Wrapper { .. } => true,
        Setup::Dispatcher { options, .. } => options.class == Class::File,
        _ => false,
    }
}

fn is_about_texts(action: &Action) -> bool {
    matches!(action, Action::Repr { .. } | Action::Strerror { .. } | Action::CompactTraceback { .. })
}

/// Gives the names that the parts define, which no variable may take.
pub(super) fn globals() -> HashSet<String> {
    let lines = ALL.iter().flat_map(|part| part.lines());
    let defined = lines.filter_map(|line| {
        let rest = ["def ", "class ", "import "].iter().find_map(|word| line.strip_prefix(word));
        let assigned = line.split_once(" = ").map(|(name, _)| name);
        let name: String = rest.or(assigned)?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        (!name.is_empty()).then_some(name)
    });
    defined.chain(["asyncore", "asynchat"].map(str::to_owned)).collect()
}
