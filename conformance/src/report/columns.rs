//! Traces side by side, step by step.

use std::io::{self, Write};

use asyncore_spec::scenario::Scenario;
use asyncore_spec::trace::Trace;

use super::layout::{first_difference, shorten, shorten_around};
use super::style::{BAD, FAINT, STRONG};
use crate::judge::Departure;

/// Stands where a departure is that nothing was, or nothing should have been.
const NOTHING: &str = "(nothing)";

/// Is one column of the table: the events of each step as text.
#[derive(Clone, Debug)]
pub struct Column {
    heading: String,
    steps: Vec<Vec<String>>,
    /// The step and the row of the first departure.
    mark: Option<(usize, usize)>,
}

impl Column {
    /// Makes a column of a trace.
    pub fn new(heading: impl Into<String>, trace: &Trace) -> Self {
        let steps = trace.steps.iter().map(|events| events.iter().map(ToString::to_string).collect());
        Self { heading: heading.into(), steps: steps.collect(), mark: None }
    }

    /// Marks where a trace departs from what was expected.
    #[must_use]
    pub fn marked(mut self, departure: &Departure, expected: &Self) -> Self {
        self.mark = Some((departure.step, self.row_of(departure, expected)));
        self
    }

    /// Finds the row of a departure: where the two differ and one of them is what the departure speaks of; in a
    /// departure that only shows once pieces are joined, the first row in which they differ.
    fn row_of(&self, departure: &Departure, expected: &Self) -> usize {
        let wanted = departure.expected.as_ref().map(ToString::to_string);
        let found = departure.actual.as_ref().map(ToString::to_string);
        let rows = expected.rows(departure.step).max(self.rows(departure.step));
        let sides = |row: usize| (expected.cell(departure.step, row), self.cell(departure.step, row));
        let differ = |row: &usize| sides(*row).0 != sides(*row).1;
        let speaks_of = |row: &usize| {
            let (e, a) = sides(*row);
            (e.is_some() && e == wanted.as_deref()) || (a.is_some() && a == found.as_deref())
        };
        let row = (0..rows).find(|row| differ(row) && speaks_of(row));
        row.or_else(|| (0..rows).find(differ)).unwrap_or_else(|| rows.saturating_sub(1))
    }

    fn cell(&self, step: usize, row: usize) -> Option<&str> {
        self.steps.get(step)?.get(row).map(String::as_str)
    }

    fn rows(&self, step: usize) -> usize {
        self.steps.get(step).map_or(0, Vec::len)
    }
}

/// Is a table: what is expected in its first column, what was observed in the others.
#[derive(Debug)]
pub struct Table<'a> {
    /// The scenario, whose steps are the headings.
    pub scenario: &'a Scenario,
    /// The columns; the first is what is expected.
    pub columns: &'a [Column],
    /// The width of the whole table in characters.
    pub width: usize,
}

/// Stands before every row, and between columns, so that an arrow fits.
const MARGIN: &str = "    ";
const GAP: &str = "   ";

impl Table<'_> {
    /// Writes the table.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let headings: Vec<_> = self.columns.iter().map(|column| shorten(&column.heading, self.cell_width())).collect();
        self.write_row(out, &headings, &vec![false; headings.len()], STRONG)?;
        for (step, action) in self.scenario.steps.iter().enumerate() {
            let heading = shorten(&format!("> {action}"), self.width - MARGIN.len());
            writeln!(out, "{MARGIN}{FAINT}{heading}{FAINT:#}")?;
            self.write_step(out, step)?;
        }
        Ok(())
    }

    fn write_step(&self, out: &mut dyn Write, step: usize) -> io::Result<()> {
        let marked = self.columns.iter().filter_map(|column| column.mark.filter(|(at, _)| *at == step));
        let marked = marked.map(|(_, row)| row + 1).max().unwrap_or(0);
        let rows = self.columns.iter().map(|column| column.rows(step)).max().unwrap_or(0).max(marked);
        for row in 0..rows {
            let marks: Vec<_> = self.columns.iter().map(|column| column.mark == Some((step, row))).collect();
            let any = marks.contains(&true);
            let cells: Vec<_> = self
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    let empty = if marks[at] || (at == 0 && any) { NOTHING } else { "" };
                    self.fit(column.cell(step, row).unwrap_or(empty), self.opposite(at, step, row), any)
                })
                .collect();
            self.write_row(out, &cells, &marks, anstyle::Style::new())?;
        }
        Ok(())
    }

    /// Gives the cell that a cell is to be compared with.
    fn opposite(&self, at: usize, step: usize, row: usize) -> Option<&str> {
        let marked = || self.columns.iter().position(|column| column.mark == Some((step, row)));
        let other = if at == 0 { marked()? } else { 0 };
        self.columns[other].cell(step, row)
    }

    fn fit(&self, cell: &str, opposite: Option<&str>, marked: bool) -> String {
        match opposite {
            Some(opposite) if marked => shorten_around(cell, first_difference(cell, opposite), self.cell_width()),
            _ => shorten(cell, self.cell_width()),
        }
    }

    fn write_row(
        &self,
        out: &mut dyn Write,
        cells: &[String],
        marks: &[bool],
        style: anstyle::Style,
    ) -> io::Result<()> {
        let mut row = String::new();
        let width = self.cell_width();
        for (at, (cell, marked)) in cells.iter().zip(marks).enumerate() {
            let before = if at == 0 { MARGIN } else { GAP };
            let (before, style) = if *marked { (" → ", BAD) } else { (before, style) };
            let padding = if at + 1 == cells.len() { 0 } else { width - cell.chars().count() };
            row += &format!("{style}{before}{cell}{style:#}{:padding$}", "");
        }
        writeln!(out, "{}", row.trim_end())
    }

    fn cell_width(&self) -> usize {
        let columns = self.columns.len().max(1);
        let gaps = GAP.len() * (columns - 1) + MARGIN.len();
        (self.width.saturating_sub(gaps) / columns).max(16)
    }
}
