//! Writes what a plan wants, and nothing that is there already. I/O, writes only.

use std::collections::BTreeMap;

use kube::Client;
use kube::api::{Patch, PatchParams};
use serde_json::Value;

use super::MANAGER;
use super::id::Id;
use super::live::Live;
use super::world::World;
use crate::api::status::InventoryEntry;
use crate::desired::object::Object;
use crate::diagnostic::Finding;
use crate::fill::{self, SecretStore};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::status::{Applied, Obstacle};

/// One Zuul, as it is written.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// For requests.
    pub client: &'a Client,
    /// What is known of the cluster.
    pub world: &'a World,
    /// The namespace of the Zuul.
    pub namespace: &'a str,
    /// Its uid, by which its objects are known.
    pub uid: &'a str,
}

/// What was applied before, by object.
pub type Inventory = BTreeMap<Id, InventoryEntry>;

impl Target<'_> {
    /// Applies all objects of a plan, in its order. One that cannot be applied does not hold up the others.
    pub async fn apply(
        &self,
        plan: &Plan,
        inputs: &Inputs,
        secrets: &SecretStore,
        before: &Inventory,
    ) -> Applied {
        let mut applied = Applied::default();
        for object in &plan.objects {
            let id = Id::of(object);
            match self.one(&id, object, inputs, secrets, before.get(&id)).await {
                Ok(Done { entry, was_written }) => {
                    applied.written += usize::from(was_written);
                    applied.inventory.push(entry);
                }
                Err(obstacles) => {
                    applied.obstacles.extend(obstacles);
                    // It is ours all the same, if it ever was.
                    applied.inventory.extend(before.get(&id).cloned());
                }
            }
        }
        applied
    }

    /// Whether a Secret is to be written, for which bytes are needed.
    #[must_use]
    pub fn needs_secrets(&self, plan: &Plan, inputs: &Inputs, before: &Inventory) -> bool {
        plan.objects.iter().filter(|object| matches!(object, Object::Secret(_))).any(|object| {
            let id = Id::of(object);
            let known = (self.world.get(self.namespace, &id), before.get(&id), hash(object, inputs));
            let (Some(live), Some(before), Ok(hash)) = known else { return true };
            before.hash != hash || !is_untouched(&id, object, &live, before)
        })
    }

    async fn one(
        &self,
        id: &Id,
        object: &Object,
        inputs: &Inputs,
        secrets: &SecretStore,
        before: Option<&InventoryEntry>,
    ) -> Result<Done, Vec<Obstacle>> {
        let live = self.world.get(self.namespace, id);
        if let Some(live) = &live
            && live.controller.as_deref() != Some(self.uid)
        {
            return Err(vec![Obstacle::Foreign { kind: id.kind.as_str(), name: id.name.clone() }]);
        }
        let refused =
            |findings: Vec<Finding>| findings.into_iter().map(Obstacle::Refused).collect::<Vec<_>>();
        let hash = hash(object, inputs).map_err(refused)?;
        if let (Some(live), Some(before)) = (&live, before)
            && before.hash == hash
            && is_untouched(id, object, live, before)
        {
            return Ok(Done { entry: before.clone(), was_written: false });
        }
        let value = fill::object(object, Some(secrets)).map_err(refused)?;
        let live = self.write(id, &value).await.map_err(|error| vec![obstacle(id, &error)])?;
        let entry = entry(id, hash, &live);
        self.world.learn(self.namespace, id.clone(), live);
        Ok(Done { entry, was_written: true })
    }

    /// Server-side apply. The first time without force: who else set one of our fields is told of then, and the
    /// second time the field is ours.
    async fn write(&self, id: &Id, value: &Value) -> kube::Result<Live> {
        let api = id.kind.api(self.client, self.namespace);
        let patch = Patch::Apply(value);
        let params = PatchParams::apply(MANAGER);
        let written = match api.patch_metadata(&id.name, &params, &patch).await {
            Err(kube::Error::Api(status)) if status.code == 409 => {
                tracing::info!(kind = id.kind.as_str(), name = id.name, "put back: {}", status.message);
                api.patch_metadata(&id.name, &params.force(), &patch).await?
            }
            other => other?,
        };
        let replicas = self.world.get(self.namespace, id).and_then(|live| live.replicas);
        Ok(Live { replicas, ..Live::of(written.metadata) })
    }
}

struct Done {
    entry: InventoryEntry,
    was_written: bool,
}

fn entry(id: &Id, hash: String, live: &Live) -> InventoryEntry {
    InventoryEntry {
        kind: id.kind.as_str().to_owned(),
        name: id.name.clone(),
        hash,
        version: version(id, live),
    }
}

/// What changes when somebody changes what we wrote.
fn version(id: &Id, live: &Live) -> String {
    if id.kind.has_generation() { live.generation.to_string() } else { live.resource_version.clone() }
}

/// Whether the object is as it was written. Of workloads and budgets, whose status changes all the time, the generation
/// tells of the spec; labels and annotations are compared.
fn is_untouched(id: &Id, object: &Object, live: &Live, before: &InventoryEntry) -> bool {
    if version(id, live) != before.version {
        return false;
    }
    let metadata = match object {
        Object::StatefulSet(object) => &object.metadata,
        Object::Deployment(object) => &object.metadata,
        Object::PodDisruptionBudget(object) => &object.metadata,
        _ => return true,
    };
    let has = |live: &BTreeMap<String, String>, ours: &Option<BTreeMap<String, String>>| {
        ours.iter().flatten().all(|(key, value)| live.get(key) == Some(value))
    };
    has(&live.labels, &metadata.labels) && has(&live.annotations, &metadata.annotations)
}

/// A digest of the object with its references, and of the versions of the secrets that they stand for.
fn hash(object: &Object, inputs: &Inputs) -> Result<String, Vec<Finding>> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(fill::object(object, None)?.to_string().as_bytes());
    if let Object::Secret(secret) = object {
        for reference in secret.secrets() {
            let version = inputs.secrets.get(&reference.secret).map_or("", |facts| &facts.version);
            hasher.update(format!("\n{reference}={version}").as_bytes());
        }
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

/// What a failed request means.
pub(super) fn obstacle(id: &Id, error: &kube::Error) -> Obstacle {
    let (kind, name) = (id.kind.as_str(), id.name.clone());
    match error {
        kube::Error::Api(status) => {
            Obstacle::Request { kind, name, code: status.code, message: status.message.clone() }
        }
        other => Obstacle::Request { kind, name, code: 0, message: other.to_string() },
    }
}
