//! The API server's audit log: who asked for what, and what came of it.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;
use serde_json::Value;

use crate::{Rig, until};

/// A place in the audit log: what follows came later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// What the name of an object begins with that is asked for only to be seen in the log.
const MARKER: &str = "audit-mark-";

/// One request. A watch counts when it begins.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Whose it was: a user or `system:serviceaccount:NAMESPACE:NAME`.
    pub user: String,
    /// What the client calls itself.
    pub agent: String,
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`.
    pub verb: String,
    /// The API group; empty for the core's.
    pub group: String,
    /// The resource, `pods`; empty if none was asked for.
    pub resource: String,
    /// `status`, `scale`; mostly empty.
    pub subresource: String,
    /// Empty for what is in none.
    pub namespace: String,
    /// Empty for a list or a watch; also for a create, whose name is in the body.
    pub name: String,
    /// The path and its query.
    pub uri: String,
    /// When the API server got it, in RFC 3339 with microseconds.
    pub received: String,
    /// The HTTP code.
    pub code: u16,
    /// `Metadata`, or `RequestResponse` if the bodies are there.
    pub level: String,
    /// What was sent, of a write of anything but a Secret.
    pub request: Option<Value>,
    /// What was answered to it.
    pub response: Option<Value>,
}

impl AuditEvent {
    /// Whether it may have changed something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        ["create", "update", "patch", "delete", "deletecollection"].contains(&self.verb.as_str())
    }
}

impl Rig {
    /// Where the log ends now; all that was answered before is before it.
    ///
    /// # Panics
    /// The API server does not answer.
    #[must_use]
    pub fn audit_mark(&self) -> Mark {
        self.complete()
    }

    /// All requests since a mark that were answered before this call. The control plane's own are not in the log, and
    /// that of this call is left out.
    ///
    /// # Panics
    /// The API server does not answer, or its log cannot be read.
    #[must_use]
    pub fn audit(&self, since: Mark) -> Vec<AuditEvent> {
        let end = self.complete();
        let marks = |event: &AuditEvent| event.name.starts_with(MARKER);
        let (lines, _) = self.lines(since, end);
        lines.iter().filter_map(|line| event(line)).filter(|event| !marks(event)).collect()
    }

    /// Where the log ends once all that was answered until now is in it: a request that nobody else makes shows up after
    /// that.
    fn complete(&self) -> Mark {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let marker = format!("{MARKER}{}-{count}", std::process::id());
        let length = || std::fs::metadata(self.layout().audit()).map_or(0, |file| file.len());
        let from = Mark(length());
        let _ = self.kubectl(&["get", "--raw", &format!("/api/v1/namespaces/default/configmaps/{marker}")]);
        let mut end = from;
        until("the audit log has a request", || {
            let (lines, whole) = self.lines(from, Mark(length()));
            end = whole;
            lines.iter().any(|line| line.contains(&marker))
        });
        end
    }

    /// The whole lines between two marks, and where they end.
    fn lines(&self, from: Mark, to: Mark) -> (Vec<String>, Mark) {
        let mut bytes = vec![];
        let mut file = File::open(self.layout().audit()).expect("the API server logs");
        file.seek(SeekFrom::Start(from.0)).expect("a file");
        file.take(to.0.saturating_sub(from.0)).read_to_end(&mut bytes).expect("a file");
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let text = String::from_utf8_lossy(&bytes[..whole]);
        (text.lines().map(str::to_owned).collect(), Mark(from.0 + whole as u64))
    }
}

/// As audit.k8s.io/v1 has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    level: String,
    stage: String,
    verb: String,
    #[serde(rename = "requestURI")]
    request_uri: String,
    request_received_timestamp: String,
    user: User,
    #[serde(default)]
    user_agent: String,
    #[serde(default)]
    object_ref: Object,
    #[serde(default)]
    response_status: Status,
    request_object: Option<Value>,
    response_object: Option<Value>,
}

#[derive(Deserialize)]
struct User {
    username: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Object {
    resource: String,
    subresource: String,
    namespace: String,
    name: String,
    api_group: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    code: u16,
}

fn event(line: &str) -> Option<AuditEvent> {
    let line: Line = serde_json::from_str(line).expect("the audit log is JSON");
    // A watch is logged when it begins and when it ends, what is refused only at its end.
    if line.verb == "watch" && line.stage == "ResponseComplete" && line.response_status.code == 200 {
        return None;
    }
    Some(AuditEvent {
        user: line.user.username,
        agent: line.user_agent,
        verb: line.verb,
        group: line.object_ref.api_group,
        resource: line.object_ref.resource,
        subresource: line.object_ref.subresource,
        namespace: line.object_ref.namespace,
        name: line.object_ref.name,
        uri: line.request_uri,
        received: line.request_received_timestamp,
        code: line.response_status.code,
        level: line.level,
        request: line.request_object,
        response: line.response_object,
    })
}
