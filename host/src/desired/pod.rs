//! A component's pods: what the component states, completed by what the user set.

use std::collections::BTreeMap;

use k8s_openapi::DeepMerge;
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, EmptyDirVolumeSource, EnvVar, Lifecycle, PodSpec, PodTemplateSpec,
    TopologySpreadConstraint, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::at_start;
use super::causes::Causes;
use super::context::Context;
use super::files::Files;
use super::probes::Probes;
use super::security::{self, Privileges};
use crate::api::PodSettings;
use crate::names::Component;

/// The annotation with the hash of all inputs that make a pod restart.
pub const CONFIG_HASH: &str = "zuul-ci.org/config-hash";

/// What a component states of its pods.
pub struct Pod<'a> {
    pub component: Component,
    /// Nodepool's launchers: the shard.
    pub shard: Option<&'a str>,
    pub settings: &'a PodSettings,
    pub command: Vec<String>,
    pub ports: Vec<(&'static str, u16)>,
    pub probes: Probes,
    /// The folder with the files.
    pub folder: &'static str,
    pub files: Files,
    /// The writable home, and its volume unless that is a claim of the StatefulSet.
    pub home: &'static str,
    pub home_volume: Option<Volume>,
    /// The volume of /tmp.
    pub tmp_volume: Volume,
    /// More mounts, each with its volume unless that is a claim of the StatefulSet.
    pub volumes: Vec<(Option<Volume>, VolumeMount)>,
    pub env: Vec<EnvVar>,
    pub privileges: Privileges,
    pub listens_low: bool,
    pub grace_seconds: i64,
    pub lifecycle: Option<Lifecycle>,
}

impl<'a> Pod<'a> {
    /// A pod with nothing but a home.
    pub fn new(component: Component, settings: &'a PodSettings) -> Self {
        let home = match component {
            Component::NodepoolLauncher | Component::NodepoolBuilder => "/var/lib/nodepool",
            _ => "/var/lib/zuul",
        };
        Self {
            component,
            shard: None,
            settings,
            command: Vec::new(),
            ports: Vec::new(),
            probes: Probes::default(),
            folder: "/etc/zuul",
            files: Files::default(),
            home,
            home_volume: Some(empty_dir("home")),
            tmp_volume: empty_dir("tmp"),
            volumes: Vec::new(),
            env: Vec::new(),
            privileges: Privileges::Restricted,
            listens_low: false,
            grace_seconds: 60,
            lifecycle: None,
        }
    }

    /// The pod template, and what it is made of.
    pub fn template(mut self, context: &Context<'_>) -> (PodTemplateSpec, Causes) {
        // Without `..`: a new field that nobody handles does not compile.
        let PodSettings {
            count: _,
            image,
            image_pull_policy,
            resources,
            node_selector,
            affinity,
            tolerations,
            topology_spread_constraints,
            priority_class_name,
            host_network,
            host_aliases,
            labels,
            annotations,
            liveness_probe,
            readiness_probe,
            startup_probe,
            env,
            volumes,
            volume_mounts,
            sidecars,
            service_type: _,
            service_annotations: _,
            storage_class_name: _,
            storage_size: _,
            termination_grace_period_seconds,
            patch,
        } = self.settings;
        let (all_volumes, all_mounts) = self.storage(volumes, volume_mounts);
        let main = Container {
            name: self.component.to_string(),
            image: Some(context.image(self.component, image.as_ref())),
            image_pull_policy: image_pull_policy.clone(),
            command: some(self.command.clone()),
            ports: some(self.ports.iter().map(port).collect()),
            env: some(self.env(context, env)),
            resources: resources.clone(),
            volume_mounts: some(all_mounts),
            startup_probe: startup_probe.clone().or_else(|| self.probes.startup.clone()),
            liveness_probe: liveness_probe.clone().or_else(|| self.probes.liveness.clone()),
            readiness_probe: readiness_probe.clone().or_else(|| self.probes.readiness.clone()),
            lifecycle: self.lifecycle.clone(),
            security_context: Some(security::container(self.privileges)),
            ..Container::default()
        };
        let spec = PodSpec {
            containers: [main].into_iter().chain(sidecars.iter().cloned()).collect(),
            volumes: some(all_volumes),
            service_account_name: Some(context.name(self.component.as_str())),
            automount_service_account_token: Some(false),
            enable_service_links: Some(false),
            security_context: Some(security::pod(self.listens_low)),
            host_users: (self.privileges == Privileges::UserNamespace).then_some(false),
            image_pull_secrets: some(context.instance.spec.image_pull_secrets.clone()),
            node_selector: some_map(node_selector.clone()),
            affinity: affinity.clone(),
            tolerations: some(tolerations.clone()),
            topology_spread_constraints: Some(self.spread(context, topology_spread_constraints)),
            priority_class_name: priority_class_name.clone(),
            host_network: *host_network,
            dns_policy: (*host_network == Some(true)).then(|| "ClusterFirstWithHostNet".to_owned()),
            host_aliases: some(host_aliases.clone()),
            termination_grace_period_seconds: Some(
                termination_grace_period_seconds.unwrap_or(self.grace_seconds),
            ),
            ..PodSpec::default()
        };
        let metadata = ObjectMeta {
            labels: Some(labels.clone()),
            annotations: Some(annotations.clone()),
            ..ObjectMeta::default()
        };
        let mut template = PodTemplateSpec { metadata: Some(metadata), spec: Some(spec) };
        let patch = patch.clone().and_then(|patch| serde_json::from_value::<PodTemplateSpec>(patch).ok());
        if let Some(patch) = patch {
            template.merge_from(patch);
        }
        for (is_secret, name) in template.spec.iter().flat_map(at_start::sources) {
            self.files.uses(context, is_secret, name);
        }
        // Over the user's: without these the workload would lose its pods, or not restart them.
        let metadata = template.metadata.get_or_insert_default();
        metadata.labels.get_or_insert_default().extend(context.labels(self.component, self.shard));
        let annotations = metadata.annotations.get_or_insert_default();
        annotations.insert(CONFIG_HASH.to_owned(), self.files.hash());
        let mut causes = self.files.causes();
        causes.add_template(&template);
        (template, causes)
    }

