//! Changes go through the components in waves.

use serde_json::json;
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{condition, get, is_ready, patch};

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
