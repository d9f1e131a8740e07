//! The JSON Schemas of the protocol's messages, as they ship in `schema/`.

use schemars::{JsonSchema, schema_for};

use crate::protocol::{Answer, Request};

/// Gives the schema of a request, as text.
#[must_use]
pub fn request() -> String {
    text::<Request>()
}

/// Gives the schema of an answer, as text.
#[must_use]
pub fn answer() -> String {
    text::<Answer>()
}

fn text<T: JsonSchema>() -> String {
    let mut text = serde_json::to_string_pretty(&schema_for!(T)).expect("a schema can be written as JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Compares a schema with the one that is checked in; `BLESS=1` rewrites that.
    #[track_caller]
    fn is_checked_in(name: &str, schema: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
        if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
            std::fs::write(&path, schema).expect("the schema can be written");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == schema, "{} is not what the types say; BLESS=1 rewrites it", path.display());
    }

    #[test]
    fn the_schema_of_a_request_is_checked_in() {
        is_checked_in("request.json", &request());
    }

    #[test]
    fn the_schema_of_an_answer_is_checked_in() {
        is_checked_in("answer.json", &answer());
    }
}
