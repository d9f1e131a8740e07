//! The scenario as a program of its own.

use std::io::Write;

use asyncore_conformance::outcome::Status;
use asyncore_conformance::script::{PROFILES, script};

use super::Replay;
use super::scene::Scene;
use crate::cli::Trouble;
use crate::cli::out::Out;

/// Writes the program, or says what cannot be written in one.
pub(super) fn write(out: &mut Out, scenes: &[Scene], arguments: &Replay) -> Result<Status, Trouble> {
    let chosen = arguments.subjects.profile.as_ref().map(std::slice::from_ref);
    let [scene, ..] = scenes else { return Ok(Status::NotDone) };
    let program = script(&scene.scenario, chosen.unwrap_or(PROFILES)).map_err(|refusal| {
        Trouble::new(format_args!("{refusal}; replay it without `--script`, with `--subject python:INTERPRETER`"))
    })?;
    write!(out, "{program}")?;
    Ok(Status::Held)
}
