//! Answers that are known already: all calls are pure.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::contract::{Entry, Setting};

/// What all answers of one kind may weigh together, measured as JSON.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A plugin and a request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// The key for `request`, written as JSON, to the plugin with this digest.
    pub(super) fn new(digest: &str, request: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(digest.as_bytes()).update(b"\0").update(request);
        Self(*hasher.finalize().as_bytes())
    }
}

/// JSON writes every number that is not finite as `null`, so requests with one have no key.
pub(super) fn is_exact<'a>(mut entries: impl Iterator<Item = &'a Entry>) -> bool {
    entries.all(|entry| !matches!(entry.setting, Setting::Number(number) if !number.is_finite()))
}

/// Answers of one kind, in two generations: the older one is forgotten when the younger is half
/// of the whole; what is used moves to the younger.
pub(super) struct Memo<T>(Mutex<Generations<T>>);

struct Generations<T> {
    young: BTreeMap<Key, (T, usize)>,
    old: BTreeMap<Key, (T, usize)>,
    weight: usize,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Mutex::new(Generations { young: BTreeMap::new(), old: BTreeMap::new(), weight: 0 }))
    }
}

impl<T: Clone + Serialize> Memo<T> {
    pub(super) fn get(&self, key: &Key) -> Option<T> {
        // A panic elsewhere leaves complete entries behind: they may be used.
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((answer, _)) = generations.young.get(key) {
            return Some(answer.clone());
        }
        let (answer, weight) = generations.old.remove(key)?;
        generations.insert(*key, answer.clone(), weight);
        Some(answer)
    }

    pub(super) fn put(&self, key: Key, answer: &T) {
        let weight = serde_json::to_vec(answer).map_or(MOST_BYTES, |json| json.len());
        if weight <= MOST_BYTES / 2 {
            let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            generations.insert(key, answer.clone(), weight);
        }
    }
}

impl<T> Generations<T> {
    fn insert(&mut self, key: Key, answer: T, weight: usize) {
        if self.weight + weight > MOST_BYTES / 2 {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight += weight;
        self.young.insert(key, (answer, weight));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_whole_is_bounded() {
        let memo = Memo::default();
        let key = |n: usize| Key::new("d", n.to_string().as_bytes());
        let large = "x".repeat(MOST_BYTES / 8);
        for n in 0..40 {
            memo.put(key(n), &large);
            assert!(memo.get(&key(0)).is_some(), "{n}");
        }
        let kept = (0..40).filter(|n| memo.get(&key(*n)).is_some()).count();
        assert!((1..=8).contains(&kept), "{kept}");
    }

    #[test]
    fn plugins_do_not_share_answers() {
        let memo = Memo::default();
        memo.put(Key::new("a", b"r"), &1);
        assert_eq!((memo.get(&Key::new("a", b"r")), memo.get(&Key::new("b", b"r"))), (Some(1), None));
    }
}
