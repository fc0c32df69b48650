//! What is known of an object that exists: no content, and never a byte of a Secret.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};

use super::MANAGER;
use super::apply::APPLIED;
use super::workload::Replicas;
use crate::api::age;
use crate::desired::{CAUSES, COMPONENT, SHARD};

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
    /// The component, of an object that a Zuul controls.
    pub component: Option<String>,
    /// The annotations of ours, of an object that a Zuul controls. All else of the cluster would cost memory.
    pub annotations: BTreeMap<String, String>,
    /// A digest of the fields that are ours, by `metadata.managedFields`: if somebody else changes or removes one,
    /// it is no longer ours. Nothing if none is ours.
    pub ours: Option<String>,
    /// Whether it was deleted and is not gone yet.
    pub is_ending: bool,
    /// Of workloads only.
    pub replicas: Option<Replicas>,
}

impl Live {
    /// Of its metadata.
    #[must_use]
    pub fn of(metadata: ObjectMeta) -> Self {
        let controller =
            metadata.owner_references.into_iter().flatten().find(|owner| owner.controller == Some(true));
        let zuul = controller.as_ref().filter(|owner| owner.kind == crate::api::KIND);
        let (mut labels, mut annotations) = match zuul {
            Some(_) => (metadata.labels.unwrap_or_default(), metadata.annotations.unwrap_or_default()),
            None => Default::default(),
        };
        annotations.retain(|name, _| [CAUSES, SHARD, APPLIED].contains(&name.as_str()));
        Self {
            uid: metadata.uid.unwrap_or_default(),
            resource_version: metadata.resource_version.unwrap_or_default(),
            generation: metadata.generation.unwrap_or_default(),
            zuul: zuul.map(|owner| owner.name.clone()),
            controller: controller.map(|owner| owner.uid),
            component: labels.remove(COMPONENT),
            annotations,
            ours: metadata.managed_fields.into_iter().flatten().find(is_ours).map(digest),
            is_ending: metadata.deletion_timestamp.is_some(),
            replicas: None,
        }
    }

    /// This, with what only the whole object tells taken from what was known before. After a change of the spec the
    /// numbers are still those of the old one.
    #[must_use]
    pub fn after(mut self, old: &Self) -> Self {
        let Some(known) = old.replicas.as_ref().filter(|_| self.uid == old.uid) else { return self };
        let is_same = self.generation == old.generation;
        match &mut self.replicas {
            None => {
                let (is_seen, is_settled) = (known.is_seen && is_same, known.is_settled && is_same);
                self.replicas = Some(Replicas { is_seen, is_settled, ..known.clone() });
            }
            // The edit replaces no pod by one of another version.
            Some(new) if !new.is_seen && new.image == known.image => new.updated = known.updated,
            Some(_) => {}
        }
        self
    }

    /// Whether it is older than `other`, of the same object.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        let age = |live: &Self| age(&live.resource_version).unwrap_or(u128::MAX);
        self.uid == other.uid && age(self) < age(other)
    }
}

/// Of what server-side apply keeps of us; the fields of a status are others' entries.
fn is_ours(entry: &ManagedFieldsEntry) -> bool {
    entry.manager.as_deref() == Some(MANAGER)
        && entry.operation.as_deref() == Some("Apply")
        && entry.subresource.as_deref().unwrap_or_default().is_empty()
}

fn digest(entry: ManagedFieldsEntry) -> String {
    let fields = entry.fields_v1.map(|fields| fields.0.to_string()).unwrap_or_default();
    blake3::hash(fields.as_bytes()).to_hex()[..16].to_owned()
}
