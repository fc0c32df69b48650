//! Holds the house together: which room of the operator may name which other, and what may be named
//! nowhere but in one. See `docs/architecture.md`.

use std::collections::BTreeSet;

use zuul_operator_tests::source::{code, files, paths, without_tests, workspace};

/// The core, lowest first: a room imports what stands before it.
///
/// `mask` stands among them because `render` puts references back with `mask::unmask`, which sees no
/// bytes; only those that read files or the cluster call `mask::mask`. `yaml` reads whatever text it is given, also
/// for `content`, and keeps none of it.
const CORE: [&str; 17] = [
    "names",
    "secret",
    "diagnostic",
    "api",
    "inputs",
    "contract",
    "supply",
    "mask",
    "yaml",
    "validate",
    "explain",
    "render",
    "draft",
    "desired",
    "plan",
    "rollout",
    "status",
];
/// Rooms that see the bytes of secrets, and what each may import besides the core.
const BYTES: [(&str, &[&str]); 2] = [("fill", &[]), ("content", &["fill"])];
/// Rooms that use the core, and never each other; `metrics` is what `cluster` counts in. `traces` takes what the others
/// give to `tracing`, and none of them knows it.
const EDGES: [(&str, &[&str]); 4] =
    [("metrics", &[]), ("traces", &[]), ("plugin", &[]), ("cluster", &["fill", "content", "metrics"])];
/// Rooms that put the others together; all but the first without bytes of secrets.
const WIRING: [&str; 4] = ["cli", "controller", "serve", "main"];

/// What core code does not name: the same inputs must give the same plan, anywhere and at any time.
const NOT_IN_CORE: [(&str, &str); 15] = [
    ("tokio", "no runtime"),
    ("futures", "no runtime"),
    ("kube::runtime", "no client"),
    ("SystemTime", "no clock; the caller passes what it has to know"),
    ("Instant", "no clock; the caller passes what it has to know"),
    ("jiff::Timestamp::now", "no clock; the caller passes what it has to know"),
    ("getrandom", "no randomness; ask for it with plan::Action"),
    ("std::fs", "no file system; cluster and cli gather"),
    ("std::env", "no environment; cluster and cli gather"),
    ("TcpStream", "no network; cluster gathers"),
    ("UdpSocket", "no network; cluster gathers"),
    ("ToSocketAddrs", "no network; cluster gathers"),
    ("std::process", "no processes"),
    ("HashMap", "its order changes; use BTreeMap"),
    ("HashSet", "its order changes; use BTreeSet"),
];

/// What is named in some rooms only.
const ONLY_IN: [(&str, &[&str]); 8] = [
    ("wasmtime", &["plugin"]),
    ("opentelemetry", &["traces"]),
    ("opentelemetry_sdk", &["traces"]),
    ("tracing_opentelemetry", &["traces"]),
    ("kube::Client", &["cluster", "controller"]),
    ("kube::client", &["cluster", "controller"]),
    ("kube::Api", &["cluster", "controller"]),
    ("saphyr_parser", &["mask", "render", "yaml"]),
];

/// The parts of `mask` that see the bytes of secrets.
const SEES_BYTES: [(&str, &[&str]); 4] = [
    ("crate::mask::mask", &["mask", "fill"]),
    ("crate::mask::redact", &["mask", "fill"]),
    ("crate::mask::scalars", &["mask", "fill"]),
    ("crate::mask::scalar_bytes", &["mask", "fill"]),
];

/// Longer than a file should be, and why.
const LONG: [(&str, &str); 0] = [];

fn may_import(room: &str) -> BTreeSet<&'static str> {
    let mut may: BTreeSet<&str> = CORE.into();
    match room {
        core if CORE.contains(&core) => return CORE.into_iter().take_while(|lower| *lower != core).collect(),
        "cli" => {
            may.extend(["plugin", "cluster", "metrics", "traces", "controller", "serve", "fill", "content"]);
        }
        // `main` starts what was asked for and does nothing itself.
        "main" => return WIRING.into_iter().chain(["plugin"]).collect(),
        wiring if WIRING.contains(&wiring) => may.extend(["plugin", "cluster", "metrics", "serve"]),
        other => {
            let rooms = BYTES.iter().chain(&EDGES).filter(|(name, _)| *name == other);
            may.extend(rooms.flat_map(|(_, more)| *more));
        }
    }
    may
}

