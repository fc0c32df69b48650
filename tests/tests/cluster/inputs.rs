//! Every input that a Zuul refers to is noticed, and nothing else is.

use serde_json::json;
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{children, condition, get, is_ready, patch, patch_secret};

use crate::{ready, requests, rig, writes};

#[test]
fn an_unrelated_secret_costs_nothing() {
    let Some(rig) = rig("an_unrelated_secret_costs_nothing") else { return };
    let (namespace, _, mut operator) = ready(rig);
    let mark = rig.audit_mark();
    namespace.must(&["create", "secret", "generic", "unrelated", "--from-literal=password=canary-unrelated"]);
    namespace.must(&["label", "secret", "unrelated", "more=1"]);
    // A change that matters comes after these on the same watch.
    patch_secret(&namespace, "database", &json!({"dburi":"mariadb+pymysql://a:b@db/zuul"}));
    until("the change that matters is seen", || !writes(rig, &namespace, mark).is_empty());
    is_ready(&namespace);
    let about = requests(rig, &namespace, mark).into_iter().filter(|it| it.uri.contains("unrelated"));
    assert_eq!(about.count(), 0);
    let lists = requests(rig, &namespace, mark)
        .into_iter()
        .filter(|it| it.verb == "list" && it.resource == "secrets");
    let all: Vec<_> = lists.filter(|it| !it.uri.contains("fieldSelector=metadata.name")).collect();
    assert!(all.is_empty(), "bytes are read by name only: {all:?}");
    assert!(operator.runs());
}

#[test]
fn a_rotated_secret_restarts_its_readers() {
    let Some(rig) = rig("a_rotated_secret_restarts_its_readers") else { return };
    let (namespace, _, operator) = ready(rig);
    let mark = rig.audit_mark();
    patch_secret(&namespace, "gerrit", &json!({"http_password":"new"}));
    until("all waves are done", || {
        let is_over = get(&namespace, "zuul/zuul")["status"]["rollout"].is_null();
        is_over && condition(&namespace, "Ready").0 == "True" && writes(rig, &namespace, mark).len() >= 6
    });
    let mut written = writes(rig, &namespace, mark);
    written.sort();
    let readers = ["executor", "merger", "scheduler"];
    let secrets = readers.map(|it| format!("patch secrets/zuul-{it}-config"));
    let workloads = readers.map(|it| format!("patch statefulsets/zuul-{it}"));
    assert_eq!(written, [secrets, workloads].concat());
    let changes: Vec<_> = get(&namespace, "zuul/zuul")["status"]["workloads"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["change"] == "restarted: Secret/gerrit changed")
        .map(|it| it["component"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(changes, readers);
    // The same once more is told once more.
    let told = || {
        let notes =
            namespace.must(&["get", "events", "-o", "jsonpath={range .items[*]}{.message}{\"\\n\"}{end}"]);
        readers.map(|it| {
            notes.lines().filter(|note| *note == format!("{it} restarted: Secret/gerrit changed")).count()
        })
    };
    until("each restart is told", || told() == [1; 3]);
    patch_secret(&namespace, "gerrit", &json!({"http_password":"newer"}));
    until("each restart is told again", || told() == [2; 3]);
    drop(operator);
}

#[test]
fn a_provider_that_is_gone_takes_its_launcher_with_it() {
    let Some(rig) = rig("a_provider_that_is_gone_takes_its_launcher_with_it") else { return };
    let (namespace, _, operator) = ready(rig);
    let launchers = || {
        children(&namespace).keys().filter(|it| it.starts_with("Deployment/zuul-nodepool-launcher")).count()
    };
    assert_eq!(launchers(), 2);
    // Missing or empty, it freezes the shards.
    let map = get(&namespace, "configmap/nodepool");
    namespace.must(&["delete", "configmap", "nodepool"]);
    until("it is said", || condition(&namespace, "Valid") == ("True".to_owned(), "Frozen".to_owned()));
    assert_eq!(launchers(), 2);
    let text = map["data"]["nodepool.yaml"].as_str().unwrap();
    let (first, _) = text.split_once("  - name: cluster").unwrap();
    let first = first.replace(", {name: pod}", "");
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "nodepool"}, "data": {"nodepool.yaml": first}});
    zuul_operator_tests::site::apply(&namespace, &[map]);
    until("the launcher is gone", || launchers() == 1);
    is_ready(&namespace);
    drop(operator);
}

#[test]
fn what_is_missing_is_waited_for() {
    let Some(rig) = rig("what_is_missing_is_waited_for") else { return };
    let (namespace, _, operator) = ready(rig);
    patch(
        &namespace,
        &json!({"spec": {"connections": {"mail": {"driver": "smtp", "server": "mail", "password": {"secretName": "mail"}, "user": "a"}}}}),
    );
    until("it is said", || condition(&namespace, "Valid").0 == "False");
    namespace.must(&["create", "secret", "generic", "mail", "--from-literal=password=x"]);
    until("it goes on", || condition(&namespace, "Valid").0 == "True");
    is_ready(&namespace);
    drop(operator);
}
