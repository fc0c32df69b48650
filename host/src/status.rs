//! What is said about a Zuul, from what was planned, applied and seen. Pure: the time is given.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};

use crate::api::reasons::{self, Reason, condition};
use crate::api::status::{FindingStatus, InventoryEntry, PluginStatus, WorkloadStatus, ZuulStatus};
use crate::diagnostic::{Finding, Severity};
use crate::plan::Plan;

/// More findings do not fit: a status is read by people, and has to stay small.
const MOST_FINDINGS: usize = 50;

/// What came of applying a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// What is there now, sorted.
    pub inventory: Vec<InventoryEntry>,
    /// What could not be applied.
    pub obstacles: Vec<Obstacle>,
    /// How many objects were written or deleted.
    pub written: usize,
}

/// Why an object was not applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// Another one controls it, or nobody: it is not ours to touch.
    Foreign {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Its secrets cannot be filled in.
    Refused(Finding),
    /// The API server said no, or nothing.
    Request {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The HTTP status; 0 if there was none.
        code: u16,
        /// What the API server said.
        message: String,
    },
}

impl Obstacle {
    /// The reason, and what exactly stands in the way.
    #[must_use]
    pub fn told(&self) -> (Reason, String) {
        match self {
            Self::Foreign { kind, name } => (reasons::FOREIGN_OBJECT, format!("{kind}/{name}")),
            Self::Refused(finding) => (
                reasons::SECRET_REFUSED,
                format!("{}/{}: {}", finding.object.kind, finding.object.name, finding.message),
            ),
            Self::Request { kind, name, code, message } => {
                let reason = match code {
                    403 => reasons::FORBIDDEN,
                    400 | 404 | 409 | 413 | 415 | 422 => reasons::REFUSED,
                    _ => reasons::REQUEST_FAILED,
                };
                (reason, format!("{kind}/{name}: {message}"))
            }
        }
    }

    /// Whether it may go away by itself.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.told().0, reasons::REQUEST_FAILED)
    }
}

/// What is known when a status is made.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was said before.
    pub before: &'a ZuulStatus,
    /// The generation of the object that was planned.
    pub generation: Option<i64>,
    /// What should be.
    pub plan: &'a Plan,
    /// What came of it; nothing if it was not applied, as it has errors.
    pub applied: Option<&'a Applied>,
    /// The workloads that there are, sorted.
    pub workloads: &'a [WorkloadStatus],
    /// Whether a workload is still on its way.
    pub is_moving: bool,
}

/// The status to be written. Times of conditions change only with their status.
#[must_use]
pub fn status(seen: &Seen<'_>, now: &Time) -> ZuulStatus {
    let valid = valid(seen.plan);
    let applied = applied(seen);
    let progressing = if seen.is_moving {
        verdict(true, reasons::ROLLING_OUT, waiting(seen.workloads))
    } else {
        verdict(false, reasons::SETTLED, String::new())
    };
    let ready = ready(&valid, &applied, seen);
    let conditions = [
        (condition::READY, ready),
        (condition::VALID, valid),
        (condition::APPLIED, applied),
        (condition::PROGRESSING, progressing),
    ];
    let inventory = seen.applied.map_or(&seen.before.inventory, |applied| &applied.inventory);
    ZuulStatus {
        observed_generation: seen.generation,
        conditions: conditions
            .into_iter()
            .map(|(type_, verdict)| verdict.condition(type_, seen.generation, &seen.before.conditions, now))
            .collect(),
        workloads: seen.workloads.to_vec(),
        plugins: plugins(seen.plan),
        findings: seen.plan.findings.iter().take(MOST_FINDINGS).map(finding).collect(),
        inventory: inventory.clone(),
    }
}

/// The status of a Zuul that is paused: what was said before, and that it may be out of date.
#[must_use]
pub fn paused(before: &ZuulStatus, generation: Option<i64>, now: &Time) -> ZuulStatus {
    let mut status = before.clone();
    let verdict = verdict(false, reasons::PAUSED, String::new());
    let condition = verdict.condition(condition::PROGRESSING, generation, &before.conditions, now);
    status.conditions.retain(|it| it.type_ != condition::PROGRESSING);
    status.conditions.push(condition);
    status
}

struct Verdict {
    is: bool,
    reason: Reason,
    more: String,
}

fn verdict(is: bool, reason: Reason, more: String) -> Verdict {
    Verdict { is, reason, more }
}

impl Verdict {
    fn condition(&self, type_: &str, generation: Option<i64>, before: &[Condition], now: &Time) -> Condition {
        let status = if self.is { "True" } else { "False" }.to_owned();
        let old = before.iter().find(|old| old.type_ == type_ && old.status == status);
        let message = match self.more.as_str() {
            "" => self.reason.1.to_owned(),
            more => format!("{}: {more}", self.reason.1),
        };
        Condition {
            type_: type_.to_owned(),
            status,
            reason: self.reason.0.to_owned(),
            message,
            observed_generation: generation,
            last_transition_time: old.map_or_else(|| now.clone(), |old| old.last_transition_time.clone()),
        }
    }
}

fn valid(plan: &Plan) -> Verdict {
    let mut errors = plan.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let Some(first) = errors.next() else { return verdict(true, reasons::NO_ERRORS, String::new()) };
    let more = match errors.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    verdict(false, reasons::ERRORS, format!("{}: {}{more}", first.path, first.message))
}

fn applied(seen: &Seen<'_>) -> Verdict {
    let Some(applied) = seen.applied else { return verdict(false, reasons::ERRORS, String::new()) };
    let Some(first) = applied.obstacles.first() else {
        return verdict(true, reasons::UP_TO_DATE, String::new());
    };
    let (reason, what) = first.told();
    verdict(false, reason, what)
}

fn ready(valid: &Verdict, applied: &Verdict, seen: &Seen<'_>) -> Verdict {
    for wrong in [valid, applied] {
        if !wrong.is {
            return verdict(false, wrong.reason, wrong.more.clone());
        }
    }
    let waiting = waiting(seen.workloads);
    if waiting.is_empty() && !seen.is_moving {
        return verdict(true, reasons::ALL_READY, String::new());
    }
    verdict(false, reasons::NOT_ALL_READY, waiting)
}

/// The workloads that are not complete: `executor 2/3, web 0/1`.
fn waiting(workloads: &[WorkloadStatus]) -> String {
    let lacks = |it: &&WorkloadStatus| it.ready < it.wanted || it.updated < it.wanted;
    let texts = workloads.iter().filter(lacks).map(|it| {
        let shard = it.shard.as_deref().map(|shard| format!(" {shard}")).unwrap_or_default();
        format!("{}{shard} {}/{}", it.component, it.ready.min(it.updated), it.wanted)
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn plugins(plan: &Plan) -> Vec<PluginStatus> {
    let one = |info: &crate::contract::PluginInfo| PluginStatus {
        name: info.name.clone(),
        digest: info.digest.clone(),
        source: info.source.clone(),
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
