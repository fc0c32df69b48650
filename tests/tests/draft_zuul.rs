//! Drafts of provider configuration are taken by Zuul 14.3's own code, which `oracles/provider_oracle.py` asks; and
//! what is refused, Nodepool 11 refuses, too.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zuul_operator::cli::run::Exit;
use zuul_operator::diagnostic::Severity;
use zuul_operator::draft::{Draft, draft};
use zuul_operator_tests::drafts::{cases, drafted};
use zuul_operator_tests::oracle::{Oracle, hex};
use zuul_operator_tests::random::Random;

/// What Zuul answers about a file, with the connections that the draft asks for.
fn zuul(oracle: &mut Oracle, yaml: &str, connections: &Value) -> String {
    oracle.ask(&hex(json!({"yaml": yaml, "connections": connections}).to_string()))
}

fn as_json(case: &Path) -> Value {
    serde_json::from_str(&drafted(case, "json").stdout).unwrap()
}

#[test]
fn zuul_takes_every_draft() {
    let mut oracle = Oracle::zuul("provider_oracle.py");
    let mut taken = 0;
    for case in cases() {
        let said = drafted(&case, "yaml");
        if said.exit == Exit::Fine {
            let all = as_json(&case);
            let count = |kind: &str| {
                all["objects"].as_array().unwrap().iter().filter(|object| object.get(kind).is_some()).count()
            };
            let answer = zuul(&mut oracle, &said.stdout, &all["connections"]);
            let expected = format!(
                "ok {} images, {} flavors, {} labels, {} sections, {} providers,",
                count("image"),
                count("flavor"),
                count("label"),
                count("section"),
                count("provider"),
            );
            assert!(answer.starts_with(&expected), "{}: {answer}", case.display());
            taken += 1;
        }
    }
    assert_eq!(taken, 8);
}

