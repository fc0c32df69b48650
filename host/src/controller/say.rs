//! Tells what happened: status, and Events. Nothing twice.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use blake3::Hash;
use kube::ResourceExt;
use kube::core::DynamicObject;

use super::Context;
use super::memory::{Memory, lock};
use super::work::Failure;
use crate::api::reasons::condition;
use crate::api::{ZuulStatus, age};
use crate::cluster::{events, status, why};
use crate::status::transitions;

/// Numbers of pods are told at most this often: every pod would be a write.
const NUMBERS: Duration = Duration::from_secs(5);

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
    let written = status::write(&context.client, &namespace, &zuul.name_any(), after).await?;
    let mut memory = lock(memory);
    memory.is_unsaid = false;
    memory.kept = written.and_then(|zuul| Some((age_of(&zuul)?, own(&zuul))));
    memory.said = Some(Instant::now());
    drop(memory);
    Ok(())
}

/// Whether two statuses differ in nothing but how many pods are there, and of which workloads that is not known yet.
fn is_about_numbers(before: &ZuulStatus, after: &ZuulStatus) -> bool {
    let without = |status: &ZuulStatus| {
        let mut status = status.clone();
        for it in &mut status.workloads {
            (it.wanted, it.updated, it.ready) = (0, 0, 0);
            (it.version, it.config_hash) = (None, None);
        }
        status.conditions.iter_mut().for_each(|it| it.message.clear());
        status
    };
    without(before) == without(after)
}

/// Whether somebody else changed what was said: what the watch brought is no older than our last word.
fn is_altered(zuul: &DynamicObject, memory: &Memory) -> bool {
    let seen = age_of(zuul).zip(memory.kept.as_ref());
    // Of the same age it is what was written.
    seen.is_some_and(|(seen, (written, kept))| seen > *written && own(zuul) != *kept)
}

fn age_of(zuul: &DynamicObject) -> Option<u128> {
    age(zuul.metadata.resource_version.as_ref()?)
}

/// A digest of the status without the conditions of others.
fn own(zuul: &DynamicObject) -> Hash {
    let mut status = zuul.data["status"].clone();
    if let Some(conditions) = status["conditions"].as_array_mut() {
        conditions.retain(|it| it["type"].as_str().is_some_and(|type_| condition::ALL.contains(&type_)));
    }
    blake3::hash(status.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn zuul(version: &str, status: &Value) -> DynamicObject {
        let zuul = json!({
            "apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul",
            "metadata": {"name": "zuul", "resourceVersion": version}, "status": status,
        });
        serde_json::from_value(zuul).unwrap()
    }

    #[test]
    fn what_others_add_is_theirs_and_what_they_change_is_not() {
        let ours = json!({"version": "1", "conditions": [{"type": "Ready", "status": "True"}]});
        let written = zuul("7", &ours);
        let memory = Memory { kept: age_of(&written).map(|age| (age, own(&written))), ..Memory::default() };
        assert!(!is_altered(&written, &memory));
        let mut live = ours.clone();
        live["conditions"] = json!([{"type": "Seen", "status": "True"}, {"type": "Ready", "status": "True"}]);
        assert!(!is_altered(&zuul("8", &live), &memory));
        live["conditions"][1]["status"] = json!("False");
        assert!(is_altered(&zuul("8", &live), &memory));
        assert!(!is_altered(&zuul("6", &live), &memory), "that was before ours");
        live = ours;
        live["generated"] = json!(["more"]);
        assert!(is_altered(&zuul("8", &live), &memory));
        assert!(is_altered(&zuul("8", &Value::Null), &memory));
        assert!(!is_altered(&zuul("8", &Value::Null), &Memory::default()), "nothing was said yet");
    }
}
