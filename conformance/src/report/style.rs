//! The colours of the terminal. Whoever writes them passes through `anstream`, which drops them where they are not wanted.

use anstyle::{AnsiColor, Style};

/// Marks what held.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Marks what fell short.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Marks what deserves a look.
pub const NOTE: Style = AnsiColor::Yellow.on_default();
/// Marks a heading.
pub const STRONG: Style = Style::new().bold();
/// Marks what may be skipped.
pub const FAINT: Style = Style::new().dimmed();
