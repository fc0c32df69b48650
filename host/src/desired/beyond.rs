//! What a container asks for, and its pod does not give.

use k8s_openapi::api::core::v1::{Container, PodSpec};

use super::section::Section;
use crate::diagnostic::Finding;
use crate::validate::REFUSED_CURE;

/// Claims of devices, and mounts that reach out of the container.
pub fn check(container: &Container, index: usize, pod: &PodSpec, section: &Section<'_>) -> Vec<Finding> {
    let resources = container.resources.iter();
    let claims = resources.flat_map(|resources| resources.claims.iter().flatten()).enumerate();
    let is_there = |name: &str| pod.resource_claims.iter().flatten().any(|claim| claim.name == name);
    let unknown = claims.filter(|(_, claim)| !is_there(&claim.name)).map(|(at, claim)| {
        let path = section.container(index).key("resources").key("claims").index(at);
        Finding::error("KubernetesRefuses", path, format!("the pods have no resource claim {:?}", claim.name))
            .expected("a claim of `resourceClaims` in the patch")
            .cure(REFUSED_CURE)
    });
    let is_privileged = container.security_context.as_ref().and_then(|it| it.privileged) == Some(true);
    let mounts = container.volume_mounts.iter().flatten();
    let reaching =
        mounts.filter(|mount| !is_privileged && mount.mount_propagation.as_deref() == Some("Bidirectional"));
    let reaching = reaching.map(|mount| {
        let path = section.part(index, "volumeMounts", "mountPath", &mount.mount_path);
        Finding::error("KubernetesRefuses", path, "only a privileged container mounts for its node")
            .expected("mountPropagation: HostToContainer or None")
            .cure(REFUSED_CURE)
    });
    unknown.chain(reaching).collect()
}
