//! Leader election: of several replicas only one writes. I/O: one Lease, in the operator's own namespace.
//!
//! It goes as in client-go (`tools/leaderelection`). Who holds the Lease renews it; the others take it once it
//! did not change for its whole duration, by their own clock. Each write names the version that it replaces,
//! so that one of two wins. What is stricter here: a leader counts its time from before its request was sent,
//! and asks the clock before each write, so a process that was frozen does not go on writing.
//!
//! The rights that it needs: `get`, `create` and `update` on `leases` of `coordination.k8s.io`.

mod election;
mod leadership;
mod settings;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use k8s_openapi::api::coordination::v1::Lease as Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::api::PostParams;
use kube::{Api, Client};
use tokio::time::{sleep, timeout};

use super::MANAGER;
use super::why::why;
use election::{Election, Step};
pub use leadership::Leadership;
pub(in crate::cluster) use leadership::uptime;
pub use settings::Settings;

/// One candidate for one Lease.
pub struct Lease {
    api: Api<Object>,
    namespace: String,
    name: String,
    identity: String,
    settings: Settings,
}

/// A name that no other process has, not even the next one of the same pod: `pod` and random digits.
#[must_use]
pub fn identity(pod: &str) -> String {
    format!("{pod}_{:016x}", getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id())))
}

impl Lease {
    /// A candidate called `identity` for the Lease `name` in the operator's namespace. The client must be one
    /// that writes without asking for leadership.
    #[must_use]
    pub fn new(client: Client, namespace: &str, name: &str, identity: String, settings: Settings) -> Self {
        let api = Api::namespaced(client, namespace);
        Self { api, namespace: namespace.to_owned(), name: name.to_owned(), identity, settings }
    }

    /// Tries to lead and says so in `leadership`, until `ended` is done; then gives the Lease up. Whoever
    /// writes has to be through with it before `ended` is done: the next leader may begin at once.
    ///
    /// A leader that loses the Lease remains a candidate. It says that it lost it while nobody else can have
    /// it yet.
    pub async fn run(self, leadership: Leadership, ended: impl Future<Output = ()>) {
        let own = leadership.clone();
        // Also when this future is dropped.
        let _ends = Ends(&own);
        let mut election = Election::new(&self.identity, self.settings);
        let mut ended = pin!(ended);
        loop {
            tokio::select! {
                biased;
                () = &mut ended => break,
                () = self.turn(&mut election, &leadership) => {}
            }
        }
        leadership.set(None);
        match timeout(self.settings.request(), self.release(&mut election)).await {
            Ok(Ok(had_it)) => {
                if had_it {
                    tracing::info!(lease = self.name, "lease given up");
                }
            }
            // The others take it when it runs out.
            Ok(Err(error)) => tracing::warn!(lease = self.name, "lease not given up: {}", why(&error)),
            Err(_) => tracing::warn!(lease = self.name, "lease not given up in time"),
        }
    }

    /// Whether it had the lease. A renewal may have been under way, so what is known of it may be old.
    async fn release(&self, election: &mut Election) -> kube::Result<bool> {
        while let Some(object) = election.release(MicroTime(Timestamp::now())) {
            if unless_lost(self.api.replace(&self.name, &params(), &object).await)?.is_some() {
                return Ok(true);
            }
            election.observe(self.api.get_opt(&self.name).await?, uptime());
        }
        Ok(false)
    }

    /// One try, and the time until the next.
    async fn turn(&self, election: &mut Election, leadership: &Leadership) {
        let led = leadership.may_write();
        let left = if led { leadership.left() } else { Duration::MAX };
        match timeout(self.settings.request().min(left), self.attempt(election)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(lease = self.name, "lease: {}", why(&error)),
            Err(_) => tracing::warn!(lease = self.name, "lease: no answer in time"),
        }
        self.tell(leadership.set(election.leads_until()), leadership, election);
        let pause = self.settings.pause(election.waits(uptime()), getrandom::u32().unwrap_or_default());
        // A leader looks up in time to say that it is none any more.
        let left = if leadership.may_write() { leadership.left() } else { Duration::MAX };
        sleep(pause.min(left)).await;
        self.tell(leadership.refresh(), leadership, election);
    }

    fn tell(&self, changed: bool, leadership: &Leadership, election: &Election) {
        if changed {
            let says = if leadership.may_write() { "leads" } else { "does not lead" };
            let (lease, identity) = (self.name.as_str(), self.identity.as_str());
            tracing::info!(lease, identity, holder = election.holder(), "{says}");
        }
    }

    async fn attempt(&self, election: &mut Election) -> kube::Result<()> {
        // Most of the time nothing changed since the last renewal, and one request does.
        if election.leads_until().is_some_and(|until| uptime() < until)
            && let Step::Replace(object) = election.next(uptime(), MicroTime(Timestamp::now()))
            && self.replace(election, &object).await?
        {
            return Ok(());
        }
        election.observe(self.api.get_opt(&self.name).await?, uptime());
        match election.next(uptime(), MicroTime(Timestamp::now())) {
            Step::Wait => {}
            Step::Replace(object) => {
                self.replace(election, &object).await?;
            }
            Step::Create(mut object) => {
                object.metadata.name = Some(self.name.clone());
                object.metadata.namespace = Some(self.namespace.clone());
                let sent = uptime();
                if let Some(object) = unless_lost(self.api.create(&params(), &object).await)? {
                    election.held(object, sent, uptime());
                }
            }
        }
        Ok(())
    }

    /// Whether it was replaced: another one may have been faster.
    async fn replace(&self, election: &mut Election, object: &Object) -> kube::Result<bool> {
        let sent = uptime();
        let replaced = unless_lost(self.api.replace(&self.name, &params(), object).await)?;
        let is_ours = replaced.is_some();
        if let Some(object) = replaced {
            election.held(object, sent, uptime());
        }
        Ok(is_ours)
    }
}

fn params() -> PostParams {
    PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() }
}

/// Nothing when another one was faster: it exists already, has another version, or is gone.
fn unless_lost<T>(result: kube::Result<T>) -> kube::Result<Option<T>> {
    match result {
        Ok(object) => Ok(Some(object)),
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whoever is not running does not lead.
struct Ends<'a>(&'a Leadership);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}
