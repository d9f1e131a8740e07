//! Figures of several rounds, and how they compare.

use std::time::Duration;

/// What one message has cost, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

impl Figure {
    pub(crate) fn new(cpu: Duration, wall: Duration, messages: usize) -> Self {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / messages as f64;
        Self { cpu: each(cpu), wall: each(wall) }
    }
}

/// The median, the least and the greatest of some figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(figures: impl Iterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.collect();
        figures.sort_by(f64::total_cmp);
        Self { median: figures[figures.len() / 2], least: figures[0], most: figures[figures.len() - 1] }
    }

    pub(crate) fn cpu(rounds: &[Figure]) -> Self {
        Self::of(rounds.iter().map(|figure| figure.cpu))
    }

    pub(crate) fn wall(rounds: &[Figure]) -> Self {
        Self::of(rounds.iter().map(|figure| figure.wall))
    }

    /// Returns how many times as much CPU time `these` take as `those`, each in its round.
    pub(crate) fn ratio(these: &[Figure], those: &[Figure]) -> Self {
        Self::of(these.iter().zip(those).map(|(this, that)| this.cpu / that.cpu))
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [median, least, most] = [self.median, self.least, self.most].map(rounded);
        f.pad(&format!("{median} ({least}–{most})"))
    }
}

fn rounded(figure: f64) -> String {
    let places = if figure < 10.0 { 2 } else { usize::from(figure < 100.0) };
    format!("{figure:.places$}")
}
