//! One Zuul, once: gather, plan, apply, status.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;
use kube::core::DynamicObject;
use kube::runtime::controller::Action;
use tracing::field::Empty;
use tracing::{Span, debug_span};

use super::memory::{Memory, Sources, lock};
use super::observe::{as_written, inventory, versions, workloads};
use super::{Context, say};
use crate::api::ZuulStatus;
use crate::api::reasons::condition;
use crate::cluster::apply::Target;
use crate::cluster::gather::{Gathered, gather};
use crate::cluster::requests::is_not_leading;
use crate::cluster::why;
use crate::inputs::Inputs;
use crate::metrics;
use crate::plan::{self, Plan};
use crate::plugin::Catalog;
use crate::rollout::{Rollout, rollout};
use crate::status::{Applied, Done, Seen, announced, paused, status};

/// Set to anything but `false`, it stops the reconciling of its Zuul.
const PAUSED: &str = "zuul-ci.org/paused";
/// Names a generated Secret that is to be made again when it is gone.
const GENERATE_AGAIN: &str = "zuul-ci.org/generate-again";
/// After so many failures in a row it is told in the status: shorter trouble passes unnoticed.
const SHORT: u32 = 2;
/// Findings about a plugin that another try may not make: the machine was busy.
const PASSING: [&str; 4] = ["PluginBusy", "PluginCompileFailed", "PluginDeadlineExceeded", "PluginSuspended"];
/// When one of them stands, it is planned again after this.
const AGAIN: Duration = Duration::from_secs(30);
/// When nothing happens, it is looked again after this.
const RESYNC: Duration = Duration::from_secs(600);

/// Why a reconcile is tried again.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A request failed.
    #[error("{}", why(.0))]
    Request(#[from] kube::Error),
    /// Objects could not be applied, for a reason that may pass.
    #[error("{0}")]
    Apply(String),
    /// Planning ended without a plan.
    #[error("the plan could not be made: {0}")]
    Plan(#[from] tokio::task::JoinError),
}

impl Failure {
    /// Whether this process no longer leads: then another one does it.
    pub(super) fn is_not_leading(&self) -> bool {
        matches!(self, Self::Request(error) if is_not_leading(error))
    }
}

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
    let (namespace, name) = (zuul.namespace().unwrap_or_default(), zuul.name_any());
    let memory = context.memories.of(&uid);
    let before = before(&zuul, &memory);
    let generation = zuul.metadata.generation;
    let now = Time(Timestamp::now());
    if zuul.annotations().get(PAUSED).is_some_and(|value| value != "false") {
        let after = paused(&before, generation, &now);
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
    let running = before.version.as_deref();
    let work =
        Work { context: &context, memory: &memory, zuul: &zuul, plugins: &plugins, sources, running, target };
    let result = work.run(&before, &name, &now).await;
    let failed = result.as_ref().err().map(ToString::to_string);
    let is_short = lock(&memory).failures < SHORT;
    let result = match result {
        Err(failure) if is_short || failure.is_not_leading() => return Err(failure),
        other => other,
    };
    let seen = Seen {
        before: &before,
        generation,
        version: zuul.data["spec"]["zuulImageVersion"].as_str(),
        done: result.as_ref().ok().and_then(Option::as_ref).map(Outcome::done),
        failed: failed.as_deref(),
        workloads: &workloads(&context.world, &namespace, &uid),
    };
    let after = status(&seen, &now);
    let deadline = after.rollout.as_ref().map(|rollout| rollout.deadline.0);
    let wave = after.rollout.as_ref().map_or(0, |rollout| rollout.wave);
    Span::current().record("wave", wave);
    let has = |type_: &str| after.conditions.iter().any(|it| it.type_ == type_ && it.status == "True");
    context.metrics.zuul(&namespace, &name, has(condition::READY), u32::try_from(wave).unwrap_or_default());
    let outcome = if has(condition::VALID) { metrics::Outcome::Done } else { metrics::Outcome::Invalid };
    let doubtful = after.findings.iter().any(|it| PASSING.contains(&it.code.as_str())).then_some(AGAIN);
    let wait = say::say(&context, &zuul, &memory, &before, after).await?;
    let result = result?;
    let obstacles = result.iter().filter_map(|it| it.applied.as_ref()).flat_map(|it| &it.obstacles);
    if let Some(passing) = obstacles.into_iter().find(|it| it.is_passing()) {
        let mut memory = lock(&memory);
        memory.wait = Some((fingerprint, Instant::now()));
        // What gets on, if slowly, is no reason to wait longer each time.
        if result.iter().filter_map(|it| it.applied.as_ref()).any(|it| !it.written.is_empty()) {
            memory.failures = 0;
        }
        drop(memory);
        return Err(Failure::Apply(passing.told().1));
    }
    {
        let mut memory = lock(&memory);
        (memory.failures, memory.wait) = (0, None);
    }
    let overdue = deadline.map(|it| Duration::try_from(it.duration_since(now.0)).unwrap_or_default());
    let next = [wait, doubtful, overdue.filter(|it| !it.is_zero())].into_iter().flatten().min();
    Ok((Action::requeue(next.unwrap_or(RESYNC).min(RESYNC)), outcome))
}

/// What was done.
struct Outcome {
    plan: Arc<Plan>,
    rollout: Rollout,
    applied: Option<Applied>,
    fingerprint: String,
}

impl Outcome {
    fn done(&self) -> Done<'_> {
        Done {
            plan: &self.plan,
            rollout: &self.rollout,
            applied: self.applied.as_ref(),
            fingerprint: &self.fingerprint,
        }
    }
}

