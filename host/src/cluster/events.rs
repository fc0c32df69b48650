//! Events, as `kubectl describe` shows them.

use std::collections::BTreeMap;
use std::fmt;

use kube::core::DynamicObject;
use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use kube::{Client, Resource};

use super::MANAGER;
use super::status::resource;
use crate::status::Told;

/// Longer notes are refused by the API server.
const LONGEST: usize = 1000;

/// Writes the Events of the operator.
pub struct Events {
    client: Client,
    reporter: Reporter,
}

/// The Events of one Zuul. The same one again within some minutes is counted, not repeated.
#[derive(Default)]
pub struct Series {
    /// The last note of each reason. A recorder takes for the same what has the same reason, whatever its note, and
    /// the second note is lost: so each note has a recorder of its own.
    last: BTreeMap<String, (String, Recorder)>,
}

impl fmt::Debug for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.last.iter().map(|(reason, (note, _))| (reason, note))).finish()
    }
}

impl Events {
    /// As `pod`, if it is one.
    #[must_use]
    pub fn new(client: Client, pod: Option<String>) -> Self {
        Self { client, reporter: Reporter { controller: MANAGER.to_owned(), instance: pod } }
    }

    /// What writes something that is told of a Zuul.
    #[must_use]
    pub fn recorder(&self, series: &mut Series, told: &Told) -> Recorder {
        let last = series.last.get(&told.reason).filter(|(note, _)| *note == told.note);
        let recorder = last.map(|(_, recorder)| recorder.clone());
        let recorder = recorder.unwrap_or_else(|| Recorder::new(self.client.clone(), self.reporter.clone()));
        series.last.insert(told.reason.clone(), (told.note.clone(), recorder.clone()));
        recorder
    }
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
