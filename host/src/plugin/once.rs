//! What is made of a plugin once, at first use.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::component::Refusal;
use crate::contract::FailureReason;

/// What failed in passing is tried again after this, then after two, four … times that.
const AGAIN: Duration = Duration::from_secs(10);
/// But never later than this.
const LONGEST: Duration = Duration::from_secs(600);

/// Made at most once, by one thread at a time. Why it cannot be made is remembered too: for good, or for a while if a
/// later try may do better.
#[derive(Debug)]
pub(super) struct Once<T> {
    made: OnceLock<Result<T, Refusal>>,
    failed: Mutex<Option<Failed>>,
}

#[derive(Debug)]
struct Failed {
    refusal: Refusal,
    until: Instant,
    pause: Duration,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { made: OnceLock::new(), failed: Mutex::default() }
    }
}

impl<T> Once<T> {
    /// What was made, or now is.
    pub(super) fn get(&self, make: impl FnOnce() -> Result<T, Refusal>) -> Result<&T, Refusal> {
        self.get_at(Instant::now, make)
    }

    fn get_at(
        &self,
        now: impl Fn() -> Instant,
        make: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<&T, Refusal> {
        if let Some(made) = self.made.get() {
            return made.as_ref().map_err(Clone::clone);
        }
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = self.made.get() {
            return made.as_ref().map_err(Clone::clone);
        }
        if let Some(last) = failed.as_ref().filter(|last| now() < last.until) {
            return Err(last.refusal.clone());
        }
        match make() {
            Err(refusal) if FailureReason::PASSING.contains(&refusal.0) => {
                let pause = failed.as_ref().map_or(AGAIN, |last| (last.pause * 2).min(LONGEST));
                *failed = Some(Failed { refusal: refusal.clone(), until: now() + pause, pause });
                Err(refusal)
            }
            lasting => self.made.get_or_init(|| lasting).as_ref().map_err(Clone::clone),
        }
    }

    /// Whether there is nothing to be made.
    pub(super) fn is_made(&self) -> bool {
        self.made.get().is_some()
    }

    /// Takes what is known from elsewhere.
    pub(super) fn set(&self, value: T) {
        // Another thread may have been faster, with the same.
        let _ = self.made.set(Ok(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_in_passing_is_tried_again_later_each_time() {
        let (once, start) = (Once::<u8>::default(), Instant::now());
        let mut tries = Vec::new();
        for second in 0..2000 {
            let reason = FailureReason::PASSING[tries.len() % FailureReason::PASSING.len()];
            let failed = once.get_at(
                || start + Duration::from_secs(second),
                || {
                    tries.push(second);
                    Err((reason, "no".to_owned()))
                },
            );
            assert!(failed.is_err() && !once.is_made());
        }
        assert_eq!(tries, [0, 10, 30, 70, 150, 310, 630, 1230, 1830]);
        let later = || start + Duration::from_secs(9999);
        assert_eq!(once.get_at(later, || Ok(1)), Ok(&1));
        assert_eq!(once.get(|| Ok(2)), Ok(&1));
    }

    #[test]
    fn what_fails_for_good_is_not_tried_again() {
        let once = Once::default();
        let why = (FailureReason::NotAComponent, "it is text".to_owned());
        assert_eq!(once.get(|| Err::<u8, _>(why.clone())), Err(why.clone()));
        assert_eq!(once.get(|| Ok(1)), Err(why));
    }
}
