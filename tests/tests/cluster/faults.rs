//! Whatever the network and the API server do: afterwards all is as if they had done nothing.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use zuul_operator_tests::alike::{differences, essence};
use zuul_operator_tests::operator::How;
use zuul_operator_tests::proxy::{Asked, Fault, Proxy, Rule, Which};
use zuul_operator_tests::rig::{Namespace, Rig, until};
use zuul_operator_tests::site::{
    apply, children, condition, get, is_back, is_ready, patch, patch_secret, site, zuul,
};

use crate::rig;

/// A namespace with the site, not looked after yet; a proxy, and an operator to start.
pub fn behind_proxy(rig: &Rig) -> (Namespace<'_>, Proxy, How) {
    let namespace = rig.namespace();
    apply(&namespace, &site());
    let how = How::in_namespace(rig, namespace.name());
    let proxy = Proxy::start(rig, &format!("operator-{}", namespace.name()));
    let how = how.through(&proxy);
    (namespace, proxy, how)
}

/// What a site goes through: a secret is rotated, executors are added, a section goes; `done` after each of it.
fn edit(namespace: &Namespace<'_>, done: impl Fn()) {
    patch_secret(namespace, "gerrit", &json!({"http_password":"rotated"}));
    done();
    patch(namespace, &json!({"spec": {"executor": {"count": 3}}}));
    done();
    patch(namespace, &json!({"spec": {"fingergw": null}}));
    done();
}

/// The objects of a site that went through it undisturbed.
fn undisturbed(rig: &Rig) -> &'static BTreeMap<String, Value> {
    static OBJECTS: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let (namespace, _proxy, how) = behind_proxy(rig);
        let operator = how.start();
        is_ready(&namespace);
        edit(&namespace, || {});
        settled(&namespace);
        let objects = essence(&namespace);
        drop(operator);
        objects
    })
}

/// Waits until the last of [`edit`] is done.
fn settled(namespace: &Namespace<'_>) {
    until("the section is gone", || get(namespace, "deployment/zuul-fingergw").is_null());
    until("all waves are done", || {
        let conf = get(namespace, "secret/zuul-scheduler-config")["data"]["zuul.conf"].to_string();
        let status = get(namespace, "zuul/zuul")["status"].clone();
        // The base64 of `rotated` stands somewhere in it; which of three depends on what is before it.
        let is_new = ["cm90YXRlZ", "JvdGF0ZW", "yb3RhdGVk"].iter().any(|part| conf.contains(part));
        is_new && status["rollout"].is_null() && condition(namespace, "Ready").0 == "True"
    });
    is_ready(namespace);
}

/// Two edits, one after the other: who loops asks for more than they need.
pub fn is_quiet(namespace: &Namespace<'_>, proxy: &Proxy) {
    is_ready(namespace);
    let mark = proxy.mark();
    for count in [6, 3] {
        patch(namespace, &json!({"spec": {"executor": {"count": count}}}));
        until("it is scaled", || {
            get(namespace, "statefulset/zuul-executor")["status"]["readyReplicas"] == count
        });
        is_ready(namespace);
    }
    let asked = proxy.since(mark);
    // Each: what the Zuul refers to is read, the workload is written, statuses and Events as pods come and go; and
    // watches begin anew that had been ended.
    assert!(asked.len() <= 50, "{asked:#?}");
    assert_eq!(asked.iter().filter(|it| it.is_of_a_child()).count(), 2, "{asked:#?}");
}

/// Makes a site and changes it with `rules` in force; then without them it becomes what it is to be.
fn survives(test: &str, rules: impl Fn() -> Vec<Rule>) {
    let Some(rig) = rig(test) else { return };
    let wanted = undisturbed(rig);
    let (namespace, proxy, how) = behind_proxy(rig);
    proxy.rules(rules());
    let operator = how.start();
    until("there is a beginning", || children(&namespace).len() > 10);
    let attempt = || {
        let (mark, hits) = (proxy.mark(), proxy.hits());
        until("the edit is seen", || proxy.since(mark).iter().any(Asked::is_write) || proxy.hits() > hits);
    };
    edit(&namespace, attempt);
    assert!(proxy.hits() > 0, "nothing went wrong");
    proxy.rules([]);
    settled(&namespace);
    let differ = differences(wanted, &essence(&namespace));
    assert!(differ.is_empty(), "{differ:#?}");
    is_quiet(&namespace, &proxy);
    let log = operator.end();
    assert!(!log.contains("Status {") && !log.contains("Error(\""), "{log}");
}

