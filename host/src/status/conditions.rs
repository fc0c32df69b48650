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
            // After a failure it is not known whether it still holds.
            let generation = if seen.failed.is_none() { seen.generation } else { old.observed_generation };
            Condition { observed_generation: generation, ..condition }
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
            return match start_deadline(status).is_some_and(|deadline| now.0 >= deadline.0) {
                true => verdict(false, reasons::START_OVERDUE, lacking),
                false => verdict(true, reasons::STARTING, lacking),
            };
        }
        return match is_tried_again(seen) {
            true => verdict(false, reasons::RETRYING, String::new()),
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

/// Since when pods are being started that no wave waits for, if they are. An edit begins anew, and what is written.
pub(super) fn starting(seen: &Seen<'_>, status: &ZuulStatus, now: &Time) -> Option<Time> {
    if status.rollout.is_some() || seen.workloads.iter().all(|it| it.is_complete) {
        return None;
    }
    let applied = seen.done.and_then(|done| done.applied);
    let is_new = applied.is_some_and(|applied| applied.written.iter().any(|id| id.kind.is_workload()));
    let is_same = !is_new && seen.before.observed_generation == seen.generation;
    Some(seen.before.starting.clone().filter(|_| is_same).unwrap_or_else(|| now.clone()))
}

/// Until when pods that are being started should be ready, if they are.
#[must_use]
pub fn start_deadline(status: &ZuulStatus) -> Option<Time> {
    status.starting.as_ref()?.0.saturating_add(START).ok().map(Time)
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

    fn seconds(seconds: i64) -> Time {
        Time(Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(seconds)).unwrap())
    }

    /// What is said, one look after the other: seconds, the generation, and whether the executor is there.
    fn said(looks: &[(i64, i64, bool)]) -> Vec<String> {
        let (mut before, mut said) = (ZuulStatus::default(), Vec::new());
        for (at, generation, is_complete) in looks {
            let workload =
                WorkloadStatus { component: "executor".to_owned(), wanted: 1, ..Default::default() };
            let name = "zuul-executor".to_owned();
            let workloads = [Workload { name, status: workload, is_complete: *is_complete }];
            let generation = Some(*generation);
            let seen = Seen {
                before: &before,
                generation,
                version: None,
                done: None,
                failed: None,
                workloads: &workloads,
            };
            before = status(&seen, &seconds(*at));
            let progressing = before.conditions.iter().find(|it| it.type_ == condition::PROGRESSING).unwrap();
            said.push(format!("{} {}", progressing.status, progressing.reason));
        }
        said
    }

    #[test]
    fn a_start_has_a_deadline() {
        let most = START.as_secs();
        let said = said(&[
            (0, 1, false),
            (most - 1, 1, false),
            (most, 1, false),
            (most + 9, 1, false),
            // It begins anew with an edit, overdue or not, and with each time that all was there.
            (most + 10, 2, false),
            (most + most, 3, false),
            (most + most + most - 1, 3, false),
            (most + most + most, 3, false),
            (5 * most, 3, true),
            (6 * most, 3, false),
        ]);
        let (starting, overdue) = ("True Starting", "False StartOverdue");
        let expected = [
            starting,
            starting,
            overdue,
            overdue,
            starting,
            starting,
            starting,
            overdue,
            "False Settled",
            starting,
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn what_a_failure_leaves_open_is_about_the_generation_before() {
        let valid = verdict(true, reasons::NO_ERRORS, String::new());
        let valid = valid.condition(condition::VALID, Some(4), &[], &seconds(0));
        let before = ZuulStatus { conditions: vec![valid], ..ZuulStatus::default() };
        let seen = Seen {
            before: &before,
            generation: Some(5),
            version: None,
            done: None,
            failed: Some("no answer"),
            workloads: &[],
        };
        let after = status(&seen, &seconds(1));
        let generation = |type_| {
            after.conditions.iter().find(|it| it.type_ == type_).and_then(|it| it.observed_generation)
        };
        assert_eq!((generation(condition::VALID), generation(condition::APPLIED)), (Some(4), Some(5)));
    }

    #[test]
    fn what_was_applied_has_its_version_when_it_is_ready() {
        let version = |is_complete: bool| {
            let seen = Seen {
                before: &ZuulStatus::default(),
                generation: Some(1),
                version: Some("14.3.0"),
                done: None,
                failed: None,
                workloads: &[Workload { is_complete, ..Workload::default() }],
            };
            status(&seen, &seconds(1)).version
        };
        assert_eq!((version(false), version(true).as_deref()), (None, Some("14.3.0")));
    }
}
