//! A YAML document as a tree that keeps how every scalar was written.
//!
//! Nodepool reads YAML 1.1, this parser speaks 1.2: a scalar stays the text and the style that it
//! was, and nobody but PyYAML decides whether `no` is a boolean.

use std::borrow::Cow;
use std::rc::Rc;

use crate::names::Names;
use crate::scalar::{self, Type};

/// What every tag of YAML's own begins with; written as `!!`.
pub const CORE_TAG: &str = "tag:yaml.org,2002:";

/// The tag that makes PyYAML read a quoted scalar as a plain one.
pub const LONE_TAG: &str = "!";

/// How a scalar was written. Folded is literal here: the same text in another dress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style that may be anything else than a string.
    Plain,
    /// `'text'`.
    Single,
    /// `"text"`.
    Double,
    /// `|` or `>`.
    Block,
}

/// The three kinds of nodes.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// A text and its style.
    Scalar(Cow<'a, str>, Style),
    /// A list.
    Sequence(Vec<Rc<Node<'a>>>),
    /// Entries in the order in which PyYAML makes its dictionary, merge keys resolved.
    Mapping(Vec<Entry<'a>>),
}

/// A key and its value.
pub type Entry<'a> = (Rc<Node<'a>>, Rc<Node<'a>>);

/// What PyYAML would refuse or silently drop in a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The key stands twice; PyYAML takes the last.
    DuplicateKey(String),
    /// The value of `<<` is neither a mapping nor a list of mappings.
    BadMerge,
    /// The key is a list or a mapping.
    BadKey,
}

/// A node, its tag, and what it weighs when written out with every alias expanded. What can be known of it is
/// worked out once, as it is asked for often.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The full tag, unless it is the one that the node would have anyway.
    pub tag: Option<String>,
    /// What it is.
    pub kind: Kind<'a>,
    /// What is wrong with it, for mappings.
    pub flaws: Vec<Flaw>,
    /// What PyYAML makes of it.
    pub type_of: Type,
    /// Whether PyYAML reads it, and all that is in it, as it is meant.
    pub is_clean: bool,
    /// Nodes, itself included.
    pub nodes: usize,
    /// Bytes, roughly.
    pub bytes: usize,
    /// Levels, itself included.
    pub height: usize,
}

impl<'a> Node<'a> {
    /// Any node, weighed.
    #[must_use]
    pub fn new(kind: Kind<'a>, tag: Option<String>, flaws: Vec<Flaw>) -> Rc<Self> {
        let type_of = type_of(&kind, tag.as_deref());
        let is_scalar = matches!(kind, Kind::Scalar(..));
        let mut node = Self {
            is_clean: flaws.is_empty() && fits(type_of, is_scalar),
            tag,
            kind,
            flaws,
            type_of,
            nodes: 1,
            bytes: 2,
            height: 0,
        };
        let (mut nodes, mut bytes, mut height, mut is_clean) = (1_usize, 2_usize, 0_usize, node.is_clean);
        let mut add = |child: &Node<'_>| {
            nodes = nodes.saturating_add(child.nodes);
            bytes = bytes.saturating_add(child.bytes);
            height = height.max(child.height);
            is_clean &= child.is_clean;
        };
        match &node.kind {
            Kind::Scalar(text, _) => bytes = bytes.saturating_add(text.len()),
            Kind::Sequence(items) => items.iter().for_each(|item| add(item)),
            Kind::Mapping(entries) => entries.iter().for_each(|(key, value)| {
                add(key);
                add(value);
            }),
        }
        (node.nodes, node.bytes, node.height) = (nodes, bytes, height.saturating_add(1));
        node.is_clean = is_clean;
        Rc::new(node)
    }

    /// A scalar of ours that PyYAML is to read by its text.
    #[must_use]
    pub fn plain(text: impl Into<Cow<'a, str>>) -> Rc<Self> {
        Self::new(Kind::Scalar(text.into(), Style::Plain), None, Vec::new())
    }

    /// A string of ours: plain where PyYAML reads a string then.
    #[must_use]
    pub fn string(text: impl Into<Cow<'a, str>>) -> Rc<Self> {
        let text = text.into();
        let style = if scalar::resolve(&text) == Type::Str { Style::Plain } else { Style::Single };
        Self::new(Kind::Scalar(text, style), None, Vec::new())
    }

    /// A list of ours.
    #[must_use]
    pub fn sequence(items: Vec<Rc<Self>>) -> Rc<Self> {
        Self::new(Kind::Sequence(items), None, Vec::new())
    }

    /// A mapping of ours, without merge keys.
    #[must_use]
    pub fn mapping(entries: Vec<Entry<'a>>) -> Rc<Self> {
        Self::new(Kind::Mapping(entries), None, Vec::new())
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Rc<Self>] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'a>] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// A mapping's value. Null counts as absent, as it does in most of Nodepool.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Rc<Self>> {
        self.find(key).filter(|value| value.type_of != Type::Null)
    }

    /// A mapping's value, null too.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Rc<Self>> {
        self.entries().iter().find(|(name, _)| name.is_key(key)).map(|(_, value)| value)
    }

    /// Whether it is the string `key`.
    #[must_use]
    pub fn is_key(&self, key: &str) -> bool {
        self.text() == Some(key) && matches!(self.type_of, Type::Str | Type::Value)
    }

    /// Whether it is a boolean, and true.
    #[must_use]
    pub fn is_true(&self) -> bool {
        let text = self.text().unwrap_or_default().to_ascii_lowercase();
        self.type_of == Type::Bool && matches!(text.as_str(), "true" | "yes" | "on")
    }

    /// Whether PyYAML takes two keys for one: not by text alone, as `1` is not `'1'`. Lists and mappings are no
    /// keys.
    fn is_same_key(&self, other: &Self) -> bool {
        let (Some(text), Some(others)) = (self.text(), other.text()) else { return false };
        match (key_type(self.type_of), key_type(other.type_of)) {
            (Type::Null, Type::Null) => true,
            (one, another) => one == another && text == others,
        }
    }

    /// A text for [`Self::is_same_key`]: two keys are the same if theirs are.
    fn identity(&self) -> Option<Cow<'_, str>> {
        self.text().map(|text| match key_type(self.type_of) {
            Type::Str => Cow::Borrowed(text),
            Type::Null => Cow::Borrowed("null\0"),
            other => Cow::Owned(format!("{text}\0{}", other.name())),
        })
    }
}

