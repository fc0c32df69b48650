//! Follows the Zuuls themselves. As they are written: one that does not fit the schema is no error here.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use futures::{StreamExt, stream};
use kube::core::DynamicObject;
use kube::runtime::WatchStreamExt;
use kube::runtime::reflector::{Store, store::Writer};
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client, ResourceExt};
use tokio::task::JoinSet;

use super::memory::Memories;
use super::places::Places;
use super::triggers::Triggers;
use crate::cluster::status::resource;
use crate::cluster::{Scope, World, why_watch};
use crate::metrics::Metrics;

/// Who is told of them.
pub(super) struct Zuuls {
    pub(super) world: Arc<World>,
    pub(super) triggers: Arc<Triggers>,
    pub(super) memories: Arc<Memories>,
    pub(super) metrics: Arc<Metrics>,
    /// Stands for the last edit of each, by uid.
    pub(super) editions: BTreeMap<String, u64>,
}

impl Zuuls {
    /// All of them; followed until the tasks are dropped.
    pub(super) fn follow(mut self, client: &Client, scope: &Scope) -> (Store<DynamicObject>, JoinSet<()>) {
        let places = scope.places();
        let mut merged = Places::new(&places);
        let watches = places.into_iter().map(|place| {
            let api: Api<DynamicObject> = match &place {
                None => Api::all_with(client.clone(), &resource()),
                Some(name) => Api::namespaced_with(client.clone(), name, &resource()),
            };
            let events = watcher(api, watcher::Config::default()).default_backoff();
            let events = events.modify(|zuul| zuul.metadata.managed_fields = None);
            events.map(move |event| (place.clone(), event)).boxed()
        });
        let mut watched = stream::select_all(watches);
        let mut writer = Writer::new(resource());
        let store = writer.as_reader();
        let known = store.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Some((place, event)) = watched.next().await {
                match event {
                    Ok(event) => {
                        for event in merged.take(&place, event, &known) {
                            writer.apply_watcher_event(&event);
                            self.tell(event);
                        }
                    }
                    Err(error) => tracing::warn!(kind = "Zuul", "{}", why_watch(&error)),
                }
            }
        });
        (store, tasks)
    }

    /// Whether its user changed something, or it was not seen before.
    fn is_edited(&mut self, zuul: &DynamicObject) -> bool {
        let mut hasher = DefaultHasher::new();
        let metadata = &zuul.metadata;
        (metadata.generation, &metadata.labels, &metadata.annotations).hash(&mut hasher);
        metadata.deletion_timestamp.is_some().hash(&mut hasher);
        let edition = hasher.finish();
        self.editions.insert(zuul.uid().unwrap_or_default(), edition) != Some(edition)
    }

    fn tell(&mut self, event: Event<DynamicObject>) {
        match event {
            // What we say of a Zuul ourselves is no reason to look at it.
            Event::Apply(zuul) | Event::InitApply(zuul) if self.is_edited(&zuul) => {
                self.triggers.tell((zuul.namespace().unwrap_or_default(), zuul.name_any()));
            }
            Event::Delete(zuul) => {
                let (namespace, name) = (zuul.namespace().unwrap_or_default(), zuul.name_any());
                self.world.forget_zuul(&namespace, &name);
                let uid = zuul.uid().unwrap_or_default();
                self.memories.forget(&uid);
                self.editions.remove(&uid);
                self.metrics.forget(&namespace, &name);
            }
            _ => {}
        }
    }
}
