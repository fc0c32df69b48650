//! What is remembered of a Zuul between two reconciles. All of it can be lost: it saves work.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use blake3::Hash;
use serde_json::Value;

use crate::api::ZuulStatus;
use crate::cluster::events::Series;
use crate::desired::Id;
use crate::diagnostic::Finding;
use crate::inputs::Inputs;
use crate::plan::Planner;
use crate::status::Told;

/// What is remembered of a Zuul.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) planner: Planner,
    /// What stands for all that the inputs were gathered from, and the inputs: they are read again when it changes.
    pub(super) gathered: Option<(String, Arc<Inputs>)>,
    /// What stands against the content of what was gathered.
    pub(super) content: Vec<Finding>,
    /// The last status: the watch may not have brought it back yet.
    pub(super) status: Option<ZuulStatus>,
    /// Whether that could not be written.
    pub(super) is_unsaid: bool,
    /// When the last one was written.
    pub(super) said: Option<Instant>,
    /// The `resourceVersion` of the Zuul since then, and a digest of what the server kept of the status.
    pub(super) kept: Option<(u128, Hash)>,
    /// What happened and is not told yet.
    pub(super) untold: Vec<Told>,
    /// What was told of it.
    pub(super) events: Series,
    /// After a failure with these sources nothing is tried before then.
    pub(super) wait: Option<(String, Instant)>,
    /// Failures in a row.
    pub(super) failures: u32,
}

impl Memory {
    /// Nothing is left to be done: what plans are made of is not needed before something changes, and then it is read
    /// again. Whether there was any.
    pub(super) fn settle(&mut self) -> bool {
        self.planner = Planner::default();
        self.gathered.take().is_some()
    }

    /// How long nothing is to be tried, after a failure with the same sources.
    pub(super) fn left(&self, fingerprint: &str) -> Option<Duration> {
        let (_, until) = self.wait.as_ref().filter(|(failed, _)| failed == fingerprint)?;
        until.checked_duration_since(Instant::now())
    }
}

/// Memories by the uid of the Zuul.
#[derive(Debug, Default)]
pub(super) struct Memories(Mutex<BTreeMap<String, Arc<Mutex<Memory>>>>);

impl Memories {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Mutex<Memory>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn of(&self, uid: &str) -> Arc<Mutex<Memory>> {
        Arc::clone(self.all().entry(uid.to_owned()).or_default())
    }

    pub(super) fn forget(&self, uid: &str) {
        self.all().remove(uid);
    }

    pub(super) fn clear(&self) {
        self.all().clear();
    }
}

/// All that a plan is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sources {
    /// The Zuul, as it was written.
    pub(super) zuul: Value,
    /// What it may refer to, with the versions.
    pub(super) versions: Vec<(Id, String)>,
    /// Stands for the plugins.
    pub(super) plugins: String,
}

impl Sources {
    /// Stands for all of them.
    pub(super) fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.zuul.to_string().as_bytes());
        for (id, version) in &self.versions {
            hasher.update(format!("\n{}/{}={version}", id.kind.as_str(), id.name).as_bytes());
        }
        hasher.update(self.plugins.as_bytes());
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

/// A lock that a panic elsewhere does not spoil: whatever was remembered is either whole or not there.
pub(super) fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
