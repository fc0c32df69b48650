//! What is made of a plugin once, at first use.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::component::Refusal;
use crate::contract::FailureReason;

/// Made at most once, by one thread at a time. Why it cannot be made is remembered too, unless the next try may do
/// better.
#[derive(Debug)]
pub(super) struct Once<T> {
    made: OnceLock<Result<T, Refusal>>,
    making: Mutex<()>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { made: OnceLock::new(), making: Mutex::default() }
    }
}

impl<T> Once<T> {
    /// What was made, or now is.
    pub(super) fn get(&self, make: impl FnOnce() -> Result<T, Refusal>) -> Result<&T, Refusal> {
        if let Some(made) = self.made.get() {
            return made.as_ref().map_err(Clone::clone);
        }
        let _one = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let result = match self.made.get() {
            Some(made) => return made.as_ref().map_err(Clone::clone),
            None => make(),
        };
        match result {
            Err(refusal) if FailureReason::PASSING.contains(&refusal.0) => Err(refusal),
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
    fn what_fails_in_passing_is_tried_again() {
        let once = Once::default();
        let refusal = |reason| Err::<u8, _>((reason, "no".to_owned()));
        for reason in FailureReason::PASSING {
            assert_eq!(once.get(|| refusal(reason)).unwrap_err().0, reason);
            assert!(!once.is_made());
        }
        assert_eq!(once.get(|| Ok(1)), Ok(&1));
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
