//! Splits one line into tokens.

use winnow::ascii::{dec_uint, digit1};
use winnow::combinator::{alt, delimited, opt, preceded, repeat};
use winnow::prelude::*;
use winnow::token::{any, one_of, take_while};

/// Is one token of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A word: a name, a keyword, an errno.
    Word(String),
    /// A quoted string of bytes.
    Text(Vec<u8>),
    /// A whole number.
    Int(i64),
    /// A number with one decimal, in tenths.
    Tenths(i32),
    /// An arrow, or a single mark.
    Mark(&'static str),
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => write!(f, "`{word}`"),
            Self::Text(_) => f.write_str("a quoted string"),
            Self::Int(value) => write!(f, "`{value}`"),
            Self::Tenths(_) => f.write_str("a decimal number"),
            Self::Mark(mark) => write!(f, "`{mark}`"),
        }
    }
}

/// Splits a line into tokens with the column, counted from 1, at which each starts.
///
/// The error is the column at which no token starts.
pub(super) fn tokens(line: &str) -> Result<Vec<(usize, Token)>, usize> {
    let mut rest = line;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        let column = line[..line.len() - rest.len()].chars().count() + 1;
        if rest.is_empty() {
            return Ok(found);
        }
        found.push((column, token.parse_next(&mut rest).map_err(|_| column)?));
    }
}

fn token(input: &mut &str) -> ModalResult<Token> {
    alt((word, text, tenths, int, mark)).parse_next(input)
}

fn word(input: &mut &str) -> ModalResult<Token> {
    (
        one_of(|c: char| c.is_ascii_alphabetic() || c == '_'),
        take_while(0.., |c: char| c.is_ascii_alphanumeric() || c == '_'),
    )
        .take()
        .map(|word: &str| Token::Word(word.to_owned()))
        .parse_next(input)
}

fn text(input: &mut &str) -> ModalResult<Token> {
    delimited('"', repeat(0.., byte), '"').map(Token::Text).parse_next(input)
}

fn byte(input: &mut &str) -> ModalResult<u8> {
    alt((
        escape,
        any.verify_map(|c: char| (c.is_ascii() && !c.is_ascii_control() && c != '"' && c != '\\').then_some(c as u8)),
    ))
    .parse_next(input)
}

fn escape(input: &mut &str) -> ModalResult<u8> {
    let hex = preceded('x', take_while(2..=2, |c: char| c.is_ascii_hexdigit()))
        .verify_map(|digits: &str| u8::from_str_radix(digits, 16).ok());
    let named = alt((
        'r'.value(b'\r'),
        'n'.value(b'\n'),
        't'.value(b'\t'),
        '0'.value(0),
        '"'.value(b'"'),
        '\''.value(b'\''),
        '\\'.value(b'\\'),
    ));
    preceded('\\', alt((named, hex))).parse_next(input)
}

fn int(input: &mut &str) -> ModalResult<Token> {
    (opt('-'), digit1).take().verify_map(|digits: &str| digits.parse().ok()).map(Token::Int).parse_next(input)
}

fn tenths(input: &mut &str) -> ModalResult<Token> {
    let parts = (opt('-'), dec_uint::<_, u32, _>, '.', one_of('0'..='9'));
    parts
        .verify_map(|(sign, whole, _, tenth): (_, u32, _, char)| {
            let size = i64::from(whole) * 10 + i64::from(tenth.to_digit(10)?);
            i32::try_from(if sign.is_some() { -size } else { size }).ok()
        })
        .map(Token::Tenths)
        .parse_next(input)
}

fn mark(input: &mut &str) -> ModalResult<Token> {
    alt((
        "->".value("->"),
        ":".value(":"),
        ";".value(";"),
        "[".value("["),
        "]".value("]"),
        ".".value("."),
        ">".value(">"),
        "?".value("?"),
        "|".value("|"),
    ))
    .map(Token::Mark)
    .parse_next(input)
}
