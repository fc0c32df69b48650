//! World `connection-driver`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{CodeInfo, Entry, OptionInfo, PluginFinding, Readers};
use crate::secret::{SecretRef, Value};

/// What Zuul uses a connection for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Changes and repositories come from it.
    Source,
    /// Results are reported to it.
    Reporter,
    /// Nodes come from it.
    Provider,
}

/// What a connection-driver plugin says of itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriverInfo {
    /// The driver names that it serves; `*` serves the rest.
    pub drivers: Vec<String>,
    /// What its connections are for.
    pub roles: BTreeSet<Role>,
    /// Whether options that are not described are taken as well.
    pub open: bool,
    /// Its options.
    pub options: Vec<OptionInfo>,
    /// The codes of the findings that it may make.
    pub codes: Vec<CodeInfo>,
    /// One sentence.
    pub summary: String,
}

/// One connection of the Zuul object, for its driver.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConnectionRequest {
    /// The key below `spec.connections`.
    pub name: String,
    /// `driver`.
    pub driver: String,
    /// All other options, sorted by name.
    pub options: Vec<Entry>,
    /// The folder of its files, without a slash at the end.
    pub mount: String,
    /// The components that this Zuul has.
    pub components: Readers,
}

/// A line that a driver wants in its connection's section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// The components whose zuul.conf has it.
    pub readers: Readers,
}

/// A secret that is mounted as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MountedFile {
    /// The absolute path in the pod.
    pub path: String,
    /// What it holds.
    pub content: SecretRef,
    /// The components whose pods have it.
    pub readers: Readers,
}

/// A connection as its driver rendered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rendering {
    /// The components that have the section at all.
    pub readers: Readers,
    /// Its lines, without `driver`.
    pub lines: Vec<Line>,
    /// Its files.
    pub files: Vec<MountedFile>,
    /// What the driver has to say.
    pub findings: Vec<PluginFinding>,
}
