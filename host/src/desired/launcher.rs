//! zuul-launcher: a StatefulSet, so that a pod may have a disk for the images that it uploads.

use super::config;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use super::probes;
use super::workload::{disruption_budget, stateful_set};
use crate::api::{CloudUser, LauncherType};
use crate::names::Component;
use crate::render::METRICS_PORT;

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(launcher) = &context.instance.spec.launcher else { return Vec::new() };
    if launcher.type_ == LauncherType::Nodepool {
        return Vec::new();
    }
    let settings = &launcher.component.pod;
    let mut files = config::zuul_files(context, Component::Launcher);
    let env = config::external(context, CloudUser::Launcher, &mut files);
    let pod = Pod {
        command: config::command(context, Component::Launcher),
        ports: vec![("metrics", METRICS_PORT)],
        probes: probes::zuul(),
        files,
        env,
        ..Pod::new(Component::Launcher, settings)
    };
    vec![
        stateful_set(context, pod, settings.count, Vec::new()),
        disruption_budget(context, Component::Launcher),
    ]
}
