//! Objects as the operator prints them.

use serde_json::Value;
use zuul_operator::cli::yaml::{self, Limits};

/// The documents of a YAML text.
///
/// # Panics
/// It is broken.
#[must_use]
pub fn documents(text: &str) -> Vec<Value> {
    let reading = yaml::read(0, text, Limits::default());
    assert!(reading.remarks.is_empty() && reading.unread.is_empty(), "{:?}", reading.remarks);
    reading.documents.into_iter().map(|document| document.value).collect()
}

/// `metadata.name`.
#[must_use]
pub fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}
