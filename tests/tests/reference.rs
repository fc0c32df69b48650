//! docs/reference is what `explain` says, every code of findings is explained, and the schema for editors takes
//! what the operator takes.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use zuul_operator::cli::run::Exit;
use zuul_operator::contract::Plugins;
use zuul_operator::explain::{explain, json_schema};
use zuul_operator_tests::case::{command, folders, inputs_of};
use zuul_operator_tests::hostile::Rig;
use zuul_operator_tests::source::{files, without_tests, workspace};

const PAGES: [&str; 5] = ["spec", "status", "drivers", "sections", "findings"];

#[test]
fn pages_are_what_explain_says() {
    let accept = std::env::var_os("ZUUL_OPERATOR_ACCEPT").is_some();
    let folder = workspace().join("docs/reference");
    for page in PAGES {
        let said = command(&["explain", page, "-o", "markdown"]);
        assert_eq!(said.exit, Exit::Fine, "{}", said.stderr);
        let path = folder.join(format!("{page}.md"));
        if accept {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &said.stdout).unwrap();
        }
        let is_same = fs::read_to_string(&path).is_ok_and(|text| text == said.stdout);
        assert!(is_same, "{} is stale: `cargo xtask golden` writes it anew", path.display());
    }
}

/// Words in the source that look like codes, and are Kubernetes', Rust's or Zuul's.
const NO_CODES: [&str; 33] = [
    "AlreadyExists",
    "BlockDevice",
    "CharDevice",
    "ClusterFirstWithHostNet",
    "ClusterIP",
    "ConfigMap",
    "DirectoryOrCreate",
    "DoNotSchedule",
    "DoesNotExist",
    "FileOrCreate",
    "HostToContainer",
    "HugePages",
    "IfNotPresent",
    "IfPossible",
    "LoadBalancer",
    "NoExecute",
    "NoSchedule",
    "NodePort",
    "NotIn",
    "OnFailure",
    "OnRootMismatch",
    "OpenIDConnect",
    "PartialEq",
    "PodDisruptionBudget",
    "PreferNoSchedule",
    "RS256withJWKS",
    "ReadWriteOnce",
    "RuntimeDefault",
    "ScheduleAnyway",
    "SecretList",
    "ServiceAccount",
    "StatefulSet",
    "ZuulStatus",
];

