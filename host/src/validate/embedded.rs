//! Objects of Kubernetes' own inside of a Zuul: their types, and fields that do not exist.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, Container, PodTemplateSpec, Probe, TopologySpreadConstraint, Volume,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::{ConfigSource, SECTIONS};
use crate::diagnostic::{FieldPath, Finding, Step, did_you_mean};

/// Checks all of them, in a completed object.
pub fn check(zuul: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    decode::<ObjectMeta>(&zuul["metadata"], &FieldPath::root().key("metadata"), &mut findings);
    let spec = &zuul["spec"];
    for name in SECTIONS {
        let (section, path) = (&spec[name], FieldPath::spec().key(name));
        let mut one = |field: &str, check: Check| check(&section[field], &path.key(field), &mut findings);
        one("affinity", decode::<Affinity>);
        one("livenessProbe", decode::<Probe>);
        one("readinessProbe", decode::<Probe>);
        one("startupProbe", decode::<Probe>);
        one("patch", decode::<PodTemplateSpec>);
        one("volumes", each::<Volume>);
        one("sidecars", each::<Container>);
        one("topologySpreadConstraints", each::<TopologySpreadConstraint>);
        for field in ["volumes", "sidecars"] {
            let path = path.key(field);
            let items = section[field].as_array().into_iter().flatten().enumerate();
            items.for_each(|(index, item)| named(item, &path.index(index), &mut findings));
        }
    }
    for component in SECTIONS {
        if !["builder", "preview", "registry"].contains(&component) {
            let path = FieldPath::spec().key(component).key("env");
            variables(&spec[component]["env"], &path, &mut findings);
        }
        own_volumes(&spec[component]["volumes"], component, &mut findings);
    }
    let sources =
        [("scheduler", "config"), ("launcher", "config"), ("builder", "config"), ("logging", "config")];
    for (section, field) in sources {
        source(&spec[section][field], &FieldPath::spec().key(section).key(field), &mut findings);
    }
    source(&spec["siteVariables"], &FieldPath::spec().key("siteVariables"), &mut findings);
    for (index, volume) in spec["jobVolumes"].as_array().into_iter().flatten().enumerate() {
        let path = FieldPath::spec().key("jobVolumes").index(index).key("volume");
        decode::<Volume>(&volume["volume"], &path, &mut findings);
        named(&volume["volume"], &path, &mut findings);
        reserved(&volume["volume"], &path, &mut findings);
    }
    same_name(&spec["jobVolumes"], &mut findings);
    findings
}

/// The field that cannot be used when there is a finding at `path`: the whole of an object of Kubernetes'.
pub fn field(path: &FieldPath) -> FieldPath {
    FieldPath(path.0.iter().take(3).cloned().collect())
}

/// As the schema's rule for `spec.env`: one for each component would cost the API server too much.
pub fn variables(env: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    for (index, variable) in env.as_array().into_iter().flatten().enumerate() {
        if variable["name"].as_str().is_some_and(|name| name.starts_with("ZUUL_")) {
            findings.push(
                Finding::error(
                    "ZuulVariable",
                    path.index(index).key("name"),
                    "Zuul copies variables that start with ZUUL_ into every section of its configuration",
                )
                .cure("use the option itself"),
            );
        }
    }
}

fn own_volumes(volumes: &Value, component: &str, findings: &mut Vec<Finding>) {
    let path = FieldPath::spec().key(component).key("volumes");
    for (index, volume) in volumes.as_array().into_iter().flatten().enumerate() {
        reserved(volume, &path.index(index), findings);
    }
}

/// Names of the operator's own volumes. A volume for jobs with such a name would show them what is in
/// the operator's: the executor's configuration.
fn reserved(volume: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    let name = volume["name"].as_str().unwrap_or_default();
    let number = name.strip_prefix("config-").unwrap_or_default();
    let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if matches!(name, "config" | "home" | "tmp" | "images" | "storage") || numbered {
        findings.push(
            Finding::error(
                "ReservedName",
                path.key("name"),
                format!("{name} is the name of a volume of the operator"),
            )
            .expected("another name than config, config-NUMBER, home, tmp, images and storage")
            .cure("rename the volume"),
        );
    }
}

