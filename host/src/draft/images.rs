//! The names of images in Zuul, where all providers share them.

use std::collections::BTreeMap;

use super::names::Names;
use super::objects::{Image, ImageKind};

/// All images of the draft, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Images {
    pub(super) all: Vec<Image>,
    known: BTreeMap<(ImageKind, String), String>,
    names: Names,
}

impl Images {
    /// The name of what Nodepool calls `name`. Where a diskimage and a cloud-image have one name, the second has
    /// to get another: an image of Zuul has one type everywhere.
    pub(super) fn name(&mut self, kind: ImageKind, name: &str) -> String {
        self.keyed(kind, name, name)
    }

    /// Whether something was called so.
    pub(super) fn has(&self, kind: ImageKind, name: &str) -> bool {
        self.known.contains_key(&(kind, name.to_owned()))
    }

    /// The name of an image for nodes that are booted from none, one for each `key`.
    pub(super) fn keyed(&mut self, kind: ImageKind, key: &str, wanted: &str) -> String {
        let key = (kind, key.to_owned());
        if let Some(name) = self.known.get(&key) {
            return name.clone();
        }
        let name = self.names.unique(wanted);
        self.all.push(Image { name: name.clone(), kind });
        self.known.insert(key, name.clone());
        name
    }
}
