//! A request for which a plugin is stopped again and again is left alone for a while.
//!
//! It is about one request, not about the plugin: what stops it may be the input of one Zuul, and no
//! other Zuul is hurt by that. Answers that would be the same again are remembered anyway, so this is
//! about those that cost their full time each time, as an exceeded deadline does.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::memo::Key;
use crate::contract::FailureReason;

/// How long a trap counts.
const WINDOW: Duration = Duration::from_secs(600);

/// When the calls for each request were stopped of late.
#[derive(Default)]
pub(super) struct Traps {
    recent: Mutex<BTreeMap<Key, VecDeque<Instant>>>,
    all: AtomicU64,
}

impl Traps {
    /// Notes how a call ended.
    pub(super) fn note(&self, key: Key, reason: FailureReason, now: Instant) {
        if was_stopped(reason) {
            self.all.fetch_add(1, Ordering::Relaxed);
            let mut traps = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            traps.retain(|_, times| times.back().is_some_and(|time| counts(*time, now)));
            traps.entry(key).or_default().push_back(now);
        }
    }

    /// Calls that were stopped, for any request, at any time.
    pub(super) fn all(&self) -> u64 {
        self.all.load(Ordering::Relaxed)
    }

    /// Whether `most` or more calls for this request were stopped within the last ten minutes.
    pub(super) fn reach(&self, key: &Key, most: usize, now: Instant) -> bool {
        let mut traps = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = traps.get_mut(key) else { return false };
        while times.front().is_some_and(|time| !counts(*time, now)) {
            times.pop_front();
        }
        times.len() >= most
    }
}

fn counts(time: Instant, now: Instant) -> bool {
    now.saturating_duration_since(time) < WINDOW
}

/// Whether the call was ended, instead of giving an answer, be it a wrong one.
const fn was_stopped(reason: FailureReason) -> bool {
    use FailureReason as Reason;
    matches!(
        reason,
        Reason::OutOfFuel
            | Reason::DeadlineExceeded
            | Reason::OutOfMemory
            | Reason::TableTooLarge
            | Reason::StackOverflow
            | Reason::Panicked
            | Reason::Trapped
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps_count_for_ten_minutes_and_refused_answers_never() {
        let (traps, start) = (Traps::default(), Instant::now());
        let (key, other) = (Key::new("d", b"one"), Key::new("d", b"other"));
        let reach = |most, now| traps.reach(&key, most, now);
        traps.note(key, FailureReason::Panicked, start);
        traps.note(key, FailureReason::BadAnswer, start);
        assert!(reach(1, start) && !reach(2, start));
        traps.note(key, FailureReason::OutOfFuel, start + WINDOW / 2);
        assert!(reach(2, start + WINDOW / 2));
        assert!(!traps.reach(&other, 1, start), "another request has nothing to do with it");
        assert!(!reach(2, start + WINDOW), "the first one no longer counts");
        assert!(reach(1, start + WINDOW));
        traps.note(other, FailureReason::Panicked, start + WINDOW * 3);
        assert_eq!(traps.all(), 3, "a refused answer is no trap");
        assert_eq!(traps.recent.lock().map(|traps| traps.len()).ok(), Some(1), "old ones are forgotten");
    }
}
