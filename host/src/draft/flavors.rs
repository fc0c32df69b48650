//! The flavors of the draft.
//!
//! A flavor of Zuul is one size under one name, which each section says in its cloud's own words; and a label has
//! one flavor wherever it is served. Nodepool has the cloud's words at each label. So labels that mean the same
//! in every section share a flavor, called as the first section calls it.

use std::collections::BTreeMap;

use super::names::Names;
use super::objects::{Entry, Settings};
use super::part::{Part, Use};

/// A flavor by section.
type Profile<'a> = BTreeMap<usize, &'a Settings>;

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Flavors {
    names: Vec<String>,
    by_section: BTreeMap<usize, BTreeMap<usize, Settings>>,
    by_label: BTreeMap<String, usize>,
    by_settings: BTreeMap<(usize, String), usize>,
    unique: Names,
}

impl Flavors {
    pub(super) fn of(parts: &[Part]) -> Self {
        let mut order: Vec<&Use> = Vec::new();
        let mut profiles: BTreeMap<&str, Profile<'_>> = BTreeMap::new();
        let mut all = Vec::new();
        for (section, part) in parts.iter().enumerate() {
            for used in part.pools.iter().flat_map(|pool| &pool.labels) {
                all.push((section, used));
                let profile = profiles.entry(&used.label).or_insert_with(|| {
                    order.push(used);
                    Profile::new()
                });
                profile.entry(section).or_insert(&used.flavor);
            }
        }
        let mut flavors = Self::default();
        for used in order {
            if let Some(profile) = profiles.get(used.label.as_str()) {
                flavors.add_label(used, profile);
            }
        }
        // A second pool of a section may have another flavor for a label.
        for (section, used) in all {
            if !flavors.by_settings.contains_key(&(section, used.flavor.key())) {
                let flavor = flavors.new_flavor(used);
                flavors.set(flavor, section, &used.flavor);
            }
        }
        flavors
    }

    fn add_label(&mut self, used: &Use, profile: &Profile<'_>) {
        let first = profile.iter().next().and_then(|(section, settings)| {
            let flavor = *self.by_settings.get(&(*section, settings.key()))?;
            self.fits(flavor, profile).then_some(flavor)
        });
        let flavor = first.unwrap_or_else(|| self.new_flavor(used));
        for (section, settings) in profile {
            self.set(flavor, *section, settings);
        }
        self.by_label.insert(used.label.clone(), flavor);
    }

    /// Whether a flavor says nothing else in any section.
    fn fits(&self, flavor: usize, profile: &Profile<'_>) -> bool {
        profile.iter().all(|(section, settings)| {
            let other = self.by_section.get(section).and_then(|flavors| flavors.get(&flavor));
            other.is_none_or(|other| other == *settings)
        })
    }

    fn new_flavor(&mut self, used: &Use) -> usize {
        self.names.push(self.unique.unique(&used.flavor_name));
        self.names.len() - 1
    }

    fn set(&mut self, flavor: usize, section: usize, settings: &Settings) {
        self.by_section.entry(section).or_default().entry(flavor).or_insert_with(|| settings.clone());
        self.by_settings.entry((section, settings.key())).or_insert(flavor);
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The flavor of a label.
    pub(super) fn of_label(&self, label: &str) -> &str {
        self.by_label.get(label).map_or("", |flavor| self.name(*flavor))
    }

    /// The flavor that a label has in one pool: its own one, if that says the same here.
    pub(super) fn of_use(&self, section: usize, used: &Use) -> String {
        let own = self.by_label.get(&used.label).copied();
        let says = own.and_then(|flavor| self.by_section.get(&section)?.get(&flavor));
        let flavor = match says {
            Some(settings) if *settings == used.flavor => own,
            _ => self.by_settings.get(&(section, used.flavor.key())).copied(),
        };
        flavor.map_or("", |flavor| self.name(flavor)).to_owned()
    }

    fn name(&self, flavor: usize) -> &str {
        self.names.get(flavor).map_or("", String::as_str)
    }

    /// What a section says of its flavors.
    pub(super) fn of_section(&self, section: usize) -> Vec<Entry> {
        let flavors = self.by_section.get(&section).into_iter().flatten();
        flavors
            .map(|(flavor, settings)| Entry {
                name: self.name(*flavor).to_owned(),
                settings: settings.clone(),
            })
            .collect()
    }
}
