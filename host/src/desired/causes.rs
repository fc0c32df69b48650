//! What makes the pods of a workload restart or reload, by name: so that it can be told which input did it.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::PodTemplateSpec;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::object::Object;
use super::pod::CONFIG_HASH;

/// The annotation of a workload that holds its [`Causes`], as JSON.
pub const CAUSES: &str = "zuul-ci.org/inputs";

/// Digests of the inputs of a workload's pods, by the inputs' names: `Secret/gerrit`, `zuul.conf [web]`, `image`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Causes {
    /// What is read when a pod starts: a change restarts the pods.
    #[serde(default)]
    pub restart: BTreeMap<String, String>,
    /// What the running pods can be told to read again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reload: BTreeMap<String, String>,
}

impl Causes {
    /// Those of a desired workload; nothing of any other object.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        Self::read(object.metadata().annotations.as_ref()?)
    }

    /// Those that stand in the annotations of a workload; nothing if they are missing or cannot be read.
    #[must_use]
    pub fn read(annotations: &BTreeMap<String, String>) -> Option<Self> {
        serde_json::from_str(annotations.get(CAUSES)?).ok()
    }

    /// The names of what differs, sorted.
    #[must_use]
    pub fn differences(now: &BTreeMap<String, String>, before: &BTreeMap<String, String>) -> Vec<String> {
        let names: BTreeSet<&String> = now.keys().chain(before.keys()).collect();
        names.into_iter().filter(|name| now.get(*name) != before.get(*name)).cloned().collect()
    }

    /// The template itself is an input, too: its image, and all else of it.
    pub(super) fn add_template(&mut self, template: &PodTemplateSpec) {
        let mut template = serde_json::to_value(template).unwrap_or_default();
        if let Some(annotations) = template["metadata"]["annotations"].as_object_mut() {
            annotations.remove(CONFIG_HASH);
        }
        let image = template["spec"]["containers"][0]["image"].take();
        self.restart.insert("image".to_owned(), digest(&image));
        self.restart.insert("pod template".to_owned(), digest(&template));
    }

    pub(super) fn annotation(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// The first 8 hex digits of sha256: enough to see a change.
pub(super) fn digest(value: &Value) -> String {
    Sha256::digest(value.to_string()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
