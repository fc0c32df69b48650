//! Who has which clouds.yaml: launchers all of it, scheduler and web what is no credential; and who lacks one.
#![allow(missing_docs)]

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodTemplateSpec;
use serde_json::json;
use zuul_operator::desired::object::Object;
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::{Plan, plan};
use zuul_operator_tests::case::inputs_of;
use zuul_operator_tests::hostile::Rig;

fn given() -> Inputs {
    inputs_of("golden/clouds-without-credentials/input").inputs
}

fn planned(inputs: &Inputs) -> Plan {
    let plan = plan(inputs, &Rig::new().catalog());
    assert!(!plan.has_errors(), "{:?}", plan.findings);
    plan
}

/// The codes of findings about clouds, each with its path.
fn said(plan: &Plan) -> Vec<String> {
    let codes = ["NoClouds", "CloudsFrozen", "CloudMissing", "NoKubeconfig", "SecretKeyMissing"];
    let about = plan.findings.iter().filter(|finding| codes.contains(&finding.code.as_str()));
    about.map(|finding| format!("{} {}", finding.code, finding.path)).collect()
}

/// The Secret that each workload has at /etc/openstack.
fn mounted(plan: &Plan) -> BTreeMap<String, String> {
    let mut mounted = BTreeMap::new();
    for (name, template) in templates(plan) {
        let pod = template.spec.expect("a pod");
        let mounts = pod.containers.iter().flat_map(|container| container.volume_mounts.iter().flatten());
        for mount in mounts.filter(|mount| mount.mount_path == "/etc/openstack") {
            let volume = pod.volumes.iter().flatten().find(|volume| volume.name == mount.name);
            let secret = volume.and_then(|volume| volume.secret.as_ref()?.secret_name.clone());
            mounted.insert(name.clone(), secret.expect("a Secret"));
        }
    }
    mounted
}

fn templates(plan: &Plan) -> Vec<(String, PodTemplateSpec)> {
    let templates = plan.objects.iter().filter_map(|object| match object {
        Object::StatefulSet(set) => Some((set.metadata.name.clone()?, set.spec.clone()?.template)),
        Object::Deployment(set) => Some((set.metadata.name.clone()?, set.spec.clone()?.template)),
        _ => None,
    });
    templates.collect()
}

fn has_secret(plan: &Plan, name: &str) -> bool {
    plan.objects.iter().any(
        |object| matches!(object, Object::Secret(secret) if secret.metadata.name.as_deref() == Some(name)),
    )
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, secret)| ((*name).to_owned(), (*secret).to_owned())).collect()
}

const REDACTED: [(&str, &str); 3] =
    [("zuul-launcher", "site-clouds"), ("zuul-scheduler", "zuul-clouds"), ("zuul-web", "zuul-clouds")];

#[test]
fn only_who_logs_in_has_the_credentials() {
    let plan = planned(&given());
    assert_eq!(mounted(&plan), map(&REDACTED));
    assert!(has_secret(&plan, "zuul-clouds"));
    assert_eq!(said(&plan), [""; 0]);
}

#[test]
fn without_a_connection_nobody_else_has_clouds() {
    let mut inputs = given();
    inputs.zuul["spec"]["connections"] = json!({"nodes": {"driver": "static"}});
    let plan = planned(&inputs);
    assert_eq!(mounted(&plan), map(&[("zuul-launcher", "site-clouds")]));
    assert!(!has_secret(&plan, "zuul-clouds"));
}

#[test]
fn whom_the_user_gives_all_of_it_has_all_of_it() {
    let mut inputs = given();
    let components = &mut inputs.zuul["spec"]["externalConfig"]["openstack"]["components"];
    *components = json!(["launcher", "web"]);
    let some =
        [("zuul-launcher", "site-clouds"), ("zuul-scheduler", "zuul-clouds"), ("zuul-web", "site-clouds")];
    assert_eq!(mounted(&planned(&inputs)), map(&some));
    inputs.zuul["spec"]["externalConfig"]["openstack"]["components"] =
        json!(["launcher", "web", "scheduler"]);
    let plan = planned(&inputs);
    let all =
        [("zuul-launcher", "site-clouds"), ("zuul-scheduler", "site-clouds"), ("zuul-web", "site-clouds")];
    assert_eq!(mounted(&plan), map(&all));
    assert!(!has_secret(&plan, "zuul-clouds"));
}

