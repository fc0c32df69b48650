//! What is read of a workload: how far it has come. The rest of its pods' template, by far the most of it, is skipped.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use serde::Deserialize;

use super::live::Live;
use crate::desired::CONFIG_HASH;

/// How far a workload has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replicas {
    /// `spec.replicas`.
    pub wanted: i32,
    /// Pods of the newest template.
    pub updated: i32,
    /// Pods that are ready, of any template.
    pub ready: i32,
    /// Whether the numbers are about the newest generation.
    pub is_seen: bool,
    /// Whether they are, and no older pod is left.
    pub is_settled: bool,
    /// The image of the pods' first container.
    pub image: Option<String>,
    /// The hash of what the pods read when they start.
    pub config_hash: Option<String>,
}

impl Replicas {
    /// Whether all pods are of the newest template, and ready.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.is_settled && self.updated >= self.wanted && self.ready >= self.wanted
    }
}

/// A Deployment, as far as it is read.
#[derive(Clone, Debug, Deserialize, Resource)]
#[resource(inherit = "Deployment")]
pub(super) struct SeenDeployment {
    metadata: ObjectMeta,
    spec: Option<Spec>,
    status: Option<Status>,
}

/// A StatefulSet, likewise.
#[derive(Clone, Debug, Deserialize, Resource)]
#[resource(inherit = "StatefulSet")]
pub(super) struct SeenStatefulSet {
    metadata: ObjectMeta,
    spec: Option<Spec>,
    status: Option<Status>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Spec {
    replicas: Option<i32>,
    template: Option<Template>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Template {
    metadata: Option<Metadata>,
    spec: Option<Pod>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Metadata {
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Pod {
    containers: Option<Vec<Container>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Container {
    image: Option<String>,
}

/// Of either kind; only StatefulSets have revisions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    observed_generation: Option<i64>,
    replicas: Option<i32>,
    updated_replicas: Option<i32>,
    ready_replicas: Option<i32>,
    current_revision: Option<String>,
    update_revision: Option<String>,
}

impl Spec {
    /// With numbers that are about the generation, if that was seen by who made them; else no pod is of the newest
    /// template as far as is known.
    fn with(self, status: &Status, generation: i64, updated: Option<i32>, is_settled: bool) -> Replicas {
        let is_seen = status.observed_generation == Some(generation);
        let template = self.template.unwrap_or_default();
        let annotations = template.metadata.and_then(|it| it.annotations);
        let containers = template.spec.and_then(|it| it.containers);
        Replicas {
            wanted: self.replicas.unwrap_or(1),
            updated: updated.filter(|_| is_seen).unwrap_or_default(),
            ready: status.ready_replicas.unwrap_or_default(),
            is_seen,
            is_settled: is_seen && is_settled,
            image: containers.into_iter().flatten().next().and_then(|it| it.image),
            config_hash: annotations.and_then(|mut annotations| annotations.remove(CONFIG_HASH)),
        }
    }
}

impl From<SeenDeployment> for Live {
    fn from(object: SeenDeployment) -> Self {
        let (live, status) = (Self::of(object.metadata), object.status.unwrap_or_default());
        let updated = status.updated_replicas;
        let is_settled = updated.unwrap_or_default() == status.replicas.unwrap_or_default();
        let replicas = object.spec.unwrap_or_default().with(&status, live.generation, updated, is_settled);
        Self { replicas: Some(replicas), ..live }
    }
}

impl From<SeenStatefulSet> for Live {
    fn from(object: SeenStatefulSet) -> Self {
        let (live, status) = (Self::of(object.metadata), object.status.unwrap_or_default());
        let is_settled = status.update_revision == status.current_revision;
        // After the last pod was replaced they are no longer counted as updated.
        let updated = if is_settled { status.replicas } else { status.updated_replicas };
        let replicas = object.spec.unwrap_or_default().with(&status, live.generation, updated, is_settled);
        Self { replicas: Some(replicas), ..live }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn workload(status: &Value) -> Value {
        json!({
            "metadata": {"name": "zuul-web", "generation": 2},
            "spec": {"replicas": 2, "template": {
                "metadata": {"annotations": {CONFIG_HASH: "abc", "other": "x"}},
                "spec": {"containers": [{"name": "web", "image": "zuul-web:14.3.0", "args": [1]}, {"name": "b"}]},
            }},
            "status": status,
        })
    }

    fn deployment(status: &Value) -> Replicas {
        let seen: SeenDeployment = serde_json::from_value(workload(status)).unwrap();
        Live::from(seen).replicas.unwrap()
    }

    fn stateful_set(status: &Value) -> Replicas {
        let seen: SeenStatefulSet = serde_json::from_value(workload(status)).unwrap();
        Live::from(seen).replicas.unwrap()
    }

    #[test]
    fn what_is_needed_is_read() {
        let done = json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "conditions": []});
        let replicas = deployment(&done);
        assert!(replicas.is_complete(), "{replicas:?}");
        assert_eq!(replicas.image.as_deref(), Some("zuul-web:14.3.0"));
        assert_eq!(replicas.config_hash.as_deref(), Some("abc"));
        // A pod of the template before is left.
        let mut left = done;
        left["replicas"] = json!(3);
        assert!(!deployment(&left).is_complete());
        assert!(!deployment(&json!({})).is_complete());
        assert!(!deployment(&Value::Null).is_complete());
    }

    #[test]
    fn a_stateful_set_is_complete_by_its_revisions() {
        let status = |current: &str| json!({"observedGeneration": 2, "replicas": 2, "readyReplicas": 2, "updateRevision": "b", "currentRevision": current});
        assert!(stateful_set(&status("b")).is_complete());
        assert!(!stateful_set(&status("a")).is_complete());
    }

    #[test]
    fn numbers_of_an_older_generation_say_nothing_of_the_newest_template() {
        let before = json!({"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "updateRevision": "a", "currentRevision": "a"});
        for replicas in [deployment(&before), stateful_set(&before)] {
            assert_eq!((replicas.updated, replicas.ready, replicas.is_settled), (0, 2, false));
        }
    }

    #[test]
    fn nothing_that_lacks_or_is_null_stops_a_watch() {
        for empty in [
            json!({"metadata": {}}),
            json!({"metadata": {}, "spec": null, "status": null}),
            json!({"metadata": {}, "spec": {"replicas": null, "template": null}, "status": {"replicas": null}}),
            json!({"metadata": {}, "spec": {"template": {"metadata": null, "spec": {"containers": null}}}}),
        ] {
            let seen: SeenStatefulSet = serde_json::from_value(empty.clone()).unwrap();
            assert_eq!(Live::from(seen).replicas.unwrap().wanted, 1);
            let seen: SeenDeployment = serde_json::from_value(empty).unwrap();
            assert!(!Live::from(seen).replicas.unwrap().is_complete());
        }
    }

    #[test]
    fn an_edit_that_replaces_no_pod_leaves_what_is_known() {
        let done = json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2});
        let live = |image: &str, generation: i64| {
            let mut object = workload(&done);
            object["metadata"]["generation"] = json!(generation);
            object["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
            Live::from(serde_json::from_value::<SeenDeployment>(object).unwrap())
        };
        let known = live("zuul-web:14.3.0", 2);
        let updated = |live: Live| live.after(&known).replicas.map(|it| (it.updated, it.is_complete()));
        assert_eq!(updated(live("zuul-web:14.3.0", 3)), Some((2, false)));
        assert_eq!(updated(live("zuul-web:15.0.0", 3)), Some((0, false)));
        let metadata_only = Live { replicas: None, ..live("", 3) };
        assert_eq!(updated(metadata_only), Some((2, false)));
    }
}
