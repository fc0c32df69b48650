//! How many calls run at once, and how many wait for that.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lets a stated number of calls in at once; a stated number more may wait.
pub(super) struct Gate {
    calls: u64,
    queue: u64,
    count: Mutex<Count>,
    left: Condvar,
    entered: Condvar,
}

/// Who waits for a call looks this often whether there will be one.
const LOOK: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Count {
    running: u64,
    waiting: u64,
}

/// One call is inside until this is dropped.
pub(super) struct Pass<'a>(&'a Gate);

/// Why a call was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// As many as may wait did.
    QueueIsFull,
    /// It waited for all of its time.
    WaitedTooLong,
}

impl Gate {
    /// For `calls` at once, and `queue` waiting ones.
    pub(super) fn new(calls: u64, queue: u64) -> Self {
        Self { calls, queue, count: Mutex::default(), left: Condvar::new(), entered: Condvar::new() }
    }

    /// Waits for at most `patience` until fewer calls than allowed are running.
    pub(super) fn enter(&self, patience: Duration) -> Result<Pass<'_>, Closed> {
        let mut count = self.count();
        if count.running >= self.calls {
            if count.waiting >= self.queue {
                return Err(Closed::QueueIsFull);
            }
            count.waiting += 1;
            let waited = self.left.wait_timeout_while(count, patience, |count| count.running >= self.calls);
            count = waited.unwrap_or_else(PoisonError::into_inner).0;
            count.waiting -= 1;
            if count.running >= self.calls {
                return Err(Closed::WaitedTooLong);
            }
        }
        count.running += 1;
        self.entered.notify_all();
        Ok(Pass(self))
    }

    /// Waits until a call is inside, a second at most; whether one is.
    pub(super) fn is_busy(&self) -> bool {
        let waited = self.entered.wait_timeout_while(self.count(), LOOK, |count| count.running == 0);
        waited.unwrap_or_else(PoisonError::into_inner).0.running > 0
    }

    /// A panic elsewhere leaves the numbers as they were: they are changed in one step each.
    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.count().running -= 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn as_many_as_allowed_are_inside_and_the_next_waits_its_time() {
        let gate = Gate::new(2, 1);
        let first = gate.enter(LONG).expect("free");
        let _second = gate.enter(LONG).expect("free");
        assert_eq!(gate.enter(Duration::ZERO).err(), Some(Closed::WaitedTooLong));
        drop(first);
        assert!(gate.enter(Duration::ZERO).is_ok());
    }

    #[test]
    fn who_waits_for_a_call_is_woken_by_it() {
        let gate = Gate::new(1, 1);
        assert!(!gate.is_busy());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| while !gate.is_busy() {});
            let _inside = gate.enter(LONG).expect("free");
            waiting.join().expect("no panic");
        });
        assert!(!gate.is_busy());
    }

    #[test]
    fn a_full_queue_turns_away_and_who_waits_gets_in() {
        let gate = Gate::new(1, 1);
        let inside = gate.enter(LONG).expect("free");
        thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter(LONG).is_ok());
            while gate.count().waiting == 0 {
                thread::yield_now();
            }
            assert_eq!(gate.enter(LONG).err(), Some(Closed::QueueIsFull));
            drop(inside);
            assert!(waiting.join().expect("no panic"));
        });
        assert!(gate.enter(Duration::ZERO).is_ok(), "who got in left again");
    }
}