fn key_type(of: Type) -> Type {
    if of == Type::Value { Type::Str } else { of }
}

/// What PyYAML makes of a node.
fn type_of(kind: &Kind<'_>, tag: Option<&str>) -> Type {
    match (tag, kind) {
        (Some(LONE_TAG), Kind::Scalar(text, _)) => scalar::resolve(text),
        (Some(LONE_TAG), _) => Type::Unknown,
        (Some(tag), _) => tag.strip_prefix(CORE_TAG).map_or(Type::Unknown, Type::of_tag),
        (None, Kind::Scalar(text, Style::Plain)) => scalar::resolve(text),
        (None, Kind::Scalar(..)) => Type::Str,
        (None, Kind::Sequence(_)) => Type::Seq,
        (None, Kind::Mapping(_)) => Type::Map,
    }
}

/// Whether PyYAML's safe loader makes such a type of such a node: nothing of unknown tags, nor of a bare `=` or
/// `<<`, nor of a scalar's tag on a collection.
fn fits(type_of: Type, is_scalar: bool) -> bool {
    match type_of {
        Type::Merge | Type::Value | Type::Unknown => false,
        Type::Seq | Type::Map => !is_scalar,
        _ => is_scalar,
    }
}

/// Mappings with more entries are compared by a map of names instead of one by one.
const FEW: usize = 16;

/// The entries as PyYAML merges them: those of `<<` first, the last of each name wins.
#[must_use]
pub fn merge<'a>(entries: Vec<Entry<'a>>) -> (Vec<Entry<'a>>, Vec<Flaw>) {
    let mut flaws = Vec::new();
    let (mut merged, mut own, mut seen) = (Vec::new(), Vec::with_capacity(entries.len()), Names::default());
    let is_small = entries.len() <= FEW;
    for (key, value) in entries {
        if key.type_of == Type::Merge {
            merge_value(&value, &mut merged, &mut flaws);
            continue;
        }
        let is_known = match key.identity() {
            None => {
                flaws.push(Flaw::BadKey);
                false
            }
            Some(_) if is_small => own.iter().any(|(other, _): &Entry<'_>| other.is_same_key(&key)),
            Some(identity) => seen.insert(&identity, 0).is_some(),
        };
        if is_known {
            flaws.push(Flaw::DuplicateKey(key.text().unwrap_or_default().to_owned()));
        }
        own.push((key, value));
    }
    if merged.is_empty() && flaws.is_empty() {
        return (own, flaws);
    }
    merged.append(&mut own);
    (last_of_each(merged), flaws)
}

fn merge_value<'a>(value: &Rc<Node<'a>>, merged: &mut Vec<Entry<'a>>, flaws: &mut Vec<Flaw>) {
    match &value.kind {
        Kind::Mapping(entries) => merged.extend(entries.iter().cloned()),
        Kind::Sequence(items) => {
            // The first of the list has the last word.
            for item in items.iter().rev() {
                match &item.kind {
                    Kind::Mapping(entries) => merged.extend(entries.iter().cloned()),
                    _ => flaws.push(Flaw::BadMerge),
                }
            }
        }
        Kind::Scalar(..) => flaws.push(Flaw::BadMerge),
    }
}

fn last_of_each(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let mut seen = Names::default();
    let mut kept: Vec<Entry<'_>> = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().rev() {
        if entry.0.identity().is_none_or(|identity| seen.insert(&identity, 0).is_none()) {
            kept.push(entry);
        }
    }
    kept.reverse();
    kept
}
