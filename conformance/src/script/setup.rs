//! What is set up, in Python.

use asyncore_spec::dispatcher::{CallReply, Class, DispatcherOptions, Given};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{ChatOptions, Outcome, Scenario, Setup};

use super::literal::{fails, quoted, truth, value};
use super::names::Names;
use super::{NO_OTHER_END, Refusal};

/// Gives the lines that make everything: first sockets and files with what they do, then what is made on them.
pub(super) fn lines(scenario: &Scenario, names: &Names) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    for line in &scenario.setup {
        if let Setup::Over { .. } = line {
            return Err(Refusal { line: line.to_string(), why: NO_OTHER_END });
        }
        lines.extend(plain(line, names));
    }
    for line in &scenario.setup {
        lines.extend(scripts(line, names));
    }
    for line in &scenario.setup {
        lines.extend(constructions(line, names));
    }
    for line in &scenario.setup {
        if let Setup::Chat { name, options: ChatOptions { terminator: Some(terminator), .. } } = line {
            lines.push(format!("{}.set_terminator({})", names.var(*name), value(terminator)));
        }
    }
    Ok(lines)
}

/// Makes what stands on nothing else.
fn plain(line: &Setup, names: &Names) -> Vec<String> {
    match line {
        Setup::Chat { name, .. } => vec![fake(*name, names, None, false)],
        Setup::Dispatcher { name, options } if options.on.is_none() => {
            let peer = match options.given {
                Given::Peerless { errno } => Some(errno.name()),
                Given::Connected | Given::Nothing => None,
            };
            vec![fake(*name, names, peer, options.class == Class::File)]
        }
        Setup::Wrapper { name } => vec![fake(*name, names, None, true)],
        Setup::Socket { name, peer, .. } => vec![fake(*name, names, peer.map(|peer| peer.name()), false)],
        Setup::Map { name } => vec![format!("{} = Map()", names.var(*name))],
        Setup::Producer { name, results, falsy } => {
            let class = if *falsy { "FalsyProducer" } else { "Producer" };
            let results = results.iter().map(value).collect::<Vec<_>>().join(", ");
            vec![format!("{} = {class}({}, [{results}])", names.var(*name), quoted(&name.to_string()))]
        }
        Setup::SimpleProducer { name, data, buffer_size } => {
            let size = buffer_size.map_or(String::new(), |size| format!(", {size}"));
            let var = names.var(*name);
            vec![
                format!("{var} = SimpleProducer(b{data}{size})"),
                format!("{var}.label = {}", quoted(&name.to_string())),
            ]
        }
        Setup::Fifo { name, items } => fifo(names.var(*name), items.as_deref()),
        _ => Vec::new(),
    }
}

fn fifo(var: &str, items: Option<&[asyncore_spec::value::Value]>) -> Vec<String> {
    match items {
        None => vec![format!("{var}_given = None"), format!("{var} = asynchat.fifo()")],
        Some(items) => {
            let items = items.iter().map(value).collect::<Vec<_>>().join(", ");
            vec![format!("{var}_given = [{items}]"), format!("{var} = asynchat.fifo({var}_given)")]
        }
    }
}

/// Makes the socket or the file of a thing.
fn fake(name: Name, names: &Names, peer: Option<&str>, is_file: bool) -> String {
    let (socket, number) = (names.socket(name), names.thing(name).number);
    let peer = peer.map_or(String::new(), |peer| format!(", peer={}", quoted(peer)));
    let errors = if is_file { ", error_class=OSError" } else { "" };
    format!("{socket} = FakeSocket({}, {number}{peer}{errors})", quoted(&name.to_string()))
}

/// Says what a socket does.
fn scripts(line: &Setup, names: &Names) -> Option<String> {
    match line {
        Setup::Sends { chan, outcomes } => {
            let outcomes = outcomes.iter().map(outcome).collect::<Vec<_>>().join(", ");
            Some(format!("{}.outcomes += [{outcomes}]", names.socket(*chan)))
        }
        Setup::Replies { on, call, replies } => {
            let replies = replies.iter().map(|reply| self::reply(reply, names)).collect::<Vec<_>>().join(", ");
            let (socket, call) = (names.socket(*on), quoted(call.name()));
            Some(format!("{socket}.replies.setdefault({call}, []).extend([{replies}])"))
        }
        _ => None,
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::All => "ALL".to_owned(),
        Outcome::Take { bytes } => bytes.to_string(),
        Outcome::Fail { errno } => fails(*errno),
    }
}