fn writes_meet(fault: &Fault) -> Vec<Rule> {
    vec![Rule::new(Asked::is_write, Which::Every(3), fault.clone())]
}

fn all_meet(fault: &Fault) -> Vec<Rule> {
    vec![
        // Each fourth in turn may be the same one of each try, for minutes.
        Rule::new(Asked::is_of_a_child, Which::Chance(25), fault.clone()),
        Rule::new(|_| true, Which::Chance(10), fault.clone()),
    ]
}

#[test]
fn connections_that_are_lost() {
    survives("connections_that_are_lost", || all_meet(&Fault::Lost));
}

#[test]
fn answers_that_are_lost() {
    survives("answers_that_are_lost", || all_meet(&Fault::AnswerLost));
}

#[test]
fn a_slow_api_server() {
    survives("a_slow_api_server", || {
        vec![Rule::new(|_| true, Which::Every(2), Fault::Slow(Duration::from_millis(400)))]
    });
}

#[test]
fn a_silent_api_server() {
    survives("a_silent_api_server", || {
        let (list, of_deployments) =
            (|it: &Asked| it.verb == "list", |it: &Asked| it.resource == "deployments");
        vec![
            Rule::new(move |it| list(it) && of_deployments(it), Which::Nth(1), Fault::Silence),
            Rule::new(Asked::is_write, Which::Nth(4), Fault::Silence),
            Rule::new(Asked::is_write, Which::Nth(25), Fault::AnswerKept),
        ]
    });
}

#[test]
fn conflicts() {
    survives("conflicts", || writes_meet(&Fault::Code(409)));
}

#[test]
fn versions_that_are_too_old() {
    survives("versions_that_are_too_old", || all_meet(&Fault::Code(410)));
}

#[test]
fn an_api_server_that_has_too_much_to_do() {
    survives("an_api_server_that_has_too_much_to_do", || all_meet(&Fault::Code(429)));
}

#[test]
fn an_api_server_that_fails() {
    survives("an_api_server_that_fails", || all_meet(&Fault::Code(500)));
}

#[test]
fn an_api_server_that_is_not_there() {
    survives("an_api_server_that_is_not_there", || all_meet(&Fault::Code(503)));
}

#[test]
fn a_conflict_about_each_delete_and_create() {
    // What is refused as a conflict once is neither gone nor made.
    survives("a_conflict_about_each_delete_and_create", || {
        let new = |verb: &'static str| {
            Rule::new(move |it| it.verb == verb && it.resource != "events", Which::Nth(1), Fault::Code(409))
        };
        vec![new("create"), new("delete")]
    });
}

#[test]
fn a_delete_that_conflicts_is_tried_again() {
    let Some(rig) = rig("a_delete_that_conflicts_is_tried_again") else { return };
    let (namespace, proxy, how) = behind_proxy(rig);
    let operator = how.start();
    is_ready(&namespace);
    proxy.rules([Rule::new(|it| it.verb == "delete", Which::All, Fault::Code(409))]);
    patch(&namespace, &json!({"spec": {"fingergw": null}}));
    until("it is said", || condition(&namespace, "Applied").1 == "Refused");
    proxy.rules([]);
    // Nothing happens in the cluster that would be a reason to look again.
    until("the section is gone", || get(&namespace, "deployment/zuul-fingergw").is_null());
    is_quiet(&namespace, &proxy);
    drop(operator);
}

