//! What the command lines of the examples have in common.
//!
//! With `LOG=debug` in its environment an example tells on standard error which of its methods are called, in their
//! order; with `LOG=info` it tells less. A program of its own would use a crate for either.

#![allow(dead_code, reason = "each example uses a part of this")]

use std::env;
use std::error::Error;
use std::net::{SocketAddr, ToSocketAddrs};

/// The arguments of a server, `ADDRESS [CONNECTIONS]`: where it listens, and how many connections it accepts before it
/// stops listening; by default there is no end.
pub(crate) fn server_arguments() -> Result<(SocketAddr, usize), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().ok_or("usage: ADDRESS [CONNECTIONS], for instance localhost:8080")?;
    let connections = arguments.next().map_or(Ok(usize::MAX), |count| count.parse())?;
    Ok((resolve(&address)?, connections))
}

/// Finds the address of `host:port`.
pub(crate) fn resolve(host: &str) -> Result<SocketAddr, Box<dyn Error>> {
    // `localhost` may have two addresses; the manuals' programs use the older kind.
    let mut addresses: Vec<_> = host.to_socket_addrs()?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    addresses.first().copied().ok_or_else(|| format!("{host} has no address").into())
}

/// Prints the messages of the crate `log` from now on, if `LOG` names a level.
pub(crate) fn log_to_stderr() {
    let level = env::var("LOG").ok().and_then(|level| level.parse().ok());
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(level.unwrap_or(log::LevelFilter::Off));
    }
}

struct Stderr;

impl log::Log for Stderr {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        eprintln!("{:5} {}", record.level(), record.args());
    }

    fn flush(&self) {}
}
