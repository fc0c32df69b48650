//! What the operator counts. Whoever does something notes it here, and knows nothing of HTTP or of a text format.
//!
//! Names of objects become labels for Zuuls alone, which are few and are forgotten when they are gone; every
//! other label has a fixed set of values. No value comes from a Secret.

mod zuuls;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use zuuls::Zuuls;

/// Before each name, as Prometheus has it.
pub const PREFIX: &str = "zuul_operator";

/// The upper ends of the histogram of reconciles, in seconds: one where nothing changed takes a millisecond,
/// one that makes everything less than a second, one at a slow API server minutes.
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0, 120.0];

/// How a reconcile ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it should be.
    Done,
    /// The Zuul has errors, and nothing was applied.
    Invalid,
    /// Something was in the way; it is tried again.
    Failed,
}

impl Outcome {
    /// As the label `result` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reconcile {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Write {
    verb: &'static str,
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    verb: &'static str,
    kind: &'static str,
    code: u16,
}

type Seconds = Counter<f64, AtomicU64>;

/// All counters. For any number of threads; noting something costs less than a microsecond.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    reconciles: Family<Reconcile, Counter>,
    durations: Histogram,
    waiting: Seconds,
    writes: Family<Write, Counter>,
    requests: Family<Request, Counter>,
    zuuls: Arc<Zuuls>,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Registry::default(),
            reconciles: Family::default(),
            durations: Histogram::new(BUCKETS),
            waiting: Seconds::default(),
            writes: Family::default(),
            requests: Family::default(),
            zuuls: Arc::default(),
        };
        metrics.registered()
    }
}

impl Metrics {
    fn registered(mut self) -> Self {
        let ours = self.registry.sub_registry_with_prefix(PREFIX);
        ours.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        ours.register("reconciles", "Reconciles, by how they ended", self.reconciles.clone());
        let help = "How long reconciles took";
        ours.register_with_unit("reconcile_duration", help, Unit::Seconds, self.durations.clone());
        let help = "How long requests to the API server took, all together, watches left out";
        ours.register_with_unit("request_duration", help, Unit::Seconds, self.waiting.clone());
        ours.register("writes", "Writes that the API server accepted", self.writes.clone());
        let help = "Requests to the API server by status; code 0 is one without an answer";
        ours.register("requests", help, self.requests.clone());
        self.registry.register_collector(Box::new(Arc::clone(&self.zuuls)));
        self
    }

    /// Adds what is asked at each scrape.
    pub fn ask(&mut self, collector: impl Collector) {
        self.registry.register_collector(Box::new(collector));
    }

    /// A reconcile ended.
    pub fn reconciled(&self, outcome: Outcome, took: Duration) {
        self.reconciles.get_or_create(&Reconcile { result: outcome.as_str() }).inc();
        self.durations.observe(took.as_secs_f64());
    }

    /// A request ended, with this status; 0 if there was no answer. `kind` is one of a fixed set.
    pub fn requested(&self, verb: Verb, kind: &'static str, code: u16, took: Duration) {
        let name = verb.as_str();
        self.requests.get_or_create(&Request { verb: name, kind, code }).inc();
        if verb.is_write() && (200..300).contains(&code) {
            self.writes.get_or_create(&Write { verb: name, kind }).inc();
        }
        if verb != Verb::Watch {
            self.waiting.inc_by(took.as_secs_f64());
        }
    }

    /// How a Zuul is: whether its condition `Ready` is true, and the wave of its rollout, 0 where none is under
    /// way.
    pub fn zuul(&self, namespace: &str, name: &str, is_ready: bool, wave: u32) {
        self.zuuls.note(namespace, name, is_ready, wave);
    }

    /// A Zuul is gone.
    pub fn forget(&self, namespace: &str, name: &str) {
        self.zuuls.forget(namespace, name);
    }

    /// As text, in the format of OpenMetrics 1.0.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        text::encode(&mut text, &self.registry).expect("a string takes everything");
        text
    }
}

/// What a request does, as Kubernetes' roles name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Verb {
    Get,
    List,
    Watch,
    Create,
    Update,
    Patch,
    Delete,
}

impl Verb {
    /// As in a role's `verbs:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Watch => "watch",
            Self::Create => "create",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// Whether it changes something.
    #[must_use]
    pub const fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Patch | Self::Delete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(metrics: &Metrics) -> Vec<String> {
        metrics.text().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn what_was_noted_is_told() {
        let metrics = Metrics::default();
        metrics.reconciled(Outcome::Done, Duration::from_millis(3));
        metrics.reconciled(Outcome::Done, Duration::from_millis(30));
        metrics.requested(Verb::Patch, "Secret", 200, Duration::from_secs(1));
        metrics.requested(Verb::Patch, "Secret", 409, Duration::from_secs(1));
        metrics.requested(Verb::List, "Secret", 200, Duration::from_secs(1));
        metrics.requested(Verb::Watch, "Secret", 200, Duration::from_secs(300));
        let lines = lines(&metrics);
        for line in [
            "zuul_operator_reconciles_total{result=\"done\"} 2",
            "zuul_operator_reconcile_duration_seconds_bucket{le=\"0.005\"} 1",
            "zuul_operator_reconcile_duration_seconds_bucket{le=\"0.1\"} 2",
            "zuul_operator_writes_total{verb=\"patch\",kind=\"Secret\"} 1",
            "zuul_operator_requests_total{verb=\"patch\",kind=\"Secret\",code=\"409\"} 1",
            "zuul_operator_requests_total{verb=\"list\",kind=\"Secret\",code=\"200\"} 1",
            "zuul_operator_request_duration_seconds_total 3.0",
        ] {
            assert!(lines.iter().any(|it| it == line), "{line} is not in {lines:#?}");
        }
        let writes: Vec<_> = lines.iter().filter(|line| line.contains("writes_total")).collect();
        assert_eq!(writes.len(), 1, "what was refused, and what only reads, is no write: {writes:?}");
    }

    #[test]
    fn zuuls_are_counted_while_they_are_there() {
        let metrics = Metrics::default();
        metrics.zuul("a", "zuul", true, 0);
        metrics.zuul("b", "zuul", false, 0);
        metrics.zuul("b", "zuul", false, 2);
        let told = |line: &str| lines(&metrics).iter().any(|it| it == line);
        assert!(told("zuul_operator_zuuls{ready=\"true\"} 1"));
        assert!(told("zuul_operator_zuuls{ready=\"false\"} 1"));
        assert!(told("zuul_operator_wave{namespace=\"b\",name=\"zuul\"} 2"));
        metrics.forget("b", "zuul");
        assert!(told("zuul_operator_zuuls{ready=\"false\"} 0"));
        assert!(!metrics.text().contains("namespace=\"b\""));
    }
}
