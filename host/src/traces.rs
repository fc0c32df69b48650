//! Spans of this program, sent to an OpenTelemetry collector; nothing else here knows OpenTelemetry.
//!
//! What leaves the process is decided by `is_sent`, and is less than what a log may hold: spans of this program
//! only, no lines of the log, and no spans of libraries, as those of kube hold objects. The spans' fields are names, counts
//! and words of fixed sets. A count is an `i64`, as OpenTelemetry has no other whole number, and an `u64` would be sent as a text.
//!
//! A thread of its own sends them, by a queue of fixed length: what does not fit is dropped, and nobody waits.

mod collector;
mod send;

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

pub use collector::Collector;
use send::Sender;

/// What the spans are said to be of, if nobody says otherwise.
const SERVICE: &str = "zuul-operator";
/// How long the end of the process waits for the last spans.
const LAST: Duration = Duration::from_secs(2);

/// Spans on their way to a collector.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Starts the thread that sends. Asks nothing of the collector: one that is not there yet may come later.
    ///
    /// The library itself reads how long its queue is, which part is sent, headers and compression
    /// (`OTEL_BSP_*`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_EXPORTER_OTLP_COMPRESSION`).
    ///
    /// # Errors
    /// No connection could ever be made; the sentence says why.
    pub fn open(collector: &Collector) -> anyhow::Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender::open(collector)?)
            .with_endpoint(collector.uri().to_string())
            .with_protocol(Protocol::HttpJson)
            .with_timeout(collector.patience())
            .build()?;
        let provider = SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter);
        Ok(Self(provider.build()))
    }

    /// What takes the spans from `tracing`.
    #[must_use]
    pub fn layer<S>(&self) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        let sent = filter_fn(is_sent).with_max_level_hint(LevelFilter::DEBUG);
        let layer = tracing_opentelemetry::layer().with_tracer(self.0.tracer(SERVICE));
        layer.with_location(false).with_threads(false).with_target(false).with_filter(sent).boxed()
    }

    /// Sends what is left, and stops. After two seconds the rest is lost, and who could not get rid of it has said so.
    pub fn end(&self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST) {
            tracing::debug!("the last spans were not sent: {error}");
        }
    }
}

/// Whether something of `tracing` is sent; see the top of this file.
fn is_sent(metadata: &Metadata<'_>) -> bool {
    let is_own = metadata.target().split("::").next() == Some(env!("CARGO_CRATE_NAME"));
    is_own && metadata.is_span() && *metadata.level() <= Level::DEBUG
}

/// What tells this process from others. The variables count before what is known here.
fn resource() -> Resource {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let known = [
        ("service.name", Some(SERVICE.to_owned())),
        ("service.version", Some(env!("CARGO_PKG_VERSION").to_owned())),
        // In a pod, its name.
        ("service.instance.id", variable("HOSTNAME")),
    ];
    let known = known.into_iter().filter_map(|(name, value)| Some(KeyValue::new(name, value?)));
    let resource = Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes(known)
        .with_detector(Box::new(EnvResourceDetector::new()));
    match variable("OTEL_SERVICE_NAME") {
        Some(name) => resource.with_service_name(name).build(),
        None => resource.build(),
    }
}
