//! A nodepool.yaml that lives in a Secret has to be cut by a plugin, which may not see secrets.
//!
//! [`mask`] writes the document anew with a placeholder in place of every scalar that may be secret;
//! structure, keys and what cutting needs stay, comments do not. [`unmask`] turns what the plugin
//! wrote into a [`Value`] whose references name scalars of the user's document, and [`scalars`] gives
//! those as they have to be written. Placeholders are plain scalars, so what is put in their place is
//! one scalar as well, whatever it holds.

mod clouds;
mod emit;
mod tree;

pub use clouds::{cloud_names, redact};
pub use tree::OpenEnd;

use std::collections::BTreeSet;

use crate::diagnostic::{FieldPath, Finding};
use crate::secret::{SecretRef, Segment, Value};
use tree::{Document, Node, Scalar};

const PREFIX: &str = "zuul-secret-";
const SUFFIX: &str = "-placeholder";

/// Keys below which the document's outline goes on. Below all others everything is masked.
const OUTLINE: [&str; 8] =
    ["<<", "labels", "providers", "pools", "nodes", "diskimages", "cloud-images", "zookeeper-servers"];

/// Keys in the outline whose scalars a plugin needs to cut by or to compare, and that hold none of a site's
/// secrets.
const SHOWN: [&str; 22] = [
    "name",
    "driver",
    "region-name",
    "region",
    "location",
    "cloud",
    "diskimage",
    "cloud-image",
    "backing-label",
    "max-parallel-jobs",
    "grace-time",
    "min-retention-time",
    "max-age",
    "parent",
    "abstract",
    "min-ready",
    "max-servers",
    "formats",
    "labels",
    "diskimages",
    "nodes",
    "pools",
];

/// The document without what may be secret, for [`crate::inputs::Inputs::masked`].
///
/// # Errors
/// It is no YAML, more than one document, or larger than anybody writes.
pub fn mask(yaml: &str, secret: &SecretRef) -> Result<String, Finding> {
    let document = tree::parse(yaml).and_then(|document| masked(&document));
    document.map_err(|reason| {
        let finding = refused("NodepoolYaml", secret, &reason);
        if is_unquoted(yaml) {
            return finding.cure("put values that begin with `%(NODEPOOL_` in quotes: they are cut before Nodepool fills them in");
        }
        finding
    })
}

/// The document with placeholders.
fn masked(document: &Document) -> Result<String, String> {
    let mut masked = Masker { forged: false };
    let text = emit::write(document, &mut |scalar, place| masked.scalar(scalar, place))?;
    if masked.forged {
        return Err(format!("a name in it contains `{PREFIX}`, which is reserved"));
    }
    Ok(text)
}

/// Whether a value without quotes begins as a variable of Nodepool's does: YAML has no such value.
fn is_unquoted(yaml: &str) -> bool {
    let before = |at: usize| yaml[..at].trim_end_matches(' ').chars().next_back();
    yaml.match_indices("%(NODEPOOL_")
        .any(|(at, _)| matches!(before(at), Some(':' | '-' | ',' | '[' | '{' | '\n')))
}

/// Where a scalar stands: the keys on the way to it.
pub(crate) struct Place<'a> {
    /// All keys above are in [`OUTLINE`].
    pub outline: bool,
    /// The nearest key above; `None` for a scalar that is a document.
    pub key: Option<&'a str>,
    /// It is a key itself.
    pub is_key: bool,
}

impl Place<'_> {
    /// The place of what stands below `key`.
    pub(crate) fn below<'a>(&self, key: Option<&'a str>) -> Place<'a> {
        // A list's items have the key of the list, whose step has been made already.
        let outline = self.outline && self.key.is_none_or(|key| OUTLINE.contains(&key));
        Place { outline, key, is_key: false }
    }
}

struct Masker {
    forged: bool,
}

impl Masker {
    fn scalar(&mut self, scalar: &Scalar, place: &Place<'_>) -> String {
        let value_is_shown = |key| SHOWN.contains(&key) && has_its_type(key, &scalar.text);
        // What is empty hides nothing, and Nodepool takes a parent's value for it.
        let is_empty = place.key.is_some() && scalar.text.is_empty();
        let shown = place.is_key || is_empty || (place.outline && place.key.is_some_and(value_is_shown));
        if shown {
            self.forged |= scalar.text.contains(PREFIX);
            return emit::scalar(scalar);
        }
        format!("{PREFIX}{}{SUFFIX}", scalar.number)
    }
}

