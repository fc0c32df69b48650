//! A change of an input restarts exactly the pods that use it (cases 15, 21, 22).

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::PodTemplateSpec;
use serde_json::json;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::files::read_all;
use zuul_operator::desired::object::Object;
use zuul_operator::inputs::{ConfigMapFacts, Inputs, SecretFacts};
use zuul_operator::plan::plan;
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::source::workspace;

/// Each object of the site example, and the workloads whose pods restart when it changes.
const READERS: [(&str, &[&str]); 9] = [
    ("Secret/gerrit", &["zuul-executor", "zuul-merger", "zuul-scheduler"]),
    ("Secret/github", &["zuul-executor", "zuul-merger", "zuul-scheduler", "zuul-web"]),
    ("Secret/zuul-executor-ssh", &["zuul-executor"]),
    ("Secret/zuul-database", &["zuul-scheduler", "zuul-web"]),
    ("Secret/clouds", &["builder", "launcher", "launcher", "launcher"]),
    (
        "Secret/zuul-zookeeper-client",
        &[
            "builder",
            "launcher",
            "launcher",
            "launcher",
            "zuul-executor",
            "zuul-fingergw",
            "zuul-merger",
            "zuul-scheduler",
            "zuul-web",
        ],
    ),
    // A volume for jobs: each job finds it as it is then.
    ("Secret/ci-tokens", &[]),
    // Zuul and Nodepool read these again by themselves.
    ("ConfigMap/zuul-tenants", &[]),
    ("ConfigMap/nodepool", &[]),
];

fn site() -> Inputs {
    let folder = workspace().join("deploy/examples/site");
    let (sources, remarks) = read_all(&[folder], &mut std::io::empty()).expect("the example");
    let bundle = Bundle::read(sources, remarks);
    bundle.zuuls().next().expect("one Zuul").inputs
}

/// Sections that take what they start with from objects of the user's, in each way that there is.
fn with_own_sources(mut inputs: Inputs) -> Inputs {
    let spec = &mut inputs.zuul["spec"];
    let secret =
        |name: &str| json!([{"name": "A", "valueFrom": {"secretKeyRef": {"name": name, "key": "k"}}}]);
    spec["env"] = secret("shared");
    spec["web"]["env"] =
        json!([{"name": "B", "valueFrom": {"configMapKeyRef": {"name": "web-map", "key": "k"}}}]);
    spec["merger"]["sidecars"] =
        json!([{"name": "side", "image": "side:1", "envFrom": [{"secretRef": {"name": "side"}}]}]);
    spec["executor"]["env"] = secret("executor-own");
    spec["executor"]["volumes"] = json!([
        {"name": "sub", "secret": {"secretName": "by-sub-path"}},
        {"name": "whole", "secret": {"secretName": "whole"}},
    ]);
    spec["executor"]["volumeMounts"] = json!([
        {"name": "sub", "mountPath": "/sub", "subPath": "k"},
        {"name": "whole", "mountPath": "/whole"},
    ]);
    spec["fingergw"]["patch"] = json!({"spec": {"initContainers": [
        {"name": "first", "image": "first:1", "env": [
            {"name": "A", "valueFrom": {"secretKeyRef": {"name": "may-come", "key": "k", "optional": true}}},
        ]},
    ]}});
    let facts = SecretFacts { version: "1".to_owned(), keys: BTreeSet::from(["k".to_owned()]) };
    for name in ["shared", "side", "executor-own", "by-sub-path", "whole"] {
        inputs.secrets.insert(name.to_owned(), facts.clone());
    }
    let data = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    let map = ConfigMapFacts { version: "1".to_owned(), data, ..ConfigMapFacts::default() };
    inputs.config_maps.insert("web-map".to_owned(), map);
    inputs
}

/// The template of each workload, under a name that hides the hash in shards' names.
fn templates(inputs: &Inputs, catalog: &Catalog) -> BTreeMap<String, PodTemplateSpec> {
    let plan = plan(inputs, catalog);
    assert!(!plan.has_errors(), "{:?}", plan.findings);
    let templates = plan.objects.into_iter().filter_map(|object| match object {
        Object::StatefulSet(set) => Some((set.metadata.name?, set.spec?.template)),
        Object::Deployment(deployment) => Some((deployment.metadata.name?, deployment.spec?.template)),
        _ => None,
    });
    templates.collect()
}