fn is_known(room: &str) -> bool {
    let named = BYTES.iter().chain(&EDGES).any(|(name, _)| *name == room);
    named || CORE.contains(&room) || WIRING.contains(&room)
}

/// Whether `path` is `what`, lies below it, or ends with it when it is a single word.
fn names(path: &str, what: &str) -> bool {
    let below = path.strip_prefix(what).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    below || (!what.contains("::") && path.split("::").any(|word| word == what))
}

/// What a file of the host breaks; `file` is its name below `host/src`.
fn violations(file: &str, source: &str) -> Vec<String> {
    let room = file.split(['/', '.']).next().unwrap_or_default();
    if room == "lib" {
        return vec![];
    }
    if !is_known(room) {
        return vec![format!("{file}: say in tests/tests/architecture.rs where the room {room:?} stands")];
    }
    let code = code(without_tests(source));
    let mut broken = vec![];
    for path in paths(&code) {
        broken.extend(path_violation(file, room, &path).map(|what| format!("{file}: {path}: {what}")));
    }
    if code.contains(".unwrap()") {
        broken.push(format!("{file}: unwrap(): handle it, or say with expect() why it cannot fail"));
    }
    let prints = ["println!", "print!", "dbg!"].iter().any(|word| code.contains(word));
    if prints && !WIRING.contains(&room) {
        broken.push(format!("{file}: only the command line prints; use tracing, or a finding"));
    }
    let core = CORE.contains(&room) || BYTES.iter().any(|(name, _)| *name == room);
    if core && (code.contains("async ") || code.contains(".await")) {
        broken.push(format!("{file}: core code does not wait"));
    }
    broken
}

fn path_violation(file: &str, room: &str, path: &str) -> Option<String> {
    let mut words = path.split("::");
    let root = words.next();
    let supers = path.split("::").take_while(|word| *word == "super").count();
    // From `room/file.rs` one step leads to the room, from `room.rs` and `room/mod.rs` out of it.
    let depth = file.matches('/').count() - usize::from(file.ends_with("/mod.rs"));
    if supers > depth {
        return Some("a path out of the room begins with crate::".to_owned());
    }
    if let (Some("crate" | "zuul_operator"), Some(other)) = (root, words.next()) {
        if other != room && is_known(other) && !may_import(room).contains(other) {
            return Some(format!("{room} may not know {other}"));
        }
        let bytes = SEES_BYTES.iter().find(|(what, rooms)| names(path, what) && !rooms.contains(&room));
        return bytes.map(|(what, rooms)| format!("{what} sees bytes: it is for {} only", rooms.join(", ")));
    }
    let core = CORE.contains(&room) || BYTES.iter().any(|(name, _)| *name == room);
    let forbidden = NOT_IN_CORE.iter().find(|(what, _)| core && names(path, what));
    let elsewhere = ONLY_IN.iter().find(|(what, rooms)| names(path, what) && !rooms.contains(&room));
    let elsewhere = elsewhere.map(|(what, rooms)| format!("{what} is used in {} only", rooms.join(", ")));
    forbidden.map(|(_, why)| format!("not in the core: {why}")).or(elsewhere)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(workspace().join(file)).expect("a file that was just found")
}

fn is_test(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.contains("/tests/")
}

