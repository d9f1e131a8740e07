//! Reads the tokens of one line and says what it expected when they end wrongly.

use super::ParseError;
use super::lex::{Token, tokens};
use crate::exception::{Errno, ErrorText, Exception};
use crate::name::Name;
use crate::value::{Bytes, Value};

/// Is a place in one line.
pub(super) struct Cursor {
    line: usize,
    end: usize,
    tokens: Vec<(usize, Token)>,
    at: usize,
    /// How many lists are open.
    nested: usize,
}

/// How many lists may stand within each other.
const DEEPEST: usize = 32;

pub(super) type Parsed<T> = Result<T, ParseError>;

impl Cursor {
    /// Starts at the beginning of a line; `line` counts from 1.
    pub(super) fn new(line: usize, text: &str) -> Parsed<Self> {
        let tokens = tokens(text).map_err(|column| ParseError {
            line,
            column,
            expected: "a word, a number, a quoted string of ASCII with escapes, or one of `-> : ; [ ] . |`".to_owned(),
            found: text
                .chars()
                .nth(column - 1)
                .map_or_else(|| "the end of the line".to_owned(), |c| format!("`{}`", c.escape_default())),
        })?;
        Ok(Self { line, end: text.chars().count() + 1, tokens, at: 0, nested: 0 })
    }

    /// Makes an error at the current token.
    pub(super) fn fail<T>(&self, expected: impl Into<String>) -> Parsed<T> {
        let (column, found) = match self.tokens.get(self.at) {
            Some((column, token)) => (*column, token.to_string()),
            None => (self.end, "the end of the line".to_owned()),
        };
        Err(ParseError { line: self.line, column, expected: expected.into(), found })
    }

    /// Makes an error at the token before the current one.
    pub(super) fn fail_before<T>(&mut self, expected: impl Into<String>) -> Parsed<T> {
        self.at = self.at.saturating_sub(1);
        self.fail(expected)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// Takes the token if it is this word.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w == word);
        self.at += usize::from(found);
        found
    }

