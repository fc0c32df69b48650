//! Spans reach a collector, with fields and no content; one that is not there holds nobody up.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{self, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::Secret;
use kube::api::ListParams;
use kube::{Api, Config};
use serde_json::json;
use tokio::runtime::Builder;
use tracing::subscriber::with_default;
use tracing::{Instrument, debug_span, info_span, warn};
use zuul_operator::cli::logging::{Log, LogFormat};
use zuul_operator::cli::run::Exit;
use zuul_operator::cluster::lease::Leadership;
use zuul_operator::cluster::requests::client;
use zuul_operator::metrics::Metrics;
use zuul_operator::traces::{Collector as Where, Traces};
use zuul_operator_tests::answers::Answers;
use zuul_operator_tests::case::command;
use zuul_operator_tests::collector::{Collector, Span};
use zuul_operator_tests::rig::until;

const CANARY: &str = "Y2FuYXJ5LWNhbmFyeQ";
const LOG: Log<'static> = Log { filter: None, level: "info", format: LogFormat::Text, styled: false };

/// What is logged by threads that have no log of their own: that one which sends.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static LINES: LazyLock<Lines> = LazyLock::new(|| {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = LOG.subscriber(None, move || writer.clone(), None).unwrap();
    tracing::subscriber::set_global_default(log).unwrap();
    lines
});

/// The lines about one collector.
fn logged(url: &str) -> Vec<String> {
    let text = String::from_utf8(LINES.0.lock().unwrap().clone()).unwrap();
    text.lines().filter(|line| line.contains(url)).map(str::to_owned).collect()
}

fn open(url: &str) -> Traces {
    LazyLock::force(&LINES);
    Traces::open(&Where::find(Some(url), |_| None).unwrap().unwrap()).unwrap()
}

/// Does something whose spans are sent.
fn traced<T>(traces: &Traces, work: impl FnOnce() -> T) -> T {
    with_default(LOG.subscriber(None, io::sink, Some(traces)).unwrap(), work)
}

fn reconcile() -> tracing::Span {
    debug_span!(target: "zuul_operator::controller", "reconcile", namespace = "ci", name = "zuul")
}

/// A request of the operator's own client; both sides send canaries.
async fn list_secrets() {
    let server = Answers::start(|_| {
        let secret = json!({"metadata": {"name": "s"}, "data": {"k": format!("{CANARY}==")}});
        (200, json!({"metadata": {}, "items": [secret]}).to_string())
    });
    let mut config = Config::new(format!("http://{}", server.address).parse().unwrap());
    config.auth_info.token = Some(CANARY.to_owned().into());
    let client = client(config, Arc::new(Metrics::default()), Leadership::always()).unwrap();
    let api: Api<Secret> = Api::namespaced(client, "ci");
    assert_eq!(api.list(&ListParams::default()).await.unwrap().items.len(), 1);
}

#[test]
fn spans_arrive_with_their_fields_and_without_content() {
    let collector = Collector::start();
    let traces = open(&collector.url());
    traced(&traces, || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(list_secrets().instrument(reconcile()));
        // What belongs to no Zuul is no trace.
        runtime.block_on(list_secrets());
        let case = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/01-percent-in-a-secret");
        reconcile().in_scope(|| command(&["validate", "-f", case]));
        // What kube's own spans and lines hold, and a line of ours.
        info_span!(target: "kube_client::api::entry", "commit", object = CANARY).in_scope(|| ());
        reconcile().in_scope(|| {
            warn!(target: "kube_runtime::watcher", "{CANARY}");
            warn!(target: "zuul_operator::controller", text = CANARY, "{CANARY}");
        });
    });
    traces.end();
    let spans = collector.spans();
    let of = |name: &str| spans.iter().filter(|it| it.name == name).cloned().collect::<Vec<Span>>();
    let known = ["compile", "plugin call", "reconcile", "request"];
    assert!(spans.iter().all(|it| known.contains(&it.name.as_str())), "{spans:#?}");
    let reconciles = of("reconcile");
    assert_eq!(reconciles.len(), 3);
    for span in &reconciles {
        assert_eq!((span.fields["namespace"].as_str(), span.fields["name"].as_str()), ("ci", "zuul"));
        assert_eq!(span.resource["service.name"], "zuul-operator");
        assert_eq!(span.resource["service.version"], env!("CARGO_PKG_VERSION"));
    }
    let [request] = &of("request")[..] else { panic!("{spans:#?}") };
    let fields = ["verb", "kind", "code"].map(|key| request.fields[key].as_str());
    assert_eq!((fields, request.is_error), (["list", "Secret", "200"], false));
    let calls = of("plugin call");
    let git = calls.iter().find(|it| it.fields["plugin"] == "zuul-conf").expect("a call");
    assert!(git.fields["fuel"].parse::<u64>().unwrap() > 0);
    for span in calls.iter().chain([request]) {
        assert!(reconciles.iter().any(|it| it.id == span.parent), "{span:?}");
    }
    let text = collector.text();
    for number in [r#"{"key":"code","value":{"intValue":"200"}}"#, r#"{"key":"fuel","value":{"intValue":""#] {
        assert!(text.contains(number), "{number} is not in {text}");
    }
    assert!(!text.contains(CANARY), "{text}");
}

#[test]
fn an_address_that_cannot_be_used_is_told_at_once() {
    let said = command(&["run", "--traces", "collector:4318"]);
    assert_eq!(said.exit, Exit::Failure);
    assert!(
        said.stderr.starts_with("error: --traces: it is neither http nor https; expected"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_collector_that_is_not_there_is_told_of_once_and_holds_nobody_up() {
    // Nobody has that port while the test runs, as nobody asks for it.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}");
    let traces = open(&url);
    let start = Instant::now();
    // More than the queue takes.
    traced(&traces, || (0..10_000).for_each(|_| reconcile().in_scope(|| ())));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    until("it is told", || !logged(&url).is_empty());
    let start = Instant::now();
    traces.end();
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    let lines = logged(&url);
    assert!(lines.len() == 1 && lines[0].contains("WARN") && lines[0].contains("refused"), "{lines:?}");
}

#[test]
fn one_that_never_answers_does_not_hold_up_the_end() {
    // The kernel takes the connection.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let traces = open(&format!("http://{}", silent.local_addr().unwrap()));
    traced(&traces, || reconcile().in_scope(|| ()));
    let start = Instant::now();
    traces.end();
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[test]
fn one_that_comes_and_goes_is_told_of_once() {
    let answers = AtomicUsize::new(0);
    // Not 503, after which the library would ask again by itself.
    let collector =
        Collector::answering(move || [401, 401, 200, 401][answers.fetch_add(1, Ordering::Relaxed) % 4]);
    let url = collector.url();
    let traces = open(&url);
    for batch in 1..=8 {
        // As many as are sent without waiting for more.
        traced(&traces, || (0..512).for_each(|_| reconcile().in_scope(|| ())));
        until("a batch came", || collector.batches() >= batch);
    }
    traces.end();
    let lines = logged(&url);
    assert!(lines.len() == 2, "{lines:?}");
    assert!(lines[0].contains("it answers 401 Unauthorized"), "{lines:?}");
    assert!(lines[1].contains("again"), "{lines:?}");
}
