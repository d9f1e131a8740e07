//! The executable specification of asyncore and asynchat.

pub mod action;
pub mod change;
pub mod check;
pub mod clause;
pub mod clause_id;
pub mod dispatcher;
pub mod exception;
pub mod feature;
pub mod generate;
pub mod hook;
pub mod law;
pub mod model;
pub mod name;
pub mod peer;
pub mod profile;
pub mod scenario;
pub mod text;
pub mod trace;
pub mod value;
pub mod view;
pub mod wait;
