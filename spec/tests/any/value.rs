//! Any names, values and exceptions.

use asyncore_spec::exception::{Errno, ErrorText, Exception};
use asyncore_spec::name::Name;
use asyncore_spec::value::{Bytes, Value};
use proptest::prelude::*;

/// Any name, words of the text form among them.
pub(super) fn name() -> impl Strategy<Value = Name> {
    const KEYWORDS: &[&str] = &[
        "chat",
        "falsy",
        "size",
        "on",
        "terminator",
        "other",
        "os",
        "exit",
        "interrupt",
        "socket",
        "fd",
        "peer",
        "later",
        "object",
        "file",
        "handling",
        "ignore_all",
        "inet",
        "stream",
        "sleep",
        "select",
        "out",
        "err",
        "r",
        "s",
        "ms",
    ];
    let names = "[a-z][a-z0-9_]{0,11}".prop_filter_map("a name", |text| text.parse().ok());
    let keywords = prop::sample::select(KEYWORDS).prop_map(Name::of);
    prop_oneof![3 => names, 1 => keywords]
}

pub(super) fn bytes() -> impl Strategy<Value = Bytes> {
    let quoted = prop::collection::vec(prop::sample::select(&b"\"'\\;#>-[]:.x0 \r\n\t\0\xff"[..]), 0..8);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..24), quoted].prop_map(Bytes)
}

pub(super) fn some_bytes() -> impl Strategy<Value = Bytes> {
    bytes().prop_filter("data are at least one byte", |bytes| !bytes.is_empty())
}

/// Any value, lists of lists included.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let int = prop_oneof![any::<i64>(), -3_i64..12, Just(i64::MIN), Just(i64::MAX)];
    let tenths = prop_oneof![-20..20, any::<i32>(), Just(i32::MIN)];
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::bool),
        int.prop_map(Value::int),
        bytes().prop_map(|hex| Value::Bytes { hex }),
        tenths.prop_map(|tenths| Value::Float { tenths }),
        bytes().prop_map(|hex| Value::Bytearray { hex }),
        bytes().prop_map(|hex| Value::Memoryview { hex }),
        any::<String>().prop_map(|value| Value::Text { value }),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(|items| Value::List { items }))
}

pub(super) fn errno() -> impl Strategy<Value = Errno> {
    prop::sample::select(Errno::ALL)
}

pub(super) fn exception() -> impl Strategy<Value = Exception> {
    let class = prop::option::of("[A-Za-z_][A-Za-z0-9_]{0,20}");
    prop_oneof![
        Just(Exception::Exit),
        Just(Exception::Interrupt),
        (errno(), prop::option::of(prop::sample::select(ErrorText::ALL)))
            .prop_map(|(errno, text)| Exception::Os { errno, text }),
        class.prop_map(|class| Exception::Other { class }),
    ]
}

/// Any exception that a scenario may raise.
pub(super) fn raisable() -> impl Strategy<Value = Exception> {
    exception().prop_map(|exception| match exception {
        Exception::Other { .. } => Exception::scripted(),
        Exception::Os { errno, .. } => Exception::os(errno),
        other => other,
    })
}
