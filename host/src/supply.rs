//! Plugins that come in ConfigMaps: which are wanted, which were accepted, and which of them serve.
//!
//! A user's ConfigMap *wants* a plugin. Once it was checked, the leading operator copies it into an immutable
//! ConfigMap of its own: from then on it is *accepted*, and that copy is what serves, in every replica and after
//! every restart, whatever becomes of the user's. No I/O: who watches the cluster tells [`Shelves`], and does the
//! [`Step`]s that it asks for.

mod map;
mod shelves;
mod slot;
#[cfg(test)]
mod tests;
mod why;

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

pub use map::{ACCEPTED, Map, PLUGIN, SHA256, accepted, accepted_name, key, packed, read};
pub use shelves::Shelves;
pub use why::Why;

use crate::contract::PluginFinding;
use crate::diagnostic::Severity;

/// A plugin that serves the Zuuls of a namespace, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving<P> {
    /// Its name.
    pub plugin: String,
    /// sha256 of the component, in hex.
    pub digest: String,
    /// The ConfigMap that it is kept in, as `ConfigMap NAMESPACE/NAME`.
    pub source: String,
    /// When it was accepted.
    pub since: Option<Time>,
    /// What the supplier made of it.
    pub code: P,
}

/// A plugin that is wanted and does not serve, or that was accepted and cannot serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its name.
    pub plugin: String,
    /// The ConfigMap that it is about, as `ConfigMap NAMESPACE/NAME`.
    pub source: String,
    /// The digest that is wanted; empty if there is none.
    pub wanted: String,
    /// What serves meanwhile; nothing if no plugin of that name and place does.
    pub serving: Option<String>,
    /// Why.
    pub why: Why,
    /// Whether nothing may be changed until that is put right.
    pub is_error: bool,
}

impl Note {
    /// The same as a finding. Nothing while it only takes its time.
    #[must_use]
    pub fn finding(&self) -> Option<PluginFinding> {
        let code = self.why.code()?;
        let Self { plugin, source, serving, why, is_error, .. } = self;
        let meanwhile = match serving {
            Some(digest) => format!("; {} serves on", &digest[..digest.len().min(12)]),
            None => String::new(),
        };
        let severity = match (is_error, why) {
            (true, _) => Severity::Error,
            (false, Why::Deleted) => Severity::Note,
            (false, _) => Severity::Warning,
        };
        Some(PluginFinding {
            severity,
            path: String::new(),
            code: code.to_owned(),
            message: format!("the plugin {plugin} ({source}) is not used: {}{meanwhile}", why.told()),
            expected: String::new(),
            cure: why.cure().to_owned(),
        })
    }
}

/// What is to be done in the cluster, by the one that leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Copy what this ConfigMap holds into an accepted one, if it is still what was checked.
    Accept(Map),
    /// Delete an accepted one, in whose place another one serves.
    Remove(Map),
}

/// Whose plugins are others than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Those of these namespaces.
    Namespaces(BTreeSet<String>),
    /// Those of all.
    All,
}

impl Changed {
    /// Whether nobody's are.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Namespaces(names) if names.is_empty())
    }

    /// Whether those of this namespace are.
    #[must_use]
    pub fn concerns(&self, namespace: &str) -> bool {
        match self {
            Self::Namespaces(names) => names.contains(namespace),
            Self::All => true,
        }
    }
}

/// A plugin that was found good.
pub trait Serves: Clone + Send + Sync + 'static {
    /// What is asked of it, in words, each once: what replaces it has to serve that, too.
    fn serves(&self) -> BTreeSet<String>;
}

/// Makes plugins of bytes, and lets those serve that should.
pub trait Supplier: Send + Sync + 'static {
    /// A plugin that was found good.
    type Plugin: Serves;

    /// Checks what a ConfigMap holds: the digest, the size, the component, what it answers. Takes as long as compiling.
    ///
    /// # Errors
    /// Why it cannot be used.
    fn check(&self, map: &Map, bytes: Vec<u8>) -> Result<Self::Plugin, Why>;

    /// From now on these serve.
    fn publish(&self, shelves: &Shelves<Self::Plugin>) -> Changed;
}
