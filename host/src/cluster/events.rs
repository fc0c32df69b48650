//! Events, as `kubectl describe` shows them.

use kube::core::DynamicObject;
use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use kube::{Client, Resource};

use super::MANAGER;
use super::status::resource;
use crate::status::Told;

/// Longer notes are refused by the API server.
const LONGEST: usize = 1000;

/// Writes Events; the same one again within some minutes is counted, not repeated.
#[must_use]
pub fn recorder(client: &Client, pod: Option<String>) -> Recorder {
    Recorder::new(client.clone(), Reporter { controller: MANAGER.to_owned(), instance: pod })
}

/// Tells something about a Zuul.
///
/// # Errors
/// The request failed.
pub async fn publish(recorder: &Recorder, zuul: &DynamicObject, told: &Told) -> kube::Result<()> {
    let mut note = told.note.clone();
    note.truncate(note.floor_char_boundary(LONGEST));
    let event = Event {
        type_: if told.is_warning { EventType::Warning } else { EventType::Normal },
        reason: told.reason.clone(),
        note: Some(note),
        action: "Reconcile".to_owned(),
        secondary: None,
    };
    recorder.publish(&event, &zuul.object_ref(&resource())).await
}
