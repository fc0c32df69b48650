//! zuul-executor: a StatefulSet with a headless Service, because web and fingergw connect to each
//! executor by its name, also while it drains.

use k8s_openapi::api::core::v1::{Volume, VolumeMount};

use super::config;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use super::probes;
use super::security::Privileges;
use super::workload::{disruption_budget, headless_service, stateful_set};
use crate::api::{CloudUser, ExecutorMode, JobAccess, JobVolume};
use crate::names::Component;
use crate::render::{LOG_STREAM_PORT, METRICS_PORT};
use crate::validate::ConfigFile;

/// Seconds that a job may take before the pod is killed: an executor that is told to stop runs its jobs
/// to their end first. The same six hours that zuul-operator gives.
const GRACE_SECONDS: i64 = 21_600;

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(executor) = &context.instance.spec.executor else { return Vec::new() };
    let settings = &executor.component.pod;
    let mut files = config::zuul_files(context, Component::Executor);
    let env = config::external(context, CloudUser::Executor, &mut files);
    if let Some(key) = &executor.sshkey {
        files.secret(context, &key.secret_name, key.key.as_deref().unwrap_or("sshkey"), "executor/sshkey");
    }
    if let Some(variables) = &context.instance.site_variables {
        let ConfigFile { key, .. } = variables;
        files.live(variables, &format!("variables/{key}"));
    }
    let pod = Pod {
        command: config::command(context, Component::Executor),
        ports: vec![("log-stream", LOG_STREAM_PORT), ("metrics", METRICS_PORT)],
        probes: probes::zuul(),
        files,
        env,
        volumes: job_volumes(context),
        privileges: match executor.mode {
            ExecutorMode::Privileged => Privileges::Privileged,
            ExecutorMode::UserNamespace => Privileges::UserNamespace,
        },
        grace_seconds: GRACE_SECONDS,
        ..Pod::new(Component::Executor, settings)
    };
    vec![
        headless_service(context, Component::Executor, &[("log-stream", LOG_STREAM_PORT, "log-stream")]),
        stateful_set(context, pod, settings.count, Vec::new()),
        disruption_budget(context, Component::Executor),
    ]
}

/// One volume may serve several paths, and one path both contexts: each is there once. Where one of them
/// may write, the mount is writable, and the sandbox of the other is read-only.
fn job_volumes(context: &Context<'_>) -> Vec<(Option<Volume>, VolumeMount)> {
    let volumes = &context.instance.spec.job_volumes;
    let same =
        |job: &JobVolume, other: &JobVolume| job.path == other.path && job.volume.name == other.volume.name;
    let first = |(index, job): &(usize, &JobVolume)| !volumes[..*index].iter().any(|other| same(job, other));
    let writable = |job: &JobVolume| volumes.iter().any(|it| same(job, it) && it.access == JobAccess::Rw);
    volumes
        .iter()
        .enumerate()
        .filter(first)
        .map(|(_, job)| {
            let mount = VolumeMount {
                name: job.volume.name.clone(),
                mount_path: job.path.clone(),
                read_only: (!writable(job)).then_some(true),
                ..VolumeMount::default()
            };
            (Some(job.volume.clone()), mount)
        })
        .collect()
}
