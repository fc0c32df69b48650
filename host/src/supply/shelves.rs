//! What is known of all plugins in ConfigMaps, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use super::slot::{Held, Slot, Verdict};
use super::{Map, Note, Serves, Serving, Step, Why};

/// All ConfigMaps that hold plugins, what was found out about each, and what serves.
#[derive(Clone, Debug)]
pub struct Shelves<P> {
    /// By namespace and name.
    maps: BTreeMap<Place, Held<P>>,
    /// By namespace and the plugin's name.
    serving: BTreeMap<Place, Serving<P>>,
}

/// A namespace, and a name in it.
type Place = (String, String);

impl<P> Default for Shelves<P> {
    fn default() -> Self {
        Self { maps: BTreeMap::new(), serving: BTreeMap::new() }
    }
}

impl<P: Serves> Shelves<P> {
    /// A ConfigMap as it is now; whether it is to be checked.
    pub fn saw(&mut self, map: Map) -> bool {
        let place = (map.namespace.clone(), map.name.clone());
        if let Some(held) = self.maps.get_mut(&place)
            && held.map.holds_the_same(&map)
        {
            held.map = map;
            return false;
        }
        self.maps.insert(place, Held { map, verdict: Verdict::Open { is_slow: false }, not_kept: None });
        true
    }

    /// What the check of a ConfigMap gave. That of one that has changed since is nothing.
    pub fn checked(&mut self, map: &Map, result: Result<P, Why>) {
        if let Some(held) = self.held(map) {
            held.verdict = result.map_or_else(Verdict::Bad, Verdict::Good);
            self.settle();
        }
    }

    /// A ConfigMap is gone: the one with this uid, as another of its name may be there already.
    pub fn gone(&mut self, namespace: &str, name: &str, uid: &str) {
        let place = (namespace.to_owned(), name.to_owned());
        if self.maps.get(&place).is_some_and(|held| held.map.uid == uid) {
            self.maps.remove(&place);
            self.settle();
        }
    }

    /// These are all there are, in a namespace or in all; by namespace and name.
    pub fn listed(&mut self, namespace: Option<&str>, there: &BTreeSet<(String, String)>) {
        let is_meant = |its: &str| namespace.is_none_or(|name| name == its);
        self.maps.retain(|place, _| !is_meant(&place.0) || there.contains(place));
        self.settle();
    }

    /// What is still being checked takes its time.
    pub fn take_time(&mut self) {
        for held in self.maps.values_mut().filter(|held| held.is_open()) {
            held.verdict = Verdict::Open { is_slow: true };
        }
    }

    /// A step could not be done.
    pub fn not_kept(&mut self, map: &Map, message: String) {
        if let Some(held) = self.held(map) {
            held.not_kept = Some(message);
        }
    }

    fn held(&mut self, map: &Map) -> Option<&mut Held<P>> {
        let held = self.maps.get_mut(&(map.namespace.clone(), map.name.clone()))?;
        held.map.holds_the_same(map).then_some(held)
    }

