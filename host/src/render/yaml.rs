//! The only writer of typed YAML documents. (A user's own YAML is cut by its events, never written anew.)

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A document that PyYAML, go-yaml and YAML 1.2 read alike: what YAML 1.1 would take for something else
/// than text is quoted.
///
/// # Errors
/// The value cannot be written as YAML.
pub fn write<T: Serialize>(value: &T) -> Result<String, serde_saphyr::ser::Error> {
    let options = serde_saphyr::ser_options! {
        // Long texts stay on one line: a diff shows them whole, and nothing depends on folding.
        folded_wrap_chars: usize::MAX,
    };
    serde_saphyr::to_string_with_options(value, options)
}

/// A value whose texts are in a style that every reader takes.
pub struct Readable<'a>(pub &'a Value);

impl Serialize for Readable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(key, value)| (key, Readable(value))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Readable)),
            Value::String(text) if starts_with_tab(text) => {
                serde_saphyr::DoubleQuoted(text).serialize(serializer)
            }
            value => value.serialize(serializer),
        }
    }
}

/// go-yaml takes a tab at the start of a block scalar for indentation, and refuses it.
fn starts_with_tab(text: &str) -> bool {
    text.trim_start_matches(['\n', ' ']).starts_with('\t')
}
