//! What the core asks of plugins, and what they answer: the trait [`Plugins`].
//!
//! These are the host's own types. [`crate::plugin`] converts them at its edge from and to each
//! released version of the WIT, and refuses answers that place what was not given to the plugin.

mod connection;
mod failure;
mod nodepool;
mod option;
mod zuul_conf;

use std::collections::BTreeSet;
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::Serialize;

use crate::names::Component;

pub use connection::*;
pub use failure::*;
pub use nodepool::*;
pub use option::*;
pub use zuul_conf::*;

/// The components that read something.
pub type Readers = BTreeSet<Component>;

/// A plugin as it is shown to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PluginInfo {
    /// Its name.
    pub name: String,
    /// Its world: `connection-driver`, `config-renderer`, `nodepool-sharder`. Empty if it is only wanted.
    pub world: String,
    /// sha256 of the component, in hex. Empty if it is only wanted.
    pub digest: String,
    /// Where it comes from: `built-in`, a path, or `ConfigMap NAMESPACE/NAME`.
    pub source: String,
    /// When it was accepted, if it comes from a ConfigMap.
    pub since: Option<Time>,
    /// The digest that should serve instead.
    pub wanted: Option<String>,
    /// Why that does not serve, or what else is to be said.
    pub why: Option<String>,
}

/// The plugins that serve one Zuul. All calls are pure: same request, same answer.
pub trait Plugins {
    /// The plugins that serve something, and those that are wanted instead; sorted.
    fn list(&self) -> Vec<PluginInfo>;

    /// Plugins that were refused or shadowed, and why, for people. The path is empty.
    fn findings(&self) -> Vec<PluginFinding>;

    /// What serves `driver`: its own plugin, else the one for `*`.
    ///
    /// # Errors
    /// [`FailureReason::Missing`] when there is neither.
    fn driver(&self, driver: &str) -> Result<Arc<DriverInfo>, PluginFailure>;

    /// All driver names that are served by a plugin of their own, sorted.
    fn drivers(&self) -> Vec<String>;

    /// Renders one connection.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn connection(&self, request: &ConnectionRequest) -> Result<Rendering, PluginFailure>;

    /// The sections of zuul.conf that the config renderer knows.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn sections(&self) -> Result<Arc<[SectionInfo]>, PluginFailure>;

    /// The codes of the findings that the plugins may make, sorted.
    ///
    /// # Errors
    /// A plugin does not say.
    fn codes(&self) -> Result<Vec<CodeInfo>, PluginFailure>;

    /// Renders the zuul.conf of every component.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn zuul_conf(&self, request: &ZuulConfRequest) -> Result<ZuulConfAnswer, PluginFailure>;

    /// Cuts a nodepool.yaml.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn shard(&self, request: &ShardRequest) -> Result<ShardAnswer, PluginFailure>;
}