    fn slots(&self) -> BTreeMap<Place, Slot<'_, P>> {
        let mut slots: BTreeMap<Place, Slot<'_, P>> = BTreeMap::new();
        let empty = || Slot { wanted: Vec::new(), accepted: Vec::new() };
        for held in self.maps.values() {
            let place = (held.map.namespace.clone(), held.map.plugin.clone());
            let slot = slots.entry(place).or_insert_with(empty);
            if held.map.is_accepted { slot.accepted.push(held) } else { slot.wanted.push(held) }
        }
        for place in self.serving.keys() {
            slots.entry(place.clone()).or_insert_with(empty);
        }
        slots.values_mut().for_each(|slot| slot.accepted.sort_by_key(|held| held.age()));
        slots
    }

    /// Decides what serves. What serves is only ever replaced by what is good, and goes only when a person deletes
    /// the copy.
    fn settle(&mut self) {
        let mut serving = self.serving.clone();
        for (place, slot) in self.slots() {
            match slot.active() {
                // Until all is known, the newest may be another one.
                _ if slot.is_open() => {}
                Some((map, code)) => {
                    let (plugin, digest, source) = (map.plugin.clone(), map.digest.clone(), map.shown());
                    let since = map.created.clone();
                    serving.insert(place, Serving { plugin, digest, source, since, code: code.clone() });
                }
                // The copy was deleted; what is wanted still is copied again.
                None if slot.accepted.is_empty() => {
                    let wish = slot.good_wish().map(|map| &map.digest);
                    if serving.get(&place).map(|it| &it.digest) != wish {
                        serving.remove(&place);
                    }
                }
                // Whatever was done to the copy, what runs runs on.
                None => {}
            }
        }
        self.serving = serving;
    }

    /// Whether it is known of everything that was accepted whether it can serve.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !self.maps.values().any(|held| held.map.is_accepted && held.is_open())
    }

    /// The namespaces in which there is a plugin.
    #[must_use]
    pub fn namespaces(&self) -> BTreeSet<String> {
        self.slots().into_keys().map(|(namespace, _)| namespace).collect()
    }

    /// What serves from a namespace, by name.
    #[must_use]
    pub fn serving(&self, namespace: &str) -> Vec<Serving<P>> {
        let here = self.serving.iter().filter(|((its, _), _)| its == namespace);
        here.map(|(_, serving)| serving.clone()).collect()
    }

    /// What is to be said about the plugins of a namespace, by name.
    #[must_use]
    pub fn notes(&self, namespace: &str) -> Vec<Note> {
        let slots = self.slots().into_iter().filter(|((its, _), _)| its == namespace);
        slots.flat_map(|(place, slot)| self.note(&place, &slot)).collect()
    }

    fn note(&self, place: &Place, slot: &Slot<'_, P>) -> Vec<Note> {
        let serving = self.serving.get(place);
        let note = |map: Option<&Map>, why: Why| Note {
            plugin: place.1.clone(),
            source: map.map_or_else(|| serving.map(|it| it.source.clone()).unwrap_or_default(), Map::shown),
            wanted: map.map(|map| map.digest.clone()).unwrap_or_default(),
            serving: serving.map(|it| it.digest.clone()),
            why,
            is_error: false,
        };
        let about_wish = match slot.wanted.as_slice() {
            [] => serving.map(|_| note(None, Why::Deleted)),
            [held] => {
                let is_new = serving.is_none_or(|it| it.digest != held.map.digest);
                let why = match &held.verdict {
                    Verdict::Bad(why) => Some(why.clone()),
                    Verdict::Open { is_slow } => (is_new && *is_slow).then_some(Why::Compiling),
                    Verdict::Good(code) => match slot.lacks(code) {
                        lacks if lacks.is_empty() => {
                            held.not_kept.clone().filter(|_| is_new).map(Why::NotKept)
                        }
                        lacks => Some(Why::Lacks(lacks)),
                    },
                };
                why.map(|why| note(Some(&held.map), why))
            }
            several => {
                let names = several.iter().map(|held| held.map.name.clone()).collect();
                Some(note(Some(&several[0].map), Why::Claimed(names)))
            }
        };
        // An operator that cannot load what ran must not go on with the built-in one as if nothing were.
        let bad = slot.accepted.first().and_then(|held| match &held.verdict {
            Verdict::Bad(why) => {
                Some(Note { is_error: serving.is_none(), ..note(Some(&held.map), why.clone()) })
            }
            _ => None,
        });
        about_wish.into_iter().chain(bad).collect()
    }

    /// What the one that leads has to do.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let slots = self.slots().into_values().filter(|slot| !slot.is_open());
        slots.flat_map(|slot| slot.steps()).collect()
    }

    #[cfg(test)]
    pub(super) fn held_maps(&self) -> Vec<Map> {
        self.maps.values().map(|held| held.map.clone()).collect()
    }

    /// The ConfigMaps to be checked again, as what spoke against them may have passed.
    #[must_use]
    pub fn doubtful(&self) -> Vec<Map> {
        let is_doubtful = |held: &&Held<P>| matches!(&held.verdict, Verdict::Bad(why) if why.is_passing());
        self.maps.values().filter(is_doubtful).map(|held| held.map.clone()).collect()
    }
}
