//! What the user adds to a pod may clash with what is there: names and paths that must be unique.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{Container, PodSpec};

use super::object::Object;
use crate::diagnostic::{FieldPath, Finding};
use crate::validate::Instance;

/// A file of the user's that the operator would write over with one of its own.
pub fn overwrites(objects: &[Object], instance: &Instance) -> Vec<Finding> {
    let used = |kind: &str, name: &Option<String>| {
        let name = name.as_deref()?;
        instance.versions.contains_key(&format!("{kind}/{name}")).then(|| {
            Finding::error(
                "NameTaken",
                FieldPath::spec(),
                format!("{kind} {name} is a source of this Zuul, and what the operator would write"),
            )
            .cure(format!("rename the {kind}, and the reference to it"))
        })
    };
    objects
        .iter()
        .filter_map(|object| match object {
            Object::Secret(secret) => used("Secret", &secret.metadata.name),
            Object::ConfigMap(config) => used("ConfigMap", &config.metadata.name),
            _ => None,
        })
        .collect()
}

/// All clashes in the pods of `objects`, each at the section of its component.
pub fn check(objects: &[Object], instance: &Instance) -> Vec<Finding> {
    let mut findings = Vec::new();
    for object in objects {
        let (labels, template) = match object {
            Object::StatefulSet(object) => {
                (&object.metadata.labels, object.spec.as_ref().map(|spec| &spec.template))
            }
            Object::Deployment(object) => {
                (&object.metadata.labels, object.spec.as_ref().map(|spec| &spec.template))
            }
            _ => continue,
        };
        let Some(pod) = template.and_then(|template| template.spec.as_ref()) else { continue };
        let mut volumes = claims(object);
        volumes.extend(pod.volumes.iter().flatten().map(|volume| volume.name.clone()));
        let path = section(labels.as_ref());
        check_pod(pod, &volumes, &path, &mut findings);
        // A volume that was left out is there.
        if !instance.left_out.covers(&path.key("volumes")) {
            let containers = pod.containers.iter();
            findings.extend(containers.flat_map(|container| unknown_volumes(container, &volumes, &path)));
        }
    }
    findings
}

/// The section of the object in which a component's pods are described.
fn section(labels: Option<&BTreeMap<String, String>>) -> FieldPath {
    let component = labels.and_then(|labels| labels.get("app.kubernetes.io/component"));
    FieldPath::spec().key(match component.map_or("", String::as_str) {
        "nodepool-launcher" => "launcher",
        "nodepool-builder" => "builder",
        component => component,
    })
}

fn claims(object: &Object) -> Vec<String> {
    let Object::StatefulSet(set) = object else { return Vec::new() };
    let claims = set.spec.iter().flat_map(|spec| spec.volume_claim_templates.iter().flatten());
    claims.filter_map(|claim| claim.metadata.name.clone()).collect()
}

fn check_pod(pod: &PodSpec, volumes: &[String], path: &FieldPath, findings: &mut Vec<Finding>) {
    let mut clash = |what: &str, name: &str| {
        findings.push(
            Finding::error("PodClash", path.clone(), format!("{what} {name} is there twice in one pod"))
                .expected("a name or path that neither you nor the operator uses already")
                .cure("choose another one; `render` without it shows what is taken"),
        );
    };
    twice(volumes.iter().map(String::as_str)).for_each(|name| clash("the volume", name));
    twice(pod.containers.iter().map(|it| it.name.as_str())).for_each(|name| clash("the container", name));
    for container in &pod.containers {
        let mounts = container.volume_mounts.iter().flatten();
        twice(mounts.map(|mount| mount.mount_path.as_str())).for_each(|path| clash("the mount path", path));
    }
    let ports = pod.containers.iter().flat_map(|container| container.ports.iter().flatten());
    twice(ports.filter_map(|port| port.name.as_deref())).for_each(|name| clash("the port", name));
}

fn unknown_volumes(container: &Container, volumes: &[String], path: &FieldPath) -> Vec<Finding> {
    let mounts = container.volume_mounts.iter().flatten();
    let unknown = mounts.filter(|mount| !volumes.contains(&mount.name));
    unknown
        .map(|mount| {
            Finding::error(
                "NoVolume",
                path.clone(),
                format!("{} is mounted, but there is no such volume", mount.name),
            )
            .expected("the name of a volume of the pod")
            .cure("add the volume to `volumes`, or correct the name in `volumeMounts`")
        })
        .collect()
}

/// What occurs more than once.
fn twice<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    let again: BTreeSet<&str> = names.filter(|name| !seen.insert(*name)).collect();
    again.into_iter()
}
