//! In which order a change reaches the workloads. Pure: what runs and the time are given.
//!
//! Zuul's components talk through ZooKeeper, and its documentation gives the order in which they are upgraded
//! (`doc/source/howtos/` and the release notes): executors and mergers before schedulers, then web. A first
//! install needs none: everything may start at once.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::SignedDuration;

use crate::api::ZuulStatus;
use crate::api::status::RolloutStatus;
use crate::desired::object::Object;
use crate::desired::{COMPONENT, Causes, Id, Kind, SHARD};
use crate::names::Component;
use crate::plan::Plan;

/// What is replaced together; the next wave waits until all of it is ready. Of other components, none waits.
pub const WAVES: [&[Component]; 4] = [
    &[Component::Executor],
    &[Component::Merger],
    &[Component::Scheduler, Component::Launcher, Component::NodepoolLauncher, Component::NodepoolBuilder],
    &[Component::Web, Component::Fingergw],
];

/// The time that a wave has beyond the grace that its pods have to end.
pub(crate) const START: SignedDuration = SignedDuration::from_mins(15);

/// What is known of a workload that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// What its pods are made of; nothing if somebody removed the annotation.
    pub causes: Option<Causes>,
    /// Whether all its pods are of the newest template, and ready.
    pub is_complete: bool,
}

/// What is to be done with the pods of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// They are new.
    Start,
    /// Nothing, or their number changes.
    Nothing,
    /// The running pods are to be told to read these inputs again.
    Reload(Vec<String>),
    /// They are replaced because of these inputs.
    Restart(Vec<String>),
}

/// What is done now, and what waits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rollout {
    /// Of each workload of the plan.
    pub changes: BTreeMap<Id, Change>,
    /// Objects that are not to be applied yet: workloads of later waves, and their configuration.
    pub waits: BTreeSet<Id>,
    /// What is on its way; nothing if nothing is.
    pub status: Option<RolloutStatus>,
}

/// Decides what of a plan is done now.
#[must_use]
pub fn rollout(plan: &Plan, running: &BTreeMap<Id, Running>, before: &ZuulStatus, now: &Time) -> Rollout {
    let workloads: BTreeMap<Id, &Object> = plan
        .objects
        .iter()
        .map(|object| (Id::of(object), object))
        .filter(|(id, _)| id.kind.is_workload())
        .collect();
    let changes: BTreeMap<Id, Change> =
        workloads.iter().map(|(id, object)| (id.clone(), change(object, running.get(id)))).collect();
    if before.version.is_none() {
        // It never was complete: there is nothing that a change could disturb.
        return Rollout { changes, ..Rollout::default() };
    }
    let is_rolling = |id: &Id| {
        let known = before.rollout.as_ref().is_some_and(|rollout| rollout.workloads.contains(&id.name));
        known && running.get(id).is_some_and(|running| !running.is_complete)
    };
    let is_open = |id: &&Id| matches!(changes[*id], Change::Restart(_)) || is_rolling(id);
    let wave_of = |id: &Id| wave(workloads[id]);
    let Some(current) = workloads.keys().filter(is_open).filter_map(wave_of).min() else {
        return Rollout { changes, ..Rollout::default() };
    };
    let is_later = |id: &Id| wave_of(id).is_some_and(|wave| wave > current);
    let must_wait = |id: &&Id| matches!(changes[*id], Change::Restart(_)) && is_later(id);
    let waiting: Vec<&Id> = workloads.keys().filter(must_wait).collect();
    let rolling: Vec<&Id> =
        workloads.keys().filter(|id| is_open(id) && wave_of(id).is_some() && !must_wait(id)).collect();
    let waits = plan.objects.iter().filter(|object| waiting.iter().any(|id| belongs(object, workloads[*id])));
    let waits = waits.map(Id::of).collect();
    let grace = rolling.iter().filter_map(|id| grace(workloads[*id])).max().unwrap_or_default();
    let names = |ids: Vec<&Id>| ids.into_iter().map(|id| id.name.clone()).collect::<Vec<_>>();
    let (rolling, waiting) = (names(rolling), names(waiting));
    let is_same =
        |old: &&RolloutStatus| old.wave == current && rolling.iter().all(|name| old.workloads.contains(name));
    let since = before.rollout.as_ref().filter(is_same).map_or(now, |old| &old.since).clone();
    let deadline = Time(since.0.saturating_add(START + SignedDuration::from_secs(grace)).unwrap_or(since.0));
    let status = RolloutStatus { wave: current, since, deadline, workloads: rolling, waiting };
    Rollout { changes, waits, status: Some(status) }
}

