//! What watches told of the cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::id::{Id, Kind};
use super::live::Live;

/// All objects of the kinds that a Zuul becomes, and which of them each Zuul refers to. For any number of threads.
#[derive(Debug, Default)]
pub struct World(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By namespace and object.
    objects: BTreeMap<(String, Id), Live>,
    /// The names of Secrets and ConfigMaps that a Zuul may refer to, by its namespace and name.
    references: BTreeMap<(String, String), BTreeSet<String>>,
}

impl World {
    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// An object, if it exists.
    #[must_use]
    pub fn get(&self, namespace: &str, id: &Id) -> Option<Live> {
        self.read().objects.get(&(namespace.to_owned(), id.clone())).cloned()
    }

    /// The objects of a namespace that the Zuul with this uid controls.
    #[must_use]
    pub fn controlled_by(&self, namespace: &str, uid: &str) -> BTreeMap<Id, Live> {
        let known = self.read();
        let of_namespace = known.objects.iter().filter(|((its, _), _)| its == namespace);
        let controlled = of_namespace.filter(|(_, live)| live.controller.as_deref() == Some(uid));
        controlled.map(|((_, id), live)| (id.clone(), live.clone())).collect()
    }

    /// An object as it was seen or written. News that are older than what is known are none.
    pub(super) fn learn(&self, namespace: &str, id: Id, live: Live) {
        let mut known = self.write();
        let entry = known.objects.entry((namespace.to_owned(), id));
        entry
            .and_modify(|old| {
                if !live.is_older_than(old) {
                    *old = live.clone()
                }
            })
            .or_insert(live);
    }

    /// An object is gone: the one with this uid, as another of its name may be there already.
    pub(super) fn forget(&self, namespace: &str, id: &Id, uid: &str) {
        let key = (namespace.to_owned(), id.clone());
        let mut known = self.write();
        if known.objects.get(&key).is_some_and(|live| live.uid == uid) {
            known.objects.remove(&key);
        }
    }

    /// All objects of a kind, of one namespace or of all, after a watch began anew; those that are gone.
    pub(super) fn replace(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        objects: BTreeMap<(String, Id), Live>,
    ) -> Vec<(String, Id, Live)> {
        let mut known = self.write();
        let is_meant = |(its, id): &(String, Id)| id.kind == kind && namespace.is_none_or(|name| name == its);
        let stale: Vec<_> =
            known.objects.keys().filter(|key| is_meant(key) && !objects.contains_key(key)).cloned().collect();
        let gone = stale.into_iter().filter_map(|key| Some((known.objects.remove(&key)?, key)));
        let gone = gone.map(|(live, (namespace, id))| (namespace, id, live)).collect();
        known.objects.extend(objects);
        gone
    }

    /// What a Zuul may refer to.
    pub fn refers(&self, namespace: &str, zuul: &str, names: BTreeSet<String>) {
        self.write().references.insert((namespace.to_owned(), zuul.to_owned()), names);
    }

    /// A Zuul is gone.
    pub fn forget_zuul(&self, namespace: &str, zuul: &str) {
        self.write().references.remove(&(namespace.to_owned(), zuul.to_owned()));
    }

    /// The names of the Zuuls that a change of this object concerns: the one that controls it, and those that
    /// may refer to it.
    #[must_use]
    pub(super) fn concerned(&self, namespace: &str, id: &Id, live: &Live) -> BTreeSet<String> {
        let mut zuuls: BTreeSet<String> = live.zuul.iter().cloned().collect();
        if matches!(id.kind, Kind::Secret | Kind::ConfigMap) {
            let known = self.read();
            let here = known
                .references
                .iter()
                .filter(|((its, _), names)| its == namespace && names.contains(&id.name));
            zuuls.extend(here.map(|((_, zuul), _)| zuul.clone()));
        }
        zuuls
    }
}
