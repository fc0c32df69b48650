//! Tells what happened: status, and Events. Nothing twice.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use kube::ResourceExt;
use kube::core::DynamicObject;
use serde_json::{Value, json};

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
    let (said, is_due) = {
        let memory = lock(memory);
        (memory.said, memory.is_unsaid || is_altered(zuul, &memory))
    };
    if *before == after && !is_due {
        return Ok(None);
    }
    let ago = said.map_or(Duration::MAX, |said| said.elapsed());
    if !is_due && is_about_numbers(before, &after) && ago < NUMBERS {
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
    let version = status::write(&context.client, &namespace, &zuul.name_any(), after).await?;
    let mut memory = lock(memory);
    memory.is_unsaid = false;
    memory.version = version;
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

/// Whether somebody else changed what was said: what the watch brought is no older than our last word.
fn is_altered(zuul: &DynamicObject, memory: &Memory) -> bool {
    let number = |version: Option<&String>| version.and_then(|version| version.parse::<u128>().ok());
    let is_seen = number(zuul.metadata.resource_version.as_ref())
        .zip(number(memory.version.as_ref()))
        .is_some_and(|(seen, written)| seen >= written);
    is_seen && !holds(&zuul.data["status"], &json!(memory.status))
}

/// Whether all that we say stands in a status; others may have said more, such as a condition of their own.
fn holds(live: &Value, ours: &Value) -> bool {
    match (live, ours) {
        (Value::Object(live), Value::Object(ours)) => {
            ours.iter().all(|(name, ours)| live.get(name).is_some_and(|live| holds(live, ours)))
        }
        (Value::Array(live), Value::Array(ours)) => {
            ours.iter().all(|ours| live.iter().any(|live| holds(live, ours)))
        }
        _ => live == ours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_add_is_theirs_and_what_they_change_is_not() {
        let ours = json!({"version": "1", "conditions": [{"type": "Ready", "status": "True"}]});
        let mut live = ours.clone();
        assert!(holds(&live, &ours));
        live["conditions"] = json!([{"type": "Seen", "status": "True"}, {"type": "Ready", "status": "True"}]);
        assert!(holds(&live, &ours));
        live["conditions"][1]["status"] = json!("False");
        assert!(!holds(&live, &ours));
        assert!(!holds(&Value::Null, &ours));
    }
}
