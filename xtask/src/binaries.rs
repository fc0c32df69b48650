//! What the control plane of the tests runs, and where that is kept. The crate of the tests reads this file too: who
//! builds and who starts must mean the same folder.

use std::path::{Path, PathBuf};

/// Where `setup-envtest` leaves etcd, kube-apiserver and kubectl.
pub const ASSETS: &str = "KUBEBUILDER_ASSETS";

/// One program that is built from a Go module.
pub struct Binary {
    /// Its file.
    pub name: &'static str,
    /// The folder below `tests/rig/go` whose go.mod names its version.
    pub module: &'static str,
    /// Its Go package.
    pub package: &'static str,
}

/// In the order in which they are built: each module's slowest first.
pub const BINARIES: [Binary; 6] = [
    k8s("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"),
    k8s("etcd", "go.etcd.io/etcd/server/v3"),
    k8s("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"),
    k8s("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"),
    k8s("kubectl", "k8s.io/kubernetes/cmd/kubectl"),
    Binary { name: "kwok", module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok" },
];

/// What kwok does with nodes and pods; its module brings it.
pub const STAGES: &str = "kwok-stages.yaml";

const fn k8s(name: &'static str, package: &'static str) -> Binary {
    Binary { name, module: "k8s", package }
}

/// The folder of the go.mod files.
pub fn modules(workspace: &Path) -> PathBuf {
    workspace.join("tests/rig/go")
}

/// The folder that the programs are built into: outside of `target`, for they outlive `cargo clean`, and another one
/// when a version changes. Without a home folder there is none.
pub fn folder(workspace: &Path) -> Result<PathBuf, String> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    let cache =
        cache.ok_or("neither XDG_CACHE_HOME nor HOME is set: there is no place for built programs")?;
    let mut hash = Fnv::new();
    for file in ["k8s/go.mod", "k8s/go.sum", "kwok/go.mod", "kwok/go.sum"] {
        let path = modules(workspace).join(file);
        hash.add(&std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(cache.join("zuul-operator/rig").join(format!("{:016x}", hash.0)).join("bin"))
}

/// Where a program is: what `setup-envtest` gave goes first.
pub fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let assets = std::env::var_os(ASSETS).filter(|value| !value.is_empty()).map(PathBuf::from);
    let paths = [assets.map(|assets| assets.join(name)), Some(folder.join(name))];
    paths.into_iter().flatten().find(|path| path.is_file())
}

/// What is not there yet: programs, and the stages of kwok.
pub fn missing(folder: &Path) -> Vec<&'static str> {
    let names = BINARIES.iter().map(|binary| binary.name).chain([STAGES]);
    names.filter(|name| find(folder, name).is_none()).collect()
}

/// FNV-1a, which stays the same from one Rust to the next; nobody attacks the name of a folder.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