/// What was made of it before stays, and pods wait for what was never made.
#[test]
fn while_the_secret_is_not_given_none_is_written() {
    let mut inputs = given();
    inputs.secrets.remove("site-clouds");
    inputs.masked.clear();
    let plan = planned(&inputs);
    assert_eq!(said(&plan), ["CloudsFrozen spec.externalConfig.openstack.secretName"]);
    let about = plan.findings.iter().filter(|finding| finding.path.to_string().contains("openstack"));
    assert_eq!(about.count(), 1, "one mistake, one finding");
    assert_eq!(mounted(&plan), map(&REDACTED));
    assert!(!has_secret(&plan, "zuul-clouds"));
}

#[test]
fn a_change_restarts_who_has_it() {
    let before = templates(&planned(&given()));
    let mut inputs = given();
    inputs.secrets.get_mut("site-clouds").expect("it is given").version = "2".to_owned();
    let after = templates(&planned(&inputs));
    let changed = before.iter().zip(&after).filter(|(before, after)| before != after);
    let changed: Vec<&str> = changed.map(|((name, _), _)| name.as_str()).collect();
    assert_eq!(changed, ["zuul-scheduler", "zuul-launcher", "zuul-web"]);
    assert_eq!(before.len(), changed.len() + 1, "the merger goes on");
}

#[test]
fn a_cloud_must_be_there() {
    let catalog = Rig::new().catalog();
    let cloud = "spec.connections.north.cloud";
    let mut typo = given();
    typo.zuul["spec"]["connections"]["north"]["cloud"] = json!("nord");
    let finding = plan(&typo, &catalog).findings.into_iter().find(|finding| finding.code == "CloudMissing");
    let finding = finding.expect("it is told");
    assert_eq!(
        (finding.path.to_string().as_str(), finding.expected.as_str()),
        (cloud, "one of its clouds: north, south")
    );
    assert_eq!(finding.cure, "did you mean north?");

    let mut none = given();
    none.zuul["spec"]["externalConfig"] = json!({});
    assert_eq!(said(&plan(&none, &catalog)), [format!("NoClouds {cloud}")]);
    // The user may bring it in another way.
    none.zuul["spec"]["launcher"]["volumeMounts"] =
        json!([{"name": "clouds", "mountPath": "/etc/openstack"}]);
    assert_eq!(said(&plan(&none, &catalog)), [""; 0]);

    let mut other_key = given();
    other_key.secrets.get_mut("site-clouds").expect("it is given").keys = ["clouds.yml".to_owned()].into();
    other_key.masked.clear();
    let expected = ["SecretKeyMissing spec.externalConfig.openstack.secretName"];
    assert_eq!(said(&plan(&other_key, &catalog)), expected);
}

#[test]
fn a_cluster_needs_a_kubeconfig() {
    let mut without = given();
    without.zuul["spec"]["connections"] = json!({"pods": {"driver": "kubernetes"}});
    let told = ["NoKubeconfig spec.connections.pods.kubeconfig_file"];
    let catalog = Rig::new().catalog();
    assert_eq!(said(&plan(&without, &catalog)), told);
    for (pointer, value) in [
        ("/spec/connections/pods", json!({"driver": "kubernetes", "kubeconfig_file": {"secretName": "a"}})),
        // What is in a Secret that was not given is not known.
        ("/spec/connections/pods", json!({"driver": "kubernetes", "secretName": "a"})),
        ("/spec/externalConfig", json!({"kubernetes": {"secretName": "a"}})),
        ("/spec/launcher", json!({"type": "zuul-launcher", "env": [{"name": "KUBECONFIG", "value": "/a"}]})),
        ("/spec/launcher", json!({"type": "nodepool"})),
    ] {
        let mut with = without.clone();
        *with.zuul.pointer_mut(pointer).expect("it is there") = value;
        assert_eq!(said(&plan(&with, &catalog)), [""; 0], "{pointer}");
    }
    let kubernetes = json!({"secretName": "a", "components": ["executor"]});
    without.zuul["spec"]["externalConfig"]["kubernetes"] = kubernetes;
    assert_eq!(said(&plan(&without, &catalog)), told);
}
