//! The patch of a pod template.

use k8s_openapi::api::core::v1::{PodSpec, PodTemplateSpec};
use serde_json::Value;

use super::{Report, syntax, variables, volume};
use crate::api::PodSettings;
use crate::diagnostic::{FieldPath, Finding};
use crate::validate::embedded;

/// Sections whose pods read a zuul.conf, in a container of the section's name.
const ZUULS: [&str; 6] = ["scheduler", "executor", "merger", "web", "fingergw", "launcher"];

/// What is wrong whatever it is merged with; the rest is looked at in the finished pods.
pub fn check(patch: &Value, section: &str, report: &mut Report) {
    let path = &FieldPath::spec().key(section).key("patch");
    nulls(patch, path, report);
    metadata(patch, path, report);
    let Ok(PodTemplateSpec { spec: Some(pod), .. }) = serde_json::from_value(patch.clone()) else { return };
    let path = path.key("spec");
    report.is_patch = true;
    super::one(&as_settings(&pod), &path, report);
    volume::containers(&pod.containers, &path.key("containers"), report);
    report.is_patch = false;
    // There are none that they could be merged with.
    let first = pod.init_containers.as_deref().unwrap_or_default();
    volume::containers(first, &path.key("initContainers"), report);
    let own =
        pod.containers.iter().enumerate().filter(|(_, it)| it.name == section && ZUULS.contains(&section));
    for (index, container) in own {
        let env = path.key("containers").index(index).key("env");
        variables::home(container.env.as_deref().unwrap_or_default(), &env, report);
        let raw = &patch["spec"]["containers"][index]["env"];
        embedded::variables(raw, &env, &mut report.findings);
    }
}

/// The fields that stand in a section, too.
fn as_settings(pod: &PodSpec) -> PodSettings {
    PodSettings {
        node_selector: pod.node_selector.clone().unwrap_or_default(),
        affinity: pod.affinity.clone(),
        tolerations: pod.tolerations.clone().unwrap_or_default(),
        topology_spread_constraints: pod.topology_spread_constraints.clone().unwrap_or_default(),
        priority_class_name: pod.priority_class_name.clone(),
        host_aliases: pod.host_aliases.clone().unwrap_or_default(),
        volumes: pod.volumes.clone().unwrap_or_default(),
        ..PodSettings::default()
    }
}

fn metadata(patch: &Value, path: &FieldPath, report: &mut Report) {
    let metadata = |field: &str| patch["metadata"][field].as_object().into_iter().flatten();
    for (key, value) in metadata("labels") {
        let path = path.key("metadata").key("labels").key(key);
        report.text(path.clone(), key, syntax::qualified_name);
        report.text(path, value.as_str().unwrap_or_default(), syntax::label_value);
    }
    for (key, _) in metadata("annotations") {
        let path = path.key("metadata").key("annotations").key(key);
        report.text(path, &key.to_lowercase(), syntax::qualified_name);
    }
    if patch["spec"]["restartPolicy"].as_str().is_some_and(|policy| policy != "Always") {
        let path = path.key("spec").key("restartPolicy");
        report.refused(path, "these pods are always started again", "Always, or nothing");
    }
}

/// It is merged, so `null` in it removes nothing, although with `kubectl patch` it would.
fn nulls(value: &Value, path: &FieldPath, report: &mut Report) {
    match value {
        Value::Null => report.findings.push(
            Finding::error(
                "PatchRemoves",
                path.clone(),
                "a patch cannot remove anything: null does nothing here",
            )
            .expected("what is to be there instead")
            .cure("remove the line, or write another value"),
        ),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| nulls(item, &path.index(index), report));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| nulls(value, &path.key(key), report)),
        _ => {}
    }
}
