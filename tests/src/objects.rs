//! Objects as the operator prints them.

use serde_json::Value;
use zuul_operator::yaml::{self, Limits};

/// The documents of a YAML text.
///
/// # Panics
/// It is broken.
#[must_use]
pub fn documents(text: &str) -> Vec<Value> {
    let documents = yaml::read(0, text, Limits::default()).flat_map(|reading| {
        assert!(reading.remarks.is_empty() && reading.is_whole, "{:?}", reading.remarks);
        reading.documents
    });
    documents.map(|document| document.value).collect()
}

/// `metadata.name`.
#[must_use]
pub fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}

/// Bytes in base64, with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = char::from(ALPHABET[bits >> (18 - 6 * place) & 63]);
            text.push(if place > chunk.len() { '=' } else { letter });
        }
    }
    text
}
