//! What the user wrote of a component's pods: where a finding about the finished pods belongs.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use crate::diagnostic::{FieldPath, Finding};

/// A section of the object.
pub struct Section<'a> {
    spec: &'a Value,
    name: &'a str,
}

impl<'a> Section<'a> {
    /// The one in which the pods with these labels are described.
    pub fn of(spec: &'a Value, labels: Option<&'a BTreeMap<String, String>>) -> Self {
        let component = labels.and_then(|labels| labels.get("app.kubernetes.io/component"));
        let name = match component.map_or("", String::as_str) {
            "nodepool-launcher" => "launcher",
            "nodepool-builder" => "builder",
            component => component,
        };
        Self { spec, name }
    }

    /// Where it is.
    pub fn path(&self) -> FieldPath {
        FieldPath::spec().key(self.name)
    }

    /// Where a container of the pods is described: the main one by the section itself, others as side-cars.
    pub fn container(&self, index: usize) -> FieldPath {
        let sidecar =
            index.checked_sub(1).filter(|index| self.spec[self.name]["sidecars"].get(index).is_some());
        sidecar.map_or_else(|| self.path(), |index| self.path().key("sidecars").index(index))
    }

    /// The last item with this value in a list of a container, which the others have in side-cars.
    pub fn part(&self, container: usize, list: &str, key: &str, value: &str) -> FieldPath {
        let path = self.container(container);
        if path == self.path() {
            return self.item(list, key, value);
        }
        let sidecar = container.checked_sub(1).and_then(|index| self.spec[self.name]["sidecars"].get(index));
        let items = sidecar.and_then(|sidecar| sidecar.get(list)).unwrap_or(&Value::Null);
        match last(items, &format!("/{key}"), value) {
            Some(index) => path.key(list).index(index).key(key),
            None => path,
        }
    }

    /// The last item of a list that has this value; the section, where it is not the user's.
    pub fn item(&self, list: &str, key: &str, value: &str) -> FieldPath {
        if let Some(index) = last(&self.spec[self.name][list], &format!("/{key}"), value) {
            return self.path().key(list).index(index).key(key);
        }
        let job = |pointer: &str| last(&self.spec["jobVolumes"], pointer, value);
        let job_path = |index: usize| FieldPath::spec().key("jobVolumes").index(index);
        let elsewhere = match (self.name, list) {
            ("executor", "volumes") => job("/volume/name").map(|it| job_path(it).key("volume").key("name")),
            ("executor", "volumeMounts") => job("/path").map(|it| job_path(it).key("path")),
            _ => None,
        };
        elsewhere.or_else(|| self.external(value)).unwrap_or_else(|| self.path())
    }

    /// The folder of `externalConfig` that is mounted at a path.
    fn external(&self, path: &str) -> Option<FieldPath> {
        let name = path.strip_prefix("/etc/")?;
        self.spec["externalConfig"].get(name)?;
        Some(FieldPath::spec().key("externalConfig").key(name))
    }

    /// What the patch leaves unfinished in the pod, or makes of what was there.
    pub fn patched(&self, pod: &PodSpec) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut clash = |list: &str, index: usize, message: &str, expected: &str| {
            let path = self.path().key("patch").key("spec").key(list).index(index);
            let finding = Finding::error("PodClash", path, message).expected(expected);
            findings.push(finding.cure("correct the name, or complete what the patch adds"));
        };
        for (index, name) in self.patches("containers") {
            let container = pod.containers.iter().find(|it| it.name == name);
            if container.is_none_or(|container| container.image.is_none()) {
                let names: Vec<&str> = pod.containers.iter().map(|it| it.name.as_str()).collect();
                let expected = format!("an image, or a name that is there: {}", names.join(", "));
                clash("containers", index, "the patch adds a container without an image", &expected);
            }
        }
        for (index, name) in self.patches("volumes") {
            let volume = pod.volumes.iter().flatten().find(|it| it.name == name);
            // Its name, and one source.
            if serde_json::to_value(volume).is_ok_and(|it| it.as_object().is_some_and(|it| it.len() > 2)) {
                let message = "the patch gives a volume that is there another source";
                clash("volumes", index, message, "a name that no volume has");
            }
        }
        findings
    }

    /// Labels and annotations of the user's that the finished pods do not have, because the operator's are over
    /// them.
    pub fn dropped(&self, pods: Option<&ObjectMeta>) -> Vec<Finding> {
        let own = &self.spec[self.name];
        let patch = self.path().key("patch").key("metadata");
        let mut findings = Vec::new();
        for (field, there) in [
            ("labels", pods.and_then(|pods| pods.labels.as_ref())),
            ("annotations", pods.and_then(|pods| pods.annotations.as_ref())),
        ] {
            let mut wanted = BTreeMap::new();
            // The patch is over what stands beside it, which is as the user wants it.
            for (given, path) in
                [(&own[field], self.path().key(field)), (&own["patch"]["metadata"][field], patch.key(field))]
            {
                let given = given.as_object().into_iter().flatten();
                wanted.extend(given.map(|(key, value)| (key, (value.as_str(), path.key(key)))));
            }
            let is_there = |key: &String, value: Option<&str>| {
                there.and_then(|there| there.get(key)).map(String::as_str) == value
            };
            let dropped = wanted.into_iter().filter(|(key, (value, _))| !is_there(key, *value));
            findings.extend(dropped.map(|(key, (_, path))| {
                let message = format!("{key} is the operator's own: what stands here does nothing");
                Finding::warning("FieldWithoutEffect", path, message)
                    .cure("remove it, or choose another name")
            }));
        }
        findings
    }

    /// The names of what the patch changes or adds.
    fn patches(&self, list: &str) -> impl Iterator<Item = (usize, &'a str)> {
        let items = self.spec[self.name]["patch"]["spec"][list].as_array().into_iter().flatten();
        items.enumerate().map(|(index, item)| (index, item["name"].as_str().unwrap_or_default()))
    }
}

fn last(items: &Value, pointer: &str, value: &str) -> Option<usize> {
    let is_it = |item: &Value| item.pointer(pointer).and_then(Value::as_str) == Some(value);
    items.as_array()?.iter().rposition(is_it)
}
