//! Options: what the user wrote, and what is known of them.

use serde::Serialize;

use super::Readers;
use crate::secret::SecretRef;

/// What the user wrote for one option.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Setting {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A reference to a key of a Secret.
    Secret(SecretRef),
}

/// One option with what the user wrote for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The option's name as in zuul.conf.
    pub name: String,
    /// Its value.
    pub setting: Setting,
}

/// What an option holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of the choices.
    OneOf,
    /// A path in the pod; a reference to a Secret is mounted.
    Path,
    /// A secret string.
    Secret,
    /// A file with secret content, always mounted.
    SecretFile,
    /// A URI that may hold credentials.
    SecretUri,
}

/// What is known of one option.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionInfo {
    /// The option's name as in zuul.conf.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// All values, for [`Kind::OneOf`].
    pub choices: Vec<String>,
    /// What Zuul takes when it is absent.
    pub default: Option<String>,
    /// Zuul cannot use the section without it.
    pub required: bool,
    /// When it is required although `required` is false, as a sentence.
    pub required_when: Option<String>,
    /// What replaces it, as a sentence.
    pub deprecated: Option<String>,
    /// The smallest value that Zuul takes.
    pub minimum: Option<f64>,
    /// The largest value that Zuul takes.
    pub maximum: Option<f64>,
    /// The components that read it.
    pub readers: Readers,
    /// One sentence.
    pub summary: String,
}
