//! Takes the manuals apart into the units that `spec/sources/` accounts for.
//!
//! The rules are told in words at the head of each accounting file; these are the same in code.

mod asynchat;
mod latex;
mod notes;
mod page;
mod rst;
mod sentence;

/// Is a manual that a file of `spec/sources/` accounts for.
pub(crate) struct Manual {
    /// The file's name.
    pub(crate) file: &'static str,
    /// The environment variable that may name a copy of the manual.
    pub(crate) variable: &'static str,
    /// Cuts the manual into its units, in order, each with its white space collapsed.
    pub(crate) units: fn(&str) -> Vec<String>,
}

/// Every manual.
pub(crate) const MANUALS: &[Manual] = &[
    Manual { file: "asynchat-2.5.md", variable: "ASYNCHAT_MANUAL", units: asynchat::units },
    Manual { file: "asyncore-2.0.md", variable: "ASYNCORE_MANUAL_2_0", units: latex::units },
    Manual { file: "asyncore-2.7.md", variable: "ASYNCORE_MANUAL_2_7", units: rst::units },
    Manual { file: "asyncore-3.x.md", variable: "ASYNCORE_MANUAL_3", units: page::units },
    Manual { file: "server-notes.md", variable: "SERVER_NOTES", units: notes::units },
];

/// Finds a manual by the name of the file that accounts for it.
pub(crate) fn manual(file: &str) -> &'static Manual {
    MANUALS.iter().find(|manual| manual.file == file).unwrap_or_else(|| panic!("{file} accounts for no manual"))
}

/// Gives the FNV-1a hash of a unit.
pub(crate) fn hash(unit: &str) -> u32 {
    unit.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
