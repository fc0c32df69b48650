//! Writes what a plan wants, and nothing that is there already. I/O, writes only.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{StreamExt, stream};
use kube::Client;
use kube::api::{Patch, PatchParams};
use serde_json::Value;
use tracing::field::Empty;
use tracing::{Span, instrument};

use super::MANAGER;
use super::live::Live;
use super::resource::api;
use super::why::why;
use super::world::World;
use crate::api::status::InventoryEntry;
use crate::desired::object::Object;
use crate::desired::{Id, Kind};
use crate::diagnostic::Finding;
use crate::fill::{self, SecretStore, Written};
use crate::inputs::{Inputs, may_refer_to};
use crate::plan::Plan;
use crate::rollout::Rollout;
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

/// The annotation of every object with a digest of what was applied. The status tells it as well, but later: who dies
/// between the two writes has left an object that is not as the status says.
pub(super) const APPLIED: &str = "zuul-ci.org/applied";

/// Requests of one Zuul that are under way at once.
const AT_ONCE: usize = 4;

/// What was applied before, by object.
pub type Inventory = BTreeMap<Id, InventoryEntry>;

impl Target<'_> {
    /// Applies the objects of a plan, workloads last, but those that wait for their wave. One that cannot be applied
    /// does not hold up the others; but if the API server has trouble, the rest is left for the next time, and a
    /// workload is left as it is if its configuration could not be written: its pods would start with the old one.
    #[instrument(
        level = "debug",
        skip_all,
        fields(
            objects = plan.objects.len() as i64,
            waiting = rollout.waits.len() as i64,
            written = Empty,
            obstacles = Empty
        )
    )]
    pub async fn apply(
        &self,
        plan: &Plan,
        rollout: &Rollout,
        inputs: &Inputs,
        secrets: &SecretStore,
        before: &Inventory,
    ) -> Applied {
        let given = Given { inputs, secrets, before };
        let mut applied = Applied::default();
        let (waiting, now): (Vec<_>, Vec<_>) =
            plan.objects.iter().partition(|object| rollout.waits.contains(&Id::of(object)));
        let (workloads, others): (Vec<_>, Vec<_>) =
            now.into_iter().partition(|object| Id::of(object).kind.is_workload());
        given.keep(waiting, &mut applied);
        let failed = self.each(others, given, &mut applied).await;
        let is_without = |workload: &&Object| failed.iter().any(|config| workload.mounts(&Id::of(config)));
        let (without, workloads): (Vec<_>, Vec<_>) = workloads.into_iter().partition(is_without);
        given.keep(without, &mut applied);
        self.each(workloads, given, &mut applied).await;
        let (written, obstacles) = (applied.written.len() as i64, applied.obstacles.len() as i64);
        Span::current().record("written", written).record("obstacles", obstacles);
        applied
    }

    /// Whether every object that was applied is there and as it was left, and no other one is ours.
    #[must_use]
    pub fn is_as_applied(&self, before: &Inventory) -> bool {
        let is_as_left = |id: &Id, live: &Live| {
            let is_ours = live.ours.is_some() && !live.is_ending;
            is_ours.then(|| before.get(id).is_some_and(|entry| is_untouched(live, entry)))
        };
        let ours = self.world.controlled_by(self.namespace, self.uid, is_as_left);
        ours.len() == before.len() && ours.into_iter().all(|is_as_left| is_as_left)
    }

    /// Tells the world what a Zuul refers to, so that a change of it is noticed.
    pub fn refers(&self, zuul: &Value) {
        let name = zuul["metadata"]["name"].as_str().unwrap_or_default();
        self.world.refers(self.namespace, name, may_refer_to(zuul));
    }

    /// Tells the world which objects of others stand in the way, so that it is noticed when they go.
    pub fn is_hindered_by(&self, zuul: &str, applied: &Applied) {
        let foreign = applied.obstacles.iter().filter_map(|obstacle| match obstacle {
            Obstacle::Foreign { kind, name } => Some(Id { kind: Kind::named(kind)?, name: name.clone() }),
            _ => None,
        });
        self.world.hinders(self.namespace, zuul, foreign.collect());
    }

    /// Whether a Secret is to be written, for which bytes are needed.
    #[must_use]
    pub fn needs_secrets(&self, plan: &Plan, rollout: &Rollout, inputs: &Inputs, before: &Inventory) -> bool {
        let secrets = plan.objects.iter().filter(|object| matches!(object, Object::Secret(_)));
        secrets.map(|object| (Id::of(object), object)).any(|(id, object)| {
            if rollout.waits.contains(&id) {
                return false;
            }
            let known = (self.world.get(self.namespace, &id), before.get(&id), hash(object, inputs));
            let (Some(live), Some(before), Ok(hash)) = known else { return true };
            before.hash != hash || !is_untouched(&live, before)
        })
    }

    /// Applies objects, some at once; those that could not be.
    async fn each<'o>(
        &self,
        objects: Vec<&'o Object>,
        given: Given<'_>,
        applied: &mut Applied,
    ) -> Vec<&'o Object> {
        let has_trouble = AtomicBool::new(applied.obstacles.iter().any(Obstacle::is_trouble));
        let tries = objects.into_iter().map(|object| {
            let has_trouble = &has_trouble;
            async move {
                if has_trouble.load(Ordering::Relaxed) {
                    return (object, Err(Vec::new()));
                }
                let done = self.one(object, given).await;
                if done.as_ref().is_err_and(|obstacles| obstacles.iter().any(Obstacle::is_trouble)) {
                    has_trouble.store(true, Ordering::Relaxed);
                }
                (object, done)
            }
        });
        let (mut tries, mut failed) = (stream::iter(tries).buffered(AT_ONCE), Vec::new());
        while let Some((object, done)) = tries.next().await {
            match done {
                Ok(Done { entry, was_written }) => {
                    applied.written.extend(was_written.then(|| Id::of(object)));
                    applied.inventory.push(entry);
                }
                Err(obstacles) => {
                    applied.obstacles.extend(obstacles);
                    failed.push(object);
                }
            }
        }
        given.keep(failed.clone(), applied);
        failed
    }

    async fn one(&self, object: &Object, given: Given<'_>) -> Result<Done, Vec<Obstacle>> {
        let Given { inputs, secrets, before } = given;
        let id = &Id::of(object);
        let before = before.get(id);
        let live = self.world.get(self.namespace, id);
        if let Some(live) = &live {
            let (kind, name) = (id.kind.as_str(), || id.name.clone());
            if live.controller.as_deref() != Some(self.uid) {
                return Err(vec![Obstacle::Foreign { kind, name: name() }]);
            }
            if live.is_ending {
                return Err(vec![Obstacle::Ending { kind, name: name() }]);
            }
        }
        let refused =
            |findings: Vec<Finding>| findings.into_iter().map(Obstacle::Refused).collect::<Vec<_>>();
        let hash = hash(object, inputs).map_err(refused)?;
        if let (Some(live), Some(before)) = (&live, before)
            && before.hash == hash
            && is_untouched(live, before)
        {
            return Ok(Done { entry: before.clone(), was_written: false });
        }
        let mut object = object.clone();
        let annotations = object.metadata_mut().annotations.get_or_insert_default();
        annotations.insert(APPLIED.to_owned(), hash.clone());
        let object = fill::object(&object, Some(secrets)).map_err(refused)?;
        let live =
            self.write(id, &object, live.is_some()).await.map_err(|error| vec![obstacle(id, &error)])?;
        let entry = entry(id, hash, &live);
        self.world.learn(self.namespace, id.clone(), live);
        Ok(Done { entry, was_written: true })
    }

    /// Server-side apply. The first time without force: who else set one of our fields is told of then, and the
    /// second time the field is ours; but not of an object that is not known to be ours.
    async fn write(&self, id: &Id, object: &Written<'_>, is_ours: bool) -> kube::Result<Live> {
        let api = api(id.kind, self.client, self.namespace);
        let patch = Patch::Apply(object);
        let params = PatchParams::apply(MANAGER);
        let written = match api.patch_metadata(&id.name, &params, &patch).await {
            Err(kube::Error::Api(status)) if status.code == 409 && is_ours => {
                tracing::info!(kind = id.kind.as_str(), name = id.name, "put back: {}", status.message);
                api.patch_metadata(&id.name, &params.force(), &patch).await?
            }
            other => other?,
        };
        Ok(Live::of(written.metadata))
    }
}

/// What objects are made from.
#[derive(Clone, Copy)]
struct Given<'a> {
    inputs: &'a Inputs,
    secrets: &'a SecretStore,
    before: &'a Inventory,
}

impl Given<'_> {
    /// What is not applied now is ours all the same, if it ever was.
    fn keep(&self, objects: Vec<&Object>, applied: &mut Applied) {
        applied
            .inventory
            .extend(objects.into_iter().filter_map(|object| self.before.get(&Id::of(object)).cloned()));
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
        fields: live.ours.clone().unwrap_or_default(),
    }
}

/// Whether all that was written still stands, as it was written: nobody else has any of our fields, and we wrote
/// nothing else since.
fn is_untouched(live: &Live, before: &InventoryEntry) -> bool {
    live.ours.as_ref() == Some(&before.fields) && live.annotations.get(APPLIED) == Some(&before.hash)
}

/// A digest of the object with its references, and of the versions of the secrets that they stand for.
fn hash(object: &Object, inputs: &Inputs) -> Result<String, Vec<Finding>> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(fill::object(object, None)?.digest().as_bytes());
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
    let code = match error {
        kube::Error::Api(status) => status.code,
        _ => 0,
    };
    Obstacle::Request { kind, name, code, message: why(error) }
}
