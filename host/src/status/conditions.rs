//! The conditions of a Zuul.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};

use super::{Obstacle, Seen};
use crate::api::reasons::{self, Reason, condition};
use crate::api::status::{WorkloadStatus, ZuulStatus};
use crate::diagnostic::Severity;
use crate::rollout::{START, WAVES};

/// Longer messages do not help.
const LONGEST: usize = 2000;

/// What a condition says.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    is: bool,
    reason: Reason,
    more: String,
}

pub(super) fn verdict(is: bool, reason: Reason, more: String) -> Verdict {
    Verdict { is, reason, more }
}

/// All conditions; `status` is complete but for them.
pub(super) fn all(seen: &Seen<'_>, status: &ZuulStatus, now: &Time) -> Vec<Condition> {
    let (valid, applied) = match &seen.done {
        Some(_) => (Some(valid(seen)), Some(applied(seen))),
        None => (None, None),
    };
    let applied = match seen.failed {
        Some(why) => Some(verdict(false, reasons::REQUEST_FAILED, why.to_owned())),
        None => applied,
    };
    let kept = |type_: &str| {
        seen.before.conditions.iter().find(|it| it.type_ == type_).map(|old| {
            let condition = old.clone();
            Condition { observed_generation: seen.generation, ..condition }
        })
    };
    let made = |type_: &str, verdict: Verdict| {
        verdict.condition(type_, seen.generation, &seen.before.conditions, now)
    };
    let ready = made(condition::READY, ready(valid.as_ref(), applied.as_ref(), seen, status));
    let progressing = made(condition::PROGRESSING, progressing(seen, status, now));
    let valid = valid.map_or_else(|| kept(condition::VALID), |it| Some(made(condition::VALID, it)));
    let applied = applied.map_or_else(|| kept(condition::APPLIED), |it| Some(made(condition::APPLIED, it)));
    [Some(ready), valid, applied, Some(progressing)].into_iter().flatten().collect()
}

