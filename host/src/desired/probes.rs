//! Probes on Zuul's health endpoints.

use k8s_openapi::api::core::v1::{HTTPGetAction, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// The three probes of a container.
#[derive(Default)]
pub struct Probes {
    pub startup: Option<Probe>,
    pub liveness: Option<Probe>,
    pub readiness: Option<Probe>,
}

/// For components of Zuul itself.
///
/// Until ZooKeeper is reached the port is not even open, and Zuul waits for ever; so the first start
/// has half an hour, and liveness is patient. What the endpoints do not know (ZooKeeper, the
/// database) is not asked of them.
pub fn zuul() -> Probes {
    let probe = |path: &str, period: i32, failures: i32| Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.to_owned()),
            port: IntOrString::String("metrics".to_owned()),
            ..HTTPGetAction::default()
        }),
        period_seconds: Some(period),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        ..Probe::default()
    };
    Probes {
        startup: Some(probe("/health/live", 10, 180)),
        liveness: Some(probe("/health/live", 20, 6)),
        readiness: Some(probe("/health/ready", 10, 3)),
    }
}
