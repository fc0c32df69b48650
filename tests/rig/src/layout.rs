//! What is where in the folder of a control plane.

use std::path::{Path, PathBuf};

/// The folder of one control plane: its data, keys, logs and kubeconfigs.
#[derive(Clone, Debug)]
pub struct Layout(PathBuf);

impl Layout {
    /// The layout of a folder, which need not be there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// A key or certificate: `ca.crt`, `ca.key`, `server.crt`, `server.key`, `accounts.key`, `accounts.pub`.
    #[must_use]
    pub fn pki(&self, file: &str) -> PathBuf {
        self.0.join("pki").join(file)
    }

    /// A user's kubeconfig.
    #[must_use]
    pub fn kubeconfig(&self, user: &str) -> PathBuf {
        self.0.join("kubeconfig").join(user.replace(['/', ':'], "-"))
    }

    /// What one of the programs wrote.
    #[must_use]
    pub fn log(&self, program: &str) -> PathBuf {
        self.0.join("log").join(format!("{program}.log"))
    }

    /// Every request that is of interest, one a line.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.log("audit")
    }

    /// The API server's address, as kubeconfigs have it.
    #[must_use]
    pub fn address(&self) -> PathBuf {
        self.0.join("address")
    }

    /// The socket over which the control plane is told what to do.
    #[must_use]
    pub fn control(&self) -> PathBuf {
        self.0.join("control")
    }

    /// Etcd's data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.0.join("etcd")
    }

    /// A file that some program is started with.
    #[must_use]
    pub fn configuration(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }
}
