//! The text form of evidence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::{COMMAND, Evidence, EvidenceError, Seen};
use crate::digest::Digest;

const HEAD: &str = "# Written by `asyncore-conformance run --evidence`. By hand nothing can be changed here.";

/// Is a file as TOML gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    digest: Digest,
    implementation: String,
    release: String,
    follows: String,
    profile: String,
    spec: String,
    #[serde(default)]
    held: BTreeMap<String, Entry>,
    #[serde(default)]
    broken: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: Digest,
    times: u64,
}

impl Evidence {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is not as it was written.
    pub fn parse(name: &str, text: &str) -> Result<Self, EvidenceError> {
        let fail = |message: String| EvidenceError { file: name.to_owned(), message };
        let file: File =
            toml::from_str(text).map_err(|error| fail(format!("cannot be read: {}", error.message().trim_end())))?;
        if file.digest != digest(text) {
            return Err(fail(format!("was changed by hand: its digest is another one; record it again: {COMMAND}")));
        }
        let entry = |(clause, Entry { text, times })| (clause, Seen { text, times });
        Ok(Self {
            file: name.to_owned(),
            implementation: file.implementation,
            release: file.release,
            follows: file.follows,
            profile: file.profile,
            spec: file.spec,
            held: file.held.into_iter().map(entry).collect(),
            broken: file.broken.into_iter().map(entry).collect(),
        })
    }

    /// Gives the text of the file.
    ///
    /// # Panics
    ///
    /// Never: text can be written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { implementation, release, follows, profile, spec, .. } = self;
        let mut text = String::new();
        let fields = [
            ("implementation", implementation),
            ("release", release),
            ("follows", follows),
            ("profile", profile),
            ("spec", spec),
        ];
        for (name, value) in fields {
            writeln!(text, "{name} = {}", toml::Value::from(value.as_str())).expect("text can be written");
        }
        for (name, list) in [("held", &self.held), ("broken", &self.broken)] {
            write!(text, "\n[{name}]\n").expect("text can be written");
            for (clause, Seen { text: digest, times }) in list {
                writeln!(text, "{clause} = {{ text = \"{digest}\", times = {times} }}").expect("text can be written");
            }
        }
        let whole = format!("{HEAD}\n{text}");
        format!("{HEAD}\ndigest = \"{}\"\n{text}", digest(&whole))
    }
}

/// Gives the digest of a file: of all its lines but the one with the digest.
fn digest(text: &str) -> Digest {
    Digest::of(text.lines().filter(|line| !line.starts_with("digest = ")))
}
