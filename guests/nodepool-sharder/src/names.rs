//! Where names are defined. One map for all purposes: each further kind of map is 10 KB of Wasm.

use std::collections::BTreeMap;

/// Names, and the place of each in some list.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, usize>);

impl Names {
    /// Each name with its place; the last of equal ones.
    #[must_use]
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut all = Self::default();
        for (place, name) in names.enumerate() {
            all.insert(name, place);
        }
        all
    }

    /// Adds a name; the place that it had before.
    pub fn insert(&mut self, name: &str, place: usize) -> Option<usize> {
        self.0.insert(name.to_owned(), place)
    }

    /// The place of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }

    /// Whether the name is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}
