//! What is known of an object that exists: no content, and never a byte of a Secret.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// An object that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// `metadata.uid`.
    pub uid: String,
    /// `metadata.resourceVersion`.
    pub resource_version: String,
    /// `metadata.generation`; 0 for kinds without.
    pub generation: i64,
    /// The uid of the object that controls it.
    pub controller: Option<String>,
    /// The name of the Zuul that controls it, if it is one.
    pub zuul: Option<String>,
    /// `metadata.labels`.
    pub labels: BTreeMap<String, String>,
    /// `metadata.annotations`, without those that others fill with whole objects.
    pub annotations: BTreeMap<String, String>,
    /// Of workloads only.
    pub replicas: Option<Replicas>,
}

/// How far a workload has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replicas {
    /// `spec.replicas`.
    pub wanted: i32,
    /// Pods of the newest template.
    pub updated: i32,
    /// Pods that are ready, of any template.
    pub ready: i32,
    /// Whether the numbers are about the newest generation, and no older pod is left.
    pub is_settled: bool,
}

/// `kubectl apply` keeps a copy of the whole object in it.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

impl Live {
    /// Of its metadata.
    #[must_use]
    pub fn of(metadata: ObjectMeta) -> Self {
        let controller =
            metadata.owner_references.into_iter().flatten().find(|owner| owner.controller == Some(true));
        let zuul = controller.as_ref().filter(|owner| owner.kind == crate::api::KIND);
        let mut annotations = metadata.annotations.unwrap_or_default();
        annotations.remove(LAST_APPLIED);
        Self {
            uid: metadata.uid.unwrap_or_default(),
            resource_version: metadata.resource_version.unwrap_or_default(),
            generation: metadata.generation.unwrap_or_default(),
            zuul: zuul.map(|owner| owner.name.clone()),
            controller: controller.map(|owner| owner.uid),
            labels: metadata.labels.unwrap_or_default(),
            annotations,
            replicas: None,
        }
    }

    /// Whether it is older than `other`, of the same object. Resource versions can be compared as numbers
    /// (Kubernetes 1.35 says so, and older ones do so).
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        let number = |live: &Self| live.resource_version.parse::<u128>().unwrap_or(u128::MAX);
        self.uid == other.uid && number(self) < number(other)
    }
}

impl From<Deployment> for Live {
    fn from(object: Deployment) -> Self {
        let wanted = object.spec.and_then(|spec| spec.replicas).unwrap_or(1);
        let status = object.status.unwrap_or_default();
        let mut live = Self::of(object.metadata);
        let updated = status.updated_replicas.unwrap_or_default();
        live.replicas = Some(Replicas {
            wanted,
            updated,
            ready: status.ready_replicas.unwrap_or_default(),
            is_settled: status.observed_generation == Some(live.generation)
                && updated == status.replicas.unwrap_or_default(),
        });
        live
    }
}

impl From<StatefulSet> for Live {
    fn from(object: StatefulSet) -> Self {
        let wanted = object.spec.and_then(|spec| spec.replicas).unwrap_or(1);
        let status = object.status.unwrap_or_default();
        let mut live = Self::of(object.metadata);
        let is_settled = status.observed_generation == Some(live.generation)
            && status.update_revision == status.current_revision;
        live.replicas = Some(Replicas {
            wanted,
            updated: if is_settled { status.replicas } else { status.updated_replicas.unwrap_or_default() },
            ready: status.ready_replicas.unwrap_or_default(),
            is_settled,
        });
        live
    }
}
