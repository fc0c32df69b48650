//! Every field that components share has its effect in the objects of every component: a table of component
//! × field.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zuul_operator::api::schema::schema;
use zuul_operator::desired::object::Object;
use zuul_operator::diagnostic::{Finding, Severity};
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::{Plan, plan};
use zuul_operator::plugin::Catalog;
use zuul_operator_tests::case::inputs_of;
use zuul_operator_tests::hostile::Rig;

/// Sections, and the component that their pods are labelled with.
const COMPONENTS: [(&str, &str); 10] = [
    ("scheduler", "scheduler"),
    ("executor", "executor"),
    ("merger", "merger"),
    ("web", "web"),
    ("fingergw", "fingergw"),
    ("launcher", "nodepool-launcher"),
    ("launcher", "launcher"),
    ("builder", "nodepool-builder"),
    ("preview", "preview"),
    ("registry", "registry"),
];

/// Components that others call: only these have a Service whose type is of interest.
const SERVED: [&str; 4] = ["web", "fingergw", "preview", "registry"];

/// A field, its value, where its effect is, and what is there: below the workload, or below the Service.
type Row = (&'static str, Value, &'static str, Value);

fn rows() -> Vec<Row> {
    let probe = json!({"tcpSocket": {"port": 4711}, "periodSeconds": 7});
    let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
        [{"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}]}}});
    let spread = json!([{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"a": "b"}}}]);
    let secret_env =
        json!([{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "some", "key": "token"}}}]);
    let volume = json!([{"name": "mine", "emptyDir": {}}]);
    let sidecar = json!([{"name": "side", "image": "example.org/side:1"}]);
    vec![
        ("count", json!(3), "/spec/replicas", json!(3)),
        (
            "image",
            json!("example.org/x@sha256:0000000000000000000000000000000000000000000000000000000000000000"),
            "/spec/template/spec/containers/0/image",
            json!("example.org/x@sha256:0000000000000000000000000000000000000000000000000000000000000000"),
        ),
        (
            "imagePullPolicy",
            json!("Always"),
            "/spec/template/spec/containers/0/imagePullPolicy",
            json!("Always"),
        ),
        (
            "resources",
            json!({"requests": {"cpu": "2", "memory": "1Gi"}}),
            "/spec/template/spec/containers/0/resources",
            json!({"requests": {"cpu": "2", "memory": "1Gi"}}),
        ),
        ("nodeSelector", json!({"disk": "ssd"}), "/spec/template/spec/nodeSelector", json!({"disk": "ssd"})),
        ("affinity", affinity.clone(), "/spec/template/spec/affinity", affinity),
        (
            "tolerations",
            json!([{"key": "ci", "operator": "Exists"}]),
            "/spec/template/spec/tolerations",
            json!([{"key": "ci", "operator": "Exists"}]),
        ),
        (
            "topologySpreadConstraints",
            spread.clone(),
            "/spec/template/spec/topologySpreadConstraints",
            spread,
        ),
        ("priorityClassName", json!("high"), "/spec/template/spec/priorityClassName", json!("high")),
        ("hostNetwork", json!(true), "/spec/template/spec/hostNetwork", json!(true)),
        (
            "hostAliases",
            json!([{"ip": "10.0.0.1", "hostnames": ["a"]}]),
            "/spec/template/spec/hostAliases",
            json!([{"ip": "10.0.0.1", "hostnames": ["a"]}]),
        ),
        ("labels", json!({"team": "ci"}), "/spec/template/metadata/labels/team", json!("ci")),
        ("annotations", json!({"note": "x"}), "/spec/template/metadata/annotations/note", json!("x")),
        ("livenessProbe", probe.clone(), "/spec/template/spec/containers/0/livenessProbe", probe.clone()),
        ("readinessProbe", probe.clone(), "/spec/template/spec/containers/0/readinessProbe", probe.clone()),
        ("startupProbe", probe.clone(), "/spec/template/spec/containers/0/startupProbe", probe),
        ("env", secret_env.clone(), "/spec/template/spec/containers/0/env", secret_env),
        ("volumes", volume.clone(), "/spec/template/spec/volumes", volume),
        (
            "volumeMounts",
            json!([{"name": "tmp", "mountPath": "/mine"}]),
            "/spec/template/spec/containers/0/volumeMounts",
            json!([{"name": "tmp", "mountPath": "/mine"}]),
        ),
        ("sidecars", sidecar.clone(), "/spec/template/spec/containers", sidecar),
        ("serviceType", json!("LoadBalancer"), "service/spec/type", json!("LoadBalancer")),
        ("serviceAnnotations", json!({"lb": "y"}), "service/metadata/annotations/lb", json!("y")),
        (
            "storageClassName",
            json!("fast"),
            "/spec/volumeClaimTemplates/0/spec/storageClassName",
            json!("fast"),
        ),
        (
            "storageSize",
            json!("33Gi"),
            "/spec/volumeClaimTemplates/0/spec/resources/requests/storage",
            json!("33Gi"),
        ),
        (
            "terminationGracePeriodSeconds",
            json!(77),
            "/spec/template/spec/terminationGracePeriodSeconds",
            json!(77),
        ),
        (
            "patch",
            json!({"spec": {"dnsPolicy": "Default"}}),
            "/spec/template/spec/dnsPolicy",
            json!("Default"),
        ),
    ]
}

