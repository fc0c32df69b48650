//! What is done for one Zuul: gather, plan, apply.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::ResourceExt;
use kube::core::DynamicObject;
use tokio::time::timeout;
use tracing::debug_span;
use tracing::field::Empty;

use super::memory::{Memory, Sources, lock};
use super::observe::{inventory, versions};
use super::{Context, say};
use crate::api::ZuulStatus;
use crate::cluster::apply::{Inventory, Target};
use crate::cluster::gather::{Gathered, gather};
use crate::cluster::requests::is_not_leading;
use crate::cluster::why;
use crate::inputs::Inputs;
use crate::plan::{self, Plan};
use crate::plugin::Catalog;
use crate::rollout::{Rollout, rollout, running};
use crate::status::{Applied, Done, announced};

/// Work waits so long for that of others.
const PATIENCE: Duration = Duration::from_secs(2);
/// Names a generated Secret that is to be made again when it is gone.
const GENERATE_AGAIN: &str = "zuul-ci.org/generate-again";

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

/// What was done.
pub(super) struct Outcome {
    pub(super) plan: Arc<Plan>,
    rollout: Rollout,
    /// Nothing if the plan has errors.
    pub(super) applied: Option<Applied>,
    fingerprint: String,
}

impl Outcome {
    pub(super) fn done(&self) -> Done<'_> {
        Done {
            plan: &self.plan,
            rollout: &self.rollout,
            applied: self.applied.as_ref(),
            fingerprint: &self.fingerprint,
        }
    }
}

/// What is needed for it.
pub(super) struct Work<'a> {
    pub(super) context: &'a Arc<Context>,
    pub(super) memory: &'a Arc<Mutex<Memory>>,
    pub(super) zuul: &'a DynamicObject,
    pub(super) plugins: &'a Arc<Catalog>,
    pub(super) sources: Sources,
    /// Stands for the sources.
    pub(super) fingerprint: String,
    /// What was said before.
    pub(super) before: &'a ZuulStatus,
    pub(super) target: Target<'a>,
}

