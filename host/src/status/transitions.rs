//! What happened between two statuses: each is told once, as an Event.

use crate::api::reasons::{self, condition};
use crate::api::status::ZuulStatus;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Whether somebody should look at it.
    pub is_warning: bool,
    /// The reason of a condition, or `Changed`.
    pub reason: String,
    /// The sentence.
    pub note: String,
}

/// What happened: conditions whose reason changed, and workloads with which something was done.
#[must_use]
pub fn transitions(before: &ZuulStatus, after: &ZuulStatus) -> Vec<Told> {
    let mut told = Vec::new();
    for now in &after.conditions {
        let old = before.conditions.iter().find(|old| old.type_ == now.type_);
        let is_same = old.is_some_and(|old| old.reason == now.reason && old.status == now.status);
        // The other conditions say it with its cause, and that all is as it should be is no news at first.
        let is_news = match now.type_.as_str() {
            condition::READY => now.reason == reasons::ALL_READY.0,
            condition::PROGRESSING => now.reason != reasons::SETTLED.0,
            _ => now.status == "False" || old.is_some(),
        };
        let is_echo = now.type_ == condition::APPLIED && now.reason == reasons::ERRORS.0
            || now.reason == reasons::RETRYING.0;
        if is_same || !is_news || is_echo {
            continue;
        }
        let is_good = now.status == "True" || now.reason == reasons::PAUSED.0;
        told.push(Told { is_warning: !is_good, reason: now.reason.clone(), note: now.message.clone() });
    }
    for now in &after.workloads {
        let old = before.workloads.iter().find(|old| old.is_of(now));
        let is_news = old.is_none_or(|old| (&old.change, &old.changed) != (&now.change, &now.changed));
        if let Some(change) = now.change.as_ref().filter(|_| is_news) {
            let shard = now.shard.as_deref().map(|shard| format!(" {shard}")).unwrap_or_default();
            let note = format!("{}{shard} {change}", now.component);
            told.push(Told { is_warning: false, reason: "Changed".to_owned(), note });
        }
    }
    told
}
