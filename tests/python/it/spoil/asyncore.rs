//! What is spoiled in asyncore: every statement of it at least once, and every fault that a release of it had.

mod close;
mod connect;
mod errors;
mod events;
mod files;
mod gaps;
mod goals;
mod history;
mod io;
mod loops;
mod maps;
mod passes;
mod polls;
mod words;

pub(crate) use gaps::KNOWN_GAPS;

use super::table::Spoiling;

pub(crate) const GOALS: &[Spoiling] = goals::SPOILINGS;
pub(crate) const EVENTS: &[Spoiling] = events::SPOILINGS;
pub(crate) const ERRORS: &[Spoiling] = errors::SPOILINGS;
pub(crate) const PASSES: &[Spoiling] = passes::SPOILINGS;
pub(crate) const POLLS: &[Spoiling] = polls::SPOILINGS;
pub(crate) const LOOPS: &[Spoiling] = loops::SPOILINGS;
pub(crate) const MAPS: &[Spoiling] = maps::SPOILINGS;
pub(crate) const CONNECT: &[Spoiling] = connect::SPOILINGS;
pub(crate) const IO: &[Spoiling] = io::SPOILINGS;
pub(crate) const CLOSE: &[Spoiling] = close::SPOILINGS;
pub(crate) const FILES: &[Spoiling] = files::SPOILINGS;
pub(crate) const WORDS: &[Spoiling] = words::SPOILINGS;
pub(crate) const HISTORY: &[Spoiling] = history::SPOILINGS;
