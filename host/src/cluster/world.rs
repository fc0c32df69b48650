//! What watches told of the cluster.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::live::Live;
use super::workload::Replicas;
use crate::desired::{Causes, Id, Kind};
use crate::rollout::Running;

/// All objects of the kinds that a Zuul becomes, and which of them each Zuul refers to. For any number of threads.
#[derive(Debug, Default)]
pub struct World(RwLock<Known>);

/// Answers to writes come within seconds: so many objects do not go meanwhile.
const MOST_GONE: usize = 4096;

/// By namespace.
type Objects = BTreeMap<String, BTreeMap<Id, Live>>;

#[derive(Debug, Default)]
struct Known {
    objects: Objects,
    /// The names of Secrets and ConfigMaps that a Zuul may refer to, by its namespace and name.
    references: Named<String>,
    /// The uids of what went last: none comes back.
    gone: BTreeSet<String>,
    /// The same, the first that went first.
    gone_in_order: VecDeque<String>,
    /// Objects of others that have names which a Zuul wants, likewise.
    foreign: Named<Id>,
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
        self.read().objects.get(namespace)?.get(id).cloned()
    }

    /// What `pick` takes of the objects of a namespace that the Zuul with this uid controls, by their order. They are
    /// many, and most are looked at only: none is copied for that.
    pub fn controlled_by<T>(
        &self,
        namespace: &str,
        uid: &str,
        mut pick: impl FnMut(&Id, &Live) -> Option<T>,
    ) -> Vec<T> {
        let known = self.read();
        let here = known.objects.get(namespace).into_iter().flatten();
        let controlled = here.filter(|(_, live)| live.controller.as_deref() == Some(uid));
        controlled.filter_map(|(id, live)| pick(id, live)).collect()
    }

    /// The workloads of a namespace that the Zuul with this uid controls.
    #[must_use]
    pub fn running(&self, namespace: &str, uid: &str) -> BTreeMap<Id, Running> {
        let running = |id: &Id, live: &Live| {
            let is_complete = live.replicas.as_ref().is_some_and(Replicas::is_complete);
            let running = || Running { causes: Causes::read(&live.annotations), is_complete };
            id.kind.is_workload().then(|| (id.clone(), running()))
        };
        self.controlled_by(namespace, uid, running).into_iter().collect()
    }

    /// An object as it was seen or written. News that are older than what is known are none; nor is the answer to a
    /// write if the object was seen to go meanwhile.
    pub(super) fn learn(&self, namespace: &str, id: Id, live: Live) {
        let mut known = self.write();
        if known.gone.contains(&live.uid) {
            return;
        }
        let here = known.objects.entry(namespace.to_owned()).or_default();
        match here.get_mut(&id) {
            Some(old) if live.is_older_than(old) => {}
            Some(old) => *old = live.after(old),
            None => drop(here.insert(id, live)),
        }
    }

    /// The name of the Zuul that controls an object, as far as is known.
    pub(super) fn zuul_of(&self, namespace: &str, id: &Id) -> Option<String> {
        self.read().objects.get(namespace)?.get(id)?.zuul.clone()
    }

    /// An object is gone: the one with this uid, as another of its name may be there already.
    pub(super) fn forget(&self, namespace: &str, id: &Id, uid: &str) {
        let mut known = self.write();
        if known.gone.insert(uid.to_owned()) {
            known.gone_in_order.push_back(uid.to_owned());
        }
        if known.gone.len() > MOST_GONE
            && let Some(first) = known.gone_in_order.pop_front()
        {
            known.gone.remove(&first);
        }
        let Some(here) = known.objects.get_mut(namespace) else { return };
        if here.get(id).is_some_and(|live| live.uid == uid) {
            here.remove(id);
        }
        if here.is_empty() {
            known.objects.remove(namespace);
        }
    }

    /// All objects of a kind, of one namespace or of all, after a watch began anew; those that are gone. One that was
    /// written meanwhile may be among these: the watch that follows brings it back, while one that is kept and gone
    /// would stay.
    pub(super) fn replace(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        listed: BTreeMap<(String, Id), Live>,
    ) -> Vec<(String, Id, Live)> {
        let mut known = self.write();
        let mut gone = Vec::new();
        let is_meant = |its: &str| namespace.is_none_or(|name| name == its);
        for (its, here) in known.objects.iter_mut().filter(|(its, _)| is_meant(its)) {
            let stale = |id: &Id| id.kind == kind && !listed.contains_key(&(its.clone(), id.clone()));
            gone.extend(here.extract_if(.., |id, _| stale(id)).map(|(id, live)| (its.clone(), id, live)));
        }
        drop(known);
        for ((namespace, id), live) in listed {
            self.learn(&namespace, id, live);
        }
        gone
    }

    /// What a Zuul may refer to.
    pub fn refers(&self, namespace: &str, zuul: &str, names: BTreeSet<String>) {
        self.write().references.entry(namespace.to_owned()).or_default().insert(zuul.to_owned(), names);
    }

    /// Which objects of others stand in a Zuul's way.
    pub(super) fn hinders(&self, namespace: &str, zuul: &str, ids: BTreeSet<Id>) {
        let mut known = self.write();
        if ids.is_empty() {
            forget(&mut known.foreign, namespace, zuul);
        } else {
            known.foreign.entry(namespace.to_owned()).or_default().insert(zuul.to_owned(), ids);
        }
    }

    /// A Zuul is gone.
    pub fn forget_zuul(&self, namespace: &str, zuul: &str) {
        let mut known = self.write();
        forget(&mut known.references, namespace, zuul);
        forget(&mut known.foreign, namespace, zuul);
    }

    /// The names of the Zuuls that a change of this object concerns: the one that controls it, those that may refer
    /// to it, and those in whose way it stands.
    #[must_use]
    pub(super) fn concerned(&self, namespace: &str, id: &Id, live: &Live) -> BTreeSet<String> {
        let known = self.read();
        let mut zuuls: BTreeSet<String> = live.zuul.iter().cloned().collect();
        if matches!(id.kind, Kind::Secret | Kind::ConfigMap) {
            zuuls.extend(naming(&known.references, namespace, &id.name));
        }
        zuuls.extend(naming(&known.foreign, namespace, id));
        zuuls
    }
}