fn reply(reply: &CallReply, names: &Names) -> String {
    match reply {
        CallReply::Ok => "OK".to_owned(),
        CallReply::Fail { errno } => fails(*errno),
        CallReply::Gives { socket } => names.var(*socket).to_owned(),
        CallReply::Nothing => "NOTHING".to_owned(),
    }
}

/// Makes what stands on a socket or a file.
fn constructions(line: &Setup, names: &Names) -> Vec<String> {
    match line {
        Setup::Chat { name, options } => chat(*name, options, names),
        Setup::Dispatcher { name, options } if options.later => later(*name, options, names),
        Setup::Dispatcher { name, options } => dispatcher(*name, options, names),
        Setup::Wrapper { name } => {
            let (var, file) = (names.var(*name), names.socket(*name));
            vec![format!("{var} = asyncore.file_wrapper(descriptor_of({file}))")]
        }
        _ => Vec::new(),
    }
}

fn chat(name: Name, options: &ChatOptions, names: &Names) -> Vec<String> {
    let (var, socket) = (names.var(name), names.socket(name));
    let class = match (options.bare, options.gather) {
        (true, _) => "BareChat",
        (false, true) => "GatheringChat",
        (false, false) => "Chat",
    };
    let map = map_argument(options.map, names);
    let label = quoted(&name.to_string());
    let mut lines = Vec::new();
    if options.unconnected {
        lines.push(format!("{var} = {class}(None{map})"));
        lines.push(format!("{var}.set_socket({socket})"));
        lines.push(format!("made({var}, {label}, {socket})"));
    } else {
        lines.push(format!("{var} = made({class}({socket}{map}), {label}, {socket})"));
    }
    if options.use_encoding {
        lines.push(format!("{var}.use_encoding = 1"));
    }
    let sizes = [("ac_in_buffer_size", options.ac_in_buffer_size), ("ac_out_buffer_size", options.ac_out_buffer_size)];
    for (attribute, size) in sizes {
        lines.extend(size.map(|size| format!("{var}.{attribute} = {size}")));
    }
    lines
}

fn dispatcher(name: Name, options: &DispatcherOptions, names: &Names) -> Vec<String> {
    let (var, socket) = (names.var(name), names.socket(name));
    let (map, label) = (map_argument(options.map, names), quoted(&name.to_string()));
    let mut lines = match (options.class, options.given) {
        (Class::File, _) => {
            let file = format!("descriptor_of({socket})");
            let file = if options.object { format!("FileObject({file})") } else { file };
            vec![format!("{var} = made(FileDispatcher({file}{map}), {label})"), format!("owns({label}, {var}.socket)")]
        }
        (class, Given::Nothing) => vec![format!("{var} = made({}(None{map}), {label})", class_name(class))],
        (class, _) => vec![format!("{var} = made({}({socket}{map}), {label}, {socket})", class_name(class))],
    };
    lines.extend(options.reads.map(|size| format!("{var}.reads = {size}")));
    lines.extend(options.readable.map(|says| format!("{var}.says_readable = {}", truth(says))));
    lines.extend(options.writable.map(|says| format!("{var}.says_writable = {}", truth(says))));
    lines
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Dispatcher => "Dispatcher",
        Class::WithSend => "DispatcherWithSend",
        Class::File => "FileDispatcher",
    }
}

/// Makes the function that constructs a channel when its step comes.
fn later(name: Name, options: &DispatcherOptions, names: &Names) -> Vec<String> {
    let var = names.var(name);
    let mut lines = vec![
        format!("{var} = None"),
        String::new(),
        String::new(),
        format!("def construct_{var}():"),
        format!("    global {var}"),
        format!("    if {var} is None:"),
    ];
    lines.extend(dispatcher(name, options, names).into_iter().map(|line| format!("        {line}")));
    lines.extend([String::new(), String::new()]);
    lines
}

fn map_argument(map: Option<Name>, names: &Names) -> String {
    map.map_or(String::new(), |map| format!(", {}", names.var(map)))
}
