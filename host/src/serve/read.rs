//! What is asked at each scrape: the plugins and the lease.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use super::process::put;
use crate::cluster::lease::Leadership;
use crate::plugin::{Catalog, Counts};

/// What the plugins did so far.
pub(super) struct Plugins(Arc<Catalog>);

impl Plugins {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        Self(catalog)
    }
}

impl fmt::Debug for Plugins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Plugins").field(&self.0.counts()).finish()
    }
}

impl Collector for Plugins {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Counts { calls, fuel, remembered, compiled, traps } = self.0.counts();
        for (name, help, count) in [
            ("calls", "Calls into plugins", calls),
            ("fuel", "Instructions of plugins", fuel),
            ("memo_hits", "Answers of plugins that were known already", remembered),
            ("compiled", "Plugins compiled", compiled),
            ("traps", "Calls that were ended instead of giving an answer", traps),
        ] {
            let name = format!("zuul_operator_plugin_{name}");
            put(&mut encoder, &name, help, None, &ConstCounter::new(count))?;
        }
        Ok(())
    }
}

/// Whether this process leads.
#[derive(Debug)]
pub(super) struct Lease(pub(super) Leadership);

impl Collector for Lease {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let gauge = ConstGauge::new(i64::from(self.0.may_write()));
        put(&mut encoder, "zuul_operator_lease_held", "Whether this process leads, 1 or 0", None, &gauge)
    }
}
