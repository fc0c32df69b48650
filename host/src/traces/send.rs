//! One request after the other, on the thread that the library sends from.

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::Collector;

/// The longest answer that is read; it says how many spans were taken.
const ANSWER: usize = 64 * 1024;
/// A collector that comes and goes is told of this often at most.
const AGAIN: Duration = Duration::from_secs(600);

/// Sends batches, and tells once when none arrive. Headers and answers are never told.
#[derive(Debug)]
pub(super) struct Sender {
    /// Its own, which runs on the thread that sends, while that waits: reconciles have theirs.
    runtime: Runtime,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    patience: Duration,
    place: String,
    outage: Mutex<Outage>,
}

#[derive(Debug, Default)]
struct Outage {
    /// Whether it was told of the one that goes on.
    is_told: bool,
    /// When one was told of.
    last: Option<Instant>,
}

impl Sender {
    /// For https, with the system's root certificates, or those that `SSL_CERT_FILE` names; only then they are read.
    ///
    /// # Errors
    /// There are no root certificates, and they are needed.
    pub(super) fn open(collector: &Collector) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut client = Client::builder(TokioExecutor::new());
        // Between two batches nobody would notice that a connection ended.
        client.pool_max_idle_per_host(0);
        Ok(Self {
            runtime,
            client: client.build(connector(collector)?),
            patience: collector.patience(),
            place: collector.place(),
            outage: Mutex::default(),
        })
    }

    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = self.client.request(request.map(Full::new)).await?.into_parts();
        let body = Limited::new(body, ANSWER).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }

    fn failed(&self, why: &str) {
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        if outage.is_told || outage.last.is_some_and(|last| last.elapsed() < AGAIN) {
            return;
        }
        *outage = Outage { is_told: true, last: Some(Instant::now()) };
        drop(outage);
        tracing::warn!(
            "spans do not reach {}: {why}; those of now are lost, later ones are tried",
            self.place
        );
    }

    fn arrived(&self) {
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut outage.is_told) {
            drop(outage);
            tracing::info!("spans reach {} again", self.place);
        }
    }
}

#[async_trait]
impl HttpClient for Sender {
    /// Called on the library's own thread only, which nobody waits for: there it may block.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = async { timeout(self.patience, self.answer(request)).await };
        let answer = match self.runtime.block_on(answer) {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {:?}", self.patience).into()),
        };
        match &answer {
            Ok(answer) if answer.status().is_success() => self.arrived(),
            Ok(answer) => self.failed(&format!("it answers {}", answer.status())),
            Err(error) => self.failed(&chain(error.as_ref())),
        }
        answer
    }
}

fn connector(collector: &Collector) -> anyhow::Result<HttpsConnector<HttpConnector>> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    let provider = rustls::crypto::ring::default_provider();
    let builder = HttpsConnectorBuilder::new();
    let builder = match collector.uri().scheme_str() {
        Some("https") => builder.with_provider_and_native_roots(provider)?,
        // What is not used needs no certificates.
        _ => {
            let tls = rustls::ClientConfig::builder_with_provider(provider.into())
                .with_safe_default_protocol_versions()?
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
            builder.with_tls_config(tls)
        }
    };
    Ok(builder.https_or_http().enable_http1().wrap_connector(http))
}

/// An error with what caused it, as libraries tell the cause only there.
fn chain(error: &(dyn Error + 'static)) -> String {
    anyhow::Chain::new(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
