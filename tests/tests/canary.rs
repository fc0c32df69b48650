//! No byte of a secret is where it does not belong: each key of each Secret that goes in holds a value
//! of its own, and all that comes out, is kept, or was seen by a plugin is searched for it.
#![allow(missing_docs, unsafe_code, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use zuul_operator::cli::run::Exit;
use zuul_operator::fill;
use zuul_operator::plan::plan;
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::case::{Said, command, command_in, inputs_of};
use zuul_operator_tests::hostile::Rig;
use zuul_operator_tests::memory::Watcher;
use zuul_operator_tests::objects::{base64, documents, name};

const INPUT: &str = "canary/input";

/// The secret values, by `SECRET/KEY`, from the input. A file with several is several: `SECRET/KEY#1`.
fn canaries() -> BTreeMap<String, Vec<u8>> {
    let text = fs::read_to_string("canary/input/secrets.yaml").unwrap();
    let mut canaries = BTreeMap::new();
    for secret in documents(&text) {
        for (key, value) in secret["stringData"].as_object().unwrap() {
            for (at, part) in value.as_str().unwrap().split("CANARY-").skip(1).enumerate() {
                let number: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
                let place = format!("{}/{key}#{at}", name(&secret));
                let canary = format!("CANARY-{number}").into_bytes();
                assert!(!canaries.values().any(|other| *other == canary), "twice: {place}");
                canaries.insert(place, canary);
            }
        }
    }
    canaries
}

/// The forms in which a value may hide: itself, reversed, in hex, in base64 at each of three offsets,
/// in the case of either.
fn forms(canary: &[u8]) -> Vec<Vec<u8>> {
    let mut forms =
        vec![canary.to_vec(), canary.to_ascii_lowercase(), canary.iter().rev().copied().collect()];
    forms.push(canary.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect());
    for offset in 0..3 {
        let padded = [&vec![b' '; offset], canary].concat();
        let text = base64(&padded).into_bytes();
        // The ends share bits with what stands beside.
        let (start, end) = ([0, 2, 3][offset], [0, 3, 2][(padded.len()) % 3]);
        forms.push(text[start..text.len() - end - (padded.len() % 3).min(1)].to_vec());
    }
    forms
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The canaries that bytes hold in any form.
fn found(bytes: &[u8]) -> BTreeSet<String> {
    // All canaries share a prefix in each form, at few offsets: looking for it alone is enough, and
    // makes a search of megabytes short.
    let prefixes = forms(b"CANARY-");
    if !prefixes.iter().any(|form| form.len() > 3 && holds(bytes, form)) {
        return BTreeSet::new();
    }
    let is_in = |canary: &[u8]| forms(canary).iter().any(|form| holds(bytes, form));
    canaries().into_iter().filter(|(_, canary)| is_in(canary)).map(|(place, _)| place).collect()
}

fn nothing_in(what: &str, bytes: &[u8]) {
    assert_eq!(found(bytes), BTreeSet::new(), "{what} holds secrets");
}

/// The searcher finds a value that was planted, in every form: without this, no other test counts.
#[test]
fn a_planted_canary_is_found() {
    let canaries = canaries();
    assert!(canaries.len() > 20, "{}", canaries.len());
    for (place, canary) in &canaries {
        for prefix in ["", "x", "xy"] {
            let plain = [prefix.as_bytes(), canary, b"."].concat();
            assert_eq!(found(&plain), BTreeSet::from([place.clone()]), "plain");
            let coded = base64(&plain);
            assert_eq!(found(coded.as_bytes()), BTreeSet::from([place.clone()]), "base64: {coded}");
        }
        let hex: String = canary.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found(hex.as_bytes()), BTreeSet::from([place.clone()]), "hex");
    }
}

/// With the bytes filled in, each is exactly where `canary/expected.txt` says, by hand.
#[test]
fn secrets_are_where_they_belong() {
    let said = command(&["render", "--with-secrets", "-f", INPUT]);
    assert_eq!(said.exit, Exit::Fine, "{}", said.stderr);
    nothing_in("stderr", said.stderr.as_bytes());
    let mut given: BTreeMap<String, BTreeSet<String>> =
        canaries().into_keys().map(|place| (place, BTreeSet::new())).collect();
    for mut object in documents(&said.stdout) {
        let (name, data) = (name(&object).to_owned(), object["data"].take());
        if object["kind"] == "Secret" {
            for (key, value) in data.as_object().unwrap() {
                for place in found(value.as_str().unwrap().as_bytes()) {
                    given.get_mut(&place).unwrap().insert(format!("{name}/{key}"));
                }
            }
        } else {
            object["data"] = data;
        }
        nothing_in(&name, object.to_string().as_bytes());
    }
    let given: Vec<String> = given
        .iter()
        .map(|(place, targets)| {
            let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
            format!("{place}: {}", targets.join(" ")).trim_end().to_owned()
        })
        .collect();
    let expected = fs::read_to_string("canary/expected.txt").unwrap();
    let expected: Vec<&str> = expected.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(given.join("\n"), expected.join("\n"));
}

