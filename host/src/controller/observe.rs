//! What is seen of a Zuul before anything is done. No I/O: watches told it.

use std::collections::{BTreeMap, BTreeSet};

use kube::ResourceExt;
use kube::core::DynamicObject;
use serde_json::{Value, json};

use crate::api::status::WorkloadStatus;
use crate::api::{API_VERSION, KIND, ZuulStatus};
use crate::cluster::apply::Inventory;
use crate::cluster::{Live, World};
use crate::desired::{Id, Kind, SHARD};
use crate::inputs::may_refer_to;
use crate::status::Workload;

/// Digits of a hash that are shown.
const SHOWN: usize = 8;

/// The object as its user wrote it: without what servers and we add, which changes all the time.
pub(super) fn as_written(zuul: &DynamicObject) -> Value {
    json!({
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {
            "name": zuul.name_any(),
            "namespace": zuul.namespace(),
            "uid": zuul.uid(),
            "labels": zuul.metadata.labels,
        },
        "spec": zuul.data["spec"],
    })
}

/// What was applied before, as the status has it.
pub(super) fn inventory(status: &ZuulStatus) -> Inventory {
    let known = status.inventory.iter().filter_map(|entry| {
        let id = Id { kind: Kind::named(&entry.kind)?, name: entry.name.clone() };
        Some((id, entry.clone()))
    });
    known.collect::<BTreeMap<_, _>>()
}

/// The Secrets and ConfigMaps that exist, of those that a Zuul may refer to, with their versions.
pub(super) fn versions(world: &World, namespace: &str, zuul: &Value) -> Vec<(Id, String)> {
    let names: BTreeSet<String> = may_refer_to(zuul);
    let ids = names
        .into_iter()
        .flat_map(|name| [Kind::Secret, Kind::ConfigMap].map(|kind| Id { kind, name: name.clone() }));
    let known = ids.filter_map(|id| {
        let version = world.get(namespace, &id)?.resource_version;
        Some((id, version))
    });
    known.collect()
}

/// The workloads that a Zuul controls.
pub(super) fn workloads(world: &World, namespace: &str, uid: &str) -> Vec<Workload> {
    let mut workloads = world.controlled_by(namespace, uid, workload);
    let key = |it: &Workload| (it.status.component.clone(), it.status.shard.clone());
    workloads.sort_by_key(key);
    workloads
}

fn workload(id: &Id, live: &Live) -> Option<Workload> {
    // One that was written just now is known by its metadata only: it is not complete.
    let replicas = id.kind.is_workload().then(|| live.replicas.clone().unwrap_or_default())?;
    let is_complete = replicas.is_complete();
    let hash = replicas.config_hash.map(|hash| hash.chars().take(SHOWN).collect());
    let status = WorkloadStatus {
        component: live.component.clone().unwrap_or_default(),
        shard: live.annotations.get(SHARD).cloned(),
        wanted: replicas.wanted,
        updated: replicas.updated,
        ready: replicas.ready,
        version: replicas.image.as_deref().and_then(tag),
        config_hash: hash,
        change: None,
        changed: None,
    };
    Some(Workload { name: id.name.clone(), status, is_complete })
}

/// The tag of an image; a digest has none.
fn tag(image: &str) -> Option<String> {
    let image = image.split('@').next().unwrap_or_default();
    let (_, tag) = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'))?;
    Some(tag.to_owned())
}
