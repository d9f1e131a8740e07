//! The crate's integration tests, one module per subject.

mod support;
mod world;

mod asking;
mod classes;
mod connect;
mod defaults;
mod events;
mod exception;
mod fifo;
mod files;
mod framer;
mod input;
mod map;
#[cfg(unix)]
mod native;
mod output;
mod passes;
mod prefix;
mod producer;
mod reentrancy;
mod with_send;
