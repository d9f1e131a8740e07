//! The loop and its maps, in Python.

use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Tenths};
use asyncore_spec::wait::{Conditions, Report, Timeout};

use crate::script::literal::{fails, quoted};
use crate::script::names::Names;

/// Writes an action of the loop or of a map.
pub(super) fn line(action: &Action, names: &Names) -> Option<String> {
    Some(match action {
        Action::Poll { map, use_poll, timeout, report } => {
            let function = if *use_poll { "asyncore.poll2" } else { "asyncore.poll" };
            let given = [map_given(*map, names), timeout_given(*timeout)];
            waits(std::slice::from_ref(report), function, given.into_iter().flatten())
        }
        Action::Loop { map, use_poll, timeout, count, reports } => {
            let use_poll = use_poll.then(|| "use_poll=True".to_owned());
            let count = count.map(|count| format!("count={}", number(count)));
            let given = [timeout_given(*timeout), use_poll, map_given(*map, names), count];
            waits(reports, "asyncore.loop", given.into_iter().flatten())
        }
        Action::CloseAll { map, ignore_all } => {
            let ignore_all = ignore_all.then(|| "ignore_all=True".to_owned());
            let given: Vec<_> = [map_given(*map, names), ignore_all].into_iter().flatten().collect();
            format!("asyncore.close_all({})", given.join(", "))
        }
        Action::AddChannel { chan, map } => of_map("add_channel", *chan, *map, names),
        Action::DelChannel { chan, map } => of_map("del_channel", *chan, *map, names),
        Action::MapNames { map } => {
            let map = map.map_or("asyncore.socket_map", |map| names.var(map));
            format!("result(\"[%s]\" % \" \".join(show_bytes(channel.label) for channel in {map}.values()))")
        }
        Action::Readwrite { chan, conditions } => {
            format!("asyncore.readwrite({}, flags_for({}))", names.var(*chan), quoted(&conditions.to_string()))
        }
        _ => return None,
    })
}

fn of_map(method: &str, chan: Name, map: Option<Name>, names: &Names) -> String {
    format!("{}.{method}({})", names.var(chan), map.map_or("", |map| names.var(map)))
}

fn waits(reports: &[Report], function: &str, given: impl Iterator<Item = String>) -> String {
    let reports = reports.iter().map(report).collect::<Vec<_>>().join(", ");
    let arguments = std::iter::once(function.to_owned()).chain(given).collect::<Vec<_>>().join(", ");
    format!("waits([{reports}], {arguments})")
}

/// Writes what a wait tells; a channel that is named twice has all of its conditions.
fn report(report: &Report) -> String {
    let ready = match report {
        Report::Fail { errno } => return fails(*errno),
        Report::Ready { ready } => ready,
    };
    let mut told: Vec<(Name, Conditions)> = Vec::new();
    for item in ready {
        match told.iter_mut().find(|(name, _)| *name == item.name) {
            Some((_, conditions)) => *conditions = conditions.or(item.conditions),
            None => told.push((item.name, item.conditions)),
        }
    }
    let told = told.iter().map(|(name, all)| format!("{}: {}", quoted(&name.to_string()), quoted(&all.to_string())));
    format!("{{{}}}", told.collect::<Vec<_>>().join(", "))
}

fn map_given(map: Option<Name>, names: &Names) -> Option<String> {
    map.map(|map| format!("map={}", names.var(map)))
}

fn timeout_given(timeout: Option<Timeout>) -> Option<String> {
    timeout.map(|timeout| match timeout {
        Timeout::Never => "timeout=None".to_owned(),
        Timeout::Micros { value } => format!("timeout={value} / 1000000.0"),
    })
}

/// Writes a number of passes, which may be a fraction.
fn number(count: Tenths) -> String {
    if count.is_whole() { (count.0 / 10).to_string() } else { format!("{} / 10.0", count.0) }
}
