//! Names: of components, and legal, stable, unique names for Kubernetes objects.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a Zuul is made of. The order is that of lists and tables shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// zuul-scheduler.
    Scheduler,
    /// zuul-executor.
    Executor,
    /// zuul-merger.
    Merger,
    /// zuul-web.
    Web,
    /// zuul-fingergw.
    Fingergw,
    /// zuul-launcher, which comes with Zuul.
    Launcher,
    /// nodepool-launcher, one a shard.
    NodepoolLauncher,
    /// nodepool-builder.
    NodepoolBuilder,
    /// zuul-preview.
    Preview,
    /// zuul-registry.
    Registry,
}

impl Component {
    /// All components, in order.
    pub const ALL: [Self; 10] = [
        Self::Scheduler,
        Self::Executor,
        Self::Merger,
        Self::Web,
        Self::Fingergw,
        Self::Launcher,
        Self::NodepoolLauncher,
        Self::NodepoolBuilder,
        Self::Preview,
        Self::Registry,
    ];

    /// The components that read a zuul.conf.
    pub const WITH_ZUUL_CONF: [Self; 6] =
        [Self::Scheduler, Self::Executor, Self::Merger, Self::Web, Self::Fingergw, Self::Launcher];

    /// The name in object names and labels: `scheduler`, `nodepool-launcher`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduler => "scheduler",
            Self::Executor => "executor",
            Self::Merger => "merger",
            Self::Web => "web",
            Self::Fingergw => "fingergw",
            Self::Launcher => "launcher",
            Self::NodepoolLauncher => "nodepool-launcher",
            Self::NodepoolBuilder => "nodepool-builder",
            Self::Preview => "preview",
            Self::Registry => "registry",
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
