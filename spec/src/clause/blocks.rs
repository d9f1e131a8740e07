//! Takes a Markdown text apart into its outermost blocks.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

/// Is what an outermost block is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Heading(HeadingLevel),
    Paragraph,
    /// A fenced block of code: the word or words after the fence, and the code.
    Fence {
        info: String,
        code: String,
    },
    Other,
}

/// Is an outermost block.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// Where it stands in the text.
    pub(super) range: Range<usize>,
}

impl Block {
    fn new(tag: &Tag<'_>, range: Range<usize>) -> Self {
        let kind = match tag {
            Tag::Heading { level, .. } => Kind::Heading(*level),
            Tag::Paragraph => Kind::Paragraph,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Kind::Fence { info: info.to_string(), code: String::new() },
            _ => Kind::Other,
        };
        Self { kind, range }
    }
}

/// Gives the outermost blocks of a text, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut depth = 0;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    blocks.push(Block::new(&tag, range));
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) if depth == 1 => {
                if let Some(Block { kind: Kind::Fence { code, .. }, .. }) = blocks.last_mut() {
                    code.push_str(&text);
                }
            }
            // Rules and raw HTML stand alone.
            _ if depth == 0 => blocks.push(Block { kind: Kind::Other, range }),
            _ => {}
        }
    }
    blocks
}

/// Gives the number of the line, counted from 1, that a place in a text is on.
pub(super) fn line_at(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
