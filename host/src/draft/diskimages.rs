//! The diskimages at the top of a nodepool.yaml, with what they inherit.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::Findings;
use super::read::At;
use super::table::{Fate, Row, Shape, row};
use crate::diagnostic::{FieldPath, Finding};

/// What Zuul's side of an image has to know; all else is the business of the job that builds it.
const ROWS: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("abstract", Shape::Flag, Fate::Read),
    row("parent", Shape::Text, Fate::Read),
    row("username", Shape::Text, Fate::Read),
    row("python-path", Shape::Text, Fate::Read),
    row("shell-type", Shape::Text, Fate::Read),
    row("build-timeout", Shape::Integer, Fate::Dropped),
    row("delete-after-upload", Shape::Flag, Fate::Dropped),
    row("dib-cmd", Shape::Text, Fate::Dropped),
    row("elements", Shape::Texts, Fate::Dropped),
    row("env-vars", Shape::Map, Fate::Dropped),
    row("formats", Shape::Texts, Fate::Dropped),
    row("keep-formats", Shape::Texts, Fate::Dropped),
    row("metadata", Shape::Map, Fate::Dropped),
    row("pause", Shape::Flag, Fate::Dropped),
    row("rebuild-age", Shape::Integer, Fate::Dropped),
    row("release", Shape::Any, Fate::Dropped),
];

/// A diskimage.
#[derive(Clone, Debug)]
pub(super) struct DiskImage<'a> {
    pub(super) path: FieldPath,
    parent: Option<&'a str>,
    pub(super) is_abstract: bool,
    pub(super) username: Option<&'a str>,
    pub(super) python_path: Option<&'a str>,
    pub(super) shell_type: Option<&'a str>,
}

/// All of them, by name; the last of a name counts, as for Nodepool.
pub(super) fn read<'a>(findings: &mut Findings, top: &At<'a>) -> BTreeMap<&'a str, DiskImage<'a>> {
    let mut all = BTreeMap::new();
    for at in findings.mappings(top, "diskimages") {
        findings.carry(&at, &[ROWS]);
        let Some(name) = findings.name(&at) else { continue };
        // An empty text is none to Nodepool (`DiskImage.setFromConfig`).
        let text = |key| at.text(key).filter(|text| !text.is_empty());
        let image = DiskImage {
            parent: text("parent"),
            is_abstract: at.flag("abstract").unwrap_or_default(),
            username: text("username"),
            python_path: text("python-path"),
            shell_type: text("shell-type"),
            path: at.path.clone(),
        };
        all.insert(name, image);
    }
    let names: Vec<&str> = all.keys().copied().collect();
    for name in names {
        inherit(findings, &mut all, name);
    }
    all
}

/// Walks up to what inherits nothing, and comes back down. What has inherited has no parent any more, so each
/// is walked over once.
fn inherit<'a>(findings: &mut Findings, all: &mut BTreeMap<&'a str, DiskImage<'a>>, name: &'a str) {
    let mut chain = vec![name];
    let mut seen = BTreeSet::from([name]);
    let mut above = None;
    while let Some(image) = chain.last().and_then(|name| all.get_mut(name)) {
        let Some(parent) = image.parent.take() else { break };
        let path = image.path.key("parent");
        if !all.contains_key(parent) {
            findings.dangling(path, "diskimage", parent);
        } else if !seen.insert(parent) {
            let finding = Finding::error("UnknownReference", path, "a diskimage is its own parent");
            findings.push(finding.cure("remove one of the parents; Nodepool does not start like this"));
        } else {
            chain.push(parent);
        }
    }
    for name in chain.into_iter().rev() {
        let Some(image) = all.get_mut(name) else { continue };
        if let Some((username, python_path, shell_type)) = above {
            image.username = image.username.or(username);
            image.python_path = image.python_path.or(python_path);
            image.shell_type = image.shell_type.or(shell_type);
        }
        above = Some((image.username, image.python_path, image.shell_type));
    }
}
