//! The way to the API server.

use std::time::Duration;

use kube::{Client, Config};

/// An answer that takes longer is none.
const ANSWER: Duration = Duration::from_secs(15);

/// Clients for the two ways to talk.
#[derive(Clone)]
pub struct Clients {
    /// For watches, whose answers never end.
    pub watching: Client,
    /// For everything else: a request that gets no answer fails, and is not repeated behind our back.
    pub acting: Client,
}

/// Connects to the cluster that KUBECONFIG names, or in a pod to the one it runs in. Asks nothing yet.
///
/// # Errors
/// There is no configuration, or it cannot be used.
pub async fn connect() -> anyhow::Result<Clients> {
    let config = Config::infer().await?;
    let mut acting = config.clone();
    acting.read_timeout = Some(ANSWER);
    acting.write_timeout = Some(ANSWER);
    acting.reset_reader_on_write = true;
    acting.default_retry = false;
    Ok(Clients { watching: Client::try_from(config)?, acting: Client::try_from(acting)? })
}
