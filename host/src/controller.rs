//! Keeps Zuuls as they are meant: whenever something changes, gather, plan, apply and say so.

mod memory;
mod observe;
mod places;
mod reconcile;
mod say;
mod spare;
mod triggers;
mod work;
mod zuuls;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::future::{Either, select};
use kube::core::DynamicObject;
use kube::runtime::applier;
use kube::runtime::controller::{Action, Config};
use kube::{Client, ResourceExt};
use tokio::sync::{Semaphore, watch as signal};
use tracing::field::Empty;
use tracing::{Instrument, debug_span};

use crate::api::schema::schema;
use crate::cluster::events::Events;
use crate::cluster::lease::Leadership;
use crate::cluster::{Clients, Scope, World, plugins, watch};
use crate::metrics::{Metrics, Outcome};
use crate::plugin::Library;
use crate::serve::Health;
use crate::supply::Changed;
use memory::{Memories, lock};
use triggers::Triggers;
use work::Failure;
use zuuls::Zuuls;

/// A failed reconcile is tried again after this, then after two, four … times that.
const RETRY: Duration = Duration::from_secs(1);
/// But never later than this.
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// Zuuls that are reconciled at once.
const AT_ONCE: u16 = 16;

/// Of these, those that have something to do: more plans at once would take memory, and no less time.
const WORK_AT_ONCE: usize = 8;
/// Of these, those that are at their plan: it takes a processor.
const PLANS_AT_ONCE: usize = 2;

/// What the controller works with.
#[derive(Clone)]
pub struct Operator {
    /// The ways to the API server.
    pub clients: Clients,
    /// Where Zuuls are looked after.
    pub scope: Scope,
    /// What renders.
    pub library: Arc<Library>,
    /// The operator's own namespace, whose plugins serve all.
    pub own_namespace: String,
    /// Whether this process may write.
    pub leadership: Leadership,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What probes ask.
    pub health: Arc<Health>,
    /// The name of this pod, for Events.
    pub pod: Option<String>,
}

/// What reconciles work with.
struct Context {
    client: Client,
    world: Arc<World>,
    library: Arc<Library>,
    events: Events,
    metrics: Arc<Metrics>,
    memories: Arc<Memories>,
    /// Who may plan and apply.
    working: Semaphore,
    /// Who may plan, whether those were waited for or not.
    planning: Semaphore,
    /// Whether there is memory to be given back.
    has_spare: AtomicBool,
}

