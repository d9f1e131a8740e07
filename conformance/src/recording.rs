//! Recordings: runs with all that is needed to judge them again without the subject.
//!
//! A recording is JSON Lines. The first line says what wrote it and by which spec. Each subject has a line that says who it
//! was and how it was judged, then one line for each thing that the verdicts were made of, then one with the verdicts.
//! The last line counts the lines before it and holds their digest, so that a recording that was cut short or changed is
//! known for one.

mod line;
mod read;
mod write;

pub use line::{Header, Judged, Listed, Recorded, Subject};
pub use read::{Recording, RecordingError};
pub use write::Recorder;

/// The version of the format; it grows whenever a line changes its meaning.
pub const FORMAT: u32 = 1;
