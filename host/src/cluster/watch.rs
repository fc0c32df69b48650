//! Follows the cluster: one watch a kind, of metadata alone where the content is nothing to us.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::pin::pin;
use std::sync::Arc;

use futures::{StreamExt, future};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service, ServiceAccount};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use kube::api::PartialObjectMeta;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use tokio::sync::watch as signal;
use tokio::task::JoinSet;

use super::live::Live;
use super::why::why_watch;
use super::workload::{SeenDeployment, SeenStatefulSet};
use super::world::World;
use crate::desired::{Id, Kind};

/// Where the operator looks for Zuuls and their objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In all namespaces: needs a ClusterRole.
    Cluster,
    /// In these: a Role in each is enough.
    Namespaces(Vec<String>),
}

impl Scope {
    /// Where to list and watch: `None` stands for all namespaces at once.
    #[must_use]
    pub fn places(&self) -> Vec<Option<String>> {
        match self {
            Self::Cluster => vec![None],
            Self::Namespaces(names) => names.iter().cloned().map(Some).collect(),
        }
    }
}

/// The objects of a place.
pub(super) fn api<K>(client: &Client, place: Option<&str>) -> Api<K>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
{
    match place {
        Some(namespace) => Api::namespaced(client.clone(), namespace),
        None => Api::all(client.clone()),
    }
}

/// A Zuul that a change concerns: its namespace and its name.
pub type Concerned = (String, String);

/// Watches that run until this is dropped.
#[derive(Debug)]
pub struct Watches {
    _tasks: JoinSet<()>,
    begun: Vec<signal::Receiver<bool>>,
}

impl Watches {
    /// Waits until every watch has listed what there is. Before that, what is not known may still exist.
    pub async fn have_listed(&mut self) {
        // A watch only ends with the whole.
        future::join_all(self.begun.iter_mut().map(|begun| begun.wait_for(|is| *is))).await;
    }
}

/// Who is told whom a change concerns.
type Told = Arc<dyn Fn(Concerned) + Send + Sync>;

/// Begins to watch; `told` hears whom a change concerns.
#[must_use]
pub fn watch(
    client: &Client,
    scope: &Scope,
    world: &Arc<World>,
    told: impl Fn(Concerned) + Send + Sync + 'static,
) -> Watches {
    let told: &Told = &(Arc::new(told) as Told);
    let mut watches = Watches { _tasks: JoinSet::new(), begun: Vec::new() };
    for namespace in scope.places() {
        let mut follower = Follower { client, namespace, world, told, watches: &mut watches };
        follower.metadata::<ServiceAccount>(Kind::ServiceAccount);
        follower.metadata::<ConfigMap>(Kind::ConfigMap);
        follower.metadata::<Secret>(Kind::Secret);
        follower.metadata::<Service>(Kind::Service);
        follower.metadata::<PodDisruptionBudget>(Kind::PodDisruptionBudget);
        follower.follow::<SeenStatefulSet>(Kind::StatefulSet, Live::from);
        follower.follow::<SeenDeployment>(Kind::Deployment, Live::from);
    }
    watches
}

struct Follower<'a> {
    client: &'a Client,
    namespace: Option<String>,
    world: &'a Arc<World>,
    told: &'a Told,
    watches: &'a mut Watches,
}

impl Follower<'_> {
    fn metadata<K>(&mut self, kind: Kind)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + Debug + Send + Sync + 'static,
    {
        self.follow::<PartialObjectMeta<K>>(kind, |object| Live::of(object.metadata));
    }

    fn follow<K>(&mut self, kind: Kind, live: fn(K) -> Live)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + DeserializeOwned
            + Send
            + 'static,
    {
        let api: Api<K> = api(self.client, self.namespace.as_deref());
        let (begun, has_begun) = signal::channel(false);
        self.watches.begun.push(has_begun);
        let task = Task {
            kind,
            namespace: self.namespace.clone(),
            world: Arc::clone(self.world),
            told: Arc::clone(self.told),
            begun,
        };
        self.watches._tasks.spawn(task.run(api, live));
    }
}

struct Task {
    kind: Kind,
    namespace: Option<String>,
    world: Arc<World>,
    told: Told,
    begun: signal::Sender<bool>,
}

impl Task {
    async fn run<K>(self, api: Api<K>, live: fn(K) -> Live)
    where
        K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + 'static,
    {
        let mut events = pin!(watcher(api, watcher::Config::default()).default_backoff());
        let mut listed = BTreeMap::new();
        while let Some(event) = events.next().await {
            match event {
                Ok(Event::Init) => listed.clear(),
                Ok(Event::InitApply(object)) => {
                    let (namespace, id) = self.id(&object);
                    listed.insert((namespace, id), live(object));
                }
                Ok(Event::InitDone) => self.relist(std::mem::take(&mut listed)),
                Ok(Event::Apply(object)) => {
                    let (namespace, id) = self.id(&object);
                    let live = live(object);
                    let owner = self.world.zuul_of(&namespace, &id).filter(|_| live.zuul.is_none());
                    self.world.learn(&namespace, id.clone(), live.clone());
                    self.tell(&namespace, &id, &live);
                    // Somebody took its owner off.
                    owner.into_iter().for_each(|zuul| (self.told)((namespace.clone(), zuul)));
                }
                Ok(Event::Delete(object)) => {
                    let (namespace, id) = self.id(&object);
                    let live = live(object);
                    self.world.forget(&namespace, &id, &live.uid);
                    self.tell(&namespace, &id, &live);
                }
                // The watcher goes on by itself, after a while.
                Err(error) => tracing::warn!(kind = self.kind.as_str(), "{}", why_watch(&error)),
            }
        }
    }

    fn id<K: Resource>(&self, object: &K) -> (String, Id) {
        (object.namespace().unwrap_or_default(), Id { kind: self.kind, name: object.name_any() })
    }

    /// What changed while nobody watched is not known: all are told.
    fn relist(&self, listed: BTreeMap<(String, Id), Live>) {
        let gone = self.world.replace(self.kind, self.namespace.as_deref(), listed.clone());
        listed.iter().for_each(|((namespace, id), live)| self.tell(namespace, id, live));
        gone.iter().for_each(|(namespace, id, live)| self.tell(namespace, id, live));
        self.begun.send_replace(true);
    }

    fn tell(&self, namespace: &str, id: &Id, live: &Live) {
        for zuul in self.world.concerned(namespace, id, live) {
            (self.told)((namespace.to_owned(), zuul));
        }
    }
}
