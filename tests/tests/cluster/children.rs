//! What happens to a Zuul's objects: deleted ones come back, others' are left alone, edits are put back.

use serde_json::json;
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{
    apply, children, condition, get, is_back, is_ready, patch, patch_secret, site,
};

use crate::{ready, rig, with, writes};

#[test]
fn every_deleted_child_comes_back() {
    let Some(rig) = rig("every_deleted_child_comes_back") else { return };
    let (namespace, _, operator) = ready(rig);
    let before = children(&namespace);
    assert!(before.len() > 20, "{:?}", before.keys());
    for (id, child) in &before {
        namespace.must(&["delete", &id.to_lowercase(), "--wait=false"]);
        is_back(&namespace, &id.to_lowercase(), child);
    }
    is_ready(&namespace);
    let after = children(&namespace);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (id, child) in before {
        assert_eq!(child["data"], after[&id]["data"], "{id}");
    }
    drop(operator);
}

#[test]
fn an_object_of_somebody_else_is_left_alone() {
    let Some(rig) = rig("an_object_of_somebody_else_is_left_alone") else { return };
    let namespace = rig.namespace();
    let foreign = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "zuul-web", "labels": {"app.kubernetes.io/managed-by": "zuul-operator"}},
        "spec": {"ports": [{"port": 1}], "selector": {"a": "b"}},
    });
    apply(&namespace, &[foreign]);
    let before = get(&namespace, "service/zuul-web");
    apply(&namespace, &site());
    let how = zuul_operator_tests::operator::How::in_namespace(rig, namespace.name());
    let operator = how.start();
    until("it is said", || condition(&namespace, "Applied").1 == "ForeignObject");
    assert_eq!(get(&namespace, "service/zuul-web"), before);
    assert!(get(&namespace, "deployment/zuul-web").is_object(), "all else is made");
    // Out of the way, it takes the place.
    namespace.must(&["delete", "service", "zuul-web"]);
    is_ready(&namespace);
    assert_eq!(condition(&namespace, "Applied").0, "True");
    // And a stranger's object of another name, with our labels, is nobody's to delete.
    let mut stranger = before;
    stranger["metadata"] =
        json!({"name": "stranger", "labels": get(&namespace, "service/zuul-web")["metadata"]["labels"]});
    stranger["spec"] = json!({"ports": [{"port": 1}]});
    apply(&namespace, &[stranger]);
    patch(&namespace, &json!({"spec": {"fingergw": null}}));
    until("what is no longer wanted goes", || get(&namespace, "deployment/zuul-fingergw").is_null());
    assert!(get(&namespace, "service/stranger").is_object());
    drop(operator);
}

#[test]
fn edits_of_our_fields_are_put_back_and_those_of_others_stay() {
    let Some(rig) = rig("edits_of_our_fields_are_put_back_and_those_of_others_stay") else { return };
    let (namespace, _, operator) = ready(rig);
    namespace.must(&["label", "deployment", "zuul-web", "mesh=on"]);
    namespace.must(&["scale", "deployment", "zuul-web", "--replicas=3"]);
    namespace.must(&["scale", "statefulset", "zuul-executor", "--replicas=5"]);
    until("a count that the Zuul states is put back", || {
        get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 2
    });
    let image = "spec.template.spec.containers[0].image";
    namespace.must(&["set", "image", "deployment/zuul-web", "web=nginx"]);
    until(&format!("{image} is put back"), || {
        let web = get(&namespace, "deployment/zuul-web");
        web["spec"]["template"]["spec"]["containers"][0]["image"] == "quay.io/zuul-ci/zuul-web:14.3.0"
    });
    patch_secret(&namespace, "zuul-web-config", &json!({"zuul.conf":"x"}));
    until("a Secret is put back", || {
        get(&namespace, "secret/zuul-web-config")["data"]["zuul.conf"] != "eA=="
    });
    is_ready(&namespace);
    let web = get(&namespace, "deployment/zuul-web");
    assert_eq!(web["metadata"]["labels"]["mesh"], "on", "a label of somebody else");
    assert_eq!(web["spec"]["replicas"], 3, "the Zuul says no count: an autoscaler may");
    drop(operator);
}

