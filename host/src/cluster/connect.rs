//! The ways to the API server.

use std::sync::Arc;
use std::time::Duration;

use kube::{Client, Config};

use super::lease::Leadership;
use super::requests::{client, lease_client};
use crate::metrics::Metrics;

/// An answer that takes longer is none.
const ANSWER: Duration = Duration::from_secs(15);

/// Clients for the ways to talk.
#[derive(Clone)]
pub struct Clients {
    /// For watches, whose answers never end.
    pub watching: Client,
    /// For everything else: writes only while this process leads. A request that gets no answer fails, and is not
    /// repeated behind our back.
    pub acting: Client,
    /// For the Lease.
    pub lease: Client,
}

/// The way to a cluster, not gone yet.
pub struct Way(Config);

impl Way {
    /// To the cluster that KUBECONFIG names, or in a pod to the one it runs in. Asks nothing yet.
    ///
    /// # Errors
    /// There is no configuration, or it cannot be read.
    pub async fn find() -> anyhow::Result<Self> {
        Ok(Self(Config::infer().await?))
    }

    /// The namespace of the operator, in a pod; else that of the kubeconfig's context.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.0.default_namespace
    }

    /// The clients.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn connect(self, metrics: &Arc<Metrics>, leadership: &Leadership) -> anyhow::Result<Clients> {
        let Self(config) = self;
        let mut acting = config.clone();
        acting.read_timeout = Some(ANSWER);
        acting.write_timeout = Some(ANSWER);
        acting.reset_reader_on_write = true;
        acting.default_retry = false;
        Ok(Clients {
            watching: client(config, Arc::clone(metrics), leadership.clone())?,
            lease: lease_client(acting.clone(), Arc::clone(metrics))?,
            acting: client(acting, Arc::clone(metrics), leadership.clone())?,
        })
    }
}
