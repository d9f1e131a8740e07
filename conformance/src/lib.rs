//! Puts implementations of asyncore and asynchat under the executable specification.

pub mod belongings;
pub mod concord;
pub mod digest;
pub mod evidence;
pub mod fuzzing;
pub mod judge;
pub mod ordered;
pub mod outcome;
#[cfg(unix)]
pub mod peer;
pub mod process;
pub mod protocol;
pub mod python;
pub mod real;
pub mod recording;
pub mod reference;
pub mod runner;
pub mod schema;
pub mod script;
pub mod selftest;
pub mod session;
pub mod subject;

pub mod deviations;
pub mod report;
pub mod select;
pub mod suggest;
