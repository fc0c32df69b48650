//! Secrets and ConfigMaps from which the user's own variables and volumes come.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Container, EnvFromSource, EnvVar, KeyToPath, PodSpec, PodTemplateSpec, Volume,
};

use super::Instance;
use super::references::Facts;
use crate::api::PodSettings;
use crate::diagnostic::FieldPath;
use crate::inputs;

/// Checks that they are there, with the keys that are used.
pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    let (spec, root) = (&instance.spec, FieldPath::spec());
    let patches: BTreeMap<&str, PodSpec> =
        spec.pods().into_iter().filter_map(|(section, pod)| Some((section, patch(pod)?))).collect();
    let mut sources = variables(&spec.env, &root.key("env"));
    for (section, pod) in spec.pods() {
        let path = root.key(section);
        sources.extend(variables(&pod.env, &path.key("env")));
        sources.extend(containers(&pod.sidecars, &path.key("sidecars")));
        sources.extend(volumes(&pod.volumes, &path.key("volumes")));
        if let Some(pod) = patches.get(section) {
            let path = path.key("patch").key("spec");
            sources.extend(containers(&pod.containers, &path.key("containers")));
            sources.extend(containers(all(&pod.init_containers), &path.key("initContainers")));
            sources.extend(volumes(all(&pod.volumes), &path.key("volumes")));
        }
    }
    for (index, job) in spec.job_volumes.iter().enumerate() {
        sources.extend(volume(&job.volume, &root.key("jobVolumes").index(index).key("volume")));
    }
    for source in sources {
        // What the operator makes, or waits for, may not be there yet.
        if !source.is_optional && !inputs::is_made(&instance.name, source.name) {
            source.check(facts);
        } else if !inputs::is_written(&instance.name, source.name) {
            facts.provided(source.is_secret, source.name);
        }
    }
}

/// The pods' part of a patch.
fn patch(settings: &PodSettings) -> Option<PodSpec> {
    serde_json::from_value::<PodTemplateSpec>(settings.patch.clone()?).ok()?.spec
}

fn all<T>(items: &Option<Vec<T>>) -> &[T] {
    items.as_deref().unwrap_or_default()
}

/// Something that is read from a Secret or a ConfigMap.
struct Source<'a> {
    is_secret: bool,
    name: &'a str,
    /// Where the name stands.
    at: FieldPath,
    /// The keys that have to be there, each with the field that names it; none: whatever there is.
    keys: Vec<(&'a str, FieldPath)>,
    is_optional: bool,
}

impl<'a> Source<'a> {
    fn new(is_secret: bool, name: &'a str, optional: Option<bool>, at: FieldPath) -> Self {
        Self { is_secret, name, at, keys: Vec::new(), is_optional: optional == Some(true) }
    }

    fn key(mut self, key: &'a str, at: FieldPath) -> Self {
        self.keys.push((key, at));
        self
    }

    fn items(mut self, items: Option<&'a Vec<KeyToPath>>, at: &FieldPath) -> Self {
        let items = items.into_iter().flatten().enumerate();
        self.keys.extend(items.map(|(index, item)| (item.key.as_str(), at.index(index).key("key"))));
        self
    }

    fn check(&self, facts: &mut Facts<'_>) {
        let is_there = match self.is_secret {
            true => facts.mounted(&self.at, self.name).is_some(),
            false => facts.mounted_config_map(&self.at, self.name).is_some(),
        };
        for (key, at) in self.keys.iter().filter(|_| is_there) {
            match self.is_secret {
                true => drop(facts.secret(at, self.name, key)),
                false => facts.config_map(at, self.name, key),
            }
        }
    }
}

fn containers<'a>(containers: &'a [Container], path: &FieldPath) -> Vec<Source<'a>> {
    let one = |(index, container): (usize, &'a Container)| {
        let path = path.index(index);
        let mut sources = variables(all(&container.env), &path.key("env"));
        let all_keys = container.env_from.iter().flatten().enumerate();
        sources.extend(all_keys.flat_map(|(index, from)| whole(from, &path.key("envFrom").index(index))));
        sources
    };
    containers.iter().enumerate().flat_map(one).collect()
}

/// All keys of an object as variables.
fn whole<'a>(from: &'a EnvFromSource, path: &FieldPath) -> Option<Source<'a>> {
    let (is_secret, name, optional, field) = match (&from.secret_ref, &from.config_map_ref) {
        (Some(it), _) => (true, &it.name, it.optional, "secretRef"),
        (None, Some(it)) => (false, &it.name, it.optional, "configMapRef"),
        (None, None) => return None,
    };
    Some(Source::new(is_secret, name, optional, path.key(field).key("name")))
}

fn variables<'a>(env: &'a [EnvVar], path: &FieldPath) -> Vec<Source<'a>> {
    let one = |(index, variable): (usize, &'a EnvVar)| {
        let (from, path) = (variable.value_from.as_ref()?, path.index(index).key("valueFrom"));
        let (is_secret, name, key, optional, field) = match (&from.secret_key_ref, &from.config_map_key_ref) {
            (Some(it), _) => (true, &it.name, &it.key, it.optional, "secretKeyRef"),
            (None, Some(it)) => (false, &it.name, &it.key, it.optional, "configMapKeyRef"),
            (None, None) => return None,
        };
        let path = path.key(field);
        Some(Source::new(is_secret, name, optional, path.key("name")).key(key, path.key("key")))
    };
    env.iter().enumerate().filter_map(one).collect()
}

fn volumes<'a>(volumes: &'a [Volume], path: &FieldPath) -> Vec<Source<'a>> {
    volumes.iter().enumerate().flat_map(|(index, it)| volume(it, &path.index(index))).collect()
}

fn volume<'a>(volume: &'a Volume, path: &FieldPath) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    let mut add = |is_secret, name: &'a str, field: &str, items, optional, path: &FieldPath| {
        let source = Source::new(is_secret, name, optional, path.key(field));
        sources.push(source.items(items, &path.key("items")));
    };
    if let Some(it) = &volume.secret
        && let Some(name) = &it.secret_name
    {
        add(true, name, "secretName", it.items.as_ref(), it.optional, &path.key("secret"));
    }
    if let Some(it) = &volume.config_map {
        add(false, &it.name, "name", it.items.as_ref(), it.optional, &path.key("configMap"));
    }
    let projected = volume.projected.iter().flat_map(|it| it.sources.iter().flatten()).enumerate();
    for (index, source) in projected {
        let path = path.key("projected").key("sources").index(index);
        if let Some(it) = &source.secret {
            add(true, &it.name, "name", it.items.as_ref(), it.optional, &path.key("secret"));
        }
        if let Some(it) = &source.config_map {
            add(false, &it.name, "name", it.items.as_ref(), it.optional, &path.key("configMap"));
        }
    }
    sources
}