/// Runs until `ended` is done, and then until what is under way is finished. Only while this process leads
/// something is reconciled; the watches go on, so that it can begin at once.
pub async fn run(operator: Operator, ended: impl Future<Output = ()> + Send) {
    let Operator { clients, scope, library, own_namespace, leadership, metrics, health, pod } = operator;
    let (world, triggers, memories) = (Arc::new(World::default()), Arc::default(), Arc::default());
    let told: Arc<Triggers> = Arc::clone(&triggers);
    let mut watches = watch(&clients.watching, &scope, &world, move |zuul| told.tell(zuul));
    let zuuls = Zuuls {
        world: Arc::clone(&world),
        triggers: Arc::clone(&triggers),
        memories: Arc::clone(&memories),
        metrics: Arc::clone(&metrics),
        editions: BTreeMap::new(),
    };
    let (store, _task) = zuuls.follow(&clients.watching, &scope);
    let (known, told) = (store.clone(), Arc::clone(&triggers));
    let told = move |changed: &Changed| {
        for zuul in known.state() {
            let namespace = zuul.namespace().unwrap_or_default();
            if changed.concerns(&namespace) {
                told.tell((namespace, zuul.name_any()));
            }
        }
    };
    let mut plugins = plugins::follow(&clients, &scope, &own_namespace, Arc::clone(&library), told);
    let events = Events::new(clients.acting.clone(), pod);
    let context = Arc::new(Context {
        client: clients.acting,
        world,
        library,
        events,
        metrics,
        memories,
        working: Semaphore::new(WORK_AT_ONCE),
        planning: Semaphore::new(PLANS_AT_ONCE),
        has_spare: AtomicBool::new(false),
    });
    // The first plan need not wait for it.
    drop(tokio::task::spawn_blocking(schema));
    let mut leads = leadership.watch();
    let (stop, stopping) = signal::channel(false);
    let work = async {
        watches.have_listed().await;
        // Before that built-in plugins would serve where others should.
        plugins.have_listed().await;
        // A store that is gone is one that ended with everything else.
        let _ = store.wait_until_ready().await;
        health.listed();
        tracing::info!("everything is listed");
        while leads.wait_for(|leads| *leads).await.is_ok() && !*stopping.borrow() {
            tracing::info!("reconciling begins");
            // Another one may have written since.
            context.memories.clear();
            let over = select(Box::pin(no_longer(leads.clone())), Box::pin(becomes(stopping.clone())));
            let queue = triggers.begin(|| store.state()).take_until(over);
            let reconciled = applier(
                |zuul, context| Box::pin(timed(zuul, context)),
                retry,
                Arc::clone(&context),
                store.clone(),
                queue,
                Config::default().concurrency(AT_ONCE),
            );
            reconciled
                .for_each(|result| async move {
                    if let Err(error) = result {
                        tracing::debug!("{error}");
                    }
                })
                .await;
            triggers.end();
            tracing::info!("reconciling ended");
        }
    };
    let ended = Box::pin(async {
        ended.await;
        tracing::info!("asked to end; what is under way is finished first");
        stop.send_replace(true);
    });
    match select(ended, Box::pin(health.beating(work))).await {
        // Who does not lead has nothing under way.
        Either::Left(((), _)) if !leadership.may_write() => {}
        Either::Left(((), work)) => drop(tokio::time::timeout(LONGEST_END, work).await),
        Either::Right(((), _)) => {}
    }
}

/// A reconcile that is under way when the process is asked to end has so long.
const LONGEST_END: Duration = Duration::from_secs(20);

async fn no_longer(mut leads: signal::Receiver<bool>) {
    // An election that is gone leads nowhere.
    let _ = leads.wait_for(|leads| !leads).await;
}

async fn becomes(mut stopping: signal::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn timed(zuul: Arc<DynamicObject>, context: Arc<Context>) -> Result<Action, Failure> {
    let start = Instant::now();
    let (namespace, name) = (zuul.namespace(), zuul.name_any());
    let span =
        debug_span!("reconcile", namespace, name, wave = Empty, result = Empty, otel.status_code = Empty);
    let result = reconcile::reconcile(zuul, Arc::clone(&context)).instrument(span.clone()).await;
    let outcome = match &result {
        Ok((_, outcome)) => *outcome,
        Err(_) => Outcome::Failed,
    };
    span.record("result", outcome.as_str());
    if outcome == Outcome::Failed {
        span.record("otel.status_code", "error");
    }
    context.metrics.reconciled(outcome, start.elapsed());
    result.map(|(action, _)| action)
}

/// When a failed reconcile is tried again: later each time, and not all Zuuls at once.
fn retry(zuul: Arc<DynamicObject>, failure: &Failure, context: Arc<Context>) -> Action {
    if failure.is_not_leading() {
        // Whoever leads does it.
        return Action::await_change();
    }
    let uid = zuul.uid().unwrap_or_default();
    let memory = context.memories.of(&uid);
    let mut memory = lock(&memory);
    memory.failures = memory.failures.saturating_add(1);
    let delay = RETRY.saturating_mul(1 << memory.failures.min(7).saturating_sub(1)).min(LONGEST_RETRY);
    let spread =
        uid.bytes().chain([memory.failures as u8]).fold(0_u32, |sum, byte| sum * 31 % 1009 + u32::from(byte));
    let delay = delay + delay.mul_f64(f64::from(spread % 500) / 1000.0);
    // What comes of the failed try itself is no reason for an earlier one.
    if let Some((_, until)) = &mut memory.wait {
        *until = Instant::now() + delay;
    }
    tracing::warn!(
        namespace = zuul.namespace().unwrap_or_default(),
        name = zuul.name_any(),
        "{failure}; tried again in {delay:.0?}"
    );
    Action::requeue(delay)
}
