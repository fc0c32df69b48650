//! Follows the Zuuls themselves. As they are written: one that does not fit the schema is no error here.

use std::sync::Arc;

use futures::{StreamExt, stream};
use kube::core::DynamicObject;
use kube::runtime::WatchStreamExt;
use kube::runtime::reflector::{Store, reflector, store::Writer};
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client, ResourceExt};
use tokio::task::JoinSet;

use super::memory::Memories;
use super::triggers::Triggers;
use crate::cluster::status::resource;
use crate::cluster::{Scope, World};
use crate::metrics::Metrics;

/// Who is told of them.
pub(super) struct Zuuls {
    pub(super) world: Arc<World>,
    pub(super) triggers: Arc<Triggers>,
    pub(super) memories: Arc<Memories>,
    pub(super) metrics: Arc<Metrics>,
}

impl Zuuls {
    /// All of them; followed until the tasks are dropped.
    pub(super) fn follow(self, client: &Client, scope: &Scope) -> (Store<DynamicObject>, JoinSet<()>) {
        let apis: Vec<Api<DynamicObject>> = match scope {
            Scope::Cluster => vec![Api::all_with(client.clone(), &resource())],
            Scope::Namespaces(names) => {
                names.iter().map(|name| Api::namespaced_with(client.clone(), name, &resource())).collect()
            }
        };
        let writer = Writer::new(resource());
        let store = writer.as_reader();
        let watches = apis.into_iter().map(|api| {
            let events = watcher(api, watcher::Config::default()).default_backoff();
            events.modify(|zuul| zuul.metadata.managed_fields = None).boxed()
        });
        let mut events = reflector(writer, stream::select_all(watches)).boxed();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Some(event) = events.next().await {
                self.tell(event);
            }
        });
        (store, tasks)
    }

    fn tell(&self, event: watcher::Result<Event<DynamicObject>>) {
        match event {
            Ok(Event::Apply(zuul) | Event::InitApply(zuul)) => {
                self.triggers.tell((zuul.namespace().unwrap_or_default(), zuul.name_any()));
            }
            Ok(Event::Delete(zuul)) => {
                let (namespace, name) = (zuul.namespace().unwrap_or_default(), zuul.name_any());
                self.world.forget_zuul(&namespace, &name);
                self.memories.forget(&zuul.uid().unwrap_or_default());
                self.metrics.forget(&namespace, &name);
            }
            Ok(Event::Init | Event::InitDone) => {}
            Err(error) => tracing::warn!("watch of Zuuls: {error}"),
        }
    }
}
