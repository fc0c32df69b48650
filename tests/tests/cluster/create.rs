//! A Zuul is made, nothing is written twice, and it goes.

use std::collections::BTreeMap;

use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{children, condition, get, patch, site};

use crate::{ready, requests, rig, writes};

#[test]
fn each_object_is_written_once() {
    let Some(rig) = rig("each_object_is_written_once") else { return };
    let mark = rig.audit_mark();
    let (namespace, _, operator) = ready(rig);
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    for write in writes(rig, &namespace, mark) {
        *written.entry(write).or_default() += 1;
    }
    // The keystore is created, and has no owner.
    assert_eq!(written.len(), children(&namespace).len() + 1, "{written:#?}");
    assert!(written.values().all(|count| *count == 1), "{written:#?}");
    let all = requests(rig, &namespace, mark);
    let told = all.iter().filter(|it| it.subresource == "status" || it.resource == "events").count();
    assert!(told <= 4, "{told} writes of status and Events: {all:#?}");
    let reads = all.iter().filter(|it| it.verb == "get").count();
    assert_eq!(reads, 0, "there are lists and watches only");
    let refused: Vec<_> = all.iter().filter(|it| it.code >= 400).collect();
    assert!(refused.is_empty(), "{refused:?}");
    // Without it the first upgrade would take a site that runs for one that is being installed.
    assert_eq!(get(&namespace, "zuul/zuul")["status"]["version"], "14.3.0");
    drop(operator);
}

#[test]
fn a_restart_writes_nothing() {
    let Some(rig) = rig("a_restart_writes_nothing") else { return };
    let (namespace, how, operator) = ready(rig);
    let status = get(&namespace, "zuul/zuul");
    drop(operator.end());
    let mark = rig.audit_mark();
    let mut operator = how.start();
    operator.has_logged("reconciling begins");
    // What follows a change of the Zuul's labels comes after what the restart itself does.
    namespace.must(&["annotate", "zuul", "zuul", "seen=yes"]);
    until("the change is seen", || !requests(rig, &namespace, mark).is_empty());
    assert_eq!(writes(rig, &namespace, mark), Vec::<String>::new());
    assert_eq!(get(&namespace, "zuul/zuul")["status"], status["status"]);
    let log = operator.end();
    assert!(!log.contains("objects written"), "{log}");
}

#[test]
fn what_is_deleted_goes_and_the_keystore_stays() {
    let Some(rig) = rig("what_is_deleted_goes_and_the_keystore_stays") else { return };
    let (namespace, _, operator) = ready(rig);
    let keystore = get(&namespace, "secret/zuul-keystore");
    assert!(keystore["data"]["password"].as_str().is_some_and(|it| it.len() > 60), "it is generated");
    namespace.must(&["delete", "zuul", "zuul", "--timeout=30s"]);
    until("its objects are gone", || children(&namespace).is_empty());
    assert_eq!(get(&namespace, "secret/zuul-keystore")["data"], keystore["data"]);
    // Made again, it finds its keys again.
    zuul_operator_tests::site::apply(&namespace, &site());
    zuul_operator_tests::site::is_ready(&namespace);
    assert_eq!(get(&namespace, "secret/zuul-keystore")["metadata"]["uid"], keystore["metadata"]["uid"]);
    drop(operator);
}

#[test]
fn what_is_paused_is_left_alone() {
    let Some(rig) = rig("what_is_paused_is_left_alone") else { return };
    let (namespace, _, operator) = ready(rig);
    namespace.must(&["annotate", "zuul", "zuul", "zuul-ci.org/paused=true"]);
    until("it is said", || condition(&namespace, "Progressing").1 == "Paused");
    let mark = rig.audit_mark();
    patch(&namespace, &serde_json::json!({"spec": {"executor": {"count": 3}}}));
    until("the edit is seen", || {
        let zuul = get(&namespace, "zuul/zuul");
        zuul["status"]["conditions"].as_array().unwrap().iter().any(|it| {
            it["type"] == "Progressing" && it["observedGeneration"] == zuul["metadata"]["generation"]
        })
    });
    assert_eq!(writes(rig, &namespace, mark), Vec::<String>::new());
    namespace.must(&["annotate", "zuul", "zuul", "zuul-ci.org/paused-"]);
    until("it goes on", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3);
    drop(operator);
}

#[test]
fn a_keystore_that_is_gone_is_not_made_again_by_accident() {
    let Some(rig) = rig("a_keystore_that_is_gone_is_not_made_again_by_accident") else { return };
    let (namespace, _, operator) = ready(rig);
    let keystore = get(&namespace, "secret/zuul-keystore");
    namespace.must(&["delete", "secret", "zuul-keystore"]);
    until("it is said", || condition(&namespace, "Applied").1 == "GeneratedSecretLost");
    assert!(get(&namespace, "secret/zuul-keystore").is_null());
    // A backup puts all right.
    let backup = serde_json::json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "zuul-keystore"}, "data": keystore["data"],
    });
    zuul_operator_tests::site::apply(&namespace, &[backup]);
    until("it goes on", || condition(&namespace, "Applied").0 == "True");
    namespace.must(&["delete", "secret", "zuul-keystore"]);
    until("it is said again", || condition(&namespace, "Applied").1 == "GeneratedSecretLost");
    namespace.must(&["annotate", "zuul", "zuul", "zuul-ci.org/generate-again=zuul-keystore"]);
    until("a new one is made", || get(&namespace, "secret/zuul-keystore").is_object());
    assert_ne!(get(&namespace, "secret/zuul-keystore")["data"], keystore["data"]);
    until("and it goes on", || condition(&namespace, "Applied").0 == "True");
    drop(operator);
}
