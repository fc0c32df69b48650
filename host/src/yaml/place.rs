//! Where in a file something stands.

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::{FieldPath, Finding, Step};

/// A stretch of a file. Lines and columns start at one; columns count characters, as editors do;
/// the end is the place behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Behind the last column.
    pub end_column: u32,
}

impl Place {
    /// The first column of `line`.
    #[must_use]
    pub fn line(line: u32) -> Self {
        Self { line, column: 1, end_line: line, end_column: 1 }
    }

    /// Whether anything of it stands on `line`, which has this number. A block reaches to where the next thing starts,
    /// behind nothing but blanks: it is not on that line.
    #[must_use]
    pub fn is_on(self, number: u32, line: &str) -> bool {
        let before_end = || line.chars().take((self.end_column as usize).saturating_sub(1));
        let has_end = || number == self.end_line && !before_end().all(char::is_whitespace);
        self.line <= number && (number < self.end_line || has_end())
    }

    /// The empty place behind this one.
    #[must_use]
    pub fn behind(self) -> Self {
        Self { line: self.end_line, column: self.end_column, ..self }
    }
}

/// The places of a YAML node and of everything below it. Holds no values: safe to keep for Secrets.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its key, in a mapping.
    pub key: Option<Place>,
    /// Itself. A block collection starts at its first entry.
    pub value: Place,
    /// What is in it.
    pub children: Children,
}

/// The children of a [`Node`].
#[derive(Clone, Debug)]
pub enum Children {
    /// A scalar.
    None,
    /// A mapping, sorted by key. There are as many as a file has lines, and they stay: no map, which
    /// takes room for eleven entries at once.
    Map(Box<[(Box<str>, Node)]>),
    /// A sequence.
    List(Vec<Node>),
}

impl Children {
    /// The children of a mapping.
    #[must_use]
    pub fn map(children: BTreeMap<String, Node>) -> Self {
        Self::Map(children.into_iter().map(|(key, node)| (key.into_boxed_str(), node)).collect())
    }
}

impl Node {
    /// The node at `path`, or the nearest one above it that exists; true when it is the very one.
    #[must_use]
    pub fn nearest(&self, path: &FieldPath) -> (&Node, bool) {
        let mut node = self;
        for step in &path.0 {
            match node.child(step) {
                Some(child) => node = child,
                None => return (node, false),
            }
        }
        (node, true)
    }

    /// The child at one step.
    #[must_use]
    pub fn child(&self, step: &Step) -> Option<&Node> {
        match (&self.children, step) {
            (Children::Map(map), Step::Key(key)) => {
                let found = map.binary_search_by(|(other, _)| other.as_ref().cmp(key)).ok()?;
                map.get(found).map(|(_, node)| node)
            }
            (Children::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        }
    }

    /// What to underline: a scalar on one line, else the key that leads to it, else the first line.
    #[must_use]
    pub fn mark(&self) -> Place {
        let short = matches!(self.children, Children::None) && self.value.line == self.value.end_line;
        match self.key {
            Some(key) if !short || self.value.column == self.value.end_column => key,
            None => {
                self.first_key().map_or(self.value, |key| Place { end_column: key.end_column, ..self.value })
            }
            Some(_) => self.value,
        }
    }

    /// The first key of a mapping, if it is on the mapping's first line.
    fn first_key(&self) -> Option<Place> {
        let Children::Map(map) = &self.children else { return None };
        let first = map.iter().filter_map(|(_, node)| node.key).min()?;
        (first.line == self.value.line && first.end_line == first.line).then_some(first)
    }
}

/// A finding with the place that it is shown at.
#[derive(Clone, Debug)]
pub struct Remark {
    /// What is told.
    pub finding: Finding,
    /// The number under which the file was read; `None` when it is about no file.
    pub file: Option<usize>,
    /// Where in the file.
    pub place: Option<Place>,
    /// A second place that belongs to it, with what to say there.
    pub also: Option<(usize, Place, String)>,
}

impl Remark {
    /// At a place of a file.
    #[must_use]
    pub fn at(file: usize, place: Place, finding: Finding) -> Self {
        Self { finding, file: Some(file), place: Some(place), also: None }
    }

    /// About no file.
    #[must_use]
    pub fn nowhere(finding: Finding) -> Self {
        Self { finding, file: None, place: None, also: None }
    }

    /// With a second place.
    #[must_use]
    pub fn also(mut self, file: usize, place: Place, label: &str) -> Self {
        self.also = Some((file, place, label.to_owned()));
        self
    }
}

/// One YAML document: a value, and where all of it stands.
///
/// The value may be that of a Secret, so this is printed without it.
pub struct Document {
    /// What it says.
    pub value: serde_json::Value,
    /// Where it says so.
    pub node: Node,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").finish_non_exhaustive()
    }
}
