//! Which plugin serves what, what is remembered, and what a guest's memory holds.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use zuul_operator::contract::{ConnectionRequest, FailureReason, Plugins};
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::hostile::{Rig, component, git_request, of_driver, refusal, render, request};
use zuul_operator_tests::memory::Watcher;

#[test]
fn a_second_call_makes_no_guest_call() {
    let rig = Rig::hostile("forged_line", 0);
    let catalog = rig.catalog();
    let first = render(&catalog).unwrap();
    let counts = catalog.counts();
    assert_eq!(render(&catalog).unwrap(), first);
    assert_eq!((catalog.counts().calls, catalog.counts().remembered), (counts.calls, counts.remembered + 1));
    let other = ConnectionRequest { name: "other".to_owned(), ..request() };
    catalog.connection(&other).unwrap();
    assert_eq!(catalog.counts().calls, counts.calls + 1);
    let hostile = catalog.driver("hostile").unwrap();
    let calls = catalog.counts().calls;
    assert_eq!(catalog.driver("hostile").unwrap(), hostile);
    assert_eq!(catalog.counts().calls, calls, "descriptions are remembered too");
}

#[test]
fn numbers_that_json_cannot_tell_apart_are_not_remembered() {
    use zuul_operator::contract::{Entry, Setting};
    let rig = Rig::hostile("harmless", 0);
    let catalog = rig.catalog();
    let number = Setting::Number(f64::INFINITY);
    let request =
        ConnectionRequest { options: vec![Entry { name: "n".to_owned(), setting: number }], ..request() };
    catalog.connection(&request).unwrap();
    catalog.connection(&request).unwrap();
    assert_eq!(catalog.counts().remembered, 0);
}

#[test]
fn a_plugin_of_the_folder_replaces_the_built_in_one() {
    let rig = override_of_git("harmless");
    let catalog = rig.catalog();
    assert_eq!(catalog.connection(&git_request()).unwrap().lines, []);
    let info = catalog.list().into_iter().find(|info| info.name == "mine").unwrap();
    assert!(info.source.ends_with("mine.wasm") && info.world == "connection-driver");
    assert!(!catalog.list().iter().any(|info| info.name == "git"));
    assert!(catalog.findings().iter().any(|finding| finding.code == "PluginReplaced"));
}

/// `mine.wasm`, which serves `git`.
fn override_of_git(name: &str) -> Rig {
    Rig::new().with("mine.wasm", &of_driver(name, "git"))
}

#[test]
fn a_broken_override_spoils_only_itself() {
    let rig = override_of_git("start_loop");
    let catalog = rig.catalog();
    assert_eq!(catalog.connection(&git_request()).unwrap().lines.len(), 1, "the built-in one serves on");
    assert!(refusal(&catalog).contains("mine.wasm"));
}

#[test]
fn of_two_in_the_folder_the_first_by_name_serves() {
    let rig = Rig::new()
        .with("b.wasm", &component("gives_up", 0))
        .with("a.wasm", &component("harmless", 0))
        .with("c.txt", b"no plugin");
    let catalog = rig.catalog();
    assert!(render(&catalog).is_ok());
    let conflict = catalog.findings().into_iter().find(|it| it.code == "PluginConflict").unwrap();
    assert!(conflict.message.contains("plugins a and b"), "{}", conflict.message);
}

#[test]
fn a_driver_without_plugin_is_served_by_the_one_for_all() {
    let rig = Rig::new().with("any.wasm", &of_driver("harmless", "*"));
    let catalog = rig.catalog();
    assert!(render(&catalog).is_ok());
    assert!(!catalog.drivers().contains(&"*".to_owned()));
    assert!(catalog.drivers().contains(&"git".to_owned()));
    let rig = Rig::new();
    let nothing = Catalog::open(Options { built_ins: false, ..rig.options() }).unwrap();
    assert_eq!(render(&nothing).map(drop), Err(FailureReason::Missing));
    assert_eq!(nothing.list(), []);
}

#[test]
fn a_folder_that_is_missing_is_told() {
    let rig = Rig::new();
    let plugins_dir = Some(rig.folder.path().join("missing"));
    let catalog = Catalog::open(Options { plugins_dir, ..rig.options() }).unwrap();
    assert!(catalog.findings().iter().any(|finding| finding.code == "PluginFolder"));
    assert!(catalog.connection(&git_request()).is_ok());
}

#[test]
fn a_watcher_sees_what_a_guest_saw() {
    let watcher = Watcher::default();
    let seen = watcher.seen();
    let rig = Rig::new();
    let options = Options { memory_creator: Some(Arc::new(watcher)), ..rig.options() };
    let catalog = Catalog::open(options).unwrap();
    let mut request = git_request();
    request.options.push(zuul_operator_tests::hostile::request().options.remove(0));
    catalog.connection(&request).unwrap();
    let seen = seen.lock().unwrap();
    let holds =
        |text: &str| seen.iter().any(|memory| memory.windows(text.len()).any(|it| it == text.as_bytes()));
    // The end of the base URL: an allocator writes its own words over the first bytes of what is freed.
    assert!(holds("example.com"), "the watcher works");
    assert!(!holds("mine"), "the name of a Secret is not for plugins");
}

/// Opening a FIFO for reading waits for a writer, for ever.
#[test]
fn a_fifo_among_plugins_is_refused() {
    let rig = Rig::new();
    let fifo = rig.folder.path().join("fifo.wasm");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    let findings = rig.catalog().findings();
    assert!(findings.iter().any(|finding| finding.message.contains("it is not a file")), "{findings:?}");
}