/// What stands in quotes and is one word in UpperCamelCase, each with what stands before it.
fn words(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let quoted = source.match_indices('"').filter_map(|(at, _)| {
        let (before, rest) = (&source[..at], &source[at + 1..]);
        Some((before.trim_end(), rest.split_once('"')?.0))
    });
    quoted.filter(|(_, word)| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.contains(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// Words in the source that are codes: of two words, or where a finding is made.
fn codes_of(folder: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    // Reasons of conditions are explained in docs/operate.
    let others = ["tests", "examples", "codes.rs", "api/reasons.rs"];
    for path in files(folder).into_iter().filter(|path| !others.iter().any(|other| path.contains(other))) {
        let source = fs::read_to_string(workspace().join(&path)).unwrap();
        let is_code = |(before, word): &(&str, &str)| {
            let calls = ["error(", "warning(", "note(", "refuse("];
            let is_long = word.chars().filter(char::is_ascii_uppercase).count() > 1;
            (is_long && !NO_CODES.contains(word)) || calls.iter().any(|call| before.ends_with(call))
        };
        codes.extend(words(without_tests(&source)).filter(is_code).map(|(_, word)| word.to_owned()));
    }
    codes
}

#[test]
fn every_code_is_explained() {
    let catalog = Rig::new().catalog();
    let (host, guests) = (codes_of("host/src"), codes_of("guests"));
    assert!(host.len() > 120 && guests.len() > 40, "{} {}", host.len(), guests.len());
    let table = fs::read_to_string(workspace().join("host/src/explain/codes.rs")).unwrap();
    let table: BTreeSet<String> = words(without_tests(&table)).map(|(_, word)| word.to_owned()).collect();
    let missing: Vec<_> = host.difference(&table).collect();
    assert!(missing.is_empty(), "no sentence for {missing:?}, or no codes, and to be listed above");
    let stale: Vec<_> = table.difference(&host).collect();
    assert!(stale.is_empty(), "nobody says {stale:?}");
    // Those that plugins describe are theirs.
    let described: BTreeSet<String> = catalog.codes().unwrap().into_iter().map(|info| info.code).collect();
    let own: Vec<_> = guests.difference(&described).collect();
    assert!(own.is_empty(), "no plugin describes {own:?}");
    let stale: Vec<_> = described.difference(&guests).collect();
    assert!(stale.is_empty(), "no plugin says {stale:?}");
}

/// The codes at the starts of the lines of a report.
fn told(report: &str) -> BTreeSet<String> {
    let code = |line: &str| {
        let rest = ["error[", "warning[", "note["].into_iter().find_map(|start| line.strip_prefix(start))?;
        Some(rest.split_once(']')?.0.to_owned())
    };
    report.lines().filter_map(code).collect()
}

/// What the accepted reports say is explained, whatever made the code.
#[test]
fn every_accepted_finding_is_explained() {
    let root = explain(&Rig::new().catalog()).unwrap();
    let mut seen = BTreeSet::new();
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    for folder in folders(Path::new("golden")).into_iter().chain(folders(Path::new("golden/examples"))) {
        seen.extend(told(&read(folder.join("findings.txt"))));
    }
    for folder in folders(Path::new("report")) {
        // What stands for a plan's findings there is made up.
        let made_up = read(folder.join("findings.txt"));
        let made_up: BTreeSet<&str> = made_up.lines().filter_map(|line| line.split(' ').next()).collect();
        let report = told(&read(folder.join("expected.txt")));
        assert!(!report.is_empty(), "{}", folder.display());
        seen.extend(report.into_iter().filter(|code| !made_up.contains(code.as_str())));
    }
    assert!(seen.len() > 60, "{seen:?}");
    for code in seen {
        assert!(root.find(&format!("findings.{code}")).is_ok(), "no sentence for {code}");
    }
}

#[test]
fn topics_are_found_or_guessed() {
    let root = explain(&Rig::new().catalog()).unwrap();
    assert_eq!(root.find("drivers.gerrit.sshkey").unwrap().facts["type"], "secret file");
    assert_eq!(root.find("spec.executor.load_multiplier").unwrap().facts["default"], "2.5");
    assert_eq!(root.find("spec.executor.count").unwrap().facts["maximum"], "1000");
    assert!(root.find("spec.executor.private_key_file").is_err(), "the operator's own");
    assert_eq!(root.find("drivers.girrit.sshkey").unwrap_err().as_deref(), Some("drivers.gerrit"));
    assert_eq!(root.find("gerrit").unwrap_err().as_deref(), Some("drivers.gerrit"));
    assert_eq!(root.find("statsd.server").unwrap_err().as_deref(), Some("spec.statsd.server"));
    assert_eq!(root.find("nothing-like-it").unwrap_err(), None);
    let found = root.search("LOW_SPEED");
    assert!(found.iter().any(|(path, _)| path == "spec.merger.git_http_low_speed_time"), "{found:?}");
}

#[test]
fn the_schema_for_editors_takes_every_example() {
    let schema = json_schema(&Rig::new().catalog()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let mut count = 0;
    for example in folders(&workspace().join("deploy/examples")) {
        let mut zuul = inputs_of(example.to_str().unwrap()).inputs.zuul;
        // The seed's examples have none.
        zuul.as_object_mut().unwrap().entry("metadata").or_insert_with(|| serde_json::json!({}));
        let errors: Vec<_> = validator.iter_errors(&zuul).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", example.display());
        count += 1;
    }
    assert!(count > 5);
}

/// Else an editor would offer what `validate` refuses, a database's URI in plain text for one.
#[test]
fn the_schema_for_editors_offers_what_is_explained() {
    let catalog = Rig::new().catalog();
    let (root, schema) = (explain(&catalog).unwrap(), json_schema(&catalog).unwrap());
    let sections = schema["then"]["properties"]["spec"]["properties"].as_object().unwrap();
    let offered = sections.iter().flat_map(|(section, field)| {
        let fields = field["properties"].as_object().into_iter().flatten();
        fields.map(move |(name, _)| format!("spec.{section}.{name}"))
    });
    let (explained, others): (Vec<_>, Vec<_>) = offered.partition(|path| root.find(path).is_ok());
    assert_eq!(others, Vec::<String>::new());
    assert!(explained.len() > 100 && explained.contains(&"spec.database.secretName".to_owned()));
}

#[test]
fn the_schema_for_editors_knows_options() {
    let schema = json_schema(&Rig::new().catalog()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let site = inputs_of("../deploy/examples/site").inputs.zuul;
    let with = |pointer: &str, key: &str, value: Value| {
        let mut site = site.clone();
        site.pointer_mut(pointer).unwrap()[key] = value;
        validator.is_valid(&site)
    };
    let gerrit = "/spec/connections/review.example.org";
    assert!(with(gerrit, "port", 29418.into()) && with(gerrit, "port", "29418".into()));
    assert!(!with(gerrit, "port", "many".into()) && !with(gerrit, "port", 70_000.into()));
    assert!(!with(gerrit, "prot", 29418.into()) && !with(gerrit, "app_id", 1.into()));
    assert!(with(gerrit, "password", serde_json::json!({"secretName": "a"})));
    assert!(!with(gerrit, "password", serde_json::json!({"secretname": "a"})));
    assert!(with("/spec/connections/opendev", "driver", "a-driver-of-our-own".into()));
    assert!(with("/spec/executor", "min_avail_mem", 5.into()));
    assert!(!with("/spec/executor", "min_avail_memory", 5.into()));
    assert!(!with("/spec/executor", "private_key_file", "/x".into()));
    assert!(!with("/spec", "excutor", serde_json::json!({})));
    assert!(with("/spec", "fingergw", Value::Null) && with("/spec/executor", "count", Value::Null));
    assert!(with(gerrit, "port", Value::Null) && !with(gerrit, "driver", Value::Null));
    let secret = serde_json::json!({"apiVersion": "v1", "kind": "Secret", "data": {}});
    assert!(validator.is_valid(&secret), "other objects of a file are none of its business");
}
