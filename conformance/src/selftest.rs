//! The suite put to the test: it has to catch what it claims to catch, name the right clause, and leave the rest alone.
//!
//! The subject of most of this is the model itself, run as if it were an implementation, with one rule broken at a
//! time. What it should have been blamed for is known, because every event that the model predicts carries its clause.

mod alter;
pub mod controls;
mod excused;
mod judged;
mod matrix;
mod modelled;
mod mutation;
mod published;
mod sockets;
mod variants;

pub use controls::Control;
pub use excused::Excuse;
pub use judged::{Figures, Judged, JudgedCell, Standing};
pub use matrix::{Cell, Fate, Matrix};
pub use modelled::Modelled;
pub use mutation::Mutation;
