//! No byte of a Secret is anywhere but in the Secrets meant.

use serde_json::json;
use zuul_operator_tests::operator::{How, metrics};
use zuul_operator_tests::plugins::{of_tests, pack};
use zuul_operator_tests::rig::{Namespace, until};
use zuul_operator_tests::site::{apply, condition, get, is_ready, patch, patch_secret, site};

use crate::rig;

/// What stands in the site's Secrets, and in one for an option of its own plugin.
pub const CANARIES: [&str; 8] = [
    "canary-gerrit",
    "canary-github",
    "canary-database",
    "canary-ca",
    "canary-crt",
    "canary-key",
    "canary-cloud",
    "canary-replica",
];

#[test]
fn secrets_are_in_secrets_only() {
    let Some(rig) = rig("secrets_are_in_secrets_only") else { return };
    let namespace = rig.namespace();
    apply(&namespace, &site());
    let (mut how, address) = How::in_namespace(rig, namespace.name()).with_signals();
    how.log = "trace";
    let operator = how.start();
    is_ready(&namespace);
    has_a_plugin(&namespace);
    // What is broken may be quoted: a Secret of each form is broken.
    patch_secret(&namespace, "database", &json!({"dburi":"no uri canary-database"}));
    until("it is said", || condition(&namespace, "Valid").0 == "False");
    patch_secret(&namespace, "clouds", &json!({"clouds.yaml":"clouds: [canary-cloud"}));
    patch_secret(&namespace, "gerrit", &json!({"http_password":"canary-gerrit\nline"}));
    until("more is said", || {
        get(&namespace, "zuul/zuul")["status"]["findings"].to_string().contains("gerrit")
    });
    let metrics = metrics(&address);
    assert!(metrics.contains("zuul_operator_reconciles_total"), "{metrics}");
    let kinds = namespace.must(&["api-resources", "--namespaced", "--verbs=list", "-o", "name"]);
    let kinds: Vec<&str> = kinds.lines().filter(|kind| *kind != "secrets").collect();
    let all = namespace.must(&[
        "get",
        &kinds.join(","),
        "-o",
        "json",
        "--show-managed-fields",
        "--ignore-not-found",
    ]);
    assert!(all.contains("\"kind\": \"Zuul\"") && all.contains("\"kind\": \"Event\""));
    let audit: String = rig
        .audit(Default::default())
        .iter()
        .filter(|it| it.namespace == namespace.name())
        .map(|it| format!("{it:?}\n"))
        .collect();
    assert!(audit.contains("statefulsets"));
    let log = operator.end();
    assert!(log.contains("TRACE") || log.contains("DEBUG"), "{log}");
    let places = [("objects", all), ("metrics", metrics), ("audit log", audit), ("log", log)];
    for (place, text) in places {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{canary} is in {place}: {}", around(&text, canary));
            let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, canary);
            assert!(!text.contains(encoded.trim_end_matches('=')), "{canary} is in {place}, in base64");
        }
    }
}

/// With a plugin of the site's own in force, one option of which comes from a Secret.
fn has_a_plugin(namespace: &Namespace<'_>) {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "replica"}, "stringData": {"host": "canary-replica"},
    });
    apply(namespace, &[secret]);
    namespace.must_with(&["apply", "--server-side", "-f", "-"], &pack(&of_tests("site-gerrit")));
    let option = json!({"clone_server": {"secretName": "replica", "key": "host"}});
    patch(namespace, &json!({"spec": {"connections": {"review": option}}}));
    until("executors have the option", || {
        let conf = get(namespace, "secret/zuul-executor-config")["data"]["zuul.conf"].take();
        let conf =
            base64::Engine::decode(&base64::prelude::BASE64_STANDARD, conf.as_str().unwrap_or_default());
        String::from_utf8(conf.unwrap()).unwrap().contains("clone_server=canary-replica")
    });
    is_ready(namespace);
}

fn around<'a>(text: &'a str, what: &str) -> &'a str {
    let at = text.find(what).unwrap_or_default();
    &text[text.floor_char_boundary(at.saturating_sub(200))..text.ceil_char_boundary(at + 60)]
}
