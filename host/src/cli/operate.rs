//! `run`: the operator itself.

use std::pin::pin;
use std::sync::Arc;

use futures::future::select;
use tokio::signal::unix::{SignalKind, signal};

use super::args::Run;
use super::plugins;
use super::run::{Exit, Failure};
use crate::cluster::{Scope, connect};
use crate::controller;

/// Runs until SIGTERM or SIGINT.
pub(super) fn run(args: &Run) -> Result<Exit, Failure> {
    let catalog = Arc::new(plugins::open(&args.plugins)?);
    let scope = match args.namespaces.as_slice() {
        [] => Scope::Cluster,
        names => Scope::Namespaces(names.to_vec()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?;
    runtime.block_on(async {
        let clients = connect().await.map_err(|error| {
            Failure::Told(format!(
                "there is no way to a cluster: {error:#}; set KUBECONFIG, or run in a pod with a service account"
            ))
        })?;
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        let ended = async move {
            select(pin!(terminated.recv()), pin!(interrupted.recv())).await;
            tracing::info!("asked to end");
        };
        controller::run(clients, scope, catalog, ended).await;
        Ok(Exit::Fine)
    })
}
