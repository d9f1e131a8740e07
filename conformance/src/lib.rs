//! Puts implementations of asyncore and asynchat under the executable specification.

pub mod fuzzing;
pub mod judge;
pub mod outcome;
pub mod process;
pub mod protocol;
pub mod python;
pub mod reference;
pub mod runner;
pub mod schema;
pub mod subject;

pub mod deviations;
pub mod report;
pub mod select;
pub mod suggest;
