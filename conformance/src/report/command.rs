//! The command that reproduces a failure.

use std::io::{self, Write};

use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;

/// The name of this program, as it is called.
const PROGRAM: &str = "asyncore-conformance";

/// Writes the command, with the scenario as a here-document, so that both can be copied together into a shell.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_replay(
    out: &mut dyn Write,
    scenario: &Scenario,
    subject: &str,
    profile: Profile,
    options: &[String],
) -> io::Result<()> {
    writeln!(out, "{} <<'END'", replay("-", subject, profile, options))?;
    write!(out, "{scenario}")?;
    writeln!(out, "END")
}

/// Gives the command that replays a file.
#[must_use]
pub fn replay(file: &str, subject: &str, profile: Profile, options: &[String]) -> String {
    let words = ["replay", file, "--subject", subject, "--profile", profile.name()].into_iter();
    let words = words.chain(options.iter().map(String::as_str)).map(quote);
    format!("{PROGRAM} {}", words.collect::<Vec<_>>().join(" "))
}

/// Gives the command that shows a clause.
#[must_use]
pub fn explain(clause: asyncore_spec::clause_id::ClauseId) -> String {
    format!("{PROGRAM} explain {clause}")
}

fn quote(word: &str) -> String {
    // No word of a command line holds a NUL, the one thing that cannot be quoted.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}