/// Not only taken, but understood: what Zuul knows after all inheritance is what Nodepool knew.
#[test]
fn zuul_understands_what_nodepool_did() {
    let mut oracle = Oracle::zuul("provider_oracle.py");
    let table = [
        (
            "openstack",
            json!(["example-north-main", "resource_limits"]),
            json!({"cores": 80, "instances": 20, "ram": 163_840, "volume_gb": 1000}),
        ),
        ("openstack", json!(["example-north-main", "launch_timeout"]), json!(900)),
        ("openstack", json!(["example-north-main", "launch_attempts"]), json!(2)),
        ("openstack", json!(["example-north-main", "floating_ip_cleanup"]), json!(true)),
        ("openstack", json!(["example-south-main", "launch_timeout"]), json!(3600)),
        ("openstack", json!(["example-north-main", "labels", "debian-small", "boot_timeout"]), json!(120)),
        ("openstack", json!(["example-north-main", "labels", "debian-small", "min_ready"]), json!(2)),
        (
            "openstack",
            json!(["example-north-main", "labels", "debian-small", "networks"]),
            json!(["private"]),
        ),
        (
            "openstack",
            json!(["example-north-main", "labels", "debian-small", "auto_floating_ip"]),
            json!(false),
        ),
        (
            "openstack",
            json!(["example-north-main", "labels", "debian-volume", "networks"]),
            json!(["private", "storage"]),
        ),
        ("openstack", json!(["example-north-main", "labels", "debian-volume", "volume_size"]), json!(50)),
        ("openstack", json!(["example-north-main", "images", "debian-12", "config_drive"]), json!(true)),
        ("openstack", json!(["example-south-main", "images", "debian-12", "config_drive"]), json!(false)),
        (
            "openstack",
            json!(["example-north-main", "images", "debian-12", "python_path"]),
            json!("/usr/bin/python3"),
        ),
        ("openstack", json!(["example-north-main", "images", "debian-12", "import_timeout"]), json!(3600)),
        ("openstack", json!(["example-north-main", "images", "windows-2022", "python_path"]), json!("auto")),
        (
            "openstack",
            json!(["example-north-main", "images", "windows-2022", "connection_port"]),
            json!(5986),
        ),
        ("openstack", json!(["example-south-main", "labels", "debian-small", "flavor"]), json!("m1.small")),
        ("openstack", json!(["example-south-main", "flavors", "m1.small", "flavor_name"]), json!("c2.small")),
        (
            "openstack",
            json!(["example-south-overflow", "labels", "debian-small", "flavor"]),
            json!("c2.medium"),
        ),
        (
            "aws",
            json!(["aws-frankfurt-main", "resource_limits"]),
            json!({"L-1216C47A": 200, "cores": 100, "instances": 40}),
        ),
        ("aws", json!(["aws-frankfurt-main", "labels", "ubuntu", "az"]), json!("eu-central-1a")),
        ("aws", json!(["aws-frankfurt-main", "labels", "ubuntu", "subnet_ids"]), json!(["subnet-0123"])),
        ("aws", json!(["aws-frankfurt-main", "flavors", "t3.medium-spot", "market_type"]), json!("spot")),
        ("aws", json!(["aws-frankfurt-main", "flavors", "t3.medium", "public_ipv4"]), json!(false)),
        (
            "azure",
            json!(["azure-west-main", "labels", "debian", "subnet_reference"]),
            json!({"network": "ci", "resource_group": null, "subnet": "nodes"}),
        ),
        ("azure", json!(["azure-west-private", "flavors", "Standard_B2s-2", "public_ipv4"]), json!(false)),
        ("static", json!(["lab-rack", "labels", "metal", "slots"]), json!(4)),
        ("static", json!(["lab-rack", "labels", "metal-arm", "host_key_checking"]), json!(false)),
        ("static", json!(["lab-rack", "images", "static", "connection_type"]), json!("ssh")),
        ("kubernetes", json!(["k8s-main", "labels", "pod-custom", "kind"]), json!("pod")),
        ("kubernetes", json!(["k8s-main", "images", "kubernetes", "python_path"]), json!("auto")),
    ];
    for (case, path, expected) in table {
        let folder = Path::new(case);
        let (yaml, connections) = (drafted(folder, "yaml").stdout, as_json(folder)["connections"].clone());
        let answer =
            oracle.ask(&hex(json!({"yaml": yaml, "connections": connections, "values": [path]}).to_string()));
        let values = answer.strip_prefix("ok ").and_then(|text| serde_json::from_str::<Value>(text).ok());
        assert_eq!(values, Some(json!([expected])), "{path}: {answer}");
    }
}

/// The oracle would say so if a draft were wrong.
#[test]
fn zuul_refuses_what_is_wrong() {
    let mut oracle = Oracle::zuul("provider_oracle.py");
    let case = Path::new("drafts/openstack");
    let (yaml, connections) = (drafted(case, "yaml").stdout, as_json(case)["connections"].clone());
    for (from, to, word) in [
        ("      image-id: REPLACE-ME\n", "", "image-id"),
        ("flavor-name: m1.small", "flavour-name: m1.small", "flavour-name"),
        ("connection: example", "connection: another", "another"),
        ("    region: north\n", "    region: 1\n", "expected str"),
        ("instances: 20", "instances: many", "expected int"),
        ("section: example-south\n", "section: example-east\n", "example-east"),
        ("    image: windows-2022\n", "    image: windows\n", "unknown image"),
        ("    - name: windows-2022\n", "    - name: cirros\n", "not attached"),
        ("- flavor:\n    name: m1.small\n", "", "unknown flavor"),
        ("tenant: \"{tenant_name}\"", "tenant: 1", "expected str"),
    ] {
        assert!(yaml.contains(from), "{from:?} is not in the draft any more");
        let answer = zuul(&mut oracle, &yaml.replace(from, to), &connections);
        assert!(answer.starts_with("error ") && answer.contains(word), "{from:?} to {to:?}: {answer}");
    }
}

