//! Who leads, told to those who write.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::sync::watch;

/// Since the machine started, its sleep included: what `Instant` leaves out would be time in which another one
/// took the lease.
pub(in crate::cluster) fn uptime() -> Duration {
    let now = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(now.tv_sec).unwrap_or_default(),
        u32::try_from(now.tv_nsec).unwrap_or_default(),
    )
}

/// Whether this process leads. Clones are about the same leadership; any thread may ask at any time.
#[derive(Clone, Debug)]
pub struct Leadership(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// In nanoseconds of uptime.
    until: AtomicU64,
    leads: watch::Sender<bool>,
}

impl Default for Leadership {
    fn default() -> Self {
        Self(Arc::new(Inner { until: AtomicU64::new(0), leads: watch::Sender::new(false) }))
    }
}

impl Leadership {
    /// For a process without an election: it leads from beginning to end.
    #[must_use]
    pub fn always() -> Self {
        let leadership = Self::default();
        leadership.set(Some(Duration::MAX));
        leadership
    }

    /// Whether a write may begin now. It costs a look at the clock, and is right even if nothing else in this
    /// process ran for a while.
    #[must_use]
    pub fn may_write(&self) -> bool {
        !self.left().is_zero()
    }

    /// How long it may write from now on if nothing renews the lease: a write should be given up after this.
    #[must_use]
    pub fn left(&self) -> Duration {
        let until = self.0.until.load(Ordering::Acquire);
        Duration::from_nanos(until).saturating_sub(uptime())
    }

    /// Tells each change: work begins at true, and ends at false.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.0.leads.subscribe()
    }

    /// From now on it leads until then, in uptime; whether that is news.
    pub(in crate::cluster) fn set(&self, until: Option<Duration>) -> bool {
        let nanos = until.map_or(0, |until| u64::try_from(until.as_nanos()).unwrap_or(u64::MAX));
        self.0.until.store(nanos, Ordering::Release);
        self.refresh()
    }

    /// Tells it if the time has run out; whether there was news.
    pub(super) fn refresh(&self) -> bool {
        let leads = self.may_write();
        self.0.leads.send_if_modified(|old| std::mem::replace(old, leads) != leads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_lead_may_not_write() {
        let leadership = Leadership::default();
        let told = leadership.watch();
        assert!(!leadership.may_write() && !*told.borrow());
        leadership.set(Some(uptime() + Duration::from_secs(60)));
        assert!(leadership.may_write() && *told.borrow());
        assert!(leadership.left() > Duration::from_secs(50));
        leadership.set(None);
        assert!(!leadership.may_write() && !*told.borrow());
    }

    #[test]
    fn the_clock_ends_it_even_if_nothing_else_runs() {
        let leadership = Leadership::default();
        leadership.set(Some(uptime() + Duration::from_millis(50)));
        let told = leadership.watch();
        assert!(leadership.may_write());
        while leadership.may_write() {
            std::thread::yield_now();
        }
        assert!(*told.borrow(), "nobody told it yet");
        leadership.refresh();
        assert!(!*told.borrow());
    }

    #[test]
    fn without_an_election_it_never_ends() {
        let leadership = Leadership::always();
        assert!(leadership.may_write() && *leadership.watch().borrow());
        assert!(leadership.left() > Duration::from_secs(1 << 32));
    }
}