/// A Zuul with all components, this field in one section.
fn with(section: &str, component: &str, field: &str, value: &Value) -> Inputs {
    let mut inputs = inputs_of("../deploy/examples/site").inputs;
    let spec = &mut inputs.zuul["spec"];
    for section in ["preview", "registry"] {
        spec[section] = json!({});
    }
    if component == "launcher" {
        spec["launcher"]["type"] = json!("both");
    }
    if !spec[section].is_object() {
        spec[section] = json!({});
    }
    spec[section][field] = value.clone();
    inputs
}

fn json_of(plan: &Plan) -> Vec<(&'static str, Value)> {
    let one = |object: &Object| match object {
        Object::StatefulSet(it) => Some(("workload", serde_json::to_value(it).unwrap())),
        Object::Deployment(it) => Some(("workload", serde_json::to_value(it).unwrap())),
        Object::Service(it) => Some(("service", serde_json::to_value(it).unwrap())),
        _ => None,
    };
    plan.objects.iter().filter_map(one).collect()
}

/// The objects of a component, of one kind.
fn of<'a>(objects: &'a [(&str, Value)], component: &str, kind: &str) -> Vec<&'a Value> {
    let is_its = |it: &Value| it["metadata"]["labels"]["app.kubernetes.io/component"] == component;
    objects.iter().filter(|(of, it)| *of == kind && is_its(it)).map(|(_, it)| it).collect()
}

/// Whether `expected` is there: a list has each of its items, a mapping each of its entries.
fn has(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            expected.iter().all(|item| found.iter().any(|other| has(other, item)))
        }
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|other| has(other, value)))
        }
        _ => found == expected,
    }
}

/// What a field does not do for a component, and what is said instead.
fn refused(field: &str, component: &str) -> Option<&'static str> {
    match (field, component) {
        // Nodepool's launchers are one a shard.
        ("count", "nodepool-launcher") => Some("Rule"),
        // It listens on port 80 without being root.
        ("hostNetwork", "preview") => Some("KubernetesRefuses"),
        _ => None,
    }
}

fn effect(catalog: &Catalog, (section, component): (&str, &str), row: &Row) -> Result<(), String> {
    let (field, value, pointer, expected) = row;
    let plan = plan(&with(section, component, field, value), catalog);
    let errors: Vec<String> = plan
        .findings
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| format!("{} {}", it.code, it.path))
        .collect();
    if let Some(code) = refused(field, component) {
        return if errors.iter().any(|it| it.starts_with(code)) {
            Ok(())
        } else {
            Err(format!("not refused: {errors:?}"))
        };
    }
    if !errors.is_empty() {
        return Err(format!("{errors:?}"));
    }
    let is_unused = |it: &Finding| it.code == "FieldWithoutEffect" && it.path.to_string().ends_with(field);
    if pointer.starts_with("service") && !SERVED.contains(&component) {
        let is_said = plan.findings.iter().any(is_unused);
        return if is_said { Ok(()) } else { Err("not told that it does nothing".to_owned()) };
    }
    let objects = json_of(&plan);
    let (kind, pointer) = match pointer.strip_prefix("service") {
        Some(pointer) => ("service", pointer),
        None => ("workload", *pointer),
    };
    let found = of(&objects, component, kind);
    if found.is_empty() {
        return Err(format!("no {kind}"));
    }
    // A Deployment's pods have disks that live as long as they do.
    let home = |it: &Value| {
        let volumes = it["spec"]["template"]["spec"]["volumes"].as_array()?;
        let claims = volumes.iter().filter_map(|volume| volume.pointer("/ephemeral/volumeClaimTemplate"));
        claims
            .filter_map(|claim| claim.pointer(pointer.strip_prefix("/spec/volumeClaimTemplates/0")?))
            .next()
            .cloned()
    };
    let effect = |it: &Value| it.pointer(pointer).cloned().or_else(|| home(it));
    match found.iter().find(|it| !effect(it).is_some_and(|it| has(&it, expected))) {
        Some(without) => Err(format!("{} has {:?}", without["metadata"]["name"], without.pointer(pointer))),
        None => Ok(()),
    }
}

#[test]
fn every_field_has_its_effect_on_every_component() {
    let catalog = Rig::new().catalog();
    let rows = rows();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (section, component) in COMPONENTS {
        for row in &rows {
            count += 1;
            if let Err(why) = effect(&catalog, (section, component), row) {
                wrong.push(format!("{component}.{}: {why}", row.0));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A field that is added later has to be added to the table.
#[test]
fn the_table_has_every_field() {
    let spec = &schema()["properties"]["spec"]["properties"];
    let fields = |section: &str| -> BTreeSet<String> {
        spec[section]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let mut shared = fields("scheduler");
    for (section, _) in COMPONENTS {
        shared = shared.intersection(&fields(section)).cloned().collect();
    }
    let rows: BTreeSet<String> = rows().into_iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(shared, rows);
    assert!(rows.len() > 25);
}
