//! What stands for a secret until the very end.
//!
//! The core and the plugins move [`SecretRef`]s around; bytes are put in their place by
//! [`crate::fill`] while an object is written, and nowhere else.

use std::fmt;

use serde::Serialize;

/// A key of a Secret in the Zuul's namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretRef {
    /// The Secret's `metadata.name`.
    pub secret: String,
    /// The key below its `data`.
    pub key: String,
    /// For a scalar inside of a YAML document that the key holds: its place among the document's
    /// scalars, from zero. `None` stands for all bytes of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scalar: Option<u32>,
}

impl SecretRef {
    /// All bytes of `key` in the Secret named `secret`.
    #[must_use]
    pub fn new(secret: impl Into<String>, key: impl Into<String>) -> Self {
        Self { secret: secret.into(), key: key.into(), scalar: None }
    }
}

impl fmt::Display for SecretRef {
    /// How a reference is shown to people: `gerrit-secrets/password`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.secret, self.key)?;
        match self.scalar {
            Some(n) => write!(f, "#{n}"),
            None => Ok(()),
        }
    }
}

/// A part of a [`Value`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Segment {
    /// Text as it stands.
    Text(String),
    /// The place where the bytes of a secret will stand.
    Secret(SecretRef),
}

/// A value that may contain secrets: the concatenation of its segments.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Value(pub Vec<Segment>);

impl Value {
    /// A value without a secret.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Segment::Text(text.into())])
    }

    /// A value that is one secret.
    #[must_use]
    pub fn secret(secret: SecretRef) -> Self {
        Self(vec![Segment::Secret(secret)])
    }

    /// The secrets in it, in order, repetitions included.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Secret(secret) => Some(secret),
            Segment::Text(_) => None,
        })
    }

    /// Its text, without the secrets in it.
    #[must_use]
    pub fn plain_text(&self) -> String {
        self.0
            .iter()
            .filter_map(|segment| match segment {
                Segment::Text(text) => Some(text.as_str()),
                Segment::Secret(_) => None,
            })
            .collect()
    }

    /// True for no segments, and for empty text only.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|segment| matches!(segment, Segment::Text(text) if text.is_empty()))
    }
}

/// Whether it holds a URL with more of a login than the user that git has over SSH.
#[must_use]
pub fn has_login(text: &str) -> bool {
    text.match_indices("://").any(|(at, found)| {
        let (before, rest) = (&text[..at], &text[at + found.len()..]);
        // A password may hold what would end a host.
        let word = rest.split([' ', '"', '\'']).next().unwrap_or_default();
        let login = word.rsplit_once('@').map(|(login, _)| login);
        let is_token = |login: &str| !login.contains('/') && !before.ends_with("ssh");
        login.is_some_and(|login| login.contains(':') || is_token(login))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_in_a_url_is_found() {
        for (text, expected) in [
            ("https://zuul:hunter2@search.example.org", true),
            ("https://a, https://hunter2@b/x", true),
            ("ssh://git:hunter2@host/x", true),
            ("ssh://git@host/x", false),
            ("https://zuul:hunter/2@host", true),
            ("https://host/@user", false),
            ("zuul@example.org", false),
        ] {
            assert_eq!(has_login(text), expected, "{text}");
        }
    }
}
