//! Volumes, and where they are mounted.

use k8s_openapi::api::core::v1::{Container, Volume, VolumeMount};
use serde::Serialize;

use super::{Report, container, fields, syntax, table};
use crate::api::PodSettings;
use crate::diagnostic::FieldPath;

pub fn volumes(settings: &PodSettings, path: &FieldPath, report: &mut Report) {
    for (index, volume) in settings.volumes.iter().enumerate() {
        check(volume, &path.key("volumes").index(index), report);
    }
    mounts(&settings.volume_mounts, &path.key("volumeMounts"), report);
    containers(&settings.sidecars, &path.key("sidecars"), report);
}

/// Containers with what they mount.
pub fn containers(containers: &[Container], path: &FieldPath, report: &mut Report) {
    for (index, container) in containers.iter().enumerate() {
        let path = path.index(index);
        container::sidecar(container, &path, report);
        mounts(container.volume_mounts.as_deref().unwrap_or_default(), &path.key("volumeMounts"), report);
    }
}

/// A volume has a name that may be that of a mount, and one source.
pub fn check(volume: &Volume, path: &FieldPath, report: &mut Report) {
    report.text(path.key("name"), &volume.name, syntax::dns_label);
    // The name is the other field; without a source it is an empty folder.
    if sources(volume) > 2 {
        report.refused(path.clone(), format!("the volume {} has several sources", volume.name), "one source");
    }
    table::check(volume, fields::VOLUME, path, report);
}

/// How many fields an object of Kubernetes' has.
pub fn sources<T: Serialize>(object: &T) -> usize {
    serde_json::to_value(object)
        .ok()
        .and_then(|value| value.as_object().map(serde_json::Map::len))
        .unwrap_or(0)
}

fn mounts(mounts: &[VolumeMount], path: &FieldPath, report: &mut Report) {
    table::check(&mounts, fields::MOUNTS, path, report);
    for (index, mount) in mounts.iter().enumerate() {
        let path = path.index(index);
        if !is_plain(&mount.mount_path) {
            let message = format!("nothing can be mounted at {:?}", mount.mount_path);
            report.refused(path.key("mountPath"), message, "an absolute path without '..', '//' and ':'");
        }
        let below = mount.sub_path.as_deref().unwrap_or_default();
        if below.starts_with('/') || below.split('/').any(|step| step == "..") {
            report.refused(path.key("subPath"), "a path out of the volume", "a relative path without '..'");
        }
        if !below.is_empty() && mount.sub_path_expr.as_ref().is_some_and(|path| !path.is_empty()) {
            report.refused(
                path.key("subPathExpr"),
                "a part of the volume in two ways",
                "subPath or subPathExpr",
            );
        }
    }
}

/// An absolute path of which there is one way to write it: the operator and the API server compare paths as
/// texts.
pub fn is_plain(path: &str) -> bool {
    let is_step = |step: &str| !matches!(step, "" | "." | "..");
    !path.contains([':', '\0']) && path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_step))
}
