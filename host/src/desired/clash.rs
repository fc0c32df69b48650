//! What the user adds to a pod may clash with what is there: names and paths that must be unique, or must
//! be there.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Container, PodSpec, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::object::Object;
use super::section::Section;
use super::{beyond, folders};
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

/// All clashes in the pods of `objects`, each at the field of the user's that makes it, as far as one does.
pub fn check(objects: &[Object], instance: &Instance) -> Vec<Finding> {
    let spec = serde_json::to_value(&instance.spec).unwrap_or_default();
    let mut findings = Vec::new();
    for object in objects {
        let Some(template) = object.template() else { continue };
        let Some(pod) = template.spec.as_ref() else { continue };
        let mut volumes = claims(object);
        volumes.extend(pod.volumes.iter().flatten().map(|volume| volume.name.clone()));
        let section = Section::of(&spec, object.metadata().labels.as_ref());
        findings.extend(check_pod(pod, &volumes, &section));
        // A volume that was left out is there.
        let has_volumes = !instance.left_out.covers(&section.path().key("volumes"));
        for (index, container) in pod.containers.iter().enumerate() {
            if has_volumes {
                findings.extend(unknown_volumes(container, index, &volumes, &section));
            }
            findings.extend(unknown_ports(container, index, &section));
            findings.extend(beyond::check(container, index, pod, &section));
        }
        findings.extend(section.patched(pod));
        findings.extend(section.dropped(template.metadata.as_ref()));
        findings.extend(folders::check(pod, &section, instance));
    }
    findings
}

fn claims(object: &Object) -> Vec<String> {
    let Object::StatefulSet(set) = object else { return Vec::new() };
    let claims = set.spec.iter().flat_map(|spec| spec.volume_claim_templates.iter().flatten());
    claims.filter_map(|claim| claim.metadata.name.clone()).collect()
}

fn check_pod(pod: &PodSpec, volumes: &[String], section: &Section<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut clash = |what: &str, name: &str, path: FieldPath| {
        findings.push(
            Finding::error("PodClash", path, format!("{what} {name} is there twice in one pod"))
                .expected("a name or path that neither you nor the operator uses already")
                .cure("choose another one; `render` without it shows what is taken"),
        );
    };
    for name in twice(volumes.iter().map(String::as_str)) {
        clash("the volume", name, section.item("volumes", "name", name));
    }
    for name in twice(pod.containers.iter().map(|it| it.name.as_str())) {
        clash("the container", name, section.item("sidecars", "name", name));
    }
    for (index, container) in pod.containers.iter().enumerate() {
        let mounts = container.volume_mounts.iter().flatten();
        for path in twice(mounts.map(|mount| mount.mount_path.as_str())) {
            clash("the mount path", path, section.part(index, "volumeMounts", "mountPath", path));
        }
    }
    let ports = pod.containers.iter().flat_map(|container| container.ports.iter().flatten());
    twice(ports.filter_map(|port| port.name.as_deref())).for_each(|name| {
        let has_it = |container: &Container| {
            container.ports.iter().flatten().any(|port| port.name.as_deref() == Some(name))
        };
        let last = pod.containers.iter().rposition(has_it).unwrap_or_default();
        clash("the port", name, section.part(last, "ports", "name", name));
    });
    findings
}

fn unknown_volumes(
    container: &Container,
    index: usize,
    volumes: &[String],
    section: &Section<'_>,
) -> Vec<Finding> {
    let mounts = container.volume_mounts.iter().flatten();
    let unknown = mounts.filter(|mount| !volumes.contains(&mount.name));
    unknown
        .map(|mount| {
            Finding::error(
                "NoVolume",
                section.part(index, "volumeMounts", "name", &mount.name),
                format!("{} is mounted, but there is no such volume", mount.name),
            )
            .expected("the name of a volume of the pod")
            .cure("add the volume to `volumes`, or correct the name in `volumeMounts`")
        })
        .collect()
}

/// A probe of a port that is not there never succeeds.
fn unknown_ports(container: &Container, index: usize, section: &Section<'_>) -> Vec<Finding> {
    let ports: Vec<&str> = container.ports.iter().flatten().filter_map(|port| port.name.as_deref()).collect();
    let probes = [
        ("startupProbe", &container.startup_probe),
        ("livenessProbe", &container.liveness_probe),
        ("readinessProbe", &container.readiness_probe),
    ];
    let unknown = probes.into_iter().filter_map(|(field, probe)| {
        let (way, name) = probe.as_ref().and_then(port)?;
        (!ports.contains(&name)).then_some((field, way, name))
    });
    unknown
        .map(|(field, way, name)| {
            let path = section.container(index).key(field).key(way).key("port");
            Finding::error("NoPort", path, format!("the container {} has no port {name}", container.name))
                .expected(format!("one of its ports: {}", ports.join(", ")))
                .cure("correct the name, or write a number")
        })
        .collect()
}

/// How a probe asks, and the port that it names.
fn port(probe: &Probe) -> Option<(&'static str, &str)> {
    let (way, port) = match (&probe.http_get, &probe.tcp_socket) {
        (Some(get), _) => ("httpGet", &get.port),
        (None, Some(socket)) => ("tcpSocket", &socket.port),
        (None, None) => return None,
    };
    match port {
        IntOrString::String(name) => Some((way, name)),
        IntOrString::Int(_) => None,
    }
}

/// What occurs more than once.
fn twice<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    let again: BTreeSet<&str> = names.filter(|name| !seen.insert(*name)).collect();
    again.into_iter()
}
