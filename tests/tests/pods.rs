//! What Zuul and Nodepool were seen to need of their pods: probes, signals, users, modes, places to write.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zuul_operator::desired::object::Object;
use zuul_operator::plan::plan;
use zuul_operator_tests::case::inputs_of;
use zuul_operator_tests::hostile::Rig;

/// The pod specifications of a site with every component, by component.
fn pods(change: impl FnOnce(&mut Value)) -> BTreeMap<String, Value> {
    let mut inputs = inputs_of("../deploy/examples/site").inputs;
    let spec = &mut inputs.zuul["spec"];
    spec["launcher"]["type"] = json!("both");
    spec["preview"] = json!({});
    spec["registry"] = json!({});
    change(spec);
    let made = plan(&inputs, &Rig::new().catalog());
    assert!(!made.has_errors(), "{:?}", made.findings);
    let template = |object: &Object| match object {
        Object::StatefulSet(it) => serde_json::to_value(&it.spec.as_ref().unwrap().template).ok(),
        Object::Deployment(it) => serde_json::to_value(&it.spec.as_ref().unwrap().template).ok(),
        _ => None,
    };
    let named = |template: Value| {
        let component =
            template["metadata"]["labels"]["app.kubernetes.io/component"].as_str().unwrap().to_owned();
        (component, template["spec"].clone())
    };
    made.objects.iter().filter_map(template).map(named).collect()
}

fn main(pod: &Value) -> &Value {
    &pod["containers"][0]
}

/// Before ZooKeeper is reached the port is not even open, for as long as it takes: the startup probe waits, and no
/// liveness probe is stricter. Nodepool's endpoints say nothing, and its builder has none.
#[test]
fn probes_wait_for_zookeeper() {
    for (component, pod) in pods(|_| {}) {
        let main = main(&pod);
        if component.starts_with("nodepool") {
            assert_eq!(main.get("livenessProbe").and_then(|it| it.get("httpGet")), None, "{component}");
            continue;
        }
        if component == "preview" || component == "registry" {
            continue;
        }
        let seconds = |probe: &str| {
            let number = |field: &str, default: i64| main[probe][field].as_i64().unwrap_or(default);
            number("periodSeconds", 10) * number("failureThreshold", 3)
        };
        assert!(main["startupProbe"].is_object(), "{component}");
        assert!(seconds("startupProbe") >= 600, "{component}: {}", seconds("startupProbe"));
        assert_eq!(main["livenessProbe"]["httpGet"]["path"], "/health/live", "{component}");
        assert_eq!(main["readinessProbe"]["httpGet"]["path"], "/health/ready", "{component}");
    }
}

/// PID 1 ignores SIGTERM in the builder, and gets no signal at all behind the shell of the image's own command.
#[test]
fn nodepool_is_stopped_by_an_interrupt() {
    for (component, pod) in pods(|_| {}).iter().filter(|(component, _)| component.starts_with("nodepool")) {
        let main = main(pod);
        assert_eq!(main["command"][0], format!("/usr/local/bin/{component}"), "{component}");
        assert_eq!(main["command"][1], "-f");
        let stop = main["lifecycle"]["preStop"]["exec"]["command"].to_string();
        assert!(stop.contains("kill") && stop.contains("-INT") && stop.contains('1'), "{component}: {stop}");
    }
}

/// A file that the user cannot read counts as empty; ssh takes root:10001 0440 from uid 10001.
#[test]
fn files_are_for_zuuls_user() {
    for (component, pod) in pods(|_| {}) {
        if component == "preview" {
            continue;
        }
        let context = &pod["securityContext"];
        assert_eq!(
            (&context["runAsUser"], &context["fsGroup"]),
            (&json!(10001), &json!(10001)),
            "{component}"
        );
        let is_ours =
            |volume: &&Value| volume["name"].as_str().is_some_and(|name| name.starts_with("config"));
        for volume in pod["volumes"].as_array().unwrap().iter().filter(is_ours) {
            for kind in ["projected", "secret"] {
                if let Some(source) = volume.get(kind) {
                    assert_eq!(source["defaultMode"], 0o440, "{component}: {volume}");
                }
            }
        }
        assert_eq!(main(&pod)["securityContext"]["readOnlyRootFilesystem"], true, "{component}");
        let mounts = main(&pod)["volumeMounts"].as_array().unwrap();
        let is_writable =
            |path: &str| mounts.iter().any(|it| it["mountPath"] == path && it["readOnly"] != true);
        assert!(is_writable("/tmp"), "{component}");
        let home = if component.starts_with("nodepool") { "/var/lib/nodepool" } else { "/var/lib/zuul" };
        assert!(is_writable(home), "{component}: merger and executor write known_hosts there");
    }
}

/// bubblewrap dies of a masked /proc: a privileged container, or all four of these together.
#[test]
fn the_executor_can_make_its_sandbox() {
    let executor = &pods(|_| {})["executor"];
    assert_eq!(main(executor)["securityContext"]["privileged"], true);
    let executor = &pods(|spec| spec["executor"]["mode"] = json!("UserNamespace"))["executor"];
    let context = &main(executor)["securityContext"];
    assert_eq!(executor["hostUsers"], false);
    assert_eq!(context["procMount"], "Unmasked");
    assert_eq!(context["seccompProfile"]["type"], "Unconfined");
    assert_eq!(context["capabilities"]["drop"], json!(["ALL"]));
    assert_eq!((&context["allowPrivilegeEscalation"], context.get("privileged")), (&json!(false), None));
    assert_eq!(
        context["runAsUser"].as_i64().or(executor["securityContext"]["runAsUser"].as_i64()),
        Some(10001)
    );
}

/// Jobs inherit the environment of the executor's pod.
#[test]
fn the_executor_has_no_variable_that_is_meant_for_others() {
    let pods = pods(|spec| spec["env"] = json!([{"name": "TOKEN", "value": "x"}]));
    for (component, pod) in &pods {
        let has = main(pod)["env"].as_array().is_some_and(|env| env.iter().any(|it| it["name"] == "TOKEN"));
        assert_eq!(has, component != "executor", "{component}");
        let names = main(pod)["env"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str());
        // In Zuul's own processes each would be a key of every section.
        let leaks = names.filter(|name| name.starts_with("ZUUL_")).count();
        assert!(leaks == 0 || component == "preview", "{component}");
    }
}
