//! What a pod reads when it starts and never again: variables, which do not follow the Secret or ConfigMap that they
//! come from; files mounted by `subPath`, which the kubelet leaves as they are; and all that init containers see.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Container, PodSpec, Volume, VolumeMount};

/// A Secret (true) or ConfigMap, by its name.
type Source<'a> = (bool, &'a str);

/// The Secrets and ConfigMaps that the pod has to be started anew for when they change.
pub fn sources(pod: &PodSpec) -> BTreeSet<Source<'_>> {
    let at_init = pod.init_containers.iter().flatten();
    let volumes = pod.volumes.iter().flatten();
    let frozen: BTreeSet<&str> = at_init
        .clone()
        .flat_map(|container| container.volume_mounts.iter().flatten())
        .chain(pod.containers.iter().flat_map(|it| it.volume_mounts.iter().flatten()).filter(is_frozen))
        .map(|mount| mount.name.as_str())
        .collect();
    let variables = pod.containers.iter().chain(at_init).flat_map(variables);
    variables.chain(volumes.filter(|it| frozen.contains(it.name.as_str())).flat_map(files)).collect()
}

fn is_frozen(mount: &&VolumeMount) -> bool {
    mount.sub_path.is_some() || mount.sub_path_expr.is_some()
}

fn variables(container: &Container) -> Vec<Source<'_>> {
    let mut found = Vec::new();
    for from in container.env.iter().flatten().filter_map(|variable| variable.value_from.as_ref()) {
        found.extend(from.secret_key_ref.iter().map(|it| (true, it.name.as_str())));
        found.extend(from.config_map_key_ref.iter().map(|it| (false, it.name.as_str())));
    }
    for from in container.env_from.iter().flatten() {
        found.extend(from.secret_ref.iter().map(|it| (true, it.name.as_str())));
        found.extend(from.config_map_ref.iter().map(|it| (false, it.name.as_str())));
    }
    found
}

fn files(volume: &Volume) -> Vec<Source<'_>> {
    let mut found = Vec::new();
    found.extend(volume.secret.iter().filter_map(|it| Some((true, it.secret_name.as_deref()?))));
    found.extend(volume.config_map.iter().map(|it| (false, it.name.as_str())));
    for source in volume.projected.iter().flat_map(|it| it.sources.iter().flatten()) {
        found.extend(source.secret.iter().map(|it| (true, it.name.as_str())));
        found.extend(source.config_map.iter().map(|it| (false, it.name.as_str())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_follow_is_found() {
        let pod = serde_json::json!({
            "containers": [{
                "name": "a",
                "env": [
                    {"name": "A", "value": "x"},
                    {"name": "B", "valueFrom": {"secretKeyRef": {"name": "one", "key": "k"}}},
                    {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "two", "key": "k"}}},
                ],
                "envFrom": [{"secretRef": {"name": "three"}}, {"configMapRef": {"name": "four"}}],
                "volumeMounts": [
                    {"name": "follows", "mountPath": "/a"},
                    {"name": "sub", "mountPath": "/b", "subPath": "b"},
                ],
            }],
            "initContainers": [{
                "name": "b",
                "env": [{"name": "D", "valueFrom": {"secretKeyRef": {"name": "five", "key": "k"}}}],
                "volumeMounts": [{"name": "init", "mountPath": "/c"}],
            }],
            "volumes": [
                {"name": "follows", "secret": {"secretName": "six"}},
                {"name": "sub", "configMap": {"name": "seven"}},
                {"name": "init", "projected": {"sources": [
                    {"secret": {"name": "eight"}}, {"configMap": {"name": "nine"}},
                ]}},
                {"name": "nowhere", "secret": {"secretName": "ten"}},
            ],
        });
        let pod: PodSpec = serde_json::from_value(pod).expect("a pod");
        let found: Vec<_> = sources(&pod).into_iter().map(|(is_secret, name)| (name, is_secret)).collect();
        let of = |wanted: bool| -> Vec<&str> {
            found.iter().filter(|(_, is)| *is == wanted).map(|(name, _)| *name).collect()
        };
        assert_eq!(of(true), ["eight", "five", "one", "three"]);
        assert_eq!(of(false), ["four", "nine", "seven", "two"]);
    }
}
