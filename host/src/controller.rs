//! Keeps Zuuls as they are meant: whenever something changes, gather, plan, apply and say so.

mod memory;
mod observe;
mod reconcile;
mod say;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use kube::core::DynamicObject;
use kube::runtime::controller::{Action, Config};
use kube::runtime::events::Recorder;
use kube::runtime::reflector::{ObjectRef, reflector, store::Writer};
use kube::runtime::watcher::{self, Event, watcher};
use kube::runtime::{WatchStreamExt, applier};
use kube::{Api, Client, ResourceExt};
use tokio::sync::mpsc;

use crate::cluster::{Clients, Concerned, Scope, World, events, status::resource, watch};
use crate::plugin::Catalog;
use memory::{Memory, lock};
use reconcile::Failure;

/// A failed reconcile is tried again after this, then after two, four … times that.
const RETRY: Duration = Duration::from_secs(1);
/// But never later than this.
const LONGEST_RETRY: Duration = Duration::from_secs(300);
/// Zuuls that are reconciled at once.
const AT_ONCE: u16 = 4;

/// What reconciles work with.
struct Context {
    client: Client,
    world: Arc<World>,
    plugins: Arc<Catalog>,
    events: Recorder,
    /// By the uid of the Zuul.
    memories: Mutex<BTreeMap<String, Arc<Mutex<Memory>>>>,
}

impl Context {
    fn memory(&self, uid: &str) -> Arc<Mutex<Memory>> {
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(memories.entry(uid.to_owned()).or_default())
    }

    fn forget(&self, zuul: &DynamicObject) {
        self.world.forget_zuul(&zuul.namespace().unwrap_or_default(), &zuul.name_any());
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        memories.remove(&zuul.uid().unwrap_or_default());
    }
}

/// Runs until `ended` is done, and then until what is under way is finished.
pub async fn run(
    clients: Clients,
    scope: Scope,
    plugins: Arc<Catalog>,
    ended: impl Future<Output = ()> + Send + 'static,
) {
    let world = Arc::new(World::default());
    let (told, concerned) = mpsc::unbounded_channel();
    let mut watches = watch(&clients.watching, &scope, &world, &told);
    watches.have_listed().await;
    tracing::info!("everything is listed; reconciling begins");
    let events = events::recorder(&clients.acting, std::env::var("HOSTNAME").ok());
    let client = clients.acting.clone();
    let context = Arc::new(Context { client, world, plugins, events, memories: Mutex::default() });
    let writer = Writer::new(resource());
    let store = writer.as_reader();
    let zuuls = reflector(writer, zuul_events(&clients.watching, &scope));
    let forgetting = Arc::clone(&context);
    let own = zuuls.filter_map(move |event| std::future::ready(trigger(event, &forgetting)));
    let queue = stream::select(own, told_of(concerned)).take_until(ended);
    let reconciled = applier(
        |zuul, context| Box::pin(reconcile::reconcile(zuul, context)),
        retry,
        context,
        store,
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
}

type Trigger = Result<ObjectRef<DynamicObject>, watcher::Error>;

fn zuul_events(
    client: &Client,
    scope: &Scope,
) -> impl Stream<Item = watcher::Result<Event<DynamicObject>>> + use<> {
    let apis: Vec<Api<DynamicObject>> = match scope {
        Scope::Cluster => vec![Api::all_with(client.clone(), &resource())],
        Scope::Namespaces(names) => {
            names.iter().map(|name| Api::namespaced_with(client.clone(), name, &resource())).collect()
        }
    };
    let watches =
        apis.into_iter().map(|api| watcher(api, watcher::Config::default()).default_backoff().boxed());
    stream::select_all(watches)
}

/// A Zuul that changed is to be reconciled; one that is gone is forgotten.
fn trigger(event: watcher::Result<Event<DynamicObject>>, context: &Context) -> Option<Trigger> {
    match event {
        Ok(Event::Apply(zuul) | Event::InitApply(zuul)) => {
            Some(Ok(ObjectRef::from_obj_with(&zuul, resource())))
        }
        Ok(Event::Delete(zuul)) => {
            context.forget(&zuul);
            None
        }
        Ok(Event::Init | Event::InitDone) => None,
        Err(error) => {
            tracing::warn!("watch of Zuuls: {error}");
            None
        }
    }
}

fn told_of(concerned: mpsc::UnboundedReceiver<Concerned>) -> impl Stream<Item = Trigger> {
    stream::unfold(concerned, |mut concerned| async move {
        let (namespace, name) = concerned.recv().await?;
        Some((Ok(ObjectRef::new_with(&name, resource()).within(&namespace)), concerned))
    })
}

/// When a failed reconcile is tried again: later each time, and not all Zuuls at once.
fn retry(zuul: Arc<DynamicObject>, failure: &Failure, context: Arc<Context>) -> Action {
    let uid = zuul.uid().unwrap_or_default();
    let memory = context.memory(&uid);
    let mut memory = lock(&memory);
    memory.failures = memory.failures.saturating_add(1);
    let delay = RETRY.saturating_mul(1 << memory.failures.min(9).saturating_sub(1)).min(LONGEST_RETRY);
    let spread =
        uid.bytes().chain([memory.failures as u8]).fold(0_u32, |sum, byte| sum * 31 % 1009 + u32::from(byte));
    let delay = delay + delay.mul_f64(f64::from(spread % 500) / 1000.0);
    tracing::warn!(
        namespace = zuul.namespace().unwrap_or_default(),
        name = zuul.name_any(),
        "{failure}; tried again in {delay:.0?}"
    );
    Action::requeue(delay)
}
