//! What the operator tells of itself over HTTP: metrics, and whether it is alive and ready.

mod health;
mod http;
mod process;
mod read;

use std::sync::Arc;

use crate::cluster::lease::Leadership;
use crate::metrics::Metrics;
use crate::plugin::Catalog;

pub use health::Health;
pub use http::{Limits, serve};

/// What is served.
#[derive(Clone, Debug)]
pub struct Signals {
    /// `/metrics`.
    pub metrics: Arc<Metrics>,
    /// `/healthz` and `/readyz`.
    pub health: Arc<Health>,
}

/// Metrics that also tell of the process, of the plugins and of the lease, which are asked at each scrape.
#[must_use]
pub fn metrics(plugins: Arc<Catalog>, leadership: Leadership) -> Metrics {
    let mut metrics = Metrics::default();
    metrics.ask(process::Process);
    metrics.ask(read::Plugins::new(plugins));
    metrics.ask(read::Lease(leadership));
    metrics
}
