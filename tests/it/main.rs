//! What the crates are held to together.
//!
//! One binary, one module for each matter. Tests that need an interpreter are another package.

mod conform; // the reference passes the suite
#[cfg(unix)]
mod examples; // the programs of the examples, event by event
mod matrix; // the kill matrix is that of the book
mod spike; // one scenario through model, reference, projection and blame
mod structure; // classes: override, super, re-entrancy
mod tidy; // what the sources and manifests must look like