struct Work<'a> {
    context: &'a Arc<Context>,
    memory: &'a Arc<Mutex<Memory>>,
    zuul: &'a DynamicObject,
    plugins: &'a Arc<Catalog>,
    sources: Sources,
    /// The version that runs everywhere.
    running: Option<&'a str>,
    target: Target<'a>,
}

impl Work<'_> {
    /// Plans and applies; nothing if all is as it was left. A plan with errors is not applied.
    async fn run(&self, before: &ZuulStatus, name: &str, now: &Time) -> Result<Option<Outcome>, Failure> {
        let inventory = inventory(before);
        let fingerprint = self.sources.fingerprint();
        if before.fingerprint.as_ref() == Some(&fingerprint)
            && before.rollout.is_none()
            // What never was complete has a version to be told of once it is.
            && before.version.is_some()
            && self.target.is_as_applied(&inventory)
        {
            self.target.refers(&self.sources.zuul);
            return Ok(None);
        }
        let (inputs, gathered) = self.inputs(&self.sources).await?;
        let (plan, mut gathered) = self.plan(inputs.clone(), gathered).await?;
        // What is on its way stays so: the next wave still waits for this one.
        let as_before = || Rollout { status: before.rollout.clone(), ..Rollout::default() };
        if plan.has_errors() {
            return Ok(Some(Outcome { plan, rollout: as_before(), applied: None, fingerprint }));
        }
        let again = self.zuul.annotations().get(GENERATE_AGAIN).map(String::as_str);
        match self.target.create_once(&plan, name, &before.generated, again).await {
            Ok(0) => {}
            // What was made is an input too.
            Ok(_) => return self.again(before, name, now).await,
            Err(obstacle) => {
                let inventory = before.inventory.clone();
                let applied = Some(Applied { inventory, obstacles: vec![obstacle], ..Applied::default() });
                return Ok(Some(Outcome { plan, rollout: as_before(), applied, fingerprint }));
            }
        }
        let running = self.context.world.running(self.target.namespace, self.target.uid);
        let rollout = rollout(&plan, &running, before, now);
        if rollout.status.is_some() && rollout.status != before.rollout {
            let after = announced(before, &rollout);
            say::write(self.context, self.zuul, self.memory, &after).await?;
        }
        if gathered.is_none() && self.target.needs_secrets(&plan, &rollout, &inputs, &inventory) {
            gathered = Some(self.gather(&self.sources).await?);
        }
        let secrets = gathered.map(|gathered| gathered.secrets).unwrap_or_default();
        let mut applied = self.target.apply(&plan, &rollout, &inputs, &secrets, &inventory).await;
        applied.generated = plan
            .actions
            .iter()
            .map(|plan::Action::CreateOnce { secret, .. }| secret.secret.clone())
            .collect();
        self.target.prune(&plan, &rollout, &inventory, &mut applied).await;
        self.target.is_hindered_by(name, &applied);
        if !applied.written.is_empty() {
            let namespace = self.target.namespace;
            tracing::info!(namespace, name, "{} objects written", applied.written.len());
        }
        Ok(Some(Outcome { plan, rollout, applied: Some(applied), fingerprint }))
    }

    /// The same with what was just made.
    async fn again(&self, before: &ZuulStatus, name: &str, now: &Time) -> Result<Option<Outcome>, Failure> {
        let versions = versions(&self.context.world, self.target.namespace, &self.sources.zuul);
        let sources = Sources { versions, ..self.sources.clone() };
        Box::pin(Work { sources, ..*self }.run(before, name, now)).await
    }

    /// The inputs; with the bytes of Secrets if they had to be read.
    async fn inputs(&self, sources: &Sources) -> Result<(Inputs, Option<Gathered>), Failure> {
        {
            let memory = lock(self.memory);
            if let Some((known, inputs)) = &memory.gathered
                && known == sources
            {
                return Ok((inputs.clone(), None));
            }
        }
        let gathered = self.gather(sources).await?;
        let inputs = gathered.inputs.clone();
        lock(self.memory).gathered = Some((sources.clone(), inputs.clone()));
        Ok((inputs, Some(gathered)))
    }

    async fn gather(&self, sources: &Sources) -> Result<Gathered, Failure> {
        let mut gathered = gather(self.target.client, self.target.world, &sources.zuul).await?;
        gathered.inputs.running = self.running.map(str::to_owned);
        Ok(gathered)
    }

    /// The plan, with what stands against the content of Secrets and ConfigMaps: that is looked at when they were
    /// read, and remembered. Plugins are called, so it is done where it holds nobody up.
    async fn plan(
        &self,
        inputs: Inputs,
        gathered: Option<Gathered>,
    ) -> Result<(Arc<Plan>, Option<Gathered>), Failure> {
        let (memory, plugins) = (Arc::clone(self.memory), Arc::clone(self.plugins));
        let span = debug_span!("plan", objects = Empty, findings = Empty);
        let planning = tokio::task::spawn_blocking(move || {
            let _in_it = span.enter();
            let mut memory = lock(&memory);
            let plan = memory.planner.plan(inputs.clone(), plugins.as_ref());
            if let Some(gathered) = &gathered {
                memory.content = gathered.check(&plan);
            }
            let content = memory.content.clone();
            let plan = match content.is_empty() {
                true => plan,
                false => Arc::new(Plan::clone(&plan).with_findings(&inputs, content)),
            };
            span.record("objects", plan.objects.len() as i64);
            span.record("findings", plan.findings.len() as i64);
            (plan, gathered)
        });
        Ok(planning.await?)
    }
}

/// What was said of it before. A status that cannot be read counts as none.
fn before(zuul: &DynamicObject, memory: &Mutex<Memory>) -> ZuulStatus {
    let known = lock(memory).status.clone();
    known.or_else(|| serde_json::from_value(zuul.data["status"].clone()).ok()).unwrap_or_default()
}
