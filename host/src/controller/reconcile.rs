//! One Zuul, once: what is done, what is said of it, and when it is looked at again.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;
use kube::core::DynamicObject;
use kube::runtime::controller::Action;
use tracing::Span;

use super::memory::{Memory, Sources, lock};
use super::observe::{as_written, versions, workloads};
use super::work::{Failure, Outcome, Work};
use super::{Context, WORK_AT_ONCE, say, spare};
use crate::api::ZuulStatus;
use crate::api::reasons::condition;
use crate::cluster::apply::Target;
use crate::metrics;
use crate::status::{Applied, Seen, Workload, paused, start_deadline, status};

/// Set to anything but `false`, it stops the reconciling of its Zuul.
const PAUSED: &str = "zuul-ci.org/paused";
/// After so many failures in a row it is told in the status: shorter trouble passes unnoticed.
const SHORT: u32 = 2;
/// When a plugin failed and may not the next time, it is planned again after this.
const AGAIN: Duration = Duration::from_secs(30);
/// When nothing happens, it is looked again after this.
const RESYNC: Duration = Duration::from_secs(600);

/// One Zuul, once; when it is to be looked at again, and how it ended.
pub(super) async fn reconcile(
    zuul: Arc<DynamicObject>,
    context: Arc<Context>,
) -> Result<(Action, metrics::Outcome), Failure> {
    if zuul.metadata.deletion_timestamp.is_some() {
        // Its objects have an owner, and go with it.
        return Ok((Action::await_change(), metrics::Outcome::Done));
    }
    let uid = zuul.uid().unwrap_or_default();
    let namespace = zuul.namespace().unwrap_or_default();
    let memory = context.memories.of(&uid);
    let before = before(&zuul, &memory);
    let now = Time(Timestamp::now());
    if zuul.annotations().get(PAUSED).is_some_and(|value| value != "false") {
        let after = paused(&before, zuul.metadata.generation, &now);
        say::say(&context, &zuul, &memory, &before, after).await?;
        return Ok((Action::await_change(), metrics::Outcome::Done));
    }
    let target = Target { client: &context.client, world: &context.world, namespace: &namespace, uid: &uid };
    let written = as_written(&zuul);
    // The same from the beginning to the end: they may change at any time.
    let plugins = context.library.catalog(&namespace);
    let versions = versions(&context.world, &namespace, &written);
    let sources = Sources { zuul: written, versions, plugins: plugins.identity() };
    let fingerprint = sources.fingerprint();
    if let Some(left) = lock(&memory).left(&fingerprint) {
        return Ok((Action::requeue(left), metrics::Outcome::Failed));
    }
    let work = Work {
        context: &context,
        memory: &memory,
        zuul: &zuul,
        plugins: &plugins,
        sources,
        fingerprint: fingerprint.clone(),
        before: &before,
        target,
    };
    let result = work.run(&now).await;
    let is_short = lock(&memory).failures < SHORT;
    let result = match result {
        Err(failure) if is_short || failure.is_not_leading() => return Err(failure),
        other => other,
    };
    let after = after(&zuul, &before, &result, &workloads(&context.world, &namespace, &uid), &now);
    let outcome = shown(&context, &zuul, &after);
    let is_doubtful = result.iter().flatten().any(|it| it.plan.is_doubtful());
    let due = due(&after, is_doubtful, &now);
    let is_settled = after.fingerprint.is_some() && after.rollout.is_none();
    let wait = say::say(&context, &zuul, &memory, &before, after).await?;
    tried(&memory, fingerprint, result?.and_then(|it| it.applied))?;
    if is_settled && lock(&memory).settle() {
        context.has_spare.store(true, Ordering::Relaxed);
    }
    let is_busy = context.working.available_permits() < WORK_AT_ONCE;
    if !is_busy && context.has_spare.swap(false, Ordering::Relaxed) {
        drop(tokio::task::spawn_blocking(spare::give_back));
    }
    Ok((Action::requeue(wait.map_or(due, |wait| wait.min(due))), outcome))
}

/// What is to be said of it now.
fn after(
    zuul: &DynamicObject,
    before: &ZuulStatus,
    result: &Result<Option<Outcome>, Failure>,
    workloads: &[Workload],
    now: &Time,
) -> ZuulStatus {
    let failed = result.as_ref().err().map(ToString::to_string);
    let seen = Seen {
        before,
        generation: zuul.metadata.generation,
        version: zuul.data["spec"]["zuulImageVersion"].as_str(),
        done: result.as_ref().ok().and_then(Option::as_ref).map(Outcome::done),
        failed: failed.as_deref(),
        workloads,
    };
    status(&seen, now)
}

/// Shows it in metrics and spans; how it ended.
fn shown(context: &Context, zuul: &DynamicObject, after: &ZuulStatus) -> metrics::Outcome {
    let wave = after.rollout.as_ref().map_or(0, |rollout| rollout.wave);
    Span::current().record("wave", wave);
    let namespace = zuul.namespace().unwrap_or_default();
    let wave = u32::try_from(wave).unwrap_or_default();
    context.metrics.zuul(&namespace, &zuul.name_any(), after.is(condition::READY), wave);
    if after.is(condition::VALID) { metrics::Outcome::Done } else { metrics::Outcome::Invalid }
}

/// After how long it is looked at again, whatever happens until then.
fn due(after: &ZuulStatus, is_doubtful: bool, now: &Time) -> Duration {
    let wave = after.rollout.as_ref().map(|rollout| rollout.deadline.clone());
    let deadline = wave.or_else(|| start_deadline(after)).map(|it| it.0.duration_since(now.0));
    let deadline = deadline.and_then(|left| Duration::try_from(left).ok()).filter(|left| !left.is_zero());
    [is_doubtful.then_some(AGAIN), deadline].into_iter().flatten().fold(RESYNC, Duration::min)
}

/// Remembers how it ended.
///
/// # Errors
/// Something could not be applied, for a reason that may pass.
fn tried(memory: &Mutex<Memory>, fingerprint: String, applied: Option<Applied>) -> Result<(), Failure> {
    let applied = applied.unwrap_or_default();
    let mut memory = lock(memory);
    let Some(passing) = applied.obstacles.iter().find(|it| it.is_passing()) else {
        (memory.failures, memory.wait) = (0, None);
        return Ok(());
    };
    memory.wait = Some((fingerprint, Instant::now()));
    // What gets on, if slowly, is no reason to wait longer each time.
    if !applied.written.is_empty() {
        memory.failures = 0;
    }
    Err(Failure::Apply(passing.told().1))
}

/// What was said of it before. A field of a status that cannot be read counts as none.
fn before(zuul: &DynamicObject, memory: &Mutex<Memory>) -> ZuulStatus {
    let known = lock(memory).status.clone();
    known.unwrap_or_else(|| ZuulStatus::read(&zuul.data["status"]))
}
