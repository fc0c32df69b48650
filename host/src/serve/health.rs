//! Whether the operator is alive, and whether it is ready.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a live loop says so.
const BEAT: Duration = Duration::from_secs(1);
/// A loop that said nothing for so long is not alive. A reconcile never holds the loop up: what takes long waits or
/// has a thread of its own.
const SILENCE: Duration = Duration::from_secs(30);

/// Noted by the controller, read by probes. For any number of threads.
#[derive(Debug)]
pub struct Health {
    began: Instant,
    /// The last beat, in milliseconds since it began.
    beat: AtomicU64,
    has_listed: AtomicBool,
}

impl Default for Health {
    fn default() -> Self {
        Self { began: Instant::now(), beat: AtomicU64::new(0), has_listed: AtomicBool::new(false) }
    }
}

impl Health {
    /// Does `work`, and notes every second that the task which does it gets its turn. Once it does not, because
    /// something in it blocks, the operator is not alive.
    pub async fn beating<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut beats = tokio::time::interval(BEAT);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = beats.tick() => self.beat(Instant::now()),
            }
        }
    }

    fn beat(&self, now: Instant) {
        let since = now.saturating_duration_since(self.began).as_millis();
        self.beat.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The watches have listed: what the operator does now, it does with knowledge of the cluster.
    pub fn listed(&self) {
        self.has_listed.store(true, Ordering::Relaxed);
    }

    /// What is wrong so that the process should be started anew.
    ///
    /// # Errors
    /// A sentence.
    pub fn alive(&self, now: Instant) -> Result<(), String> {
        let beat = Duration::from_millis(self.beat.load(Ordering::Relaxed));
        let silent = now.saturating_duration_since(self.began).saturating_sub(beat);
        if silent < SILENCE {
            return Ok(());
        }
        Err(format!("the reconcile loop is stuck: nothing was heard of it for {} s", silent.as_secs()))
    }

    /// What is wrong so that the process cannot do its work yet. Whether it leads does not matter: one that waits for
    /// the lease is as ready as it can be.
    ///
    /// # Errors
    /// A sentence.
    pub fn ready(&self) -> Result<(), String> {
        if self.has_listed.load(Ordering::Relaxed) {
            return Ok(());
        }
        Err("the watches have not listed yet".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_no_life() {
        let health = Health::default();
        let at = |seconds| health.began + Duration::from_secs(seconds);
        assert_eq!(health.alive(at(29)), Ok(()));
        assert!(health.alive(at(30)).is_err());
        health.beat(at(30));
        assert_eq!(health.alive(at(59)), Ok(()));
        let told = health.alive(at(71)).expect_err("nothing was heard");
        assert!(told.ends_with("41 s"), "{told}");
    }

    #[tokio::test]
    async fn who_does_its_work_is_alive() {
        let health = Health::default();
        let (told, mut heard) = tokio::sync::mpsc::channel(1);
        let work = async {
            // Over when the first beat was noted while this waited.
            while health.beat.load(Ordering::Relaxed) == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            told.send(()).await.expect("somebody listens");
        };
        health.beating(work).await;
        assert_eq!(heard.recv().await, Some(()));
    }

    #[test]
    fn ready_is_who_has_listed() {
        let health = Health::default();
        assert!(health.ready().is_err());
        health.listed();
        assert_eq!(health.ready(), Ok(()));
    }
}