#[test]
fn watches_that_end_again_and_again() {
    let Some(rig) = rig("watches_that_end_again_and_again") else { return };
    let (namespace, proxy, how) = behind_proxy(rig);
    let operator = how.start();
    is_ready(&namespace);
    let before = children(&namespace);
    let is_watch = |it: &Asked| it.verb == "watch";
    let expired = json!({"type": "ERROR", "object": {
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410,
        "message": "too old resource version: 1 (2)",
    }});
    proxy.rules([
        Rule::new(is_watch, Which::Every(5), Fault::Text(format!("{expired}\n"))),
        Rule::new(is_watch, Which::All, Fault::EndsAfter(1)),
    ]);
    let mark = proxy.mark();
    for (id, child) in &before {
        namespace.must(&["delete", &id.to_lowercase(), "--wait=false"]);
        proxy.end_watches();
        is_back(&namespace, &id.to_lowercase(), child);
    }
    let lists =
        proxy.since(mark).into_iter().filter(|it| it.verb == "list" && !it.uri.contains("fieldSelector"));
    assert!(lists.count() > 0, "what is too old is listed anew");
    proxy.rules([]);
    is_ready(&namespace);
    assert_eq!(before.keys().collect::<Vec<_>>(), children(&namespace).keys().collect::<Vec<_>>());
    is_quiet(&namespace, &proxy);
    drop(operator);
}

#[test]
fn a_poison_zuul_delays_no_other() {
    let Some(rig) = rig("a_poison_zuul_delays_no_other") else { return };
    let (namespace, proxy, how) = behind_proxy(rig);
    let is_poison = |it: &Asked| it.name.starts_with("poison-");
    proxy.rules([Rule::new(move |it| is_poison(it) && it.is_of_a_child(), Which::All, Fault::Code(422))]);
    let operator = how.start();
    is_ready(&namespace);
    let mut poison = zuul();
    poison["metadata"]["name"] = json!("poison");
    apply(&namespace, &[poison]);
    until("it is said", || {
        let conditions = get(&namespace, "zuul/poison")["status"]["conditions"].to_string();
        conditions.contains("\"Refused\"")
    });
    let refused = proxy.since(0).into_iter().filter(is_poison).count();
    assert!(refused > 0);
    for count in [3, 4, 5] {
        let mark = proxy.mark();
        patch(&namespace, &json!({"spec": {"executor": {"count": count}}}));
        until("it is scaled", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == count);
        let asked = proxy.since(mark);
        let at = asked.iter().position(|it| it.name == "zuul-executor" && it.verb == "patch");
        let before = asked.iter().take(at.expect("it was written")).filter(|it| is_poison(it)).count();
        // At most the try that was under way stands before it.
        assert!(before <= refused, "{before} requests for the other one came first");
    }
    // Its own tries are none of the other's.
    namespace.must(&["delete", "zuul", "poison"]);
    is_quiet(&namespace, &proxy);
    drop(operator);
}

/// What the API server sends is not logged, nor said, when it cannot be read.
#[test]
fn an_answer_that_cannot_be_read_is_not_quoted() {
    let Some(rig) = rig("an_answer_that_cannot_be_read_is_not_quoted") else { return };
    let (namespace, proxy, mut how) = behind_proxy(rig);
    how.log = "trace";
    let canary = "canary-in-an-answer";
    let of = |resource: &'static str, verb: &'static str| {
        move |it: &Asked| it.resource == resource && it.verb == verb
    };
    let metadata = json!({"metadata": {"name": "x", "labels": canary}});
    let list = json!({"metadata": {"resourceVersion": "1"}, "items": [metadata]}).to_string();
    let event = format!("{}\n", json!({"type": "ADDED", "object": metadata}));
    proxy.rules([
        Rule::new(of("secrets", "list"), Which::Every(2), Fault::Text(list.clone())),
        Rule::new(of("configmaps", "list"), Which::Every(2), Fault::Text(list)),
        Rule::new(of("secrets", "watch"), Which::Nth(1), Fault::Text(event)),
        Rule::new(of("secrets", "patch"), Which::Every(3), Fault::Text(metadata.to_string())),
        Rule::new(of("zuuls", "patch"), Which::Nth(2), Fault::Text(metadata.to_string())),
    ]);
    let operator = how.start();
    until("answers were spoilt", || proxy.hits() >= 6);
    until("it is said", || operator.log().contains("the answer cannot be read, at line"));
    let status = get(&namespace, "zuul/zuul");
    let events = namespace.must(&["get", "events", "-o", "json"]);
    proxy.rules([]);
    is_ready(&namespace);
    let log = operator.end();
    for (place, text) in [("log", log), ("status", status.to_string()), ("Events", events)] {
        assert!(!text.contains(canary), "in the {place}: {text}");
    }
}
