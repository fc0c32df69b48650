//! Changes go through the components in waves.

use serde_json::json;
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{children, condition, get, is_ready, patch};

use crate::{ready, rig};

#[test]
fn a_wave_that_is_not_ready_holds_the_next_one() {
    let Some(rig) = rig("a_wave_that_is_not_ready_holds_the_next_one") else { return };
    let (namespace, how, operator) = ready(rig);
    let image = |what: &str| {
        let image = &get(&namespace, what)["spec"]["template"]["spec"]["containers"][0]["image"];
        image.as_str().unwrap_or_default().rsplit(':').next().unwrap_or_default().to_owned()
    };
    let hold = namespace.hold("merger");
    patch(&namespace, &json!({"spec": {"zuulImageVersion": "14.4.0"}}));
    until("the mergers are on their way", || image("statefulset/zuul-merger") == "14.4.0");
    until("it is said", || get(&namespace, "zuul/zuul")["status"]["rollout"]["wave"] == 2);
    assert_eq!(image("statefulset/zuul-executor"), "14.4.0");
    assert_eq!(image("statefulset/zuul-scheduler"), "14.3.0");
    assert_eq!(condition(&namespace, "Progressing"), ("True".to_owned(), "RollingOut".to_owned()));
    // Neither a crash nor another start of the operator takes the next wave early.
    let since = get(&namespace, "zuul/zuul")["status"]["rollout"].clone();
    drop(operator);
    let mut operator = how.start();
    operator.has_logged("reconciling begins");
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("another edit takes effect at once", || {
        get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3
    });
    assert_eq!(image("statefulset/zuul-scheduler"), "14.3.0");
    assert_eq!(get(&namespace, "zuul/zuul")["status"]["rollout"]["since"], since["since"]);
    hold.release();
    is_ready(&namespace);
    for what in ["statefulset/zuul-scheduler", "deployment/zuul-web", "deployment/zuul-fingergw"] {
        assert_eq!(image(what), "14.4.0", "{what}");
    }
    assert_eq!(get(&namespace, "zuul/zuul")["status"]["version"], "14.4.0");
    drop(operator);
}

#[test]
fn what_happens_on_the_way_skips_no_wave() {
    let Some(rig) = rig("what_happens_on_the_way_skips_no_wave") else { return };
    let (namespace, _, operator) = ready(rig);
    let status = || get(&namespace, "zuul/zuul")["status"].clone();
    let waits = || {
        let workloads = status()["workloads"].as_array().cloned().unwrap_or_default();
        let of_scheduler =
            workloads.into_iter().find(|it| it["component"] == "scheduler").unwrap_or_default();
        of_scheduler["change"].as_str().unwrap_or_default().starts_with("waits for its wave")
    };
    let set = |map: &str, key: &str, text: &str| {
        let data = json!({"data": {key: text}}).to_string();
        namespace.must(&["patch", "configmap", map, "--type=merge", "-p", &data]);
    };
    let hold = namespace.hold("merger");
    patch(&namespace, &json!({"spec": {"zuulImageVersion": "14.4.0"}}));
    until("the mergers are on their way", || status()["rollout"]["wave"] == 2 && waits());
    // An error stops what is new, and what waited goes on waiting.
    let tenants = get(&namespace, "configmap/tenants")["data"]["main.yaml"].as_str().unwrap().to_owned();
    set("tenants", "main.yaml", "- tenant: [");
    until("the error is said", || condition(&namespace, "Valid").0 == "False");
    assert_eq!(status()["rollout"]["wave"], 2);
    set("tenants", "main.yaml", &tenants);
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("it goes on", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3);
    let scheduler = get(&namespace, "statefulset/zuul-scheduler");
    assert!(scheduler["spec"]["template"]["spec"]["containers"][0]["image"].to_string().contains("14.3.0"));
    // A launcher goes at once; what pods may mount that wait for their wave, after the last one.
    let launcher = children(&namespace).into_keys().find(|it| it.contains("launcher-kubernetes")).unwrap();
    let (_, name) = launcher.split_once('/').unwrap();
    let (deployment, map) = (format!("deployment/{name}"), format!("configmap/{name}"));
    let nodepool =
        get(&namespace, "configmap/nodepool")["data"]["nodepool.yaml"].as_str().unwrap().to_owned();
    let (first, _) = nodepool.split_once("  - name: cluster").unwrap();
    set("nodepool", "nodepool.yaml", &first.replace(", {name: pod}", ""));
    until("the launcher is gone", || get(&namespace, &deployment).is_null());
    assert!(get(&namespace, &map).is_object());
    // Who takes the change back waits for nothing.
    patch(&namespace, &json!({"spec": {"zuulImageVersion": "14.3.0"}}));
    until("nothing waits", || !waits());
    hold.release();
    is_ready(&namespace);
    until("its configuration is gone", || get(&namespace, &map).is_null());
    drop(operator);
}

#[test]
fn no_pod_starts_with_the_old_configuration() {
    let Some(rig) = rig("no_pod_starts_with_the_old_configuration") else { return };
    let (namespace, _, operator) = ready(rig);
    let template = |name: &str| get(&namespace, name)["spec"]["template"].clone();
    let names = ["statefulset/zuul-executor", "statefulset/zuul-scheduler"];
    let before = names.map(template);
    namespace.must(&[
        "patch",
        "secret",
        "zuul-executor-config",
        "--type=merge",
        "-p",
        r#"{"immutable":true}"#,
    ]);
    patch(
        &namespace,
        &json!({"spec": {"connections": {"more": {"driver": "git", "baseurl": "https://a.example.org"}}}}),
    );
    until("it is said", || condition(&namespace, "Applied") == ("False".to_owned(), "Refused".to_owned()));
    // Neither those that would read it, nor the waves after them.
    assert_eq!(names.map(template), before);
    namespace.must(&["delete", "secret", "zuul-executor-config"]);
    until("all have it", || {
        is_ready(&namespace);
        let now = names.map(template);
        now.iter().zip(&before).all(|(now, before)| now != before)
            && get(&namespace, "zuul/zuul")["status"]["rollout"].is_null()
    });
    drop(operator);
}

#[test]
fn another_number_of_pods_replaces_none() {
    let Some(rig) = rig("another_number_of_pods_replaces_none") else { return };
    let (namespace, _, operator) = ready(rig);
    let pods = || {
        let text =
            namespace.must(&["get", "pods", "-o", "jsonpath={range .items[*]}{.metadata.uid}{\"\\n\"}{end}"]);
        text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    let before = pods();
    let mark = rig.audit_mark();
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("the third one is there", || pods().len() == before.len() + 1);
    is_ready(&namespace);
    assert!(pods().is_superset(&before));
    assert_eq!(crate::writes(rig, &namespace, mark), ["patch statefulsets/zuul-executor"]);
    drop(operator);
}
