//! A plugin that is stopped again and again is left alone for a while.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::contract::FailureReason;

/// How long a trap counts.
const WINDOW: Duration = Duration::from_secs(600);

/// When the calls of one plugin were stopped of late.
#[derive(Default)]
pub(super) struct Traps(Mutex<VecDeque<Instant>>);

impl Traps {
    /// Notes how a call ended.
    pub(super) fn note(&self, reason: FailureReason, now: Instant) {
        if was_stopped(reason) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(now);
        }
    }

    /// Whether `most` or more calls were stopped within the last ten minutes.
    pub(super) fn reach(&self, most: usize, now: Instant) -> bool {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while times.front().is_some_and(|time| now.saturating_duration_since(*time) >= WINDOW) {
            times.pop_front();
        }
        times.len() >= most
    }
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
        traps.note(FailureReason::Panicked, start);
        traps.note(FailureReason::BadAnswer, start);
        assert!(traps.reach(1, start) && !traps.reach(2, start));
        traps.note(FailureReason::OutOfFuel, start + WINDOW / 2);
        assert!(traps.reach(2, start + WINDOW / 2));
        assert!(!traps.reach(2, start + WINDOW), "the first one no longer counts");
        assert!(traps.reach(1, start + WINDOW));
    }
}
