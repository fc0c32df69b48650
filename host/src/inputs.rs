//! Everything that was gathered for one Zuul, before [`crate::plan::plan`] looks at it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Finding;
use crate::names::{self, Component};
use crate::secret::SecretRef;

/// What is known when the plan is made. Holds no secret bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The Zuul object as it was written, `apiVersion` to `spec`.
    pub zuul: serde_json::Value,
    /// The tag of Zuul's images from which upgrades are counted, see [`crate::rollout::running`]; nothing before all
    /// was ready once.
    pub running: Option<String>,
    /// The Secrets that exist, of those that the Zuul refers to.
    pub secrets: BTreeMap<String, SecretFacts>,
    /// The ConfigMaps that exist, of those that the Zuul refers to.
    pub config_maps: BTreeMap<String, ConfigMapFacts>,
    /// YAML documents inside of Secrets that are to be cut or redacted: structure without secrets, see
    /// [`crate::mask`], or why there is none.
    pub masked: BTreeMap<SecretRef, Result<String, Finding>>,
    /// Whether everything that exists was looked at. Offline it is not: a Secret that is not
    /// among the given files may well be in the cluster.
    pub complete: bool,
}

/// What may be known of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretFacts {
    /// Changes whenever its content does; says nothing about the content.
    pub version: String,
    /// The keys of its data.
    pub keys: BTreeSet<String>,
}

/// A ConfigMap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigMapFacts {
    /// Changes whenever its content does.
    pub version: String,
    /// `data`.
    pub data: BTreeMap<String, String>,
    /// The keys of `binaryData`.
    pub binary_keys: BTreeSet<String>,
}

/// The YAML documents in Secrets that a plugin will have to cut for this Zuul, so that they can be
/// masked where bytes may be seen: nodepool.yaml of launcher and builder.
#[must_use]
pub fn to_mask(zuul: &serde_json::Value) -> BTreeSet<SecretRef> {
    ["launcher", "builder"]
        .into_iter()
        .filter_map(|section| {
            let config = &zuul["spec"][section]["config"];
            let key = config["key"].as_str().unwrap_or("nodepool.yaml");
            config["secretName"].as_str().map(|secret| SecretRef::new(secret, key))
        })
        .collect()
}

/// The driver whose connections look clouds up in clouds.yaml, and the file's place in `spec.externalConfig`.
pub const OPENSTACK: &str = "openstack";
/// The key of the file in its Secret; openstacksdk looks for a file of this name.
pub const CLOUDS_KEY: &str = "clouds.yaml";

/// The clouds.yaml in a Secret that scheduler and web of this Zuul need without credentials, so that it can
/// be redacted where bytes may be seen.
#[must_use]
pub fn to_redact(zuul: &serde_json::Value) -> Option<SecretRef> {
    let connections = zuul["spec"]["connections"].as_object()?;
    let is_needed = connections.values().any(|connection| connection["driver"] == OPENSTACK);
    let secret = zuul["spec"]["externalConfig"][OPENSTACK]["secretName"].as_str()?;
    is_needed.then(|| SecretRef::new(secret, CLOUDS_KEY))
}

/// The Secret with clouds.yaml without credentials, which the operator writes.
pub const CLOUDS: &str = "clouds";

/// The Secret with the value that signs the registry's tokens, where the registry has no configuration of the user's.
pub const REGISTRY_SECRET: &str = "registry-secret";

/// The Secrets that a Zuul uses under a name made from its own, when it names none.
const MADE: [&str; 4] = ["database", "keystore", REGISTRY_SECRET, "zookeeper-client"];

/// Whether the operator writes the Secret or ConfigMap of this name for a Zuul, or uses it under a name made
/// from the Zuul's own: it may come to be there only after the Zuul.
#[must_use]
pub fn is_made(zuul: &str, name: &str) -> bool {
    is_written(zuul, name) || MADE.iter().any(|what| names::object(zuul, what) == name)
}

/// Whether the operator writes the Secret or ConfigMap of this name for a Zuul, and writes it again and again.
#[must_use]
pub fn is_written(zuul: &str, name: &str) -> bool {
    let configs = Component::ALL.into_iter().map(|component| format!("{component}-config"));
    let others = [CLOUDS, Component::NodepoolBuilder.as_str()].map(str::to_owned);
    let shards = names::object(zuul, Component::NodepoolLauncher.as_str());
    let is_shard = name.strip_prefix(&shards).is_some_and(|shard| shard.starts_with('-'));
    is_shard || configs.chain(others).any(|what| names::object(zuul, &what) == name)
}

/// The names of Secrets and ConfigMaps that a Zuul may refer to: every text in it may be one, and some
/// are made from its own name. More than it does refer to, and never less.
#[must_use]
pub fn may_refer_to(zuul: &serde_json::Value) -> BTreeSet<String> {
    let own = zuul["metadata"]["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("zuul");
    let mut texts: BTreeSet<String> = MADE.iter().map(|what| names::object(own, what)).collect();
    let mut open = vec![&zuul["spec"]];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::String(text) => {
                texts.insert(text.clone());
            }
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    texts
}
