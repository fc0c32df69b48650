//! The pod that Nodepool makes of a label (`KubernetesProvider.getPodBodyNodepool`), which Zuul wants in full.

use serde_json::{Map, Value, json};

use super::findings::Findings;
use super::objects::Settings;
use super::read::At;
use super::table::{Fate, Row, Shape, row};

/// What a label may say of its pod.
pub(super) const ROWS: &[Row] = &[
    row("spec", Shape::Map, Fate::Read),
    row("image", Shape::Text, Fate::Read),
    row("image-pull", Shape::Text, Fate::Read),
    row("cpu", Shape::Integer, Fate::Read),
    row("memory", Shape::Integer, Fate::Read),
    row("storage", Shape::Integer, Fate::Read),
    row("cpu-limit", Shape::Integer, Fate::Read),
    row("memory-limit", Shape::Integer, Fate::Read),
    row("storage-limit", Shape::Integer, Fate::Read),
    row("gpu", Shape::Number, Fate::Read),
    row("gpu-resource", Shape::Text, Fate::Read),
    row("env", Shape::List, Fate::Read),
    row("node-selector", Shape::Map, Fate::Read),
    row("privileged", Shape::Flag, Fate::Read),
    row("scheduler-name", Shape::Text, Fate::Read),
    row("volumes", Shape::List, Fate::Read),
    row("volume-mounts", Shape::List, Fate::Read),
];

/// What stands in a label and, as a default, in its pool; its name in Kubernetes, and its unit.
const RESOURCES: [(&str, &str, &str); 3] =
    [("cpu", "cpu", ""), ("memory", "memory", "Mi"), ("storage", "ephemeral-storage", "M")];

/// Sets `spec` of a label.
pub(super) fn spec(findings: &mut Findings, name: &str, pool: &At<'_>, at: &At<'_>, settings: &mut Settings) {
    if let Some(spec @ Value::Object(_)) = at.value("spec") {
        findings.open(at.at("spec"), "spec");
        return settings.set("spec", spec.clone());
    }
    let Some(image) = at.text("image") else {
        if at.value("image").is_none() {
            findings.missing(at.at("image"), "image or spec");
        }
        return;
    };
    let mut container = Map::new();
    let mut set = |key: &str, value: Value| container.insert(key.to_owned(), value);
    set("name", name.into());
    set("image", image.into());
    set("imagePullPolicy", at.text("image-pull").unwrap_or("IfNotPresent").into());
    set("command", json!(["/bin/sh", "-c"]));
    set("args", json!(["while true; do sleep 30; done;"]));
    if let Some(resources) = resources(pool, at) {
        set("resources", resources);
    }
    if let Some(env) = at.value("env").filter(|env| env.is_array()) {
        findings.open(at.at("env"), "env");
        set("env", env.clone());
    }
    if let Some(mounts) = at.value("volume-mounts").filter(|mounts| mounts.is_array()) {
        set("volumeMounts", mounts.clone());
    }
    if let Some(privileged) = at.flag("privileged") {
        set("securityContext", json!({"privileged": privileged}));
    }
    let mut spec = Map::new();
    spec.insert("containers".to_owned(), json!([container]));
    for (key, name) in
        [("node-selector", "nodeSelector"), ("scheduler-name", "schedulerName"), ("volumes", "volumes")]
    {
        if let Some(value) = at.value(key) {
            spec.insert(name.to_owned(), value.clone());
        }
    }
    settings.set("spec", spec);
}

/// Requests and limits. A limit is that of the label, of the pool, or the request.
fn resources(pool: &At<'_>, at: &At<'_>) -> Option<Value> {
    let (mut requests, mut limits) = (Map::new(), Map::new());
    let amount = |number: i64, unit: &str| match unit {
        "" => Value::from(number),
        unit => Value::from(format!("{number}{unit}")),
    };
    for (key, name, unit) in RESOURCES {
        let request = at.integer(key).or_else(|| pool.integer(&format!("default-label-{key}")));
        let limit = at.integer(&format!("{key}-limit"));
        let limit = limit.or_else(|| pool.integer(&format!("default-label-{key}-limit"))).or(request);
        for (number, into) in [(request, &mut requests), (limit, &mut limits)] {
            if let Some(number) = number.filter(|number| *number != 0) {
                into.insert(name.to_owned(), amount(number, unit));
            }
        }
    }
    let gpu = at.value("gpu").and_then(Value::as_f64).filter(|gpu| *gpu != 0.0);
    if let (Some(resource), Some(gpu)) = (at.text("gpu-resource"), gpu) {
        let gpu = Value::from(format!("{gpu:.2}"));
        requests.insert(resource.to_owned(), gpu.clone());
        limits.insert(resource.to_owned(), gpu);
    }
    let mut resources = Map::new();
    for (name, of) in [("requests", requests), ("limits", limits)] {
        if !of.is_empty() {
            resources.insert(name.to_owned(), Value::Object(of));
        }
    }
    (!resources.is_empty()).then_some(Value::Object(resources))
}
