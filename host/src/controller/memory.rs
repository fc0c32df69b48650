//! What is remembered of a Zuul between two reconciles. All of it can be lost: it saves work.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;

use crate::api::ZuulStatus;
use crate::desired::Id;
use crate::inputs::Inputs;
use crate::plan::Planner;

/// What is remembered of a Zuul.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) planner: Planner,
    /// What the inputs were gathered from, and the inputs: they are read again when one of these changes.
    pub(super) gathered: Option<(Sources, Inputs)>,
    /// The last status: the watch may not have brought it back yet.
    pub(super) status: Option<ZuulStatus>,
    /// Whether that could not be written.
    pub(super) is_unsaid: bool,
    /// When the last one was written.
    pub(super) said: Option<Instant>,
    /// Failures in a row.
    pub(super) failures: u32,
}

/// The Zuul, and the versions of what it may refer to.
pub(super) type Sources = (Value, Vec<(Id, String)>);

/// A lock that a panic elsewhere does not spoil: whatever was remembered is either whole or not there.
pub(super) fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