#[test]
fn a_second_zuul_touches_nothing_of_the_first() {
    let Some(rig) = rig("a_second_zuul_touches_nothing_of_the_first") else { return };
    let (namespace, _, operator) = with(rig, &site());
    let before = children(&namespace);
    let mark = rig.audit_mark();
    let mut second = zuul_operator_tests::site::zuul();
    second["metadata"]["name"] = json!("second");
    apply(&namespace, &[second]);
    until("the second one is ready", || {
        get(&namespace, "zuul/second")["status"]["conditions"][0]["status"] == "True"
    });
    let of_first: Vec<_> =
        writes(rig, &namespace, mark).into_iter().filter(|it| it.contains("/zuul-")).collect();
    assert_eq!(of_first, Vec::<String>::new());
    namespace.must(&["delete", "zuul", "second", "--timeout=30s"]);
    until("the second one is gone", || children(&namespace).len() == before.len());
    drop(operator);
}

#[test]
fn an_object_without_its_owner_is_nobodys() {
    let Some(rig) = rig("an_object_without_its_owner_is_nobodys") else { return };
    let (namespace, _, operator) = ready(rig);
    let before = get(&namespace, "service/zuul-web");
    let orphan = json!([{"op": "remove", "path": "/metadata/ownerReferences"}]).to_string();
    namespace.must(&["patch", "service", "zuul-web", "--type=json", "-p", &orphan]);
    // Whoever orphans objects wants to keep them: with an owner that is being deleted they would go too.
    until("it is said", || condition(&namespace, "Applied").1 == "ForeignObject");
    let owners = json!({"metadata": {"ownerReferences": before["metadata"]["ownerReferences"]}}).to_string();
    namespace.must(&["patch", "service", "zuul-web", "-p", &owners]);
    until("it is ours again", || condition(&namespace, "Applied").0 == "True");
    assert_eq!(get(&namespace, "service/zuul-web")["metadata"]["uid"], before["metadata"]["uid"]);
    is_ready(&namespace);
    drop(operator);
}

#[test]
fn an_object_that_hangs_in_its_deletion_is_told() {
    let Some(rig) = rig("an_object_that_hangs_in_its_deletion_is_told") else { return };
    let (namespace, _, operator) = ready(rig);
    let keep = |finalizers| json!({"metadata": {"finalizers": finalizers}}).to_string();
    namespace.must(&["patch", "service", "zuul-web", "-p", &keep(json!(["example.com/keep"]))]);
    namespace.must(&["delete", "service", "zuul-web", "--wait=false"]);
    until("it is told", || condition(&namespace, "Applied").1 == "ObjectEnding");
    assert_eq!(condition(&namespace, "Ready").1, "ObjectEnding");
    // All else goes on.
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("executors are added", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3);
    let before = get(&namespace, "service/zuul-web");
    namespace.must(&["patch", "service", "zuul-web", "-p", &keep(json!(null))]);
    is_back(&namespace, "service/zuul-web", &before);
    is_ready(&namespace);
    drop(operator);
}

#[test]
fn a_status_that_somebody_changed_is_put_right() {
    let Some(rig) = rig("a_status_that_somebody_changed_is_put_right") else { return };
    let (namespace, _, operator) = ready(rig);
    let before = get(&namespace, "zuul/zuul")["status"].clone();
    let change = |status| {
        let patch = json!({"status": status}).to_string();
        namespace.must(&["patch", "zuul", "zuul", "--subresource=status", "--type=merge", "-p", &patch]);
    };
    // A condition of somebody else's stays.
    let mut conditions = before["conditions"].clone();
    let mut seen = conditions[0].clone();
    (seen["type"], seen["status"]) = (json!("Seen"), json!("True"));
    (0..conditions.as_array().unwrap().len()).for_each(|at| conditions[at]["status"] = json!("Unknown"));
    conditions.as_array_mut().unwrap().push(seen);
    change(json!({"conditions": conditions, "version": "1.0.0", "inventory": [], "fingerprint": null}));
    // Any edit makes the operator look.
    namespace.must(&["annotate", "zuul", "zuul", "example.com/look=1"]);
    until("it is as it was", || {
        let now = get(&namespace, "zuul/zuul")["status"].clone();
        ["version", "inventory", "fingerprint"].iter().all(|field| now[field] == before[field])
            && condition(&namespace, "Ready").0 == "True"
    });
    assert_eq!(condition(&namespace, "Seen").0, "True");
    drop(operator);
}
