//! A component in its place: who offers it, and under which name.

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::component::Refusal;
use super::plugin::Plugin;
use crate::contract::PluginFailure;

/// Where a plugin comes from. The first one that serves something has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// The namespace of the Zuul.
    Namespace,
    /// The operator's namespace.
    Operator,
    /// A folder.
    Folder,
    /// The binary.
    Builtin,
}

/// A component in its place.
#[derive(Clone)]
pub(super) struct Offer {
    /// What it is called there.
    pub(super) name: String,
    pub(super) level: Level,
    /// For people.
    pub(super) source: String,
    pub(super) since: Option<Time>,
    pub(super) plugin: Arc<Plugin>,
}

impl Offer {
    /// Of the binary, or of a folder.
    pub(super) fn fixed(plugin: Plugin) -> Self {
        let source = &plugin.source;
        let level = if source.is_builtin() { Level::Builtin } else { Level::Folder };
        let (name, source) = (source.name.clone(), source.shown());
        Self { name, level, source, since: None, plugin: Arc::new(plugin) }
    }

    pub(super) fn digest(&self) -> &str {
        &self.plugin.source.digest
    }

    /// The failure of one of its calls.
    pub(super) fn failure(&self, (reason, detail): Refusal) -> PluginFailure {
        PluginFailure { plugin: self.name.clone(), reason, detail }
    }
}
