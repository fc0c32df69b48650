//! The control plane of `tests/rig`, and a client for it.

use anyhow::Result;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
pub use zuul_operator_rig::*;

/// A client for a user of [`Rig::kubeconfig`] or [`Rig::service_account`].
///
/// # Errors
/// The kubeconfig cannot be read.
pub async fn client(rig: &Rig, user: &str) -> Result<Client> {
    let kubeconfig = Kubeconfig::read_from(rig.kubeconfig(user))?;
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    Ok(Client::try_from(config)?)
}
