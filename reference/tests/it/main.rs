//! The crate's integration tests, one module per subject.

mod support;

mod classes;
mod connect;
mod fifo;
mod framer;
mod http_request_handler;
mod input;
mod output;
mod prefix;
mod producer;
mod reentrancy;
