//! What is said about a Zuul, from what was planned, applied and seen. Pure: the time is given.

mod conditions;
mod obstacle;
mod transitions;

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use crate::api::reasons::{self, condition};
use crate::api::status::{FindingStatus, InventoryEntry, PluginStatus, WorkloadStatus, ZuulStatus};
use crate::desired::Id;
use crate::diagnostic::Finding;
use crate::plan::Plan;
use crate::rollout::{Change, Rollout};
pub use conditions::start_deadline;
use conditions::verdict;
pub use obstacle::Obstacle;
pub use transitions::{Told, transitions};

/// More findings do not fit: a status is read by people, and has to stay small.
const MOST_FINDINGS: usize = 50;

/// What is said of a workload whose wave has not come.
const WAITS: &str = "waits for its wave: ";

/// What came of applying a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// What is there now, sorted.
    pub inventory: Vec<InventoryEntry>,
    /// The Secrets with a random value that are there.
    pub generated: Vec<String>,
    /// What could not be applied.
    pub obstacles: Vec<Obstacle>,
    /// The objects that were written or deleted.
    pub written: Vec<Id>,
}

/// A plan and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// What should be.
    pub plan: &'a Plan,
    /// In which order it comes.
    pub rollout: &'a Rollout,
    /// What came of it; nothing if it was not applied, as it has errors.
    pub applied: Option<&'a Applied>,
    /// Stands for all inputs of the plan.
    pub fingerprint: &'a str,
}

/// A workload that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// The name of the object.
    pub name: String,
    /// What is said of it.
    pub status: WorkloadStatus,
    /// Whether its pods are all of the newest template, and ready.
    pub is_complete: bool,
}

/// What is known when a status is made.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was said before.
    pub before: &'a ZuulStatus,
    /// The generation of the object that was looked at.
    pub generation: Option<i64>,
    /// The tag of Zuul's images that the object wants.
    pub version: Option<&'a str>,
    /// What was done; nothing if all inputs are the same as before and nobody wrote our objects.
    pub done: Option<Done<'a>>,
    /// Why nothing could be done, if that was so.
    pub failed: Option<&'a str>,
    /// The workloads that there are, sorted.
    pub workloads: &'a [Workload],
}

/// The status to be written. Times of conditions change only with their status.
#[must_use]
pub fn status(seen: &Seen<'_>, now: &Time) -> ZuulStatus {
    let mut status = seen.before.clone();
    status.observed_generation = seen.generation;
    if let Some(done) = &seen.done {
        status.plugins = plugins(done.plan);
        status.findings = done.plan.findings.iter().take(MOST_FINDINGS).map(finding).collect();
        status.rollout.clone_from(&done.rollout.status);
        if let Some(applied) = done.applied {
            status.inventory.clone_from(&applied.inventory);
            let all: BTreeSet<&String> = seen.before.generated.iter().chain(&applied.generated).collect();
            status.generated = all.into_iter().cloned().collect();
        }
        let is_good = done.applied.is_some_and(|applied| applied.obstacles.is_empty());
        status.fingerprint = (is_good && !done.plan.is_doubtful()).then(|| done.fingerprint.to_owned());
    }
    if seen.failed.is_some() {
        // Even if it was good before, the next try has to say so.
        status.fingerprint = None;
    }
    status.workloads = workloads(seen, now);
    status.starting = conditions::starting(seen, &status, now);
    status.conditions = conditions::all(seen, &status, now);
    if status.is(condition::READY) && status.rollout.is_none() {
        status.version = seen.version.map(str::to_owned);
    }
    status
}

/// The status that tells of a rollout's next step before it is taken, so that it is known after a crash.
#[must_use]
pub fn announced(before: &ZuulStatus, rollout: &Rollout) -> ZuulStatus {
    ZuulStatus { rollout: rollout.status.clone(), ..before.clone() }
}

/// The status of a Zuul that is paused: what was said before, and that it may be out of date.
#[must_use]
pub fn paused(before: &ZuulStatus, generation: Option<i64>, now: &Time) -> ZuulStatus {
    let mut status = ZuulStatus { starting: None, ..before.clone() };
    let verdict = verdict(false, reasons::PAUSED, String::new());
    let condition = verdict.condition(condition::PROGRESSING, generation, &before.conditions, now);
    status.conditions.retain(|it| it.type_ != condition::PROGRESSING);
    status.conditions.push(condition);
    status
}

/// The workloads, with what was done with each last and when.
fn workloads(seen: &Seen<'_>, now: &Time) -> Vec<WorkloadStatus> {
    let change = |workload: &Workload| {
        let before = seen.before.workloads.iter().find(|before| before.is_of(&workload.status));
        let before = before.map(|before| (before.change.clone(), before.changed.clone())).unwrap_or_default();
        let Some(done) = &seen.done else { return before };
        let waits = done.rollout.waits.iter().any(|id| id.name == workload.name);
        let written: BTreeSet<&str> =
            done.applied.iter().flat_map(|applied| &applied.written).map(|id| id.name.as_str()).collect();
        let change = done.rollout.changes.iter().find(|(id, _)| id.name == workload.name);
        match change {
            Some((_, Change::Restart(causes))) if waits => {
                let told = Some(format!("{WAITS}{} changed", causes.join(", ")));
                if told == before.0 { before } else { (told, Some(now.clone())) }
            }
            Some((_, change)) if written.contains(workload.name.as_str()) => {
                change.told().map_or(before, |told| (Some(told), Some(now.clone())))
            }
            // The change that it waited for was taken back.
            _ if !waits && before.0.as_ref().is_some_and(|told| told.starts_with(WAITS)) => (None, None),
            _ => before,
        }
    };
    let with_change = |workload: &Workload| {
        let (change, changed) = change(workload);
        WorkloadStatus { change, changed, ..workload.status.clone() }
    };
    seen.workloads.iter().map(with_change).collect()
}

fn plugins(plan: &Plan) -> Vec<PluginStatus> {
    let one = |info: &crate::contract::PluginInfo| PluginStatus {
        name: info.name.clone(),
        digest: info.digest.clone(),
        source: info.source.clone(),
        since: info.since.clone(),
        wanted: info.wanted.clone(),
        why: info.why.clone(),
    };
    plan.plugins.iter().map(one).collect()
}

fn finding(finding: &Finding) -> FindingStatus {
    FindingStatus {
        severity: finding.severity.to_string(),
        code: finding.code.clone(),
        object: format!("{}/{}", finding.object.kind, finding.object.name),
        field: finding.path.to_string(),
        message: finding.message.clone(),
        cure: finding.cure.clone(),
    }
}
