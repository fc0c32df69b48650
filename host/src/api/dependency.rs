//! What a Zuul needs and does not bring: database, ZooKeeper, clouds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A database that is there already.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Database {
    /// A Secret with the URI, `mariadb+pymysql://…`, `mysql+pymysql://…` or `postgresql://…`.
    pub secret_name: String,

    /// The key in it. Default: `dburi`.
    #[serde(default = "Database::key")]
    pub key: String,

    /// Prefix of all table names.
    #[serde(rename = "table_prefix", skip_serializing_if = "Option::is_none")]
    pub table_prefix: Option<String>,
}

impl Database {
    fn key() -> String {
        "dburi".to_owned()
    }
}

/// A ZooKeeper that is there already.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Zookeeper {
    /// `HOST:PORT,HOST:PORT/CHROOT`, of the TLS port. A host without a port gets 2281.
    pub hosts: String,

    /// A Secret with `ca.crt`, `tls.crt` and `tls.key` of a client certificate.
    pub secret_name: String,

    /// Seconds after which ZooKeeper gives up a lost component. Default: Zuul's own.
    #[serde(rename = "session_timeout", skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub session_timeout: Option<f64>,
}

/// A Secret that is mounted into the components that talk to clouds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalConfig {
    /// The Secret.
    pub secret_name: String,

    /// The components that have it. Default: launcher and builder. Where a connection has the driver
    /// openstack, a scheduler and a web that are not listed have the clouds.yaml of `openstack` without its
    /// credentials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<CloudUser>,
}

/// A component that may need a cloud's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CloudUser {
    /// Nodepool's launchers and zuul-launcher.
    Launcher,
    /// nodepool-builder.
    Builder,
    /// zuul-executor, where jobs need it.
    Executor,
    /// zuul-scheduler.
    Scheduler,
    /// zuul-web.
    Web,
}
