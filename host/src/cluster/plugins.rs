//! Plugins in ConfigMaps: follows those that have the label, has what they hold checked, and keeps a copy of what was
//! found good.
//!
//! No bytes are kept: a ConfigMap's go from the watch into its check, and the one that leads reads them once more when
//! it copies them.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, PostParams, Preconditions};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};
use tokio::sync::watch as signal;
use tokio::task::JoinSet;

use super::requests::is_not_leading;
use super::watch::api;
use super::why::{why, why_watch};
use super::{Clients, Scope};
use crate::contract::FailureReason;
use crate::supply::{Changed, Map, PLUGIN, Shelves, Step, Supplier, Why, accepted, read};

/// ConfigMaps that are listed, and so held, at once: each may have a megabyte.
const PAGE: u32 = 8;
/// Checks that run at once. No more is taken from the watches meanwhile.
const AT_ONCE: usize = 4;
/// A check that takes longer is told.
const SLOW: Duration = Duration::from_secs(2);
/// A step that could not be done is tried again after this.
const RETRY: Duration = Duration::from_secs(10);
/// What could not be checked for a reason that may pass is checked again after [`RETRY`], then after two, four … times
/// that, but never later than this: it may take half a minute of CPU time each time.
const LONGEST_RETRY: Duration = Duration::from_secs(600);

/// Plugins are followed until this is dropped.
#[derive(Debug)]
pub struct Following {
    _task: JoinSet<()>,
    begun: signal::Receiver<bool>,
}

impl Following {
    /// Waits until everything that was accepted before serves, or is known to be unfit. Before that a plan would be
    /// made with the wrong plugins.
    pub async fn have_listed(&mut self) {
        // The task only ends with the whole.
        let _ = self.begun.wait_for(|is| *is).await;
    }
}

/// Begins to follow the plugins of the namespaces that are looked after, and of the operator's own. `on_change` is
/// called whenever others serve than before, or something else is to be said of them, after `supplier` knows it.
#[must_use]
pub fn follow<S: Supplier>(
    clients: &Clients,
    scope: &Scope,
    operator_namespace: &str,
    supplier: Arc<S>,
    on_change: impl Fn(&Changed) + Send + Sync + 'static,
) -> Following {
    let places = places(scope, operator_namespace);
    let (begun, has_begun) = signal::channel(false);
    let follower = Follower {
        acting: clients.acting.clone(),
        shelves: Shelves::default(),
        supplier,
        checks: JoinSet::new(),
        lists: BTreeMap::new(),
        unlisted: places.iter().cloned().collect(),
        pending: None,
        again: None,
        on_change,
        begun,
    };
    let mut task = JoinSet::new();
    task.spawn(follower.run(clients.watching.clone(), places));
    Following { _task: task, begun: has_begun }
}

/// Where to watch: where Zuuls are looked after, and in the operator's own namespace.
fn places(scope: &Scope, operator_namespace: &str) -> Vec<Option<String>> {
    let mut places: BTreeSet<_> = scope.places().into_iter().collect();
    if !places.contains(&None) {
        places.insert(Some(operator_namespace.to_owned()));
    }
    places.into_iter().collect()
}

/// A check that ended.
type Checked<P> = (Map, Result<P, Why>);

struct Follower<S: Supplier, F> {
    acting: Client,
    shelves: Shelves<S::Plugin>,
    supplier: Arc<S>,
    checks: JoinSet<Checked<S::Plugin>>,
    /// What a list has brought so far, by place.
    lists: BTreeMap<Option<String>, BTreeSet<(String, String)>>,
    /// Places of which no list is complete yet.
    unlisted: BTreeSet<Option<String>>,
    /// When a step is to be tried again.
    pending: Option<Instant>,
    /// When what may have passed is to be looked at again, and after how long it is the next time.
    again: Option<(Instant, Duration)>,
    on_change: F,
    begun: signal::Sender<bool>,
}

impl<S: Supplier, F: Fn(&Changed)> Follower<S, F> {
    async fn run(mut self, watching: Client, places: Vec<Option<String>>) {
        let watches = places.into_iter().map(|place| {
            let api: Api<ConfigMap> = api(&watching, place.as_deref());
            let config = watcher::Config::default().labels(PLUGIN).page_size(PAGE);
            watcher(api, config).default_backoff().map(move |event| (place.clone(), event)).boxed()
        });
        let mut events = pin!(stream::select_all(watches));
        loop {
            let wait = self.wait();
            tokio::select! {
                Some((place, event)) = events.next(), if self.checks.len() < AT_ONCE => self.saw(place, event),
                Some(done) = self.checks.join_next() => {
                    if let Ok((map, result)) = done {
                        self.shelves.checked(&map, result);
                    }
                }
                () = tokio::time::sleep(wait.unwrap_or(RETRY)), if wait.is_some() => {
                    self.shelves.take_time();
                }
            }
            self.publish();
            self.act().await;
            self.look_again().await;
        }
    }

    /// After how long there is something to do although nothing happened.
    fn wait(&self) -> Option<Duration> {
        let slow = (!self.checks.is_empty()).then_some(SLOW);
        let left = |at: Option<Instant>| at.map(|at| at.saturating_duration_since(Instant::now()));
        [slow, left(self.pending), left(self.again.map(|(at, _)| at))].into_iter().flatten().min()
    }

