//! How each Zuul is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;

/// By namespace and name.
#[derive(Debug, Default)]
pub(super) struct Zuuls(Mutex<BTreeMap<(String, String), Zuul>>);

#[derive(Clone, Copy, Debug)]
struct Zuul {
    is_ready: bool,
    wave: u32,
}

impl Zuuls {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, String), Zuul>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, namespace: &str, name: &str, is_ready: bool, wave: u32) {
        self.lock().insert((namespace.to_owned(), name.to_owned()), Zuul { is_ready, wave });
    }

    pub(super) fn forget(&self, namespace: &str, name: &str) {
        self.lock().remove(&(namespace.to_owned(), name.to_owned()));
    }
}

impl Collector for Zuuls {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let zuuls = self.lock();
        let help = "Zuuls, by whether they are ready";
        let mut family = encoder.encode_descriptor("zuul_operator_zuuls", help, None, MetricType::Gauge)?;
        for ready in [true, false] {
            let count = zuuls.values().filter(|zuul| zuul.is_ready == ready).count();
            let labels = [("ready", if ready { "true" } else { "false" })];
            gauge(count).encode(family.encode_family(&labels)?)?;
        }
        let help = "The wave of a Zuul's rollout, 0 where none is under way";
        let mut family = encoder.encode_descriptor("zuul_operator_wave", help, None, MetricType::Gauge)?;
        for ((namespace, name), zuul) in zuuls.iter() {
            let labels = [("namespace", namespace.as_str()), ("name", name.as_str())];
            ConstGauge::new(i64::from(zuul.wave)).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

fn gauge(count: usize) -> ConstGauge {
    ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX))
}
