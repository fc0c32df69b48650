//! Least privilege: with everything set that an object can set, each component's zuul.conf has
//! exactly the sections and keys of `table/sections.txt`, which was typed from what Zuul 14.3 reads,
//! not from what the operator does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use zuul_operator::cli::run::Exit;
use zuul_operator_tests::case::command;
use zuul_operator_tests::objects::{documents, name};

type Table = BTreeMap<String, BTreeSet<String>>;

/// The lines `COMPONENT [SECTION]: KEY KEY`, as `COMPONENT [SECTION]` with its keys.
fn expected() -> Table {
    let text = fs::read_to_string("table/sections.txt").expect("the table");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let mut table = Table::new();
    for line in lines {
        let (section, keys) = line.split_once("]:").unwrap_or_else(|| panic!("no keys: {line}"));
        let keys = keys.split_whitespace().map(str::to_owned).collect();
        for component in section.split(" [").next().unwrap_or_default().split(',') {
            let rest = section.split_once(" [").map(|(_, rest)| rest).unwrap_or_default();
            let before = table.insert(format!("{component} [{rest}]"), BTreeSet::clone(&keys));
            assert!(before.is_none(), "twice: {line}");
        }
    }
    table
}

fn given() -> Table {
    let said = command(&["render", "-f", "table/everything.yaml"]);
    assert_eq!(said.exit, Exit::Fine, "{}", said.stderr);
    let mut table = Table::new();
    for object in documents(&said.stdout) {
        let Some(conf) = object["stringData"]["zuul.conf"].as_str() else { continue };
        let name = name(&object);
        let component = name.trim_start_matches("zuul-").trim_end_matches("-config");
        let mut section = String::new();
        for line in conf.lines().filter(|line| !line.is_empty()) {
            if line.starts_with('[') {
                section = format!("{component} {line}");
                assert!(table.insert(section.clone(), BTreeSet::new()).is_none(), "twice: {section}");
            } else {
                let (key, _) = line.split_once('=').expect("a key");
                let keys = table.get_mut(&section).expect("a section comes first");
                assert!(keys.insert(key.to_owned()), "twice: {section} {key}");
            }
        }
    }
    table
}

#[test]
fn each_component_has_what_it_reads_and_nothing_else() {
    let (expected, given) = (expected(), given());
    let mut wrong = Vec::new();
    for section in expected.keys().chain(given.keys()).collect::<BTreeSet<_>>() {
        let none = BTreeSet::new();
        let (wanted, found) = (expected.get(section), given.get(section));
        if wanted == found {
            continue;
        }
        let missing: Vec<_> = wanted.unwrap_or(&none).difference(found.unwrap_or(&none)).collect();
        let excess: Vec<_> = found.unwrap_or(&none).difference(wanted.unwrap_or(&none)).collect();
        let state = if found.is_none() {
            "is missing"
        } else if wanted.is_none() {
            "must not be there"
        } else {
            ""
        };
        wrong.push(format!("{section} {state}: missing {missing:?}, too much {excess:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files in the pods follow the same table.
#[test]
fn pods_mount_the_files_that_their_sections_name() {
    let said = command(&["render", "-f", "table/everything.yaml"]);
    let objects = documents(&said.stdout);
    let mut seen = 0;
    for object in &objects {
        let Some(conf) = object["stringData"]["zuul.conf"].as_str() else { continue };
        let component = name(object).trim_end_matches("-config");
        let workload = objects
            .iter()
            .find(|other| other["spec"]["template"].is_object() && name(other) == component)
            .expect("a component with a zuul.conf has pods");
        let volumes = &workload["spec"]["template"]["spec"]["volumes"];
        let config = volumes.as_array().into_iter().flatten().find(|volume| volume["name"] == "config");
        let sources = &config.expect("its files")["projected"]["sources"];
        let mut mounted = BTreeSet::new();
        for source in sources.as_array().into_iter().flatten() {
            let items = [&source["secret"]["items"], &source["configMap"]["items"]];
            for item in items.into_iter().filter_map(|items| items.as_array()).flatten() {
                mounted.insert(format!("/etc/zuul/{}", item["path"].as_str().unwrap_or_default()));
            }
        }
        assert!(mounted.remove("/etc/zuul/zuul.conf"), "{component}");
        let values = conf.lines().filter_map(|line| line.split_once('=')).map(|(_, value)| value);
        let named: BTreeSet<_> =
            values.filter(|value| value.starts_with("/etc/zuul/")).map(str::to_owned).collect();
        assert_eq!(named, mounted, "{component}");
        seen += 1;
    }
    assert_eq!(seen, 6);
}
