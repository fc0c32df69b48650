//! clouds.yaml, in which connections of the driver openstack look their clouds up.
//!
//! It is a Secret of `spec.externalConfig` for those that log in. Scheduler and web need it as well, web does
//! not start without, but neither logs in: unless the user gives them all of it, they get it without
//! credentials.

use std::collections::BTreeSet;

use super::references::Facts;
use super::{Clouds, Instance};
use crate::api::{CloudUser, ExternalConfig, PodSettings};
use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding, did_you_mean, listed};
use crate::inputs::{CLOUDS_KEY, OPENSTACK};
use crate::mask;
use crate::secret::SecretRef;

pub fn check(instance: &mut Instance, facts: &mut Facts<'_>) {
    let path = FieldPath::spec().key("externalConfig").key(OPENSTACK);
    let mut wanted: Vec<(FieldPath, Option<String>)> = Vec::new();
    for connection in instance.connections.iter().filter(|connection| connection.driver == OPENSTACK) {
        let cloud = connection.options.iter().find(|entry| entry.name == "cloud");
        let name = match cloud.map(|entry| &entry.setting) {
            Some(Setting::Text(name)) => Some(name.clone()),
            _ => None,
        };
        wanted.push((FieldPath::spec().key("connections").key(&connection.name).key("cloud"), name));
    }
    let Some((first, _)) = wanted.first() else { return };
    let Some(config) = instance.spec.external_config.get(OPENSTACK).cloned() else {
        if !facts.left_out.covers(&path) && !may_bring_its_own(instance) {
            facts.lacks(none(first.clone()));
        }
        return;
    };
    let secret = SecretRef::new(&config.secret_name, CLOUDS_KEY);
    let masked = match facts.inputs.masked.get(&secret).cloned() {
        Some(Err(finding)) => {
            facts.wrong(finding);
            return;
        }
        Some(Ok(masked)) => Some(masked),
        None => None,
    };
    if let Some(names) = masked.as_deref().and_then(mask::cloud_names) {
        for (path, cloud) in &wanted {
            let Some(cloud) = cloud.as_ref().filter(|cloud| !names.contains(*cloud)) else { continue };
            facts.lacks(unknown(path.clone(), cloud, &config.secret_name, &names));
        }
    }
    if needs_redacted(instance, &config) {
        given(&path.key("secretName"), &config.secret_name, facts);
        instance.clouds = Some(Clouds { source: secret, redacted: masked });
    }
}

/// Whether scheduler or web are there, and do not have all of it.
fn needs_redacted(instance: &Instance, config: &ExternalConfig) -> bool {
    let (scheduler, web) = (instance.spec.scheduler.is_some(), instance.spec.web.is_some());
    let all = [(CloudUser::Scheduler, scheduler), (CloudUser::Web, web)];
    all.into_iter().any(|(user, is_there)| is_there && !config.components.contains(&user))
}

/// Looks for the key. Offline, that the Secret was not given is told where the file is made of it.
fn given(path: &FieldPath, name: &str, facts: &mut Facts<'_>) {
    if !facts.inputs.complete {
        facts.expect("Secret", name);
    }
    let Some(secret) = facts.mounted(path, name) else { return };
    if !secret.keys.contains(CLOUDS_KEY) {
        facts.wrong(
            Finding::error(
                "SecretKeyMissing",
                path.clone(),
                format!("Secret {name} has no key {CLOUDS_KEY}"),
            )
            .expected(format!("{CLOUDS_KEY} among its keys: {}", listed(&secret.keys)))
            .cure(format!("store the file under the key {CLOUDS_KEY}")),
        );
    }
}

/// Whether a pod that needs a clouds.yaml has files of the user's where openstacksdk looks, or may have.
fn may_bring_its_own(instance: &Instance) -> bool {
    let spec = &instance.spec;
    let scheduler = spec.scheduler.as_ref().map(|it| &it.component.pod);
    let launcher = spec.launcher.as_ref().map(|it| &it.component.pod);
    let web = spec.web.as_ref().map(|it| &it.pod);
    let mounts = |pod: &PodSettings| {
        pod.patch.is_some() || pod.volume_mounts.iter().any(|it| it.mount_path.contains(OPENSTACK))
    };
    [scheduler, launcher, web].into_iter().flatten().any(mounts)
}

fn none(path: FieldPath) -> Finding {
    Finding::error(
        "NoClouds",
        path,
        "there is no clouds.yaml with this cloud: zuul-web does not start, launchers never get ready",
    )
    .expected("a Secret with clouds.yaml in spec.externalConfig.openstack")
    .cure("add externalConfig.openstack with the secretName of such a Secret")
}

fn unknown(path: FieldPath, cloud: &str, secret: &str, names: &BTreeSet<String>) -> Finding {
    let cure = match did_you_mean(cloud, names.iter().map(String::as_str)) {
        Some(guess) => format!("did you mean {guess}?"),
        None => format!("add it to {CLOUDS_KEY}, or name another cloud"),
    };
    let expected = match names.len() {
        0 => format!("a cloud below `clouds` in {CLOUDS_KEY}; there is none"),
        _ => format!("one of its clouds: {}", listed(names)),
    };
    let message = format!("{CLOUDS_KEY} in Secret {secret} has no cloud {cloud}");
    Finding::error("CloudMissing", path, message).expected(expected).cure(cure)
}
