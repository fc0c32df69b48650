//! `run`: the operator itself.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use futures::future::{join3, select};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::args::Run;
use super::plugins;
use super::run::{Exit, Failure};
use crate::cluster::lease::{Leadership, Lease, Settings, identity};
use crate::cluster::{Clients, Scope, Way};
use crate::controller::{self, Operator};
use crate::plugin::Library;
use crate::serve::{self, Health, Limits, Signals, serve};

/// The Lease of the operator's replicas.
const LEASE: &str = "zuul-operator";

/// Runs until SIGTERM or SIGINT.
pub(super) fn run(args: &Run) -> Result<Exit, Failure> {
    // One thread waits for answers; plans and plugins have threads of their own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let way = Way::find().await.map_err(|error| no_way(&error))?;
        let own_namespace = args.own_namespace.clone().unwrap_or_else(|| way.namespace().to_owned());
        let library = Library::open(plugins::options(&args.plugins)?, &own_namespace)
            .map_err(|error| Failure::Told(format!("cannot open the plugins: {error:#}")))?;
        let leadership = if args.leader_election { Leadership::default() } else { Leadership::always() };
        let metrics = Arc::new(serve::metrics(library.catalog(""), leadership.clone()));
        let clients = way.connect(&metrics, &leadership).map_err(|error| no_way(&error))?;
        let health = Arc::new(Health::default());
        let (told, ended) = watch::channel(false);
        let signals =
            listen(args, Signals { metrics: Arc::clone(&metrics), health: Arc::clone(&health) }).await?;
        let served = signals
            .map(|(listener, signals)| serve(listener, signals, Limits::default(), over(ended.clone())));
        let lease = args.leader_election.then(|| candidate(&own_namespace, &clients));
        let pod = std::env::var("HOSTNAME").ok();
        let scope = scope(args);
        let operator = Operator {
            clients,
            scope,
            library: Arc::new(library),
            own_namespace,
            leadership: leadership.clone(),
            metrics,
            health,
            pod,
        };
        let asked = asked_to_end()?;
        let work = async {
            controller::run(operator, asked).await;
            // What is written is written: now another one may lead.
            told.send_replace(true);
        };
        let lease = async {
            if let Some(lease) = lease {
                lease.run(leadership, over(ended)).await;
            }
        };
        let served = async {
            if let Some(served) = served {
                served.await;
            }
        };
        join3(work, lease, served).await;
        Ok(Exit::Fine)
    })
}

fn scope(args: &Run) -> Scope {
    match args.namespaces.as_slice() {
        [] => Scope::Cluster,
        names => Scope::Namespaces(names.to_vec()),
    }
}

fn no_way(error: &anyhow::Error) -> Failure {
    Failure::Told(format!(
        "there is no way to a cluster: {error:#}; set KUBECONFIG, or run in a pod with a service account"
    ))
}

fn candidate(namespace: &str, clients: &Clients) -> Lease {
    let pod = std::env::var("HOSTNAME").unwrap_or_else(|_| "zuul-operator".to_owned());
    Lease::new(clients.lease.clone(), namespace, LEASE, identity(&pod), Settings::default())
}

async fn listen(args: &Run, signals: Signals) -> Result<Option<(TcpListener, Signals)>, Failure> {
    let Some(address) = args.signals.0 else { return Ok(None) };
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::Told(format!("cannot listen on {address}: {error}; choose another address with --signals"))
    })?;
    Ok(Some((listener, signals)))
}

fn asked_to_end() -> std::io::Result<impl Future<Output = ()> + Send> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        select(pin!(terminated.recv()), pin!(interrupted.recv())).await;
    })
}

async fn over(mut ended: watch::Receiver<bool>) {
    // Who could tell is gone: that is an end, too.
    let _ = ended.wait_for(|ended| *ended).await;
}
