//! The times of an election.

use std::time::Duration;

/// The times of an election, those of client-go unless told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Others take a lease that did not change for so long. Whole seconds.
    lease: Duration,
    /// A leader that did not renew for so long stops writing.
    renew: Duration,
    /// Between two tries; up to half as much is added at random.
    retry: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lease: Duration::from_secs(15), renew: Duration::from_secs(10), retry: Duration::from_secs(2) }
    }
}

impl Settings {
    /// Times other than the usual ones.
    ///
    /// # Errors
    /// They do not fit each other; the sentence says how.
    pub fn new(lease: Duration, renew: Duration, retry: Duration) -> Result<Self, String> {
        if lease.subsec_nanos() != 0 || lease.as_secs() == 0 || i32::try_from(lease.as_secs()).is_err() {
            return Err("the duration of a lease is whole seconds, at least one".to_owned());
        }
        if renew >= lease {
            return Err("a leader has to stop before its lease runs out: the renew deadline must be shorter"
                .to_owned());
        }
        if retry.is_zero() || retry.saturating_mul(3) / 2 >= renew {
            return Err(
                "a leader has to try again before the renew deadline: the retry period must be shorter"
                    .to_owned(),
            );
        }
        Ok(Self { lease, renew, retry })
    }

    /// How long a lease lasts that does not say it.
    pub(super) fn lease(&self) -> Duration {
        self.lease
    }

    /// How long a leader leads without another renewal.
    pub(super) fn renew(&self) -> Duration {
        self.renew
    }

    /// How long is waited for an answer: half of the renew deadline, so that there is time for a second try.
    pub(super) fn request(&self) -> Duration {
        self.renew / 2
    }

    /// Until the next try: the retry period and up to half as much by chance, but no longer than what is worth
    /// waiting for.
    pub(super) fn pause(&self, waits: Option<Duration>, chance: u32) -> Duration {
        let jitter = self.retry.mul_f64(0.5 * f64::from(chance) / f64::from(u32::MAX));
        let regular = self.retry + jitter;
        // All wait for the same moment: jitter here too, or they would collide each time.
        waits.map_or(regular, |waits| regular.min(waits + jitter / 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn times_fit_each_other() {
        assert_eq!(Settings::new(S(15), S(10), S(2)), Ok(Settings::default()));
        for (lease, renew, retry) in [
            (S(0), S(0), S(0)),
            (Duration::from_millis(1500), S(1), Duration::from_millis(100)),
            (S(10), S(10), S(2)),
            (S(15), S(10), S(0)),
            (S(15), S(3), S(2)),
            (S(1 << 40), S(10), S(2)),
        ] {
            assert!(Settings::new(lease, renew, retry).is_err(), "{lease:?} {renew:?} {retry:?}");
        }
    }

    #[test]
    fn pauses_differ_and_end_when_the_lease_does() {
        let settings = Settings::default();
        assert_eq!(settings.pause(None, 0), S(2));
        assert_eq!(settings.pause(None, u32::MAX), S(3));
        assert_eq!(settings.pause(Some(S(9)), 0), S(2));
        assert_eq!(settings.pause(Some(S(1)), 0), S(1));
        assert!(settings.pause(Some(S(1)), u32::MAX) > S(1));
    }
}
