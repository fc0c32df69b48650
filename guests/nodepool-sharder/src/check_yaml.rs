//! What PyYAML would refuse, or read otherwise than it is meant, anywhere in the file.

use std::borrow::Cow;
use std::fmt::Write;

use crate::findings::{Findings, shortened};
use crate::node::{Flaw, Kind, Node};
use crate::scalar::Type;

/// Walks the whole tree.
pub fn check(root: &Node<'_>, findings: &mut Findings) {
    walk(root, &mut String::new(), findings);
}

/// `path` is one text for the whole walk: few of its values are ever read. Most files are clean, and done at
/// their root.
fn walk(node: &Node<'_>, path: &mut String, findings: &mut Findings) {
    if node.is_clean {
        return;
    }
    check_flaws(node, path, findings);
    check_constructible(node, path, findings);
    let end = path.len();
    for (at, item) in node.items().iter().enumerate() {
        let _ = write!(path, "[{at}]");
        walk(item, path, findings);
        path.truncate(end);
    }
    for (key, value) in node.entries() {
        if end > 0 {
            path.push('.');
        }
        path.push_str(&key.text().map_or(Cow::Borrowed("?"), shortened));
        // PyYAML takes a `=` for a string where it is a key.
        if key.text().is_some() && !matches!(key.type_of, Type::Merge | Type::Value) {
            check_constructible(key, path, findings);
        }
        walk(value, path, findings);
        path.truncate(end);
    }
}

fn check_flaws(node: &Node<'_>, path: &str, findings: &mut Findings) {
    for flaw in &node.flaws {
        match flaw {
            Flaw::DuplicateKey(key) => {
                let key = shortened(key);
                let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                let message = format!("`{key}` stands twice in one mapping; Nodepool takes the last");
                findings.error("NodepoolDuplicateKey", &path, &message, "remove one of them");
            }
            Flaw::BadMerge => findings.error(
                "NodepoolBadMerge",
                path,
                "the value of `<<` is neither a mapping nor a list of mappings",
                "merge mappings only",
            ),
            Flaw::BadKey => findings.error(
                "NodepoolBadKey",
                path,
                "a key is a list or a mapping, which Nodepool cannot read",
                "write a scalar key",
            ),
        }
    }
}

/// PyYAML's safe loader makes nothing of unknown tags, nor of a bare `=` or `<<`.
fn check_constructible(node: &Node<'_>, path: &str, findings: &mut Findings) {
    match node.type_of {
        Type::Merge | Type::Value => {
            let text = node.text().unwrap_or_default();
            findings.error(
                "NodepoolBareIndicator",
                path,
                &format!("Nodepool cannot read a `{text}` without quotes"),
                &format!("write '{text}'"),
            );
        }
        Type::Seq | Type::Map if node.text().is_some() => {
            wrong_tag(node, path, "of a collection on a scalar", findings);
        }
        Type::Unknown => wrong_tag(node, path, "that Nodepool does not know", findings),
        Type::Seq | Type::Map => {}
        // A scalar's tag: on a collection PyYAML refuses it.
        _ if !matches!(node.kind, Kind::Scalar(..)) => {
            wrong_tag(node, path, "of a scalar on a collection", findings);
        }
        _ => {}
    }
}

fn wrong_tag(node: &Node<'_>, path: &str, what: &str, findings: &mut Findings) {
    let tag = shortened(node.tag.as_deref().unwrap_or_default());
    findings.error("NodepoolBadTag", path, &format!("the tag `{tag}` is one {what}"), "remove the tag");
}
