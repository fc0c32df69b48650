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
    Ok(Client::try_from(config(rig, user).await?)?)
}

/// What a client for a user is made of.
///
/// # Errors
/// The kubeconfig cannot be read.
pub async fn config(rig: &Rig, user: &str) -> Result<Config> {
    let kubeconfig = Kubeconfig::read_from(rig.kubeconfig(user))?;
    Ok(Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?)
}
