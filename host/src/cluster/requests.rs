//! The client that the operator works with: it counts every request, and sends no write unless this process
//! leads. So neither can be forgotten where a request is made.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::{Method, Request, Response};
use kube::client::{Body, ClientBuilder};
use kube::{Client, Config};
use tokio::time::timeout;
use tower::{BoxError, Layer, Service};
use tracing::field::Empty;
use tracing::{Instrument, Span, debug_span};

use super::lease::Leadership;
use crate::metrics::{Metrics, Verb};

/// A write was not sent, or not waited for any longer, as another process may lead by now.
#[derive(Debug, thiserror::Error)]
#[error("this process does not lead")]
pub struct NotLeading;

/// A read that is not answered in this time fails. The answer to a watch begins at once; how long it goes on is not
/// limited here.
const BEGINS: Duration = Duration::from_secs(15);

/// A read was not waited for any longer.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {} s", BEGINS.as_secs())]
struct Silent;

/// A client for all but the lease itself.
///
/// # Errors
/// The configuration does not make a client.
pub fn client(config: Config, metrics: Arc<Metrics>, leadership: Leadership) -> kube::Result<Client> {
    Ok(ClientBuilder::try_from(config)?.with_layer(&Guard { metrics, leadership }).build())
}

/// A client for the lease, which is written by whoever does not lead yet: it counts, and lets all pass.
///
/// # Errors
/// The configuration does not make a client.
pub fn lease_client(config: Config, metrics: Arc<Metrics>) -> kube::Result<Client> {
    client(config, metrics, Leadership::always())
}

/// Whether a request failed only because this process does not lead.
#[must_use]
pub fn is_not_leading(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Service(error) if error.is::<NotLeading>())
}

#[derive(Clone)]
struct Guard {
    metrics: Arc<Metrics>,
    leadership: Leadership,
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Guarded { guard: self.clone(), inner }
    }
}

struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S, B> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let verb = verb(&request);
        let kind = kind(request.uri().path());
        let Guard { metrics, leadership } = self.guard.clone();
        if verb.is_write() && !leadership.may_write() {
            return Box::pin(async { Err(NotLeading.into()) });
        }
        // Of what is done for a Zuul. Watches and leases go on for ever, and are of no trace.
        let span = match Span::current().is_none() {
            true => Span::none(),
            false => {
                let (verb, kind) = (verb.as_str(), kind);
                debug_span!(
                    "request",
                    verb,
                    kind,
                    code = Empty,
                    otel.kind = "client",
                    otel.status_code = Empty
                )
            }
        };
        let answer = span.in_scope(|| self.inner.call(request));
        let told = span.clone();
        let answered = async move {
            let start = Instant::now();
            let result = if verb.is_write() {
                let answer = timeout(leadership.left(), answer).await;
                answer.map_or_else(|_| Err(NotLeading.into()), |answer| answer.map_err(Into::into))
            } else {
                let answer = timeout(BEGINS, answer).await;
                answer.map_or_else(|_| Err(Silent.into()), |answer| answer.map_err(Into::into))
            };
            let code = result.as_ref().map_or(0, |response| response.status().as_u16());
            metrics.requested(verb, kind, code, start.elapsed());
            told.record("code", i64::from(code));
            if !(200..400).contains(&code) {
                told.record("otel.status_code", "error");
            }
            result
        };
        Box::pin(answered.instrument(span))
    }
}

fn verb(request: &Request<Body>) -> Verb {
    let is_one = place(request.uri().path()).is_some_and(|place| place.is_one);
    match *request.method() {
        Method::POST => Verb::Create,
        Method::PUT => Verb::Update,
        Method::PATCH => Verb::Patch,
        Method::DELETE => Verb::Delete,
        _ if request.uri().query().unwrap_or_default().split('&').any(|it| it == "watch=true") => Verb::Watch,
        _ if is_one => Verb::Get,
        _ => Verb::List,
    }
}

/// What a request is about. The set is fixed, whatever is requested.
fn kind(path: &str) -> &'static str {
    let resource = place(path).map(|place| place.resource).unwrap_or_default();
    let known = KINDS.iter().find(|(its, _)| *its == resource);
    known.map_or("other", |(_, kind)| kind)
}

