//! The only writer of typed YAML documents. (A user's own YAML is cut by its events, never written anew.)

use serde::Serialize;

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
