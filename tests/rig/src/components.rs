//! The programs of the control plane and their command lines.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::layout::Layout;
use crate::ports::Ports;
use crate::{HOLD, pki};

/// In the order in which they are started.
pub const NAMES: [&str; 5] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"];

/// Where services get their addresses from; nothing listens there.
const SERVICES: &str = "10.96.0.0/16";
const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";

/// The words after the program's name.
#[must_use]
pub fn arguments(name: &str, layout: &Layout, ports: Ports) -> Vec<String> {
    match name {
        "etcd" => etcd(layout, ports),
        "kube-apiserver" => api_server(layout, ports),
        "kube-controller-manager" => controller_manager(layout),
        "kube-scheduler" => scheduler(layout),
        _ => kwok(layout),
    }
}

fn etcd(layout: &Layout, ports: Ports) -> Vec<String> {
    let clients = format!("http://127.0.0.1:{}", ports.etcd);
    let peers = format!("http://127.0.0.1:{}", ports.peers);
    vec![
        format!("--data-dir={}", layout.data().display()),
        // Its data are worth nothing after the machine stops.
        "--unsafe-no-fsync".to_owned(),
        format!("--listen-client-urls={clients}"),
        format!("--advertise-client-urls={clients}"),
        format!("--listen-peer-urls={peers}"),
        format!("--initial-advertise-peer-urls={peers}"),
        format!("--initial-cluster=default={peers}"),
        "--log-level=warn".to_owned(),
    ]
}

fn api_server(layout: &Layout, ports: Ports) -> Vec<String> {
    let pki = |flag: &str, file: &str| format!("--{flag}={}", layout.pki(file).display());
    vec![
        format!("--etcd-servers=http://127.0.0.1:{}", ports.etcd),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={}", ports.api),
        // No pod has to find it by the address of a service; one on the loopback would be refused.
        "--endpoint-reconciler-type=none".to_owned(),
        format!("--service-cluster-ip-range={SERVICES}"),
        pki("tls-cert-file", "server.crt"),
        pki("tls-private-key-file", "server.key"),
        pki("client-ca-file", "ca.crt"),
        format!("--service-account-issuer={ISSUER}"),
        pki("service-account-key-file", "accounts.pub"),
        pki("service-account-signing-key-file", "accounts.key"),
        "--authorization-mode=Node,RBAC".to_owned(),
        // As kubeadm and most distributions have it: an executor of Zuul is a privileged pod.
        "--allow-privileged=true".to_owned(),
        format!("--audit-policy-file={}", layout.configuration("audit-policy.json").display()),
        format!("--audit-log-path={}", layout.audit().display()),
        // An event is written before its answer is sent; and one file, whose positions stay.
        "--audit-log-mode=blocking".to_owned(),
        "--audit-log-maxsize=100000".to_owned(),
    ]
}

fn controller_manager(layout: &Layout) -> Vec<String> {
    let mut words = client(layout, "system:kube-controller-manager");
    words.extend([
        "--use-service-account-credentials".to_owned(),
        format!("--service-account-private-key-file={}", layout.pki("accounts.key").display()),
        format!("--root-ca-file={}", layout.pki("ca.crt").display()),
        format!("--service-cluster-ip-range={SERVICES}"),
    ]);
    words
}

fn scheduler(layout: &Layout) -> Vec<String> {
    client(layout, "system:kube-scheduler")
}

/// What both have: they open no port, need nobody's leave to lead, and do not slow tests down.
fn client(layout: &Layout, user: &str) -> Vec<String> {
    vec![
        format!("--kubeconfig={}", layout.kubeconfig(user).display()),
        "--secure-port=0".to_owned(),
        "--leader-elect=false".to_owned(),
        "--kube-api-qps=500".to_owned(),
        "--kube-api-burst=1000".to_owned(),
    ]
}

fn kwok(layout: &Layout) -> Vec<String> {
    vec![
        format!("--kubeconfig={}", layout.kubeconfig("kwok").display()),
        format!("--config={}", layout.configuration("stages.yaml").display()),
        "--manage-all-nodes=true".to_owned(),
        "--node-ip=127.0.0.1".to_owned(),
        "--node-lease-duration-seconds=40".to_owned(),
    ]
}

/// Writes the files that the programs are started with.
///
/// # Errors
/// The stages of kwok are not as they were, or a file cannot be written.
pub fn write_files(layout: &Layout, stages: &Path) -> Result<()> {
    let stages = std::fs::read_to_string(stages).with_context(|| stages.display().to_string())?;
    pki::write(&layout.configuration("stages.yaml"), &with_hold(&stages)?)?;
    pki::write(&layout.configuration("audit-policy.json"), &audit_policy().to_string())
}

/// What people, operators and tests do; bodies of what is written, but nothing that is secret or holds a token. The
/// control plane's own parts are left out.
fn audit_policy() -> Value {
    let own = ["system:apiserver", "system:kube-scheduler", "system:kube-controller-manager", "kwok"];
    let secret = json!([
        {"group": "", "resources": ["secrets", "serviceaccounts/token"]},
        {"group": "authentication.k8s.io"},
    ]);
    json!({
        "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
        "omitManagedFields": true,
        "rules": [
            {"level": "None", "users": own},
            {"level": "None", "userGroups": ["system:serviceaccounts:kube-system"]},
            {"level": "Metadata", "resources": secret},
            {"level": "RequestResponse", "verbs": ["create", "update", "patch", "delete", "deletecollection"]},
            {"level": "Metadata"},
        ],
    })
}

/// A pod with the label [`HOLD`] does not become ready.
fn with_hold(stages: &str) -> Result<String> {
    let (ready, matching) = ("  name: pod-ready\n", "    matchExpressions:\n");
    let hold = format!("    - key: '.metadata.labels[\"{HOLD}\"]'\n      operator: 'DoesNotExist'\n");
    let at = stages.find(ready).and_then(|at| Some(at + stages[at..].find(matching)? + matching.len()));
    ensure!(at.is_some(), "kwok's stage pod-ready is not as it was; see tests/src/rig/components.rs");
    let (before, after) = stages.split_at(at.unwrap_or_default());
    Ok(format!("{before}{hold}{after}"))
}
