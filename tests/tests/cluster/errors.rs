//! What is wrong is said, what ran before runs on, and nobody else is hurt.

use serde_json::{Value, json};
use zuul_operator_tests::operator::How;
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{apply, condition, get, is_ready, patch, site, zuul};

use crate::{ready, rig, writes};

/// The pods of the executors.
const EXECUTOR: &str = "app.kubernetes.io/component=executor";

#[test]
fn an_error_changes_nothing() {
    let Some(rig) = rig("an_error_changes_nothing") else { return };
    let (namespace, _, operator) = ready(rig);
    let mark = rig.audit_mark();
    patch(&namespace, &json!({"spec": {"executor": {"count": 4}, "web": {"rooot": "https://x"}}}));
    until("it is said", || condition(&namespace, "Valid").1 == "Errors");
    assert_eq!(writes(rig, &namespace, mark), Vec::<String>::new());
    let zuul = get(&namespace, "zuul/zuul");
    let finding = &zuul["status"]["findings"][0];
    assert_eq!(finding["field"], "spec.web.rooot", "{finding}");
    let events = namespace.must(&["get", "events", "-o", "jsonpath={.items[*].reason}"]);
    assert!(events.contains("Errors"), "{events}");
    patch(&namespace, &json!({"spec": {"web": {"rooot": null}}}));
    until("it is mended", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 4);
    is_ready(&namespace);
    assert_eq!(condition(&namespace, "Valid").0, "True");
    drop(operator);
}

#[test]
fn a_broken_tenant_file_never_replaces_the_good_one() {
    let Some(rig) = rig("a_broken_tenant_file_never_replaces_the_good_one") else { return };
    let (namespace, _, operator) = ready(rig);
    let mark = rig.audit_mark();
    let broken = json!({"data": {"main.yaml": "- tenant: {name: [\n"}}).to_string();
    namespace.must(&["patch", "configmap", "tenants", "--type=merge", "-p", &broken]);
    until("it is said", || condition(&namespace, "Valid").1 == "Errors");
    assert_eq!(writes(rig, &namespace, mark), Vec::<String>::new());
    let finding = get(&namespace, "zuul/zuul")["status"]["findings"][0].clone();
    assert_eq!(finding["object"], "ConfigMap/tenants", "{finding}");
    apply(&namespace, &site());
    is_ready(&namespace);
    drop(operator);
}

#[test]
fn an_object_of_an_older_schema_is_skipped() {
    let Some(rig) = rig("an_object_of_an_older_schema_is_skipped") else { return };
    // As it would be found after the schema was made stricter: no server checks it now.
    let namespace = rig.namespace();
    apply(&namespace, &site());
    let how = How::in_namespace(rig, namespace.name());
    let operator = how.start();
    is_ready(&namespace);
    let mut odd = zuul();
    odd["metadata"]["name"] = json!("odd");
    odd["spec"]["connections"] = json!({"a": {"driver": "git", "baseurl": ["no", {"text": 1}]}});
    apply(&namespace, &[odd]);
    until("it is said", || {
        let all = get(&namespace, "zuul/odd")["status"]["conditions"].as_array().cloned().unwrap_or_default();
        all.iter().any(|it: &Value| it["type"] == "Valid" && it["status"] == "False")
    });
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("the other one goes on", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3);
    drop(operator);
}

#[test]
fn a_wrong_storage_class_is_mended_without_the_operator() {
    let Some(rig) = rig("a_wrong_storage_class_is_mended_without_the_operator") else { return };
    let namespace = rig.namespace();
    let mut objects = site();
    let zuul = objects.last_mut().unwrap();
    zuul["spec"]["executor"]["storageSize"] = json!("1Gi");
    zuul["spec"]["executor"]["storageClassName"] = json!("wrong");
    apply(&namespace, &objects);
    let how = How::in_namespace(rig, namespace.name());
    let operator = how.start();
    is_ready(&namespace);
    let pods = || namespace.must(&["get", "pods", "-l", EXECUTOR, "-o", "jsonpath={.items[*].metadata.uid}"]);
    let before = pods();
    // The API server lets nobody change it: it is said, with what to do, and nothing else is held up.
    patch(&namespace, &json!({"spec": {"executor": {"storageClassName": "right"}, "web": {"count": 3}}}));
    until("it is said", || condition(&namespace, "Applied").1 == "Refused");
    until("web is scaled", || get(&namespace, "deployment/zuul-web")["spec"]["replicas"] == 3);
    // As docs/operate/conditions.md says.
    namespace.must(&["delete", "statefulset", "zuul-executor", "--cascade=orphan"]);
    until("it is made again", || {
        let claims = &get(&namespace, "statefulset/zuul-executor")["spec"]["volumeClaimTemplates"];
        claims[0]["spec"]["storageClassName"] == "right"
    });
    is_ready(&namespace);
    assert_eq!((condition(&namespace, "Applied").0.as_str(), pods()), ("True", before));
    drop(operator);
}
