//! Zuul 14.3's own code is asked: which options it reads, and what it makes of the rendered files.
#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

mod pods;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;
use zuul_operator::contract::{OptionInfo, Plugins};
use zuul_operator_tests::hostile::Rig;
use zuul_operator_tests::oracle;
use zuul_operator_tests::source::workspace;

/// What a program of `tests/oracles` answers, in Zuul's own environment.
fn ask(program: &str, arguments: &[&str]) -> Value {
    let mut command = Command::new(oracle::zuul_python());
    // Each would become a key of every section: `ZuulApp.readConfig` takes them for defaults.
    std::env::vars().filter(|(name, _)| name.starts_with("ZUUL_")).for_each(|(name, _)| {
        command.env_remove(name);
    });
    let output = command
        .arg(workspace().join("tests/oracles").join(program))
        .args(arguments)
        .output()
        .expect("Python starts; `cargo xtask test` installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What the plugins describe, as the oracle names it: `SECTION OPTION`.
fn described() -> BTreeSet<String> {
    let catalog = Rig::new().catalog();
    let names = |section: String, options: &[OptionInfo]| -> Vec<String> {
        options.iter().map(|option| format!("{section} {}", option.name)).collect()
    };
    let mut described = BTreeSet::new();
    for driver in catalog.drivers() {
        described.extend(names(format!("connection:{driver}"), &catalog.driver(&driver).unwrap().options));
    }
    for section in catalog.sections().unwrap().iter() {
        let name = if section.name == "database" { "connection:sql" } else { &section.name };
        described.extend(names(name.to_owned(), &section.options));
    }
    described
}

/// What is described, and no option that a syntax tree shows, with the reason.
const NOT_IN_THE_SOURCE: [(&str, &str); 2] = [
    ("web status_url", "gone in 14; the renderer writes it as root"),
    ("auth driver", "read as a key of a dictionary"),
];

#[test]
fn every_option_that_zuul_reads_is_described() {
    let read: BTreeMap<String, Vec<String>> =
        serde_json::from_value(ask("zuul_options.py", &[])).expect("files by option");
    let mut read: BTreeSet<String> = read.into_keys().collect();
    assert!(read.len() > 230, "{}", read.len());
    // The merger takes a key for any source.
    assert!(read.remove("connection:* sshkey"));
    for source in ["gerrit", "git", "github", "gitlab", "pagure"] {
        read.insert(format!("connection:{source} sshkey"));
    }
    let described = described();
    let missing: Vec<&String> = read.difference(&described).collect();
    assert!(
        missing.is_empty(),
        "{} of {}; not described: {missing:?}",
        read.len() - missing.len(),
        read.len()
    );
    let reasons: BTreeSet<&str> = NOT_IN_THE_SOURCE.iter().map(|(option, _)| *option).collect();
    let more: Vec<&String> =
        described.difference(&read).filter(|it| !reasons.contains(it.as_str())).collect();
    assert!(more.is_empty(), "Zuul reads none of {more:?}");
    println!("{} of {} options are described", read.len(), read.len());
}

/// All that `expected` has is in `found`; the paths of what is not. `…` in an expected text stands for the folder.
fn differences(expected: &Value, found: &Value, folder: &str, path: &str, all: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, expected) in expected {
                let path = format!("{path}.{key}");
                match found.get(key) {
                    Some(found) => differences(expected, found, folder, &path, all),
                    None => all.push(format!("{path} is missing")),
                }
            }
        }
        (Value::String(expected), Value::String(found)) if expected.replace('…', folder) == *found => {}
        (expected, found) if expected == found => {}
        _ => all.push(format!("{path}: expected {expected}, found {found}")),
    }
}

/// `ZuulApp.readConfig` and `ConnectionRegistry.configure` of each component, as its own program calls them.
#[test]
fn zuul_loads_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    pods::write(folder.path());
    let shown = folder.path().to_str().unwrap();
    let loaded = ask("zuul_load.py", &[shown]);
    if let Some(path) = std::env::var_os("ZUUL_OPERATOR_DUMP") {
        fs::write(path, serde_json::to_string_pretty(&loaded).unwrap()).unwrap();
    }
    let expected: Value = serde_json::from_str(&fs::read_to_string("zuul/expected.json").unwrap()).unwrap();
    let mut wrong = Vec::new();
    for (component, answer) in loaded.as_object().unwrap() {
        if let Some(error) = answer["error"].as_str() {
            wrong.push(format!("{component} dies: {error}"));
        }
        let names = |answer: &Value| -> BTreeSet<String> {
            let of = answer["connections"].as_object();
            of.into_iter().flat_map(|it| it.keys().cloned()).collect()
        };
        let expected = &expected[component];
        if names(expected) != names(answer) {
            wrong.push(format!("{component} has {:?}, expected {:?}", names(answer), names(expected)));
        }
        differences(expected, answer, shown, component, &mut wrong);
    }
    assert_eq!(loaded.as_object().unwrap().len(), 6);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