#[test]
fn every_room_knows_only_what_it_may() {
    let all = files("host/src");
    assert!(all.len() > 10, "{all:?}");
    let files = all.iter().filter(|file| !is_test(file));
    let broken: Vec<_> = files.flat_map(|file| violations(&file["host/src/".len()..], &read(file))).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_file_is_longer_than_one_can_read() {
    let mut long = vec![];
    for file in ["host/src", "guests", "xtask/src"].into_iter().flat_map(files) {
        let lines = without_tests(&read(&file)).lines().count();
        if lines > 300 && !LONG.iter().any(|(known, _)| *known == file) && !file.contains("/target/") {
            long.push(format!("{file} has {lines} lines: what two things does it do?"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn plugins_and_tasks_do_not_unwrap() {
    let files = ["guests", "xtask/src"].into_iter().flat_map(files);
    let lazy: Vec<_> = files
        .filter(|file| !is_test(file) && code(without_tests(&read(file))).contains(".unwrap()"))
        .collect();
    assert!(lazy.is_empty(), "{lazy:?}: handle it, or say with expect() why it cannot fail");
}

#[test]
fn what_is_wrong_is_found() {
    for (file, source) in [
        ("names.rs", "use crate::secret::SecretRef;"),
        ("render/ini.rs", "use crate::{diagnostic::Finding, desired::object};"),
        ("render/ini.rs", "fn f() { crate::plan::plan(); }"),
        ("desired/web.rs", "use crate::fill;"),
        ("plan.rs", "use crate::status::Status;"),
        ("plan.rs", "use super::plugin;"),
        ("desired/mod.rs", "use super::plugin;"),
        ("desired/web.rs", "use super::super::plugin;"),
        ("plugin/call.rs", "use crate::cluster::apply;"),
        ("plugin/call.rs", "use crate::metrics::Metrics;"),
        ("metrics.rs", "use crate::cluster::Kind;"),
        ("traces/send.rs", "use crate::cluster::why;"),
        ("controller.rs", "use crate::traces::Traces;"),
        ("serve.rs", "use opentelemetry::KeyValue;"),
        ("serve/http.rs", "use crate::fill;"),
        ("cluster/apply.rs", "use crate::plugin::Catalog;"),
        ("controller/mod.rs", "use crate::mask::mask;"),
        ("render/nodepool.rs", "use crate::mask::mask;"),
        ("render/nodepool.rs", "fn f() { crate::mask::scalars(yaml); }"),
        ("fill.rs", "use crate::cluster::gather;"),
        ("fill/store.rs", "use crate::content::Known;"),
        ("content/text.rs", "use crate::cli::yaml;"),
        ("content.rs", "use std::fs;"),
        ("plan.rs", "use crate::content;"),
        ("controller/reconcile.rs", "use crate::content::check;"),
        ("cli/bundle.rs", "use saphyr_parser::Event;"),
        ("main.rs", "use zuul_operator::fill;"),
        ("plan.rs", "use std::{collections::{BTreeMap, HashMap}, fmt};"),
        ("plan.rs", "let now = std::time::Instant::now();"),
        ("plan.rs", "use std::time::{Duration, SystemTime};"),
        ("plan.rs", "use std::fs;"),
        ("inputs.rs", "let home = std :: env :: var(\"HOME\");"),
        ("status.rs", "use tokio::sync::Mutex;"),
        ("desired/web.rs", "async fn f() {}"),
        ("mask/mod.rs", "use std::env;"),
        ("cli/render.rs", "use wasmtime::Engine;"),
        ("cli/render.rs", "use kube::{Client, Api};"),
        ("plugin/engine.rs", "fn f(client: kube::Client) {}"),
        ("plugin/engine.rs", "let x = y.unwrap();"),
        ("cluster/apply.rs", "fn f() { println!(\"x\"); }"),
        ("utils.rs", ""),
    ] {
        assert!(!violations(file, source).is_empty(), "{file} with `{source}` was let through");
    }
}

#[test]
fn what_is_right_is_let_through() {
    for (file, source) in [
        ("render/ini.rs", "use crate::diagnostic::Finding; use super::contract;"),
        ("cluster/apply.rs", "use crate::{fill, plan::Plan}; use kube::{Api, Client};"),
        ("cluster/gather.rs", "use crate::content::{self, Known};"),
        ("content.rs", "use crate::{fill, plan::Plan}; use text::Known; use crate::yaml::Limits;"),
        ("plugin/engine.rs", "use wasmtime::Engine; let start = std::time::Instant::now();"),
        ("cli/render.rs", "use crate::{cluster, fill, mask, plugin}; println!(\"x\");"),
        (
            "plan.rs",
            "// std::fs\nlet x = \"std::fs \\\" HashMap\"; let c = '\"'; let l: &'a str; let r = r#\"tokio\"#;",
        ),
        ("plan.rs", "/// [`crate::fill`]\nfn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }"),
        ("api/mod.rs", "use kube::CustomResource;"),
        ("controller.rs", "fn f<T>() -> impl Send + use<T> { let a = 1; }"),
        ("serve.rs", "use crate::{cluster::lease::Leadership, metrics::Metrics, plugin::Catalog};"),
        ("cluster/requests.rs", "use crate::metrics::Metrics;"),
        ("cli/logging.rs", "use crate::traces::Traces;"),
        ("traces.rs", "use opentelemetry_sdk::Resource;"),
    ] {
        assert_eq!(violations(file, source), Vec::<String>::new(), "{source}");
    }
}
