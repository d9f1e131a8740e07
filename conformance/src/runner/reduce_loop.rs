//! Makes lines about dispatchers, maps and passes smaller.

use asyncore_spec::dispatcher::{Class, DispatcherOptions, Given};
use asyncore_spec::scenario::{Action, Input, Setup, Tenths};
use asyncore_spec::wait::{Conditions, Report};

use super::reduce::lesser_bytes;

/// Gives every smaller line of the set-up.
pub(super) fn setups(setup: &Setup) -> Vec<Setup> {
    match setup {
        Setup::Dispatcher { name, options } => {
            lesser_options(options).into_iter().map(|options| Setup::Dispatcher { name: *name, options }).collect()
        }
        Setup::Socket { name, fd, peer } => {
            let mut lesser = Vec::new();
            if fd.is_some() {
                lesser.push(Setup::Socket { name: *name, fd: None, peer: *peer });
            }
            if peer.is_some() {
                lesser.push(Setup::Socket { name: *name, fd: *fd, peer: None });
            }
            lesser
        }
        Setup::Replies { on, call, replies } => {
            without_each(replies).into_iter().map(|replies| Setup::Replies { on: *on, call: *call, replies }).collect()
        }
        _ => Vec::new(),
    }
}

fn lesser_options(options: &DispatcherOptions) -> Vec<DispatcherOptions> {
    let changes: [fn(&mut DispatcherOptions); 10] = [
        |options| options.class = Class::Dispatcher,
        |options| options.given = Given::Connected,
        |options| options.on = None,
        |options| options.map = None,
        |options| options.fd = None,
        |options| options.later = false,
        |options| options.reads = None,
        |options| options.readable = None,
        |options| options.writable = None,
        |options| options.object = false,
    ];
    let changed = changes.iter().map(|change| {
        let mut changed = options.clone();
        change(&mut changed);
        changed
    });
    changed.filter(|changed| changed != options).collect()
}

fn without_each<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let without =
        |at| items.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, item)| item.clone()).collect();
    (0..items.len()).map(without).collect()
}

/// Gives every smaller action.
pub(super) fn actions(action: &Action) -> Vec<Action> {
    match action {
        Action::Arrive { chan, input: Input::Data { hex } } => {
            let shorter = lesser_bytes(hex).into_iter().filter(|hex| !hex.is_empty());
            shorter.map(|hex| Action::Arrive { chan: *chan, input: Input::Data { hex } }).collect()
        }
        Action::Send { chan, data } => {
            lesser_bytes(data).into_iter().map(|data| Action::Send { chan: *chan, data }).collect()
        }
        Action::Readwrite { chan, conditions } => {
            fewer(*conditions).map(|conditions| Action::Readwrite { chan: *chan, conditions }).collect()
        }
        Action::Poll { map, use_poll, timeout, report } => {
            let with = |timeout, report| Action::Poll { map: *map, use_poll: *use_poll, timeout, report };
            let quick = timeout.map(|_| with(None, report.clone()));
            quick.into_iter().chain(lesser_report(report).into_iter().map(|report| with(*timeout, report))).collect()
        }
        Action::Loop { .. } => lesser_loop(action),
        Action::CloseAll { map, ignore_all: true } => vec![Action::CloseAll { map: *map, ignore_all: false }],
        _ => Vec::new(),
    }
}

fn lesser_loop(action: &Action) -> Vec<Action> {
    let Action::Loop { map, use_poll, timeout, count, reports } = action else { return Vec::new() };
    let with = |timeout, count, reports| Action::Loop { map: *map, use_poll: *use_poll, timeout, count, reports };
    let mut lesser = Vec::new();
    if timeout.is_some() {
        lesser.push(with(None, *count, reports.clone()));
    }
    if let Some(Tenths(tenths)) = count
        && *tenths > 10
    {
        lesser.push(with(*timeout, Some(Tenths(tenths - 10)), reports.clone()));
    }
    for fewer in without_each(reports) {
        lesser.push(with(*timeout, *count, fewer));
    }
    for (at, report) in reports.iter().enumerate() {
        for report in lesser_report(report) {
            let mut changed = reports.clone();
            changed[at] = report;
            lesser.push(with(*timeout, *count, changed));
        }
    }
    lesser
}

fn lesser_report(report: &Report) -> Vec<Report> {
    let Report::Ready { ready } = report else { return vec![Report::default()] };
    let mut lesser: Vec<_> = without_each(ready);
    for (at, item) in ready.iter().enumerate() {
        for conditions in fewer(item.conditions) {
            let mut changed = ready.clone();
            changed[at].conditions = conditions;
            lesser.push(changed);
        }
    }
    lesser.into_iter().map(|ready| Report::Ready { ready }).collect()
}

fn fewer(conditions: Conditions) -> impl Iterator<Item = Conditions> {
    let each = (0..6).map(|bit| Conditions::of_bits(1 << bit)).filter(move |one| conditions.has(*one));
    let without = each.map(move |one| {
        Conditions::of_bits((0..6).fold(0, |bits, bit| {
            let this = Conditions::of_bits(1 << bit);
            if conditions.has(this) && this != one { bits | 1 << bit } else { bits }
        }))
    });
    without.filter(|rest| !rest.is_empty())
}