    /// What the component needs, what the whole Zuul has, what the section has; the later wins. Jobs
    /// inherit the executor's environment, so it gets only its own.
    fn env(&self, context: &Context<'_>, own: &[EnvVar]) -> Vec<EnvVar> {
        let mut all: Vec<EnvVar> = Vec::new();
        let shared = match self.component {
            Component::Executor => &[][..],
            _ => &context.instance.spec.env,
        };
        // Zuul reads its configuration in the encoding of the locale.
        let base = [variable("HOME", self.home), variable("LANG", "C.UTF-8")];
        for new in base.iter().chain(&self.env).chain(shared).chain(own) {
            all.retain(|old| old.name != new.name);
            all.push(new.clone());
        }
        all
    }

    fn storage(&self, volumes: &[Volume], mounts: &[VolumeMount]) -> (Vec<Volume>, Vec<VolumeMount>) {
        let (mut all_volumes, mut all_mounts) = self.files.volumes(self.folder);
        all_volumes.extend(self.home_volume.clone());
        all_mounts.push(writable("home", self.home));
        all_volumes.push(self.tmp_volume.clone());
        all_mounts.push(writable("tmp", "/tmp"));
        for (volume, mount) in &self.volumes {
            if let Some(volume) = volume
                && all_volumes.iter().all(|other| other.name != volume.name)
            {
                all_volumes.push(volume.clone());
            }
            all_mounts.push(mount.clone());
        }
        all_volumes.extend(volumes.iter().cloned());
        all_mounts.extend(mounts.iter().cloned());
        (all_volumes, all_mounts)
    }

    /// Pods of a component keep apart if they can; the user's own word replaces it.
    fn spread(
        &self,
        context: &Context<'_>,
        own: &[TopologySpreadConstraint],
    ) -> Vec<TopologySpreadConstraint> {
        let selector = || Some(context.label_selector(self.component, self.shard));
        if own.is_empty() {
            return vec![TopologySpreadConstraint {
                max_skew: 1,
                topology_key: "kubernetes.io/hostname".to_owned(),
                when_unsatisfiable: "ScheduleAnyway".to_owned(),
                label_selector: selector(),
                ..TopologySpreadConstraint::default()
            }];
        }
        own.iter()
            .cloned()
            .map(|constraint| TopologySpreadConstraint {
                label_selector: constraint.label_selector.clone().or_else(selector),
                ..constraint
            })
            .collect()
    }
}

/// An environment variable.
pub fn variable(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.to_owned()), ..EnvVar::default() }
}

/// A volume that lives as long as its pod.
pub fn empty_dir(name: &str) -> Volume {
    Volume { name: name.to_owned(), empty_dir: Some(EmptyDirVolumeSource::default()), ..Volume::default() }
}

/// A writable mount.
pub fn writable(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.to_owned(), mount_path: path.to_owned(), ..VolumeMount::default() }
}

fn port((name, number): &(&'static str, u16)) -> ContainerPort {
    ContainerPort {
        name: Some((*name).to_owned()),
        container_port: i32::from(*number),
        protocol: Some("TCP".to_owned()),
        ..ContainerPort::default()
    }
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}

fn some_map(map: BTreeMap<String, String>) -> Option<BTreeMap<String, String>> {
    (!map.is_empty()).then_some(map)
}
