//! How zuul-launcher reaches the cluster of a connection of the driver kubernetes.

use super::Instance;
use super::references::Facts;
use crate::api::{CloudUser, PodSettings};
use crate::diagnostic::{FieldPath, Finding};
use crate::names::Component;

/// Without a kubeconfig the client takes the service account of its pod, and the operator's pods have no token
/// of theirs (`_getConfig` in Zuul 14.3's kubernetesendpoint.py).
pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    let external = FieldPath::spec().key("externalConfig").key("kubernetes");
    let launcher = instance.spec.launcher.as_ref().map(|launcher| &launcher.component.pod);
    let has_one = instance.spec.external_config.get("kubernetes").is_some_and(|config| {
        config.components.is_empty() || config.components.contains(&CloudUser::Launcher)
    });
    if has_one
        || !instance.components().contains(&Component::Launcher)
        || launcher.is_some_and(may_bring_its_own)
        || facts.left_out.covers(&external)
    {
        return;
    }
    for connection in instance.connections.iter().filter(|connection| connection.driver == "kubernetes") {
        let written = instance.spec.connections.get(&connection.name);
        let secret = written.and_then(|connection| connection.secret_name.as_ref());
        let is_known = secret.is_none_or(|secret| facts.inputs.secrets.contains_key(secret));
        if is_known && connection.options.iter().all(|entry| entry.name != "kubeconfig_file") {
            let path = FieldPath::spec().key("connections").key(&connection.name);
            facts.lacks(none(path.key("kubeconfig_file")));
        }
    }
}

/// Whether the user may give the launcher's pods a kubeconfig, or a token, in another way.
fn may_bring_its_own(pod: &PodSettings) -> bool {
    let names_one = pod.env.iter().any(|variable| variable.name == "KUBECONFIG");
    pod.patch.is_some() || names_one || !pod.volume_mounts.is_empty()
}

fn none(path: FieldPath) -> Finding {
    Finding::error("NoKubeconfig", path, "zuul-launcher has no kubeconfig to reach this cluster with")
        .expected("`kubeconfig_file`, or a kubeconfig for all in spec.externalConfig.kubernetes")
        .cure("set kubeconfig_file to a Secret with a kubeconfig")
}