const KINDS: [(&str, &str); 11] = [
    ("configmaps", "ConfigMap"),
    ("deployments", "Deployment"),
    ("events", "Event"),
    ("leases", "Lease"),
    ("poddisruptionbudgets", "PodDisruptionBudget"),
    ("pods", "Pod"),
    ("secrets", "Secret"),
    ("serviceaccounts", "ServiceAccount"),
    ("services", "Service"),
    ("statefulsets", "StatefulSet"),
    ("zuuls", "Zuul"),
];

struct Place<'a> {
    resource: &'a str,
    /// Whether it names one object.
    is_one: bool,
}

/// `/api/v1/…` or `/apis/GROUP/VERSION/…`, then `namespaces/NAMESPACE/` or not, then `RESOURCE` or `RESOURCE/NAME`.
fn place(path: &str) -> Option<Place<'_>> {
    // What stands before it, an API server behind a proxy may have a path of its own.
    let at = path.find("/apis/").map(|at| (at, 4)).or_else(|| path.find("/api/").map(|at| (at, 3)))?;
    let mut words = path[at.0..].split('/').filter(|word| !word.is_empty()).skip(at.1 - 1).peekable();
    if words.peek() == Some(&"namespaces") {
        words.next();
        words.next();
    }
    let resource = words.next()?;
    Some(Place { resource, is_one: words.next().is_some() })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::lease::uptime;
    use super::*;

    fn told(method: Method, path: &str) -> (Verb, &'static str) {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        (verb(&request), kind(request.uri().path()))
    }

    #[test]
    fn requests_are_known_by_their_path() {
        let one = "/apis/apps/v1/namespaces/zuul/statefulsets/zuul-executor";
        for (method, path, verb, kind) in [
            (Method::GET, "/api/v1/secrets?watch=true&allowWatchBookmarks=true", Verb::Watch, "Secret"),
            (Method::GET, "/api/v1/secrets?limit=500", Verb::List, "Secret"),
            (Method::GET, "/api/v1/namespaces/api/configmaps", Verb::List, "ConfigMap"),
            (Method::GET, "/api/v1/namespaces/zuul/secrets/watch=true", Verb::Get, "Secret"),
            (Method::PATCH, one, Verb::Patch, "StatefulSet"),
            (Method::DELETE, one, Verb::Delete, "StatefulSet"),
            (Method::PUT, "/apis/coordination.k8s.io/v1/namespaces/o/leases/l", Verb::Update, "Lease"),
            (
                Method::POST,
                "/k8s/clusters/c/apis/events.k8s.io/v1/namespaces/o/events",
                Verb::Create,
                "Event",
            ),
            (Method::PATCH, "/apis/zuul-ci.org/v1alpha1/namespaces/z/zuuls/z/status", Verb::Patch, "Zuul"),
            (Method::GET, "/version", Verb::List, "other"),
            (Method::GET, "/apis/example.org/v1/anything", Verb::List, "other"),
            (Method::GET, "/", Verb::List, "other"),
        ] {
            assert_eq!(told(method, path), (verb, kind), "{path}");
        }
    }

    /// Takes every request and answers none.
    struct Silent(Arc<AtomicUsize>);

    impl Service<Request<Body>> for Silent {
        type Response = Response<Body>;
        type Error = BoxError;
        type Future = std::future::Pending<Result<Response<Body>, BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            self.0.fetch_add(1, Ordering::Relaxed);
            std::future::pending()
        }
    }

    fn write() -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::PATCH;
        *request.uri_mut() = "/api/v1/namespaces/n/secrets/s".parse().expect("a path");
        request
    }

    #[tokio::test]
    async fn a_write_ends_with_the_leadership() {
        let (sent, metrics) = (Arc::new(AtomicUsize::new(0)), Arc::new(Metrics::default()));
        let leadership = Leadership::default();
        let guard = Guard { metrics: Arc::clone(&metrics), leadership: leadership.clone() };
        let mut service = guard.layer(Silent(Arc::clone(&sent)));
        let error = service.call(write()).await.expect_err("it does not lead");
        assert!(error.is::<NotLeading>() && sent.load(Ordering::Relaxed) == 0);
        leadership.set(Some(uptime() + Duration::from_millis(100)));
        let error = service.call(write()).await.expect_err("nobody answered");
        assert!(error.is::<NotLeading>() && sent.load(Ordering::Relaxed) == 1);
        let line = "zuul_operator_requests_total{verb=\"patch\",kind=\"Secret\",code=\"0\"} 1\n";
        assert!(metrics.text().contains(line), "{}", metrics.text());
    }
}
