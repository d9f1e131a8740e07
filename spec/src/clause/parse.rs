//! Parses the file of one area.

use std::path::Path;

use pulldown_cmark::HeadingLevel;

use super::blocks::{Block, Kind, blocks, line_at};
use super::header::{self, Fields, Heading};
use super::{Clause, ClauseError, ClauseExample, Level, Scope};
use crate::profile::{Profile, Releases};
use crate::text::parse_example;
use crate::view::View;

/// Parses the file of one area: a heading of the first level, a paragraph about the area, and the clauses.
///
/// The area is the name of the file without its ending, in capitals.
///
/// # Errors
///
/// When the text is anything else; the error says where.
pub fn parse_area(file: &str, text: &str) -> Result<Vec<Clause>, ClauseError> {
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    Area { file, name: stem.to_ascii_uppercase(), text }.parse()
}

/// Is the file of one area.
struct Area<'a> {
    file: &'a str,
    name: String,
    text: &'a str,
}

type Parsed<T> = Result<T, ClauseError>;

impl Area<'_> {
    fn parse(&self) -> Parsed<Vec<Clause>> {
        let blocks = blocks(self.text);
        let is_clause = |block: &Block| block.kind == Kind::Heading(HeadingLevel::H3);
        let first = blocks.iter().position(is_clause).unwrap_or(blocks.len());
        let (preface, rest) = blocks.split_at(first);
        self.preface(preface)?;
        let mut clauses = Vec::new();
        let mut from = 0;
        while from < rest.len() {
            let length = rest[from + 1..].iter().position(is_clause).map_or(rest.len() - from, |at| at + 1);
            clauses.push(self.clause(&rest[from..from + length])?);
            from += length;
        }
        Ok(clauses)
    }

    fn preface(&self, blocks: &[Block]) -> Parsed<()> {
        let fits = matches!(blocks, [title, rest @ ..]
            if title.kind == Kind::Heading(HeadingLevel::H1)
            && !rest.is_empty()
            && rest.iter().all(|block| block.kind == Kind::Paragraph));
        if fits {
            return Ok(());
        }
        self.fail(0, "an area begins with a heading of the first level and a paragraph".to_owned())
    }

    fn clause(&self, blocks: &[Block]) -> Parsed<Clause> {
        let at = blocks[0].range.start;
        let heading = header::heading(self.raw(&blocks[0]).trim_start_matches('#').trim(), &self.name);
        let Heading { id, weight, title } = heading.or_else(|message| self.fail(at, message))?;
        let Some((level, scope)) = weight else { return self.tombstone(id, title, blocks) };
        let (fields, body) = match &blocks[1..] {
            [fields, body @ ..] if fields.kind == Kind::Paragraph => (fields, body),
            _ => return self.fail(at, format!("the line of fields of {id} is missing")),
        };
        let read = header::fields(&self.raw(fields).replace('\n', " "));
        let Fields { profiles, python, python_text, spec, needs, view } =
            read.or_else(|message| self.fail(fields.range.start, message))?;
        let view = view.unwrap_or(View::Exact);
        let mut clause = Clause {
            id,
            level,
            scope,
            title,
            profiles,
            python,
            python_text,
            spec,
            needs,
            view,
            text: String::new(),
            source: None,
            errata: Vec::new(),
            examples: Vec::new(),
            withdrawn: false,
        };
        body.iter().try_for_each(|block| self.add(block, &mut clause))?;
        if clause.text.is_empty() {
            return self.fail(at, format!("{id} says nothing"));
        }
        Ok(clause)
    }

    fn tombstone(&self, id: crate::clause_id::ClauseId, title: String, blocks: &[Block]) -> Parsed<Clause> {
        if let Some(block) = blocks.get(1) {
            return self.fail(block.range.start, format!("nothing follows the heading of {id}, which is withdrawn"));
        }
        Ok(Clause {
            id,
            level: Level::Unspecified,
            scope: Scope::Portable,
            title,
            profiles: Vec::new(),
            python: Releases::default(),
            python_text: String::new(),
            spec: String::new(),
            needs: Vec::new(),
            view: View::Exact,
            text: String::new(),
            source: None,
            errata: Vec::new(),
            examples: Vec::new(),
            withdrawn: true,
        })
    }

    /// Adds a block of a clause's body to the clause.
    fn add(&self, block: &Block, clause: &mut Clause) -> Parsed<()> {
        let at = block.range.start;
        let raw = self.raw(block);
        match &block.kind {
            Kind::Fence { info, code } => {
                let example = self.example(at, info, code, &clause.profiles)?;
                clause.examples.push(example);
                return Ok(());
            }
            Kind::Heading(_) => {
                return self
                    .fail(at, "below the heading of an area there are only headings of the third level".to_owned());
            }
            Kind::Paragraph | Kind::Other => {}
        }
        if let Some(source) = raw.strip_prefix("Source:") {
            if clause.source.replace(source.trim().to_owned()).is_some() {
                return self.fail(at, format!("{} has two paragraphs `Source:`", clause.id));
            }
        } else if let Some(erratum) = raw.strip_prefix("*Erratum.*") {
            clause.errata.push(erratum.trim().to_owned());
        }
        if !clause.text.is_empty() {
            clause.text.push_str("\n\n");
        }
        clause.text.push_str(raw);
        Ok(())
    }

    fn example(&self, at: usize, info: &str, code: &str, of: &[Profile]) -> Parsed<ClauseExample> {
        let Some(limit) = info.strip_prefix("scenario") else {
            return self.fail(at, "a block of code in a clause is a `scenario`".to_owned());
        };
        let profiles = if limit.trim().is_empty() {
            of.to_vec()
        } else {
            header::profiles(limit).or_else(|message| self.fail(at, message))?
        };
        if let Some(other) = profiles.iter().find(|profile| !of.contains(profile)) {
            return self.fail(at, format!("the clause does not speak of `{other}`"));
        }
        match parse_example(code) {
            Ok(example) => match example.expected {
                Some(expected) => {
                    Ok(ClauseExample { scenario: example.scenario, expected, profiles, text: code.to_owned() })
                }
                None => self.fail(at, "an example has a line `----` and below it what the scenario gives".to_owned()),
            },
            Err(error) => Err(ClauseError {
                line: line_at(self.text, at) + error.line,
                ..self.error(at, format!("column {}: expected {}, found {}", error.column, error.expected, error.found))
            }),
        }
    }

    fn raw(&self, block: &Block) -> &str {
        self.text.get(block.range.clone()).unwrap_or_default().trim()
    }

    fn error(&self, at: usize, message: String) -> ClauseError {
        ClauseError { file: self.file.to_owned(), line: line_at(self.text, at), message }
    }

    fn fail<T>(&self, at: usize, message: String) -> Parsed<T> {
        Err(self.error(at, message))
    }
}