impl Work<'_> {
    /// Plans and applies; nothing if all is as it was left. A plan with errors is not applied.
    pub(super) async fn run(&self, now: &Time) -> Result<Option<Outcome>, Failure> {
        // Before anything is waited for: what changes from now on is noticed.
        self.target.refers(&self.sources.zuul);
        let inventory = inventory(self.before);
        if self.is_as_left(&inventory) {
            return Ok(None);
        }
        // Who is slow delays nobody for longer.
        let _one_of_few = timeout(PATIENCE, self.context.working.acquire()).await;
        self.run_with(Gathered::default(), &inventory, now).await
    }

    /// Whether there is nothing to be done.
    fn is_as_left(&self, inventory: &Inventory) -> bool {
        self.before.fingerprint.as_ref() == Some(&self.fingerprint)
            && self.before.rollout.is_none()
            && self.target.is_as_applied(inventory)
    }

    async fn run_with(
        &self,
        known: Gathered,
        inventory: &Inventory,
        now: &Time,
    ) -> Result<Option<Outcome>, Failure> {
        let (before, name) = (self.before, self.zuul.name_any());
        let (inputs, gathered) = self.inputs(known).await?;
        let (plan, mut gathered) = self.plan(&inputs, gathered).await?;
        if plan.has_errors() {
            return Ok(Some(self.stopped(plan, None)));
        }
        let again = self.zuul.annotations().get(GENERATE_AGAIN).map(String::as_str);
        match self.target.create_once(&plan, &name, &before.generated, again).await {
            Ok(0) => {}
            // What was made is an input too.
            Ok(_) => return self.again(gathered, inventory, now).await,
            Err(obstacle) => {
                let inventory = before.inventory.clone();
                let applied = Some(Applied { inventory, obstacles: vec![obstacle], ..Applied::default() });
                return Ok(Some(self.stopped(plan, applied)));
            }
        }
        let workloads = self.context.world.running(self.target.namespace, self.target.uid);
        let rollout = rollout(&plan, &workloads, before, now);
        // Before anything is announced: it may fail.
        if gathered.is_none() && self.target.needs_secrets(&plan, &rollout, &inputs, inventory) {
            gathered = Some(self.gather(Gathered::default()).await?);
        }
        if rollout.status.is_some() && rollout.status != before.rollout {
            let after = announced(before, &rollout);
            say::write(self.context, self.zuul, self.memory, &after).await?;
        }
        let secrets = gathered.map(|gathered| gathered.secrets).unwrap_or_default();
        let mut applied = self.target.apply(&plan, &rollout, &inputs, &secrets, inventory).await;
        applied.generated = plan
            .actions
            .iter()
            .map(|plan::Action::CreateOnce { secret, .. }| secret.secret.clone())
            .collect();
        self.target.prune(&plan, &rollout, inventory, &mut applied).await;
        self.target.is_hindered_by(&name, &applied);
        if !applied.written.is_empty() {
            let namespace = self.target.namespace;
            tracing::info!(namespace, name, "{} objects written", applied.written.len());
        }
        Ok(Some(Outcome { plan, rollout, applied: Some(applied), fingerprint: self.fingerprint.clone() }))
    }

    /// Nothing is applied. What is on its way stays so: the next wave still waits for this one.
    fn stopped(&self, plan: Arc<Plan>, applied: Option<Applied>) -> Outcome {
        let rollout = Rollout { status: self.before.rollout.clone(), ..Rollout::default() };
        Outcome { plan, rollout, applied, fingerprint: self.fingerprint.clone() }
    }

    /// The same with what was just made.
    async fn again(
        &self,
        known: Option<Gathered>,
        inventory: &Inventory,
        now: &Time,
    ) -> Result<Option<Outcome>, Failure> {
        let versions = versions(&self.context.world, self.target.namespace, &self.sources.zuul);
        let sources = Sources { versions, ..self.sources.clone() };
        let fingerprint = sources.fingerprint();
        let again = Work { sources, fingerprint, ..*self };
        Box::pin(again.run_with(known.unwrap_or_default(), inventory, now)).await
    }

    /// The inputs; with the bytes of Secrets if they had to be read.
    async fn inputs(&self, known: Gathered) -> Result<(Arc<Inputs>, Option<Gathered>), Failure> {
        if let Some((known, inputs)) = &mut lock(self.memory).gathered
            && *known == self.fingerprint
        {
            let running = running(self.before);
            if inputs.running != running {
                Arc::make_mut(inputs).running = running;
            }
            return Ok((Arc::clone(inputs), None));
        }
        let gathered = self.gather(known).await?;
        let inputs = Arc::new(gathered.inputs.clone());
        lock(self.memory).gathered = Some((self.fingerprint.clone(), Arc::clone(&inputs)));
        Ok((inputs, Some(gathered)))
    }

    async fn gather(&self, known: Gathered) -> Result<Gathered, Failure> {
        let mut gathered = gather(self.target.client, self.target.world, &self.sources.zuul, known).await?;
        gathered.inputs.running = running(self.before);
        Ok(gathered)
    }

    /// The plan, with what stands against the content of Secrets and ConfigMaps: that is looked at when they were
    /// read, and remembered. Plugins are called, so it is done where it holds nobody up.
    async fn plan(
        &self,
        inputs: &Arc<Inputs>,
        gathered: Option<Gathered>,
    ) -> Result<(Arc<Plan>, Option<Gathered>), Failure> {
        let (memory, plugins, inputs) =
            (Arc::clone(self.memory), Arc::clone(self.plugins), Arc::clone(inputs));
        let span = debug_span!("plan", objects = Empty, findings = Empty);
        let _one_of_fewer = self.context.planning.acquire().await;
        let planning = tokio::task::spawn_blocking(move || {
            let _in_it = span.enter();
            let mut memory = lock(&memory);
            let plan = memory.planner.plan(&inputs, plugins.as_ref());
            if let Some(gathered) = &gathered {
                memory.content = gathered.check(&plan);
            }
            if plan.is_doubtful() {
                // Another plan of the same inputs may use more of the content: that is looked at again.
                memory.gathered = None;
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
