//! zuul-fingergw: a Deployment; its Service has the well-known port.

use super::config;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use super::probes;
use super::workload::{deployment, disruption_budget, service};
use crate::names::Component;
use crate::render::{FINGER_PORT, METRICS_PORT};

/// RFC 1288.
const WELL_KNOWN_PORT: u16 = 79;

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(fingergw) = &context.instance.spec.fingergw else { return Vec::new() };
    let pod = Pod {
        command: config::command(context, Component::Fingergw),
        ports: vec![("finger", FINGER_PORT), ("metrics", METRICS_PORT)],
        probes: probes::zuul(),
        files: config::zuul_files(context, Component::Fingergw),
        ..Pod::new(Component::Fingergw, &fingergw.pod)
    };
    vec![
        service(context, Component::Fingergw, &fingergw.pod, &[("finger", WELL_KNOWN_PORT, "finger")]),
        deployment(context, Component::Fingergw.as_str(), pod, fingergw.pod.count, false),
        disruption_budget(context, Component::Fingergw),
    ]
}