/// Everything in a value: how to get there.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{}", escaped(key)), all));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
    all.push(at.to_owned());
}

/// The inputs of all cases, as values.
fn inputs() -> Vec<Value> {
    let read = |case: &PathBuf| {
        let text = fs::read_to_string(case.join("nodepool.yaml")).unwrap().replace("%(", "");
        let text = text.replace("NODEPOOL_MAX_SERVERS)", "5");
        let mut documents = zuul_operator::yaml::read(0, &text, Default::default());
        documents.next().unwrap().documents.remove(0).value
    };
    cases().iter().map(read).collect()
}

fn is_wrong(draft: &Draft) -> bool {
    draft.findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// What is put in the place of a value.
fn others() -> [Value; 11] {
    [
        json!(null),
        json!(true),
        json!(7),
        json!(-1),
        json!(0.5),
        json!(""),
        json!("x"),
        json!([]),
        json!([[1]]),
        json!({}),
        json!({"a": {"b": null}}),
    ]
}

/// One value after the other is replaced by others, or taken out. Nothing panics; and what is drafted without an
/// error, Zuul takes.
#[test]
fn a_wrong_value_is_told_or_harmless() {
    let mut oracle = Oracle::zuul("provider_oracle.py");
    let mut random = Random::new(0x5eed_0009);
    let others = others();
    let (mut made, mut asked, mut refused) = (0, 0, Vec::new());
    for input in inputs() {
        let mut all = Vec::new();
        pointers(&input, "", &mut all);
        for pointer in &all {
            for other in &others {
                let mut config = input.clone();
                *config.pointer_mut(pointer).unwrap() = other.clone();
                let draft = draft(&config);
                made += 1;
                if is_wrong(&draft) || random.below(4) > 0 {
                    continue;
                }
                asked += 1;
                let connections: serde_json::Map<_, _> =
                    draft.connections.iter().map(|it| (it.name.clone(), json!(it))).collect();
                let yaml = zuul_operator::render::yaml::write(&draft.objects).unwrap();
                let answer = zuul(&mut oracle, &yaml, &Value::Object(connections));
                if !answer.starts_with("ok ") {
                    refused.push(format!("{pointer} = {other}: {answer:.300}"));
                }
            }
        }
    }
    assert!(made > 3000 && asked > 200, "{made} made, {asked} asked");
    assert!(refused.is_empty(), "{} of {asked}:\n{}", refused.len(), refused.join("\n"));
}

/// What Nodepool's schemas take and its drivers cannot use: told at once here.
const LAX: [&str; 3] = ["/fleet/instance-types", "/image-filter/tags", "/type"];

#[test]
fn what_is_refused_nodepool_refuses() {
    let mut oracle = Oracle::start("nodepool_oracle.py");
    let (mut asked, mut taken) = (0, Vec::new());
    for input in inputs().into_iter().filter(|input| !is_wrong(&draft(input))) {
        let mut all = Vec::new();
        pointers(&input, "", &mut all);
        for pointer in all.iter().filter(|pointer| !LAX.iter().any(|lax| pointer.contains(lax))) {
            for other in [json!("x"), json!([[1]]), json!(0.5)] {
                let mut config = input.clone();
                *config.pointer_mut(pointer).unwrap() = other.clone();
                let draft = draft(&config);
                let Some(error) = draft.findings.iter().find(|it| it.severity == Severity::Error) else {
                    continue;
                };
                asked += 1;
                let answer = oracle.ask(&hex(config.to_string()));
                if answer.starts_with("ok") {
                    taken.push(format!("{pointer} = {other}: {} {}", error.path, error.message));
                }
            }
        }
    }
    assert!(asked > 500, "{asked} asked");
    assert!(taken.is_empty(), "{} of {asked}:\n{}", taken.len(), taken.join("\n"));
}