/// By namespace and Zuul.
type Named<T> = BTreeMap<String, BTreeMap<String, BTreeSet<T>>>;

fn naming<'a, T, Q>(known: &'a Named<T>, namespace: &str, what: &'a Q) -> impl Iterator<Item = String> + 'a
where
    T: Borrow<Q> + Ord + 'a,
    Q: Ord + ?Sized,
{
    let here = known.get(namespace).into_iter().flatten();
    here.filter(move |(_, names)| names.contains(what)).map(|(zuul, _)| zuul.clone())
}

fn forget<T>(known: &mut Named<T>, namespace: &str, zuul: &str) {
    let Some(here) = known.get_mut(namespace) else { return };
    here.remove(zuul);
    if here.is_empty() {
        known.remove(namespace);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_a_write_brings_nothing_back() {
        let world = World::default();
        let id = Id { kind: Kind::Service, name: "zuul-web".to_owned() };
        let live = |uid: &str| Live { uid: uid.to_owned(), ..Live::default() };
        // The watch brought that it came and went, before the answer to the write that made it.
        world.learn("ci", id.clone(), live("1"));
        world.forget("ci", &id, "1");
        world.learn("ci", id.clone(), live("1"));
        assert_eq!(world.get("ci", &id), None);
        world.learn("ci", id.clone(), live("2"));
        assert_eq!(world.get("ci", &id), Some(live("2")));
        // What is remembered is bounded.
        (0..MOST_GONE).for_each(|number| world.forget("ci", &id, &format!("old-{number}")));
        let known = world.read();
        assert_eq!((known.gone.len(), known.gone_in_order.len()), (MOST_GONE, MOST_GONE));
    }
}
