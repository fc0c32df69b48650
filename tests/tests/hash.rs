//! A change of an input restarts exactly the pods that use it (cases 15, 21, 22).

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::PodTemplateSpec;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::files::read_all;
use zuul_operator::desired::object::Object;
use zuul_operator::inputs::Inputs;
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
        let after = templates(&inputs, &catalog);
        let changed: Vec<&str> =
            after.iter().filter(|(name, it)| before[*name] != **it).map(|(name, _)| short(name)).collect();
        let mut changed = changed;
        changed.sort_unstable();
        assert_eq!(changed, expected, "{object}");
        seen.insert(object.to_owned());
    }
    let given = inputs.secrets.keys().map(|name| format!("Secret/{name}"));
    let given: BTreeSet<String> =
        given.chain(inputs.config_maps.keys().map(|name| format!("ConfigMap/{name}"))).collect();
    assert_eq!(seen, given, "every object of the example is in the table");
    inputs.secrets.insert("unrelated".to_owned(), zuul_operator::inputs::SecretFacts::default());
    assert_eq!(templates(&inputs, &catalog), before, "an unrelated Secret");
}

#[test]
fn a_count_restarts_nothing() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let mut inputs = site();
    let before = templates(&inputs, &catalog);
    inputs.zuul["spec"]["executor"]["count"] = 7.into();
    assert_eq!(templates(&inputs, &catalog), before);
}
