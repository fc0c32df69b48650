//! What the operator says about a Zuul.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::reasons::condition;

/// What the operator says about a Zuul.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZuulStatus {
    /// The generation of the object that this is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,

    /// `Ready`, and one condition a concern. Others may add their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,

    /// The tag of Zuul's images that runs everywhere: the one from which upgrades are counted. Empty until all
    /// components were ready once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,

    /// A change that is on its way through the components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<RolloutStatus>,

    /// Since when pods are being started that no wave waits for, and since the last edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starting: Option<Time>,

    /// Stands for everything that the last plan was made of: nothing is planned again while it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,

    /// The Secrets that were made with random values: one that is gone is not made again by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generated: Vec<String>,

    /// Each workload: one a component, and one a shard of Nodepool's launchers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<WorkloadStatus>,

    /// The plugins that serve this Zuul, and those that should and do not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<PluginStatus>,

    /// What is to be said about the object and what it refers to, errors first; of very many the first ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingStatus>,

    /// The objects that were made for it: nothing else is ever deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inventory: Vec<InventoryEntry>,
}

impl ZuulStatus {
    /// Whether a condition is true.
    #[must_use]
    pub fn is(&self, condition: &str) -> bool {
        self.conditions.iter().any(|it| it.type_ == condition && it.status == "True")
    }

    /// What of a status can be read, and is ours: one field that somebody spoiled does not lose what was made for the
    /// Zuul.
    #[must_use]
    pub fn read(status: &Value) -> Self {
        let fields = status.as_object().into_iter().flatten();
        let is_readable = |(name, value): &(&String, &Value)| {
            serde_json::from_value::<Self>(json!({ name.as_str(): value })).is_ok()
        };
        let known: Map<_, _> =
            fields.filter(is_readable).map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut status: Self = serde_json::from_value(known.into()).unwrap_or_default();
        // Others' conditions are theirs to change.
        status.conditions.retain(|it| condition::ALL.contains(&it.type_.as_str()));
        status
    }
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
    /// The tag of the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The first digits of the hash of the configuration that the pods read when they start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_hash: Option<String>,
    /// What was done with it last, and which input caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Time>,
}

impl WorkloadStatus {
    /// Whether both are about the same workload.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        self.component == other.component && self.shard == other.shard
    }
}

/// A change on its way: one wave after the other, each when the one before is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RolloutStatus {
    /// Which wave: 1 executors, 2 mergers, 3 schedulers and launchers, 4 web and fingergw.
    pub wave: i32,
    /// When it began.
    pub since: Time,
    /// When it should be ready; then a condition says that it is not, and the next wave goes on waiting.
    pub deadline: Time,
    /// The workloads that are being replaced, by name.
    pub workloads: Vec<String>,
    /// The workloads that wait for a later wave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<String>,
}

/// A plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginStatus {
    /// Its name.
    pub name: String,
    /// sha256 of the component, in hex; empty if none serves yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// Where it comes from: `built-in`, a path, or `ConfigMap NAMESPACE/NAME`.
    pub source: String,
    /// When it was accepted, if it comes from a ConfigMap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
    /// The digest that should serve instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// Why it does not; docs/operate/plugins.md says what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
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
    /// A digest of which fields are ours after that: if it changes, somebody else wrote one of them.
    pub fields: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_cannot_be_read_does_not_lose_the_others() {
        let status = ZuulStatus::read(&json!({
            "generated": ["zuul-keystore"], "version": "14.3.0", "inventory": [{"kind": 1}], "rollout": {"wave": "x"},
            "conditions": [{"type": "Seen", "status": "True", "reason": "Seen", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}],
        }));
        let known = ZuulStatus {
            generated: vec!["zuul-keystore".to_owned()],
            version: Some("14.3.0".to_owned()),
            ..ZuulStatus::default()
        };
        assert_eq!(status, known);
        assert_eq!(ZuulStatus::read(&Value::Null), ZuulStatus::default());
    }
}
