//! What the machine allows, and how busy it is.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that a process has besides its connections, and some to spare.
const OTHERS: usize = 64;

/// Allows this process and its children as many descriptors as the system lets them have.
pub(crate) fn raise_limit() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // If it cannot be raised, less is possible, and `enough_for` says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// Tells whether a process can have so many connections, and says so if it cannot.
pub(crate) fn enough_for(connections: usize) -> bool {
    let limit = getrlimit(Resource::Nofile).current.and_then(|limit| usize::try_from(limit).ok());
    let enough = limit.is_none_or(|limit| connections + OTHERS <= limit);
    if !enough {
        println!("left out: {connections} connections need more descriptors than a process may have here ({limit:?})");
    }
    enough
}

/// Returns how many processes ran or waited to run, on average, in the last minute.
pub(crate) fn load_average() -> String {
    let loads = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    loads.split(' ').next().unwrap_or_default().to_owned()
}

pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
