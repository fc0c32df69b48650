//! A collector of spans: takes OTLP over HTTP as JSON, and keeps what it got.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::answers::{Answers, Request};

/// A running collector. It ends with the test.
pub struct Collector(Answers);

/// A span that arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// What it is of: `service.name` and whatever else tells the process.
    pub resource: BTreeMap<String, String>,
    /// Its name.
    pub name: String,
    /// Its number.
    pub id: String,
    /// The number of the span that it is a part of; empty for the first of a trace.
    pub parent: String,
    /// Its fields.
    pub fields: BTreeMap<String, String>,
    /// Whether it failed.
    pub is_error: bool,
}

impl Collector {
    /// Takes all that comes.
    #[must_use]
    pub fn start() -> Self {
        Self::answering(|| 200)
    }

    /// Answers each batch with a status.
    #[must_use]
    pub fn answering(status: impl Fn() -> u16 + Send + 'static) -> Self {
        Self(Answers::start(move |_| (status(), "{}".to_owned())))
    }

    /// For `--traces`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// How many batches came.
    #[must_use]
    pub fn batches(&self) -> usize {
        self.0.requests().len()
    }

    /// All spans so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        self.0.requests().iter().flat_map(|request| spans(&body(request))).collect()
    }

    /// All that came, as text, the requests' lines and headers included.
    #[must_use]
    pub fn text(&self) -> String {
        let all = self.0.requests().into_iter();
        all.map(|it| format!("{}\n{}\n{}\n", it.line, it.head, body(&it))).collect()
    }
}

/// # Panics
/// It is no JSON.
fn body(request: &Request) -> Value {
    let is_gzip = request.head.to_ascii_lowercase().contains("content-encoding: gzip");
    let mut bytes = request.body.clone();
    if is_gzip {
        bytes.clear();
        GzDecoder::new(request.body.as_slice()).read_to_end(&mut bytes).expect("gzip");
    }
    serde_json::from_slice(&bytes).expect("JSON")
}

fn spans(batch: &Value) -> Vec<Span> {
    let mut all = Vec::new();
    for of_resource in items(&batch["resourceSpans"]) {
        let resource = attributes(&of_resource["resource"]["attributes"]);
        for span in items(&of_resource["scopeSpans"]).iter().flat_map(|scope| items(&scope["spans"])) {
            let text = |key: &str| span[key].as_str().unwrap_or_default().to_owned();
            all.push(Span {
                resource: resource.clone(),
                name: text("name"),
                id: text("spanId"),
                parent: text("parentSpanId"),
                fields: attributes(&span["attributes"]),
                is_error: span["status"]["code"] == 2,
            });
        }
    }
    all
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// `{"key": "a", "value": {"intValue": "1"}}` is `a: 1`.
fn attributes(list: &Value) -> BTreeMap<String, String> {
    let value = |value: &Value| {
        let value = value.as_object().and_then(|kinds| kinds.values().next()).cloned().unwrap_or_default();
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    };
    let all = items(list).iter();
    all.map(|it| (it["key"].as_str().unwrap_or_default().to_owned(), value(&it["value"]))).collect()
}