/// What is not a file is escaped for INI and nothing else.
#[test]
fn values_arrive_whole() {
    let said = command(&["render", "--with-secrets", "-f", INPUT]);
    let conf = |component: &str| {
        let objects = documents(&said.stdout);
        let secret = objects
            .iter()
            .find(|object| name(object) == format!("zuul-{component}-config") && object["kind"] == "Secret");
        secret.unwrap()["data"]["zuul.conf"].as_str().unwrap().to_owned()
    };
    // Base64 of the line, at the place that it happens to have: search each offset.
    let has = |component: &str, line: &str| {
        forms(line.as_bytes()).iter().any(|form| holds(conf(component).as_bytes(), form))
    };
    assert!(has("scheduler", "password=50%%CANARY-smtp1#;%%%%(x)s"), "percent signs are doubled");
    assert!(has("web", "dburi=postgresql://zuul:p%%40CANARY-uri1%%25@db.example.org/zuul"), "a URI");
}

fn everything_said(cache: &Path, args: &[&str]) -> Said {
    command_in(cache, &[args, &["-f", INPUT]].concat())
}

/// Without `--with-secrets` no secret is in the output, in a finding, or in the cache.
#[test]
fn nothing_is_said_or_kept() {
    let folder = tempfile::tempdir().unwrap();
    // It does not exist yet: the operator makes it, with no access for others.
    let cache = folder.path().join("cache");
    for args in [&["render"][..], &["render", "-o", "json"], &["validate"], &["validate", "-o", "json"]] {
        let said = everything_said(&cache, args);
        assert_eq!(said.exit, Exit::Fine, "{}", said.stderr);
        nothing_in("stdout", said.stdout.as_bytes());
        nothing_in("stderr", said.stderr.as_bytes());
    }
    let said = everything_said(&cache, &["render", "--with-secrets"]);
    assert!(!found(said.stdout.as_bytes()).is_empty(), "the searcher works on real output");
    let mut files = 0;
    let mut folders = vec![cache];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                nothing_in(&path.display().to_string(), &fs::read(&path).unwrap());
                files += 1;
            }
        }
    }
    assert!(files >= 9, "the cache is in use: {files} files");
}

/// The log at its most talkative, of the binary itself.
#[test]
fn nothing_is_logged() {
    let program = zuul_operator_tests::program::program();
    // A cache that others may read is refused, which is logged: the log is seen to work.
    let cache = tempfile::tempdir().unwrap();
    fs::set_permissions(cache.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(program)
        .args(["render", "-vvv", "-f", INPUT, "--cache-dir"])
        .arg(cache.path())
        .env("RUST_LOG", "trace")
        .output()
        .unwrap();
    assert!(output.status.success());
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("no cache of compiled plugins"), "there is a log: {log}");
    nothing_in("stdout", &output.stdout);
    nothing_in("the log", &output.stderr);
}

#[test]
fn values_of_the_core_do_not_print_secrets() {
    let gathered = inputs_of(INPUT);
    let catalog = Rig::new().catalog();
    let plan = plan(&gathered.inputs, &catalog);
    assert!(!plan.has_errors(), "{:?}", plan.findings);
    nothing_in("Inputs", format!("{gathered:?} {:#?}", gathered.inputs).as_bytes());
    nothing_in("Plan", format!("{plan:?} {:#?}", plan.objects).as_bytes());
    let mut filled = 0;
    for object in &plan.objects {
        if let zuul_operator::desired::object::Object::Secret(secret) = object {
            let secret = fill::fill(secret, &gathered.secrets).unwrap();
            nothing_in("Filled", format!("{secret:?} {secret:#?}").as_bytes());
            filled += 1;
        }
    }
    assert!(filled >= 6, "{filled}");
}

/// Every memory of every instance of every plugin, when the instance ends.
#[test]
fn no_plugin_sees_a_secret() {
    let watcher = Watcher::default();
    let seen = watcher.seen();
    let rig = Rig::new();
    let options =
        Options { memory_creator: Some(std::sync::Arc::new(watcher)), memoise: false, ..rig.options() };
    let catalog = Catalog::open(options).unwrap();
    let plan = plan(&inputs_of(INPUT).inputs, &catalog);
    assert!(!plan.has_errors(), "{:?}", plan.findings);
    let memories = seen.lock().unwrap();
    assert!(memories.len() as u64 >= catalog.counts().calls && memories.len() >= 10, "{}", memories.len());
    let holds_text = |text: &str| memories.iter().any(|memory| holds(memory, text.as_bytes()));
    assert!(holds_text("smtp.example.org"), "drivers were called");
    assert!(holds_text("cloud-of-the-canary"), "the sharder was called");
    for memory in memories.iter() {
        nothing_in("a plugin's memory", memory);
    }
}

/// A secret that INI cannot carry is refused by its option's name.
#[test]
fn a_secret_that_cannot_be_written_is_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let zuul = fs::read_to_string("canary/input/zuul.yaml").unwrap();
    fs::write(folder.path().join("zuul.yaml"), zuul).unwrap();
    let secrets = fs::read_to_string("canary/input/secrets.yaml").unwrap();
    let broken = secrets.replace("#;%%(x)s", "\\n[scheduler]\\ntenant_config_script=CANARY");
    assert_ne!(secrets, broken);
    fs::write(folder.path().join("secrets.yaml"), broken).unwrap();
    let said = command(&["render", "--with-secrets", "-f", folder.path().to_str().unwrap()]);
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Findings, ""));
    assert!(said.stderr.contains("option password of section [connection mail]"), "{}", said.stderr);
    assert!(
        !said.stderr.contains("CANARY") && !said.stderr.contains("tenant_config_script"),
        "{}",
        said.stderr
    );
}
