//! The CustomResourceDefinition: as committed, explained, and the same offline as in the API server.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use zuul_operator::api::schema::{complete, definition, rules as broken_rules, schema, structure};
use zuul_operator::cli::run::Exit;
use zuul_operator_tests::case::plain_command;
use zuul_operator_tests::source::workspace;

#[test]
fn the_committed_definition_is_the_generated_one() {
    let said = plain_command(&["crd"], b"");
    assert_eq!(said.exit, Exit::Fine);
    let committed = fs::read_to_string(workspace().join("crds/zuuls.zuul-ci.org.yaml")).unwrap();
    assert!(committed == said.stdout, "run `cargo xtask crd`");
}

#[test]
fn the_schema_of_the_binary_is_the_generated_one() {
    assert_eq!(&definition()["spec"]["versions"][0]["schema"]["openAPIV3Schema"], schema());
}

/// Calls `see` with each property below a schema, by its path.
fn properties(schema: &Value, path: &str, see: &mut dyn FnMut(&str, &Value)) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        see(&path, property);
        properties(property, &path, see);
    }
    for inner in ["items", "additionalProperties"] {
        if schema[inner].is_object() {
            properties(&schema[inner], &format!("{path}[]"), see);
        }
    }
}

/// `kubectl explain` has something to say of every field.
#[test]
fn every_field_is_described() {
    let (mut silent, mut seen) = (Vec::new(), 0);
    properties(schema(), "", &mut |path, property| {
        seen += 1;
        let text = property["description"].as_str().unwrap_or_default();
        if text.is_empty() || text.contains('\n') {
            silent.push(path.to_owned());
        }
    });
    assert!(seen > 300, "{seen}");
    // apiVersion, kind and metadata are described by the API server itself.
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// A Zuul with every section there is, each as empty as it may be.
fn minimal() -> Value {
    json!({
        "apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul", "metadata": {"name": "zuul"},
        "spec": {
            "scheduler": {}, "executor": {}, "merger": {}, "web": {}, "fingergw": {}, "launcher": {},
            "builder": {}, "preview": {}, "registry": {}, "logging": {},
            "database": {"secretName": "d"}, "zookeeper": {"hosts": "zk", "secretName": "z"},
        }
    })
}

/// Each default that the schema states is what stands there offline, too; nothing else is filled in.
#[test]
fn defaults_are_those_of_the_schema() {
    let completed = complete(&minimal());
    assert_eq!(complete(&completed), completed, "twice changes nothing");
    let mut stated = BTreeSet::new();
    properties(schema(), "", &mut |path, property| {
        let Some(default) = property.get("default") else { return };
        let pointer = path.replace('.', "/");
        if pointer.contains("[]") || !pointer.starts_with("/spec") {
            return;
        }
        assert_eq!(completed.pointer(&pointer), Some(default), "{path}");
        stated.insert(pointer);
    });
    assert!(stated.contains("/spec/imagePrefix") && stated.contains("/spec/executor/mode"), "{stated:?}");
    let (before, mut added) = (minimal(), BTreeSet::new());
    leaves(&completed, "", &mut |pointer| {
        if before.pointer(pointer).is_none() {
            added.insert(pointer.to_owned());
        }
    });
    assert_eq!(added, stated);
}

fn leaves(value: &Value, pointer: &str, see: &mut dyn FnMut(&str)) {
    match value.as_object().filter(|fields| !fields.is_empty()) {
        Some(fields) => {
            fields.iter().for_each(|(key, value)| leaves(value, &format!("{pointer}/{key}"), see))
        }
        None => see(pointer),
    }
}

/// Each rule by its text, with a `spec` that it refuses and one that it takes, both just at the edge.
fn rules() -> Vec<(&'static str, Value, Value)> {
    let connection = |length: usize| json!({"connections": {"c".repeat(length): {"driver": "git"}}});
    let env = |name: &str| json!({"env": [{"name": name, "value": "x"}]});
    vec![
        (
            "!has(self.count) || self.type != 'nodepool'",
            json!({"launcher": {"count": 2}}),
            json!({"launcher": {"count": 2, "type": "both"}}),
        ),
        (
            "!has(self.connections) || self.connections.all(name, size(name) <= 63)",
            connection(64),
            connection(63),
        ),
        (
            "!has(self.env) || self.env.all(variable, !variable.name.startsWith('ZUUL_'))",
            env("ZUUL_X"),
            env("ZUULX"),
        ),
    ]
}

fn stated_rules(schema: &Value, found: &mut BTreeSet<String>) {
    let rules = schema["x-kubernetes-validations"].as_array().into_iter().flatten();
    found.extend(rules.map(|rule| rule["rule"].as_str().unwrap().to_owned()));
    properties(schema, "", &mut |_, property| {
        let rules = property["x-kubernetes-validations"].as_array().into_iter().flatten();
        found.extend(rules.map(|rule| rule["rule"].as_str().unwrap().to_owned()));
    });
}

#[test]
fn every_rule_refuses_and_accepts() {
    let mut stated = BTreeSet::new();
    stated_rules(schema(), &mut stated);
    let rules = rules();
    let tested: BTreeSet<String> = rules.iter().map(|(rule, ..)| (*rule).to_owned()).collect();
    assert_eq!(stated, tested);
    for (rule, refused, taken) in rules {
        let said = |spec: Value| {
            let mut zuul = minimal();
            zuul["spec"] = spec;
            let zuul = complete(&zuul);
            let structure = structure(&zuul);
            assert_eq!(structure.findings.into_vec(), []);
            broken_rules(&zuul, &structure.left_out)
        };
        let findings = said(refused);
        assert_eq!(
            findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(),
            ["Rule"],
            "{rule}"
        );
        assert_eq!(said(taken), [], "{rule}");
    }
}
