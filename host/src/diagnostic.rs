//! Findings: everything that is told to the user is a value, and all of it is told at once.

mod findings;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

pub use findings::Findings;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing new is applied for this Zuul; the last good state runs on.
    Error,
    /// Applied, but probably not what is wanted.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of an object.
    Key(String),
    /// An index of a list, from zero.
    Index(usize),
}

impl Step {
    /// The key, if it is one.
    #[must_use]
    pub fn as_key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }
}

/// Where in an object: `spec.connections["review.example.com"].sshkey`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath(pub Vec<Step>);

impl FieldPath {
    /// The path of the whole object.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// `spec`.
    #[must_use]
    pub fn spec() -> Self {
        Self::root().key("spec")
    }

    /// This path, one key deeper.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.into()));
        Self(steps)
    }

    /// This path, one index deeper.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The path of what contains it; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, head) = self.0.split_last()?;
        Some(Self(head.to_vec()))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_plain(key) => {
                    let dot = if position == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

impl Serialize for FieldPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The object that a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ObjectRef {
    /// `Zuul`, `Secret`, `ConfigMap`; empty for a file that holds no object.
    pub kind: String,
    /// `metadata.namespace`, empty where none is given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
}

/// One thing that the user should know, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name in UpperCamelCase, to search for in the documentation.
    pub code: String,
    /// The object; filled in by [`crate::plan::plan`] when it is about the Zuul object itself.
    pub object: ObjectRef,
    /// The field.
    pub path: FieldPath,
    /// What is wrong, in one sentence, without a value that may be secret.
    pub message: String,
    /// What was expected; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expected: String,
    /// What to do.
    pub cure: String,
}

impl Finding {
    /// An error at `path` of the Zuul object.
    #[must_use]
    pub fn error(code: &str, path: FieldPath, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, path, message)
    }

    /// A warning at `path` of the Zuul object.
    #[must_use]
    pub fn warning(code: &str, path: FieldPath, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, path, message)
    }

    /// A note at `path` of the Zuul object.
    #[must_use]
    pub fn note(code: &str, path: FieldPath, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, path, message)
    }

    /// A finding at `path` of the Zuul object.
    #[must_use]
    pub fn new(severity: Severity, code: &str, path: FieldPath, message: impl Into<String>) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            object: ObjectRef::default(),
            path,
            message: message.into(),
            expected: String::new(),
            cure: String::new(),
        }
    }

    /// With what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// With what to do.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = cure.into();
        self
    }

    /// About another object than the Zuul itself.
    #[must_use]
    pub fn about(mut self, kind: &str, name: &str) -> Self {
        self.object = ObjectRef { kind: kind.to_owned(), namespace: String::new(), name: name.to_owned() };
        self
    }
}

/// The name among `known` that `word` was probably meant to be, for "did you mean".
///
/// `None` when nothing is near: a far-fetched guess misleads. `None` as well when there are more than
/// 500 of them: many wrong words, each compared with many names, would take minutes.
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().take(MOST_KNOWN + 1).collect();
    if known.len() > MOST_KNOWN {
        return None;
    }
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 5)
        .min()
        .map(|(_, candidate)| candidate)
}

/// More names than this are not compared with a word. Nothing of Zuul's or ours has so many.
const MOST_KNOWN: usize = 500;

/// More names than this are read by nobody; and each of many findings may list the same.
const MOST_LISTED: usize = 20;

/// Names for a sentence: `a, b, c`, or `a, b, c and 7 more`.
#[must_use]
pub fn listed(names: &BTreeSet<String>) -> String {
    let first: Vec<&str> = names.iter().take(MOST_LISTED).map(String::as_str).collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_kubernetes_writes_them() {
        let path = FieldPath::spec().key("jobVolumes").index(2).key("path");
        assert_eq!(path.to_string(), "spec.jobVolumes[2].path");
        let path = FieldPath::spec().key("connections").key("review.example.com").key("sshkey");
        assert_eq!(path.to_string(), "spec.connections[\"review.example.com\"].sshkey");
    }

    #[test]
    fn a_guess_is_near_or_not_made() {
        let known = ["server", "sshkey", "user"];
        assert_eq!(did_you_mean("sever", known), Some("server"));
        assert_eq!(did_you_mean("ssh_key", known), Some("sshkey"));
        assert_eq!(did_you_mean("kafka", known), None);
    }

    #[test]
    fn of_many_names_some_are_listed_and_none_is_guessed() {
        let names = |count: usize| (0..count).map(|number| format!("k{number:03}")).collect::<BTreeSet<_>>();
        let guess = |names: &BTreeSet<String>| {
            did_you_mean("k01", names.iter().map(String::as_str)).map(str::to_owned)
        };
        assert_eq!(listed(&names(3)), "k000, k001, k002");
        assert!(listed(&names(MOST_LISTED)).ends_with("k018, k019"));
        assert!(listed(&names(MOST_LISTED + 7)).ends_with("k018, k019 and 7 more"));
        assert_eq!(guess(&names(MOST_KNOWN)).as_deref(), Some("k001"));
        assert_eq!(guess(&names(MOST_KNOWN + 1)), None);
    }
}
