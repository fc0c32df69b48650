//! zuul-scheduler: a StatefulSet, so that the one pod in which a reconfiguration runs has a name.

use super::config;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use super::probes;
use super::workload::{disruption_budget, stateful_set};
use crate::api::CloudUser;
use crate::names::Component;
use crate::render::{METRICS_PORT, TENANTS};

/// Its objects. Without a tenant configuration no pod is started: on an empty ZooKeeper Zuul would not
/// boot, and on another one its tenants would be lost.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(scheduler) = &context.instance.spec.scheduler else { return Vec::new() };
    let settings = &scheduler.component.pod;
    let mut files = config::zuul_files(context, Component::Scheduler);
    let env = config::external(context, CloudUser::Scheduler, &mut files);
    let mut replicas = settings.count;
    match &context.instance.tenants {
        Some(tenants) => files.reloaded_folder(context, tenants, TENANTS),
        None => replicas = Some(0),
    }
    let pod = Pod {
        command: config::command(context, Component::Scheduler),
        ports: vec![("metrics", METRICS_PORT)],
        probes: probes::zuul(),
        files,
        env,
        ..Pod::new(Component::Scheduler, settings)
    };
    vec![stateful_set(context, pod, replicas, Vec::new()), disruption_budget(context, Component::Scheduler)]
}
