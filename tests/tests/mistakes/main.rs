//! One mistake is one finding, and several mistakes are told at once: each row changes the example site in
//! one place, and everything that is said about it stands beside it.
#![allow(missing_docs, clippy::unwrap_used)]

mod blame;
mod rows;
mod secrets;

use std::fs;

use serde_json::Value;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::check::plan_all;
use zuul_operator::cli::source::Source;
use zuul_operator::contract::{
    CodeInfo, ConnectionRequest, DriverInfo, FailureReason, PluginFailure, PluginFinding, PluginInfo,
    Plugins, Rendering, SectionInfo, ShardAnswer, ShardRequest, ZuulConfAnswer, ZuulConfRequest,
};
use zuul_operator::plan::plan;
use zuul_operator::plugin::Catalog;
use zuul_operator_tests::case::inputs_of;
use zuul_operator_tests::hostile::Rig;

/// All files of the example site as one.
fn site() -> String {
    let files = ["zuul", "secrets", "tenants", "nodepool"];
    files
        .map(|name| fs::read_to_string(format!("../deploy/examples/site/{name}.yaml")).unwrap())
        .join("---\n")
}

/// The codes of all findings, sorted, each with its path.
fn said(text: &str, catalog: &dyn Plugins) -> Vec<(String, String)> {
    let bundle = Bundle::read(vec![Source::new("site.yaml", text)], Vec::new());
    let remarks = plan_all(bundle, catalog, &plan, &mut |_, _| vec![]).remarks;
    let mut said: Vec<_> =
        remarks.iter().map(|it| (it.finding.code.clone(), it.finding.path.to_string())).collect();
    said.sort();
    said
}

fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the example has no {from:?}");
    text.replacen(from, to, 1)
}

#[test]
fn one_mistake_is_one_finding() {
    let (site, catalog) = (site(), Rig::new().catalog());
    assert_eq!(said(&site, &catalog), [], "the example is right");
    let mut wrong = Vec::new();
    for (from, to, expected) in rows::all() {
        let said = said(&changed(&site, from, to), &catalog);
        let said: Vec<String> = said.into_iter().map(|(code, path)| format!("{code} {path}")).collect();
        if said != *expected {
            wrong.push(format!("{to}\n  - {expected:?}\n  + {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Wherever it is: a list where there is none, and a letter too many in a name.
#[test]
fn a_wrong_value_or_name_is_one_finding_at_most() {
    let inputs = inputs_of("../deploy/examples/site").inputs;
    let catalog = Rig::new().catalog();
    let mut pointers = Vec::new();
    below(&inputs.zuul["spec"], "/spec", &mut pointers);
    assert!(pointers.len() > 80, "{}", pointers.len());
    let mut wrong = Vec::new();
    for pointer in pointers {
        let mut list = inputs.clone();
        *list.zuul.pointer_mut(&pointer).unwrap() = serde_json::json!([5]);
        let mut name = inputs.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        if let Some(Value::Object(fields)) = name.zuul.pointer_mut(parent) {
            let key = key.replace("~1", "/");
            let value = fields.remove(&key).unwrap();
            fields.insert(format!("{key}q"), value);
        }
        for inputs in [list, name] {
            let findings = plan(&inputs, &catalog).findings;
            if findings.len() > 1 {
                wrong.push(format!("{pointer}: {findings:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The JSON pointers of all values below one.
fn below(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let mut add = |key: String, value: &Value| {
        let pointer = format!("{pointer}/{key}");
        pointers.push(pointer.clone());
        below(value, &pointer, pointers);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| add(key.replace('/', "~1"), value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| add(index.to_string(), value));
        }
        _ => {}
    }
}

/// Nodepool's launchers read the variable as it is meant; Zuul's own does not.
#[test]
fn zuul_takes_the_file_of_clouds_for_a_list() {
    let catalog = Rig::new().catalog();
    let clouds =
        changed(&site(), "  connections:\n", "  connections:\n    os: {driver: openstack, cloud: c}\n");
    let clouds = changed(
        &clouds,
        "  scheduler:\n",
        "  env: [{name: OS_CLIENT_CONFIG_FILE, value: /x}]\n  scheduler:\n",
    );
    let missing = ("CloudMissing".to_owned(), "spec.connections.os.cloud".to_owned());
    assert_eq!(said(&clouds, &catalog), std::slice::from_ref(&missing));
    let both = changed(&clouds, "    config: nodepool\n", "    config: nodepool\n    type: both\n");
    assert_eq!(said(&both, &catalog), [missing, ("CloudsFile".to_owned(), "spec.env[0].name".to_owned())]);
}

/// The example has both kinds of mergers.
#[test]
fn without_executors_and_mergers_nobody_merges() {
    let catalog = Rig::new().catalog();
    let none = changed(&changed(&site(), "    count: 6", "    count: 0"), "    count: 3", "    count: 0");
    assert_eq!(said(&none, &catalog), [("NoMerger".to_owned(), "spec.merger".to_owned())]);
    let asleep = changed(&none, "  scheduler:\n    count: 2", "  scheduler:\n    count: 0");
    assert_eq!(said(&asleep, &catalog), []);
    let unknown = changed(&none, "    count: 0", "    count: none");
    assert_eq!(said(&unknown, &catalog), [("WrongType".to_owned(), "spec.executor.count".to_owned())]);
}

/// The kinds of checks do not hide one another.
#[test]
fn all_mistakes_are_told_at_once() {
    let mut text = site();
    for (from, to) in [
        ("    count: 6", "    count: six"),
        ("      server: review.example.org", "      server: review.example.org\n      colour: red"),
        ("        key: http_password", "        key: password"),
        ("  scheduler:\n", "  env: [{name: ZUUL_X, value: x}]\n  scheduler:\n"),
        ("    relative_priority: true", "    unchecked: {foo: \"a\\nb\"}"),
        ("  webhook_token: made-up-token", "  webhook_token: \"a\\nb\""),
        ("  dburi: mariadb", "  dburi: maria"),
    ] {
        text = changed(&text, from, to);
    }
    let expected = [
        ("DatabaseDriver", "stringData.dburi"),
        ("IniValue", "spec.scheduler.unchecked.foo"),
        ("IniValue", "stringData.webhook_token"),
        ("Rule", "spec"),
        ("SecretKeyMissing", "spec.connections[\"review.example.org\"].password"),
        ("UnknownOption", "spec.connections[\"review.example.org\"].colour"),
        ("WrongType", "spec.executor.count"),
    ];
    assert_eq!(
        said(&text, &Rig::new().catalog()),
        expected.map(|(code, path)| (code.to_owned(), path.to_owned()))
    );
}
