//! zuul-merger: a StatefulSet, so that a pod finds its git cache again.

use super::config;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use super::probes;
use super::workload::{disruption_budget, stateful_set};
use crate::names::Component;
use crate::render::METRICS_PORT;

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(merger) = &context.instance.spec.merger else { return Vec::new() };
    let pod = Pod {
        command: config::command(context, Component::Merger),
        ports: vec![("metrics", METRICS_PORT)],
        probes: probes::zuul(),
        files: config::zuul_files(context, Component::Merger),
        ..Pod::new(Component::Merger, &merger.pod)
    };
    vec![
        stateful_set(context, pod, merger.pod.count, Vec::new()),
        disruption_budget(context, Component::Merger),
    ]
}
