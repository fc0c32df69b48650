//! One Zuul, once: gather, plan, apply, status.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;
use kube::core::DynamicObject;
use kube::runtime::controller::Action;
use serde_json::{Value, json};

use super::Context;
use crate::api::status::WorkloadStatus;
use crate::api::{API_VERSION, KIND, ZuulStatus};
use crate::cluster::apply::{Inventory, Target};
use crate::cluster::gather::{Gathered, gather};
use crate::cluster::{Id, Kind, Live, World, status as written};
use crate::desired::{COMPONENT, SHARD};
use crate::inputs::{Inputs, may_refer_to};
use crate::plan::{Plan, Planner};
use crate::status::{Applied, Seen, paused, status};

/// Set to anything but `false`, it stops the reconciling of its Zuul.
const PAUSED: &str = "zuul-ci.org/paused";
/// When nothing happens, it is looked again after this.
const RESYNC: Duration = Duration::from_secs(600);

/// Why a reconcile is tried again.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A request failed.
    #[error("{0}")]
    Request(#[from] kube::Error),
    /// Objects could not be applied, for a reason that may pass.
    #[error("{0}")]
    Apply(String),
    /// Planning ended without a plan.
    #[error("the plan could not be made: {0}")]
    Plan(#[from] tokio::task::JoinError),
}

/// What is remembered of a Zuul.
#[derive(Debug, Default)]
pub(super) struct Memory {
    planner: Planner,
    /// What the inputs were gathered from, and the inputs: they are read again when one of these changes.
    gathered: Option<(Sources, Inputs)>,
    /// What was said last: the watch may not have brought it back yet.
    said: Option<ZuulStatus>,
    /// Failures in a row.
    pub(super) failures: u32,
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The Zuul, and the versions of what it may refer to.
type Sources = (Value, Vec<(Id, String)>);

pub(super) async fn reconcile(zuul: Arc<DynamicObject>, context: Arc<Context>) -> Result<Action, Failure> {
    let uid = zuul.uid().unwrap_or_default();
    let (namespace, name) = (zuul.namespace().unwrap_or_default(), zuul.name_any());
    if zuul.metadata.deletion_timestamp.is_some() {
        // Its objects have an owner, and go with it.
        return Ok(Action::await_change());
    }
    let memory = context.memory(&uid);
    let before = before(&zuul, &memory);
    let generation = zuul.metadata.generation;
    let now = Time(Timestamp::now());
    if zuul.annotations().get(PAUSED).is_some_and(|value| value != "false") {
        let after = paused(&before, generation, &now);
        say(&context, &zuul, &memory, &before, after).await?;
        return Ok(Action::await_change());
    }
    let target = Target { client: &context.client, world: &context.world, namespace: &namespace, uid: &uid };
    let work = Work { context: &context, memory: Arc::clone(&memory), value: as_written(&zuul), target };
    let (plan, applied) = work.plan_and_apply(&inventory(&before), &name).await?;
    let (workloads, is_moving) = workloads(&context.world, &namespace, &uid);
    let seen = Seen {
        before: &before,
        generation,
        plan: &plan,
        applied: applied.as_ref(),
        workloads: &workloads,
        is_moving,
    };
    let after = status(&seen, &now);
    say(&context, &zuul, &memory, &before, after).await?;
    if let Some(passing) = applied.iter().flat_map(|it| &it.obstacles).find(|it| it.is_passing()) {
        return Err(Failure::Apply(passing.told().1));
    }
    lock(&memory).failures = 0;
    Ok(Action::requeue(RESYNC))
}

struct Work<'a> {
    context: &'a Arc<Context>,
    memory: Arc<Mutex<Memory>>,
    value: Value,
    target: Target<'a>,
}

impl Work<'_> {
    /// The plan, and what came of it; a plan with errors is not applied.
    async fn plan_and_apply(
        &self,
        before: &Inventory,
        name: &str,
    ) -> Result<(Arc<Plan>, Option<Applied>), Failure> {
        let (mut inputs, mut gathered) = self.inputs().await?;
        let mut plan = self.plan(inputs.clone()).await?;
        if plan.has_errors() {
            return Ok((plan, None));
        }
        match self.target.create_once(&plan, name).await {
            Ok(0) => {}
            Ok(_) => {
                // What was made is an input too.
                (inputs, gathered) = self.inputs().await?;
                plan = self.plan(inputs.clone()).await?;
            }
            Err(obstacle) => {
                let inventory = before.values().cloned().collect();
                let applied = Applied { inventory, obstacles: vec![obstacle], written: 0 };
                return Ok((plan, Some(applied)));
            }
        }
        if gathered.is_none() && self.target.needs_secrets(&plan, &inputs, before) {
            gathered = Some(self.gather().await?);
        }
        let secrets = gathered.map(|gathered| gathered.secrets).unwrap_or_default();
        let mut applied = self.target.apply(&plan, &inputs, &secrets, before).await;
        self.target.prune(&plan, before, &mut applied).await;
        if applied.written > 0 {
            tracing::info!(namespace = self.target.namespace, name, "{} objects written", applied.written);
        }
        Ok((plan, Some(applied)))
    }

    /// The inputs; with the bytes of Secrets if they had to be read.
    async fn inputs(&self) -> Result<(Inputs, Option<Gathered>), Failure> {
        let sources = (self.value.clone(), self.versions());
        {
            let memory = lock(&self.memory);
            if let Some((known, inputs)) = &memory.gathered
                && *known == sources
            {
                return Ok((inputs.clone(), None));
            }
        }
        let gathered = self.gather().await?;
        let inputs = gathered.inputs.clone();
        let mut memory = lock(&self.memory);
        memory.gathered = Some((sources, inputs.clone()));
        Ok((inputs, Some(gathered)))
    }

    async fn gather(&self) -> Result<Gathered, Failure> {
        Ok(gather(self.target.client, self.target.world, &self.value).await?)
    }

    fn versions(&self) -> Vec<(Id, String)> {
        let names: BTreeSet<String> = may_refer_to(&self.value);
        let ids = names
            .into_iter()
            .flat_map(|name| [Kind::Secret, Kind::ConfigMap].map(|kind| Id { kind, name: name.clone() }));
        let known = ids.filter_map(|id| {
            let version = self.target.world.get(self.target.namespace, &id)?.resource_version;
            Some((id, version))
        });
        known.collect()
    }

    /// Plugins are called, so it is done where it holds nobody up.
    async fn plan(&self, inputs: Inputs) -> Result<Arc<Plan>, Failure> {
        let (memory, plugins) = (Arc::clone(&self.memory), Arc::clone(&self.context.plugins));
        let planning =
            tokio::task::spawn_blocking(move || lock(&memory).planner.plan(inputs, plugins.as_ref()));
        Ok(planning.await?)
    }
}

