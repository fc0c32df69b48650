//! What the operator says about a Zuul.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the operator says about a Zuul.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZuulStatus {
    /// The generation of the object that this is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,

    /// `Ready`, and one condition a concern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,

    /// Each workload: one a component, and one a shard of Nodepool's launchers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<WorkloadStatus>,

    /// The plugins that serve this Zuul.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<PluginStatus>,

    /// What is to be said about the object and what it refers to, errors first; of very many the first ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingStatus>,

    /// The objects that were made for it: nothing else is ever deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inventory: Vec<InventoryEntry>,
}

/// How far a workload is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadStatus {
    /// `scheduler`, `nodepool-launcher` and so on.
    pub component: String,
    /// The shard, of Nodepool's launchers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// How many pods there should be.
    pub wanted: i32,
    /// How many of them are of the newest template.
    pub updated: i32,
    /// How many pods are ready.
    pub ready: i32,
}

/// A plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginStatus {
    /// Its name.
    pub name: String,
    /// sha256 of the component, in hex.
    pub digest: String,
    /// Where it comes from: `built-in` or a path.
    pub source: String,
}

/// Something that is to be said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingStatus {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// A stable name; docs/reference/findings.md explains it.
    pub code: String,
    /// Which object it is about: `Zuul/zuul`.
    pub object: String,
    /// The field; empty if it is about the whole object.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cure: String,
}

/// An object that was applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryEntry {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// A digest of what was applied.
    pub hash: String,
    /// `metadata.generation` or `metadata.resourceVersion` after that: if it changes, somebody else wrote.
    pub version: String,
}
