//! What an operator does for a Zuul is a trace, without a byte of a Secret; without a collector all goes on.

use std::collections::BTreeSet;
use std::fs;

use zuul_operator_tests::collector::{Collector, Span};
use zuul_operator_tests::operator::{How, Operator};
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{apply, is_ready, site};

use crate::canaries::CANARIES;
use crate::rig;

/// As the thread of the library is called, as far as the kernel keeps it.
const THREAD: &str = "OpenTelemetry.T";

#[test]
fn a_reconcile_is_a_trace() {
    let Some(rig) = rig("a_reconcile_is_a_trace") else { return };
    let namespace = rig.namespace();
    let collector = Collector::start();
    apply(&namespace, &site());
    let mut how = How::in_namespace(rig, namespace.name()).with(&["--traces", &collector.url()]);
    how.log = "trace";
    let variables = [
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20canary-token"),
        ("OTEL_RESOURCE_ATTRIBUTES", "k8s.cluster.name=rig"),
    ];
    how.variables.extend(variables.map(|(name, value)| (name, value.to_owned())));
    let operator = how.start();
    is_ready(&namespace);
    until("all of a reconcile has arrived", || {
        let spans = collector.spans();
        let names: BTreeSet<_> = spans.iter().map(|it| it.name.as_str()).collect();
        ["reconcile", "gather", "plan", "plugin call", "apply", "request"].iter().all(|it| names.contains(it))
    });
    assert!(threads(&operator).contains(THREAD), "{}", threads(&operator));
    let log = operator.end();
    let spans = collector.spans();
    let parent = |span: &Span| spans.iter().find(|it| it.id == span.parent).map(|it| it.name.as_str());
    for span in &spans {
        assert_eq!(span.resource["service.name"], "zuul-operator");
        assert_eq!(span.resource["k8s.cluster.name"], "rig");
        let under = match span.name.as_str() {
            "reconcile" => vec![None],
            "gather" | "plan" | "apply" => vec![Some("reconcile")],
            "request" => vec![Some("reconcile"), Some("gather"), Some("apply")],
            // Those of a first load are of no Zuul.
            "plugin call" | "compile" => vec![Some("plan"), None],
            other => panic!("what is {other}?"),
        };
        assert!(under.contains(&parent(span)), "{span:?} is under {:?}", parent(span));
    }
    let first = |name: &str, key: &str, value: &str| {
        let mut found = spans.iter().filter(|it| it.name == name);
        found.any(|it| it.fields.get(key).is_some_and(|its| its == value))
    };
    assert!(first("reconcile", "namespace", namespace.name()) && first("reconcile", "result", "done"));
    assert!(first("reconcile", "name", "zuul") && first("reconcile", "wave", "0"));
    assert!(first("gather", "secrets", "6") && first("gather", "config_maps", "2"));
    assert!(first("plugin call", "plugin", "gerrit") && first("request", "kind", "StatefulSet"));
    assert!(first("plan", "findings", "0") && first("apply", "obstacles", "0"));
    let sent = collector.text();
    assert!(sent.contains("Bearer canary-token"), "what the variable says is sent");
    assert!(!log.contains("canary-token") && log.contains("reconcile{"), "{log}");
    for canary in CANARIES {
        let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, canary);
        for text in [canary, encoded.trim_end_matches('=')] {
            assert!(!sent.contains(text), "{text} was sent");
        }
    }
}

#[test]
fn without_a_collector_all_goes_on() {
    let Some(rig) = rig("without_a_collector_all_goes_on") else { return };
    let namespace = rig.namespace();
    apply(&namespace, &site());
    let how = How::in_namespace(rig, namespace.name());
    // Port 1 is nobody's.
    let mut operator = how.clone().with(&["--traces", "http://127.0.0.1:1"]).start();
    is_ready(&namespace);
    operator.has_logged("spans do not reach http://127.0.0.1:1/v1/traces");
    let log = operator.end();
    assert_eq!(log.matches("spans").count(), 1, "{log}");
    // And without the flag there is nothing that could send.
    let mut operator = how.start();
    operator.has_logged("reconciling begins");
    assert!(!threads(&operator).contains(THREAD), "{}", threads(&operator));
    drop(operator);
}

/// The API server speaks TLS with a certificate that no system knows, and takes no spans.
#[test]
fn by_https_a_certificate_must_be_known() {
    let Some(rig) = rig("by_https_a_certificate_must_be_known") else { return };
    let namespace = rig.namespace();
    apply(&namespace, &site());
    let server = rig.must(&["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"]);
    for (roots, told) in
        [("ca.crt", "it answers 40"), ("server.crt", "invalid peer certificate: UnknownIssuer")]
    {
        let mut how = How::of_user(rig, namespace.name(), &format!("operator-{}-{roots}", namespace.name()));
        let roots = rig.layout().pki(roots).display().to_string();
        how.variables.extend([("OTEL_EXPORTER_OTLP_ENDPOINT", server.clone()), ("SSL_CERT_FILE", roots)]);
        let mut operator = how.start();
        operator.has_logged(told);
        let log = operator.end();
        assert_eq!(log.matches("spans do not reach").count(), 1, "{log}");
    }
}

/// The names of the threads of a process, a line each.
fn threads(operator: &Operator) -> String {
    let tasks = fs::read_dir(format!("/proc/{}/task", operator.id())).unwrap();
    tasks.map(|task| fs::read_to_string(task.unwrap().path().join("comm")).unwrap_or_default()).collect()
}
