//! The servers, each of which accepts whatever waits and sends every line back.

mod bare;
mod framed;
mod reference;

use std::io::{Write, stdout};
use std::net::{Ipv4Addr, TcpListener};

use rustix::net::{listen, sockopt};
use rustix::process::{Signal, set_parent_process_death_signal};

use crate::subject::{Kind, Subject};

/// The server for CPython, which is told `Select` or `Poll`.
pub(crate) const CPYTHON: &str = include_str!("cpython.py");

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 4096;

/// How much one read asks for, as in asynchat.
const READ: usize = 65536;

/// Shows the port and serves until the process is killed, or the one that started it ends.
pub(crate) fn serve(subject: Subject) {
    set_parent_process_death_signal(Some(Signal::KILL)).expect("Linux has it");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.set_nonblocking(true).expect("it is open");
    sockopt::set_tcp_nodelay(&listener, true).expect("it is TCP");
    listen(&listener, BACKLOG).expect("it is bound");
    println!("{}", listener.local_addr().expect("it is bound").port());
    stdout().flush().expect("somebody reads");
    match subject.kind {
        Kind::Mio => bare::serve(&listener, subject.coalesces, false),
        Kind::Asking => bare::serve(&listener, subject.coalesces, true),
        Kind::Tokio => framed::serve(listener, subject.coalesces),
        Kind::Reference(wait) => reference::serve(listener, wait, subject.coalesces),
        Kind::Cpython(_) => unreachable!("an interpreter serves itself"),
    }
}
