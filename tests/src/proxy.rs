//! Stands between an operator and the API server, and does what networks and busy servers do.
//!
//! Towards the operator it is an HTTP server on the loopback; towards the API server it is one user of the rig. What it
//! does with a request is said by [`Rule`]s while it runs, and all that came is on its record.

mod asked;
mod rule;
mod serve;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kube::Client;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use zuul_operator_rig::Rig;

use crate::random::Random;
use crate::rig::config;
pub use asked::Asked;
pub use rule::{Fault, Rule, Which};

/// Where the sequence of [`Which::Chance`] begins; the same in every run, and told by [`Proxy::start`].
const SEED: u64 = 20_26;

/// A running proxy; it ends with this.
pub struct Proxy {
    state: Arc<State>,
    kubeconfig: PathBuf,
    _folder: tempfile::TempDir,
    runtime: Option<Runtime>,
}

/// What its connections share.
struct State {
    client: Client,
    told: Mutex<Told>,
    /// Whether nothing passes, in either direction.
    is_cut: watch::Sender<bool>,
    /// Counts how often all watches were ended.
    ended: watch::Sender<usize>,
}

struct Told {
    rules: Vec<Rule>,
    record: Vec<Asked>,
    /// How many requests a rule was applied to.
    hits: usize,
    random: Random,
}

impl Proxy {
    /// Starts one for a user of the rig.
    ///
    /// # Panics
    /// There is no port left.
    #[must_use]
    #[allow(clippy::print_stderr, reason = "whoever reads a failed test wants to know it")]
    pub fn start(rig: &Rig, user: &str) -> Self {
        eprintln!("the proxy's seed is {SEED}");
        let runtime = Builder::new_multi_thread().enable_all().worker_threads(1).build().expect("a runtime");
        let (client, listener) = runtime.block_on(async {
            let mut config = config(rig, user).await.expect("a kubeconfig");
            // What the API server answers is for the operator to judge.
            config.default_retry = false;
            let client = Client::try_from(config).expect("a client");
            (client, TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
        });
        let address = listener.local_addr().expect("it listens");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kubeconfig = folder.path().join("kubeconfig");
        let text = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "proxy",
            "clusters": [{"name": "proxy", "cluster": {"server": format!("http://{address}")}}],
            "users": [{"name": "proxy", "user": {}}],
            "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "proxy"}}],
        });
        std::fs::write(&kubeconfig, text.to_string()).expect("a file");
        let told = Told { rules: Vec::new(), record: Vec::new(), hits: 0, random: Random::new(SEED) };
        let (is_cut, ended) = (watch::channel(false).0, watch::channel(0).0);
        let state = Arc::new(State { client, told: Mutex::new(told), is_cut, ended });
        runtime.spawn(serve::serve(listener, Arc::clone(&state)));
        Self { state, kubeconfig, _folder: folder, runtime: Some(runtime) }
    }

    /// The way to the cluster through it.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.kubeconfig.clone()
    }

    /// From now on these rules hold, and no others; the first one that fits a request is applied. Nothing is held
    /// against requests that came before.
    pub fn rules(&self, rules: impl IntoIterator<Item = Rule>) {
        let mut told = self.state.told();
        told.rules = rules.into_iter().collect();
        told.hits = 0;
    }

    /// How many requests the rules were applied to since they were set.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.state.told().hits
    }

    /// Lets nothing pass, in either direction, until it is mended: connections stay, and are silent.
    pub fn cut(&self) {
        self.state.is_cut.send_replace(true);
    }

    /// Lets all pass again.
    pub fn mend(&self) {
        self.state.is_cut.send_replace(false);
    }

    /// Ends all watches that are under way, as an API server does that has to.
    pub fn end_watches(&self) {
        self.state.ended.send_modify(|count| *count += 1);
    }

    /// How many requests came so far.
    #[must_use]
    pub fn mark(&self) -> usize {
        self.state.told().record.len()
    }

    /// The requests that came after a mark; of those under way the code is 0.
    #[must_use]
    pub fn since(&self, mark: usize) -> Vec<Asked> {
        self.state.told().record.iter().skip(mark).cloned().collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // What is held is never answered, so it cannot be waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl State {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a request down: its number, and what is done with it.
    fn note(&self, asked: Asked) -> (usize, Option<Fault>) {
        let mut told = self.told();
        let Told { rules, record, hits, random } = &mut *told;
        let fault = rules.iter_mut().find_map(|rule| rule.fault(&asked, random));
        *hits += usize::from(fault.is_some());
        record.push(asked);
        (record.len() - 1, fault)
    }

    fn answered(&self, number: usize, code: u16) {
        self.told().record[number].code = code;
    }

    /// Waits while nothing passes.
    async fn passes(&self) {
        // It ends with the proxy.
        let _ = self.is_cut.subscribe().wait_for(|is_cut| !is_cut).await;
    }
}
