//! What jobs see, and what is logged.

use k8s_openapi::api::core::v1::Volume;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ConfigSource, component, source};

/// Whose jobs see a job volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobContext {
    /// Playbooks of config projects.
    Trusted,
    /// Playbooks of all other projects.
    Untrusted,
}

/// What jobs may do with a job volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobAccess {
    /// Read.
    Ro,
    /// Read and write.
    Rw,
}

/// A volume that jobs see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobVolume {
    /// A name of your own for it; it does nothing but stand in messages and tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// `trusted` or `untrusted`.
    pub context: JobContext,

    /// `ro` or `rw`.
    pub access: JobAccess,

    /// Where it is in the executor and in the sandbox: an absolute path without `:`.
    #[schemars(regex(pattern = r"^/[^:]+$"))]
    pub path: String,

    /// Any volume, as in a Pod, with its name.
    #[schemars(schema_with = "component::object")]
    pub volume: Volume,
}

/// How much is logged, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Logging {
    /// DEBUG in place of INFO.
    #[serde(default)]
    pub debug: bool,

    /// A logging configuration: the name of a ConfigMap, or `{configMapName, key}`; `key` defaults to
    /// `logging.yaml`. It wins over `debug`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "source::schema")]
    pub config: Option<ConfigSource>,
}
