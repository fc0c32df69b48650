//! Scalars with their style and tag, as values.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Value;

use super::scalar::{Dialect, Plain};
use crate::diagnostic::{FieldPath, Finding};

/// The value of a scalar. Tags of the user's own mean text, as to kubectl.
pub(super) fn scalar(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    dialect: Dialect,
) -> Result<Value, Box<Finding>> {
    let Some(tag) = tag else {
        let is_plain = style == ScalarStyle::Plain;
        return if is_plain { plain(text, dialect) } else { Ok(Value::String(text.to_owned())) };
    };
    if let Some(finding) = foreign(Some(tag), dialect) {
        return Err(Box::new(finding));
    }
    let suffix = if tag.is_yaml_core_schema() { tag.suffix.as_str() } else { "str" };
    let mismatch = || {
        Finding::error("BadTag", FieldPath::root(), format!("the value is no {suffix}, as its tag says"))
            .cure("remove the tag, or correct the value")
    };
    let mismatch = || Box::new(mismatch());
    match (suffix, dialect.resolve(text)) {
        ("bool", value @ (Plain::Bool(_) | Plain::OldBool(_))) => Ok(value.value(text)),
        ("int", Plain::Number(number)) if number.is_i64() || number.is_u64() => Ok(Value::Number(number)),
        ("float", Plain::Number(number)) => Ok(Value::Number(number)),
        ("null", Plain::Null) => Ok(Value::Null),
        ("float", Plain::NotFinite) => plain(text, dialect),
        ("binary", _) => binary(text).ok_or_else(mismatch),
        ("bool" | "int" | "float" | "null", _) => Err(mismatch()),
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// That a tag is the user's own, of which PyYAML's safe loader makes nothing. `!` alone is none.
pub(super) fn foreign(tag: Option<&Tag>, dialect: Dialect) -> Option<Finding> {
    let tag = tag.filter(|tag| dialect == Dialect::Python && !tag.is_yaml_core_schema())?;
    (!tag.suffix.is_empty() || !matches!(tag.handle.as_str(), "" | "!")).then(|| {
        let message = "a tag that PyYAML, and so Zuul, does not know";
        Finding::error("BadTag", FieldPath::root(), message).cure("remove the tag")
    })
}

fn plain(text: &str, dialect: Dialect) -> Result<Value, Box<Finding>> {
    match dialect.resolve(text) {
        Plain::NotFinite => {
            let message = format!("`{text}` is a number that JSON, and so Kubernetes, cannot hold");
            let finding = Finding::error("NotFinite", FieldPath::root(), message);
            Err(Box::new(finding.cure("quote it to mean the text")))
        }
        value => Ok(value.value(text)),
    }
}

fn binary(text: &str) -> Option<Value> {
    let bytes = decode_base64(text)?;
    String::from_utf8(bytes).ok().map(Value::String)
}

/// The bytes of base64, as Kubernetes reads them (Go's `base64.StdEncoding`): line breaks do not count,
/// nor do bits of the last letter that belong to no byte.
#[must_use]
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let go =
        GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
    let joined: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    go.decode(joined).ok()
}

/// What is to be said about a plain `yes`.
pub(super) fn old_boolean(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    dialect: Dialect,
) -> Option<Finding> {
    let (ScalarStyle::Plain, None, Plain::OldBool(value)) = (style, tag, dialect.resolve(text)) else {
        return None;
    };
    let message = format!("`{text}` without quotes means {value}");
    Some(
        Finding::warning("Yaml11Boolean", FieldPath::root(), message)
            .cure(format!("write {value}, or \"{text}\" to mean the text")),
    )
}
