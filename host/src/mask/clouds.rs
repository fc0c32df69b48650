//! A clouds.yaml for those that look a cloud up and never log in: without credentials.
//!
//! zuul-scheduler and zuul-web ask for the format of a cloud's images (`OpenstackProviderEndpoint` in Zuul
//! 14.3); openstacksdk then wants the cloud, its region and the address of Keystone, and nothing else as long
//! as it takes the login to be by password, its default: for every other `auth_type` it insists on
//! credentials. So what is listed here stays, and all else goes.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::tree::{self, Document, Entry, MAX_NODES, Node};
use super::{masked, refused};
use crate::diagnostic::Finding;
use crate::secret::SecretRef;

/// What is kept of a cloud beside `auth` and `regions`; `profile` and `cloud` name a vendor.
const OF_CLOUD: [&str; 8] = [
    "profile",
    "cloud",
    "auth_url",
    "region_name",
    "interface",
    "identity_api_version",
    "image_format",
    "verify",
];

/// A part of clouds.yaml.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Root,
    Clouds,
    Cloud,
    Auth,
    Region,
    Scalar,
}

impl Part {
    /// What stands below a key; `None` for what goes.
    fn below(self, key: &str) -> Option<Self> {
        // openstacksdk takes both.
        let key = key.replace('-', "_");
        match (self, key.as_str()) {
            (Self::Root | Self::Clouds | Self::Cloud | Self::Auth | Self::Region, "<<") => Some(self),
            (Self::Root, "clouds") => Some(Self::Clouds),
            (Self::Clouds, _) | (Self::Region, "values") => Some(Self::Cloud),
            (Self::Cloud, "auth") => Some(Self::Auth),
            (Self::Cloud, "regions") => Some(Self::Region),
            (Self::Auth, "auth_url") | (Self::Region, "name") => Some(Self::Scalar),
            (Self::Cloud, key) if OF_CLOUD.contains(&key) => Some(Self::Scalar),
            _ => None,
        }
    }
}

/// The document with nothing but what says where clouds are, a placeholder in place of each value, for
/// [`crate::inputs::Inputs::masked`]. [`super::unmask`] makes a value with references of it.
///
/// # Errors
/// It is no YAML, more than one document, or larger than anybody writes.
pub fn redact(yaml: &str, secret: &SecretRef) -> Result<String, Finding> {
    let refused = |reason: String| refused("CloudsYaml", secret, &reason);
    let document = tree::parse(yaml).map_err(refused)?;
    let mut redactor = Redactor { nodes: 0 };
    let root = redactor.node(&document.root, Part::Root).map_err(refused)?;
    let root = root.unwrap_or_else(|| Rc::new(Node::Mapping(Vec::new())));
    masked(&Document { root, scalars: Vec::new() }).map_err(refused)
}

struct Redactor {
    nodes: usize,
}

impl Redactor {
    /// What stays of a node.
    fn node(&mut self, node: &Rc<Node>, part: Part) -> Result<Option<Rc<Node>>, String> {
        self.nodes += 1;
        // A few aliases of aliases stand for more than fits into memory.
        if self.nodes > MAX_NODES {
            return Err(format!("its aliases stand for more than {MAX_NODES} values"));
        }
        match &**node {
            Node::Alias(named) => self.node(named, part),
            Node::Mapping(entries) if part != Part::Scalar => {
                let mut kept: Vec<Entry> = Vec::new();
                for (key, value) in entries {
                    let Some(below) = part.below(&key.text) else { continue };
                    kept.extend(self.node(value, below)?.map(|value| (Rc::clone(key), value)));
                }
                Ok(Some(Rc::new(Node::Mapping(kept))))
            }
            // Of regions; and merge keys may name several mappings.
            Node::Sequence(items) if part != Part::Scalar => {
                let items: Result<Vec<_>, String> = items.iter().map(|item| self.node(item, part)).collect();
                Ok(Some(Rc::new(Node::Sequence(items?.into_iter().flatten().collect()))))
            }
            // A region may be its name alone. None of these holds an `@`, unless there is a login in a URL.
            Node::Scalar(scalar) if matches!(part, Part::Scalar | Part::Region) => {
                Ok((!scalar.text.contains('@')).then(|| Rc::clone(node)))
            }
            Node::Scalar(_) | Node::Mapping(_) | Node::Sequence(_) => Ok(None),
        }
    }
}

/// The names of the clouds in what [`redact`] made; `None` where merge keys hide them.
#[must_use]
pub fn cloud_names(redacted: &str) -> Option<BTreeSet<String>> {
    let document = tree::parse(redacted).ok()?;
    let Node::Mapping(root) = &*document.root else { return None };
    let mut names = BTreeSet::new();
    for (key, value) in root {
        match (key.text.as_str(), &**value) {
            ("clouds", Node::Mapping(clouds)) => {
                names.extend(clouds.iter().map(|(name, _)| name.text.clone()))
            }
            _ => return None,
        }
    }
    (!names.contains("<<")).then_some(names)
}

#[cfg(test)]
mod tests;