    /// Takes the token if it is this mark.
    pub(super) fn take_mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Mark(m)) if *m == mark);
        self.at += usize::from(found);
        found
    }

    pub(super) fn mark(&mut self, mark: &str) -> Parsed<()> {
        if self.take_mark(mark) { Ok(()) } else { self.fail(format!("`{mark}`")) }
    }

    pub(super) fn word(&mut self, expected: &str) -> Parsed<String> {
        let Some(Token::Word(word)) = self.peek() else { return self.fail(expected) };
        let word = word.clone();
        self.skip();
        Ok(word)
    }

    pub(super) fn end(&self) -> Parsed<()> {
        if self.is_done() { Ok(()) } else { self.fail("the end of the line") }
    }

    /// Reads the name of a channel, producer or fifo.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Name> {
        let expected = format!("the name of a {what} (a lower-case identifier of at most {} characters)", Name::MAX);
        if let Some(Token::Word(word)) = self.peek()
            && let Ok(name) = word.parse()
        {
            self.skip();
            return Ok(name);
        }
        self.fail(expected)
    }

    pub(super) fn natural(&mut self, what: &str) -> Parsed<u32> {
        if let Some(Token::Int(value)) = self.peek()
            && let Ok(value) = u32::try_from(*value)
        {
            self.skip();
            return Ok(value);
        }
        self.fail(format!("{what} (a whole number, 0 or more)"))
    }

    /// Reads the number of a descriptor.
    pub(super) fn descriptor(&mut self) -> Parsed<u16> {
        let number = self.natural("the number of a descriptor")?;
        u16::try_from(number).or_else(|_| self.fail_before("the number of a descriptor (at most 65535)"))
    }

    /// Reads text that is UTF-8.
    pub(super) fn string(&mut self, what: &str) -> Parsed<String> {
        let bytes = self.bytes(what)?;
        String::from_utf8(bytes.0).or_else(|_| self.fail_before("text that is UTF-8"))
    }

    pub(super) fn truth(&mut self) -> Parsed<bool> {
        if self.take_word("true") {
            return Ok(true);
        }
        if self.take_word("false") { Ok(false) } else { self.fail("`true` or `false`") }
    }

    pub(super) fn errno(&mut self) -> Parsed<Errno> {
        match self.take_errno() {
            Some(errno) => Ok(errno),
            None => self.fail("the symbolic name of an error number, such as `EPIPE`"),
        }
    }

    pub(super) fn bytes(&mut self, what: &str) -> Parsed<Bytes> {
        let Some(Token::Text(bytes)) = self.peek() else { return self.fail(format!("{what} (a quoted string)")) };
        let bytes = Bytes(bytes.clone());
        self.skip();
        Ok(bytes)
    }

    /// Takes an error number by name, if one stands here.
    pub(super) fn take_errno(&mut self) -> Option<Errno> {
        let Some(Token::Word(word)) = self.peek() else { return None };
        let errno = Errno::by_name(word)?;
        self.skip();
        Some(errno)
    }

    /// Says whether an exception starts here, and not the name of a channel with conditions.
    pub(super) fn at_exception(&self) -> bool {
        let word =
            matches!(self.peek(), Some(Token::Word(w)) if ["exit", "interrupt", "os", "other"].contains(&w.as_str()));
        word && self.tokens.get(self.at + 1).is_none_or(|(_, token)| *token != Token::Mark(":"))
    }

    /// Reads an exception.
    pub(super) fn exception(&mut self) -> Parsed<Exception> {
        if self.take_word("exit") {
            return Ok(Exception::Exit);
        }
        if self.take_word("interrupt") {
            return Ok(Exception::Interrupt);
        }
        if self.take_word("os") {
            return match self.take_errno() {
                Some(errno) => {
                    let text = ErrorText::ALL.iter().copied().find(|text| self.take_word(text.name()));
                    Ok(Exception::Os { errno, text })
                }
                None => self.fail("the symbolic name of an error number, such as `EPIPE`"),
            };
        }
        if self.take_word("other") {
            let class = match self.peek() {
                Some(Token::Word(_)) => Some(self.word("a class")?),
                _ => None,
            };
            return Ok(Exception::Other { class });
        }
        self.fail("an exception: `exit`, `interrupt`, `os ERRNO` or `other`")
    }

    /// Says whether a value starts here.
    pub(super) fn at_value(&self) -> bool {
        match self.peek() {
            Some(Token::Text(_) | Token::Int(_) | Token::Tenths(_) | Token::Mark("[")) => true,
            Some(Token::Word(word)) => {
                matches!(word.as_str(), "none" | "true" | "false" | "bytearray" | "memoryview" | "text")
            }
            _ => false,
        }
    }

    /// Reads a value.
    pub(super) fn value(&mut self, what: &str) -> Parsed<Value> {
        if !self.at_value() {
            return self.fail(format!("{what} (a quoted string, a number, `none`, or another value)"));
        }
        let value = match self.peek() {
            Some(Token::Text(bytes)) => Value::bytes(bytes),
            Some(Token::Int(value)) => Value::int(*value),
            Some(Token::Tenths(tenths)) => Value::Float { tenths: *tenths },
            Some(Token::Mark(_)) => return self.list(),
            _ => return self.word_value(),
        };
        self.skip();
        Ok(value)
    }

    fn word_value(&mut self) -> Parsed<Value> {
        let word = self.word("a value")?;
        Ok(match word.as_str() {
            "none" => Value::None,
            "true" => Value::bool(true),
            "false" => Value::bool(false),
            "bytearray" => Value::Bytearray { hex: self.bytes("the bytes")? },
            "memoryview" => Value::Memoryview { hex: self.bytes("the bytes")? },
            _ => match String::from_utf8(self.bytes("the text")?.0) {
                Ok(value) => Value::Text { value },
                Err(_) => return self.fail_before("text that is UTF-8"),
            },
        })
    }

    /// Reads a list of values in brackets.
    pub(super) fn list(&mut self) -> Parsed<Value> {
        self.mark("[")?;
        self.nested += 1;
        if self.nested > DEEPEST {
            return self.fail_before(format!("at most {DEEPEST} lists within each other"));
        }
        let mut items = Vec::new();
        while !self.take_mark("]") {
            if !self.at_value() {
                return self.fail("a value or `]`");
            }
            items.push(self.value("a value")?);
        }
        self.nested -= 1;
        Ok(Value::List { items })
    }
}
