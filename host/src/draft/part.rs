//! What is known of a nodepool.yaml between reading and writing.

use std::collections::{BTreeMap, BTreeSet};

use super::connections::Connections;
use super::diskimages::DiskImage;
use super::findings::Findings;
use super::images::Images;
use super::objects::{Entry, Settings};
use crate::diagnostic::FieldPath;

/// Everything that was read, and what is to be said about it.
#[derive(Debug, Default)]
pub(super) struct Site<'a> {
    pub(super) findings: Findings,
    pub(super) connections: Connections,
    pub(super) diskimages: BTreeMap<&'a str, DiskImage<'a>>,
    pub(super) images: Images,
    pub(super) parts: Vec<Part>,
    /// Drivers, images and labels that were told of already.
    pub(super) told: BTreeSet<String>,
}

/// A provider of Nodepool, on its way to a section.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) connection: String,
    pub(super) settings: Settings,
    pub(super) label_defaults: Settings,
    pub(super) image_defaults: Settings,
    pub(super) images: Vec<Entry>,
    pub(super) pools: Vec<Pool>,
}

/// A pool of Nodepool, on its way to a provider.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) name: String,
    pub(super) settings: Settings,
    pub(super) limits: Settings,
    pub(super) label_defaults: Settings,
    pub(super) labels: Vec<Use>,
}

/// A label in a pool.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) label: String,
    pub(super) path: FieldPath,
    pub(super) image: String,
    /// What its flavor is to be called, if nothing stands against it.
    pub(super) flavor_name: String,
    pub(super) flavor: Settings,
    pub(super) settings: Settings,
}
