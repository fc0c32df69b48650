//! What is wrong with a file that is no YAML, in words that help.

use std::borrow::Cow;

use crate::diagnostic::{FieldPath, Finding};

/// The parser's message as a finding with a cure.
#[must_use]
pub fn explain(info: &str) -> Finding {
    let (code, message, cure) = match info {
        _ if info.contains("recursion limit") => (
            "TooDeep",
            "brackets are nested too deeply",
            "a Kubernetes object needs no more than a few dozen levels",
        ),
        _ if info.contains("tab") => (
            "YamlSyntax",
            "a tab where YAML wants spaces",
            "indent with spaces; write \\t inside of double quotes",
        ),
        _ if info.contains("unknown anchor") => (
            "UnknownAnchor",
            "an alias of an anchor that this document does not have",
            "define the anchor with `&name` above, or quote the value if it is text that starts with `*`",
        ),
        _ if info.contains("mapping values are not allowed") => (
            "YamlSyntax",
            "a second `: ` where a value ends",
            "quote the value if it contains `: `; else check the indentation of this line",
        ),
        _ if info.contains("simple key expect") => (
            "YamlSyntax",
            "a key without a `:`",
            "write `key: value`, or indent the line so that it continues the value above",
        ),
        _ if info.contains("end of stream") || info.contains("document indicator") => {
            ("YamlSyntax", "a quoted text does not end", "close the quotes")
        }
        _ if info.contains("expected ',' or") => (
            "YamlSyntax",
            "a bracket is not closed, or a comma is missing",
            "check the brackets and commas from here upwards",
        ),
        _ if info.contains("did not find expected key") || info.contains("indent") => (
            "YamlSyntax",
            "the indentation fits nothing above it",
            "align this line with the entries that it belongs to",
        ),
        _ if info.contains("unknown escape") => {
            ("YamlSyntax", "an escape that YAML does not know", "double the backslash, or use single quotes")
        }
        _ if info.contains("Unicode character escape") => {
            ("YamlSyntax", "an escape that stands for no character", "write the character itself")
        }
        _ if info.contains("unexpected character") => {
            ("YamlSyntax", "a character that no plain value starts with", "quote the value")
        }
        _ => {
            return Finding::error("YamlSyntax", FieldPath::root(), info)
                .cure("correct the YAML here, or in the lines above");
        }
    };
    Finding::error(code, FieldPath::root(), message).cure(cure)
}

/// JSON writes characters outside of the basic plane as two escapes, which YAML does not know. They
/// are joined here, for valid JSON only; columns behind them shift by two.
#[must_use]
pub fn without_surrogates(text: &str) -> Cow<'_, str> {
    let is_json = || {
        text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    };
    if !["\\ud8", "\\ud9", "\\uda", "\\udb", "\\uD"].iter().any(|start| text.contains(start)) || !is_json() {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        joined.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match pair(rest) {
            Some(character) => {
                joined.push_str(&format!("\\U{:08X}", u32::from(character)));
                12
            }
            // An escaped backslash must not be taken for the start of an escape.
            None => {
                let length = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
                joined.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[length..];
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

/// The character of two escapes at the start of `text`.
fn pair(text: &str) -> Option<char> {
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(escape, 16).ok()
    };
    char::decode_utf16([unit(0)?, unit(6)?]).next()?.ok().filter(|character| u32::from(*character) > 0xFFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_of_json_are_joined() {
        let text = r#"{"a": "\\ud83d \ud83d\ude00!"}"#;
        assert_eq!(without_surrogates(text), r#"{"a": "\\ud83d \U0001F600!"}"#);
        assert_eq!(without_surrogates(r"a: \ud83d\ude00"), r"a: \ud83d\ude00");
    }
}