    fn saw(&mut self, place: Option<String>, event: watcher::Result<Event<ConfigMap>>) {
        match event {
            Ok(Event::Init) => drop(self.lists.remove(&place)),
            Ok(Event::InitApply(object)) => {
                self.lists.entry(place).or_default().insert(key(&object));
                self.take(object);
            }
            Ok(Event::InitDone) => {
                let there = self.lists.remove(&place).unwrap_or_default();
                self.shelves.listed(place.as_deref(), &there);
                self.unlisted.remove(&place);
            }
            Ok(Event::Apply(object)) => self.take(object),
            Ok(Event::Delete(object)) => {
                let (namespace, name) = key(&object);
                self.shelves.gone(&namespace, &name, &object.metadata.uid.unwrap_or_default());
            }
            // The watcher goes on by itself, after a while.
            Err(error) => tracing::warn!("plugins: {}", why_watch(&error)),
        }
    }

    /// Has it checked, unless that was done.
    fn take(&mut self, object: ConfigMap) {
        let (map, bytes) = read(object);
        if self.shelves.saw(map.clone()) {
            self.check(map, bytes);
        }
    }

    fn check(&mut self, map: Map, bytes: Result<Vec<u8>, Why>) {
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => return self.shelves.checked(&map, Err(why)),
        };
        let supplier = Arc::clone(&self.supplier);
        self.checks.spawn(async move {
            let checked = map.clone();
            let check = tokio::task::spawn_blocking(move || supplier.check(&checked, bytes));
            let lost =
                |error| Err(Why::Refused(FailureReason::CompileFailed, format!("the check ended: {error}")));
            (map, check.await.unwrap_or_else(lost))
        });
    }

    /// Lets those serve that should, and tells whom that concerns.
    fn publish(&mut self) {
        let changed = self.supplier.publish(&self.shelves);
        if !changed.is_nothing() {
            (self.on_change)(&changed);
        }
        if self.unlisted.is_empty() && self.shelves.is_settled() {
            self.begun.send_if_modified(|begun| !std::mem::replace(begun, true));
        }
    }

    /// Does what is to be done in the cluster. Who does not lead cannot, and waits for the leader's copies.
    async fn act(&mut self) {
        if self.pending.is_some_and(|at| at > Instant::now()) || !self.unlisted.is_empty() {
            return;
        }
        self.pending = None;
        for step in self.shelves.steps() {
            let result = match &step {
                Step::Accept(map) => self.accept(map).await,
                Step::Remove(map) => self.remove(map).await,
            };
            let Err(error) = result else { continue };
            self.pending = Some(Instant::now() + RETRY);
            let (Step::Accept(map) | Step::Remove(map)) = step;
            if !is_not_leading(&error) {
                let message = why(&error);
                tracing::warn!("{}: plugin {}: {message}", map.shown(), map.plugin);
                self.shelves.not_kept(&map, message);
            }
        }
        self.publish();
    }

    /// Copies what was checked. If it is another one by now, a watch brings that.
    async fn accept(&mut self, map: &Map) -> kube::Result<()> {
        let Some((found, Ok(bytes))) = self.reread(map).await? else { return Ok(()) };
        let object = accepted(&found, bytes);
        let made = api(&self.acting, Some(&map.namespace)).create(&PostParams::default(), &object).await?;
        tracing::info!("{}: plugin {} is accepted: {}", map.shown(), map.plugin, map.digest);
        self.take(made);
        Ok(())
    }

    async fn remove(&mut self, map: &Map) -> kube::Result<()> {
        let preconditions = Preconditions { uid: Some(map.uid.clone()), resource_version: None };
        let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::background() };
        match api::<ConfigMap>(&self.acting, Some(&map.namespace)).delete(&map.name, &params).await {
            Ok(_) => {}
            // It is gone, or another one is there.
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {}
            Err(error) => return Err(error),
        }
        self.shelves.gone(&map.namespace, &map.name, &map.uid);
        Ok(())
    }

    /// Checks again what could not be checked for a reason that may have passed.
    async fn look_again(&mut self) {
        let doubtful = self.shelves.doubtful();
        if doubtful.is_empty() {
            self.again = None;
            return;
        }
        let now = Instant::now();
        let (at, next) = *self.again.get_or_insert((now + RETRY, RETRY * 2));
        if at > now {
            return;
        }
        self.again = Some((now + next, (next * 2).min(LONGEST_RETRY)));
        for map in doubtful {
            match self.reread(&map).await {
                Ok(Some((map, bytes))) => self.check(map, bytes),
                Ok(None) => {}
                Err(error) => tracing::warn!("{}: {}", map.shown(), why(&error)),
            }
        }
    }

    /// The ConfigMap with its bytes, if it is still the same. A list, so that the right to list is enough.
    async fn reread(&self, map: &Map) -> kube::Result<Option<Checked<Vec<u8>>>> {
        let one = ListParams::default().fields(&format!("metadata.name={}", map.name));
        let found = api(&self.acting, Some(&map.namespace)).list(&one).await?;
        let found = found.items.into_iter().next().map(read);
        Ok(found.filter(|(found, _)| found.holds_the_same(map)))
    }
}

fn key(object: &ConfigMap) -> (String, String) {
    (object.metadata.namespace.clone().unwrap_or_default(), object.metadata.name.clone().unwrap_or_default())
}