/// Whether a value is what its key holds: a plugin would quote a text that stands for a number.
fn has_its_type(key: &str, text: &str) -> bool {
    match key {
        "min-ready" | "max-servers" | "max-parallel-jobs" | "grace-time" | "min-retention-time"
        | "max-age" => text.len() < 20 && text.chars().all(|c| c.is_ascii_digit()),
        "abstract" => ["true", "false", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str()),
        _ => true,
    }
}

/// Turns a plugin's text, made from `masked`, into a value that refers to scalars of `secret`.
///
/// # Errors
/// The text is no YAML, or a placeholder in it was not given or does not stand alone.
pub fn unmask(text: &str, masked: &str, secret: &SecretRef) -> Result<Value, Finding> {
    let refused = |reason: &str| refused("NodepoolYaml", secret, reason);
    let document = tree::parse(text).map_err(|reason| refused(&reason))?;
    let given: BTreeSet<u32> = placeholders(masked).into_iter().flatten().map(|found| found.number).collect();
    let found = placeholders(text)
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| refused("the plugin changed a placeholder of a secret"))?;
    // Whatever stands in a comment, in quotes, in a key or beside other text is none of these.
    if count_alone(&document.root) != found.len() {
        return Err(refused("the plugin put a placeholder of a secret where it is no scalar of its own"));
    }
    let mut segments = vec![];
    let mut rest = 0;
    for placeholder in found {
        if !given.contains(&placeholder.number) {
            return Err(refused("the plugin used a placeholder that it was not given"));
        }
        segments.push(Segment::Text(text[rest..placeholder.start].to_owned()));
        segments.push(Segment::Secret(SecretRef { scalar: Some(placeholder.number), ..secret.clone() }));
        rest = placeholder.end;
    }
    segments.push(Segment::Text(text[rest..].to_owned()));
    segments.retain(|segment| !matches!(segment, Segment::Text(text) if text.is_empty()));
    Ok(Value(segments))
}

struct Placeholder {
    start: usize,
    end: usize,
    number: u32,
}

/// Everything that begins like a placeholder; `None` for what does not end like one.
fn placeholders(text: &str) -> Vec<Option<Placeholder>> {
    let one = |(start, _): (usize, &str)| {
        let digits = &text[start + PREFIX.len()..];
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let end = start + PREFIX.len() + length + SUFFIX.len();
        digits[length..].starts_with(SUFFIX).then_some(())?;
        Some(Placeholder { start, end, number: digits[..length].parse().ok()? })
    };
    text.match_indices(PREFIX).map(one).collect()
}

/// How many values of a document are one placeholder, plain and alone.
fn count_alone(node: &Node) -> usize {
    match node {
        Node::Scalar(scalar) => {
            let whole = |found: &Placeholder| (found.start, found.end) == (0, scalar.text.len());
            let alone = placeholders(&scalar.text).into_iter().flatten().any(|found| whole(&found));
            usize::from(alone && scalar.plain && scalar.tag.is_none())
        }
        Node::Alias(_) => 0,
        Node::Sequence(items) => items.iter().map(|item| count_alone(item)).sum(),
        Node::Mapping(entries) => entries.iter().map(|(_, value)| count_alone(value)).sum(),
    }
}

/// All scalars of a document, each as it has to be written in place of its placeholder: one line that
/// means the same to a reader of YAML 1.1. `None` for what [`mask`] refuses.
#[must_use]
pub fn scalars(yaml: &str) -> Option<Vec<String>> {
    let Document { scalars, .. } = tree::parse(yaml).ok()?;
    Some(scalars.iter().map(|scalar| emit::scalar(scalar)).collect())
}

/// The scalar with the number `number`, see [`scalars`].
#[must_use]
pub fn scalar_bytes(yaml: &str, number: u32) -> Option<Vec<u8>> {
    let scalars = scalars(yaml)?;
    Some(scalars.get(usize::try_from(number).ok()?)?.clone().into_bytes())
}

fn refused(code: &str, secret: &SecretRef, reason: &str) -> Finding {
    let path = FieldPath::root().key("data").key(&secret.key);
    let (what, cure) = match code {
        "NodepoolYaml" => ("cut", "correct the document; `nodepool config-validate` tells more about it"),
        _ => ("read", "correct the document"),
    };
    Finding::error(code, path, format!("the document in {secret} cannot be {what}: {reason}"))
        .cure(cure)
        .about("Secret", &secret.secret)
}

#[cfg(test)]
mod tests;