/// The object as its user wrote it: without what servers and we add, which changes all the time.
fn as_written(zuul: &DynamicObject) -> Value {
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

fn inventory(status: &ZuulStatus) -> Inventory {
    let known = status.inventory.iter().filter_map(|entry| {
        let id = Id { kind: Kind::named(&entry.kind)?, name: entry.name.clone() };
        Some((id, entry.clone()))
    });
    known.collect::<BTreeMap<_, _>>()
}

/// The workloads that a Zuul controls, and whether one of them is still on its way.
fn workloads(world: &World, namespace: &str, uid: &str) -> (Vec<WorkloadStatus>, bool) {
    let controlled = world.controlled_by(namespace, uid);
    let mut workloads: Vec<_> = controlled.values().filter_map(workload).collect();
    workloads.sort_by(|(a, _), (b, _)| (&a.component, &a.shard).cmp(&(&b.component, &b.shard)));
    let is_moving = workloads.iter().any(|(_, is_settled)| !is_settled);
    (workloads.into_iter().map(|(status, _)| status).collect(), is_moving)
}

fn workload(live: &Live) -> Option<(WorkloadStatus, bool)> {
    let replicas = live.replicas?;
    let status = WorkloadStatus {
        component: live.labels.get(COMPONENT).cloned().unwrap_or_default(),
        shard: live.annotations.get(SHARD).cloned(),
        wanted: replicas.wanted,
        updated: replicas.updated,
        ready: replicas.ready,
    };
    Some((status, replicas.is_settled && replicas.ready >= replicas.wanted))
}

/// What was said of it before. A status that cannot be read counts as none.
fn before(zuul: &DynamicObject, memory: &Mutex<Memory>) -> ZuulStatus {
    let said = lock(memory).said.clone();
    said.or_else(|| serde_json::from_value(zuul.data["status"].clone()).ok()).unwrap_or_default()
}

async fn say(
    context: &Context,
    zuul: &DynamicObject,
    memory: &Mutex<Memory>,
    before: &ZuulStatus,
    after: ZuulStatus,
) -> Result<(), Failure> {
    if *before != after {
        let namespace = zuul.namespace().unwrap_or_default();
        written::write(&context.client, &namespace, &zuul.name_any(), &after).await?;
    }
    lock(memory).said = Some(after);
    Ok(())
}