impl Verdict {
    pub(super) fn condition(
        &self,
        type_: &str,
        generation: Option<i64>,
        before: &[Condition],
        now: &Time,
    ) -> Condition {
        let status = if self.is { "True" } else { "False" }.to_owned();
        let old = before.iter().find(|old| old.type_ == type_ && old.status == status);
        let mut message = match self.more.as_str() {
            "" => self.reason.1.to_owned(),
            more => format!("{}: {more}", self.reason.1),
        };
        message.truncate(message.floor_char_boundary(LONGEST));
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

fn valid(seen: &Seen<'_>) -> Verdict {
    let findings = seen.done.iter().flat_map(|done| &done.plan.findings);
    let mut errors = findings.filter(|finding| finding.severity == Severity::Error);
    let Some(first) = errors.next() else {
        let frozen: Vec<_> =
            seen.done.iter().flat_map(|done| &done.plan.frozen).map(|component| component.as_str()).collect();
        return match frozen.is_empty() {
            true => verdict(true, reasons::NO_ERRORS, String::new()),
            false => verdict(true, reasons::FROZEN, frozen.join(", ")),
        };
    };
    let more = match errors.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let place = match first.object.kind.as_str() {
        crate::api::KIND => first.path.to_string(),
        kind => format!("{kind}/{}", first.object.name),
    };
    verdict(false, reasons::ERRORS, format!("{place}: {}{more}", first.message))
}

fn applied(seen: &Seen<'_>) -> Verdict {
    let Some(applied) = seen.done.and_then(|done| done.applied) else {
        return verdict(false, reasons::ERRORS, String::new());
    };
    let Some(first) = applied.obstacles.first() else {
        return verdict(true, reasons::UP_TO_DATE, String::new());
    };
    let (reason, what) = first.told();
    let more = match applied.obstacles.len() {
        1 => String::new(),
        all => format!(" (and {} more)", all - 1),
    };
    verdict(false, reason, format!("{what}{more}"))
}

fn ready(
    valid: Option<&Verdict>,
    applied: Option<&Verdict>,
    seen: &Seen<'_>,
    status: &ZuulStatus,
) -> Verdict {
    for wrong in [valid, applied].into_iter().flatten() {
        if !wrong.is {
            return verdict(false, wrong.reason, wrong.more.clone());
        }
    }
    if status.rollout.is_none() && seen.workloads.iter().all(|it| it.is_complete) {
        return verdict(true, reasons::ALL_READY, String::new());
    }
    verdict(false, reasons::NOT_ALL_READY, lacking(&status.workloads))
}

fn progressing(seen: &Seen<'_>, status: &ZuulStatus, now: &Time) -> Verdict {
    let Some(rollout) = &status.rollout else {
        if !seen.workloads.iter().all(|it| it.is_complete) {
            let lacking = lacking(&status.workloads);
            return match is_overdue(seen, now) {
                true => verdict(false, reasons::START_OVERDUE, lacking),
                false => verdict(true, reasons::STARTING, lacking),
            };
        }
        return match is_tried_again(seen) {
            true => verdict(true, reasons::RETRYING, String::new()),
            false => verdict(false, reasons::SETTLED, String::new()),
        };
    };
    let mut more = format!("wave {} of {}", rollout.wave, WAVES.len());
    let lacking = lacking(&status.workloads);
    if !lacking.is_empty() {
        more = format!("{more}: {lacking}");
    }
    if !rollout.waiting.is_empty() {
        more = format!("{more}; waiting: {}", rollout.waiting.join(", "));
    }
    match now.0 > rollout.deadline.0 {
        true => verdict(false, reasons::WAVE_OVERDUE, more),
        false => verdict(true, reasons::ROLLING_OUT, more),
    }
}

/// Until when pods that are being started should be ready, if they are.
#[must_use]
pub fn start_deadline(conditions: &[Condition]) -> Option<Time> {
    let starting = conditions
        .iter()
        .find(|it| it.type_ == condition::PROGRESSING && it.reason == reasons::STARTING.0)?;
    starting.last_transition_time.0.saturating_add(START).ok().map(Time)
}

/// Whether pods have been started for too long. An edit begins anew.
fn is_overdue(seen: &Seen<'_>, now: &Time) -> bool {
    let before = &seen.before.conditions;
    let was =
        |it: &Condition| it.reason == reasons::START_OVERDUE.0 && it.observed_generation == seen.generation;
    before.iter().any(was) || start_deadline(before).is_some_and(|deadline| now.0 >= deadline.0)
}

fn is_tried_again(seen: &Seen<'_>) -> bool {
    let applied = seen.done.and_then(|done| done.applied);
    seen.failed.is_some() || applied.is_some_and(|it| it.obstacles.iter().any(Obstacle::is_passing))
}

/// The workloads that are not complete: `executor 2/3, web 0/1`.
fn lacking(workloads: &[WorkloadStatus]) -> String {
    let lacks = |it: &&WorkloadStatus| it.ready < it.wanted || it.updated < it.wanted;
    let texts = workloads.iter().filter(lacks).map(|it| {
        let shard = it.shard.as_deref().map(|shard| format!(" {shard}")).unwrap_or_default();
        format!("{}{shard} {}/{}", it.component, it.ready.min(it.updated), it.wanted)
    });
    texts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use k8s_openapi::jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::status::{Workload, status};

    /// What is said of an executor that does not come up, one look after the other: seconds, and generations.
    fn said(looks: &[(i64, i64)]) -> Vec<(String, String)> {
        let workload = WorkloadStatus { component: "executor".to_owned(), wanted: 1, ..Default::default() };
        let workloads = [Workload { name: "zuul-executor".to_owned(), status: workload, is_complete: false }];
        let (mut before, mut said) = (ZuulStatus::default(), Vec::new());
        for (seconds, generation) in looks {
            let now =
                Time(Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(*seconds)).unwrap());
            let generation = Some(*generation);
            let seen = Seen {
                before: &before,
                generation,
                version: None,
                done: None,
                failed: None,
                workloads: &workloads,
            };
            before = status(&seen, &now);
            let progressing = before.conditions.iter().find(|it| it.type_ == condition::PROGRESSING).unwrap();
            said.push((progressing.status.clone(), progressing.reason.clone()));
        }
        said
    }

    #[test]
    fn a_start_has_a_deadline() {
        let (starting, overdue) = (("True", "Starting"), ("False", "StartOverdue"));
        let looks =
            [(0, 1), (START.as_secs() - 1, 1), (START.as_secs(), 1), (9999, 1), (9999, 2), (10_000, 2)];
        let said = said(&looks);
        let said: Vec<_> = said.iter().map(|(status, reason)| (status.as_str(), reason.as_str())).collect();
        assert_eq!(said, [starting, starting, overdue, overdue, starting, starting]);
    }
}
