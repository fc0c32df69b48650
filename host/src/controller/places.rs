//! Several watches, each of a namespace, as if they were one.

use std::collections::{BTreeMap, BTreeSet};

use kube::ResourceExt;
use kube::core::DynamicObject;
use kube::runtime::reflector::Store;
use kube::runtime::watcher::Event;

/// A namespace that is watched; `None` stands for all.
pub(super) type Place = Option<String>;
/// The namespace and the name of an object.
type Key = (String, String);

/// Makes the events of one watch from those of many. A store takes a list for all that there is: of several lists the
/// last one would be all. So there is one list, when every place has had its first; each later one becomes the
/// objects that it brings, and the deletions of those that it lacks.
#[derive(Debug)]
pub(super) struct Places {
    /// Of which there was no list yet.
    unlisted: BTreeSet<Place>,
    /// What there is, until the last of them was listed.
    first: BTreeMap<Key, DynamicObject>,
    /// The names that a list under way has brought.
    lists: BTreeMap<Place, BTreeSet<Key>>,
}

impl Places {
    pub(super) fn new(places: &[Place]) -> Self {
        let unlisted = places.iter().cloned().collect();
        Self { unlisted, first: BTreeMap::new(), lists: BTreeMap::new() }
    }

    /// What an event of a place means for `store`, which knows all that came before.
    pub(super) fn take(
        &mut self,
        place: &Place,
        event: Event<DynamicObject>,
        store: &Store<DynamicObject>,
    ) -> Vec<Event<DynamicObject>> {
        match event {
            Event::Init => {
                self.lists.insert(place.clone(), BTreeSet::new());
                Vec::new()
            }
            Event::InitApply(object) => {
                self.lists.entry(place.clone()).or_default().insert(key(&object));
                self.there(object)
            }
            Event::Apply(object) => self.there(object),
            Event::Delete(object) if self.unlisted.is_empty() => vec![Event::Delete(object)],
            Event::Delete(object) => {
                self.first.remove(&key(&object));
                Vec::new()
            }
            Event::InitDone => self.listed(place, store),
        }
    }

    fn there(&mut self, object: DynamicObject) -> Vec<Event<DynamicObject>> {
        if self.unlisted.is_empty() {
            return vec![Event::Apply(object)];
        }
        self.first.insert(key(&object), object);
        Vec::new()
    }

    fn listed(&mut self, place: &Place, store: &Store<DynamicObject>) -> Vec<Event<DynamicObject>> {
        let names = self.lists.remove(place).unwrap_or_default();
        let is_gone = |key: &Key| {
            let is_here = place.as_ref().is_none_or(|namespace| *namespace == key.0);
            is_here && !names.contains(key)
        };
        if self.unlisted.is_empty() {
            let known = store.state().into_iter();
            let gone = known.filter(|object| is_gone(&key(object)));
            return gone.map(|object| Event::Delete(DynamicObject::clone(&object))).collect();
        }
        self.first.retain(|key, _| !is_gone(key));
        self.unlisted.remove(place);
        if !self.unlisted.is_empty() {
            return Vec::new();
        }
        let all = std::mem::take(&mut self.first).into_values().map(Event::InitApply);
        [Event::Init].into_iter().chain(all).chain([Event::InitDone]).collect()
    }
}

fn key(object: &DynamicObject) -> Key {
    (object.namespace().unwrap_or_default(), object.name_any())
}

#[cfg(test)]
mod tests {
    use kube::runtime::reflector::store::Writer;

    use super::*;
    use crate::cluster::status::resource;

    fn zuul(namespace: &str, name: &str) -> DynamicObject {
        DynamicObject::new(name, &resource()).within(namespace)
    }

    /// What a store knows after these events.
    struct Known {
        places: Places,
        writer: Writer<DynamicObject>,
    }

    impl Known {
        fn take(&mut self, place: &str, event: Event<DynamicObject>) -> Vec<String> {
            let store = self.writer.as_reader();
            for event in self.places.take(&Some(place.to_owned()), event, &store) {
                self.writer.apply_watcher_event(&event);
            }
            let mut names: Vec<_> = store.state().iter().map(|it| it.name_any()).collect();
            names.sort();
            names
        }

        fn list(&mut self, place: &str, names: &[&str]) -> Vec<String> {
            self.take(place, Event::Init);
            for name in names {
                self.take(place, Event::InitApply(zuul(place, name)));
            }
            self.take(place, Event::InitDone)
        }
    }

    #[test]
    fn a_list_of_one_place_is_not_all() {
        let places = Places::new(&["a", "b"].map(|it| Some(it.to_owned())));
        let mut known = Known { places, writer: Writer::new(resource()) };
        assert!(known.list("a", &["one", "two"]).is_empty(), "not before all are listed");
        known.take("a", Event::Delete(zuul("a", "two")));
        known.take("a", Event::Apply(zuul("a", "new")));
        assert_eq!(known.list("b", &["three"]), ["new", "one", "three"]);
        assert_eq!(known.take("b", Event::Apply(zuul("b", "four"))), ["four", "new", "one", "three"]);
        // A watch that ended begins anew with a list.
        assert_eq!(known.list("b", &["three"]), ["new", "one", "three"]);
        assert_eq!(known.list("a", &["one"]), ["one", "three"]);
        assert_eq!(known.take("a", Event::Delete(zuul("a", "one"))), ["three"]);
    }

    #[test]
    fn what_went_before_all_were_listed_is_not_there() {
        let places = Places::new(&["a", "b"].map(|it| Some(it.to_owned())));
        let mut known = Known { places, writer: Writer::new(resource()) };
        known.list("a", &["one", "two"]);
        known.list("a", &["two"]);
        assert_eq!(known.list("b", &[]), ["two"]);
    }
}