/// One volume may serve several paths; two volumes of one name may not be.
fn same_name(job_volumes: &Value, findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, &Value> = BTreeMap::new();
    for (index, job) in job_volumes.as_array().into_iter().flatten().enumerate() {
        let volume = &job["volume"];
        // That a name is missing is told already.
        let Some(name) = volume["name"].as_str() else { continue };
        if *first.entry(name).or_insert(volume) != volume {
            let path = FieldPath::spec().key("jobVolumes").index(index).key("volume").key("name");
            findings.push(
                Finding::error("DuplicateName", path, "another volume for jobs has this name")
                    .cure("rename one of the two"),
            );
        }
    }
}

/// A reference to a file: the schema cannot say "text or one of two groups of fields".
fn source(value: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    let is_shaped = value.is_string() || value.is_object();
    if value.is_null() || is_shaped && serde_json::from_value::<ConfigSource>(value.clone()).is_ok() {
        return;
    }
    findings.push(
        Finding::error("WrongType", path.clone(), "this does not say where the file is")
            .expected("the name of a ConfigMap, {configMapName: …, key: …} or {secretName: …, key: …}")
            .cure("write one of these"),
    );
}

type Check = fn(&Value, &FieldPath, &mut Vec<Finding>);

fn each<T: DeserializeOwned + Serialize>(value: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        let path = path.index(index);
        decode::<T>(item, &path, findings);
    }
}

fn named(item: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    let is_nameless = item["name"].is_null() || item["name"] == "";
    // A key that was probably meant to be it is told as being unknown.
    let meant = item.as_object().and_then(|fields| did_you_mean("name", fields.keys().map(String::as_str)));
    if item.is_object() && is_nameless && meant.is_none_or(|key| key == "name") {
        findings
            .push(Finding::error("RequiredField", path.key("name"), "name is missing").cure("add a name"));
    }
}

/// Decodes it, and compares with what it is when written again: what got lost is not known.
fn decode<T: DeserializeOwned + Serialize>(value: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    if value.is_null() {
        return;
    }
    match serde_path_to_error::deserialize::<_, T>(value) {
        Ok(decoded) => {
            let again = serde_json::to_value(decoded).unwrap_or_default();
            lost(value, &again, path, findings);
        }
        Err(error) => {
            let mut at = path.clone();
            at.0.extend(error.path().iter().filter_map(|segment| match segment {
                serde_path_to_error::Segment::Map { key } => Some(Step::Key(key.clone())),
                serde_path_to_error::Segment::Seq { index } => Some(Step::Index(*index)),
                _ => None,
            }));
            findings.push(
                Finding::error("WrongType", at, without_value(&error.inner().to_string()))
                    .cure("write it as Kubernetes' own reference has it"),
            );
        }
    }
}

/// `invalid type: string "abc", expected i32` without the value, which may be secret.
fn without_value(message: &str) -> String {
    let shown = ["invalid type: ", "invalid value: "].into_iter().find(|start| message.starts_with(start));
    match (shown, message.rsplit_once(", expected ")) {
        (Some(start), Some((found, expected))) => {
            let kind = found[start.len()..].split(['`', '"', '\'']).next().unwrap_or_default().trim_end();
            format!("{start}{kind}, expected {expected}")
        }
        _ => message.to_owned(),
    }
}

fn lost(before: &Value, after: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    match (before, after) {
        (Value::Object(before), _) => {
            for (key, value) in before.iter().filter(|(_, value)| !is_empty(value)) {
                match after.get(key) {
                    Some(after) => lost(value, after, &path.key(key), findings),
                    None => findings.push(
                        Finding::error(
                            "UnknownField",
                            path.key(key),
                            format!("there is no field {key} here"),
                        )
                        .cure("remove it, or write it as Kubernetes' own reference has it"),
                    ),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                lost(before, after, &path.index(index), findings);
            }
        }
        _ => {}
    }
}

/// Left out when written again, and no loss.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}
