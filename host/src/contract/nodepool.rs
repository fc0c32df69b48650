//! World `nodepool-sharder`.

use serde::Serialize;

use super::PluginFinding;

/// By what a nodepool.yaml is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShardBy {
    /// One launcher a provider.
    Provider,
    /// One launcher a driver, cloud and region.
    ProviderRegion,
}

/// One ZooKeeper server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZookeeperServer {
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    /// TLS port.
    pub port: u16,
    /// With its leading slash.
    pub chroot: Option<String>,
}

/// Where the pod has its ZooKeeper certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZookeeperTls {
    /// Client certificate.
    pub cert: String,
    /// Its key.
    pub key: String,
    /// Certificate authority.
    pub ca: String,
}

/// What the sharder is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShardRequest {
    /// The user's file, secret scalars masked.
    pub nodepool_yaml: String,
    /// By what to cut.
    pub by: ShardBy,
    /// Written over the user's.
    pub zookeeper_servers: Vec<ZookeeperServer>,
    /// Written over the user's.
    pub zookeeper_tls: Option<ZookeeperTls>,
    /// The builders' folder for images; `None` without builders.
    pub images_dir: Option<String>,
}

/// One launcher's part of a nodepool.yaml.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Unique; not a legal object name.
    pub key: String,
    /// The providers in it.
    pub providers: Vec<String>,
    /// The node labels that it serves.
    pub labels: Vec<String>,
    /// The images that it uses.
    pub diskimages: Vec<String>,
    /// Its file.
    pub nodepool_yaml: String,
}

/// What the sharder answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShardAnswer {
    /// The launchers' files.
    pub shards: Vec<Shard>,
    /// The builders' file; `None` when no diskimage is defined.
    pub builder_yaml: Option<String>,
    /// Paths are those of nodepool.yaml.
    pub findings: Vec<PluginFinding>,
}
