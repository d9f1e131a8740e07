//! How far a run has come, shown on standard error while somebody watches.

use std::io::{self, IsTerminal};

use asyncore_conformance::runner::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Is a bar on a terminal, and nothing anywhere else.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Makes the bar of one subject.
    pub(crate) fn new(subject: &str) -> Self {
        let watched = io::stdout().is_terminal() && io::stderr().is_terminal();
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_prefix(subject.to_owned());
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta} {msg}");
        Self(bar.with_style(style.expect("the template is right")))
    }
}

impl Progress for Bar {
    fn start(&mut self, total: u64) {
        self.0.set_length(total);
    }

    fn advance(&mut self, done: u64) {
        self.0.set_position(done);
    }

    fn note(&mut self, text: &str) {
        self.0.set_message(text.to_owned());
    }

    fn finish(&mut self) {
        self.0.finish_and_clear();
    }
}
