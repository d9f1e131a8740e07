//! Values of a scenario as Python writes them, on 2 as on 3.

use std::fmt::Write as _;

use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::value::Value;

/// Writes a value.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::Bool { value } => truth(*value).to_owned(),
        Value::Int { value } => value.to_string(),
        Value::Bytes { hex } => format!("b{hex}"),
        Value::List { items } => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Float { .. } => value.to_string(),
        Value::Bytearray { hex } => format!("bytearray(b{hex})"),
        Value::Memoryview { hex } => format!("memoryview(b{hex})"),
        Value::Text { value } => format!("u{}", quoted(value)),
    }
}

/// Writes a truth value.
pub(super) fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// Writes text in quotation marks, in ASCII.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            ' '..='~' => written.push(c),
            '\n' => written.push_str("\\n"),
            '\0'..='\u{ffff}' => _ = write!(written, "\\u{:04x}", u32::from(c)),
            _ => _ = write!(written, "\\U{:08x}", u32::from(c)),
        }
    }
    written + "\""
}

/// Writes printable text so that its backslashes stay as they are, where that is possible.
pub(super) fn raw(text: &str) -> String {
    if text.contains('\'') || text.ends_with('\\') {
        return quoted(text);
    }
    format!("{}'{text}'", if text.contains('\\') { "r" } else { "" })
}

/// Writes what makes the exception that a scenario raises in a call.
pub(super) fn exception(exception: &Exception, call: &str) -> String {
    match exception {
        Exception::Exit => "asyncore.ExitNow()".to_owned(),
        Exception::Interrupt => "KeyboardInterrupt()".to_owned(),
        Exception::Os { errno, .. } => format!("system_error({})", quoted(errno.name())),
        Exception::Other { .. } => format!("scenario_error({call})"),
    }
}

/// Writes a call that fails.
pub(super) fn fails(errno: Errno) -> String {
    format!("Fails({})", quoted(errno.name()))
}
