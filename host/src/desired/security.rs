//! Privileges: the Kubernetes "restricted" profile, and its two exceptions.

use k8s_openapi::api::core::v1::{Capabilities, PodSecurityContext, SeccompProfile, SecurityContext, Sysctl};

/// The user and group `zuul` (and `nodepool`) of the images.
const USER: i64 = 10001;

/// What a component's container may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privileges {
    /// The "restricted" profile.
    Restricted,
    /// A privileged container, still as an ordinary user: for bubblewrap on any node, and for
    /// diskimage-builder.
    Privileged,
    /// Nothing but an unmasked /proc and an open seccomp filter, inside of a user namespace: what
    /// bubblewrap needs at least, because it mounts a /proc of its own.
    UserNamespace,
}

/// The pod's context. `low_ports`: the component listens below 1024.
pub fn pod(low_ports: bool) -> PodSecurityContext {
    let sysctl = || Sysctl { name: "net.ipv4.ip_unprivileged_port_start".to_owned(), value: "0".to_owned() };
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(USER),
        run_as_group: Some(USER),
        fs_group: Some(USER),
        // Changing the owner of a large git cache at every start would take minutes.
        fs_group_change_policy: Some("OnRootMismatch".to_owned()),
        // A privileged container has no filter, whatever stands here; sidecars have one.
        seccomp_profile: Some(seccomp("RuntimeDefault")),
        sysctls: low_ports.then(|| vec![sysctl()]),
        ..PodSecurityContext::default()
    }
}

/// The container's context.
pub fn container(privileges: Privileges) -> SecurityContext {
    let base = SecurityContext { read_only_root_filesystem: Some(true), ..SecurityContext::default() };
    match privileges {
        Privileges::Privileged => SecurityContext { privileged: Some(true), ..base },
        Privileges::Restricted | Privileges::UserNamespace => SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities { add: None, drop: Some(vec!["ALL".to_owned()]) }),
            seccomp_profile: (privileges == Privileges::UserNamespace).then(|| seccomp("Unconfined")),
            proc_mount: (privileges == Privileges::UserNamespace).then(|| "Unmasked".to_owned()),
            ..base
        },
    }
}

fn seccomp(type_: &str) -> SeccompProfile {
    SeccompProfile { type_: type_.to_owned(), ..SeccompProfile::default() }
}