/// The version of Zuul that there is no way back from: the one that runs everywhere, or one that no older component
/// is left of, though not all are ready. What components write in ZooKeeper is what the oldest of them can read
/// (`zuul/model_api.py`), so before that a change may be taken back.
#[must_use]
pub fn running(status: &ZuulStatus) -> Option<String> {
    let everywhere = status.version.clone()?;
    let of_zuul = |name: &str| {
        let mut all = WAVES.iter().copied().flatten();
        all.any(|it| {
            it.as_str() == name && !matches!(it, Component::NodepoolLauncher | Component::NodepoolBuilder)
        })
    };
    let mut newest = None;
    for workload in status.workloads.iter().filter(|it| of_zuul(&it.component)) {
        let is_replaced = workload.updated >= workload.wanted;
        match &workload.version {
            Some(version) if is_replaced && newest.is_none_or(|it| it == version) => newest = Some(version),
            _ => return Some(everywhere),
        }
    }
    newest.cloned().or(Some(everywhere))
}

fn change(object: &Object, running: Option<&Running>) -> Change {
    let Some(running) = running else { return Change::Start };
    // Without the annotation it is not known, and it is put back.
    let (Some(wanted), Some(has)) = (Causes::of(object), &running.causes) else { return Change::Nothing };
    let restart = Causes::differences(&wanted.restart, &has.restart);
    let reload = Causes::differences(&wanted.reload, &has.reload);
    match (restart.is_empty(), reload.is_empty()) {
        (false, _) => Change::Restart(restart),
        (true, false) => Change::Reload(reload),
        (true, true) => Change::Nothing,
    }
}

/// The wave of a workload, from 1; nothing if it belongs to none.
fn wave(object: &Object) -> Option<i32> {
    let component = label(object, COMPONENT)?;
    let index = WAVES.iter().position(|wave| wave.iter().any(|it| it.as_str() == component))?;
    i32::try_from(index + 1).ok()
}

/// Whether an object is the workload, or its configuration.
fn belongs(object: &Object, workload: &Object) -> bool {
    let is_config = matches!(Id::of(object).kind, Kind::Secret | Kind::ConfigMap);
    let is_same = |key| label(object, key) == label(workload, key);
    Id::of(object) == Id::of(workload) || (is_config && is_same(COMPONENT) && is_same(SHARD))
}

fn label<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.metadata().labels.as_ref()?.get(key).map(String::as_str)
}

/// The seconds that the pods have to end: those of a StatefulSet one after the other.
fn grace(object: &Object) -> Option<i64> {
    let times = match object {
        Object::StatefulSet(object) => object.spec.as_ref()?.replicas.unwrap_or(1).max(1),
        _ => 1,
    };
    Some(object.template()?.spec.as_ref()?.termination_grace_period_seconds?.saturating_mul(i64::from(times)))
}

impl Change {
    /// As it is told: what is done with the workload, and why. Nothing if there is nothing to tell.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        match self {
            Self::Start | Self::Nothing => None,
            Self::Reload(causes) => Some(format!("to be reloaded: {} changed", causes.join(", "))),
            Self::Restart(causes) => Some(format!("restarted: {} changed", causes.join(", "))),
        }
    }
}
