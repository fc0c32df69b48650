//! Tells what happened: status, and Events. Nothing twice.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use kube::ResourceExt;
use kube::core::DynamicObject;

use super::Context;
use super::memory::{Memory, lock};
use super::work::Failure;
use crate::api::ZuulStatus;
use crate::cluster::{events, status, why};
use crate::status::transitions;

/// Numbers of pods are told at most this often: every pod would be a write.
const NUMBERS: Duration = Duration::from_secs(1);

/// Writes a status if it differs, and tells what happened; after how long it is to be looked again, if numbers are
/// left to be told.
pub(super) async fn say(
    context: &Context,
    zuul: &DynamicObject,
    memory: &Mutex<Memory>,
    before: &ZuulStatus,
    after: ZuulStatus,
) -> Result<Option<Duration>, Failure> {
    let (said, is_unsaid) = {
        let memory = lock(memory);
        (memory.said, memory.is_unsaid)
    };
    if *before == after && !is_unsaid {
        return Ok(None);
    }
    let ago = said.map_or(Duration::MAX, |said| said.elapsed());
    if !is_unsaid && is_about_numbers(before, &after) && ago < NUMBERS {
        return Ok(Some(NUMBERS.saturating_sub(ago)));
    }
    // Told after the status, which may fail: then the next time.
    lock(memory).untold.extend(transitions(before, &after));
    write(context, zuul, memory, &after).await?;
    let untold = std::mem::take(&mut lock(memory).untold);
    for told in untold {
        // An Event that is lost is no reason to do all again: the status says it as well.
        let recorder = context.events.recorder(&mut lock(memory).events, &told);
        if let Err(error) = events::publish(&recorder, zuul, &told).await {
            tracing::warn!("an Event could not be written: {}", why(&error));
        }
    }
    Ok(None)
}

/// Writes a status, and remembers it even if that fails: what was done is known.
pub(super) async fn write(
    context: &Context,
    zuul: &DynamicObject,
    memory: &Mutex<Memory>,
    after: &ZuulStatus,
) -> Result<(), Failure> {
    {
        let mut memory = lock(memory);
        memory.status = Some(after.clone());
        memory.is_unsaid = true;
    }
    let namespace = zuul.namespace().unwrap_or_default();
    status::write(&context.client, &namespace, &zuul.name_any(), after).await?;
    let mut memory = lock(memory);
    memory.is_unsaid = false;
    memory.said = Some(Instant::now());
    drop(memory);
    Ok(())
}

/// Whether two statuses differ in nothing but how many pods are there.
fn is_about_numbers(before: &ZuulStatus, after: &ZuulStatus) -> bool {
    let without = |status: &ZuulStatus| {
        let mut status = status.clone();
        status.workloads.iter_mut().for_each(|it| (it.wanted, it.updated, it.ready) = (0, 0, 0));
        status.conditions.iter_mut().for_each(|it| it.message.clear());
        status
    };
    without(before) == without(after)
}