fn short(name: &str) -> &str {
    match name {
        "zuul-nodepool-builder" => "builder",
        name if name.starts_with("zuul-nodepool-") => "launcher",
        name => name,
    }
}

/// The workloads whose pods restart.
fn changed<'a>(
    before: &BTreeMap<String, PodTemplateSpec>,
    after: &'a BTreeMap<String, PodTemplateSpec>,
) -> Vec<&'a str> {
    let changed = after.iter().filter(|(name, it)| before[*name] != **it);
    let mut changed: Vec<&str> = changed.map(|(name, _)| short(name)).collect();
    changed.sort_unstable();
    changed
}

#[test]
fn exactly_the_readers_restart() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let before = templates(&site(), &catalog);
    let mut inputs = site();
    let mut seen = BTreeSet::new();
    for (object, expected) in READERS {
        let mut inputs = inputs.clone();
        let (kind, name) = object.split_once('/').expect("KIND/NAME");
        let version = match kind {
            "Secret" => &mut inputs.secrets.get_mut(name).expect(object).version,
            _ => &mut inputs.config_maps.get_mut(name).expect(object).version,
        };
        *version = "2".to_owned();
        assert_eq!(changed(&before, &templates(&inputs, &catalog)), expected, "{object}");
        seen.insert(object.to_owned());
    }
    let given = inputs.secrets.keys().map(|name| format!("Secret/{name}"));
    let given: BTreeSet<String> =
        given.chain(inputs.config_maps.keys().map(|name| format!("ConfigMap/{name}"))).collect();
    assert_eq!(seen, given, "every object of the example is in the table");
    inputs.secrets.insert("unrelated".to_owned(), SecretFacts::default());
    assert_eq!(templates(&inputs, &catalog), before, "an unrelated Secret");
}

/// Jobs inherit the executor's environment, so it does not have what is for all.
#[test]
fn what_pods_read_only_at_their_start_restarts_its_readers() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let inputs = with_own_sources(site());
    let before = templates(&inputs, &catalog);
    let others = ["builder", "launcher", "launcher", "launcher", "zuul-fingergw", "zuul-merger"];
    let others: Vec<&str> = others.into_iter().chain(["zuul-scheduler", "zuul-web"]).collect();
    for (secret, expected) in [
        ("shared", &others[..]),
        ("side", &["zuul-merger"]),
        ("executor-own", &["zuul-executor"]),
        ("by-sub-path", &["zuul-executor"]),
        // The kubelet brings the new files to the pod.
        ("whole", &[]),
        ("may-come", &["zuul-fingergw"]),
    ] {
        let mut inputs = inputs.clone();
        inputs.secrets.entry(secret.to_owned()).or_default().version = "2".to_owned();
        assert_eq!(changed(&before, &templates(&inputs, &catalog)), expected, "{secret}");
    }
    let mut inputs = inputs;
    inputs.config_maps.get_mut("web-map").expect("given").version = "2".to_owned();
    assert_eq!(changed(&before, &templates(&inputs, &catalog)), ["zuul-web"]);
}

/// They stand in configuration that is read at the start.
#[test]
fn who_has_a_generated_secret_restarts_with_it() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let mut inputs = site();
    inputs.zuul["spec"]["registry"] = json!({});
    let keys = BTreeSet::from(["secret".to_owned()]);
    for (name, readers) in [
        ("zuul-registry-secret", &["zuul-registry"][..]),
        ("zuul-keystore", &["zuul-executor", "zuul-scheduler", "zuul-web"]),
    ] {
        let before = templates(&inputs, &catalog);
        let facts = SecretFacts { version: "2".to_owned(), keys: keys.clone() };
        inputs.secrets.insert(name.to_owned(), facts);
        assert_eq!(changed(&before, &templates(&inputs, &catalog)), readers, "{name}");
    }
}

#[test]
fn a_count_restarts_nothing() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let mut inputs = site();
    let before = templates(&inputs, &catalog);
    inputs.zuul["spec"]["executor"]["count"] = 7.into();
    assert_eq!(templates(&inputs, &catalog), before);
}
