//! The hidden command `pose`: the program plays a subject that is of no use, for `selftest`.

use std::io::{self, BufRead, Write};

use asyncore_conformance::outcome::Status;

use super::Trouble;

pub(crate) fn pose(kind: &str) -> Result<Status, Trouble> {
    let lines = io::stdin().lock().lines();
    let mut out = io::stdout().lock();
    match kind {
        "ends" => {}
        "closes" => {
            drop(out);
            lines.for_each(drop);
        }
        "hangs" => lines.for_each(drop),
        "echoes" => {
            lines.map_while(Result::ok).try_for_each(|line| writeln!(out, "{line}").and_then(|()| out.flush()))?;
        }
        "says-ok" => {
            lines
                .map_while(Result::ok)
                .try_for_each(|_| writeln!(out, "{{\"ok\":true}}").and_then(|()| out.flush()))?;
        }
        "floods" => while writeln!(out, "ok").is_ok() {},
        other => return Err(Trouble::new(format_args!("there is no pose `{other}`"))),
    }
    Ok(Status::Held)
}
