//! What the user is told, collected over the whole file.

use std::borrow::Cow;
use std::rc::Rc;

use zuul_plugin_sdk::{Finding, Severity, error, note, warning};

use crate::node::Node;
use crate::scalar::{Type, is_placeholder};

/// More would not be read, and a status has only so much room.
const MOST_FINDINGS: usize = 200;

/// All that was found so far.
#[derive(Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.all.push(finding);
    }

    /// Whether one of them forbids the cut.
    #[must_use]
    pub fn have_error(&self) -> bool {
        self.all.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// An error with its cure.
    pub fn error(&mut self, code: &str, path: &str, message: &str, cure: &str) {
        self.push(error(code, path, message).cure(cure));
    }

    /// A warning with its cure.
    pub fn warning(&mut self, code: &str, path: &str, message: &str, cure: &str) {
        self.push(warning(code, path, message).cure(cure));
    }

    /// A note with its cure.
    pub fn note(&mut self, code: &str, path: &str, message: &str, cure: &str) {
        self.push(note(code, path, message).cure(cure));
    }

    /// Whether a value is of one of these types; a wrong one is an error. What may stand for a
    /// secret is any scalar.
    pub fn expect(&mut self, value: &Node<'_>, types: &[Type], path: &str) -> bool {
        let found = value.type_of;
        let scalar = types.iter().any(|wanted| !matches!(wanted, Type::Seq | Type::Map));
        if types.contains(&found) || (scalar && value.text().is_some_and(is_placeholder)) {
            return true;
        }
        let expected = types.iter().map(|wanted| wanted.name()).collect::<Vec<_>>().join(" or ");
        let message = match value.text() {
            Some(text) => format!("`{}` is {} for Nodepool", shortened(text), found.name()),
            None => format!("this is {}", found.name()),
        };
        let cure = match (types.contains(&Type::Str), value.text()) {
            (true, Some(text)) if !text.is_empty() => format!("write it in quotes: '{}'", shortened(text)),
            _ => format!("write {expected}"),
        };
        self.push(error("NodepoolWrongType", path, &message).expected(&expected).cure(&cure));
        false
    }

    /// A string that must be there: the value of `key` in a mapping.
    pub fn string<'t>(&mut self, mapping: &'t Node<'_>, key: &str, path: &str) -> Option<&'t str> {
        let Some(value) = mapping.find(key) else {
            self.missing(key, path);
            return None;
        };
        self.expect(value, &[Type::Str], &format!("{path}.{key}")).then(|| value.text()).flatten()
    }

    /// The items of a list that may be absent. Nodepool dies of a null there.
    pub fn list<'t>(&mut self, mapping: &'t Node<'t>, key: &str, path: &str) -> &'t [Rc<Node<'t>>] {
        match mapping.find(key) {
            Some(value) if self.expect(value, &[Type::Seq], &format!("{path}.{key}")) => value.items(),
            _ => &[],
        }
    }

    /// That a key without which Nodepool dies is not there.
    pub fn missing(&mut self, key: &str, path: &str) {
        let message = format!("`{key}` is missing; Nodepool cannot load the file without it");
        self.error("NodepoolMissing", &format!("{path}.{key}"), &message, &format!("add `{key}`"));
    }

    /// All of them; of very many the errors first, and how many more there are.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Finding> {
        if self.all.len() > MOST_FINDINGS {
            let is_error = |finding: &Finding| finding.severity == Severity::Error;
            let (mut errors, mut others): (Vec<_>, Vec<_>) = self.all.into_iter().partition(is_error);
            errors.append(&mut others);
            self.all = errors;
            let more = self.all.len() - (MOST_FINDINGS - 1);
            self.all.truncate(MOST_FINDINGS - 1);
            self.push(note("NodepoolMoreFindings", "", &format!("there are {more} more findings")));
        }
        self.all
    }
}

/// A text in a message.
#[must_use]
pub fn shortened(text: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(MOST).chain(['…']).collect())
}
