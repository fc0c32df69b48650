//! No filter of the log shows what a Secret holds or what the operator logs in with.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use k8s_openapi::api::core::v1::Secret;
use kube::api::{ListParams, Patch, PatchParams};
use kube::{Api, Client, Config};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tracing::Subscriber;
use tracing::subscriber::set_default;
use zuul_operator::cli::logging::{Log, LogFormat};
use zuul_operator_tests::answers::Answers;

const CANARY: &str = "Y2FuYXJ5LWNhbmFyeQ";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Requests that send, receive and fail to understand canaries, while `subscriber` takes the log.
fn requests(subscriber: impl Subscriber + Send + Sync) {
    let _ends = set_default(subscriber);
    let server = Answers::start(|line| match line.split(' ').nth(1).unwrap() {
        // Secrets that cannot be read: kube logs the answer.
        path if path.starts_with("/api/v1/namespaces/n/secrets?") => {
            (200, json!({"items": [{"metadata": {"name": 5}, "data": {"k": CANARY}}]}).to_string())
        }
        "/api/v1/namespaces/n/secrets/fine" => {
            (200, json!({"metadata": {"name": "fine"}, "data": {"k": format!("{CANARY}==")}}).to_string())
        }
        // An error that is no Status.
        "/api/v1/namespaces/n/secrets/proxy" => (502, format!("<html>{CANARY}</html>")),
        // A Status that quotes what was sent.
        _ => {
            let message = format!("cannot patch {{\"k\":\"{CANARY}\"}}");
            (422, json!({"kind": "Status", "status": "Failure", "code": 422, "message": message}).to_string())
        }
    });
    let mut config = Config::new(format!("http://{}", server.address).parse().unwrap());
    config.auth_info.token = Some(CANARY.to_owned().into());
    config.default_retry = false;
    // One thread, on which this log is the one that counts.
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let api: Api<Secret> = Api::namespaced(Client::try_from(config).unwrap(), "n");
        api.get("fine").await.unwrap();
        api.list(&ListParams::default()).await.unwrap_err();
        api.get("proxy").await.unwrap_err();
        let patch = json!({"apiVersion": "v1", "kind": "Secret", "data": {"k": CANARY}});
        api.patch("s", &PatchParams::apply("test"), &Patch::Apply(patch)).await.unwrap_err();
    });
    assert_eq!(server.seen().len(), 4, "{:?}", server.seen());
    tracing::trace!(name = "zuul", "own line");
}

fn log(format: LogFormat, filter: &str) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = Log { filter: Some(filter), level: "info", format, styled: false };
    requests(log.subscriber(None, move || writer.clone(), None).unwrap());
    lines.text()
}

#[test]
fn canaries_are_never_logged() {
    for filter in ["trace", "kube_client=trace,kube_client::client=trace,warn", "debug"] {
        let text = log(LogFormat::Text, filter);
        assert!(
            text.contains("requesting") || text.contains("HTTP"),
            "nothing of the requests is logged: {text}"
        );
        assert!(!text.contains(CANARY), "{filter}: {text}");
    }
}

#[test]
fn without_our_filter_they_would_be() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_env_filter("warn").with_writer(move || writer.clone());
    requests(subscriber.finish());
    assert!(lines.text().contains(CANARY), "kube no longer logs answers: {}", lines.text());
}

#[test]
fn each_line_is_an_object() {
    let text = log(LogFormat::Json, "debug");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.iter().any(|line| line["message"] == "requesting" && line["level"] == "DEBUG"), "{text}");
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["target"].is_string()), "{text}");
}
